"""The lemma that agrees with the tagger."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chronika.ports.language_pack import LanguagePack
from chronika_languages import ru, uk
from chronika_ner.dictionary import UNREADABLE, Dictionary, load_dictionary
from chronika_ner.lemmas import lemma, read_exceptions
from chronika_ner.spelling import spell

PACKS: Mapping[str, LanguagePack] = {"ru": ru.PACK, "uk": uk.PACK}
EXCEPTIONS = {code: read_exceptions(pack.table("lemmas.tsv")) for code, pack in PACKS.items()}


@pytest.fixture(scope="module")
def dictionaries() -> Mapping[str, Dictionary]:
    return {code: load_dictionary(pack) for code, pack in PACKS.items()}


@pytest.mark.parametrize(
    ("language", "word", "part_of_speech", "features", "expected"),
    [
        ("ru", "стали", "VERB", "Number=Plur|Tense=Past|VerbForm=Fin", "стать"),
        ("ru", "стали", "NOUN", "Case=Gen|Gender=Fem|Number=Sing", "сталь"),
        ("ru", "прие\u0301хал", "VERB", "Tense=Past|VerbForm=Fin", "приехать"),
        ("ru", "Заме\u00adститель", "NOUN", "Case=Nom|Number=Sing", "заместитель"),
        ("ru", "самолётов", "NOUN", "Case=Gen|Number=Plur", "самолет"),
        ("ru", "самолетов", "NOUN", "Case=Gen|Number=Plur", "самолет"),
        ("ru", "Баку\u0301", "PROPN", "Case=Acc|Gender=Masc|Number=Sing", "Баку"),
        ("ru", "Нью-Йорке", "PROPN", "Case=Loc|Gender=Masc|Number=Sing", "Нью-Йорк"),
        ("ru", "ООН", "PROPN", "Case=Gen|Number=Sing", "ООН"),
        ("ru", "САМАРЕ", "PROPN", "Case=Loc|Gender=Fem|Number=Sing", "Самара"),
        ("ru", "САМАРА", "PROPN", "Case=Nom|Gender=Fem|Number=Sing", "Самара"),
        ("ru", "ВСУ", "PROPN", "Case=Nom|Number=Plur", "ВСУ"),
        ("uk", "СЛОВ’ЯНСЬК", "PROPN", "Case=Nom|Number=Sing", "Слов'янськ"),
        ("uk", "США", "PROPN", "Case=Nom|Number=Plur", "США"),
        ("ru", "Сырбу", "PROPN", "Case=Nom|Number=Sing", "Сырбу"),
        ("ru", "Reuters", "PROPN", "", "Reuters"),
        ("ru", "конечно", "ADV", "", "конечно"),
        ("ru", "подписанный", "VERB", "Case=Nom|VerbForm=Part", "подписать"),
        ("ru", "2014", "NUM", "", "2014"),
        ("uk", "можна", "ADV", "", "можна"),
        ("uk", "зараз", "ADV", "", "зараз"),
        ("uk", "Києві", "PROPN", "Animacy=Inan|Case=Loc|Gender=Masc|Number=Sing", "Київ"),
        ("uk", "України", "PROPN", "Animacy=Inan|Case=Gen|Gender=Fem|Number=Sing", "Україна"),
        ("uk", "року", "NOUN", "Case=Gen|Number=Sing", "рік"),
        ("uk", "Мiнiстр", "NOUN", "Case=Nom|Number=Sing", "міністр"),
        ("uk", "об’єднання", "NOUN", "Case=Nom|Number=Sing", "об'єднання"),
        ("uk", "регіони", "NOUN", "Case=Nom|Number=Plur", "регіон"),
        ("uk", "скаже", "VERB", "Tense=Fut|VerbForm=Fin", "сказати"),
        ("uk", "зазначивши", "VERB", "VerbForm=Conv", "зазначити"),
        ("uk", "повертаючись", "VERB", "VerbForm=Conv", "повертатися"),
        ("uk", "кажучи", "VERB", "VerbForm=Conv", "казати"),
    ],
)
def test_lemma(
    dictionaries: Mapping[str, Dictionary],
    language: str,
    word: str,
    part_of_speech: str,
    features: str,
    expected: str,
) -> None:
    spelt = spell(word)
    entry = dictionaries[language].look_up(spelt)
    assert lemma(spelt, entry, part_of_speech, features, EXCEPTIONS[language]) == expected


@pytest.mark.parametrize("word", ["2014", "…", "я" * 200, "а-б-в-г-д-е-ж-з"])
def test_what_the_dictionary_is_not_asked_about(dictionaries: Mapping[str, Dictionary], word: str) -> None:
    assert dictionaries["ru"].look_up(word) is UNREADABLE
