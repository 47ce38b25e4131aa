#!/bin/sh
# Builds the Debian package from the files of this tree, in a copy of it below
# build/deb.  Nothing is downloaded; what debian/control asks for must be
# there.  DEB_BUILD_OPTIONS=nocheck leaves the unit tests out.
set -eu
cd "$(dirname "$0")/.."
unset MAKEFLAGS MAKELEVEL MFLAGS
to=build/deb/fumibako-$(dpkg-parsechangelog -S Version)
rm -rf build/deb
mkdir -p "$to"
if [ -e .git ]; then
	git ls-files -z --cached --others --exclude-standard
else
	find . -path ./build -prune -o -path ./node_modules -prune -o \
	    -type f -print0
fi >build/deb/files
# A file that git knows may have been removed.
tar -c --null -T build/deb/files --ignore-failed-read 2>/dev/null |
	tar -x -C "$to"
cd "$to"
if ! dpkg-buildpackage -us -uc >../log 2>&1; then
	tail -40 ../log >&2
	exit 1
fi
ls ../*.deb
