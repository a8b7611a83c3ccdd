#!/bin/sh
# Measures speed and memory beside natasha in the same run and writes docs/performance.md.
# BENCH_RU and BENCH_UK name other articles than the samples: JSON lines with `text`, or folders of .txt files.
set -eu
cd "$(dirname "$0")/.."
if [ ! -f .tools/bench/.ready ] || [ locks/bench.txt -nt .tools/bench/.ready ]; then
    .tools/bin/uv venv --quiet --clear --python .venv/bin/python .tools/bench
    .tools/bin/uv pip sync --quiet --python .tools/bench --require-hashes locks/bench.txt
    touch .tools/bench/.ready
fi
exec python tools/bench/report.py --peer .tools/bench/bin/python --write docs/performance.md
