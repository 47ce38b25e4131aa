#!/bin/sh
# The catalogues: the same keys, the same {n}, and all that is asked for.
cd "${CHECK_ROOT:-$(dirname "$0")/..}" || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
status=0

# "a.b.c<TAB>{1}{2}" for each value of a HDF file; its groups are nested
# braces.  A key twice, or a group that is not closed, is told.
flatten() {
	awk -v file="$1" '
	/^[[:space:]]*(#|$)/ { next }
	/^[[:space:]]*[A-Za-z0-9_.]+[[:space:]]*\{[[:space:]]*$/ {
		name = $1; sub(/\{$/, "", name)
		group[++depth] = name; next
	}
	/^[[:space:]]*\}[[:space:]]*$/ { depth--; next }
	/^[[:space:]]*[A-Za-z0-9_.]+[[:space:]]*=/ {
		key = $1; sub(/=.*/, "", key)
		full = ""
		for (i = 1; i <= depth; i++) full = full group[i] "."
		full = full key
		value = $0; sub(/^[^=]*=[[:space:]]*/, "", value)
		args = ""
		while (match(value, /\{[0-9]+\}/)) {
			a = substr(value, RSTART, RLENGTH)
			if (index(args, a) == 0) {
				# in order of the number, not of the sentence
				args = a < args ? a args : args a
			}
			value = substr(value, RSTART + RLENGTH)
		}
		if (full in seen) { print file ": twice: " full > "/dev/stderr"; bad = 1 }
		seen[full] = 1
		empty = $0; sub(/^[^=]*=[[:space:]]*/, "", empty)
		if (empty == "") { print file ": empty: " full > "/dev/stderr"; bad = 1 }
		if ($0 ~ /[<>]/ || $0 ~ /&[a-z#]+;/) {
			print file ": markup in a message: " full > "/dev/stderr"; bad = 1
		}
		print full "\t" args
		next
	}
	{ print file ":" NR ": not understood: " $0 > "/dev/stderr"; bad = 1 }
	END {
		if (depth != 0) { print file ": a brace is missing" > "/dev/stderr"; bad = 1 }
		exit bad
	}' "$1"
}
for l in ja en; do
	flatten templates/lang/$l.hdf >"$tmp/$l.raw" || status=1
	grep -v '^Lang	' "$tmp/$l.raw" | sort >"$tmp/$l"
done
if ! diff "$tmp/ja" "$tmp/en" >"$tmp/diff"; then
	sed -n 's/^</only in ja, or with other {n}:/p; s/^>/only in en, or with other {n}:/p' \
		"$tmp/diff"
	status=1
fi
cut -f1 "$tmp/en" >"$tmp/keys"

# What the templates ask for: Msg.x.y (Ja. and En. where a paper is in both),
# never built from pieces.
grep -ohE '(Msg|Ja|En)\.[A-Za-z0-9_.]+' templates/*.cs |
	sed 's/^[A-Za-z]*/Msg/' | sort -u >"$tmp/asked"
# What C asks for.  finding.c and the pages: literals of this form in a call
# or a table; those that end in %s are the head of a group.
grep -ohE '"(err|csv|notice|login|time|unit|usage|delivery|history|routing|label|conflict|error|filter|size|listing|lists|yes|no|none)(\.[a-z0-9_%.]+)?"' \
	cgi/core/finding.c cgi/core/csvfile.c cgi/page/*.c cgi/tool/*.c cgi/app.c |
	tr -d '"' | sort -u |
	while read -r key; do
		case $key in
		error.%s.%s)
			grep -ohE '"e[0-9]{3}[a-z_]*"' cgi/page/page_error.c | tr -d '"' |
				sed 's/.*/Msg.error.&.title\nMsg.error.&.text/'
			echo Msg.error.e403_network.hint ;;
		history.what.%s)
			sed -n 's/^\t*\[EVENT_[A-Z_]*\][[:space:]]*= { "\([a-z_]*\)",.*/Msg.history.what.\1/p' \
				cgi/core/history.c ;;
		delivery.%s) for d in mailbox discard forward forward_copy disabled; do
			echo "Msg.delivery.$d"
		done ;;
		filter.%s)
			echo Msg.filter.all
			sed -n 's/^\t*\[FILTER_[A-Z_]*\] = "\([a-z_]\{1,\}\)",/Msg.filter.\1/p' \
				cgi/core/listing.c ;;
		listing.routing.%s) printf 'Msg.listing.routing.%s\n' mailbox \
			discard forward ;;
		lists.posting.%s) sed -n 's/^\t*\[\(POSTING\|SUB\)_[A-Z_]*\] = "\([a-z_]*\)",/\1 \2/p' \
			cgi/store/st_mlist.c |
			sed 's/^POSTING /Msg.lists.posting./; s/^SUB /Msg.lists.subscription./' ;;
		lists.subscription.%s) ;; # the same
		size.c%d) seq -f 'Msg.size.c%.0f' 0 4 ;;
		routing.%s) echo Msg.routing.mailbox Msg.routing.discard Msg.routing.forward | tr ' ' '\n' ;;
		*%*) echo "not known to tests/check-lang.sh: $key" >&2; echo "$key" ;;
		yes | no | none | *.*) echo "Msg.$key" ;;
		*) ;; # the name of a page or a field
		esac
	done | sort -u >"$tmp/c"
for f in asked c; do
	sort "$tmp/keys" >"$tmp/sorted"
	missing=$(comm -13 "$tmp/sorted" "$tmp/$f")
	if [ -n "$missing" ]; then
		printf '%s\n' "$missing" | sed 's/$/: is asked for and is in no catalogue/'
		status=1
	fi
done
# Sentences that nobody asks for are not kept in step by anybody.
unused=$(sort -u "$tmp/asked" "$tmp/c" | comm -23 "$tmp/sorted" -)
if [ -n "$unused" ]; then
	printf '%s\n' "$unused" | sed 's/$/: nobody asks for it/'
	status=1
fi
exit $status
