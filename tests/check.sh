#!/bin/sh
# Everything that `make check` asks.  One line a step; what a step said is
# shown when it failed.  The last line counts tests, and steps that are no
# tests count as one: "N passed, N failed" and, when there are, ", N skipped".
#
# CHECK_ONLY="lint unit" runs some of the parts only:
#   lint    rules that scripts check, documentation, manuals
#   static  clang-tidy, cppcheck
#   unit    cmocka tests
#   san     the same under AddressSanitizer and UBSan
#   fuzz    parsers fed with anything, a bounded time
#   install make install, units, the Debian package (see also make check-deb)
#   e2e     the whole stack
cd "$(dirname "$0")/.." || exit 1
unset MAKEFLAGS MAKELEVEL MFLAGS SAN CHECK_ROOT
parts=${CHECK_ONLY:-lint static install unit san fuzz e2e}
logs=$(mktemp -d) || exit 1
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0 skipped=0
jobs=$(nproc)

wanted() {
	case " $parts " in *" $1 "*) return 0 ;; esac
	return 1
}
seconds() { date +%s; }
# NAME PASSED FAILED SKIPPED SECONDS LOG
line() {
	passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
	[ "$3" -gt 0 ] && sed "s/^/    /" "$6"
	printf '%-4s %-28s %4d passed %3d failed' \
		"$([ "$3" -gt 0 ] && echo FAIL || echo ok)" "$1" "$2" "$3"
	[ "$4" -gt 0 ] && printf ' %3d skipped' "$4"
	printf ' %4d s\n' "$5"
}
# A step that is right or wrong: NAME COMMAND...
step() {
	name=$1
	shift
	began=$(seconds)
	if "$@" >"$logs/step" 2>&1; then
		line "$name" 1 0 0 $(($(seconds) - began)) "$logs/step"
	else
		line "$name" 0 1 0 $(($(seconds) - began)) "$logs/step"
		return 1
	fi
}

# -- cmocka: NAME DIRECTORY -------------------------------------------------
run_units() {
	mkdir -p "$logs/$1"
	UNIT_TMP=$(mktemp -d -p /dev/shm u.XXXXXX 2>/dev/null) ||
		UNIT_TMP=$(mktemp -d /tmp/u.XXXXXX)
	export UNIT_TMP
	tests=$(find tests/unit -name 'test_*.c' | sort | sed 's|.*/||; s|\.c$||')
	export LC_ALL=C.UTF-8
	# As many at once as there are processors.
	printf '%s\n' $tests | xargs -P "$jobs" -I '{}' sh -c 'began=$(date +%s)
		timeout 300 "$2/$0" >"$1/$0.log" 2>&1
		echo $? $(($(date +%s) - began)) >"$1/$0.rc"' \
		'{}' "$logs/$1" "$2"
	for t in $tests; do
		log=$logs/$1/$t.log
		read -r rc took <"$logs/$1/$t.rc"
		p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$log")
		f=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$log")
		s=$(sed -n 's/^\[  SKIPPED \] \([0-9]*\) test.*/\1/p' "$log")
		p=${p:-0} f=${f:-0} s=${s:-0}
		# Died, or a sanitizer said something: no count tells of it.
		if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then
			f=1
			echo "exit status $rc" >>"$log"
		fi
		[ $((p + f)) -eq 0 ] && f=1
		line "$1/${t#test_}" "$p" "$f" "$s" "$took" "$log"
	done
	# Whatever a test made, it has taken away.
	if ! rmdir "$UNIT_TMP" 2>"$logs/left"; then
		ls -R "$UNIT_TMP" >>"$logs/left"
		line "$1/nothing is left behind" 0 1 0 0 "$logs/left"
		rm -rf "$UNIT_TMP"
	fi
}

# -- static -----------------------------------------------------------------
tidy() {
	find cgi -name '*.c' -print0 | xargs -0 -P "$jobs" -n 4 sh -c \
		'clang-tidy --quiet "$@" -- -std=c17 -D_GNU_SOURCE -DVERSION=\"\" -Icgi -I. \
		-Ibuild/gen -isystem /usr/include/ClearSilver 2>"$0/tidy.$$"
		rc=$?
		grep -v "warnings* generated\|^Suppressed\|^Use -" "$0/tidy.$$"
		exit $rc' "$logs"
}
# Scopes as they are: buffers are declared where a function begins.  The
# functions of a route are called through its table.
check_cpp() {
	cppcheck -j "$jobs" --quiet --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,style,performance,portability \
		--suppress=missingIncludeSystem --suppress=variableScope \
		--suppress=unmatchedSuppression \
		-D_GNU_SOURCE -DFCGX_Request=int -Icgi -Ibuild/gen cgi
}

# -- end to end -------------------------------------------------------------
# node's own count, in the forms of all its reporters.
count() {
	sed -n "s/^[^a-zA-Z0-9]* *$1 \([0-9]*\)\$/\1/p" "$logs/e2e" | tail -1
}
run_e2e() {
	files=$(find tests/e2e -maxdepth 1 -name '*.test.mjs' | sort)
	if [ -z "$files" ]; then
		echo "no tests in tests/e2e" >"$logs/e2e"
		line e2e 0 1 0 0 "$logs/e2e"
		return
	fi
	began=$(seconds)
	# shellcheck disable=SC2086 # a list of files
	timeout 900 node --test --test-reporter=tap --test-concurrency=3 $files \
		>"$logs/e2e" 2>&1
	rc=$?
	p=$(count pass) f=$(count fail)
	s=$(($(count skipped) + $(count todo) + $(count cancelled)))
	p=${p:-0} f=${f:-0}
	f=$((f + $(count cancelled))) s=$((s - $(count cancelled)))
	[ $rc -ne 0 ] && [ "$f" -eq 0 ] && f=1
	[ $((p + f)) -eq 0 ] && f=1
	line e2e "$p" "$f" "$s" $(($(seconds) - began)) "$logs/e2e"
}

if wanted lint; then
	for c in layers style templates lang docs; do
		step "lint/$c" sh tests/check-$c.sh
	done
	step lint/refusals sh tests/check-refusals.sh
fi
if wanted static; then
	step static/build make -s build/gen/schema_sql.h
	step static/clang-tidy tidy
	step static/cppcheck check_cpp
fi
if wanted install; then
	step install/files sh tests/check-install.sh
	step install/deb env DEB_BUILD_OPTIONS="nocheck parallel=$jobs" \
		make -s deb &&
		step install/lintian lintian --fail-on error,warning \
			build/deb/*.changes
fi
if wanted unit; then
	step unit/build make -s -j"$jobs" units && run_units unit build/unit
fi
if wanted san; then
	step san/build make -s -j"$jobs" SAN=1 units &&
		run_units san build/san/unit
fi
if wanted fuzz; then
	step fuzz make -s fuzz
fi
if wanted e2e; then
	run_e2e
fi

printf '%d passed, %d failed' $passed $failed
[ $skipped -gt 0 ] && printf ', %d skipped' $skipped
echo
[ $failed -eq 0 ] && [ $passed -gt 0 ]
