"""A sentence's tree: a token a line in the order of the text, and lines from each head to what it governs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.text import Text

from chronika.cli.terminal import one_line
from chronika.domain.analysis import ROOT, AnalysisLayer

_LEADS_ON = ("─", "┬", "┴", "┼")
_ASCII = str.maketrans("─│╭╰├┼┬┴╼", "-|++++++>")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeStyle:
    """Whether the terminal has line-drawing characters, and what is said beside tokens (by index)."""

    drawn: bool = True
    roles: Mapping[int, str]


def dependency_tree(analysis: AnalysisLayer, text: str, sentence: int, style: TreeStyle) -> Text:
    """The lines of a sentence's tree: branches, form, relation, part of speech, lemma, role."""
    tokens = analysis.sentence(sentence)
    branches = _branches([_local(analysis.heads[token], tokens) for token in tokens])
    if not style.drawn:
        branches = [branch.translate(_ASCII) for branch in branches]
    forms = [one_line(analysis.token_span(token).of(text)) for token in tokens]
    width = max(len(branch) + len(form) for branch, form in zip(branches, forms, strict=True))
    lines = []
    for token, branch, form in zip(tokens, branches, forms, strict=True):
        role = style.roles.get(token, "")
        line = Text.assemble((branch, "dim"), " ", (form, "bold" if role else ""))
        line.append(" " * (width - len(branch) - len(form) + 2))
        line.append(f"{analysis.relations[token]:<11} {analysis.parts_of_speech[token]:<6}")
        line.append(f" {one_line(analysis.lemmas[token])}", style="dim")
        line.append(f"  {role}" if role else "", style="bold yellow")
        lines.append(line)
    return Text("\n").join(lines)


def _local(head: int, tokens: range) -> int:
    """A head as an index within the sentence."""
    return head - tokens.start if head in tokens else ROOT


def _branches(heads: list[int]) -> list[str]:
    """The lines before each token: heads stand further left, each connected with its dependents by a column."""
    rows = [""] * len(heads)
    waiting = [token for token, head in enumerate(heads) if head == ROOT]
    for token in waiting:
        rows[token] = "─"
    while waiting:
        node = waiting.pop(0)
        children = [token for token, head in enumerate(heads) if head == node]
        if children:
            _connect(rows, node, children)
            waiting += children
    return [f"{row}╼" for row in rows]


def _connect(rows: list[str], node: int, children: list[int]) -> None:
    """Draws the column between a token and what it governs, right of all that stands in these rows."""
    first, last = min(node, *children), max(node, *children)
    column = max(len(rows[row]) for row in range(first, last + 1))
    corner = _corner(first, last)
    for row in range(first, last + 1):
        if row == node:
            rows[row] = rows[row].ljust(column, "─") + corner(row, "┬┴┼")
        elif row in children:
            rows[row] = rows[row].ljust(column) + corner(row, "╭╰├") + "─"
        else:
            # A line that leads on to this token's word goes through below the column.
            is_reached = rows[row].endswith(_LEADS_ON)
            rows[row] = rows[row].ljust(column, "─" if is_reached else " ") + "│"


def _corner(first: int, last: int) -> Callable[[int, str], str]:
    return lambda row, marks: marks[0] if row == first else marks[1] if row == last else marks[2]
