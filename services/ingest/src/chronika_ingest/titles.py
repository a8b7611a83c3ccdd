"""Telling the title of a text: a first line that is one, and the same title met again."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MAX_LENGTH = 220
_WORD = re.compile(r"\w+")
_NOT_A_TITLE_END = re.compile(r"[.;:,—–-]$")
_TIME_BEFORE = re.compile(r"^(?:\d{1,2}\.\d{1,2}\.\d{2,4}[\s,]*)?\d{1,2}:\d{2}[\s:|-]*")
_SITE_SUFFIX = re.compile(r"\s+[|—–-]\s+[^|—–-]{2,60}$|\s*\|.{2,60}$")


def find_title(lines: Sequence[str], *, is_wrapped: bool = False) -> int | None:
    """Which of the first two lines is the title; `is_wrapped`: no blank line stands between them.

    A title is short, begins with a capital, a digit or a quotation mark, does not end as a sentence does, and is not
    the first row of a paragraph that was wrapped by hand. Of a line that ends in the next one ("СвітВибори в Індії"
    over "Вибори в Індії"), the next one is the title.
    """
    if len(lines) < 2:
        return None
    first, second = lines[0].strip(), lines[1].strip()
    if len(second) >= 25 and first != second and first.endswith(second) and len(first) - len(second) <= 60:
        return 1
    if is_wrapped and second[:1].islower():
        return None
    return 0 if _looks_like_title(first) else None


def repeats_title(line: str, title: str, *, whole: bool = False) -> bool:
    """Whether a line is the title again: its words, the site's name apart, or (not `whole`) its beginning or end."""
    shown, wanted = _words(line), _words(title)
    if not shown or not wanted:
        return False
    if wanted in (shown, _words(without_site(line))) or shown in (_words(without_site(title)), _words(_untimed(title))):
        return True
    if whole or len(shown) < 4 or len(line.strip()) < 25:
        return False
    return wanted[: len(shown)] == shown or wanted[-len(shown) :] == shown


def without_site(title: str) -> str:
    """A title without the site's name at its end: "Заголовок — Вести" and "Заголовок | Вести"."""
    shortened = _SITE_SUFFIX.sub("", title)
    return shortened if len(_words(shortened)) >= 3 else title


def _untimed(title: str) -> str:
    """A title without the time or date that lists of news put before it: "13:33 Заголовок"."""
    return _TIME_BEFORE.sub("", title)


def _looks_like_title(first: str) -> bool:
    if len(first) > _MAX_LENGTH or len(_WORD.findall(first)) < 2 or _NOT_A_TITLE_END.search(first):
        return False
    begins = first.lstrip("«\"„“'([")
    if not begins or not (begins[0].isupper() or begins[0].isdigit()):
        return False
    letters = sum(character.isalpha() for character in first)
    return letters >= 10 and "://" not in first


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
