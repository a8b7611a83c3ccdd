"""What a word of saying vouches for: tokens below it, beside it, quoted, in the sentence before or the lines after."""

from __future__ import annotations

from chronika_event_extract.quotes import quotations
from chronika_event_extract.tree import Tree

_CONTENT = frozenset({"ccomp", "parataxis", "csubj", "xcomp"})
_ABOUT_CLAUSES = frozenset({"advcl", "acl"})
_SUBORDINATE = frozenset({"ccomp", "acl", "advcl", "csubj"})
_DASHES = frozenset({"-", "–", "—", "―"})
_NEAR = 3
_LONGEST_LIST = 12
"""Sentences that a line like "Тарас Вдовин, капитан порта:" may introduce."""

Tokens = frozenset[int]
NOTHING: Tokens = frozenset()


class Scopes:
    """Scopes in one document."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._quotations = quotations(tree)

    def said_by(self, verb: int, *, points_back: bool) -> Tokens:
        """What a verb of saying says; `points_back` where its object is "об этом"."""
        sentence = self.tree.layer.sentence_of(verb)
        if points_back:
            return frozenset(self.tree.layer.sentence(sentence - 1)) if sentence else NOTHING
        return self._below(verb) | self._around_inserted(verb) | self._quoted(verb) | self._before_dash(verb)

    def around(self, noun: int) -> Tokens:
        """What "по словам министра" says: its clause, or its sentence when that is the main one."""
        own = frozenset(self.tree.subtree(noun))
        for ancestor in self.tree.ancestors(noun):
            if self.tree.is_verbal(ancestor) and self.tree.relations[ancestor] in _SUBORDINATE:
                return frozenset(self.tree.subtree(ancestor)) - own
        return frozenset(self.tree.sentence_range(noun)) - own

    def introduced_by(self, sentence: int) -> Tokens:
        """The lines after a sentence that ends with a colon: a quotation, or a list up to the next empty line."""
        layer = self.tree.layer
        last = min(sentence + 1 + _LONGEST_LIST, len(layer.sentence_starts))
        lines: set[int] = set()
        for index in range(sentence + 1, last):
            if index > sentence + 1 and self._gap_before(index).count("\n") > 1:
                break
            lines.update(layer.sentence(index))
        return frozenset(lines)

    def _gap_before(self, sentence: int) -> str:
        first = self.tree.layer.sentence_starts[sentence]
        return self.tree.text[self.tree.layer.token_ends[first - 1] : self.tree.layer.token_starts[first]]

    # -- parts of what is said ----------------------------------------------------------------------------------------

    def _below(self, verb: int) -> Tokens:
        """Clauses below the verb, and what it is said about: "заявил о готовности передать"."""
        said: set[int] = set()
        for child in self.tree.children[verb]:
            relation = self.tree.relations[child]
            clause = relation in _ABOUT_CLAUSES and self.tree.is_verbal(child) and bool(self.tree.marks(child))
            about = relation in {"obl", "obj"} and (
                self.tree.preposition(child) in self.tree.grammar.about_prepositions or self._tells(child)
            )
            if relation in _CONTENT or clause or about:
                said.update(self.tree.subtree(child))
        return frozenset(said)

    def _tells(self, noun: int) -> bool:
        """An object that is itself a telling: "опровергли информацию о …"."""
        return any(
            self.tree.preposition(child) in self.tree.grammar.about_prepositions
            or (self.tree.is_verbal(child) and bool(self.tree.marks(child)))
            for child in self.tree.children[noun]
        )

    def _around_inserted(self, verb: int) -> Tokens:
        """The rest of the sentence around an inserted verb: ", сообщает Reuters", "как заявил министр"."""
        if not self._is_inserted(verb):
            return NOTHING
        return frozenset(self.tree.sentence_range(verb)) - frozenset(self.tree.subtree(verb)) | self._below(verb)

    def _is_inserted(self, verb: int) -> bool:
        relation = self.tree.relations[verb]
        marks = set(self.tree.marks(verb)) | {
            self.tree.lemmas[child] for child in self.tree.children[verb] if self.tree.relations[child] == "advmod"
        }
        if relation in {"advcl", "parataxis", "ccomp", "conj"} and marks & self.tree.grammar.as_words:
            return True
        if relation == "parataxis":
            return True
        return relation in {"ccomp", "conj"} and not marks and self._comes_after_all(verb)

    def _comes_after_all(self, verb: int) -> bool:
        """A verb attached as part of what it reports: behind a comma, before its subject, with nothing of its own."""
        children = self.tree.children[verb]
        if any(self.tree.relations[child] in {"ccomp", "obj", "cc", "xcomp"} for child in children):
            return False
        subject = next((child for child in children if self.tree.relations[child] == "nsubj"), None)
        return (
            subject is not None
            and self.tree.heads[verb] < verb < subject
            and self.tree.forms[verb - 1] in {",", "—", "–", "-"}
        )

    def _quoted(self, verb: int) -> Tokens:
        tokens = self.tree.sentence_range(verb)
        said: set[int] = set()
        for first, last in self._quotations:
            beside = first <= tokens[-1] and last >= tokens[0]
            if beside and not first <= verb <= last:
                said.update(range(first, last + 1))
        return frozenset(said)

    def _before_dash(self, verb: int) -> Tokens:
        """A sentence that begins with a dash and the verb speaks of the one before it."""
        tokens = self.tree.sentence_range(verb)
        sentence = self.tree.layer.sentence_of(verb)
        if sentence and self.tree.forms[tokens[0]] in _DASHES and verb - tokens[0] < _NEAR:
            return frozenset(self.tree.layer.sentence(sentence - 1))
        return NOTHING
