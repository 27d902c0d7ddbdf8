# Two commands on a fresh machine: `make demo` and `make test`. Both install what is missing and build.

PREFIX ?= /usr/local
# The release build needs minutes, so only `install` makes it.
RELEASE = --configuration release --static-swift-stdlib
# Standard input is closed to git so that a missing package fails instead of asking for a password.
export GIT_TERMINAL_PROMPT = 0

.PHONY: help deps build demo test lint install

help:
	@echo 'make demo             install what is missing, build, run the main job on a private Docker engine'
	@echo 'make demo ENGINE=host the same on this host'"'"'s own Docker with the real images'
	@echo 'make test             install what is missing, build, lint, run all tests'
	@echo 'make build lint       the parts'
	@echo 'make install PREFIX=  release build, installed below PREFIX'

deps:
	@Tests/Support/install-deps

build: deps
	swift build

demo: build
	@FATESYNC="$$(swift build --show-bin-path)/fatesync" Tests/Support/demo $(ENGINE)

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

test: deps lint
	swift build --build-tests
	@status=0; \
	FATESYNC_EXECUTABLE="$$(swift build --show-bin-path)/fatesync" swift test --skip-build || status=$$?; \
	Tests/Support/engine stop test; exit $$status

install: deps
	swift build $(RELEASE) --product fatesync
	install -D -m 0755 "$$(swift build $(RELEASE) --show-bin-path)/fatesync" $(DESTDIR)$(PREFIX)/bin/fatesync
	find state -type f -exec install -D -m 0644 {} $(DESTDIR)$(PREFIX)/share/fatesync/{} \;
