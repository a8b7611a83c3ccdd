"""Documents as CoNLL-U: sentences, lemmas, morphology and trees, with the offsets of every token under MISC."""

from __future__ import annotations

from collections.abc import Iterator

from chronika.domain.analysis import ROOT, AnalysisLayer
from chronika.domain.document import Document

_EMPTY = "_"


def conllu(document: Document) -> str:
    """A document as CoNLL-U, ended by an empty line; the empty string when it holds no sentence.

    `start_char` and `end_char` under MISC are Python string indices into the document's text. `# text` is the sentence
    with each run of white space between tokens as one space, as the format wants it.
    """
    analysis = document.analysis
    if analysis is None or not analysis.sentence_starts:
        return ""
    lines = [f"# newdoc id = {_joined(document.id)}"]
    for number in range(len(analysis.sentence_starts)):
        lines += [*_sentence(document, analysis, number), ""]
    return "\n".join(lines) + "\n"


def _sentence(document: Document, analysis: AnalysisLayer, number: int) -> Iterator[str]:
    tokens = analysis.sentence(number)
    forms = [_form(document, analysis, token) for token in tokens]
    glued = [_is_glued(analysis, token, tokens) for token in tokens]
    text = "".join(form if tight else f"{form} " for form, tight in zip(forms, glued, strict=True)).rstrip()
    yield f"# sent_id = {_joined(document.id)}-{number + 1}"
    yield f"# text = {text}"
    if analysis.sentence_languages[number]:
        yield f"# lang = {analysis.sentence_languages[number]}"
    for token, form, tight in zip(tokens, forms, glued, strict=True):
        yield _token(analysis, token, tokens, form, tight=tight)


def _token(analysis: AnalysisLayer, token: int, sentence: range, form: str, *, tight: bool) -> str:
    span = analysis.token_span(token)
    head = analysis.heads[token]
    is_root = head == ROOT
    misc = ["SpaceAfter=No"] if tight else []
    misc += [f"end_char={span.end}", f"start_char={span.start}"]
    columns = (
        str(token - sentence.start + 1),
        form,
        _joined(analysis.lemmas[token]) or _EMPTY,
        analysis.parts_of_speech[token] or _EMPTY,
        _EMPTY,
        _features(analysis.features[token]),
        "0" if is_root else str(head - sentence.start + 1),
        "root" if is_root else analysis.relations[token] or "dep",
        _EMPTY,
        "|".join(misc),
    )
    return "\t".join(columns)


def _form(document: Document, analysis: AnalysisLayer, token: int) -> str:
    return _joined(analysis.token_span(token).of(document.text)) or _EMPTY


def _is_glued(analysis: AnalysisLayer, token: int, sentence: range) -> bool:
    """Whether the next token of the sentence follows without white space."""
    following = token + 1
    return following in sentence and analysis.token_starts[following] == analysis.token_ends[token]


def _features(features: str) -> str:
    """Sorted by name without regard to case, as the format wants it."""
    if features in ("", _EMPTY):
        return _EMPTY
    return "|".join(sorted(features.split("|"), key=lambda pair: pair.partition("=")[0].lower()))


def _joined(text: str) -> str:
    """White space would end the column or the line."""
    return " ".join(text.split())
