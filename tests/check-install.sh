#!/bin/sh
# What `make install` puts where, the units, and fumibako-configure with values
# that mean harm.  What all of it does on a host, `make check-deb` shows.
cd "$(dirname "$0")/.." || exit 1
umask 022
unset MAKEFLAGS MAKELEVEL MFLAGS
status=0
bad() { echo "$*"; status=1; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

# ---- make install ------------------------------------------------------------
root=$tmp/root usr=$tmp/root/usr units=$tmp/root/lib/systemd/system
make -s install DESTDIR="$root" UNITDIR=/lib/systemd/system >"$tmp/log" 2>&1 || {
	cat "$tmp/log"
	exit 1
}
(cd "$usr" && find sbin libexec -type f | sort) >"$tmp/programs"
{
	echo libexec/fumibako/fumibako-backup
	find build -maxdepth 1 -type f -perm -100 -name 'fumibako*' \
	    ! -name fumibako ! -name fumibako-configure |
		sed 's|^build|libexec/fumibako|'
	echo sbin/fumibako
	echo sbin/fumibako-configure
} | sort >"$tmp/want"
diff "$tmp/want" "$tmp/programs" || bad "^ programs, wanted and installed"
(cd "$usr" && find sbin libexec -type f ! -perm 755) | grep . &&
	bad "^ a program that is not 0755"
find "$usr/share" "$usr/lib" "$units" -type f ! -perm 644 | grep . &&
	bad "^ a file that is not 0644"
find "$root" -type d ! -perm 755 | grep . && bad "^ a directory, not 0755"
for f in $(find templates static etc/fail2ban -type f) \
    $(find etc -name '*.in' ! -path 'etc/systemd/*'); do
	cmp -s "$f" "$usr/share/fumibako/$f" || bad "$f: not installed"
done
for f in man/*.[158]; do
	cmp -s "$f" "$usr/share/man/man${f##*.}/${f##*/}" ||
		bad "$f: not installed"
done
cmp etc/bash-completion/fumibako \
    "$usr/share/bash-completion/completions/fumibako" || bad "^ completion"
grep -rnE '@[A-Z_]+@' "$units" "$usr/lib" && bad "^ not filled in"

# Elsewhere: no path of /usr is left in what was installed.
make -s install DESTDIR="$tmp/other" PREFIX=/opt/f >"$tmp/log" 2>&1 ||
	bad "$(cat "$tmp/log")"
grep -rn '/usr/[a-z]*/fumibako' "$tmp/other/opt/f/lib" \
    "$tmp/other/opt/f/sbin/fumibako-configure" && bad "^ PREFIX=/opt/f"

# ---- units --------------------------------------------------------------------
# The programs that they start are looked for where they are.
made=$tmp/made
mkdir "$made"
cp -R "$units/." "$made"
sed -i "s#/usr/\(sbin\|libexec\)/fumibako#$usr/\1/fumibako#" "$made"/*.service
SYSTEMD_UNIT_PATH=$made: systemd-analyze verify --man=no \
    "$made"/*.service "$made"/*.socket "$made"/*.timer "$made"/*.target \
    >"$tmp/log" 2>&1 || bad "systemd-analyze verify: $(cat "$tmp/log")"
grep fumibako "$tmp/log" && bad "^ systemd-analyze verify"
for f in "$units"/*.service; do
	systemd-analyze security --no-pager --offline=yes --threshold=20 \
	    --root="$root" "${f##*/}" >"$tmp/log" 2>&1 ||
		bad "$f: $(tail -1 "$tmp/log")"
done
n=$(find "$units" -name '*.service' | wc -l)
[ "$n" -ge 5 ] || bad "$n services only"
for f in "$units"/*.socket "$units"/*.timer; do
	u=${f##*/}
	grep -q "^Wants=.*$u" "$units/fumibako.target" ||
		bad "$u: fumibako.target does not want it"
	grep -q " $u" debian/fumibako.prerm || bad "$u: prerm does not stop it"
done
for f in "$units"/*.service; do
	grep -q " ${f##*/}" debian/fumibako.prerm ||
		bad "${f##*/}: prerm does not stop it"
done

# ---- what is needed to build ------------------------------------------------------
for p in $(sed -n '/^# build/,/^# run/s/^\([a-z0-9+.-]*-dev\).*/\1/p' packages.txt |
    grep -v '^libc6-dev$'); do
	grep -q "^ $p\( \|,\)" debian/control ||
		bad "$p: in packages.txt, not in Build-Depends"
done

# ---- one version ---------------------------------------------------------------
v=$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGES.md | head -1)
[ "$(dpkg-parsechangelog -S Version)" = "$v" ] ||
	bad "debian/changelog is not at version $v"
[ "$("$usr/sbin/fumibako" --version)" = "fumibako $v" ] ||
	bad "fumibako --version is not $v"

# ---- fumibako-configure ----------------------------------------------------------
d=$tmp/host
cat >"$tmp/values" <<END
HOST=www.a.example
MAIL_HOST=mx.a.example
CONTACT=postmaster@a.example
CAMPUS=192.0.2.0/24, 2001:db8::/32
TLS_CERT=/etc/ssl/mail.pem
TLS_KEY=/etc/ssl/private/mail.key
SUBMISSION_HOST=mx-delivery.a.example
CONF=$d/fumibako.conf
LOCAL=$d/local
KEEP=$d/keep
NGINX=$d/nginx
DOVECOT=$d/dovecot
POSTFIX=$d/postfix
POSTSRSD=$d/postsrsd
FAIL2BAN=$d/fail2ban
END
configure() { etc/fumibako-configure "$@" >"$tmp/out" 2>"$tmp/err"; }
# The group that fumibako.conf belongs to.
etc/fumibako-configure users || bad "users"
mkdir -p "$d/local/postfix" "$d/postfix"
echo 'soft_bounce = yes' >"$d/local/postfix/main.cf"
echo old >"$d/postfix/main.cf"
refused() { # WHAT LINE
	# shellcheck disable=SC2059 # with its escapes
	{ cat "$tmp/values" && printf "$2\n"; } >"$tmp/harm"
	configure files "$tmp/harm"
	rc=$?
	[ $rc -eq 1 ] || bad "$1: exit $rc"
	[ -s "$tmp/err" ] || bad "$1: nothing is said"
	[ "$(cat "$d/postfix/main.cf")" = old ] && [ ! -e "$d/nginx" ] ||
		bad "$1: something was written"
}
refused 'the end of a sed command' 'HOST=a|e touch x|b'
refused 'the text that was found' 'HOST=a&b'
refused 'a backslash' 'HOST=a\\\\nb'
refused 'a carriage return' 'HOST=a.example\r'
refused 'a NUL' 'HOST=a\\000b'
refused 'the end of a directive' 'HOST=a.example; root /'
refused 'a variable' 'DATA=/var/$HOME'
refused 'a quote' "MAIL=/var/x'y"
refused 'another placeholder' 'CONTACT=a@HOST@b.example'
refused 'a comment' 'TLS_CERT=/etc/x #y'
refused 'a relative path' 'TLS_KEY=key.pem'
refused 'letters that are no ASCII' 'HOST=\303\251.example'
refused 'a number that is none' 'POP3S_PORT=995x'
refused 'an unknown key' 'HOTS=a.example'
refused 'a line that is none' 'HOST'
refused 'http' 'ORIGIN=http://a.example'
configure files "$tmp/absent" && bad "no file of values"
sed '/^CAMPUS/d' "$tmp/values" >"$tmp/harm"
configure files "$tmp/harm" && bad "CAMPUS is missing, and nobody minds"
grep -q 'no value for: CAMPUS' "$tmp/err" || bad "CAMPUS is not named"

configure diff "$tmp/values" || bad "diff: $(cat "$tmp/err")"
grep -q '^-old$' "$tmp/out" || bad "diff does not show what goes"
[ "$(cat "$d/postfix/main.cf")" = old ] || bad "diff writes"
configure files "$tmp/values" || bad "files: $(cat "$tmp/err")"
[ "$(cat "$d/keep/"*"$d/postfix/main.cf")" = old ] || bad "nothing is kept"
[ "$(tail -1 "$d/postfix/main.cf")" = 'soft_bounce = yes' ] ||
	bad "local additions"
grep -q '^myhostname = mx.a.example$' "$d/postfix/main.cf" || bad "main.cf"
grep -q 'listen \[::\]:443 ssl;' "$d/nginx/conf.d/fumibako.conf" || bad "nginx"
[ "$(stat -c '%a %G' "$d/fumibako.conf")" = '640 fumibako' ] ||
	bad "fumibako.conf: $(stat -c '%a %G' "$d/fumibako.conf")"
[ ! -e "$d/postsrsd" ] || bad "postsrsd, and nobody asked"
configure files "$tmp/values"
[ ! -s "$tmp/out" ] || bad "the same again is a change: $(cat "$tmp/out")"
printf 'SRS_FORWARD_PORT=1\nSRS_REVERSE_PORT=2\nLISTEN6=\n' >>"$tmp/values"
configure files "$tmp/values"
[ -e "$d/postsrsd" ] || bad "no postsrsd"
grep -q 'listen \[::\]' "$d/nginx/conf.d/fumibako.conf" && bad "LISTEN6"
configure frobnicate
[ $? -eq 2 ] || bad "usage"
exit $status
