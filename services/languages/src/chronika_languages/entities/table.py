"""The tables of entities and the ways to look a name up in them."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from typing import Self

from chronika.domain.errors import ConfigurationError
from chronika_languages.entities.entity import Entity, EntityKind, Organ, Term
from chronika_languages.entities.gazetteer import FILE, Gazetteer, gazetteer

_SAME = str.maketrans("ё’ʼ‘`\u2010\u2011–—−", "е''''-----")
_QUOTES = re.compile('[«»„“”"‟]')
_SPACES = re.compile(r"[\s\u00a0]+")
_HYPHEN = re.compile(r"\s*-\s*")
_COLUMNS = frozenset({"id", "kind", "code", "sector", "english", "office", "since", "until", "domain", "alpha2"})
_KINDS = {
    "countries.tsv": EntityKind.COUNTRY,
    "capitals.tsv": EntityKind.CAPITAL,
    "regions.tsv": EntityKind.PLACE,
    "media.tsv": EntityKind.OUTLET,
    "persons.tsv": EntityKind.PERSON,
}
_KIND_WORDS = {
    "seat": EntityKind.SEAT,
    "region": EntityKind.REGION,
    "defacto": EntityKind.DEFACTO,
    "firm": EntityKind.FIRM,
}
_GOVERNMENT = "GOV"
_EXTENTS = {
    EntityKind.COUNTRY: "country",
    EntityKind.CAPITAL: "settlement",
    EntityKind.REGION: "region",
    EntityKind.DEFACTO: "region",
}
_OTHER_FILES = frozenset({"organs.tsv", FILE})


def name_key(name: str) -> str:
    """A name as it is looked up: lower case, without quotation marks, ё as е, one kind of apostrophe and hyphen."""
    plain = _QUOTES.sub(" ", name).casefold().translate(_SAME)
    return _SPACES.sub(" ", _HYPHEN.sub("-", plain)).strip()


class EntityTable:
    """All entities. Immutable once loaded; loading takes about 70 ms.

    Settlements that only the gazetteer knows are found by `places` and `get`; `named` and iteration leave them out.
    """

    def __init__(
        self, entities: Iterable[Entity], organs: Iterable[Organ] = (), settlements: Gazetteer | None = None
    ) -> None:
        self._by_id = {entity.id: entity for entity in entities}
        self._settlements = settlements or Gazetteer(())
        for settlement in self._settlements.of_tables():
            self._locate(settlement)
        self.organs = tuple(organs)
        self._by_name: dict[tuple[str, str], list[Entity]] = defaultdict(list)
        self._organ_by_name: dict[tuple[str, str], Organ] = {}
        for entity in self._by_id.values():
            for language, name in _all_names(entity.names, entity.english):
                _append(self._by_name[language, name_key(name)], entity)
        for organ in self.organs:
            for language, name in _all_names(organ.names):
                self._organ_by_name[language, name_key(name)] = organ

    @classmethod
    def load(cls, *, extra: Iterable[Traversable] = ()) -> Self:
        """Read the tables of this package, then those given; a later row of the same id takes the place of an earlier.

        An extra file is a TSV with the columns of organizations.tsv or, for persons, of persons.tsv.
        ConfigurationError `entity-table-invalid` names the file and the row.
        """
        folder = files("chronika_languages.entities")
        own = sorted((file for file in folder.iterdir() if file.name.endswith(".tsv")), key=lambda file: file.name)
        tables = [*(file for file in own if file.name not in _OTHER_FILES), *extra]
        entities = [entity for file in tables for entity in _entities(file)]
        return cls(entities, _organs(folder / "organs.tsv"), gazetteer())

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._by_id.values())

    def get(self, entity_id: str) -> Entity | None:
        """The entity of an id."""
        return self._by_id.get(entity_id) or self._settlements.get(entity_id)

    def places(self, name: str) -> Sequence[Entity]:
        """Settlements of the gazetteer that go by a name in the nominative, largest first; in any language."""
        found = (self._by_id.get(place.id, place) for place in self._settlements.named(name_key(name)))
        return sorted(found, key=lambda place: (-place.population, place.id))

    def named(self, name: str, language: str) -> Sequence[Entity]:
        """Entities that go by a name in the nominative; a name in Latin letters is the same in all languages."""
        return self._by_name.get((language, name_key(name)), ())

    def organ(self, name: str, language: str) -> Organ | None:
        """The kind of state organ that goes by a name ("министерство обороны")."""
        return self._organ_by_name.get((language, name_key(name)))

    def organ_of(self, organ: Organ, code: str) -> Entity:
        """An organ of a state, with the entity of its own name where it has one (Bundestag)."""
        entity_id = organ.entity_id(code)
        known = self._by_id.get(entity_id)
        if known is not None:
            return known
        return Entity(
            id=entity_id,
            kind=EntityKind.ORGANIZATION,
            code=code,
            sector=organ.sector,
            english=f"{organ.english} ({code})",
            names={},
        )

    def _locate(self, settlement: Entity) -> None:
        """Give the entity of a table what the gazetteer knows of it."""
        known = self._by_id.get(settlement.id)
        if known is not None:
            self._by_id[known.id] = replace(
                known,
                coordinates=settlement.coordinates,
                region=settlement.region,
                population=settlement.population,
            )


def _append(entities: list[Entity], entity: Entity) -> None:
    if entity not in entities:
        entities.append(entity)


def _all_names(names: Mapping[str, tuple[str, ...]], english: str = "") -> Iterator[tuple[str, str]]:
    """Every name with its language; one in Latin letters, the English one too, with every language."""
    yield from ((language, english) for language in names if english)
    for language, forms in names.items():
        for form in forms:
            if form.isascii():
                yield from ((other, form) for other in names)
            else:
                yield language, form


def _entities(file: Traversable) -> Iterator[Entity]:
    rows = _rows(file)
    for _, group in groupby(rows, key=lambda row: row.get("id", "")):
        own = list(group)
        try:
            yield _entity(file.name, own)
        except KeyError as error:
            raise _invalid(file, own[0], f"no column {error}") from error


def _entity(file_name: str, rows: Sequence[Mapping[str, str]]) -> Entity:
    row = rows[0]
    terms = tuple(
        Term(one["code"], one["sector"], one["office"], one["since"], one["until"]) for one in rows if "since" in one
    )
    kind = EntityKind.PERSON if terms else _KINDS.get(file_name) or _kind(row["kind"])
    return Entity(
        id=row["id"],
        kind=kind,
        code=row["code"],
        sector=row.get("sector", _GOVERNMENT if kind is EntityKind.CAPITAL else ""),
        english=row["english"],
        names=_names(row),
        terms=terms,
        extent=row["kind"] if kind is EntityKind.PLACE else _EXTENTS.get(kind, ""),
    )


def _kind(word: str) -> EntityKind:
    """igo, ngo, organ, service, force, party and armed-group are all organisations."""
    try:
        return EntityKind(word)
    except ValueError:
        return EntityKind.ORGANIZATION


def _names(row: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Names by language: every column that is none of the known ones is a language."""
    return {
        column: tuple(form.strip() for form in cell.split(";") if form.strip())
        for column, cell in row.items()
        if column not in _COLUMNS
    }


def _organs(file: Traversable) -> list[Organ]:
    return [
        Organ(kind=row["id"], sector=row["sector"], english=row["english"], names=_names(row)) for row in _rows(file)
    ]


def _rows(file: Traversable) -> list[dict[str, str]]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
    rows = []
    for row in reader:
        if None in row:
            raise _invalid(file, row, "more cells than columns")
        rows.append({column: cell.strip() for column, cell in row.items()})
    return rows


def _invalid(file: Traversable, row: Mapping[str, str], reason: str) -> ConfigurationError:
    return ConfigurationError(
        "entity-table-invalid",
        f"{file.name}, row {row.get('id', '')!r}: {reason}",
        cure="The columns are those of organizations.tsv, or of persons.tsv for persons; cells are separated by tabs.",
    )
