#!/bin/sh
# Which layer may include which, and which file is the door to a library.
# CHECK_ROOT: another tree to look at (to see this script refuse one).
cd "${CHECK_ROOT:-$(dirname "$0")/..}/cgi" || exit 1
rules='base:
store: base
core: base store
http: base
render: base
page: base core http render
migrate: base store core
tool: base core store migrate
lists: base store
listmail: base'
# A library, and a pattern of the files that may include it.
doors='sqlite3.h store/*
fcgiapp.h main.c|app.[ch]|http/*
ClearSilver render/view.c|base/conf.c|base/messages.c
crypt.h core/passwd.c
zxcvbn.h core/policy.c
sodium.h base/secret.c
idn2.h core/address.c
csv.h core/csvfile.c
iconv.h core/csvdecode.c
jansson.h tool/*
curl/ tool/doctor_net.c'
# What is inside a layer, whoever may include the layer.
private='store/db.h store/*
store/schema.h store/*
store/stmt.h store/*
store/foreign.h store/*|migrate/*
tool/tool.h tool/*
lists/lists.h lists/*
tool/doctor.h tool/*
listmail/judge.h listmail/*
listmail/field.h listmail/*
listmail/footer.h listmail/*
page/page.h page/*|app.[ch]'
status=0
bad() { echo "cgi/$1"; status=1; }
# FILE is one of PATTERN (a|b)?
is() {
	case $2 in *[!a-zA-Z0-9_.\|\*/\[\]]*) exit 2 ;; esac
	eval "case \$1 in $2) return 0 ;; esac"
	return 1
}

for dir in */; do
	from=${dir%/}
	rule=$(printf '%s\n' "$rules" | grep "^$from:") ||
		bad "$from: is no layer; name it in tests/check-layers.sh"
	for pair in $(grep -Ho '^# *include "[a-z0-9_]*/' "$from"/*.[ch] |
		sed 's|:# *include "\(.*\)/|:\1|' | sort -u); do
		to=${pair#*:}
		case " $from ${rule#*:} " in
		*" $to "*) ;;
		*) bad "${pair%%:*}: $from must not include $to" ;;
		esac
	done
done
# Root files: a worker is app and base, app alone sees everything of the web,
# and oldest runs as the owner of the mail and knows nobody.
for f in *.[ch]; do
	for to in $(sed -n 's|^# *include "\([a-z0-9_]*/*\).*|\1|p' "$f" | sort -u); do
		case $f:$to in
		app.[ch]:tool/ | app.[ch]:render/) bad "$f: app must not include $to" ;;
		app.[ch]:*) ;;
		main.c:app | main.c:base/) ;;
		*) bad "$f: must not include $to" ;;
		esac
	done
done
printf '%s\n' "$doors" | {
	while read -r lib door; do
		for f in $(grep -l "^# *include [<\"]$lib" ./*.[ch] ./*/*.[ch]); do
			f=${f#./}
			is "$f" "$door" || bad "$f: $lib only in $door"
		done
	done
	exit $status
} || status=1
printf '%s\n' "$private" | {
	while read -r header door; do
		for f in $(grep -l "^# *include \"$header\"" ./*.[ch] ./*/*.[ch]); do
			f=${f#./}
			is "$f" "$door" || bad "$f: $header only in $door"
		done
	done
	exit $status
} || status=1
# The SQL is in one table; migrations are in schema/.
for f in $(grep -lE '"(SELECT|INSERT|UPDATE|DELETE) ' ./*.[ch] ./*/*.[ch]); do
	is "${f#./}" 'store/stmt.c|store/stmt_parts.h|store/stmt_foreign.c' ||
		bad "${f#./}: SQL only in store/stmt.c"
done
# Relative includes hide the layer.
for f in $(grep -lE '^# *include "(\.|[^/"]*"$)' ./*/*.[ch]); do
	is "${f#./}" 'store/schema.c' || # the generated schema_sql.h
		bad "${f#./}: include by layer: \"store/store.h\""
done
exit $status
