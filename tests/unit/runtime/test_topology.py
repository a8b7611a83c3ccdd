"""The order of stages, and those that do not fit together."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chronika.domain.errors import ConfigurationError
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Stage, StageSpec
from chronika.runtime.topology import ordered


def _never(_packs: Mapping[str, LanguagePack]) -> Stage:
    raise AssertionError("ordering loads nothing")


def _spec(name: str, *, reads: str, adds: str) -> StageSpec:
    return StageSpec(name=name, reads=frozenset(reads.split()), adds=adds, version="1", load=_never)


DETECT = _spec("language-detect", reads="source", adds="language")
NER = _spec("ner", reads="source language", adds="analysis")
EXTRACT = _spec("event-extract", reads="source language analysis", adds="events")
TOPICS = _spec("a-topic", reads="source language", adds="topics")


def _refusal(*specs: StageSpec) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        ordered(specs)
    return caught.value


def test_each_stage_comes_after_what_it_reads_whatever_the_order_of_installation() -> None:
    names = ["language-detect", "a-topic", "ner", "event-extract"]
    for specs in ([EXTRACT, NER, TOPICS, DETECT], [DETECT, TOPICS, NER, EXTRACT]):
        assert [spec.name for spec in ordered(specs)] == names


def test_somebody_reads_what_nobody_adds() -> None:
    error = _refusal(NER, EXTRACT)
    assert error.code == "layer-missing"
    assert "language" in error.message
    assert "language" in error.cure


def test_two_add_the_same_layer() -> None:
    error = _refusal(DETECT, NER, _spec("other-ner", reads="source", adds="analysis"))
    assert error.code == "layer-added-twice"
    assert "stage ner" in error.message
    assert "stage other-ner" in error.message
    assert _refusal(_spec("rewrite", reads="source", adds="source")).code == "layer-added-twice"


def test_stages_that_wait_for_each_other() -> None:
    error = _refusal(DETECT, _spec("hen", reads="egg", adds="chicken"), _spec("egg", reads="chicken", adds="egg"))
    assert error.code == "stage-cycle"
    assert "hen reads egg" in error.message
    assert "language-detect" not in error.message
    assert _refusal(_spec("own-tail", reads="tail", adds="tail")).code == "stage-cycle"


def test_no_stage_at_all() -> None:
    assert _refusal().code == "no-stages"
