#!/bin/sh
# catch.sh DIR SENDER RECIPIENT...
#
# The outside world of a demo: Postfix's pipe(8) runs this for every message
# that leaves for a domain that is not hosted here.  Each becomes one file in
# DIR: the envelope, then the message as it came.
set -u

later() { # Postfix keeps the message and tries again (EX_TEMPFAIL)
	echo "catch.sh: $*"
	exit 75
}

[ $# -ge 3 ] || later "usage: catch.sh DIR SENDER RECIPIENT..."
dir=$1
sender=$2
shift 2

name=$(date +%s.%N).$$
umask 022
{
	printf 'X-Envelope-From: %s\n' "$sender"
	printf 'X-Envelope-To: %s\n' "$@"
	cat
} >"$dir/.$name" || later "cannot write $dir/.$name"
# Whoever lists the directory sees whole messages only.
mv "$dir/.$name" "$dir/$name.eml" || later "cannot rename $dir/.$name"
