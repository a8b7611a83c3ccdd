# Every way to run Chronika. Needs a shell, make, git and Python 3.11 or newer; the rest is fetched into .venv and .tools.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Set when this shell stands in another environment; uv would warn on every call.
unexport VIRTUAL_ENV

.PHONY: help setup run check test test-integration bench evaluate proto lock format clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## fetch what is needed and install Chronika into .venv

$(READY): $(wildcard locks/*.txt) $(wildcard services/*/pyproject.toml) VERSION tools/setup.sh
	@PYTHON=$(PYTHON) sh tools/setup.sh

run: $(READY) ## turn the sample articles into stored events and show them
	@chronika run samples/ru samples/uk --store var/samples.db
	@chronika query events --store var/samples.db

check: $(READY) ## linters, types, import rules, contracts, structure
	@sh tools/check.sh

test: $(READY) ## all tests that need no server
	@pytest tests -m "not integration"

test-integration: $(READY) ## crash tests: processes are killed, disks fill up
	@pytest tests -m integration

bench: $(READY) ## measure speed and memory beside natasha and write docs/performance.md
	@sh tools/bench.sh

evaluate: $(READY) ## score the sample articles against their annotations
	@chronika evaluate samples/ru.gold.jsonl samples/uk.gold.jsonl

proto: $(READY) ## generate the Python of the contracts from proto/
	@python tools/generate_contracts.py

lock: $(READY) ## resolve the dependencies anew and write locks/
	@sh tools/lock.sh

format: $(READY) ## format the code
	@ruff format .
	@ruff check --fix --quiet .

clean: ## remove everything that was fetched or made
	rm -rf .venv .tools var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
