"""Words that make a phrase a party: adjectives of states ("российский") and nouns of offices and bodies ("министр")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.grammar import Grammar
from chronika_languages.entities import Entity, EntityKind

DEMONYMS = "demonyms.tsv"
ROLES = "roles.tsv"
GROUPS = "state_groups.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyWords:
    """Codes by lemma of adjective and inhabitant, sectors by lemma of noun; empty for whoever heads ("глава").

    `groups` are codes by the entity id of a name for several states ("Балтия"); `states_by_name` codes by the
    lower-case name of a state, for names that were not recognised.
    """

    demonyms: Mapping[str, str]
    inhabitants: Mapping[str, str]
    roles: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    states_by_name: Mapping[str, str]

    def states(self, adjective: str, grammar: Grammar) -> tuple[str, ...]:
        """Codes that an adjective names: one, or two for "российско-украинский", or none."""
        code = self.demonyms.get(adjective)
        if code:
            return (code,)
        if "-" not in adjective:
            return ()
        codes = [self._half(part, grammar) for part in adjective.split("-")]
        return tuple(codes) if len(codes) > 1 and all(codes) else ()

    def opposed(self, adjective: str, grammar: Grammar) -> str:
        """The code of the state that an adjective is directed against ("антироссийский"), else ""."""
        for prefix in grammar.anti_prefixes:
            if adjective.startswith(prefix) and (code := self.demonyms.get(adjective[len(prefix) :])):
                return code
        return ""

    def _half(self, part: str, grammar: Grammar) -> str:
        if part in self.demonyms:
            return self.demonyms[part]
        for ending in grammar.compound_endings:
            if code := self.demonyms.get(part[:-1] + ending):
                return code
        return ""


def read_party_words(pack: LanguagePack, entities: Iterable[Entity]) -> PartyWords:
    """The tables of a pack, and the states whose name is one word."""
    demonyms = pack.table(DEMONYMS)
    return PartyWords(
        demonyms={row["lemma"]: row["code"] for row in demonyms if row["kind"] == "adjective"},
        inhabitants={row["lemma"]: row["code"] for row in demonyms if row["kind"] == "inhabitant"},
        states_by_name={
            name.lower(): entity.code
            for entity in entities
            if entity.kind is EntityKind.COUNTRY
            for name in entity.names.get(pack.code, ())
            if " " not in name and not name.isupper()
        },
        groups={row["id"]: tuple(row["codes"].split()) for row in pack.table(GROUPS)},
        roles={row["lemma"]: row["sector"] for row in pack.table(ROLES)},
    )
