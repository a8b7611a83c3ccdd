"""Who says it: scopes, chains, kinds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chronika.domain.document import Document
from chronika.domain.errors import ConfigurationError
from chronika.domain.event import AttributionKind, EventType
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.attribution import read_speech_words
from chronika_event_extract.coder import Coder

Build = Callable[..., Document]

REPORT = """
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
ввёл ввести VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
санкции санкция NOUN 2 obj Case=Acc|Number=Plur
, , PUNCT 5 punct
сообщает сообщать VERB 2 parataxis Number=Sing|Person=3|Tense=Pres|VerbForm=Fin
Reuters Reuters PROPN 5 nsubj
со с ADP 8 case
ссылкой ссылка NOUN 5 obl Case=Ins|Number=Sing
на на ADP 10 case
министра министр NOUN 8 nmod Animacy=Anim|Case=Acc|Number=Sing
"""
NESTED = """
Министр министр NOUN 2 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
сказал сказать VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
, , PUNCT 6 punct
что что SCONJ 6 mark
Чад Чад PROPN 6 nsubj Case=Nom|Gender=Masc|Number=Sing
ввёл ввести VERB 2 ccomp Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
санкции санкция NOUN 6 obj Case=Acc|Number=Plur
"""
BACK = """
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
ввёл ввести VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
санкции санкция NOUN 2 obj Case=Acc|Number=Plur

Об о ADP 2 case
этом это PRON 3 obl Case=Loc
сообщил сообщить VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
посол посол NOUN 3 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
"""
ACCORDING = """
По по ADP 2 case
словам слово NOUN 6 obl Case=Dat|Number=Plur
источника источник NOUN 2 nmod Case=Gen|Number=Sing
, , PUNCT 2 punct
Чад Чад PROPN 6 nsubj Case=Nom|Gender=Masc|Number=Sing
ввёл ввести VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
санкции санкция NOUN 6 obj Case=Acc|Number=Plur
"""
NAMES = [("Чад", "location", "TCD", "")]
SPEAKER, OUTLET = AttributionKind.SPEAKER, AttributionKind.OUTLET


def chain(coder: Coder, document: Document) -> list[tuple[str, AttributionKind]]:
    event = next(event for event in coder.code(document).events if event.type is EventType.SANCTION)
    return [(link.span.of(document.text), link.kind) for link in event.attribution]


@pytest.mark.parametrize(
    ("rows", "names", "wanted"),
    [
        pytest.param(
            REPORT,
            [*NAMES, ("Reuters", "organization", "GBR", "JRN")],
            [("министра", SPEAKER), ("Reuters", OUTLET)],
            id="outlet with a link",
        ),
        pytest.param(NESTED, NAMES, [("Министр", SPEAKER)], id="clause"),
        pytest.param(BACK, NAMES, [("посол", SPEAKER)], id="the sentence before"),
        pytest.param(ACCORDING, NAMES, [("источника", SPEAKER)], id="according to"),
    ],
)
def test_chains(
    coder: Coder,
    build: Build,
    rows: str,
    names: list[tuple[str, str, str, str]],
    wanted: list[tuple[str, AttributionKind]],
) -> None:
    assert chain(coder, build(rows, names=names)) == wanted


def test_a_source_without_a_name_is_anonymous(coder: Coder, build: Build) -> None:
    event = coder.code(build(ACCORDING, names=NAMES)).events[0]

    assert [link.anonymous for link in event.attribution] == [True]
    assert event.attribution[0].cue is not None


def test_the_verb_of_saying_is_no_statement_when_it_vouches_for_an_event(coder: Coder, build: Build) -> None:
    assert [event.type for event in coder.code(build(BACK, names=NAMES)).events] == [EventType.SANCTION]


def test_a_statement_that_holds_no_event_is_kept(coder: Coder, build: Build) -> None:
    rows = """
Посол посол NOUN 2 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
заявил заявить VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
, , PUNCT 5 punct
что что SCONJ 5 mark
устал устать VERB 2 ccomp Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
"""
    event = coder.code(build(rows)).events[0]

    assert (event.type, event.rule_ids[0]) == (EventType.STATE, "state.statement")
    assert event.attribution == ()


def test_quotations_run_over_paragraphs_to_their_verb(coder: Coder, build: Build) -> None:
    rows = """
« « PUNCT 3 punct
Чад Чад PROPN 3 nsubj Case=Nom|Gender=Masc|Number=Sing
ввёл ввести VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
санкции санкция NOUN 3 obj Case=Acc|Number=Plur
. . PUNCT 3 punct

Мы мы PRON 2 nsubj Case=Nom|Person=1
молчим молчать VERB 0 root Number=Plur|Person=1|Tense=Pres|VerbForm=Fin
» » PUNCT 2 punct
, , PUNCT 5 punct
сказал сказать VERB 2 parataxis Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
посол посол NOUN 5 nsubj Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing
"""
    assert chain(coder, build(rows, names=NAMES)) == [("посол", SPEAKER)]


def test_a_nickname_in_quotation_marks_is_no_speech(coder: Coder, build: Build) -> None:
    rows = """
Чад Чад PROPN 2 nsubj Case=Nom|Gender=Masc|Number=Sing
ввёл ввести VERB 0 root Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
« « PUNCT 4 punct
санкции санкция NOUN 2 obj Case=Acc|Number=Plur
» » PUNCT 4 punct
и и CCONJ 7 cc
сказал сказать VERB 2 conj Gender=Masc|Number=Sing|Tense=Past|VerbForm=Fin
нет нет INTJ 7 obj
"""
    assert chain(coder, build(rows, names=NAMES)) == []


def test_an_unknown_kind_of_speech_word_is_named(tmp_path: Path) -> None:
    (tmp_path / "attribution.tsv").write_text("id\tlemma\tkind\nx.a.b\tсказать\tshout\n", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="shout") as caught:
        read_speech_words(LanguagePack(code="xx", name="Test", files=tmp_path))

    assert caught.value.code == "attribution-words"
