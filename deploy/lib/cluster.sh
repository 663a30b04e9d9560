# shellcheck shell=bash
# A private PostgreSQL cluster in a directory: own data, own socket, no TCP. As root it
# belongs to an unprivileged user, since PostgreSQL refuses to run as root. A system
# cluster is never looked at.
#
#	cluster_at DIR [PORT]     names the cluster the others speak of
#	cluster_start [OPTION...] makes it where there is none; options are settings (fsync=off)
#	cluster_stop fast, cluster_sql DB [psql options], cluster_conninfo USER DB, cluster_remove

# The user the server runs as: who owns the data, else `postgres` for root, else me.
cluster_owner() {
	if [[ -d $PG_DATA ]]; then
		stat -c %U "$PG_DATA"
	elif ((EUID == 0)); then
		if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
	else
		id -un
	fi
}

# Runs a command as the server's user, from a place that user may be in. Descriptor 9 is
# the lock of deploy/run, which a server must not inherit.
as_cluster() {
	if [[ $PG_USER == "$(id -un)" ]]; then
		(cd / && exec "$@" 9>&-)
	else
		(cd / && exec setpriv --reuid="$PG_USER" --regid="$(id -g "$PG_USER")" --init-groups \
			env HOME=/ LC_ALL=C.UTF-8 PATH="$PATH" "$@" 9>&-)
	fi
}

# The directory the cluster may live in: the wanted one, or, where the server's user
# cannot get there (a checkout under /root, say), one under /var/tmp named after it.
cluster_home() {
	local wanted=$1 parent sum other
	parent=$(dirname "$wanted")
	if [[ $PG_USER == "$(id -un)" ]] || as_cluster test -x "$parent" 2>/dev/null; then
		echo "$wanted"
		return
	fi
	sum=$(cksum <<<"$wanted")
	other=/var/tmp/ilpd-${sum%% *}
	if [[ -L $other || (-e $other && ! -O $other) ]]; then
		fail "$other is in the way: it belongs to somebody else" "remove it, or move the checkout to where $PG_USER may read"
	fi
	mkdir -p "$other"
	chmod 0755 "$other"
	echo "$other/$(basename "$wanted")"
}

cluster_at() {
	local wanted=$1 sum
	PG_PORT=${2:-54180}
	PG_DATA=$wanted/data
	PG_USER=$(cluster_owner)
	PG_HOME=$(cluster_home "$wanted") || exit 1
	PG_DATA=$PG_HOME/data
	PG_LOG=$PG_HOME/log
	PG_USER=$(cluster_owner)
	PG_SOCKET=$PG_HOME/socket
	# A socket's path has at most 107 bytes, and a conninfo is easier without blanks.
	if ((${#PG_SOCKET} > 80)) || [[ $PG_SOCKET =~ [^A-Za-z0-9/._-] ]]; then
		sum=$(cksum <<<"$PG_HOME")
		PG_SOCKET=/tmp/ilpd-${sum%% *}
	fi
	if ((EUID != 0)) && [[ $PG_USER != "$(id -un)" ]]; then
		fail "the database in $wanted belongs to $PG_USER: it was made when this ran as somebody else" \
			"run it with sudo, or begin afresh: sudo deploy/run --reset"
	fi
	if [[ -s $PG_DATA/PG_VERSION || (-e $PG_DATA && ! -r $PG_DATA) ]]; then
		local version
		version=$(cat "$PG_DATA/PG_VERSION")
		PG_BIN=$(pg_bin "$version") ||
			fail "the database was made by PostgreSQL $version, which is not installed any more" \
				"apt-get install postgresql-$version, or begin afresh: deploy/run --reset"
	else
		PG_BIN=$(pg_bin '') || fail "there is no PostgreSQL 15 or newer under /usr/lib/postgresql" "apt-get install postgresql"
	fi
}

cluster_dir() {
	mkdir -p "$1"
	[[ $PG_USER == "$(id -un)" ]] || chown "$PG_USER" "$1"
	chmod "$2" "$1"
}

cluster_init() {
	local log=$PG_HOME/initdb.log
	mkdir -p "$PG_HOME"
	if [[ -e $PG_DATA && ! -s $PG_DATA/PG_VERSION ]]; then
		rm -rf "$PG_DATA"
	fi
	cluster_dir "$PG_DATA" 0700
	if ! as_cluster "$PG_BIN/initdb" -D "$PG_DATA" -U postgres --locale=C.UTF-8 --encoding=UTF8 --auth=trust --no-sync \
		>"$log" 2>&1; then
		show_tail "$log"
		rm -rf "$PG_DATA"
		fail "the database could not be made in $PG_DATA" "initdb says why above"
	fi
}

# Who may open the socket may do anything in this cluster; the socket's directory is
# for the server's user and root alone.
cluster_start() {
	local option settings
	[[ -s $PG_DATA/PG_VERSION ]] || cluster_init
	[[ ! -L $PG_SOCKET ]] || fail "$PG_SOCKET is a symbolic link, which it should not be" "remove it"
	cluster_dir "$PG_SOCKET" 0700
	: >>"$PG_LOG"
	[[ $PG_USER == "$(id -un)" ]] || chown "$PG_USER" "$PG_LOG"
	if as_cluster "$PG_BIN/pg_ctl" -D "$PG_DATA" status >/dev/null 2>&1; then
		cluster_ready && return 0
		cluster_stop fast
	fi
	settings="-c listen_addresses= -c unix_socket_directories=$PG_SOCKET -c port=$PG_PORT -c max_connections=120"
	settings+=" -c shared_buffers=64MB -c log_line_prefix=%m[%p] -c timezone=UTC"
	for option in "$@"; do
		settings+=" -c $option"
	done
	if ! as_cluster "$PG_BIN/pg_ctl" -D "$PG_DATA" -l "$PG_LOG" -w -t 30 -s -o "$settings" start >/dev/null 2>"${PG_LOG}.start"; then
		show_tail "$PG_LOG"
		fail "the database did not start" "its log: $PG_LOG"
	fi
}

cluster_ready() {
	"$PG_BIN/pg_isready" -q -h "$PG_SOCKET" -p "$PG_PORT" -t 2
}

# cluster_stop MODE: fast, or immediate, which is how a power cut looks.
cluster_stop() {
	[[ ${PG_DATA:-} && -s $PG_DATA/postmaster.pid ]] || return 0
	as_cluster "$PG_BIN/pg_ctl" -D "$PG_DATA" -m "$1" -w -t 30 -s stop >/dev/null 2>&1 || true
}

cluster_sql() {
	local db=$1
	shift
	"$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$PG_SOCKET" -p "$PG_PORT" -U postgres -d "$db" "$@"
}

cluster_conninfo() {
	echo "host=$PG_SOCKET port=$PG_PORT user=$1 dbname=$2"
}

# The two roles (one owns the schema, one serves and sees nothing past row-level
# security) and a database that belongs to the first. Repeating it changes nothing.
cluster_database() {
	local db=$1 have
	have=$(cluster_sql postgres -At -c "SELECT 1 FROM pg_database WHERE datname = '$db'")
	[[ ! $have ]] || return 0
	cluster_sql postgres <<-SQL
		SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', r)
		  FROM unnest(ARRAY['ilpd_owner', 'ilpd_app']) AS r
		 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) \gexec
		CREATE DATABASE "$db" OWNER ilpd_owner;
		REVOKE ALL ON DATABASE "$db" FROM PUBLIC;
		GRANT CONNECT ON DATABASE "$db" TO ilpd_app;
	SQL
}

# Stops it and removes all of it, wherever it lives.
cluster_remove() {
	cluster_stop fast
	rm -rf "$PG_HOME" "$PG_SOCKET"
	if [[ $PG_HOME == /var/tmp/ilpd-* ]]; then
		rmdir "${PG_HOME%/*}" 2>/dev/null || true
	fi
}
