# npx fetches the package manager in this version: only Node has to be installed.
PNPM := npx --yes pnpm@12.21.0

.PHONY: setup build package demo study test lint format bench

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

# SIZE=small, medium or full; DEVICE='node+wasm pixel-gpu': see scripts/study.mk
study: build
	scripts/ensure-command.sh jq jq
	@$(MAKE) --no-print-directory -f scripts/study.mk

# All scripts of this name, side by side.
lint: build
	$(PNPM) run '/^lint:/'

test: package
	scripts/ensure-command.sh adb adb
	scripts/ensure-command.sh chromium chromium chromium-browser google-chrome google-chrome-stable
	scripts/ensure-command.sh jq jq
	scripts/ensure-command.sh parallel parallel
	scripts/ensure-command.sh redis-server redis-server
	$(PNPM) run test

format: setup
	$(PNPM) run format

bench: build
	scripts/bench/run.sh
