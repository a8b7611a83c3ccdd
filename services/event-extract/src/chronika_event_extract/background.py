"""What an article recalls from before its news (codebook 2.9): "Напомним", "ранее", a dated earlier step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chronika.domain.event import EventTime
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.tree import Tree

FILE = "background.tsv"
_NEWS_DAYS = 14
"""An event dated this many days before the publication is no longer the article's news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundCues:
    """Row ids by lemma: cues that hold to the end of the paragraph, and cues of one clause."""

    paragraph: Mapping[str, str]
    clause: Mapping[str, str]


def read_background_cues(pack: LanguagePack) -> BackgroundCues:
    """The table of a pack."""
    rows = pack.table(FILE)
    return BackgroundCues(
        paragraph={
            lemma: row["id"] for row in rows if row["scope"] == "paragraph" for lemma in row["lemmas"].split("|")
        },
        clause={lemma: row["id"] for row in rows if row["scope"] == "clause" for lemma in row["lemmas"].split("|")},
    )


class Memory:
    """Tells what is background in one document."""

    def __init__(self, tree: Tree, cues: BackgroundCues, published: date | None) -> None:
        self.tree = tree
        self.cues = cues
        self.published = published
        self._recalled = self._paragraphs()

    def read(self, trigger: int, when: EventTime | None) -> tuple[bool, tuple[str, ...]]:
        """Whether a trigger is background, and by which rule."""
        rule = self._recalled.get(self.tree.layer.sentence_of(trigger)) or self._adverb(trigger)
        if rule:
            return True, (rule,)
        if when is not None and self._is_earlier(when):
            return True, ("background.earlier-date",)
        return False, ()

    def _paragraphs(self) -> dict[int, str]:
        """Sentences from a recalling word to the end of its paragraph."""
        recalled: dict[int, str] = {}
        layer = self.tree.layer
        rule = ""
        for sentence in range(len(layer.sentence_starts)):
            tokens = layer.sentence(sentence)
            if sentence and "\n" in self.tree.text[layer.token_ends[tokens[0] - 1] : layer.token_starts[tokens[0]]]:
                rule = ""
            rule = rule or self._opening(tokens)
            if rule:
                recalled[sentence] = rule
        return recalled

    def _opening(self, tokens: range) -> str:
        first = next((token for token in tokens if self.tree.pos[token] != "PUNCT"), tokens[0])
        for key in (self.tree.forms[first], self.tree.lemmas[first]):
            rule = self.cues.paragraph.get(key)
            if rule and self._is_first_person(first):
                return rule
        pair = f"{self.tree.lemmas[first]} {self.tree.lemmas[first + 1]}" if first + 1 in tokens else ""
        return self.cues.paragraph.get(pair, "")

    def _is_first_person(self, token: int) -> bool:
        return self.tree.feature(token, "Person") in {"1", ""} and self.tree.feature(token, "Tense") != "Past"

    def _adverb(self, trigger: int) -> str:
        clause = self.tree.clause(trigger)
        for token in (trigger, clause):
            for child in self.tree.children[token]:
                rule = self.cues.clause.get(self.tree.lemmas[child])
                if rule and self.tree.relations[child] == "advmod":
                    return rule
        return ""

    def _is_earlier(self, when: EventTime) -> bool:
        if self.published is None:
            return False
        last = (when.end or when.start)[: len(self.published.isoformat())]
        if len(last) < len(self.published.isoformat()):
            return last < self.published.isoformat()[: len(last)]
        return (self.published - date.fromisoformat(last)).days > _NEWS_DAYS
