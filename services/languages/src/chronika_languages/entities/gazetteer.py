"""Settlements of gazetteer.tsv: where they lie, and which go by a name.

The file is read once a process and split into lines; names are indexed at the first search (30 ms), and a line becomes
an entity when it is asked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from chronika_languages.entities.entity import Entity, EntityKind

FILE = "gazetteer.tsv"
_LANGUAGES = ("ru", "uk")
_FOREIGN = {"ru": re.compile("[іїєґ']", re.IGNORECASE), "uk": re.compile("[ыэъё]", re.IGNORECASE)}
"""Letters that a name in a language does not have."""


class Gazetteer:
    """Settlements by name and by id. 25,000 of them; lines and index take 16 MB."""

    def __init__(self, lines: Sequence[str]) -> None:
        """`lines` have the columns of the file, without its header."""
        self._lines = lines
        self._by_name: dict[str, list[int]] = {}
        self._by_id: dict[str, int] = {}

    def of_tables(self) -> Iterator[Entity]:
        """The settlements that other tables list, by the ids of those."""
        for line in self._lines:
            if not line[0].isdigit():
                yield _entity(line)

    def named(self, key: str) -> Sequence[Entity]:
        """The settlements that go by a name, given as `name_key` makes it, in no order."""
        if not self._by_name:
            self._by_name = _names(self._lines)
        return [_entity(self._lines[place]) for place in self._by_name.get(key, ())]

    def get(self, entity_id: str) -> Entity | None:
        """The settlement of an id."""
        if not self._by_id:
            self._by_id = {_id(*line.split("\t", 2)[:2]): place for place, line in enumerate(self._lines)}
        place = self._by_id.get(entity_id)
        return None if place is None else _entity(self._lines[place])


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of this package, shared by all who read it in a process."""
    text = (files("chronika_languages.entities") / FILE).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return Gazetteer(lines[1:])


def _names(lines: Sequence[str]) -> dict[str, list[int]]:
    """Line numbers by name; the writer of the file leaves only ё and capitals to be made even."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        for name in line.rpartition("\t")[2].lower().replace("ё", "е").split(";"):
            places = found[name]
            if not places or places[-1] != place:
                places.append(place)
    return dict(found)


def _id(written: str, code: str) -> str:
    return f"place:{code}:{written}" if written.isdigit() else written


def _entity(line: str) -> Entity:
    written, code, region, latitude, longitude, population, english, names = line.split("\t")
    return Entity(
        id=_id(written, code),
        kind=EntityKind.PLACE,
        code=code,
        sector="",
        english=english,
        names=_by_language(names.split(";")),
        extent="settlement",
        coordinates=(float(latitude), float(longitude)),
        region=f"place:{code}:{region}" if region else "",
        population=int(population),
    )


def _by_language(names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    return {language: tuple(name for name in names if not _FOREIGN[language].search(name)) for language in _LANGUAGES}
