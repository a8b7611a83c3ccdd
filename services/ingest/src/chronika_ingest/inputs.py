"""Which files the operator means: paths, folders, patterns, standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from chronika.domain.errors import RefusedInputError
from chronika.ports.source import STANDARD_INPUT, Refusal
from chronika_ingest.refusals import refusal_of, refused

_ADDRESS = ("http://", "https://", "ftp://", "feed://")


def find_inputs(sources: Sequence[str]) -> Iterator[Path | str | Refusal]:
    """The files of the sources in their order, `STANDARD_INPUT` as it stands, and a refusal for what names none.

    Folders are read recursively, sorted by name; hidden files and folders in them are left out. Links to folders are
    followed, a circle of links but once.
    """
    for source in sources:
        try:
            yield from _inputs_of(source)
        except RefusedInputError as error:
            yield refusal_of(error, source)


def _inputs_of(source: str) -> Iterator[Path | str | Refusal]:
    if source == STANDARD_INPUT:
        yield STANDARD_INPUT
        return
    if source.startswith(_ADDRESS):
        raise refused("address-not-fetched", f"{source} is an address")
    if "\x00" in source or not source:
        raise refused("missing-file", f"{source!r} is no path")
    path = Path(source)
    if path.is_dir():
        yield from _folder(path)
    elif os.path.lexists(path):
        yield path
    elif glob.has_magic(source):
        yield from _matches(source)
    else:
        raise refused("missing-file", f"{source} is not there")


def _matches(pattern: str) -> Iterator[Path | Refusal]:
    found = [Path(match) for match in sorted(glob.iglob(pattern, recursive=True))]  # noqa: PTH207 - may be absolute
    if not found:
        raise refused("no-match", f"nothing matches {pattern}")
    for match in found:
        if not match.is_dir():
            yield _checked(match)
        elif "**" not in pattern:
            yield from _folder(match)


def _folder(folder: Path) -> Iterator[Path | Refusal]:
    empty = True
    for entry in _walk(folder, frozenset()):
        empty = False
        yield entry
    if empty:
        raise refused("no-match", f"the folder {folder} holds no files")


def _walk(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Path | Refusal]:
    """The files of a folder; `above` are device and inode of the folders that lead to it."""
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield refusal_of(refused("unreadable-file", f"{folder} cannot be listed: {error.strerror}"), str(folder))
        return
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, above | {identity})
        else:
            yield _checked(entry)


def _checked(path: Path) -> Path | Refusal:
    """The path; a refusal for a pipe or a device, which would be waited for without end."""
    if path.is_file() or not path.exists():
        return path
    return refusal_of(refused("not-regular", f"{path} is no ordinary file"), str(path))
