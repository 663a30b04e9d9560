# shellcheck shell=bash
# The demo school: where its parts listen, the tool's configuration, its platforms.
# Also what the tests start from.

demo_ports() {
	TOOL_PORT=${ILPD_DEMO_TOOL_PORT:-8180}
	LMS_PORT=${ILPD_DEMO_LMS_PORT:-8181}
	MAIL_PORT=${ILPD_DEMO_MAIL_PORT:-8182}
	SMTP_PORT=${ILPD_DEMO_SMTP_PORT:-8125}
	# Two sites to a browser, so that the tool's cookies are third-party ones.
	TOOL_URL=http://127.0.0.1:$TOOL_PORT
	LMS_URL=http://localhost:$LMS_PORT
	export MAIL_URL=http://localhost:$MAIL_PORT
	export ILPD_DEMO_TOOL_PORT=$TOOL_PORT ILPD_DEMO_LMS_PORT=$LMS_PORT ILPD_DEMO_MAIL_PORT=$MAIL_PORT ILPD_DEMO_SMTP_PORT=$SMTP_PORT
}

# A setting somebody exported for a real installation must not reach the demo: the
# environment wins over the file, and then `tenant add` would go to their database.
demo_clean_environment() {
	local name
	for name in "${!ILPD_@}"; do
		[[ $name == ILPD_DEMO_* ]] || unset "$name"
	done
}

# The key-encryption key, made once: what is sealed in the database needs it.
demo_key() {
	local file=$1
	if [[ ! -s $file ]]; then
		(umask 077 && head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_' | tr -d '=' >"$file.new" && mv "$file.new" "$file")
	fi
	cat "$file"
}

# demo_config FILE KEY DATABASE MAIL_WINDOW [LINE...]
demo_config() {
	local file=$1 key=$2 db=$3 window=$4
	shift 4
	(
		umask 077
		{
			echo "; Written by ${SAY_NAME:-deploy/run} at every start."
			echo "listen = 127.0.0.1:$TOOL_PORT"
			echo "base_url = $TOOL_URL"
			echo "database = $(cluster_conninfo ilpd_app "$db")"
			echo "database_owner = $(cluster_conninfo ilpd_owner "$db")"
			echo "key = $key"
			echo "http_allow = localhost:$LMS_PORT"
			echo "mail_relay = 127.0.0.1:$SMTP_PORT"
			echo "mail_tls = none"
			echo "mail_from = Learning plans <learning-plans@solbakken.example>"
			echo "mail_window = $window"
			printf '%s\n' "$@"
		} >"$file.new"
		mv "$file.new" "$file"
	)
}

DEMO_TENANT=018f0000-0000-7000-8000-000000000001
DEMO_CANVAS=018f0000-0000-7000-8000-0000000000c1
DEMO_MOODLE=018f0000-0000-7000-8000-0000000000a1

# demo_school ILPD CONFIG: the school and its two platforms. Repeating it changes nothing.
demo_school() {
	local ilpd=$1 config=$2
	"$ilpd" --config "$config" tenant add --id "$DEMO_TENANT" --name "Solbakken skole" --time-zone Europe/Oslo --locale nb \
		--help-text "the school office, phone 55 50 01 20" &&
		"$ilpd" --config "$config" platform add --id "$DEMO_CANVAS" --tenant "$DEMO_TENANT" --name "Fjordby Canvas" --profile canvas \
			--issuer "$LMS_URL/canvas" --client-id 10000000000123 --auth-url "$LMS_URL/canvas/authorize" \
			--token-url "$LMS_URL/canvas/token" --jwks-url "$LMS_URL/canvas/jwks" --observees observees &&
		"$ilpd" --config "$config" platform add --id "$DEMO_MOODLE" --tenant "$DEMO_TENANT" --name "Fjordby Moodle" --profile moodle \
			--issuer "$LMS_URL/moodle" --client-id mQ8fT1xYz3kLw9B --auth-url "$LMS_URL/moodle/auth.php" \
			--token-url "$LMS_URL/moodle/token.php" --jwks-url "$LMS_URL/moodle/certs.php"
}

# demo_templates ILPD CONFIG: what the school's plans are made from.
demo_templates() {
	"$1" --config "$2" template publish learning --tenant "$DEMO_TENANT"
}
