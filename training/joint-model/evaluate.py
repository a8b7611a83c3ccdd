"""Measure the joint model on treebanks and name corpora, and compare two exports of it.

    python training/joint-model/evaluate.py DATA                     figures of the shipped model
    python training/joint-model/evaluate.py DATA --models FOLDER     those of another export
    python training/joint-model/evaluate.py DATA --against FOLDER    share of equal decisions of two exports, on news

DATA holds `ud/*.conllu` (gold tokens and trees), `ner/*.jsonl` ({"text", "lang", "entities": [[start, end, kind]]}) and
`news/*.jsonl` ({"text"}). Trees are measured on gold sentences and tokens, names on raw text with exact spans.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import chronika_languages
from chronika.ports.language_pack import LanguagePack
from chronika_ner.analyzer import Analyzer
from chronika_ner.dictionary import load_dictionary
from chronika_ner.features import WordTable
from chronika_ner.lemmas import lemma, read_exceptions
from chronika_ner.network import Labels, Network, relation_names
from chronika_ner.outline import Text, outline
from chronika_ner.segmentation import Abbreviations
from chronika_ner.vocabulary import Vocabulary

SHIPPED = Path(chronika_languages.__file__).parent / "models"
LANGUAGES = {"ru": "Russian", "uk": "Ukrainian"}
TREEBANKS = (
    ("uk_iu-news-dev", "uk", True),
    ("uk_iu-ud-dev", "uk", True),
    ("uk_parlamint-ud-dev", "uk", True),
    ("grameval2020-dev-RuEval2017-Lenta-news", "ru", True),
    ("ru_gsd-ud-dev", "ru", False),
    ("ru_taiga-ud-dev", "ru", False),
)
NAME_CORPORA = (
    ("nerel.ru.dev", True),
    ("parlamint_weak.uk.dev", True),
    ("factrueval.ru.dev", False),
    ("slavicner.ru.train", False),
    ("slavicner.uk.train", False),
    ("neruk2_ng.uk.train", False),
    ("neruk2_bruk.uk.train", False),
)
NEWS = (("bsnlp.ru", "ru"), ("bsnlp.uk", "uk"), ("telegram.ru", "ru"), ("telegram.uk", "uk"))
NEWS_TEXTS = 200
KINDS = {"person": "PER", "location": "LOC", "organization": "ORG"}
CHUNK = 32


@dataclass(frozen=True, slots=True)
class GoldToken:
    """A line of a treebank."""

    form: str
    lemma: str
    part_of_speech: str
    features: dict[str, str]
    head: int
    relation: str


def packs() -> dict[str, LanguagePack]:
    folder = Path(chronika_languages.__file__).parent
    return {code: LanguagePack(code, name, folder / code) for code, name in LANGUAGES.items()}


def read_treebank(path: Path) -> list[list[GoldToken]]:
    sentences: list[list[GoldToken]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if not line.strip():
            sentences.append([])
        elif cells[0].isdigit():
            features = dict(pair.split("=", 1) for pair in cells[5].split("|") if "=" in pair)
            sentences[-1].append(GoldToken(cells[1], cells[2], cells[3], features, int(cells[6]), cells[7]))
    return [sentence for sentence in sentences if sentence]


class Model:
    """An export of the model, with the tables it needs to label given tokens."""

    def __init__(self, folder: Path) -> None:
        self.vocabulary = Vocabulary.read(folder / "joint.json")
        self.table = WordTable(self.vocabulary, {code: load_dictionary(pack) for code, pack in packs().items()})
        self.network = Network(folder, self.vocabulary)
        self.relations = relation_names(self.vocabulary)

    def label(self, sentences: Sequence[Sequence[str]], language: str) -> tuple[np.ndarray, Labels]:
        rows = np.array([row for words in sentences for row in self.table.rows(words, language)], np.int64)
        lengths = np.array([len(words) for words in sentences], np.int64)
        languages = np.full(len(sentences), self.vocabulary.languages.index(language), np.int64)
        return rows, self.network.label(self.table, rows, lengths, languages)


def universal(relation: str) -> str:
    return relation.partition(":")[0]


def measure_treebank(model: Model, sentences: list[list[GoldToken]], language: str) -> str:
    rows, labels = model.label([[token.form for token in sentence] for sentence in sentences], language)
    exceptions = read_exceptions(packs()[language].table("lemmas.tsv"))
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for index, token in enumerate(token for sentence in sentences for token in sentence):
        part_of_speech = model.vocabulary.parts_of_speech[labels.parts_of_speech[index]]
        features = model.vocabulary.features(int(labels.features[index]))
        found = lemma(
            model.table.words[rows[index]], model.table.entries[rows[index]], part_of_speech, features, exceptions
        )
        attached = int(labels.heads[index]) == token.head
        marks = {
            "UPOS": part_of_speech == token.part_of_speech,
            "UAS": attached,
            "LAS": attached and universal(model.relations[labels.relations[index]]) == universal(token.relation),
        }
        if "Case" in token.features:
            marks["Case"] = f"Case={token.features['Case']}" in features.split("|")
        if token.form[:1].isalpha() and token.lemma != "_":
            right = _folded(found) == _folded(token.lemma)
            marks["lemma"] = right
            marks["lemma of names" if token.part_of_speech == "PROPN" else "lemma of words"] = right
        for name, hit in marks.items():
            totals[name] += 1
            hits[name] += hit
    shown = ("UPOS", "Case", "UAS", "LAS", "lemma", "lemma of names")
    return " | ".join(f"{100 * hits[name] / totals[name]:.1f}" for name in shown if totals[name])


def _folded(text: str) -> str:
    return text.lower().replace("ё", "е").replace("’", "'").replace("ʼ", "'").replace("\u0301", "")


def read_names(path: Path) -> Iterator[tuple[str, str, list[tuple[int, int, str]]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        yield raw["text"], raw["lang"], [(start, end, kind) for start, end, kind in raw["entities"]]


def measure_names(analyzer: Analyzer, path: Path) -> str:
    found, gold, hits = (Counter[str](), Counter[str](), Counter[str]())
    documents = list(read_names(path))
    for start in range(0, len(documents), CHUNK):
        chunk = documents[start : start + CHUNK]
        analyses = analyzer.analyze([Text(text=text, language=language) for text, language, _ in chunk])
        for analysis, (_, _, entities) in zip(analyses, chunk, strict=True):
            layer = analysis.layer
            names = {
                (layer.token_starts[name.start], layer.token_ends[name.end - 1], KINDS[name.kind])
                for name in analysis.names
            }
            other = [(start, end) for start, end, kind in entities if kind not in KINDS.values()]
            names = {name for name in names if not any(name[0] < end and start < name[1] for start, end in other)}
            wanted = {entity for entity in entities if entity[2] in KINDS.values()}
            for counter, spans in ((found, names), (gold, wanted), (hits, names & wanted)):
                counter.update(kind for _, _, kind in spans)
    for counter in (found, gold, hits):
        counter["all"] = sum(counter[kind] for kind in KINDS.values() if gold[kind])
    return " | ".join(
        f"{200 * hits[kind] / (found[kind] + gold[kind]):.1f}" if gold[kind] else "–"
        for kind in ("PER", "LOC", "ORG", "all")
    )


def compare(model: Model, other: Model, data: Path) -> None:
    print("| texts | tokens | part of speech | features | head | relation | name tag |")
    print("|---|---|---|---|---|---|---|")
    abbreviations = {code: Abbreviations.from_table(pack.table("abbreviations.tsv")) for code, pack in packs().items()}
    for name, language in NEWS:
        lines = (data / "news" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:NEWS_TEXTS]
        outlines = [outline(Text(text=json.loads(line)["text"], language=language), abbreviations) for line in lines]
        sentences = [words[:200] for found in outlines for words, _ in found.sentences()]
        (_, one), (_, two) = (each.label(sentences, language) for each in (model, other))
        columns = ("parts_of_speech", "features", "heads", "relations", "entity_tags")
        shares = [100 * float(np.mean(getattr(one, column) == getattr(two, column))) for column in columns]
        print(f"| {name} | {len(one.heads)} | " + " | ".join(f"{share:.2f}" for share in shares) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=SHIPPED)
    parser.add_argument("--against", type=Path)
    arguments = parser.parse_args()
    model = Model(arguments.models)
    if arguments.against:
        compare(model, Model(arguments.against), arguments.data)
        return
    print("| treebank | seen in training | UPOS | Case | UAS | LAS | lemma | lemma of names |")
    print("|---|---|---|---|---|---|---|---|")
    for name, language, unseen in TREEBANKS:
        sentences = read_treebank(arguments.data / "ud" / f"{name}.conllu")
        print(f"| {name} | {'no' if unseen else 'yes'} | {measure_treebank(model, sentences, language)} |", flush=True)
    analyzer = Analyzer(arguments.models, packs())
    print("\n| names | seen in training | PER | LOC | ORG | all |\n|---|---|---|---|---|---|")
    for name, unseen in NAME_CORPORA:
        scores = measure_names(analyzer, arguments.data / "ner" / f"{name}.jsonl")
        print(f"| {name} | {'no' if unseen else 'yes'} | {scores} |", flush=True)


if __name__ == "__main__":
    main()
