# shellcheck shell=bash
# What a run tells the person who started it: short lines, each with its time, and on
# failure one line with what is wrong and one with the mend.

SAY_START=${EPOCHREALTIME/[,.]/}
SAY_STEP_START=$SAY_START
SAY_OPEN=
SAY_TTY=
[[ -t 1 && ${TERM:-dumb} != dumb ]] && SAY_TTY=1

# Seconds with a decimal since the given EPOCHREALTIME in microseconds.
say_since() {
	local us=$((${EPOCHREALTIME/[,.]/} - $1))
	printf '%d.%d s' $((us / 1000000)) $((us / 100000 % 10))
}

# step NAME WHAT: what is being done now; done_step says how it ended.
step() {
	SAY_STEP_START=${EPOCHREALTIME/[,.]/}
	SAY_OPEN=$1
	if [[ $SAY_TTY ]]; then
		printf '  %-10s %s … ' "$1" "$2"
	else
		SAY_WHAT=$2
	fi
}

# Replaces what the step says on a terminal: progress within it.
step_now() {
	[[ ! $SAY_TTY || ! $SAY_OPEN ]] || printf '\r\033[K  %-10s %s … ' "$SAY_OPEN" "$1"
}

done_step() {
	if [[ $SAY_TTY ]]; then
		printf '\r\033[K  %-10s %-46s %8s\n' "$SAY_OPEN" "$1" "$(say_since "$SAY_STEP_START")"
	else
		printf '  %-10s %s: %s (%s)\n' "$SAY_OPEN" "$SAY_WHAT" "$1" "$(say_since "$SAY_STEP_START")"
	fi
	SAY_OPEN=
}

note() {
	if [[ $SAY_OPEN && $SAY_TTY ]]; then
		printf '\r\033[K'
	fi
	printf '  %-10s %s\n' "${SAY_OPEN:-}" "$1"
}

# fail WHAT MEND: ends the run. A full disk explains most other failures, so it is
# looked for first.
fail() {
	local what=$1 mend=${2:-} full
	[[ ! $SAY_OPEN || ! $SAY_TTY ]] || printf '\r\033[K'
	if full=$(disk_full); then
		what="the disk is full: less than 20 MB free on $full"
		mend="free some space there and run it again"
	fi
	printf '%s: %s\n' "${SAY_NAME:-deploy/run}" "$what" >&2
	[[ ! $mend ]] || printf '  %s\n' "$mend" >&2
	exit 1
}

# The last lines of a log, indented, to stderr.
show_tail() {
	[[ ! -s $1 ]] || tail -n "${2:-8}" "$1" | sed 's/^/    /' >&2
}

# Kilobytes free where the path is (or will be).
disk_free_kb() {
	local at=$1
	while [[ ! -e $at ]]; do
		at=$(dirname "$at")
	done
	df -Pk "$at" | awk 'NR == 2 { print $4 }'
}

# Prints the first of our places that has no room left; false where all have.
disk_full() {
	local at
	for at in "${ROOT:-.}" "${RUN_DIR:-.}" /tmp /var; do
		if (($(disk_free_kb "$at") < 20480)); then
			echo "$at"
			return 0
		fi
	done
	return 1
}

# Whether a log speaks of a network that is not there.
looks_offline() {
	grep -qiE 'could not resolve|temporary failure resolving|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|network is unreachable|connection timed out' "$1" 2>/dev/null
}
