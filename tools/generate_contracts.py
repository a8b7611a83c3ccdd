"""Generates the Python of the contracts from proto/, or compares what is committed with what would be generated.

python tools/generate_contracts.py            writes services/core/src/chronika/v1
python tools/generate_contracts.py --check    exits with 1 when that folder differs from proto/
"""

from __future__ import annotations

import filecmp
import sys
import tempfile
from importlib import resources
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
TARGET = ROOT / "services" / "core" / "src"
HEADER = '"""Generated from proto/chronika/v1 by `make proto`; never edited by hand."""\n'


def generate(target: Path) -> None:
    """Writes chronika/v1 below the target."""
    target.mkdir(parents=True, exist_ok=True)
    sources = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    well_known = resources.files("grpc_tools") / "_proto"
    arguments = ["protoc", f"-I{PROTO}", f"-I{well_known}", f"--python_out={target}", f"--mypy_out=quiet:{target}"]
    if protoc.main([*arguments, *sources]) != 0:
        raise SystemExit("protoc failed")
    (target / "chronika" / "v1" / "__init__.py").write_text(HEADER, encoding="utf-8")


def differences() -> list[str]:
    """Names of generated files that are missing, stale or left over in the tree."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        fresh, committed = Path(folder) / "chronika" / "v1", TARGET / "chronika" / "v1"
        names = {path.name for path in fresh.iterdir()} | {path.name for path in committed.glob("*.py*")}
        same, _, _ = filecmp.cmpfiles(fresh, committed, sorted(names), shallow=False)
        return sorted(names - set(same))


def main() -> int:
    """Generates, or checks with --check."""
    if "--check" not in sys.argv[1:]:
        generate(TARGET)
        return 0
    stale = differences()
    if stale:
        print("differs from proto/ (run `make proto`):", *stale)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
