#!/bin/sh
# deps.sh LIST: installs what is missing of the Debian packages in LIST.
set -eu
missing=
while read -r package unless command; do
	case $package in '' | '#'*) continue ;; esac
	if [ "$unless" = unless ] && command -v "$command" >/dev/null; then
		continue
	fi
	dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null |
		grep -q '^install ok installed$' || missing="$missing $package"
done <"$1"
[ -n "$missing" ] || exit 0
echo "installing:$missing"
[ "$(id -u)" -eq 0 ] || exec sudo sh "$0" "$1"
# A daemon that Debian starts at install would take the standard ports; ours
# run from directories of their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod 755 $policy
	trap 'rm -f $policy' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list of words
apt-get install -y -q --no-install-recommends $missing
