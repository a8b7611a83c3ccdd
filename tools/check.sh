#!/bin/sh
# All that can be said of the code without running it, and the test of its structure.
set -eu
cd "$(dirname "$0")/.."
step() { echo "== $*"; "$@"; }

step ruff check --quiet .
step ruff format --check --quiet .
# One run a member: a single root run fails on hyphenated folders and hides a missing py.typed.
for source in services/*/src; do step mypy --config-file pyproject.toml "$source"; done
step mypy --config-file pyproject.toml tools/generate_contracts.py
(cd tools/bench && step mypy --config-file ../../pyproject.toml .)
step lint-imports --no-cache
(cd proto && step buf lint)
step python tools/generate_contracts.py --check
step pytest -q tests/architecture -m "not integration"
