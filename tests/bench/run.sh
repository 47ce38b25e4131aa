#!/bin/bash
#
# make bench: how fast, beside the least that could do the work, in one run.
# What is measured and how is in bench.mjs.  Ends non-zero when something
# failed to run; a goal that is missed is told, and is no failure.

set -eu
here=$(dirname "$(readlink -f "$0")")

# The stack belongs to several users, and so do its processes' figures.
[ "$(id -u)" -eq 0 ] ||
	exec sudo -- env BUILD="${BUILD:-}" BENCH_ROUNDS="${BENCH_ROUNDS:-}" \
	    BENCH_SECONDS="${BENCH_SECONDS:-}" bash "$here/run.sh"
ulimit -n 4096
cd "$here/../.."
exec node "$here/bench.mjs"
