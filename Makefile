# Two commands on a fresh machine: `make demo` and `make test`. Both install what is missing and build.

PREFIX ?= /usr/local
# The program itself is built as it is shipped, so that the demo and the tests run and measure that.
RELEASE = --configuration release --static-swift-stdlib
PROGRAM = $(CURDIR)/.build/release/fatesync
# A missing package fails instead of asking for a password.
export GIT_TERMINAL_PROMPT = 0

.PHONY: help deps build demo test test-all bench lint install deb

help:
	@echo 'make demo              install what is missing, build, run the main job on a private Docker engine'
	@echo 'make demo ENGINE=host  the same on the Docker of this host with the real images'
	@echo 'make test              install what is missing, build, lint, run all tests'
	@echo 'make test-all          the same, the package in a minimal Debian, and all faults at every request'
	@echo 'make bench             measure beside Docker Compose and the bare calls; writes the table into the manual'
	@echo 'make build, make lint  the parts'
	@echo 'make install PREFIX=   install below PREFIX'
	@echo 'make deb               the Debian package, in build/; FATESYNC=PROGRAM packs one that is built already'

deps:
	@Tests/Support/install-deps

build: deps
	@mkdir -p .build/static && ln -sf "$$(gcc -print-file-name=libstdc++.a)" .build/static/
	swift build $(RELEASE) --product fatesync

demo: build
	@FATESYNC=$(PROGRAM) Tests/Support/demo $(ENGINE)

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

# One test at a time: several of them measure, and want the machine for themselves. Only the pure core's do not.
CORE_TESTS = '^(DesiredStateTests|PlanningTests)\.'
test: build lint
	swift build --build-tests
	FATESYNC_EXECUTABLE=$(PROGRAM) swift test --skip-build --filter $(CORE_TESTS)
	FATESYNC_EXECUTABLE=$(PROGRAM) swift test --no-parallel --skip-build --skip AcceptanceTests --skip $(CORE_TESTS)
	FATESYNC_EXECUTABLE=$(PROGRAM) FATESYNC_RELEASE=1 swift test --no-parallel --skip-build --filter AcceptanceTests

# The journal altered 13,000 times, the package in a minimal Debian, and every kind of fault at every request of every
# shape of plan: hours, so that goes on where it was interrupted.
SWEPT = .build/swept
test-all: test
	FATESYNC_TRIALS=1000 swift test --skip-build --filter JournalMutationTests
	Tests/Support/check-package $(PROGRAM)
	Tests/Support/sweep --fatesync $(PROGRAM) --resume $(SWEPT) --verbose
	@rm -f $(SWEPT)

# Wants the machine for itself. The table is written even when a bound does not hold.
bench: build
	FATESYNC=$(PROGRAM) Tests/Support/bench --write

install: build
	packaging/install $(PROGRAM) $(PREFIX) $(DESTDIR)

ifeq ($(FATESYNC),)
deb: build
	packaging/deb $(PROGRAM) build
else
deb:
	packaging/deb $(FATESYNC) build
endif
