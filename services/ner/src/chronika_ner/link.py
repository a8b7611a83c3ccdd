"""What a name was linked to."""

from __future__ import annotations

from dataclasses import dataclass

from chronika_languages.entities import Entity

BY_NAME = "link.name"
"""The rule that a name means what the tables say, whatever stands beside it."""


@dataclass(frozen=True, slots=True)
class Link:
    """Identity, code and sector, each empty where it is not known; `rule` is the id of the rule that found them.

    `name` is the form to show where the table knows a better one than the text gives, else empty.
    """

    entity_id: str = ""
    code: str = ""
    sector: str = ""
    rule: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.entity_id or self.code or self.sector)


NO_LINK = Link()


def to_entity(entity: Entity, rule: str, *, day: str = "", name: str = "") -> Link:
    """The link to an entity, with the code and sector that a person has on a day."""
    code, sector = entity.party(day)
    return Link(entity.id, code, sector, rule, name)
