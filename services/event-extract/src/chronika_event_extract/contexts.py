"""Contexts of an event (codebook 3): what the words of its sentence and its own mode speak for."""

from __future__ import annotations

from collections.abc import Mapping

from chronika.domain.codebook import CONTEXTS
from chronika.domain.errors import ConfigurationError
from chronika.ports.language_pack import LanguagePack
from chronika_event_extract.tree import Tree

FILE = "contexts.tsv"
_OF_MODE = {"cyber": "cyber", "misinformation": "misinformation"}
_ORDER = {name: number for number, name in enumerate(CONTEXTS)}


def read_contexts(pack: LanguagePack) -> Mapping[str, tuple[str, ...]]:
    """Contexts by lemma. ConfigurationError `unknown-context` names one that the codebook lacks."""
    table: dict[str, tuple[str, ...]] = {}
    for row in pack.table(FILE):
        if row["context"] not in _ORDER:
            raise ConfigurationError(
                "unknown-context",
                f"{FILE} of language pack {pack.code!r} names the context {row['context']!r}",
                cure="The contexts are listed in docs/codebook.md.",
            )
        table[row["lemma"]] = (*table.get(row["lemma"], ()), row["context"])
    return table


class Surroundings:
    """The contexts of the events of one document; each sentence is read once."""

    def __init__(self, tree: Tree, table: Mapping[str, tuple[str, ...]]) -> None:
        self._tree = tree
        self._table = table
        self._by_sentence: dict[int, frozenset[str]] = {}

    def contexts(self, trigger: int, mode: str) -> tuple[str, ...]:
        """The contexts of the event at a trigger, in the codebook's order."""
        found = self._of_sentence(self._tree.layer.sentence_of(trigger))
        if mode in _OF_MODE:
            found |= {_OF_MODE[mode]}
        return tuple(sorted(found, key=_ORDER.__getitem__))

    def _of_sentence(self, sentence: int) -> frozenset[str]:
        if sentence not in self._by_sentence:
            lemmas = (self._tree.lemmas[token] for token in self._tree.layer.sentence(sentence))
            self._by_sentence[sentence] = frozenset(
                context for lemma in lemmas for context in self._table.get(lemma, ())
            )
        return self._by_sentence[sentence]
