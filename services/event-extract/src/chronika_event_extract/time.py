"""When an event happened: the expression of time that belongs to its clause, resolved (codebook 2.8 and 4).

An expression that stands with the verb of saying ("вчера министр заявил, что …") tells when it was said. The day of
publication is never put in the place of a time that the text does not give.
"""

from __future__ import annotations

from datetime import date

from chronika.domain.event import EventTime, RealisValue
from chronika_event_extract.dates import DateGrammar, Expression, Reference
from chronika_event_extract.tree import Tree

_OWN_CLAUSES = frozenset({"acl", "advcl", "ccomp", "parataxis"})
_BORDERS = _OWN_CLAUSES | {"conj", "csubj"}
_FORWARD = frozenset({RealisValue.PLANNED, RealisValue.POSSIBLE, RealisValue.CONDITIONAL})


class Clock:
    """Finds the times of the triggers of one document."""

    def __init__(
        self, tree: Tree, grammar: DateGrammar, published: date | None, triggers: frozenset[int] = frozenset()
    ) -> None:
        self.tree = tree
        self.triggers = triggers
        self.grammar = grammar
        self.published = published
        self._by_sentence: dict[int, list[tuple[int, Expression]]] = {}

    def read(
        self, trigger: int, verb: int, realis: RealisValue, cues: frozenset[int]
    ) -> tuple[EventTime | None, tuple[str, ...]]:
        """The time of a trigger; `verb` is its light verb or itself, `cues` the verbs that say it."""
        best: tuple[int, int, Expression] | None = None
        best_token = trigger
        for token, expression in self._expressions(trigger):
            distance = self._distance(token, trigger, verb, cues)
            if distance is None:
                continue
            ranked = (distance, abs(token - trigger), expression)
            if best is None or ranked[:2] < best[:2]:
                best, best_token = ranked, token
        if best is None:
            return None, ()
        expression = best[2]
        reference = Reference(
            published=self.published, forward=realis in _FORWARD or self._looks_forward(verb, best_token)
        )
        resolved = self.grammar.resolve(expression, reference)
        return (resolved, (expression.rule_id,)) if resolved is not None else (None, ())

    def _looks_forward(self, verb: int, token: int) -> bool:
        clause = self.tree.clause(token)
        if self.tree.is_future(verb) or self.tree.is_future(clause):
            return True
        above = self.tree.heads[clause]
        modal = self.tree.feature(clause, "VerbForm") == "Inf" and above >= 0
        return modal and self.tree.feature(above, "Tense") == "Pres"

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
        if self._belongs_to_another(token, trigger, verb):
            return None
        if self.tree.below(token, trigger) or self.tree.below(token, verb):
            return 0
        clause, own = self.tree.clause(token), self.tree.clause(verb)
        if clause in cues:
            return None
        if clause == own:
            return 1
        return 2 if self._is_controlled(trigger, clause) else None

    def _belongs_to_another(self, token: int, trigger: int, verb: int) -> bool:
        """Whether another event or a clause of its own stands between an expression and the trigger's clause."""
        for ancestor in self.tree.ancestors(token):
            if ancestor in {trigger, verb} or self.tree.below(trigger, ancestor):
                return False
            if ancestor in self.triggers or self.tree.relations[ancestor] in _OWN_CLAUSES:
                return True
        return False

    def _is_controlled(self, trigger: int, clause: int) -> bool:
        """Whether a trigger hangs on a clause without a border between: "вчера суд решил запретить"."""
        below = trigger
        for ancestor in self.tree.ancestors(trigger):
            if self.tree.relations[below] in _BORDERS:
                return False
            if ancestor == clause:
                return True
            below = ancestor
        return False
