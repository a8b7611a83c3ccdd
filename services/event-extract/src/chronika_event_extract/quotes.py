"""Quotations: runs of tokens between quotation marks that are speech, not names.

A quotation may run over sentences and paragraphs until its closing mark. What holds no more than a few words and no
verb is a name or a nickname and is left out.
"""

from __future__ import annotations

from chronika_event_extract.tree import Tree

_OPENING = frozenset({"«", "“", "„"})
_CLOSING = frozenset({"»", "”", "‟", "“"})
_STRAIGHT = '"'
_NAME_LENGTH = 6
_LONGEST = 400


def quotations(tree: Tree) -> list[tuple[int, int]]:
    """First and last token of every quotation that is speech, in the order of the text."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    mark = ""
    for token, form in enumerate(tree.forms):
        if opened is None:
            if form in _OPENING or form == _STRAIGHT:
                opened, mark = token, form
        elif (mark == _STRAIGHT and form == _STRAIGHT) or (mark != _STRAIGHT and form in _CLOSING):
            if _is_speech(tree, opened, token):
                found.append((opened, token))
            opened = None
        elif token - opened > _LONGEST:
            opened = None
    return found


def _is_speech(tree: Tree, first: int, last: int) -> bool:
    inside = range(first + 1, last)
    if len(inside) >= _NAME_LENGTH:
        return True
    return any(tree.pos[token] in {"VERB", "AUX"} for token in inside)
