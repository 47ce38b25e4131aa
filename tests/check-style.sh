#!/bin/sh
# What the compiler does not refuse and we do.  CHECK_ROOT as elsewhere.
cd "${CHECK_ROOT:-$(dirname "$0")/..}" || exit 1
status=0
refuse() { # TEXT PATTERN FILES...
	text=$1 pattern=$2
	shift 2
	if grep -nIE "$pattern" "$@" /dev/null; then
		echo "^ $text" >&2
		status=1
	fi
}
C=$(find cgi -name '*.[ch]')
T=$(find tests -name '*.[ch]')
# Text of people: what is read by more than the compiler.
A=$(find cgi tests schema templates static etc man demo doc .ci Makefile ./*.md \
	-type f ! -path '*/fuzz/corpus/*' 2>/dev/null)

# shellcheck disable=SC2086 # lists of file names
{
refuse "raw string building: pool_printf or snprintf" \
	'(^|[^a-z_])(strcpy|strcat|sprintf|vsprintf|gets|strtok|strncat|stpcpy)\(' $C $T
refuse "no shell from C" '(^|[^a-z_])(system|popen|fork|execl[pe]*|execvpe?)\(' $C
refuse "atoi says nothing of errors; strtoll does" \
	'(^|[^a-z_])(atoi|atol|atoll|atof|scanf|sscanf|fscanf)\(' $C
refuse "not in a long-lived process: the _r form" \
	'(^|[^a-z_])(localtime|gmtime|ctime|asctime|strerror|crypt|rand|random|srand)\([^0-9]' $C
refuse "not for a secret: secret_equal" '(strcmp|memcmp)\([^;]*(token|csrf|hash)' \
	$(echo "$C" | grep -v 'core/account.c')
refuse "blanks at the end of a line" '[[:blank:]]$' $A
refuse "finish it, or open an issue" '(^|[^A-Za-z])(TO''DO|FIX''ME|XX''X|HA''CK)([^A-Za-z.X]|$)' $A
refuse "a carriage return" "$(printf '\r')" $A
}

# A switch without default names every case, so that a new one breaks the
# build; those over other things than our enums are marked.
for f in $C $T; do
	LC_ALL=C awk -v file="$f" '
	# A line over 80 columns, a tab counting to the next eighth.  UTF-8
	# continuation bytes take no column.
	{
		line = $0; col = 0
		for (i = 1; i <= length(line); i++) {
			c = substr(line, i, 1)
			if (c >= "\200" && c < "\300") continue
			col = c == "\t" ? col + 8 - col % 8 : col + 1
		}
		if (col > 80 && !table) {
			printf "%s:%d: %d columns\n", file, NR, col; bad = 1
		}
	}
	/clang-format off/ { table = 1 }
	/clang-format on/ { table = 0 }
	# KNF: the body of a function is between braces in the first column.
	/^\{/ { start = NR; marked = 0; cases = 0 }
	/^\t+(case .*|default):/ { cases++ }
	/clang-format off/ { marked = 1 }
	/^\}/ && start {
		n = NR - start - 1
		if (n > 60 && !marked && cases * 3 < n) {
			printf "%s:%d: a function of %d lines (60)\n", file, start, n
			bad = 1
		}
		start = 0
	}
	END {
		# Header comments and guards of a C file.
		if (NR > 400 && file ~ /^cgi/) {
			printf "%s: %d lines (400)\n", file, NR; bad = 1
		}
		exit bad
	}' "$f" || status=1
done

# A header says what its functions promise: a comment stands before the first
# of each group (groups are parted by an empty line).
for f in cgi/core/*.h cgi/store/store.h cgi/base/*.h cgi/http/*.h; do
	guard=$(sed -n 's/^#ifndef //p;1q' "$f")
	want=$(echo "${f#cgi/}" | tr 'a-z/.' 'A-Z__')
	if [ "$guard" != "$want" ]; then
		echo "$f: the guard is $guard, not $want"
		status=1
	fi
	grep -q '/\*' "$f" || { echo "$f: no comment says what it is"; status=1; }
done
for f in $(find cgi -name '*.c'); do
	h=${f%.c}.h
	# A file says what it is: in its header, or in its first comment.
	[ -f "$h" ] || head -12 "$f" | grep -q '/\*' ||
		{ echo "$f: no comment says what it is"; status=1; }
done
# Scripts stop at the first error or check each one.
for f in $(find tests demo .ci -name '*.sh' -o -path '.ci/run'); do
	case $(head -1 "$f") in
	'#!/bin/sh' | '#!/bin/bash' | '#!/usr/bin/env bash') ;;
	*) echo "$f: its first line names no shell"; status=1 ;;
	esac
done
exit $status
