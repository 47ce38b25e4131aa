#!/bin/sh
# A check that never refuses is no check: each is given a copy of the tree
# with one thing wrong in it, and must name that file or thing.
cd "$(dirname "$0")/.." || exit 1
unset CHECK_ROOT
copies=$(mktemp -d) || exit 1
trap 'rm -rf "$copies"' EXIT

# SCRIPT WHAT-IT-MUST-SAY FILE TEXT-TO-APPEND
refuses() {
	cp "$3" "$copy/keep" && printf '%b\n' "$4" >>"$copy/tree/$3"
	if said=$(CHECK_ROOT=$copy/tree sh "tests/check-$1.sh" 2>&1); then
		echo "check-$1.sh takes '$4' in $3"
		status=1
	elif ! printf '%s\n' "$said" | grep -vxFf "$copy/before.$1" |
		grep -q -- "$2"; then
		echo "check-$1.sh: '$4' in $3: does not say '$2' but: $said"
		status=1
	fi
	cp "$copy/keep" "$copy/tree/$3"
}
# A tree of its own, and what is wrong in it already, which must not be taken
# for a refusal: NAME SCRIPT...
begin() {
	copy=$copies/$1 status=0
	mkdir -p "$copy/tree"
	# shellcheck disable=SC2046 # a list of names
	cp -r $(ls -d cgi templates schema static tests man etc doc demo ./*.md \
		packages.txt Makefile .ci 2>/dev/null | grep -v node_modules) \
		"$copy/tree"
	shift
	for c; do
		CHECK_ROOT=$copy/tree sh tests/check-$c.sh >"$copy/before.$c" 2>&1
	done
}

# Two halves, side by side.
layers() {
	begin layers layers docs
	refuses layers 'core must not include http' cgi/core/login.c '#include "http/form.h"'
	refuses layers 'base must not include store' cgi/base/pool.c '#include "store/store.h"'
	refuses layers 'page must not include store' cgi/page/page_login.c '#include "store/store.h"'
	refuses layers 'tool must not include render' cgi/tool/tool.c '#include "render/view.h"'
	refuses layers 'store must not include core' cgi/store/store.c '#include "core/login.h"'
	refuses layers 'sqlite3.h only in' cgi/core/login.c '#include <sqlite3.h>'
	refuses layers 'crypt.h only in' cgi/core/login.c '#include <crypt.h>'
	refuses layers 'ClearSilver only in' cgi/page/page_login.c '#include <ClearSilver/ClearSilver.h>'
	refuses layers 'fcgiapp.h only in' cgi/page/page_login.c '#include <fcgiapp.h>'
	refuses layers 'sodium.h only in' cgi/core/session.c '#include <sodium.h>'
	refuses layers 'zxcvbn.h only in' cgi/core/account.c '#include <zxcvbn.h>'
	refuses layers 'idn2.h only in' cgi/core/domain.c '#include <idn2.h>'
	refuses layers 'jansson.h only in' cgi/core/domain.c '#include <jansson.h>'
	refuses layers 'curl/ only in' cgi/tool/doctor.c '#include <curl/curl.h>'
	refuses layers 'oldest.c: must not include' cgi/oldest.c '#include "base/log.h"'
	refuses layers 'store/db.h only in' cgi/app.c '#include "store/db.h"'
	refuses layers 'SQL only in' cgi/store/st_usage.c 'char *q = "SELECT 1";'
	refuses docs 'Web.NoSuch' cgi/base/conf.c '\tT("Web.NoSuch",\tTEXT, x, NULL),'
	refuses docs 'no_such_table' schema/web.sql 'CREATE TABLE no_such_table (x TEXT);'
	refuses docs 'no-such-package' packages.txt 'no-such-package'
	refuses docs 'no_such_event: not in cgi' cgi/core/login.c 'int i = log_event("no_such_event", "");'
	refuses docs 'no_such_key=' cgi/core/login.c 'int i = log_event("login", "no_such_key=%d", 1);'
	refuses docs 'no_such_event: in no manual' cgi/base/log.c '\t{ "no_such_event",\tINFO },'
	refuses docs 'fumibako_no_such: not in' cgi/page/page_metrics.c '\tbegin(o, "no_such", 1);'
	refuses docs 'fumibako.8' man/fumibako.8 '.No_such_macro x'
	return $status
}
others() {
	begin others style templates lang
	refuses style 'login.c' cgi/core/login.c 'void f(void) { strcpy(a, b); }'
	refuses style 'login.c' cgi/core/login.c 'void f(void) { sprintf(a, b); }'
	refuses style 'login.c' cgi/core/login.c 'void f(void) { system("x"); }'
	refuses style 'login.c' cgi/core/login.c 'void f(void) { popen("x", "r"); }'
	refuses style 'login.c' cgi/core/login.c 'void f(void) { n = atoi("1"); }'
	refuses style 'login.c' cgi/core/login.c '/* TO''DO */'
	refuses style 'login.c' cgi/core/login.c 'int a; '
	refuses style '82 columns' cgi/core/login.c \
		'/*345678901234567890123456789012345678901234567890123456789012345678901234567890*/'
	refuses style 'function of 70 lines' cgi/core/login.c \
		"{\n$(yes '\tx();' | head -70)\n}"

	for bad in '<?cs uvar:X ?>' '<?cs lvar:X ?>' '<?cs evar:X ?>' \
		'<?cs alt:X ?>' '<?cs name:X ?>' '<script>' '<p style="x">' \
		'<p onclick="x">' '<img src="https://x.example/">' \
		'<form method="post" action="/x">' '<a title=<?cs var:X ?>>'; do
		refuses templates login.cs templates/login.cs "$bad"
	done
	refuses templates 'User.address is used as a URL' templates/login.cs \
		'<a href="<?cs var:User.address ?>">'
	refuses templates 'Delivery is used as a URL' templates/login.cs \
		'<img src="<?cs var:Delivery ?>">'
	refuses templates 'never in a page' templates/login.cs \
		'<?cs var:Field.new_password.value ?>'

	refuses lang 'only in ja' templates/lang/ja.hdf 'Msg.zzz = x'
	refuses lang 'only in en' templates/lang/en.hdf 'Msg.zzz = x'
	refuses lang 'twice: Msg.yes' templates/lang/en.hdf 'Msg.yes = x'
	refuses lang 'markup' templates/lang/en.hdf 'Msg.zzz = <b>x</b>'
	refuses lang 'Msg.no_such_key: is asked for' templates/login.cs '<?cs var:Msg.no_such_key ?>'
	refuses lang 'Msg.err.no_such: is asked for' cgi/core/finding.c '"err.no_such"'
	return $status
}
layers >"$copies/said" 2>&1 &
others
status=$?
wait $! || status=1
cat "$copies/said"
exit $status
