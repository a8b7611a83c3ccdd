"""The closed classes of a language, as its pack gives them: negations, pronouns, prepositions, transparent nouns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chronika.domain.errors import ConfigurationError
from chronika.ports.language_pack import LanguagePack

FILE = "grammar.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """grammar.toml of a language pack; the file's own comments say what each list is for."""

    home_state: str
    negations: frozenset[str]
    no_negation_before: frozenset[str]
    reflexive_endings: tuple[str, ...]
    accusative_endings: tuple[tuple[str, str], ...]
    prepositions: Mapping[str, str]
    between: str
    company: str
    origin_prepositions: frozenset[str]
    place_prepositions: frozenset[str]
    accusative_prepositions: frozenset[str]
    impersonal_pronouns: frozenset[str]
    possessive_plural: frozenset[str]
    transparent_nouns: frozenset[str]
    measure_nouns: frozenset[str]
    relative_pronouns: frozenset[str]
    third_person: frozenset[str]
    first_person_plural: frozenset[str]
    first_person_singular: frozenset[str]
    possessive_third: frozenset[str]
    possessive_first: frozenset[str]
    reflexive_possessive: frozenset[str]
    anti_prefixes: tuple[str, ...]
    compound_endings: tuple[str, ...]
    object_control: frozenset[str]
    dative_subject: frozenset[str]
    existence_verbs: frozenset[str]
    future_auxiliaries: frozenset[str]
    addressee_functions: frozenset[str]
    about_prepositions: frozenset[str]
    as_words: frozenset[str]
    all_sides: frozenset[str]
    party_frames: frozenset[str]
    existential_negations: frozenset[str]
    adjunct_prepositions: frozenset[str]
    own_reflexives: frozenset[str]
    occasions: frozenset[str]
    blame_prepositions: frozenset[str]
    blaming: frozenset[str]
    enemies: frozenset[str]
    quantifiers: frozenset[str]
    approximators: frozenset[str]

    def preposition(self, lemma: str) -> str:
        """One spelling for each preposition: со and с, із and з."""
        return self.prepositions.get(lemma, lemma)

    def active(self, lemma: str) -> str:
        """A reflexive verb without its ending, "" when the word is none or means something else by itself."""
        if lemma in self.own_reflexives:
            return ""
        for ending in self.reflexive_endings:
            if lemma.endswith(ending):
                return lemma[: -len(ending)]
        return ""

    def looks_accusative(self, form: str, lemma: str) -> bool:
        """Whether a form can only be accusative: Румунію of Румунія."""
        return any(
            lemma.endswith(nominative) and form == lemma[: -len(nominative)] + accusative
            for nominative, accusative in self.accusative_endings
        )

    def looks_nominative(self, form: str, lemma: str) -> bool:
        """Whether a form can only be nominative: Угорщина, whose accusative would be Угорщину."""
        return form == lemma and any(lemma.endswith(nominative) for nominative, _ in self.accusative_endings)


def read_grammar(pack: LanguagePack) -> Grammar:
    """ConfigurationError `grammar-incomplete` when the pack's file lacks a list."""
    settings = pack.settings(FILE)
    try:
        return _grammar(settings)
    except KeyError as missing:
        raise ConfigurationError(
            "grammar-incomplete",
            f"{FILE} of language pack {pack.code!r} has no {missing}",
            cure="Compare the file with that of another language pack.",
        ) from None


def _grammar(settings: Mapping[str, Any]) -> Grammar:
    def words(name: str) -> frozenset[str]:
        return frozenset(settings[name])

    return Grammar(
        home_state=settings["home_state"],
        negations=words("negations"),
        no_negation_before=words("no_negation_before"),
        reflexive_endings=tuple(settings["reflexive_endings"]),
        accusative_endings=tuple((nominative, accusative) for nominative, accusative in settings["accusative_endings"]),
        prepositions=dict(settings["prepositions"]),
        between=settings["between"],
        company=settings["company"],
        origin_prepositions=words("origin_prepositions"),
        place_prepositions=words("place_prepositions"),
        accusative_prepositions=words("accusative_prepositions"),
        impersonal_pronouns=words("impersonal_pronouns"),
        possessive_plural=words("possessive_plural"),
        transparent_nouns=words("transparent_nouns"),
        measure_nouns=words("measure_nouns"),
        relative_pronouns=words("relative_pronouns"),
        third_person=words("third_person"),
        first_person_plural=words("first_person_plural"),
        first_person_singular=words("first_person_singular"),
        possessive_third=words("possessive_third"),
        possessive_first=words("possessive_first"),
        reflexive_possessive=words("reflexive_possessive"),
        anti_prefixes=tuple(settings["anti_prefixes"]),
        compound_endings=tuple(settings["compound_endings"]),
        object_control=words("object_control"),
        dative_subject=words("dative_subject"),
        existence_verbs=words("existence_verbs"),
        future_auxiliaries=words("future_auxiliaries"),
        addressee_functions=words("addressee_functions"),
        about_prepositions=words("about_prepositions"),
        as_words=words("as_words"),
        all_sides=words("all_sides"),
        party_frames=words("party_frames"),
        existential_negations=words("existential_negations"),
        adjunct_prepositions=words("adjunct_prepositions"),
        own_reflexives=words("own_reflexives"),
        occasions=words("occasions"),
        blame_prepositions=words("blame_prepositions"),
        blaming=words("blaming"),
        enemies=words("enemies"),
        quantifiers=words("quantifiers"),
        approximators=words("approximators"),
    )
