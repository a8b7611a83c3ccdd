"""Finds what is installed: stages, languages, stores, sources and services, through entry points.

Listing imports nothing; loading imports one by name and checks what it finds. Two members that claim one name are
refused, since which of them would answer is chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar, cast

from chronika.domain.errors import ChronikaError, ConfigurationError
from chronika.ports.language_pack import LanguagePack
from chronika.ports.source import Source
from chronika.ports.stage import StageSpec
from chronika.ports.store import Store, StoreFactory

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """A kind of plug-in: its entry point group, the word for one of it, what it must be, and how its name is told."""

    name: str
    word: str
    promise: str
    fits: Callable[[object], bool]
    own_name: Callable[[T], str] | None = None


def _is_source(found: object) -> bool:
    return callable(found) and callable(getattr(found, "count", None))


STAGES: Group[StageSpec] = Group(
    "chronika.stages",
    "stage",
    "a chronika.ports.stage.StageSpec",
    lambda found: isinstance(found, StageSpec),
    lambda spec: spec.name,
)
LANGUAGES: Group[LanguagePack] = Group(
    "chronika.languages",
    "language",
    "a chronika.ports.language_pack.LanguagePack",
    lambda found: isinstance(found, LanguagePack),
    lambda pack: pack.code,
)
STORES: Group[StoreFactory] = Group(
    "chronika.stores", "store", "a chronika.ports.store.StoreFactory, which is called with an address", callable
)
SOURCES: Group[Source] = Group(
    "chronika.sources", "source", "a chronika.ports.source.Source: callable, with a method count", _is_source
)
SERVICES: Group[Callable[..., Any]] = Group(
    "chronika.services", "service", "a callable, which runs until it is stopped", callable
)


def installed(group: Group[Any]) -> dict[str, EntryPoint]:
    """What is installed, by name, sorted; nothing is imported.

    ConfigurationError `plug-in-twice` when two members claim one name.
    """
    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=group.name), key=lambda entry: entry.name):
        other = found.setdefault(entry.name, entry)
        if other is not entry:
            raise ConfigurationError(
                "plug-in-twice",
                f"{group.word} {entry.name!r} is installed twice: {_where(other)} and {_where(entry)}",
                cure="Uninstall one of the two.",
            )
    return found


def load(group: Group[T], name: str) -> T:
    """Imports one by its name and checks it.

    ConfigurationError: `plug-in-unknown`, `plug-in-broken` (its import fails), `plug-in-unfit` (it is something else).
    """
    entries = installed(group)
    if name not in entries:
        names = ", ".join(entries) or "none"
        raise ConfigurationError(
            "plug-in-unknown",
            f"no {group.word} {name!r} is installed (installed: {names})",
            cure=f"Install the member that brings it, or name another {group.word}.",
        )
    return _checked(group, entries[name], _imported(group, entries[name]))


def load_all(group: Group[T]) -> dict[str, T]:
    """Imports and checks everything of a kind, by name."""
    return {name: _checked(group, entry, _imported(group, entry)) for name, entry in installed(group).items()}


def open_store(address: str, *, read_only: bool = False) -> Store:
    """Opens the store that an address such as "sqlite:///chronika.db" names.

    ConfigurationError `plug-in-unknown` when no installed store answers to it; StoreError when it cannot be opened.
    """
    scheme = address.partition("://")[0].partition("+")[0]
    return load(STORES, scheme)(address, read_only=read_only)


def load_languages() -> Mapping[str, LanguagePack]:
    """The installed language packs by code."""
    return load_all(LANGUAGES)


def _imported(group: Group[Any], entry: EntryPoint) -> object:
    try:
        return entry.load()
    except ChronikaError:
        raise
    except Exception as error:
        raise ConfigurationError(
            "plug-in-broken",
            f"{group.word} {entry.name!r} ({_where(entry)}) cannot be imported: {type(error).__name__}: {error}",
            cure="Install it again with all that it needs; `chronika doctor` lists what is installed.",
        ) from error


def _checked(group: Group[T], entry: EntryPoint, found: object) -> T:
    if not group.fits(found):
        raise _unfit(group, entry, f"is no {group.promise.split(' ', 1)[1]}, it is a {type(found).__name__}")
    fitting = cast(T, found)
    if group.own_name is not None and group.own_name(fitting) != entry.name:
        raise _unfit(group, entry, f"calls itself {group.own_name(fitting)!r}")
    return fitting


def _unfit(group: Group[Any], entry: EntryPoint, reason: str) -> ConfigurationError:
    return ConfigurationError(
        "plug-in-unfit",
        f"{group.word} {entry.name!r} ({_where(entry)}) {reason}",
        cure=f"An entry point of {group.name} is {group.promise}, under its own name.",
    )


def _where(entry: EntryPoint) -> str:
    distribution = f"{entry.dist.name} {entry.dist.version}, " if entry.dist is not None else ""
    return f"{distribution}{entry.value}"
