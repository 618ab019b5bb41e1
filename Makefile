# Everything that people and CI run. `make help` lists it.
SHELL := /bin/bash
SWIFT ?= swift
PACKAGES := libsqlite3-dev libxml2-dev libarchive-dev libssl-dev libsimdjson-dev pkg-config g++

.PHONY: help deps build release test format lint check golden bench demo new-connector clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

deps: ## install the C libraries that are missing
	@missing=""; for package in $(PACKAGES); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing$$missing"; $$sudo apt-get update -q >/dev/null && $$sudo apt-get install -qy $$missing >/dev/null; \
	fi

build: deps ## build for development
	$(SWIFT) build

release: deps ## build for use, into .build/release
	$(SWIFT) build -c release --product deskferry

test: deps ## run all tests
	$(SWIFT) test

format: ## format the code
	$(SWIFT) format -i -r -p --configuration .swift-format Package.swift Sources Connectors Tests

lint: ## check format and documentation comments
	$(SWIFT) format lint --strict -r -p --configuration .swift-format Package.swift Sources Connectors Tests

check: lint build test ## all that must hold before a change is taken

golden: ## rewrite golden files; fails so that nobody records by accident
	RECORD_GOLDEN=1 $(SWIFT) test

bench: release ## measure speed and memory against other tools
	@command -v jq >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -qy jq >/dev/null; } || true
	@python3 -c 'import duckdb' 2>/dev/null || pip install -q duckdb 2>/dev/null || true
	python3 Tests/Bench/bench.py --deskferry .build/release/deskferry --megabytes 250 --tenfold

demo: build ## run the main job on the bundled export
	bash Tests/DemoExport/demo.sh $$($(SWIFT) build --show-bin-path)/deskferry

new-connector: ## begin a connector: make new-connector NAME=Acme
	@test -n "$(NAME)" || { echo "name it: make new-connector NAME=Acme"; exit 2; }
	@test ! -e Connectors/$(NAME) || { echo "Connectors/$(NAME) exists already"; exit 2; }
	cp -r Connectors/Memory Connectors/$(NAME)
	cd Connectors/$(NAME) && for file in Memory*; do mv "$$file" "$(NAME)$${file#Memory}"; done && sed -i 's/Memory/$(NAME)/g; s/"memory"/"$(shell echo $(NAME) | tr A-Z a-z)"/g' *.swift README.md
	@echo "now add \"$(NAME)\" to 'vendors' in Package.swift, and a line to ConnectorCatalog and ContractTests; docs/CONTRIBUTING.md goes on"

clean: ## remove what builds and demos left
	rm -rf .build .build-* demo-out
