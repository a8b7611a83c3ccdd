"""An entity: an id that is the same in all languages, the code and sector of codebook 2.6, and its names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FORMER_OFFICIAL = "ELI"
_OPEN = "2026"
"""A year for the end of an office that lasts, to measure it by."""
_OFFICIAL = frozenset({"GOV", "LEG", "JUD", "MIL", "SPY", "IGO"})


class EntityKind(StrEnum):
    """What an entity is. A `SEAT` stands for a government, a `REGION` acts as one, `DEFACTO` is no recognised state."""

    COUNTRY = "country"
    CAPITAL = "capital"
    PLACE = "place"
    REGION = "region"
    DEFACTO = "defacto"
    SEAT = "seat"
    ORGANIZATION = "organization"
    FIRM = "firm"
    OUTLET = "outlet"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Term:
    """An office of a person. Dates are "2019-05-20"; `until` is empty while it lasts."""

    code: str
    sector: str
    office: str
    since: str
    until: str

    def holds_on(self, day: str) -> bool:
        """Whether the office was held on a day."""
        return self.since <= day and (not self.until or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entity:
    """An entity; `names` are forms in the nominative by language, of which the first is the one to show.

    Of places: `extent` is "country", "region", "settlement" or "site", `coordinates` are latitude and longitude in
    degrees (WGS 84) of a settlement or a site that the gazetteer knows, `region` is the id of the region that it lies
    in, and `population` is 0 where it is not known.
    """

    id: str
    kind: EntityKind
    code: str
    sector: str
    english: str
    names: Mapping[str, tuple[str, ...]]
    terms: tuple[Term, ...] = ()
    extent: str = ""
    coordinates: tuple[float, float] | None = None
    region: str = ""
    population: int = 0

    def party(self, day: str = "") -> tuple[str, str]:
        """Code and sector, of a person on a day: the office held, else that of a former official.

        Without a day a person is taken to hold the public office that he holds or held longest.
        """
        if not self.terms:
            return self.code, self.sector
        if not day:
            return self._best_known()
        held = [term for term in self.terms if term.holds_on(day)]
        if held:
            return held[-1].code, held[-1].sector
        earlier = [term for term in self.terms if term.since <= day]
        if not earlier:
            return self.terms[0].code, ""
        last = earlier[-1]
        return last.code, FORMER_OFFICIAL if last.sector in _OFFICIAL else last.sector

    def _best_known(self) -> tuple[str, str]:
        official = [term for term in self.terms if term.sector in _OFFICIAL]
        term = max(official or self.terms, key=lambda one: int((one.until or _OPEN)[:4]) - int(one.since[:4]))
        return term.code, term.sector


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """A kind of state organ ("mfa"), which becomes an entity when a state stands beside it."""

    kind: str
    sector: str
    english: str
    names: Mapping[str, tuple[str, ...]]

    def entity_id(self, code: str) -> str:
        """The id of this organ of a state."""
        return f"organ:{code}:{self.kind}"
