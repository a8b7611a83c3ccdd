#!/bin/sh
# Resolves the workspace and writes one hashed requirements file a member, one for development, one for the peer of
# the benchmark and one for uv itself. uv.lock names download addresses, so it stays out of git.
set -eu
cd "$(dirname "$0")/.."
uv=.tools/bin/uv

export_lock() { # name, arguments of uv export
    name=$1; shift
    { echo "# Written by \`make lock\`; never edited by hand."
      "$uv" export --quiet --locked --no-emit-workspace --no-annotate --no-header "$@"; } > "locks/$name.txt"
}

"$uv" lock --quiet --upgrade --python "${PYTHON:-python3}"
export_lock development --group dev
export_lock bench --only-group bench
export_lock uv --only-group uv
for member in services/*/pyproject.toml; do
    package=$(sed -n 's/^name = "\(.*\)"/\1/p' "$member")
    export_lock "$(basename "$(dirname "$member")")" --package "$package"
done
