# shellcheck shell=bash
# CMake and npm, quietly: what they say goes to a log, and comes out when they fail.

# At most one compiler to 700 MB of memory, and no more than there are processors.
build_jobs() {
	local cpus memory
	cpus=$(nproc)
	memory=$(awk '/^MemAvailable:/ { print int($2 / 1024 / 700) }' /proc/meminfo)
	((memory >= 1)) || memory=1
	echo $((cpus < memory ? cpus : memory))
}

build_failed() {
	local log=$1
	[[ ! $SAY_TTY ]] || echo
	if looks_offline "$log"; then
		fail "no network: npm cannot fetch what the browser's side is built with" "connect this machine, and run it again"
	fi
	grep -nE '(error:|Error:|ERR!|undefined reference|No package)' "$log" | head -n 8 | sed 's/^/    /' >&2 || show_tail "$log"
	fail "the build failed" "the whole of it: $log"
}

# build DIR LOG [CMake options...]: says whether anything had to be done.
build() {
	local dir=$1 log=$2 line
	shift 2
	# A changed checkout path makes a build directory useless.
	if [[ -f $dir/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$ROOT" "$dir/CMakeCache.txt"; then
		rm -rf "$dir"
	fi
	if [[ ! -f $dir/Makefile && ! -f $dir/build.ninja ]] || (($# > 0)); then
		cmake -S "$ROOT" -B "$dir" -DCMAKE_BUILD_TYPE=Release "$@" >"$log" 2>&1 || build_failed "$log"
	else
		: >"$log"
	fi
	set -o pipefail
	cmake --build "$dir" -j "$(build_jobs)" 2>&1 | tee -a "$log" | while IFS= read -r line; do
		if [[ $line =~ ^\[\ *([0-9]+)%\]\ (Building|Linking|Browser|npm|SQL|Catalogs|Generating) ]]; then
			step_now "building, ${BASH_REMATCH[1]} %"
		fi
	done || build_failed "$log"
}

build_did_something() {
	grep -qE '^\[ *[0-9]+%\] (Building|Linking|Generating)' "$1"
}

# npm_ci DIR LOG: only where the lock file is newer than what is installed.
npm_ci() {
	local dir=$1 log=$2
	[[ ! -f $dir/node_modules/.package-lock.json || $dir/package-lock.json -nt $dir/node_modules/.package-lock.json ]] || return 0
	step_now "fetching npm packages"
	(cd "$dir" && npm ci --no-audit --no-fund --loglevel=error) >"$log" 2>&1 && touch "$dir/node_modules/.package-lock.json" && return 0
	if looks_offline "$log"; then
		fail "no network: npm cannot fetch the packages of ${dir#"$ROOT"/}" "connect this machine, and run it again"
	fi
	[[ ! $SAY_TTY ]] || echo
	show_tail "$log"
	fail "npm ci failed in ${dir#"$ROOT"/}" "the whole of it: $log"
}
