"""How an event came to be, and why a word gave none: the coder's own decisions, told by rule.

The document is coded once more with a recorder; nothing is guessed afterwards. Both functions are pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chronika.domain.document import Document
from chronika.domain.event import Event
from chronika.domain.span import Span
from chronika.ports.stage import Competitor, Explanation, ReadingStep
from chronika_event_extract.coder import Coder
from chronika_event_extract.lexicon import TriggerEntry
from chronika_event_extract.rules import describe
from chronika_event_extract.trace import Recorder, Refusal
from chronika_event_extract.tree import Tree

_POS_WORDS: Mapping[str, str] = {"V": "a verb", "N": "a noun", "A": "an adjective", "X": "any part of speech"}


def explain_event(coder: Coder, document: Document, event_id: str) -> Explanation | None:
    """The way to an event; None when the coder, as it is now, does not make that event of the document."""
    recorder = Recorder()
    events = coder.code(document, trace=recorder).events
    event = next((event for event in events if event.id == event_id), None)
    if event is None or document.analysis is None:
        return None
    tree = Tree(document.analysis, document.text, coder.knowledge.grammar)
    trigger = document.analysis.token_starts.index(event.trigger.start)
    steps = (*_trigger(coder, event), *_roles(tree, recorder, trigger), *_circumstances(coder, event))
    sentence = tree.sentence_range(trigger)
    competitors = [_competitor(tree, refusal) for refusal in recorder.refusals if refusal.token in sentence]
    return Explanation(steps=tuple(steps), competitors=tuple(competitors))


def why_not(coder: Coder, document: Document) -> tuple[Competitor, ...]:
    """The words that the lexicon knows and that gave no event, in the order of the text, with what was wanting.

    A word that several entries refused stands once for each.
    """
    if document.analysis is None:
        return ()
    recorder = Recorder()
    events = coder.code(document, trace=recorder).events
    tree = Tree(document.analysis, document.text, coder.knowledge.grammar)
    triggers = {event.trigger for event in events}
    refusals = [refusal for refusal in recorder.refusals if tree.span(refusal.token) not in triggers]
    refused = {refusal.token for refusal in refusals}
    for token, lemma in enumerate(tree.lemmas):
        entries = coder.knowledge.lexicon.entries.get(lemma, ())
        if entries and token not in refused and tree.span(token) not in triggers:
            refusals.append(_other_part_of_speech(tree, token, entries))
    return tuple(_competitor(tree, refusal) for refusal in sorted(refusals, key=lambda refusal: refusal.token))


def _other_part_of_speech(tree: Tree, token: int, entries: Sequence[TriggerEntry]) -> Refusal:
    """What the finder passes over without a word: entries that are for a verb, and the word is a noun here."""
    wanted = " or ".join(dict.fromkeys(_POS_WORDS[entry.pos] for entry in entries))
    return Refusal(token, entries[0].id, f"names an event as {wanted}, and is read as {tree.pos[token]} here")


def _trigger(coder: Coder, event: Event) -> Iterator[ReadingStep]:
    entry_id = event.rule_ids[0]
    mode = f" ({event.mode})" if event.mode else ""
    yield ReadingStep(
        settles="trigger",
        span=event.trigger,
        rule_id=entry_id,
        text=f"{event.type.value}{mode}: {describe(entry_id, coder.knowledge)}",
    )
    light = [rule for rule in event.rule_ids if rule in coder.knowledge.light_ids]
    for rule in light:
        yield ReadingStep(settles="trigger", span=event.trigger, rule_id=rule, text=describe(rule, coder.knowledge))


def _roles(tree: Tree, recorder: Recorder, trigger: int) -> Iterator[ReadingStep]:
    for choice in recorder.choices:
        if choice.trigger == trigger:
            yield ReadingStep(
                settles=choice.role,
                span=tree.span(choice.phrase),
                rule_id=choice.rule,
                text=describe(choice.rule, None),
            )


def _circumstances(coder: Coder, event: Event) -> Iterator[ReadingStep]:
    rules = event.rule_ids
    for cue in event.realis.cues or (event.trigger,):
        yield ReadingStep(
            settles="realis", span=cue, rule_id=_first(rules, (".r.", "realis.")), text=event.realis.value.value
        )
    for link in event.attribution:
        rule = _first(rules, (".a.",))
        yield ReadingStep(settles="attribution", span=link.span, rule_id=rule, text=f"{link.kind.value}: {link.name}")
    if event.time is not None:
        yield ReadingStep(settles="time", span=event.time.span, rule_id=_first(rules, (".d.",)), text=_interval(event))
    if event.place is not None:
        rule = _first(rules, ("place.",))
        yield ReadingStep(settles="place", span=event.place.span, rule_id=rule, text=describe(rule, None))
    if event.background:
        rule = _first(rules, (".b.", "background."))
        yield ReadingStep(settles="background", rule_id=rule, text=describe(rule, coder.knowledge))


def _interval(event: Event) -> str:
    assert event.time is not None
    return f"{event.time.start} – {event.time.end}" if event.time.end else event.time.start


def _first(rules: tuple[str, ...], marks: tuple[str, ...]) -> str:
    return next((rule for rule in rules if any(mark in rule for mark in marks)), "")


def _competitor(tree: Tree, refusal: Refusal) -> Competitor:
    reason = refusal.reason.replace("|", " or ")  # as the table writes alternatives
    return Competitor(settles="trigger", span=_span(tree, refusal), rule_id=refusal.entry_id, reason=reason)


def _span(tree: Tree, refusal: Refusal) -> Span:
    return tree.span(refusal.token)
