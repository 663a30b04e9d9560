# shellcheck shell=bash
# Ports and the little HTTP a shell needs.

# True where nobody listens on that loopback port.
port_free() {
	! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && ! (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

# " (name, process 123)" of who has a port, where the system tells.
port_holder() {
	local line
	command -v ss >/dev/null || return 0
	line=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/ (\1, process \2)/p' | head -n 1)
	echo "$line"
}

# port_check PORT VARIABLE WHAT
port_check() {
	local port=$1 variable=$2 what=$3
	if [[ ! $port =~ ^[0-9]{1,5}$ ]] || ((10#$port < 1024 || 10#$port > 65535)); then
		fail "$variable=\"$port\" is not a port: a number from 1024 to 65535"
	fi
	port_free "$port" ||
		fail "port $port, where $what should listen, is taken by another program$(port_holder "$port")" \
			"stop that program, or choose another port: $variable=$((port < 65000 ? port + 1000 : port - 1000)) ${SAY_NAME:-deploy/run}"
}

# The HTTP status of a GET, or nothing.
http_status() {
	local host=$1 port=$2 path=$3 line=''
	(
		exec 3<>"/dev/tcp/$host/$port" || exit 1
		printf 'GET %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: deploy-run\r\nConnection: close\r\n\r\n' "$path" "$host" "$port" >&3
		IFS=' ' read -r -t 5 _ line _ <&3
		echo "$line"
	) 2>/dev/null || true
}

# http_wait HOST PORT PATH SECONDS CHILD: until it answers 200; false when time is up or
# the child is gone.
http_wait() {
	local tenths=$(($4 * 20))
	while [[ $(http_status "$1" "$2" "$3") != 200 ]]; do
		child_alive "$5" || return 1
		((tenths-- > 0)) || return 1
		sleep 0.05
	done
}
