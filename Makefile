# The package manager is pinned here and fetched by npx: nothing need be installed beforehand.
PNPM := npx --yes pnpm@12.21.0

.PHONY: setup build demo test lint format bench

setup: node_modules/.modules.yaml

node_modules/.modules.yaml: package.json pnpm-workspace.yaml pnpm-lock.yaml $(wildcard lib/*/package.json tools/*/package.json)
	$(PNPM) install --frozen-lockfile
	@touch $@

build: setup
	$(PNPM) run build

demo: build
	scripts/demo.sh

lint: build
	$(PNPM) run lint

test: build lint
	scripts/ensure-command.sh adb adb
	scripts/ensure-command.sh chromium chromium chromium-browser google-chrome google-chrome-stable
	$(PNPM) run test

format: setup
	$(PNPM) run format

bench: build
	scripts/bench/run.sh
