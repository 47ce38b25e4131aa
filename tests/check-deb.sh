#!/bin/bash
#
# check-deb.sh DEB: installs the package in a fresh Debian 12 with apt, boots
# that with systemd in namespaces of its own (no network but its loopback, so
# the standard ports are free), and runs tests/deb/ against it.
#
# Debian itself is downloaded once, into build/debian; each run begins with a
# fresh copy, and leaves nothing running.
set -eu
umask 022
export LC_ALL=C

SELF=$(readlink -f "$0")
cd "$(dirname "$SELF")/.."
CACHE=$PWD/build/debian
MIRROR=${MIRROR:-http://deb.debian.org}

[ "$(id -u)" -eq 0 ] || exec sudo -- env MIRROR="$MIRROR" "$SELF" "$@"

# What is downloaded is kept for the next run, and belongs to one at a time.
lock() {
	exec 9>"$CACHE/lock"
	flock 9
}
unlock() { exec 9>&-; }

# A Debian 12 as debootstrap leaves it.
make_base() {
	[ ! -e "$CACHE/base" ] || return 0
	echo "debootstrap, once"
	rm -rf "$CACHE/base.new"
	debootstrap --variant=minbase --cache-dir="$CACHE/apt" bookworm \
	    "$CACHE/base.new" "$MIRROR/debian" >"$CACHE/log" 2>&1 || {
		tail "$CACHE/log"
		return 1
	}
	cat >"$CACHE/base.new/etc/apt/sources.list" <<-END
		deb $MIRROR/debian bookworm main
		deb $MIRROR/debian bookworm-updates main
		deb $MIRROR/debian-security bookworm-security main
	END
	mv "$CACHE/base.new" "$CACHE/base"
}

# ---- in a mount namespace of its own ----------------------------------------

mount_root() { # -> R: the base, with what is written to it in memory
	R=$1/root
	mkdir -p "$R" "$1/over"
	mount -t tmpfs tmpfs "$1/over"
	mkdir "$1/over/upper" "$1/over/work"
	mount -t overlay -o "lowerdir=$CACHE/base,upperdir=$1/over/upper" \
	    -o "workdir=$1/over/work" overlay "$R"
	mount -t tmpfs -o mode=755 tmpfs "$R/dev"
	mknod -m 666 "$R/dev/null" c 1 3
	mknod -m 666 "$R/dev/zero" c 1 5
	mknod -m 666 "$R/dev/full" c 1 7
	mknod -m 666 "$R/dev/random" c 1 8
	mknod -m 666 "$R/dev/urandom" c 1 9
	mknod -m 666 "$R/dev/tty" c 5 0
	mknod -m 600 "$R/dev/console" c 1 3
	ln -s /proc/self/fd "$R/dev/fd"
	mkdir "$R/dev/pts" "$R/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=666 devpts "$R/dev/pts"
	ln -s pts/ptmx "$R/dev/ptmx"
	mount -t tmpfs tmpfs "$R/dev/shm"
	mount -t proc proc "$R/proc"
	# It is the kernel of the machine below, too.
	mount --bind "$R/proc/sys" "$R/proc/sys"
	mount -o remount,bind,ro "$R/proc/sys"
	mount -t sysfs -o ro sysfs "$R/sys"
}

# As the administrator does; nothing is started yet.
install_deb() { # DEB
	local policy=$R/usr/sbin/policy-rc.d

	cp /etc/resolv.conf "$R/etc/resolv.conf"
	cp "$1" "$R/root/fumibako.deb"
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
	lock
	mount --bind "$CACHE/apt" "$R/var/cache/apt/archives"
	chroot "$R" apt-get -q update
	# The machine (sqlite3 is for the tests; fail2ban is optional), and then the package with what it depends on.
	export DEBIAN_FRONTEND=noninteractive
	chroot "$R" apt-get -q -y --no-install-recommends install \
	    systemd-sysv dbus sqlite3 fail2ban python3-systemd
	chroot "$R" apt-get -q -y --no-install-recommends install \
	    /root/fumibako.deb
	umount "$R/var/cache/apt/archives"
	unlock
	rm "$policy"
	# Nobody answers there, and says so at once.
	echo 'nameserver 127.0.0.1' >"$R/etc/resolv.conf"
	# Debian's own jail wants a file that nobody writes here.
	printf '[sshd]\nenabled = false\n' >"$R/etc/fail2ban/jail.d/zz.local"
	# It has no console.
	ln -s /dev/null "$R/etc/systemd/system/console-getty.service"
	ln -s /dev/null "$R/etc/systemd/system/getty@.service"
	tr -d - </proc/sys/kernel/random/uuid >"$R/etc/machine-id"
}

boot() { # ROOT
	R=$1
	ip link set lo up
	mount -t tmpfs -o mode=755 tmpfs "$R/run"
	mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
	cd "$R"
	pivot_root . mnt
	cd /
	umount -l /mnt
	exec env -i container=check-deb /lib/systemd/systemd \
	    --log-target=journal --show-status=0 </dev/null
}

# ---- the machine, seen from outside -----------------------------------------

# systemd is process 1 in there, and a child of unshare out here.
start_machine() { # -> UNSHARE, PID
	unshare -m -p -u -i -C --fork --kill-child \
	    bash "$SELF" inside "$WORK" "$DEB" >"$WORK/log" 2>&1 &
	UNSHARE=$!
	disown
	for _ in $(seq 3000); do
		PID=$(cat "/proc/$UNSHARE/task/$UNSHARE/children") || break
		PID=${PID% }
		[ "$(cat "/proc/$PID/comm" 2>/dev/null)" = systemd ] &&
			inside systemctl is-system-running 2>/dev/null |
			grep -qx 'running\|degraded' && return
		sleep 0.1
	done
	tail -40 "$WORK/log" >&2
	echo "the machine does not start" >&2
	return 1
}

inside() {
	nsenter -t "$PID" -a -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

clean_up() {
	[ -z "${UNSHARE:-}" ] || kill -KILL "$UNSHARE" 2>/dev/null || true
	while [ -n "${UNSHARE:-}" ] && kill -0 "$UNSHARE" 2>/dev/null; do
		sleep 0.1
	done
	rm -rf "$WORK"
}

if [ "${1:-}" = inside ]; then
	mount_root "$2"
	install_deb "$3"
	exec unshare -n bash "$SELF" boot "$R"
fi
[ "${1:-}" != boot ] || boot "$2"

if [ $# -ne 1 ] || [ ! -e "$1" ]; then
	sed -n '3s/^# //p' "$SELF" >&2
	exit 2
fi
mkdir -p "$CACHE/apt/partial"
lock
make_base
unlock
DEB=$(readlink -f "$1")
WORK=$(mktemp -d)
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
start_machine
DEB=$DEB MACHINE=$PID nsenter -t "$PID" -n -- node --test \
    --test-reporter=spec tests/deb/installed.test.mjs
