#!/bin/sh
# Makes .venv with exactly the hashed requirements of locks/development.txt and the members of the workspace.
set -eu
cd "$(dirname "$0")/.."

"$PYTHON" - <<'CHECK' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"Chronika needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. "
             "Name another one: make PYTHON=python3.12 setup")
CHECK

if [ ! -x .tools/bin/uv ]; then
    "$PYTHON" -m venv .tools || { echo "python3 -m venv failed: install the venv module of your Python (Debian: python3-venv)"; exit 1; }
    .tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r locks/uv.txt
fi

[ -x .venv/bin/python ] || .tools/bin/uv venv --quiet --python "$PYTHON" .venv
.tools/bin/uv pip sync --quiet --python .venv --require-hashes locks/development.txt
members=
for member in services/*/pyproject.toml; do members="$members --editable $(dirname "$member")"; done
# hatchling comes from the lock, so that building the members fetches nothing that is not hashed
.tools/bin/uv pip install --quiet --python .venv --no-deps --no-build-isolation $members
touch .venv/.ready
