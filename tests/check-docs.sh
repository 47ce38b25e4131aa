#!/bin/sh
# What the documentation promises is what is there: settings, commands,
# options, tables and views, files.
cd "${CHECK_ROOT:-$(dirname "$0")/..}" || exit 1
status=0
bad() { echo "$*"; status=1; }

# Each setting is in fumibako.conf(5) with its default, and the other way.
settings=$(sed -n 's/^\t[TN]("\([A-Za-z.]*\)",.*/\1/p' cgi/base/conf.c)
[ "$(echo "$settings" | wc -l)" -gt 20 ] || bad "cgi/base/conf.c: not understood"
for key in $settings; do
	grep -q "^\.It Va $key\$" man/fumibako.conf.5 ||
		bad "$key: not in man/fumibako.conf.5"
done
for key in $(sed -n 's/^\.It Va \([A-Za-z]*\.[A-Za-z]*\)$/\1/p' man/fumibako.conf.5); do
	echo "$settings" | grep -qx "$key" ||
		bad "man/fumibako.conf.5: $key is no setting"
done
for key in $(sed -n 's/^\([A-Z][A-Za-z]*\.[A-Za-z]*\) *=.*/\1/p' etc/fumibako.conf.in); do
	echo "$settings" | grep -qx "$key" ||
		bad "etc/fumibako.conf.in: $key is no setting"
done
# Each command and each option is in fumibako(8).
sed -n 's/^\t{ "\([a-z ]*\)", ".*/\1/p' cgi/tool/commands.c | while read -r command; do
	# shellcheck disable=SC2086 # words
	set -- $command
	grep -qE "(Ic|Cm|Nm|Ar) .*$1( |\$)" man/fumibako.8 &&
		{ [ -z "$2" ] || grep -qE "(^|[ .])$2( |\$)" man/fumibako.8; } ||
		echo "$command"
done | grep . && bad "^ not in man/fumibako.8"
for option in $(sed -n 's/^\t{ "\([a-z-]*\)",\t*\(no\|required\)_argument.*/\1/p' cgi/tool/tool.c); do
	grep -q -- "$(echo "$option" | sed 's/-/\\\\*-/g')" man/fumibako.8 ||
		bad "--$option: not in man/fumibako.8"
done
# Each table, view and column is in schema/README.md.
for name in $(sed -nE 's/^CREATE (TABLE|VIEW) ([a-z_]+).*/\2/p' schema/*.sql | grep -v _rebuilt); do
	grep -q "\`$name[\`(]" schema/README.md || bad "$name: not in schema/README.md"
done
for column in $(tr -d '\n' <schema/views.sql | grep -oE 'CREATE VIEW [a-z_]+ \([a-z0-9_, ]+\)' |
	sed 's/.*(//; s/[,)]/ /g'); do
	grep -q "\`$column\`" schema/README.md ||
		bad "$column: not in schema/README.md"
done
# Each package is in doc/dependencies.md with its reason.
sed -n 's/^\([a-z0-9][a-z0-9.+-]*\).*/\1/p' packages.txt | while read -r package; do
	grep -q "\`$package\`" doc/dependencies.md || echo "$package"
done | grep . && bad "^ not in doc/dependencies.md"
# The log's closed list: each event that is logged is in it, and each in it is
# in a manual.
events=$(sed -n 's/^\t{ "\([a-z_]*\)",\t*[A-Z]* },$/\1/p' cgi/base/log.c)
[ "$(echo "$events" | wc -l)" -gt 20 ] || bad "cgi/base/log.c: not understood"
for e in $(grep -rhoE 'log_(event|on_commit)\("[a-z_]*"|log_login\("[a-z_]*"' cgi |
	sed 's/.*"\(.*\)"/\1/'); do
	echo "$events" | grep -qx "$e" || bad "$e: not in cgi/base/log.c"
done
find cgi -name '*.c' -exec cat {} + | tr -d '\n' |
	grep -oE 'log_(event|on_commit)\("[^;]*;' | grep -oE '"[^"]*"' |
	grep -oE '[a-z_]+=' | sort -u | while read -r key; do
	grep -qE "^\.Va (.* )?${key%=}( |\$)" man/fumibako.fcgi.8 \
		man/fumibako-lists.8 || echo "$key"
done | grep . && bad "^ a key of the log, in no manual"
for e in $events; do
	grep -qE "^\.It Cm .*\<$e\>" man/fumibako.fcgi.8 man/fumibako-lists.8 ||
		bad "event=$e: in no manual"
done
for e in $(sed -n '/^\.Sh LOG/,/^\.Sh FILES/s/^\.It Cm //p' man/fumibako.fcgi.8 | tr -d ,); do
	echo "$events" | grep -qx "$e" || bad "man/fumibako.fcgi.8: $e is no event"
done
for what in $(sed -n 's/.*= { "\([a-z_]*\)", true },$/\1/p' cgi/core/history.c); do
	grep -qE "^\.Ql $what( |\$)" man/fumibako.fcgi.8 ||
		bad "event=change what=$what: not in man/fumibako.fcgi.8"
done
for name in $(grep -oE 'fumibako_[a-z_]+' man/fumibako.fcgi.8 | sort -u); do
	grep -q "\"${name#fumibako_}\"" cgi/page/page_metrics.c ||
		bad "man/fumibako.fcgi.8: $name is no metric"
done
for name in $(sed -n 's/^\tbegin(o, "\([a-z_]*\)",.*/\1/p' cgi/page/page_metrics.c); do
	grep -q "fumibako_$name\>" man/fumibako.fcgi.8 ||
		bad "fumibako_$name: not in man/fumibako.fcgi.8"
done
# Files that a text names are there.
for f in ./*.md doc/*.md schema/*.md; do
	dir=$(dirname "$f")
	for target in $(grep -oE '\]\([^)#:]+' "$f" | sed 's/^](//'); do
		[ -e "$dir/$target" ] || bad "$f: $target is not there"
	done
done
# The manuals themselves.
for f in man/*.[158]; do
	mandoc -T lint -W warning "$f" || status=1
done
exit $status
