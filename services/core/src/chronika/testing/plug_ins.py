"""Installs a plug-in for a test: a folder that holds a module and says by its metadata what it offers.

Put on the module search path (`PYTHONPATH` for other processes) it is found like any installed member.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent


def install_plug_in(
    folder: Path,
    *,
    module: str,
    source: str,
    offers: Mapping[str, Mapping[str, str]],
    files: Mapping[str, str] | None = None,
) -> Path:
    """Writes a distribution into a folder and returns the folder.

    `module` is the name of its module, `source` the code (dedented). `offers` maps entry point groups to the names and
    objects that it offers: {"chronika.stages": {"count-words": "STAGE"}}. `files` are laid beside the module.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{module}.py").write_text(dedent(source), encoding="utf-8")
    for name, text in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    metadata = folder / f"{module}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: 1.0\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text(_entry_points(module, offers), encoding="utf-8")
    return folder


def _entry_points(module: str, offers: Mapping[str, Mapping[str, str]]) -> str:
    sections = []
    for group, entries in offers.items():
        lines = [f"{name} = {module}:{found}" for name, found in entries.items()]
        sections.append("\n".join([f"[{group}]", *lines]))
    return "\n\n".join(sections) + "\n"
