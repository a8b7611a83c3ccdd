"""Runs the measurements, each in a fresh process on one core, the peers in turn, and writes docs/performance.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from articles import read_articles

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROUNDS = 3
SAMPLES = {"ru": ROOT / "samples" / "ru", "uk": ROOT / "samples" / "uk"}
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Articles:
    """What is read: a language, where it lies and how it is called in the report."""

    language: str
    path: Path

    @property
    def is_sample(self) -> bool:
        """Whether the shipped samples are read."""
        return self.path == SAMPLES[self.language]


def articles(language: str) -> Articles:
    """The samples, or what BENCH_RU and BENCH_UK name."""
    named = os.environ.get(f"BENCH_{language.upper()}")
    return Articles(language, Path(named).resolve() if named else SAMPLES[language])


def one_core() -> None:
    """Pins a measured process to the first core that it may use."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measured(python: str, script: str, source: Articles, limit: int) -> Figures:
    """One measurement in a fresh process."""
    command = [python, "-W", "ignore", str(HERE / script), str(source.path), str(limit)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    finished = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=one_core, env=environment, timeout=900, check=False
    )
    if finished.returncode != 0:
        raise SystemExit(f"{script} failed:\n{finished.stderr[-2000:]}")
    return json.loads(finished.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def rate(figures: Figures, part: str, what: str) -> float:
    """Documents or tokens a second of processor time."""
    return float(figures[part][what]) / float(figures[part]["seconds"])


def middle(rounds: Sequence[Figures], part: str, what: str) -> float:
    """The median over the rounds."""
    return statistics.median(rate(figures, part, what) for figures in rounds)


def memory_tree(process: psutil.Process) -> int:
    """Resident bytes of a process and all below it; shared pages count once a process."""
    total = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def whole_job(source: Articles, limit: int) -> Figures:
    """`chronika run` over the articles with all workers: seconds, documents a second, peak memory of all processes."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "articles.jsonl"
        target.write_text("\n".join(lines(source, limit)), encoding="utf-8")
        command = ["chronika", "run", str(target), "--store", str(Path(folder) / "bench.db"), "--quiet"]
        started = time.perf_counter()
        process = psutil.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        peak = 0
        while process.poll() is None:
            peak = max(peak, memory_tree(process))
            time.sleep(0.05)
        seconds = time.perf_counter() - started
        output = process.stdout.read() if process.stdout else ""
        if process.returncode not in (0, 3):
            raise SystemExit(f"chronika run failed:\n{output[-2000:]}")
        documents = len(target.read_text(encoding="utf-8").splitlines())
        return {"seconds": seconds, "documents": documents, "peak_bytes": peak}


def lines(source: Articles, limit: int) -> Iterator[str]:
    """The articles as JSON lines with the fields that ingest reads."""
    for number, text in enumerate(read_articles(source.path, limit)):
        yield json.dumps({"id": f"bench-{source.language}-{number}", "text": text}, ensure_ascii=False)


def first_event() -> float:
    """Seconds of `chronika extract` on one sample, from an idle shell to the printed events; median of three."""
    sample = min(SAMPLES["ru"].glob("*.txt"))
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        subprocess.run(["chronika", "extract", str(sample)], capture_output=True, check=True, timeout=120)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def take_turns(peer: str, source: Articles, limit: int) -> tuple[list[Figures], list[Figures]]:
    """Rounds of Chronika and natasha, one after the other, so that a slow minute of the machine meets both."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(measured(sys.executable, "measure_chronika.py", source, limit))
        theirs.append(measured(peer, "measure_natasha.py", source, limit))
    return ours, theirs


def megabytes(size: float) -> str:
    """Bytes as mebibytes."""
    return f"{size / 2**20:.0f} MiB"


def speed_table(ours: Sequence[Figures], theirs: Sequence[Figures], ukrainian: Sequence[Figures]) -> list[str]:
    """The table of rates; the ratio compares medians of processor time on the same articles."""
    rows = [
        "| one core | Chronika, Russian | natasha, Russian | ratio | Chronika, Ukrainian |",
        "|---|---|---|---|---|",
    ]
    for part in ("cold", "warm"):
        for what in ("documents", "tokens"):
            our, their = middle(ours, part, what), middle(theirs, part, what)
            rows.append(
                f"| {what}/s, {part} | {our:,.1f} | {their:,.1f} | {our / their:.2f} | "
                f"{middle(ukrainian, part, what):,.1f} |"
            )
    peaks = [max(figures["peak_bytes"] for figures in rounds) for rounds in (ours, theirs, ukrainian)]
    rows.append(
        f"| peak memory of the process | {megabytes(peaks[0])} | {megabytes(peaks[1])} | {peaks[0] / peaks[1]:.2f} | "
        f"{megabytes(peaks[2])} |"
    )
    loads = [statistics.median(figures["loading_seconds"] for figures in r) for r in (ours, theirs, ukrainian)]
    rows.append(f"| seconds to load | {loads[0]:.2f} | {loads[1]:.2f} | {loads[0] / loads[1]:.2f} | {loads[2]:.2f} |")
    return rows


def stage_table(rounds: Sequence[Figures], part: str) -> list[str]:
    """Milliseconds of processor time a document, by stage."""
    stages = rounds[0][part]["stages"]
    rows = ["| stage | ms a document |", "|---|---|"]
    for stage in stages:
        milliseconds = statistics.median(
            1000 * figures[part]["stages"][stage] / figures[part]["documents"] for figures in rounds
        )
        rows.append(f"| {stage} | {milliseconds:.2f} |")
    return rows


def described(source: Articles, count: int) -> str:
    """The articles in words; a path of the machine is nobody's business."""
    kind = "the shipped samples" if source.is_sample else f"`{source.path.name}`"
    return f"{count} articles of {kind}"


def introduction(russian: str, ukrainian: str) -> list[str]:
    """What was measured, how, and against whom."""
    return [
        "# Performance",
        "",
        "Written by `make bench`; never edited by hand. Ratios come first: the absolute figures belong to the machine.",
        "",
        f"Russian: {russian}. Ukrainian: {ukrainian}. "
        f"Each measurement is a fresh process on one core of {os.cpu_count()} "
        f"({platform.machine()}, Python {platform.python_version()}), {ROUNDS} rounds, medians, processor time. "
        "Cold: a fresh process reads the first half. Warm: the same process reads the other half.",
        "",
        "The peer is natasha 1.6.0 with its full chain: segmenting, morphology, syntax, names, lemmas, normal forms.",
        "Chronika does that, and detects languages, links names, reads events and encodes all of it.",
        "",
    ]


def job_table(source: Articles, limit: int) -> list[str]:
    """The whole job through the command: documents a second, memory, seconds to the first event."""
    job = whole_job(source, limit)
    return [
        "| | |",
        "|---|---|",
        f"| `chronika run` on the Russian articles, {os.cpu_count()} workers, stored | "
        f"{job['documents'] / job['seconds']:,.1f} documents/s |",
        f"| seconds of it, from the shell | {job['seconds']:.1f} |",
        f"| peak memory of all its processes, shared pages counted for each | {megabytes(job['peak_bytes'])} |",
        f"| seconds from the shell to the first printed event (`chronika extract`) | {first_event():.2f} |",
        "",
    ]


def page(peer: str, limit: int) -> str:
    """Measures everything and writes the page."""
    russian, ukrainian = articles("ru"), articles("uk")
    ours, theirs = take_turns(peer, russian, limit)
    second = [measured(sys.executable, "measure_chronika.py", ukrainian, limit) for _ in range(ROUNDS)]
    counts = [int(rounds[0]["cold"]["documents"] + rounds[0]["warm"]["documents"]) for rounds in (ours, second)]
    stages = ours[0]["warm"]["stages"]
    share = 100 * stages["event-extract"] / stages["ner"]
    sections = [
        *introduction(described(russian, counts[0]), described(ukrainian, counts[1])),
        *speed_table(ours, theirs, second),
        "",
        "## Where the time goes (Russian, warm)",
        "",
        *stage_table(ours, "warm"),
        "",
        f"event-extract takes {share:.0f} % of the time of ner.",
        "",
        "## The whole job",
        "",
        *job_table(russian, limit),
        "```sh",
        "make bench                                        # the samples",
        "BENCH_RU=pages.ru.jsonl BENCH_UK=pages.uk.jsonl make bench",
        "```",
    ]
    return "\n".join(sections) + "\n"


def main() -> None:
    """Reads the arguments and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", required=True, help="the Python of the peer's environment")
    parser.add_argument("--write", required=True, type=Path, help="the page to write")
    parser.add_argument("--limit", type=int, default=240, help="articles a language at most")
    arguments = parser.parse_args()
    text = page(arguments.peer, arguments.limit)
    arguments.write.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
