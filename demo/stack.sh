#!/bin/bash
#
# stack.sh start DIR PORT	start a whole Fumibako in DIR, https on PORT
# stack.sh stop DIR		stop it
# stack.sh run DIR PORT		start it, say how to get in, stop on Ctrl-C
#
# nginx, two pools of workers, Dovecot (POP3s, LMTP) and Postfix, all on
# 127.0.0.1, on ports of their own (PORT 0: choose one), with the reference
# configuration of etc/.  What leaves for outside domains is caught in
# DIR/outbound.  DIR/env says where everything is.  Several run side by side.
# A DIR that was used before keeps its database; the passwords are new.
#
# From the environment:
#   BUILD			directory of the programs (build)
#   HASH_COST			Hash.Cost (0)
#   DEMO_WORKERS, DEMO_LOGIN_WORKERS	workers in the two pools (6, 2)
#   DEMO_CONF_EXTRA		more lines for fumibako.conf
#   DEMO_EMPTY			1: no demo domains, no accounts
#   DEMO_SRS			1: with postsrsd
#
# What is started gets a session (setsid) of its own, DIR/run/daemons/NAME
# says which, and only what is in these sessions is ever stopped.

set -u
umask 022
export LC_ALL=C

SELF=$(readlink -f "$0")
ROOT=$(dirname "$(dirname "$SELF")")
CONFIGURE=$ROOT/etc/fumibako-configure
BUILD=$(readlink -m "${BUILD:-$ROOT/build}")
LOCK=/run/fumibako-demo.lock
# The last is not always there.
# What the daemons start.
COPIED="fumibako.fcgi fumibako-oldest fumibako-lists fumibako-list-mail catch"
DAEMONS="nginx pages login lists dovecot postfix postsrsd"
# A name of a socket has 107 bytes; the longest below DIR takes 35 of them.
DIR_MAX=70

say() { printf '%s\n' "$*"; }
err() { printf 'stack.sh: %s\n' "$*" >&2; }

usage() {
	sed -n '3,5s/^# //p' "$SELF" >&2
	exit 2
}

# Everything belongs to several users, so only root can start it.
become_root() {
	[ "$(id -u)" -eq 0 ] && return
	command -v sudo >/dev/null || {
		err "must be run by root"
		exit 1
	}
	exec sudo -- env BUILD="$BUILD" HASH_COST="${HASH_COST:-}" \
	    DEMO_WORKERS="${DEMO_WORKERS:-}" \
	    DEMO_LOGIN_WORKERS="${DEMO_LOGIN_WORKERS:-}" \
	    DEMO_CONF_EXTRA="${DEMO_CONF_EXTRA:-}" \
	    DEMO_EMPTY="${DEMO_EMPTY:-}" DEMO_SRS="${DEMO_SRS:-}" "$SELF" "$@"
}

# ---- the directory ---------------------------------------------------------

set_dir() { # DIR -> D
	D=$(readlink -m "$1")
}

check_dir() {
	if ! [[ $D =~ ^/[A-Za-z0-9/._+-]+$ ]]; then
		err "$D: only letters, digits and / . _ + - may be in the name"
		return 1
	fi
	if [ ${#D} -gt $DIR_MAX ]; then
		err "$D: longer than $DIR_MAX bytes, too long for sockets in it"
		return 1
	fi
	if [ -e "$D" ] && [ ! -e "$D/run/daemons" ] &&
	    [ -n "$(ls -A "$D" 2>/dev/null)" ]; then
		err "$D: has something else in it"
		return 1
	fi
}

# The daemons' users must be able to pass through every directory above.
check_way() {
	local d=$D

	as nobody nogroup test -x "$D" && return
	until as nobody nogroup test -x "$(dirname "$d")"; do
		d=$(dirname "$d")
	done
	err "$D: the mail users cannot pass through $d (chmod o+x, or take" \
	    "another directory)"
	return 1
}

as() { # USER GROUP COMMAND...
	setpriv --reuid "$1" --regid "$2" --clear-groups -- "${@:3}"
}

dir() { # PATH OWNER:GROUP MODE
	mkdir -p "$D/$1" && chown "$2" "$D/$1" && chmod "$3" "$D/$1"
}

make_dirs() {
	mkdir -p "$D" && chmod 755 "$D" && check_way && write_values || return
	"$CONFIGURE" directories "$D/conf/values" &&
	    dir tls root:root 755 &&
	    dir run/daemons root:root 755 &&
	    dir log root:root 755 &&
	    dir nginx root:root 755 &&
	    dir dovecot root:root 755 &&
	    dir dovecot/run root:root 755 &&
	    dir dovecot/state root:root 755 &&
	    dir postfix root:root 755 &&
	    dir postfix/etc root:root 755 &&
	    dir postfix/spool root:root 755 &&
	    dir postfix/data postfix:root 700 &&
	    dir outbound nobody:nogroup 755
}

# What the daemons' users run and read is copied: the tree may be in a
# place where they may not go (/root), and may be built anew meanwhile.
copy_programs() {
	rm -rf "$D/app" && dir app root:root 755 &&
	    # shellcheck disable=SC2086 # a list of words
	    (cd "$BUILD" && install -m 755 $COPIED "$D/app/") &&
	    cp -R "$ROOT/templates" "$ROOT/static" "$D/app/" &&
	    chmod -R u=rwX,go=rX "$D/app"
}

make_tls() {
	local t=$D/tls

	openssl x509 -in "$t/cert.pem" -noout -checkend 604800 \
	    >/dev/null 2>&1 && return
	(
		cd "$t" && umask 077 || exit
		printf '%s\n' 'basicConstraints = critical, CA:FALSE' \
		    'keyUsage = critical, digitalSignature' \
		    'extendedKeyUsage = serverAuth' \
		    'subjectAltName = DNS:localhost, IP:127.0.0.1' \
		    'subjectKeyIdentifier = hash' \
		    'authorityKeyIdentifier = keyid' >ext
		openssl req -x509 -newkey ec -nodes -days 30 \
		    -pkeyopt ec_paramgen_curve:prime256v1 \
		    -subj "/CN=Fumibako demo CA $$" -keyout ca-key.pem \
		    -addext 'keyUsage = critical, keyCertSign' \
		    -out ca.pem &&
		    openssl req -new -newkey ec -nodes \
			-pkeyopt ec_paramgen_curve:prime256v1 \
			-subj /CN=localhost -keyout key.pem -out csr &&
		    openssl x509 -req -in csr -CA ca.pem -CAkey ca-key.pem \
			-set_serial "0x$(openssl rand -hex 8)" -days 30 \
			-extfile ext -out cert.pem || exit
		# Nobody can have this CA vouch for anything else.
		rm -f ca-key.pem csr ext
		chmod 644 ca.pem cert.pem
	) >"$D/log/openssl.out" 2>&1
}

# ---- configuration ---------------------------------------------------------

port_is_free() { # PORT
	[ -z "$(ss -Hltn "sport = :$1")" ]
}

# Below the range from which the kernel gives ports to clients, so that none
# is taken between the choice and the bind; LOCK keeps other instances away.
choose_port() { # -> CHOSEN
	local i

	for ((i = 0; i < 200; i++)); do
		CHOSEN=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		[[ " ${TAKEN:-} " == *" $CHOSEN "* ]] && continue
		port_is_free "$CHOSEN" || continue
		TAKEN="${TAKEN:-} $CHOSEN"
		return
	done
	err "no free port"
	return 1
}

choose_ports() { # PORT -> PORT, ..._PORT
	PORT=$1
	TAKEN=$PORT
	if [ "$PORT" -eq 0 ]; then
		choose_port || return
		PORT=$CHOSEN
	elif ! port_is_free "$PORT"; then
		err "port $PORT is in use"
		return 1
	fi
	choose_port || return
	POP3S_PORT=$CHOSEN
	choose_port || return
	SMTP_PORT=$CHOSEN
	choose_port || return
	LISTS_PORT=$CHOSEN
	SRS_FORWARD_PORT='' SRS_REVERSE_PORT=''
	[ "${DEMO_SRS:-}" = 1 ] || return 0
	choose_port || return
	SRS_FORWARD_PORT=$CHOSEN
	choose_port || return
	SRS_REVERSE_PORT=$CHOSEN
}

# What a host's administrator writes into /etc/fumibako/values.
write_values() {
	dir conf root:root 755 && cat >"$D/conf/values" <<-END
		HOST=localhost
		MAIL_HOST=mx.site.example
		CONTACT=postmaster@site.example
		CAMPUS=127.0.0.0/29
		TLS_CERT=$D/tls/cert.pem
		TLS_KEY=$D/tls/key.pem
		POP_SUFFIX=.mail.example
		SUBMISSION_HOST=mx-delivery.example
		ORIGIN=https://localhost:$PORT
		HASH_COST=${HASH_COST:-0}
		LISTEN=127.0.0.1:$PORT
		LISTEN6=
		POP3S_LISTEN=127.0.0.1
		POP3S_PORT=$POP3S_PORT
		SMTP_LISTEN=127.0.0.1:$SMTP_PORT
		INET_INTERFACES=127.0.0.1
		INET_PROTOCOLS=ipv4
		DEFAULT_TRANSPORT=catch:outside
		LISTS_PORT=$LISTS_PORT
		SRS_FORWARD_PORT=$SRS_FORWARD_PORT
		SRS_REVERSE_PORT=$SRS_REVERSE_PORT
		DATA=$D
		RUN=$D/run
		BACKUPS=$D/backups
		ACCESS_LOG=$D/log/nginx-access.log
		POSTFIX_LOG=$D/log/postfix.log
		DOVECOT_LOG=$D/log/dovecot.log
		LIBEXEC=$D/app
		TEMPLATES=$D/app/templates
		STATIC=$D/app/static
		CONF=$D/conf/fumibako.conf
		LOCAL=$D/conf/local
		KEEP=$D/conf/before
		NGINX=$D/nginx
		DOVECOT=$D/dovecot
		DOVECOT_RUN=$D/dovecot/run
		DOVECOT_STATE=$D/dovecot/state
		POSTFIX=$D/postfix/etc
		POSTFIX_SPOOL=$D/postfix/spool
		POSTFIX_DATA=$D/postfix/data
		POSTSRSD=$D/conf/postsrsd
		FAIL2BAN=$D/fail2ban
	END
}

# The demo's own: an nginx for this instance, the catcher of outgoing mail.
write_configuration() {
	local l=$D/conf/local

	dir conf/local/postfix root:root 755 &&
	    sed "s|@DIR@|$D|g" "$ROOT/demo/nginx.conf.in" \
		>"$D/nginx/nginx.conf" &&
	    sed "s|@DIR@|$D|g" "$ROOT/demo/catch.master.cf.in" \
		>"$l/postfix/master.cf" &&
	    printf '%s\n' "Doctor.CA = $D/tls/ca.pem" "Doctor.Backup =" \
		"${DEMO_CONF_EXTRA:-}" >"$l/fumibako.conf" &&
	    "$CONFIGURE" files "$D/conf/values" >"$D/log/configure.out"
}

# The passwords are in here: only who starts the demo may read it.
write_env() {
	local n

	umask 077
	cat >"$D/env.new" <<-END || return
		DEMO_DIR='$D'
		FUMIBAKO='$BUILD/fumibako'
		FUMIBAKO_URL='https://localhost:$PORT'
		FUMIBAKO_CA='$D/tls/ca.pem'
		FUMIBAKO_CONF='$D/conf/fumibako.conf'
		FUMIBAKO_DB='$D/db/users.db'
		POP3S_PORT='$POP3S_PORT'
		SMTP_PORT='$SMTP_PORT'
		OUTBOUND_DIR='$D/outbound'
		WORKER_PIDFILES='$D/run/workers/*.pid'
	END
	for n in "${!PASSWORDS[@]}"; do
		say "DEMO_PASSWORD_$n='${PASSWORDS[$n]}'"
	done >>"$D/env.new"
	chown "${SUDO_UID:-0}" "$D/env.new" && mv "$D/env.new" "$D/env"
}

# ---- demo data -------------------------------------------------------------

declare -A PASSWORDS=()

tool() { "$BUILD/fumibako" -c "$D/conf/fumibako.conf" "$@"; }

# 16 characters, all four classes.  No quote, backslash, $ or `: it stands in
# a shell file.
new_password() {
	local p

	while :; do
		p=$(head -c 512 /dev/urandom |
		    tr -dc 'A-Za-z0-9!#%+,./:;=?@^_~-')
		p=${p:0:16}
		[[ ${#p} -eq 16 && $p == *[A-Z]* && $p == *[a-z]* &&
		    $p == *[0-9]* && $p == *[!A-Za-z0-9]* ]] || continue
		printf '%s' "$p"
		return
	done
}

# Refused where it is there already; any other failure shows in the next
# step.
# A new domain has its postmaster, whose name is all that is missing.
have_domain() { # DOMAIN POP-HOST POSTMASTER'S-NAME
	! tool domain add "$1" --pop-host "$2" 2>/dev/null ||
	    tool account set "postmaster@$1" --real-name "$3"
}

have_account() { # NAME ADDRESS REAL-NAME
	PASSWORDS[$1]=$(new_password)
	tool account show "$2" >/dev/null && return
	ADDED="$ADDED $1"
	printf '%s\n' "${PASSWORDS[$1]}" |
	    tool account add "$2" --real-name "$3" --stdin
}

added() { # NAME
	[[ " $ADDED " == *" $1 "* ]]
}

choose_passwords() { # ADDRESS NAME, for each
	while [ $# -gt 0 ]; do
		printf '%s\n' "${PASSWORDS[$2]}" |
		    tool account passwd "$1" --stdin || return
		shift 2
	done
}

# taro is the one who has not changed the initial password yet.
load_demo() {
	local dentsu=dentsu.example kagaku=kagaku.example site=site.example
	local name

	ADDED=
	have_domain $dentsu post-9 'Dentsu Office' &&
	    have_domain $kagaku post-10 'Kagaku Office' &&
	    have_domain $site post-9 'Mail Service' &&
	    have_account TARO taro@$dentsu 'Taro Dentsu' &&
	    have_account HANAKO hanako@$dentsu 'Hanako Dentsu' &&
	    have_account JIRO jiro@$dentsu 'Jiro Dentsu' &&
	    have_account YOKO yoko@$kagaku 'Yoko Kagaku' || return
	for name in POSTMASTER KAGAKU SITE; do
		PASSWORDS[$name]=$(new_password)
	done
	added TARO || printf '%s\n' "${PASSWORDS[TARO]}" |
	    tool account passwd taro@$dentsu --stdin --initial || return
	choose_passwords hanako@$dentsu HANAKO jiro@$dentsu JIRO \
	    postmaster@$dentsu POSTMASTER yoko@$kagaku YOKO \
	    postmaster@$kagaku KAGAKU postmaster@$site SITE || return
	if added JIRO; then
		tool account set jiro@$dentsu --routing forward \
		    --forward-to jiro@outside.example --no-keep-copy || return
	fi
	tool admin grant postmaster@$site --site
}

# A list that works; the engine makes it and has its members.
load_lists() {
	local zemi=zemi@dentsu.example

	[ "${DEMO_EMPTY:-}" = 1 ] && return
	! tool lists add $zemi --owner postmaster@dentsu.example \
	    --description 'Seminar' 2>/dev/null ||
	    tool lists join $zemi hanako@dentsu.example jiro@dentsu.example
}

engine_answers() {
	[ -S "$D/run/lists/engine.sock" ] && tool lists sync 2>/dev/null
}

# The database comes before the daemons: Postfix would make an empty one.
load_data() {
	tool init || return
	[ "${DEMO_EMPTY:-}" = 1 ] || load_demo
}

# ---- processes -------------------------------------------------------------

start_time() { # PID
	local line

	read -r line 2>/dev/null <"/proc/$1/stat" || return
	line=${line##*) }
	set -f
	# shellcheck disable=SC2086 # fields 3... of proc(5)
	set -- $line
	set +f
	say "${20}"
}

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# A pid alone may be another process's by the time it is used.
remember() { # NAME PID
	say "$2 $(start_time "$2") $(boot_id)" >"$D/run/daemons/$1"
}

# The session of a daemon; fails if it is none of ours (any more).
recall() { # NAME -> SID
	local start boot now

	[ -e "$D/run/daemons/$1" ] || return
	read -r SID start boot <"$D/run/daemons/$1" || return
	[ "$boot" = "$(boot_id)" ] || return
	now=$(start_time "$SID")
	[ -z "$now" ] || [ "$now" = "$start" ]
}

members() { # SID: the pids of a session, but not zombies
	ps -o pid=,stat= -s "$1" | while read -r p state; do
		[ "${state:0:1}" = Z ] || say "$p"
	done
}

running() { # NAME
	recall "$1" && [ -n "$(members "$SID")" ]
}

launch() { # NAME LOG COMMAND...
	go_on || return
	(
		cd / && exec setsid "${@:3}" </dev/null \
		    >>"$D/log/$2" 2>&1 9>&-
	) &
	remember "$1" $!
	disown $!
}

start_pool() { # NAME WORKERS [NICE]
	# The socket is nginx's.  A worker that leaves is replaced; -r bounds
	# how often within ten seconds, so that a broken one cannot spin.
	launch "$1" fumibako.log spawn-fcgi -s "$D/run/$1.sock" -M 0660 \
	    -u fumibako -g fumibako -U fumibako -G www-data -n -- \
	    /usr/bin/multiwatch -f "$2" -r 50 -s TERM -- \
	    "$D/app/fumibako.fcgi" -c "$D/conf/fumibako.conf" \
	    -p "$D/run/workers/$1"
}

start_postfix() {
	# Leaves when the master runs, in a session of its own.
	postfix -c "$D/postfix/etc" start </dev/null \
	    >>"$D/log/postfix.out" 2>&1 9>&- || return
	remember_postfix
}

# The command above may have been cut short; the master locks its pid file.
remember_postfix() {
	postfix -c "$D/postfix/etc" status >/dev/null 2>&1 9>&- || return
	remember postfix "$(tr -d ' ' <"$D/postfix/spool/pid/master.pid")"
}

# As Debian's unit does it.
start_postsrsd() {
	# shellcheck disable=SC2016 # for the inner shell
	launch postsrsd postsrsd.out sh -c '. "$0" && exec postsrsd \
	    -f "$SRS_FORWARD_PORT" -r "$SRS_REVERSE_PORT" -d "$SRS_DOMAIN" \
	    -s "$SRS_SECRET" -a "$SRS_SEPARATOR" -n "$SRS_HASHLENGTH" \
	    -N "$SRS_HASHMIN" -u "$RUN_AS" -l "$SRS_LISTEN_ADDR" \
	    -c "$CHROOT" "-X$SRS_EXCLUDE_DOMAINS"' "$D/conf/postsrsd"
}

# Postfix first: it makes the directory in which Dovecot puts sockets.
start_daemons() {
	rm -f "$D"/run/workers/*.pid "$D"/run/*.sock
	start_postfix || {
		go_on && err "Postfix does not start"
		return 1
	}
	[ "${DEMO_SRS:-}" != 1 ] || start_postsrsd
	launch dovecot dovecot.out dovecot -F -c "$D/dovecot/dovecot.conf"
	start_pool pages "${DEMO_WORKERS:-6}"
	launch lists lists.log setpriv --reuid mlmmj --regid mlmmj \
	    --init-groups "$D/app/fumibako-lists" -c "$D/conf/fumibako.conf"
	# Hashing may use what the pages leave.
	start_pool login "${DEMO_LOGIN_WORKERS:-2}" 5
	launch nginx nginx.out nginx -c "$D/nginx/nginx.conf" -g 'daemon off;'
}

# ---- does it answer? -------------------------------------------------------

tls_says() { # PORT QUESTION PATTERN
	printf '%b' "$2" | timeout 5 openssl s_client -quiet \
	    -connect "127.0.0.1:$1" -CAfile "$D/tls/ca.pem" \
	    -verify_return_error -verify_hostname localhost 2>/dev/null |
	    grep -q "$3"
}

web_answers() {
	tls_says "$PORT" 'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n' \
	    '^HTTP/1.1 200'
}

pop3s_answers() { tls_says "$POP3S_PORT" 'QUIT\r\n' '^+OK'; }

smtp_answers() {
	# shellcheck disable=SC2016 # for the inner shell
	timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" &&
	    read -r line <&3 && printf "QUIT\r\n" >&3 &&
	    [ "${line:0:4}" = "220 " ]' "$SMTP_PORT" 2>/dev/null
}

wait_for() { # WHAT FUNCTION
	local end=$((SECONDS + 30)) name

	until "$2"; do
		go_on || return
		for name in $DAEMONS; do
			[ -e "$D/run/daemons/$name" ] || continue
			running "$name" && continue
			err "$name has stopped"
			return 1
		done
		if [ $SECONDS -ge $end ]; then
			err "$1 does not answer"
			return 1
		fi
		sleep 0.1
	done
}

# ---- stop ------------------------------------------------------------------

# To the one that leads the others; where that was killed, to all that it
# left behind.
signal() { # NAME SIGNAL
	local all p

	recall "$1" || return 0
	all=$(members "$SID")
	[[ " ${all//$'\n'/ } " != *" $SID "* ]] || all=$SID
	for p in $all; do
		kill -s "$2" "$p" 2>/dev/null
	done
}

gone() { # NAME SECONDS: wait until the session is empty
	local tries=$(($2 * 20))

	while running "$1"; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.05
	done
	rm -f "$D/run/daemons/$1"
}

kill_session() { # NAME
	local p

	recall "$1" || return 0
	for p in $(members "$SID"); do
		kill -s KILL "$p" 2>/dev/null
	done
}

stop_all() {
	local name bad=0

	running postfix || remember_postfix
	# The doors first; nginx lets the requests end that are in hand.
	signal nginx QUIT
	signal dovecot TERM
	signal postfix TERM
	signal postsrsd TERM
	gone nginx 5 || signal nginx TERM
	signal pages TERM
	signal login TERM
	signal lists TERM
	for name in $DAEMONS; do
		gone "$name" 10 && continue
		kill_session "$name"
		gone "$name" 5 && continue
		err "$name does not stop"
		bad=1
	done
	rm -f "$D"/run/*.sock "$D/run/oldest" "$D"/run/workers/*.pid
	return $bad
}

# ---- the three commands ----------------------------------------------------

lock() {
	exec 9>"$LOCK" || return
	flock -w 300 9 && return
	err "another instance has been starting for five minutes"
	return 1
}

unlock() { exec 9>&-; }

check_needs() {
	local p name

	for p in fumibako $COPIED; do
		[ -x "$BUILD/$p" ] && continue
		err "$BUILD/$p is not there: run make first"
		return 1
	done
	for name in $DAEMONS; do
		running "$name" || continue
		err "$D: $name is running; stop it first"
		return 1
	done
}

show_logs() {
	local f

	for f in "$D"/log/*; do
		[ -s "$f" ] || continue
		say "--- $f"
		tail -n 5 -- "$f"
	done >&2
}

# Only noted, and looked at between the steps: what has just been started is
# always remembered first.
INTERRUPTED=
trap_signals() { trap 'INTERRUPTED=1' INT TERM HUP; }

go_on() { [ -z "$INTERRUPTED" ]; }

bring_up() { # PORT
	"$CONFIGURE" users && choose_ports "$1" && make_dirs &&
	    copy_programs && make_tls && write_configuration && go_on || return
	load_data >"$D/log/load.out" 2>&1 || {
		go_on && err "the demo data cannot be loaded"
		return 1
	}
	(write_env) && go_on && start_daemons &&
	    wait_for "the list engine" engine_answers && load_lists &&
	    wait_for "SMTP, port $SMTP_PORT," smtp_answers &&
	    wait_for "https, port $PORT," web_answers &&
	    wait_for "POP3s, port $POP3S_PORT," pop3s_answers
}

start() { # PORT
	trap_signals
	check_dir && lock && check_needs || return
	if ! { bring_up "$1" && go_on; }; then
		if go_on; then
			show_logs
		else
			err "interrupted"
		fi
		stop_all
		err "not started"
		return 1
	fi
	unlock
}

stop() {
	[ -d "$D/run/daemons" ] || return 0
	stop_all
}

show_log_ins() {
	local n

	say "Fumibako: https://localhost:$PORT/   (CA: $D/tls/ca.pem)"
	say "POP3s: 127.0.0.1:$POP3S_PORT   SMTP: 127.0.0.1:$SMTP_PORT"
	say "Mail that leaves: $D/outbound   All settings: $D/env"
	say
	while read -r n address; do
		[ -n "${PASSWORDS[$n]:-}" ] || continue
		printf '  %-28s %s\n' "$address" "${PASSWORDS[$n]}"
	done <<-END
		TARO taro@dentsu.example (initial)
		HANAKO hanako@dentsu.example
		JIRO jiro@dentsu.example
		POSTMASTER postmaster@dentsu.example
		YOKO yoko@kagaku.example
		KAGAKU postmaster@kagaku.example
		SITE postmaster@site.example
	END
	say
	say "Ctrl-C stops it."
}

run() { # PORT
	start "$1" || return
	show_log_ins
	while go_on; do
		# A wait ends at once when a signal comes, a sleep does not.
		sleep 3600 &
		wait $!
		kill $! 2>/dev/null
	done
	say "stopping"
	trap '' INT TERM HUP
	stop
}

is_port() {
	[[ $1 =~ ^[0-9]{1,5}$ ]] && [ $((10#$1)) -le 65535 ]
}

main() {
	local command=${1:-}

	case $command-$# in
	start-3 | run-3)
		is_port "$3" || usage
		become_root "$@"
		set_dir "$2"
		"$command" "$3"
		;;
	stop-2)
		become_root "$@"
		set_dir "$2"
		stop
		;;
	*)
		usage
		;;
	esac
}

main "$@"
