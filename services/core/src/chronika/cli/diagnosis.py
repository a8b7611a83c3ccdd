"""What the doctor looks at: each look gives findings, and none of them changes anything."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from chronika.cli.options import settings_for
from chronika.domain.document import Layer
from chronika.domain.errors import ChronikaError
from chronika.runtime.plugins import (
    LANGUAGES,
    SERVICES,
    SOURCES,
    STAGES,
    STORES,
    Group,
    installed,
    load_all,
    load_languages,
    open_store,
)
from chronika.runtime.process import chosen_stages, load_stage
from chronika.runtime.settings import LoadedSettings, Settings, settings_file

_LIBRARIES = ("protobuf", "pydantic", "pydantic-settings", "prometheus-client", "structlog", "typer", "rich", "tzdata")
_LEAST_PYTHON = (3, 11)
_ENOUGH_DISK = 1_000_000_000
_LEAST_DISK = 100_000_000


class Verdict(IntEnum):
    """How it is, in order of gravity."""

    OK = 0
    WARN = 1
    FAIL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A line of the doctor."""

    verdict: Verdict
    subject: str
    told: str
    cure: str = ""


def findings(*, store: str | None, quick: bool) -> Iterator[Finding]:
    """All findings, each as soon as it is known, none twice."""
    seen = set()
    for finding in _looks(store=store, quick=quick):
        if finding not in seen:
            seen.add(finding)
            yield finding


def _looks(*, store: str | None, quick: bool) -> Iterator[Finding]:
    yield _python()
    yield from _versions()
    yield _encoding()
    yield _zones()
    yield from _plug_ins_of_all_kinds()
    try:
        loaded = settings_for(store=store)
    except ChronikaError as error:
        yield _failed("settings", error)
        return
    yield _settings(loaded)
    yield from _guarded("stages", _chain(loaded.values, quick=quick))
    yield from _store(loaded.values)


def _plug_ins_of_all_kinds() -> Iterator[Finding]:
    for group in (SOURCES, STAGES, LANGUAGES, STORES, SERVICES):
        yield from _guarded(group.name.removeprefix("chronika."), _plug_ins(group))


def _guarded(subject: str, found: Iterator[Finding]) -> Iterator[Finding]:
    """The findings, until an error ends them, which is one more."""
    try:
        yield from found
    except ChronikaError as error:
        yield _failed(subject, error)


def _failed(subject: str, error: ChronikaError) -> Finding:
    return Finding(verdict=Verdict.FAIL, subject=subject, told=f"{error.code}: {error.message}", cure=error.cure)


def _python() -> Finding:
    told = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {sys.prefix}"
    is_new = sys.version_info >= _LEAST_PYTHON
    return Finding(
        verdict=Verdict.OK if is_new else Verdict.FAIL,
        subject="python",
        told=told,
        cure="Install Python 3.11 or newer.",
    )


def _versions() -> Iterator[Finding]:
    """All members have one version; libraries are there."""
    own = version("chronika")
    members = {
        entry.dist.name: entry.dist.version
        for group in (SOURCES, STAGES, LANGUAGES, STORES, SERVICES)
        for entry in _entries(group).values()
        if entry.dist is not None and entry.dist.name.startswith("chronika-")
    }
    others = {name: found for name, found in sorted(members.items()) if found != own}
    told = f"chronika {own}" + (
        f", but {', '.join(f'{name} {found}' for name, found in others.items())}" if others else ""
    )
    yield Finding(
        verdict=Verdict.WARN if others else Verdict.OK,
        subject="versions",
        told=told,
        cure="Install all members in one version.",
    )
    found = {name: _version(name) for name in _LIBRARIES}
    missing = [name for name, number in found.items() if number is None]
    yield Finding(
        verdict=Verdict.FAIL if missing else Verdict.OK,
        subject="libraries",
        told=", ".join(f"{name} {number or 'missing'}" for name, number in found.items()),
        cure="Install chronika again with its dependencies.",
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _encoding() -> Finding:
    encoding = sys.stdout.encoding or locale.getencoding()
    is_full = encoding.lower().replace("-", "") == "utf8"
    return Finding(
        verdict=Verdict.OK if is_full else Verdict.WARN,
        subject="terminal",
        told=f"shows {encoding}",
        cure="What it lacks is shown as question marks; a UTF-8 locale or PYTHONIOENCODING=utf-8 shows all.",
    )


def _zones() -> Finding:
    try:
        ZoneInfo("Europe/Kyiv")
    except (OSError, ValueError, KeyError):
        return Finding(
            verdict=Verdict.FAIL, subject="time zones", told="Europe/Kyiv is unknown", cure="Install tzdata again."
        )
    return Finding(verdict=Verdict.OK, subject="time zones", told="Europe/Kyiv is known")


def _entries(group: Group[Any]) -> dict[str, Any]:
    try:
        return dict(installed(group))
    except ChronikaError:
        return {}  # told where this kind is looked at


def _plug_ins(group: Group[Any]) -> Iterator[Finding]:
    subject = group.name.removeprefix("chronika.")
    entries = installed(group)
    load_all(group)
    if entries or group is SERVICES:
        yield Finding(verdict=Verdict.OK, subject=subject, told=", ".join(map(_named, entries.values())) or "none")
        return
    yield Finding(
        verdict=Verdict.FAIL,
        subject=subject,
        told="none is installed",
        cure=f"Install the member that brings a {group.word}.",
    )


def _named(entry: Any) -> str:
    return f"{entry.name} ({entry.dist.name} {entry.dist.version})" if entry.dist is not None else str(entry.name)


def _settings(loaded: LoadedSettings) -> Finding:
    given = [f"{name} ({origin})" for name, origin in loaded.origins.items() if origin != "default"]
    file = settings_file()
    where = f"file {file}" if file else "no file"
    return Finding(verdict=Verdict.OK, subject="settings", told=f"{where}; set: {', '.join(given) or 'none'}")


def _chain(settings: Settings, *, quick: bool) -> Iterator[Finding]:
    """The stages fit together, add events, and their models load."""
    specs = chosen_stages(settings.stages)
    reads_events = any(spec.adds == Layer.EVENTS for spec in specs)
    yield Finding(
        verdict=Verdict.OK if reads_events else Verdict.FAIL,
        subject="order",
        told=", ".join(f"{spec.name} {spec.version} adds {spec.adds}" for spec in specs),
        cure="No stage adds events: install chronika-event-extract, or correct the setting stages.",
    )
    packs = load_languages()
    for spec in () if quick else specs:
        started = perf_counter()
        load_stage(spec, packs)
        told = f"{spec.name} is ready after {perf_counter() - started:.1f} s"
        yield Finding(verdict=Verdict.OK, subject="models", told=told)


def _store(settings: Settings) -> Iterator[Finding]:
    """The store can be opened, or made; there is room for it."""
    try:
        with open_store(settings.store, read_only=True) as store:
            status = store.status()
    except ChronikaError as error:
        if error.code != "store-missing":
            yield _failed("store", error)
            return
        yield from _place_of_a_new_store(settings.store)
        return
    told = f"{status.location}: {status.documents} documents, {status.events} events, {status.inbox} in the inbox"
    yield Finding(verdict=Verdict.OK, subject="store", told=f"{told}, schema {status.schema_version}")
    if status.dead_letters:
        yield Finding(
            verdict=Verdict.WARN,
            subject="dead letters",
            told=str(status.dead_letters),
            cure="`chronika dead-letters list` shows them.",
        )
    path = Path(status.location)
    if path.exists():
        yield _writable(path)
        yield _disk(path.parent)


def _place_of_a_new_store(address: str) -> Iterator[Finding]:
    path = Path(address.partition(":///")[2])
    folder = next((parent for parent in path.absolute().parents if parent.is_dir()), Path("/"))
    yield Finding(verdict=Verdict.OK, subject="store", told=f"{path} is not there yet; the first run makes it")
    yield _writable(folder)
    yield _disk(folder)


def _writable(path: Path) -> Finding:
    can_write = os.access(path, os.W_OK) and (path.is_dir() or os.access(path.parent, os.W_OK))
    return Finding(
        verdict=Verdict.OK if can_write else Verdict.FAIL,
        subject="writable",
        told=f"{path} can{'' if can_write else 'not'} be written",
        cure="Give this user the right to write it and its folder, or name another store with --store.",
    )


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    verdict = Verdict.OK if free >= _ENOUGH_DISK else Verdict.WARN if free >= _LEAST_DISK else Verdict.FAIL
    return Finding(
        verdict=verdict, subject="disk", told=f"{free / 1e9:.1f} GB free at {folder}", cure="Free space on this disk."
    )
