"""How a token is spelt for the model and the dictionary."""

from __future__ import annotations

import pytest

from chronika_ner.spelling import spell


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("Самара", "Самара"),
        ("п’ять", "п'ять"),
        ("обʼєкт", "об'єкт"),
        ("Слов`янськ", "Слов'янськ"),
        ("Баку\u0301", "Баку"),
        ("пере\u00adго\u200bворы", "переговоры"),
        ("и\u0306од", "йод"),
        ("и\u0308жак", "ӥжак"),
        ("Рези\u0308", "Резӥ"),
        ("Мiнiстр", "Міністр"),
        ("Румунiї", "Румунії"),
        ("CШA", "США"),
        ("нeт", "нет"),
        ("Gооgle", "Google"),
        ("COVIDом", "COVIDом"),
        ("Zoe\u0301", "Zoé"),
        ("i", "і"),
        ("c", "с"),
        ("I", "I"),
        ("HATO", "HATO"),
        ("пресс\u2011центр", "пресс-центр"),
        ("8,1", "8,1"),
        ("…", "…"),
    ],
)
def test_spelling(token: str, expected: str) -> None:
    assert spell(token) == expected
