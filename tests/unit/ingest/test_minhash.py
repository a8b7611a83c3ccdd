"""The signature: stable, and as close to the true share of common runs as its size allows."""

from __future__ import annotations

import random
import subprocess
import sys
from statistics import mean, pstdev

import pytest

from chronika_ingest.minhash import BINS, signature, similarity

TEXT = (
    "Парламент Эстонии в среду одобрил соглашение с Финляндией о совместном строительстве паромной линии, сообщила "
    "пресс-служба. За документ проголосовали 64 депутата, против выступили 20."
)


def test_a_signature_is_the_same_in_every_run_and_on_every_machine():
    assert signature(TEXT)[:4] == (1276217583, 558241595, 1907011978, 1907011978)
    assert len(signature(TEXT)) == BINS
    assert all(0 <= value < 2**32 for value in signature(TEXT))


def test_a_signature_does_not_depend_on_the_seed_of_hashes():
    program = f"from chronika_ingest.minhash import signature; print(hash('a'), signature({TEXT!r}))"
    outputs = {
        seed: subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.split(" ", 1)
        for seed in ("1", "2")
    }

    assert outputs["1"][0] != outputs["2"][0]
    assert outputs["1"][1] == outputs["2"][1]


def test_letter_case_punctuation_and_line_ends_do_not_count():
    assert signature(TEXT.upper().replace(",", " —").replace(" ", "\r\n")) == signature(TEXT)


def test_a_copy_with_a_sentence_added_is_similar_and_another_text_is_not():
    copy = TEXT + " Ранее договор ратифицировала Финляндия."
    other = "Суд в Кишинёве продлил на месяц домашний арест бывшему главе таможни, сообщила прокуратура Молдавии."

    assert similarity(signature(TEXT), signature(copy)) > 0.7
    assert similarity(signature(TEXT), signature(other)) < 0.1


@pytest.mark.parametrize("words", [8, 20, 60, 400])
def test_the_estimate_is_unbiased_and_as_exact_as_128_numbers_allow(words):
    chance = random.Random(words)
    errors = []
    for _ in range(120):
        first = [str(chance.randrange(10**6)) for _ in range(words)]
        changed = chance.randrange(1, words)
        second = first[:-changed] + [str(chance.randrange(10**6)) for _ in range(changed)]
        runs = [{tuple(text[i : i + 5]) for i in range(words - 4)} for text in (first, second)]
        truth = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        errors.append(similarity(signature(" ".join(first)), signature(" ".join(second))) - truth)

    assert abs(mean(errors)) < 0.015
    assert pstdev(errors) < 0.06


@pytest.mark.parametrize("text", ["", " \n", "…—!"])
def test_a_text_without_words_has_no_signature(text):
    assert signature(text) == ()
    assert similarity(signature(text), signature(text)) == 0


def test_short_texts_are_one_run():
    assert similarity(signature("Сейм принял закон"), signature("сейм принял закон.")) == 1
    assert similarity(signature("Сейм принял закон"), signature("Сейм отверг закон")) < 0.1
