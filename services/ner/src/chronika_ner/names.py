"""The normal form of a name: the nominative, as a person would write it.

Of a person every part is put into the nominative, after case and gender were decided for all parts together: the
tagger knows few of the names that it meets, and the dictionary knows few surnames, but one part bears out the other.
Of a place or an organisation the head is put there with the adjectives before it, and what it governs stays:
"Верховного суда Пакистана" is "Верховный суд Пакистана". Quotation marks, initials and words in Latin letters stay as
they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from chronika.domain.analysis import MentionKind, parse_features
from chronika.ports.language_pack import LanguagePack
from chronika_ner.inflection import CASES, Declension, Inflector

NAME_WORDS = "names.toml"

_CYRILLIC_WORD = re.compile(r"[А-ЯЁІЇЄҐа-яёіїєґ]+(?:['-][А-ЯЁІЇЄҐа-яёіїєґ]+)*")
_NUMBERED = re.compile(r"([А-ЯЁІЇЄҐа-яёіїєґ']+)(-\d+)")
_DECLINED_ABBREVIATION = re.compile(r"([А-ЯЁІЇЄҐ]{2,})[а-яіїє]{1,3}")
_INDECLINABLE = re.compile(r"(?:[оеэиіїую]|[^аяый]й)$")
_ADJECTIVE_ENDING = re.compile(r"(?:ого|его|ього|ому|ему|ьому)$")
_CONSONANT = re.compile(r"[бвгґджзклмнпрстфхцчшщь]$")
_ADJECTIVAL = frozenset({"ADJ", "DET", "NUM"})
_CASE_OF = {"Nom": "nomn", "Gen": "gent", "Dat": "datv", "Acc": "accs", "Ins": "ablt", "Loc": "loct", "Voc": "voct"}
_GENDER_OF = {"Masc": "masc", "Fem": "femn"}
_GIVEN_NAME, _KNOWN_WORD, _GUESS, _ATTESTED = 3.0, 2.5, 1.0, 5.0
_SHOUTED = 4
"""Letters from which a word in capitals may be a name that a headline shouts, and no abbreviation."""


@dataclass(frozen=True, slots=True)
class Word:
    """A token of a name: as spelt, with the tagger's part of speech and features, and its relation to its head.

    `head` is the place of the head in the name, None when it lies outside. `glued` says that no space stands before it.
    """

    form: str
    lemma: str
    part_of_speech: str
    features: str
    relation: str = ""
    head: int | None = None
    glued: bool = False

    @property
    def case(self) -> str:
        """Case by the tagger, in the dictionary's terms ("gent"); empty when it gives none."""
        return _CASE_OF.get(parse_features(self.features).get("Case", ""), "")

    @property
    def plural(self) -> bool:
        """Whether the tagger takes it for a plural."""
        return parse_features(self.features).get("Number", "") in ("Plur", "Ptan")

    @property
    def gender(self) -> str:
        """ "masc" or "femn" by the tagger, else empty."""
        return _GENDER_OF.get(parse_features(self.features).get("Gender", ""), "")


@dataclass(frozen=True, slots=True)
class NameWords:
    """What names are made of in a language: the pack's `names.toml`."""

    patronymics: tuple[tuple[str, str], ...]
    patronymic_endings: tuple[str, ...]
    endings: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
    particles: frozenset[str]
    groups: frozenset[str]
    titles: frozenset[str]
    type_words: frozenset[str]
    local: frozenset[str]
    parts: frozenset[str]
    no_parties: frozenset[str]
    public: frozenset[str]

    @classmethod
    def read(cls, pack: LanguagePack) -> NameWords:
        """Read the pack's file."""
        table = pack.settings(NAME_WORDS)
        return cls(
            patronymics=tuple((ending, nominative) for ending, nominative in table["patronymics"]),
            patronymic_endings=tuple(table["patronymic_endings"]),
            endings={
                (gender, case): tuple((ending, nominative) for ending, nominative in pairs)
                for gender, cases in table["endings"].items()
                for case, pairs in cases.items()
            },
            particles=frozenset(table["particles"]),
            groups=frozenset(table["groups"]),
            titles=frozenset(table["titles"]),
            type_words=frozenset(table["type_words"]),
            local=frozenset(table["local"]),
            parts=frozenset(table["parts"]),
            no_parties=frozenset(table["no_parties"]),
            public=frozenset(table["public"]),
        )


class _Agreement(NamedTuple):
    """What all parts of a person's name have in common."""

    case: str
    gender: str
    plural: bool


class Namer:
    """Makes normal forms of names in one language.

    `known` are words of names of persons that the tables know, `places` names of places, all in the nominative and in
    lower case.
    """

    def __init__(
        self,
        inflector: Inflector,
        words: NameWords,
        *,
        known: Collection[str] = frozenset(),
        places: Collection[str] = frozenset(),
    ) -> None:
        self._inflector = inflector
        self.words = words
        self._known = frozenset(known)
        self._places = frozenset(places)
        self._patronymic_endings = tuple(ending for ending, _ in words.patronymics)

    def as_genitive(self, name: Sequence[Word]) -> str:
        """The normal form of a place's or an organisation's name that the tagger failed to take for a genitive."""
        head = self._head(name)
        if head is None:
            return ""
        genitive = replace(name[head], features="Case=Gen|Number=Sing")
        return join(name, self._thing([*name[:head], genitive, *name[head + 1 :]]))

    def is_word(self, form: str) -> bool:
        """Whether the dictionary holds a form."""
        return self._inflector.declensions(form).known

    def normal_form(self, name: Sequence[Word], kind: MentionKind, *, attested: Collection[str] = frozenset()) -> str:
        """The name in the nominative, with one space where the text has any.

        `attested` are words of persons' names elsewhere in the text, in lower case: of two nominatives that are
        possible the one that somebody wrote is likelier.
        """
        if kind is not MentionKind.PERSON:
            return self._as_place(join(name, [word.form for word in name]), join(name, self._thing(name)))
        persons = self._without_group(name)
        return join(persons, self._person(persons, attested))

    # -- persons ------------------------------------------------------------------------------------------------------

    def _without_group(self, name: Sequence[Word]) -> Sequence[Word]:
        """ "подружжя Ковальчуків" are the Ковальчуки."""
        return name[1:] if len(name) > 1 and name[0].form.lower() in self.words.groups else name

    def _person(self, name: Sequence[Word], attested: Collection[str]) -> list[str]:
        words = [replace(word, form=_unshouted(word.form)) for word in name]
        inflected = [(place, word) for place, word in enumerate(words) if self._is_inflected(word.form)]
        best, best_support, forms = None, -math.inf, [word.form for word in words]
        for one in self._candidates([word for _, word in inflected]):
            support, nominatives = 0.0, dict[int, str]()
            for place, word in inflected:
                nominatives[place] = self._personal(word, place, len(words), one, attested)
                is_attested = self._is_attested(nominatives[place], word.form, attested)
                support += _tagged(word, one)
                support += _ATTESTED if is_attested else self._support(word.form, place, len(words), one)
            if support > best_support:
                best, best_support = nominatives, support
        for place, form in (best or {}).items():
            forms[place] = form
        return forms

    def _is_attested(self, nominative: str, form: str, attested: Collection[str]) -> bool:
        """Whether the tables know a nominative, or it is another than the form and stands somewhere in the text."""
        low = nominative.lower()
        return low in self._known or (nominative != form and low in attested)

    def _candidates(self, name: Sequence[Word]) -> Iterator[_Agreement]:
        """What may be, likeliest first, so that the first wins where nothing else decides."""
        tagged = [word.case for word in name if word.case]
        possible = [case for case in CASES if case != "voct" or case in tagged]
        cases = sorted(possible, key=lambda case: (-tagged.count(case), CASES.index(case)))
        genders = ("femn", "masc") if sum(word.gender == "femn" for word in name) * 2 > len(name) else ("masc", "femn")
        for number in self._numbers(name):
            for case in cases:
                yield from (_Agreement(case, gender, number) for gender in genders)

    def _numbers(self, name: Sequence[Word]) -> tuple[bool, ...]:
        """Whether the name may be a plural, likeliest first: as the tagger says, or because it can be nothing else."""
        if any(self._inflector.declensions(word.form).only_plural for word in name):
            return (True,)
        if not any(word.plural for word in name):
            return (False,)
        return (True, False) if all(word.plural for word in name) else (False, True)

    def _support(self, form: str, place: int, length: int, one: _Agreement) -> float:
        """How much the dictionary speaks for an agreement, by what it holds or guesses."""
        if self._keeps_form(form, place, length, one):
            return 0
        declensions = self._inflector.declensions(form)
        fits = any(_agrees(reading, one) for reading in declensions.readings)
        if declensions.known:
            given = any(reading.given for reading in declensions.readings)
            weight = _GIVEN_NAME if given else _KNOWN_WORD
            return weight if fits else -weight
        return _GUESS if fits or self._by_ending(form, one) else -_GUESS

    def _personal(self, word: Word, place: int, length: int, agreement: _Agreement, attested: Collection[str]) -> str:
        if agreement.case == "nomn":
            return word.form
        low = word.form.lower()
        if low.endswith(self._patronymic_endings):
            ending, nominative = next(pair for pair in self.words.patronymics if low.endswith(pair[0]))
            return word.form[: -len(ending)] + nominative
        by_ending = self._by_ending(word.form, agreement)
        if by_ending and self._is_attested(by_ending, word.form, attested):
            return by_ending
        if self._keeps_form(word.form, place, length, agreement):
            return word.form
        declensions = self._inflector.declensions(word.form)
        readings = [r for r in declensions.readings if _agrees(r, agreement) and (declensions.known or not r.fixed)]
        if not readings:
            return by_ending if agreement.gender == "masc" and by_ending else word.form
        best = max(readings, key=lambda reading: (reading.personal, not reading.adjectival))
        return self._inflector.nominative(word.form, best, gender="" if agreement.plural else agreement.gender)

    def _by_ending(self, form: str, agreement: _Agreement) -> str:
        """The nominative of a name that only its ending tells of ("Рааба"), empty when it does not."""
        if agreement.plural:
            return ""
        for ending, nominative in self.words.endings.get((agreement.gender, agreement.case), ()):
            stem = form.removesuffix(ending)
            if stem != form and _CONSONANT.search(stem.lower()):
                return stem + nominative
        return ""

    def _is_inflected(self, form: str) -> bool:
        return len(form) > 1 and form.lower() not in self.words.particles and bool(_CYRILLIC_WORD.fullmatch(form))

    def _keeps_form(self, form: str, place: int, length: int, agreement: _Agreement) -> bool:
        """Foreign names that no case changes: "Трюдо", "Биби", and those of women that end in a consonant."""
        low = form.lower()
        declensions = self._inflector.declensions(form)
        given = declensions.known and any(reading.given for reading in declensions.readings)
        if agreement.plural or given:
            return False
        if agreement.gender == "femn" and _CONSONANT.search(low):
            return not (
                declensions.known and any(r.gender == "femn" and not r.adjectival for r in declensions.readings)
            )
        if _INDECLINABLE.search(low) and not _ADJECTIVE_ENDING.search(low) and not declensions.known:
            last = place == length - 1
            return low[-1] not in "ую" and (last or low[-1] in "оеэй")
        return False

    # -- places and organisations -------------------------------------------------------------------------------------

    def _as_place(self, surface: str, normal: str) -> str:
        """A place that no case changes keeps its form, whatever common noun the dictionary finds in it ("Баку")."""
        return surface if surface.lower() in self._places and normal.lower() not in self._places else normal

    def _thing(self, name: Sequence[Word]) -> list[str]:
        name = [replace(word, form=_undeclined(word.form)) for word in name]
        forms = [word.form for word in name]
        head = self._head(name)
        if head is None:
            return forms
        before = [place for place in range(head) if self._is_adjectival(name[place])]
        case = name[head].case or next((name[place].case for place in before if name[place].case), "")
        if case in ("nomn", ""):
            return forms
        reading = self._reading(name[head], case)
        if reading is not None and not (reading.case == "nomn" and not reading.adjectival):
            forms[head] = self._nominative(name[head].form, reading)
        if reading is not None or name[head].form.isupper():
            gender, plural = _kind_of(reading, name[head])
            for place in before:
                forms[place] = self._adjective(name[place], gender, plural=plural)
        for place in self._beside(name, head):
            other = self._reading(name[place], case)
            forms[place] = self._nominative(name[place].form, other) if other else name[place].form
        return forms

    def _head(self, name: Sequence[Word]) -> int | None:
        """The first noun: the head of a name that is read from left to right. A lone adjective is its own head."""
        nominal = [place for place, word in enumerate(name) if _CYRILLIC_WORD.fullmatch(_plain(word.form))]
        for place in nominal:
            if name[place].part_of_speech in ("NOUN", "PROPN", "X") and not self._is_adjectival(name[place]):
                return place
        return nominal[-1] if nominal and self._is_adjectival(name[nominal[-1]]) else None

    def _is_adjectival(self, word: Word) -> bool:
        if word.part_of_speech in _ADJECTIVAL or (word.part_of_speech == "VERB" and word.case):
            return True
        return word.part_of_speech == "PROPN" and self._inflector.declensions(word.form).only_adjectival

    def _beside(self, name: Sequence[Word], head: int) -> Iterator[int]:
        """Places of nouns that stand beside the head in its case: "города Харькова", "Боснии и Герцеговины"."""
        for place in range(head + 1, len(name)):
            word = name[place]
            joined = word.relation in ("flat", "appos", "conj") and word.head == head
            if joined and word.case == name[head].case and word.part_of_speech in ("PROPN", "NOUN"):
                yield place

    def _reading(self, word: Word, case: str) -> Declension | None:
        """The dictionary's reading of a word in a case that agrees best with the tagger."""
        readings = self._inflector.declensions(_plain(word.form)).readings
        if word.form.isupper() or not readings:
            return None
        return max(readings, key=lambda reading: _likeness(reading, word, case))

    def _nominative(self, form: str, reading: Declension) -> str:
        numbered = _NUMBERED.fullmatch(form)
        if numbered:
            return self._inflector.nominative(numbered.group(1), reading) + numbered.group(2)
        return self._inflector.nominative(form, reading)

    def _adjective(self, word: Word, gender: str, *, plural: bool) -> str:
        readings = [reading for reading in self._inflector.declensions(word.form).readings if reading.adjectival]
        if word.form.isupper() or not readings:
            return word.form
        best = max(readings, key=lambda reading: (reading.plural == plural, reading.lemma == word.lemma.lower()))
        return self._inflector.nominative(word.form, best, gender="" if plural else gender, plural=plural)


def _tagged(word: Word, one: _Agreement) -> float:
    """How much the tagger speaks for an agreement."""
    return 2.0 * (word.case == one.case) + 0.5 * (word.gender == one.gender) + 2.0 * (word.plural == one.plural)


def _agrees(reading: Declension, one: _Agreement) -> bool:
    return reading.case == one.case and reading.plural == one.plural and (one.plural or reading.fits(one.gender))


def _kind_of(reading: Declension | None, head: Word) -> tuple[str, bool]:
    """Gender and number that adjectives take from a head: by the dictionary, for an abbreviation by the tagger."""
    return (reading.gender, reading.plural) if reading else (head.gender or "masc", head.plural)


def _likeness(reading: Declension, word: Word, case: str) -> tuple[bool, ...]:
    gender = parse_features(word.features).get("Gender", "")
    return (
        reading.case == case,
        reading.plural == word.plural,
        reading.adjectival == (word.part_of_speech in _ADJECTIVAL),
        not reading.personal,
        bool(gender) and reading.gender[:1] == gender[:1].lower(),
        reading.lemma == word.lemma.lower(),
    )


def _plain(form: str) -> str:
    numbered = _NUMBERED.fullmatch(form)
    return numbered.group(1) if numbered else form


def _undeclined(form: str) -> str:
    """ "МИДом" is МИД."""
    declined = _DECLINED_ABBREVIATION.fullmatch(form)
    return declined.group(1) if declined else form


def _unshouted(form: str) -> str:
    return form.title() if form.isupper() and len(form) >= _SHOUTED else form


def join(name: Sequence[Word], forms: Sequence[str]) -> str:
    """The forms with a space wherever the text has one."""
    return "".join(form if word.glued else f" {form}" for word, form in zip(name, forms, strict=True)).strip()
