# Fumibako.  No configure step; override on the command line or in
# Makefile.local.
#
#   make              the programs, into build/
#   make demo         the whole stack on loopback, until Ctrl-C
#   make check        every test; what CI runs
#   make bench        timings, into build/bench.json
#   make install      DESTDIR= PREFIX=/usr UNITDIR=
#   make deb          a Debian package, into build/deb
#   make check-deb    installs it in a fresh Debian, and runs it there
-include Makefile.local

CC ?= gcc
CFLAGS ?= -O2 -g
WARN = -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 \
	-Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wwrite-strings \
	-Wswitch-enum -Wvla -Wundef -Werror
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection -fPIE
HARDEN_LD = -pie -Wl,-z,relro,-z,now,-z,noexecstack
ifdef SAN
B := build/san
HARDEN = -fsanitize=address,undefined -fno-omit-frame-pointer \
	-fno-sanitize-recover=all
HARDEN_LD = -fsanitize=address,undefined
CFLAGS = -O1 -g
else
B := build
endif
HARDEN_LD += $(LDFLAGS)

# The one place that names the version.
VERSION := $(shell sed -n 's/^\#\# \([0-9.]*\).*/\1/p;/^\#\# /q' CHANGES.md)
CPPFLAGS_ALL = $(CPPFLAGS) -D_GNU_SOURCE -Icgi -I$(B)/gen -I. \
	-isystem /usr/include/ClearSilver
CFLAGS_ALL = $(WARN) $(HARDEN) $(CFLAGS) -MMD -MP

# What the web program and the operator's tool share, and nothing else: if
# core needed libfcgi or a template, the tool would not link.
SHARED = $(patsubst cgi/%.c,$(B)/o/%.o,$(sort $(wildcard cgi/base/*.c \
	cgi/core/*.c cgi/store/*.c)))
WEB = $(patsubst cgi/%.c,$(B)/o/%.o,$(sort $(wildcard cgi/http/*.c \
	cgi/render/*.c cgi/page/*.c)))
MIGRATE = $(patsubst cgi/%.c,$(B)/o/%.o,$(sort $(wildcard cgi/migrate/*.c)))
TOOL = $(patsubst cgi/%.c,$(B)/o/%.o,$(sort $(wildcard cgi/tool/*.c)))
LISTMAIL = $(patsubst cgi/%.c,$(B)/o/%.o,$(sort $(wildcard cgi/listmail/*.c)))
LISTS = $(patsubst cgi/%.c,$(B)/o/%.o,$(sort $(wildcard cgi/lists/*.c)))
NEO = -lneo_cs -lneo_utl -lz
SHARED_LIBS = -lcsv -lsqlite3 -lcrypt -lzxcvbn -lsodium -lidn2 $(NEO) -lm
UNIT = $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard \
	tests/unit/test_*.c)))
SCHEMA = $(sort $(wildcard schema/*.sql))

.PHONY: all deps check unit lint e2e bench demo demo-start demo-stop clean \
	format fuzz install deb check-deb
# In /usr/sbin there is fumibako; these are run by other programs.
LIBEXEC = fumibako.fcgi fumibako-oldest fumibako-lists fumibako-list-mail
all: deps $(B)/fumibako $(addprefix $(B)/,$(LIBEXEC)) $(B)/catch

$(B)/libfumibako.a: $(SHARED)
	rm -f $@ && $(AR) rcs $@ $^

$(B)/fumibako.fcgi: $(B)/o/main.o $(B)/o/app.o $(WEB) $(B)/libfumibako.a
	@echo "  LD $@"
	@$(CC) $(HARDEN_LD) -o $@ $^ -lfcgi $(SHARED_LIBS)

$(B)/fumibako: $(TOOL) $(MIGRATE) $(B)/libfumibako.a
	@echo "  LD $@"
	@$(CC) $(HARDEN_LD) -o $@ $^ -lcurl -ljansson $(SHARED_LIBS)

$(B)/fumibako-lists: $(LISTS) $(B)/libfumibako.a
	@echo "  LD $@"
	@$(CC) $(HARDEN_LD) -o $@ $^ $(SHARED_LIBS)

$(B)/fumibako-list-mail: $(LISTMAIL) $(B)/o/base/log.o
	@echo "  LD $@"
	@$(CC) $(HARDEN_LD) -o $@ $^

$(B)/fumibako-oldest: $(B)/o/oldest.o
	@echo "  LD $@"
	@$(CC) $(HARDEN_LD) -o $@ $^

# For the demo and the tests only.
$(B)/catch: demo/catch.c | deps
	@echo "  LD $@"
	@$(CC) $(CPPFLAGS_ALL) $(WARN) $(HARDEN) $(CFLAGS) $(HARDEN_LD) -o $@ $<

$(B)/o/%.o: cgi/%.c | deps $(B)/gen/schema_sql.h
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

$(B)/o/tool/tool.o: CPPFLAGS_ALL += -DVERSION='"$(VERSION)"'
$(B)/o/tool/tool.o: CHANGES.md

# The schema as C arrays: the tool creates and migrates from the same bytes
# that the tests use and the documentation names.
$(B)/gen/schema_sql.h: $(SCHEMA)
	@mkdir -p $(@D)
	for f in $(SCHEMA); do n=$$(basename $$f .sql | tr - _); \
		echo "static const char sql_$$n[] = {"; \
		od -An -v -tx1 $$f | sed 's/ \(..\)/0x\1,/g'; \
		echo "0x00};"; done > $@

# -- packages ---------------------------------------------------------------
# packages.txt is the one list.  A line "PACKAGE unless COMMAND" is left out
# where the machine has that command from elsewhere.
# DEPS= : they are there already (a package is being built).
DEPS = build/.deps
deps: $(DEPS)
build/.deps: packages.txt
	@mkdir -p build
	sh tests/deps.sh packages.txt
	@touch $@

node_modules/.package-lock.json: package-lock.json | deps
	npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

# -- the stack --------------------------------------------------------------
DEMO_DIR ?= /tmp/fumibako-demo
DEMO_PORT ?= 8443
demo: all
	exec bash demo/stack.sh run "$(DEMO_DIR)" "$(DEMO_PORT)"
demo-start: all
	bash demo/stack.sh start "$(DEMO_DIR)" "$(DEMO_PORT)"
demo-stop:
	bash demo/stack.sh stop "$(DEMO_DIR)"

# -- install ----------------------------------------------------------------
# Units and tmpfiles.d are filled in with the places of this installation;
# all other templates by the administrator, with fumibako-configure.
PREFIX ?= /usr
UNITDIR ?= $(PREFIX)/lib/systemd/system
install: all
	install -d $(DESTDIR)/etc/fumibako $(DESTDIR)$(PREFIX)/sbin \
		$(DESTDIR)$(PREFIX)/libexec/fumibako
	sed 's|^PREFIX=/usr$$|PREFIX=$(PREFIX)|' etc/fumibako-configure \
		>$(B)/fumibako-configure
	install $(B)/fumibako $(B)/fumibako-configure $(DESTDIR)$(PREFIX)/sbin/
	install $(addprefix $(B)/,$(LIBEXEC)) etc/fumibako-backup \
		$(DESTDIR)$(PREFIX)/libexec/fumibako/
	install -D -m 644 etc/bash-completion/fumibako \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/fumibako
	for f in $$(find templates static etc/*.in etc/*/ -type f \
			! -path 'etc/systemd/*' ! -path 'etc/bash-*'); do \
		install -D -m 644 $$f $(DESTDIR)$(PREFIX)/share/fumibako/$$f \
			|| exit; done
	for f in man/*.[158]; do install -D -m 644 $$f \
		$(DESTDIR)$(PREFIX)/share/man/man$${f##*.}/$${f##*/} \
			|| exit; done
	for f in etc/systemd/*.in etc/systemd/*/*.in etc/tmpfiles.d/*.in; do \
		to=$${f%.in} && case $$f in \
		etc/systemd/*) to=$(DESTDIR)$(UNITDIR)/$${to#etc/systemd/} ;; \
		*) to=$(DESTDIR)$(PREFIX)/lib/$${to#etc/} ;; esac && \
		sh $(B)/fumibako-configure fill /dev/null $$f >$(B)/filled && \
		install -D -m 644 $(B)/filled $$to || exit; done

deb: all
	sh tests/make-deb.sh

# -- tests ------------------------------------------------------------------
check-deb: export DEB_BUILD_OPTIONS ?= nocheck parallel=$(shell nproc)
check-deb: deb node_modules/.package-lock.json
	bash tests/check-deb.sh build/deb/fumibako_*.deb

check: all node_modules/.package-lock.json
	sh tests/check.sh

unit: $(UNIT)
	@for t in $(UNIT); do $$t || exit 1; done

units: deps $(UNIT)

$(B)/unit/%: $(B)/unit/%.o $(B)/unit/tempdb.o $(WEB) \
		$(filter-out %/lists.o,$(LISTS)) $(MIGRATE) \
		$(filter-out %/listmail.o,$(LISTMAIL)) $(B)/libfumibako.a
	@echo "  LD $@"
	@$(CC) $(HARDEN_LD) -o $@ $^ -lcmocka -lfcgi $(SHARED_LIBS)

$(B)/unit/%.o: tests/unit/%.c | deps $(B)/gen/schema_sql.h
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

# Parsers fed with anything, a bounded time; `make fuzz FUZZ_RUNS=-1` for as
# long as it is let.
FUZZ_RUNS ?= 50000
FUZZ_COMMON = cgi/base/pool.c cgi/base/log.c cgi/base/utf8.c \
	cgi/core/finding.c
FUZZ_form = cgi/http/form.c
FUZZ_cookie = cgi/http/cookie.c
FUZZ_address = cgi/core/address.c cgi/core/network.c
FUZZ_csvfile = cgi/core/csvfile.c cgi/core/csvdecode.c
FUZZ_multipart = cgi/http/multipart.c cgi/http/form.c
FUZZ_judge = cgi/listmail/judge.c cgi/listmail/field.c cgi/listmail/footer.c
FUZZ_dump = cgi/migrate/dump.c cgi/migrate/dump_text.c
FUZZ_vpasswd = cgi/migrate/vpasswd.c
FUZZ = $(addprefix build/fuzz/,form cookie address csvfile multipart judge \
	dump vpasswd)

fuzz: $(FUZZ)
	@for f in $(FUZZ); do mkdir -p $$f.corpus && echo "fuzz $$f" && \
		$$f -runs=$(FUZZ_RUNS) -seed=1 -max_len=1024 -timeout=5 \
		-dict=tests/fuzz/fuzz_$${f##*/}.dict -verbosity=0 \
		-artifact_prefix=build/fuzz/ $$f.corpus || exit 1; done

.SECONDEXPANSION:
build/fuzz/%: tests/fuzz/fuzz_%.c $$(FUZZ_$$*) $(FUZZ_COMMON) | deps
	@mkdir -p $(@D)
	clang -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-g -O1 $(CPPFLAGS_ALL) -std=c17 -Wall -Wextra -Werror \
		-o $@ $^ -lcsv -lidn2

bench: all $(B)/bench-reference
	bash tests/bench/run.sh

$(B)/bench-reference: tests/bench/reference.c | deps
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(HARDEN_LD) -o $@ $< -lfcgi \
		-lsqlite3 $(NEO)

format:
	git diff -U0 --no-color HEAD -- '*.c' '*.h' | clang-format-diff-14 -p1 -i

clean:
	rm -rf build

.SECONDARY:
-include $(shell find $(B)/o $(B)/unit -name '*.d' 2>/dev/null)
