"""Whole analyses of small texts, with the shipped model."""

from __future__ import annotations

import pytest

from chronika.domain.analysis import ROOT, AnalysisLayer, MentionKind
from chronika_ner.analyzer import Analysis, Analyzer
from chronika_ner.outline import Text


def read(analyzer: Analyzer, text: str, language: str) -> Analysis:
    return analyzer.analyze([Text(text=text, language=language)])[0]


def names(analysis: Analysis, text: str) -> list[tuple[str, MentionKind]]:
    layer = analysis.layer
    return [
        (text[layer.token_starts[name.start] : layer.token_ends[name.end - 1]], name.kind) for name in analysis.names
    ]


def column(layer: AnalysisLayer, text: str, values: tuple[str, ...]) -> dict[str, str]:
    return {layer.token_span(token).of(text): values[token] for token in range(len(layer))}


def assert_sound(layer: AnalysisLayer, text: str) -> None:
    ends = 0
    for token in range(len(layer)):
        assert ends <= layer.token_starts[token] < layer.token_ends[token] <= len(text)
        ends = layer.token_ends[token]
    for sentence in range(len(layer.sentence_starts)):
        tokens = layer.sentence(sentence)
        assert [layer.heads[token] for token in tokens].count(ROOT) == 1
        assert all(layer.heads[token] == ROOT or layer.heads[token] in tokens for token in tokens)
        assert all((layer.heads[token] == ROOT) == (layer.relations[token] == "root") for token in tokens)


def test_a_russian_sentence(analyzer: Analyzer) -> None:
    text = "Министр обороны Литвы Арвидас Анушаускас посетил Варшаву."
    analysis = read(analyzer, text, "ru")
    layer = analysis.layer
    assert_sound(layer, text)
    words = column(layer, text, layer.lemmas)
    assert words["посетил"] == "посетить"
    assert words["Литвы"] == "Литва"
    assert words["Варшаву"] == "Варшава"
    assert column(layer, text, layer.parts_of_speech)["обороны"] == "NOUN"
    assert column(layer, text, layer.relations)["Министр"] == "nsubj"
    assert column(layer, text, layer.relations)["Варшаву"] == "obj"
    assert layer.feature(0, "Case") == "Nom"
    assert ("Литвы", MentionKind.LOCATION) in names(analysis, text)
    assert ("Арвидас Анушаускас", MentionKind.PERSON) in names(analysis, text)


def test_a_ukrainian_sentence(analyzer: Analyzer) -> None:
    text = "Генасамблея ООН у Нью-Йорку ухвалила резолюцію, яку підтримали п’ять об'єднань."
    analysis = read(analyzer, text, "uk")
    layer = analysis.layer
    assert_sound(layer, text)
    words = column(layer, text, layer.lemmas)
    assert words["ухвалила"] == "ухвалити"
    assert words["п’ять"] == "п'ять"
    assert words["об'єднань"] == "об'єднання"
    assert words["Нью-Йорку"] == "Нью-Йорк"
    assert ("Нью-Йорку", MentionKind.LOCATION) in names(analysis, text)


def test_stress_marks_and_hidden_characters_change_nothing_but_offsets(analyzer: Analyzer) -> None:
    plain = "Советник посла вылетел в Ереван. Самого посла там не ждут."
    marked = "Со\u00adвет\u00adник посла вы\u0301летел в\u00a0Ерева\u0301н. Самого\u0301 посла там не\u0301 ждут."
    one, two = (read(analyzer, text, "ru") for text in (plain, marked))
    assert one.layer.lemmas == two.layer.lemmas
    assert one.layer.heads == two.layer.heads
    assert two.layer.sentence_starts == (0, 6)
    assert two.layer.token_span(6).of(marked) == "Самого\u0301"
    assert names(two, marked) == [("Ерева\u0301н", MentionKind.LOCATION)]


def test_latin_letters_in_cyrillic_words_change_nothing(analyzer: Analyzer) -> None:
    right = "Посол Італії зустрівся і поговорив з міністрами Румунії."
    mixed = right.replace("і", "i")
    assert mixed != right
    one, two = (read(analyzer, text, "uk") for text in (right, mixed))
    assert one.layer.lemmas == two.layer.lemmas
    assert [kind for _, kind in names(one, right)] == [kind for _, kind in names(two, mixed)]
    assert ("Румунiї", MentionKind.LOCATION) in names(two, mixed)


def test_the_ukrainian_word_for_may_is_its_own_lemma(analyzer: Analyzer) -> None:
    text = "Експерти вважають, що зброю можна передати вже навесні."
    layer = read(analyzer, text, "uk").layer
    assert column(layer, text, layer.lemmas)["можна"] == "можна"


@pytest.mark.parametrize("text", ["", " \n\n ", "\u200b", "...", "«»!?—", "😀😀\n👍🏽", "\ufffd", "1", "-\n-"])
def test_text_with_little_or_nothing_to_read(analyzer: Analyzer, text: str) -> None:
    analysis = read(analyzer, text, "uk")
    assert_sound(analysis.layer, text)
    assert analysis.names == ()
    assert len(analysis.layer) == len(analysis.layer.lemmas)


def test_texts_read_together_are_read_as_alone(analyzer: Analyzer) -> None:
    texts = [
        Text(text="Париж осудил удар. Берлин промолчал.", language="ru"),
        Text(text="", language="ru"),
        Text(text="Рада підтримала закон про мобілізацію.", language="uk"),
        Text(text="Any other language", language="other"),
    ]
    together = analyzer.analyze(texts)
    alone = [analyzer.analyze([text])[0] for text in texts]
    assert [(found.layer.heads, found.layer.lemmas, found.names) for found in together] == [
        (found.layer.heads, found.layer.lemmas, found.names) for found in alone
    ]
    assert [len(found.layer.sentence_starts) for found in together] == [2, 0, 1, 0]
    assert analyzer.analyze([]) == []


def test_passages_are_read_in_their_language(analyzer: Analyzer) -> None:
    text = "Речник підтвердив удар.\nМы ничего об этом не знаем.\nSo it is."
    second, third = text.index("Мы"), text.index("So")
    passages = [((second, third - 1), "ru"), ((third, len(text)), "other")]
    layer = analyzer.analyze([Text(text=text, language="uk", passages=passages)])[0].layer
    assert layer.sentence_languages == ("uk", "ru", "uk")
    assert column(layer, text, layer.lemmas)["знаем"] == "знать"


def test_furniture_has_no_tokens(analyzer: Analyzer) -> None:
    text = "Просмотров: 512\nМинистр ушёл в отставку."
    layer = analyzer.analyze([Text(text=text, language="ru", furniture=[(0, 15)])])[0].layer
    assert layer.token_starts[0] == 16
    assert len(layer.sentence_starts) == 1
