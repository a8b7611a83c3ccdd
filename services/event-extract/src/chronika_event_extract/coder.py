"""The coder of one language: a document with its trees and names in, its events out.

The order is the order of GUIDELINES: is there a trigger, of which type, who says it, did it happen, who takes part,
when, where. Each step is a module of its own and tells the ids of the rules that it used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chronika.domain.civil_day import civil_day
from chronika.domain.codebook import CODEBOOK_VERSION
from chronika.domain.document import Document
from chronika.domain.event import Event, EventLayer, EventType, Participant, Place
from chronika.domain.identity import event_id
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.attribution import Source, Sources, SpeechWords, read_speech_words
from chronika_event_extract.background import BackgroundCues, Memory, read_background_cues
from chronika_event_extract.confidence import confidence_of
from chronika_event_extract.contexts import Surroundings, read_contexts
from chronika_event_extract.dates import DateGrammar, read_date_grammar
from chronika_event_extract.evidence import evidence_of
from chronika_event_extract.grammar import Grammar, read_grammar
from chronika_event_extract.lexicon import Lexicon, TriggerEntry, read_lexicon
from chronika_event_extract.participants import Cast, Filled
from chronika_event_extract.parties import Parties
from chronika_event_extract.party_words import PartyWords, read_party_words
from chronika_event_extract.place import Atlas, PlaceWords, read_place_words
from chronika_event_extract.pronouns import Pronouns
from chronika_event_extract.quantities import Counting, Tally, read_counting
from chronika_event_extract.realis import RealisCues, RealisReader, read_realis_cues, still_to_come
from chronika_event_extract.statements import statements
from chronika_event_extract.time import Clock
from chronika_event_extract.trace import SILENT, Trace
from chronika_event_extract.tree import Tree
from chronika_event_extract.triggers import Finder, Match, function_fits
from chronika_event_extract.version import CODER_VERSION
from chronika_languages.entities import EntityTable

_GUESSED = "party.state-of-document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything that a language pack tells the coder."""

    grammar: Grammar
    lexicon: Lexicon
    party_words: PartyWords
    realis: RealisCues
    speech: SpeechWords
    dates: DateGrammar
    places: PlaceWords
    background: BackgroundCues
    contexts: Mapping[str, tuple[str, ...]]
    counting: Counting
    bystanders: frozenset[str]
    light_ids: frozenset[str]

    def entry(self, entry_id: str) -> TriggerEntry | None:
        """A row of triggers.tsv by its id."""
        for entries in self.lexicon.entries.values():
            for entry in entries:
                if entry.id == entry_id:
                    return entry
        return None


def read_knowledge(pack: LanguagePack, entities: EntityTable) -> Knowledge:
    """The tables of a pack and the states of the world; ConfigurationError names the file and row that is wrong."""
    grammar = read_grammar(pack)
    lexicon, speech, realis = read_lexicon(pack, grammar), read_speech_words(pack), read_realis_cues(pack)
    return Knowledge(
        grammar=grammar,
        lexicon=lexicon,
        party_words=read_party_words(pack, entities),
        realis=realis,
        speech=speech,
        dates=read_date_grammar(pack),
        places=read_place_words(pack, entities),
        background=read_background_cues(pack),
        contexts=read_contexts(pack),
        counting=read_counting(pack),
        light_ids=frozenset(verb.id for verbs in lexicon.light_verbs.values() for verb in verbs),
        bystanders=frozenset({*lexicon.entries, *speech.speech, *(realis.bystanders)}),
    )


class Coder:
    """Codes the documents of one language."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def code(self, document: Document, *, trace: Trace = SILENT) -> EventLayer:
        """The events of a document in the order of their triggers; none when it has no analysis."""
        if document.analysis is None or not len(document.analysis):
            return EventLayer(coder_version=CODER_VERSION, codebook_version=CODEBOOK_VERSION)
        reading = _Reading(document, self.knowledge, trace)
        return EventLayer(
            coder_version=CODER_VERSION, codebook_version=CODEBOOK_VERSION, events=tuple(reading.events())
        )


class _Reading:
    """One document being read."""

    def __init__(self, document: Document, knowledge: Knowledge, trace: Trace) -> None:
        assert document.analysis is not None
        self.document = document
        self.knowledge = knowledge
        self.tree = Tree(document.analysis, document.text, knowledge.grammar)
        diplomats = knowledge.lexicon.classes.get("diplomat", frozenset())
        self.parties = Parties(self.tree, knowledge.party_words, diplomats)
        self.matches = Finder(self.tree, knowledge.lexicon, self.parties, trace).find()
        self.trace = trace

    def events(self) -> list[Event]:
        """Events and statements in the order of the text."""
        pronouns = Pronouns(self.tree, self.parties)
        self.sources = Sources(self.tree, self.knowledge.speech, self.parties, pronouns)
        matches = [*self.matches, *self._statements()]
        if not matches:
            return []
        published = self.published = civil_day(self.document.source.published, self.document.source.published_zone)
        self.cast = Cast(self.tree, self.parties, pronouns, bystanders=self.knowledge.bystanders, trace=self.trace)
        self.realis = RealisReader(self.tree, self.knowledge.realis)
        triggers = frozenset(match.token for match in matches)
        self._talks = frozenset(match.token for match in matches if match.entry.type is EventType.CONSULT)
        self.clock = Clock(self.tree, self.knowledge.dates, published, triggers)
        self.atlas = Atlas(self.tree, self.knowledge.places, self.parties)
        self.surroundings = Surroundings(self.tree, self.knowledge.contexts)
        self.tally = Tally(self.tree, self.knowledge.counting)
        self.memory = Memory(self.tree, self.knowledge.background, published)
        found = (self._event(match) for match in sorted(matches, key=lambda match: match.token))
        return [event for event in found if event is not None]

    def _statements(self) -> Iterator[Match]:
        """Verbs of saying that vouch for no event."""
        busy = {source.cue for match in self.matches for source in self.sources.chain(match.token)}
        for match in statements(self.tree, self.knowledge.speech, self.parties, self.matches):
            if match.token not in busy:
                yield match

    def _event(self, match: Match) -> Event | None:
        chain = self.sources.chain(match.token)
        realis, realis_rules = self.realis.read(match)
        filled = self.cast.fill(match, self.sources.speaker_of(chain))
        if self._nobody(match, filled):
            self.trace.refused(
                match.token, match.entry, "a noun by itself: nobody takes part, and no verb says that it happens"
            )
            return None
        verb = match.light.verb if match.light is not None else match.token
        time, time_rules = self.clock.read(match.token, verb, realis.value, _cues(chain))
        realis, realis_rules = still_to_come(realis, realis_rules, match.entry.type, time, self.published)
        place, place_rules = self.atlas.read(match, filled.actors)
        filled = _with_state_of_place(match, filled, place)
        recalled, background_rules = self.memory.read(match.token, time)
        trigger = self.tree.span(match.token)
        sentence = self.tree.layer.sentence_of(match.token)
        light_rules = (match.light.entry.id,) if match.light is not None else ()
        rules = (
            match.entry.id,
            *light_rules,
            *filled.rules,
            *realis_rules,
            *(source.rule for source in chain),
            *time_rules,
            *place_rules,
            *background_rules,
        )
        confidence = confidence_of(match, filled.actors, filled.recipients, realis.value, guessed=_GUESSED in rules)
        return Event(
            id=event_id(
                document_id=self.document.id,
                revision=self.document.revision,
                trigger=trigger,
                event_type=match.entry.type,
            ),
            type=match.entry.type,
            mode=match.entry.mode,
            contexts=self.surroundings.contexts(match.token, match.entry.mode),
            trigger=trigger,
            actors=filled.actors,
            recipients=filled.recipients,
            place=place,
            time=time,
            realis=realis,
            attribution=self.sources.attributions(chain),
            quantities=self.tally.quantities(match.token, match.entry.type),
            background=recalled,
            evidence=evidence_of(self.tree, match.token),
            sentence=sentence,
            rule_ids=tuple(dict.fromkeys(rules)),
            confidence=confidence,
            coder_version=CODER_VERSION,
            codebook_version=CODEBOOK_VERSION,
        )

    def _nobody(self, match: Match, filled: Filled) -> bool:
        """An event noun without participants and without a light verb names a topic below another noun or where it is
        what is talked about ("обсудили санкции").

        What is told as the cause or occasion of something ("в результате забастовки") took place all the same.
        """
        if match.entry.pos != "N" or match.light is not None or filled.actors or filled.recipients:
            return False
        top = self.tree.outer(match.token)
        above = self.tree.heads[top]
        if above < 0:
            return False
        if self.tree.is_verbal(above):
            return above in self._talks and not self.tree.is_adjunct(top)
        if self.tree.relations[top] == "nsubj" or _names_a_side(match):
            return False
        return not any(self.tree.is_adjunct(token) for token in (match.token, top, above))


def _with_state_of_place(match: Match, filled: Filled, place: Place | None) -> Filled:
    """An attack on a place is one on the state that it lies in (codebook 4)."""
    if match.entry.type is not EventType.ASSAULT or match.entry.is_mutual or filled.recipients:
        return filled
    if place is None or not place.country or any(actor.code == place.country for actor in filled.actors):
        return filled
    state = Participant(span=place.span, name=place.name, code=place.country)
    return filled._replace(recipients=(state,), rules=(*filled.rules, "party.state-of-place"))


def _names_a_side(match: Match) -> bool:
    """Whether a phrase tells whom the event concerns, though its party is not known: "санкции против газопровода"."""
    functions = (*match.entry.actor, *match.entry.recipient)
    told = [argument.function for argument in match.arguments if argument.direct and "+" in argument.function]
    return any(function_fits(wanted, function) for wanted in functions for function in told)


def _cues(chain: tuple[Source, ...]) -> frozenset[int]:
    return frozenset(source.cue for source in chain)
