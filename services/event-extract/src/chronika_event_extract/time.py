"""When an event happened: the expression of time that belongs to its clause, resolved (codebook 2.8 and 4).

An expression that stands with the verb of saying ("вчера министр заявил, что …") tells when it was said. The day of
publication is never put in the place of a time that the text does not give.
"""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chronika.domain.document import SourceLayer
from chronika.domain.event import EventTime, RealisValue
from chronika_event_extract.dates import DateGrammar, Expression, Reference
from chronika_event_extract.tree import Tree

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_FORWARD = frozenset({RealisValue.PLANNED, RealisValue.POSSIBLE, RealisValue.CONDITIONAL})


def civil_day(source: SourceLayer) -> date | None:
    """The day of publication in the source's own zone; UTC where the zone is not known."""
    if source.published is None:
        return None
    return source.published.astimezone(_zone(source.published_zone)).date()


def _zone(name: str) -> timezone | ZoneInfo:
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3])))
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


class Clock:
    """Finds the times of the triggers of one document."""

    def __init__(self, tree: Tree, grammar: DateGrammar, published: date | None) -> None:
        self.tree = tree
        self.grammar = grammar
        self.published = published
        self._by_sentence: dict[int, list[tuple[int, Expression]]] = {}

    def read(
        self, trigger: int, verb: int, realis: RealisValue, cues: frozenset[int]
    ) -> tuple[EventTime | None, tuple[str, ...]]:
        """The time of a trigger; `verb` is its light verb or itself, `cues` the verbs that say it."""
        best: tuple[int, int, Expression] | None = None
        for token, expression in self._expressions(trigger):
            distance = self._distance(token, trigger, verb, cues)
            if distance is None:
                continue
            ranked = (distance, abs(token - trigger), expression)
            if best is None or ranked[:2] < best[:2]:
                best = ranked
        if best is None:
            return None, ()
        expression = best[2]
        reference = Reference(published=self.published, forward=realis in _FORWARD or self._is_future(verb))
        resolved = self.grammar.resolve(expression, reference)
        return (resolved, (expression.rule_id,)) if resolved is not None else (None, ())

    def in_sentence(self, token: int) -> list[tuple[int, Expression]]:
        """The expressions in the sentence of a token, with the token that each begins at."""
        return self._expressions(token)

    def _expressions(self, trigger: int) -> list[tuple[int, Expression]]:
        sentence = self.tree.layer.sentence_of(trigger)
        known = self._by_sentence.get(sentence)
        if known is None:
            span = self.tree.layer.sentence_span(sentence)
            found = self.grammar.find(self.tree.text, span.start, span.end)
            known = self._by_sentence[sentence] = [
                (self._head(expression, sentence), expression) for expression in found
            ]
        return known

    def _head(self, expression: Expression, sentence: int) -> int:
        """The token of an expression that hangs on something outside it."""
        inside = [
            token
            for token in self.tree.layer.sentence(sentence)
            if expression.span.start <= self.tree.layer.token_starts[token] < expression.span.end
        ]
        for token in inside:
            if self.tree.heads[token] not in inside and self.tree.relations[token] != "case":
                return token
        return inside[0] if inside else self.tree.layer.sentence(sentence)[0]

    def _distance(self, token: int, trigger: int, verb: int, cues: frozenset[int]) -> int | None:
        """How near an expression stands to a trigger: below it, in its clause or the one above; None elsewhere."""
        if self.tree.below(token, trigger) or self.tree.below(token, verb):
            return 0 if self._own(token, verb) or self._own(token, trigger) else 2
        clause, own = self.tree.clause(token), self.tree.clause(verb)
        if clause in cues:
            return None
        if clause == own:
            return 1
        if clause in self.tree.ancestors(trigger):
            return 3
        return None

    def _own(self, token: int, verb: int) -> bool:
        """Whether no other clause stands between."""
        return self.tree.clause(token) in {verb, self.tree.clause(verb)}

    def _is_future(self, verb: int) -> bool:
        return self.tree.feature(verb, "Tense") == "Fut"
