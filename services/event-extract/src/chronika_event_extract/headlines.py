"""Sources that no verb names: "…, — Белый дом." at the end of a line, "Тарас Вдовин:" before a quotation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from chronika_event_extract.scopes import Scopes, Tokens
from chronika_event_extract.tree import Tree

_DASHES = frozenset({"-", "–", "—", "―"})
_LONGEST_NAME = 14
_BEFORE_DASH = frozenset({",", "»", "”", '"', "!", "?", "…", "."})


class Named(NamedTuple):
    """The head of a source's phrase, the mark that sets it off, what it vouches for, and the rule."""

    token: int
    mark: int
    scope: Tokens
    rule: str


def headline_sources(tree: Tree, scopes: Scopes, can_speak: Callable[[int], bool]) -> Iterator[Named]:
    """The sources of both forms in a document."""
    for sentence in range(len(tree.layer.sentence_starts)):
        tokens = tree.layer.sentence(sentence)
        last = tokens[-1]
        if tree.forms[last] == ":":
            yield from _before_colon(tree, scopes, can_speak, sentence)
        else:
            yield from _behind_dash(tree, can_speak, tokens)


def _before_colon(tree: Tree, scopes: Scopes, can_speak: Callable[[int], bool], sentence: int) -> Iterator[Named]:
    tokens = tree.layer.sentence(sentence)
    if len(tokens) > _LONGEST_NAME or any(tree.pos[token] == "VERB" for token in tokens):
        return
    for token in tokens:
        if can_speak(token):
            yield Named(token, tokens[-1], scopes.introduced_by(sentence), "attribution.colon")
            return


def _behind_dash(tree: Tree, can_speak: Callable[[int], bool], tokens: range) -> Iterator[Named]:
    dash = next((token for token in reversed(tokens) if tree.forms[token] in _DASHES), None)
    if dash is None or dash - tokens[0] < 2 or tokens[-1] - dash > _LONGEST_NAME:
        return
    behind, before = range(dash + 1, tokens[-1] + 1), range(tokens[0], dash)
    if any(tree.pos[token] in {"VERB", "AUX"} for token in behind) or tree.forms[dash - 1] not in _BEFORE_DASH:
        return
    if not any(tree.pos[token] in {"VERB", "AUX"} or tree.is_participle(token) for token in before):
        return
    for token in behind:
        if can_speak(token):
            yield Named(token, dash, frozenset(before), "attribution.dash")
            return
