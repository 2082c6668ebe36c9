# npx fetches the package manager in this version: only Node has to be installed.
PNPM := npx --yes pnpm@12.21.0

.PHONY: setup build package demo test lint format bench checks suite

setup: node_modules/.modules.yaml

node_modules/.modules.yaml: package.json pnpm-workspace.yaml pnpm-lock.yaml $(wildcard lib/*/package.json tools/*/package.json)
	$(PNPM) install --frozen-lockfile
	@touch $@

build: setup
	$(PNPM) run build

# leti-VERSION.tgz, for npm install -g
package: build
	$(PNPM) run package

demo: build
	scripts/demo.sh

lint: build
	$(MAKE) checks

# The checks run beside the tests, which wait for phones and browsers a part of the time.
test: package
	scripts/ensure-command.sh adb adb
	scripts/ensure-command.sh chromium chromium chromium-browser google-chrome google-chrome-stable
	$(MAKE) --jobs=2 suite checks

# All scripts of this name, side by side.
checks:
	$(PNPM) run '/^lint:/'

suite:
	$(PNPM) run test

format: setup
	$(PNPM) run format

bench: build
	scripts/bench/run.sh
