# shellcheck shell=bash
# Which packages of deploy/packages are missing, and apt to install them.

PG_MIN=15
NODE_MIN=18

# Directory with initdb and postgres of the newest PostgreSQL that will do; false if none.
# With an argument that is not empty: of exactly that major version.
pg_bin() {
	local dir best='' version
	for dir in /usr/lib/postgresql/*/bin; do
		version=${dir#/usr/lib/postgresql/}
		version=${version%/bin}
		[[ -x $dir/initdb && -x $dir/postgres && $version =~ ^[0-9]+$ ]] || continue
		if [[ $1 ]]; then
			[[ $version == "$1" ]] || continue
		elif ((version < PG_MIN)) || { [[ $best ]] && ((version < ${best#* })); }; then
			continue
		fi
		best="$dir $version"
	done
	[[ $best ]] && echo "${best% *}"
}

node_version() {
	node --version 2>/dev/null | sed -n 's/^v\([0-9][0-9]*\)\..*/\1/p'
}

# What is there by another way than its package: a newer Node from elsewhere brings
# npm along and would fight with Debian's.
here_otherwise() {
	local v
	case $1 in
	nodejs) v=$(node_version) && [[ $v ]] && ((v >= NODE_MIN)) ;;
	npm) command -v npm >/dev/null ;;
	postgresql) pg_bin '' >/dev/null ;;
	gcc) command -v cc >/dev/null && command -v gcc >/dev/null ;;
	chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
	pkg-config) command -v pkg-config >/dev/null ;;
	*) false ;;
	esac
}

# packages_missing FILE PURPOSE...: their names, one a line, after one look at dpkg.
packages_missing() {
	local file=$1 name purpose installed wanted=()
	shift
	while read -r name purpose _; do
		[[ $name && $name != '#'* && " $* " == *" $purpose "* ]] && wanted+=("$name")
	done <"$file"
	# shellcheck disable=SC2016 # dpkg-query's own ${...}
	installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^ii  *//p') || true
	for name in "${wanted[@]}"; do
		grep -qxF "$name" <<<"$installed" || here_otherwise "$name" || echo "$name"
	done
}

# As root: by itself, else with sudo. Fails with the mend where neither goes.
as_root() {
	if ((EUID == 0)); then
		"$@"
	else
		sudo -- "$@"
	fi
}

require_root_ways() {
	local mend="as root: apt-get update && apt-get install --no-install-recommends $1"
	((EUID != 0)) || return 0
	command -v sudo >/dev/null || fail "installing them needs root, you are $(id -un), and there is no sudo" "$mend"
	sudo -n true 2>/dev/null && return 0
	[[ -t 0 ]] || fail "installing them needs sudo, which wants a password that nobody can type here" "run it in a terminal, or $mend"
	note "sudo asks for your password to install them"
	sudo -v || fail "sudo did not let you in" "$mend"
}

apt_quiet() {
	as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -o DPkg::Lock::Timeout=120 "$@"
}

# Debian's PostgreSQL makes and starts a cluster of its own when installed. Nobody asked
# for that one: for the time of the installation it is told not to.
POSTGRES_HOLD=/etc/postgresql-common/createcluster.d/ilpd-demo.conf
hold_system_cluster() {
	as_root mkdir -p "${POSTGRES_HOLD%/*}"
	echo "create_main_cluster = false" | as_root tee "$POSTGRES_HOLD" >/dev/null
}
release_system_cluster() {
	[[ ! -e $POSTGRES_HOLD ]] || as_root rm -f "$POSTGRES_HOLD"
}

# packages_install LOG NAME...
packages_install() {
	local log=$1 ok='' updated=''
	shift
	command -v apt-get >/dev/null ||
		fail "these are missing, and this is neither Debian nor Ubuntu: $*" \
			"install them by your system's own means (deploy/packages says why each), then run it again"
	require_root_ways "$*"
	: >"$log"
	if ! LC_ALL=C apt-cache --no-all-versions show "$@" >/dev/null 2>&1; then
		step_now "fetching the list of packages"
		apt_quiet update >>"$log" 2>&1 || true
		updated=1
	fi
	[[ " $* " != *" postgresql "* ]] || hold_system_cluster
	step_now "installing ${*}"
	if apt_quiet install -y --no-install-recommends "$@" >>"$log" 2>&1; then
		ok=1
	elif [[ ! $updated ]]; then
		# The list may be older than what the mirror still has.
		apt_quiet update >>"$log" 2>&1 && apt_quiet install -y --no-install-recommends "$@" >>"$log" 2>&1 && ok=1
	fi
	release_system_cluster
	[[ $ok ]] && return 0
	if looks_offline "$log"; then
		fail "no network: these packages cannot be fetched: $*" "connect this machine, and run it again"
	fi
	[[ ! $SAY_TTY ]] || echo
	show_tail "$log"
	fail "apt-get could not install: $*" "the whole of what it said: $log"
}
