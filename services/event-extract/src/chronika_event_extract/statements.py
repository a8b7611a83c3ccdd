"""STATE: a party's public statement that holds no other codable event (codebook 1)."""

from __future__ import annotations

from collections.abc import Iterator

from chronika.domain.event import EventType
from chronika_event_extract.attribution import SpeechWords
from chronika_event_extract.lexicon import TriggerEntry
from chronika_event_extract.parties import Parties
from chronika_event_extract.subjects import read_roles
from chronika_event_extract.tree import Tree
from chronika_event_extract.triggers import Match

STATEMENT = TriggerEntry(
    id="state.statement",
    lemmas=(),
    pos="V",
    type=EventType.STATE,
    mode="",
    actor=("subj",),
    recipient=("dat",),
    demands=(),
    blocks=(),
    example="",
)


def statements(tree: Tree, words: SpeechWords, parties: Parties, events: list[Match]) -> Iterator[Match]:
    """Verbs of saying with a party as their subject, in sentences that hold no event."""
    taken = {tree.layer.sentence_of(match.token) for match in events}
    for token, lemma in enumerate(tree.lemmas):
        if lemma not in words.speech or tree.pos[token] != "VERB":
            continue
        sentence = tree.layer.sentence_of(token)
        if sentence in taken:
            continue
        subject = read_roles(tree, token).subject
        if subject is not None and not tree.is_passive(token) and parties.is_party(subject):
            taken.add(sentence)
            yield Match(token, STATEMENT, None, tree.arguments(token), None)
