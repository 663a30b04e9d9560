# shellcheck shell=bash
# Long-running programs we start, and no others: each is its own session, so that
# Ctrl-C reaches this script first and it stops them in order. What a killed run left
# behind is found by process id and start time, which together never lie.

CHILDREN=() # "name pid" in the order they were started

# When a process began, in the kernel's ticks; false where there is none, or only the
# shell of one that nobody has waited for (whose file may also read as empty).
began() {
	local stat fields
	{ IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	# The name in parentheses may hold blanks: count from behind it.
	read -ra fields <<<"${stat##*) }"
	[[ ${fields[0]:-Z} != Z ]] && echo "${fields[19]}"
}

# child_start NAME LOG COMMAND...
child_start() {
	local name=$1 log=$2 pid
	shift 2
	setsid -- "$@" >>"$log" 2>&1 </dev/null 9>&- &
	pid=$!
	CHILDREN+=("$name $pid")
	echo "$pid $(began "$pid")" >"$RUN_DIR/$name.pid"
}

child_pid() {
	local c
	for c in "${CHILDREN[@]}"; do
		[[ ${c% *} != "$1" ]] || echo "${c#* }"
	done
}

child_alive() {
	local pid
	pid=$(child_pid "$1")
	[[ $pid ]] && kill -0 "$pid" 2>/dev/null
}

# stop_process PID [SECONDS]: asks, waits, insists.
stop_process() {
	local pid=$1 tenths=$((${2:-10} * 10))
	kill -TERM "$pid" 2>/dev/null || return 0
	while began "$pid" >/dev/null && ((tenths-- > 0)); do
		sleep 0.1
	done
	kill -KILL "$pid" 2>/dev/null || true
}

children_stop() {
	local i c
	for ((i = ${#CHILDREN[@]} - 1; i >= 0; i--)); do
		c=${CHILDREN[i]}
		stop_process "${c#* }"
		wait "${c#* }" 2>/dev/null || true
		rm -f "$RUN_DIR/${c% *}.pid"
	done
	CHILDREN=()
}

# What an earlier run, itself killed, could not stop.
children_left_stop() {
	local file pid start
	for file in "$RUN_DIR"/*.pid; do
		[[ -f $file ]] || continue
		read -r pid start <"$file" || true
		if [[ $pid =~ ^[0-9]+$ && $start && $(began "$pid" || true) == "$start" ]]; then
			stop_process "$pid"
		fi
		rm -f "$file"
	done
}
