"""The embedded runner over a real store and real files, with a stage that does as it is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from itertools import pairwise
from pathlib import Path

import pytest

from chronika.domain.dead_letter import DeadLetter
from chronika.domain.errors import ChronikaError, ConfigurationError, StoreError
from chronika.ports.source import Refusal, SourceOptions
from chronika.runtime.embedded import Progress, RunSummary, run_embedded
from chronika.runtime.metrics import Metrics
from chronika.runtime.plugins import open_store
from chronika.runtime.settings import Settings, load_settings
from chronika.testing.obedient_stage import NAME
from chronika.testing.plug_ins import install_plug_in

TEXT = "Президент встретился с министром. Переговоры прошли в столице"


@pytest.fixture
def base(tmp_path: Path, obedient: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(folder: Path, texts: Mapping[str, str], *, name: str = "articles.jsonl") -> str:
    file = folder / name
    rows = [json.dumps({"id": key, "text": text}, ensure_ascii=False) for key, text in texts.items()]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(file)


def settings(folder: Path, **changes: object) -> Settings:
    values = {"store": f"sqlite:///{folder}/store.db", "stages": (NAME,), "workers": 1, "document_seconds": 20.0}
    return load_settings(values | changes).values


def run(folder: Path, *sources: str, metrics: Metrics | None = None, **changes: object) -> RunSummary:
    summary = run_embedded(settings(folder, **changes), sources, SourceOptions(), metrics=metrics)
    assert summary.balances, summary
    return summary


def stored(folder: Path) -> list[str]:
    with open_store(f"sqlite:///{folder}/store.db", read_only=True) as store:
        return sorted(str(row["document_id"]) for row in store.rows("documents"))


def test_every_input_is_accounted_for(base: Path) -> None:
    texts = {f"d{number}": f"{TEXT} {number}" for number in range(30)} | {"bad": f"{TEXT} FAIL:x"}
    refused: list[Refusal] = []
    lost: list[DeadLetter] = []
    steps: list[Progress] = []
    summary = run_embedded(
        settings(base, batch_documents=4),
        [lines(base, texts), str(base / "nowhere.txt")],
        SourceOptions(),
        progress=steps.append,
        on_refusal=refused.append,
        on_dead_letter=lost.append,
    )
    assert summary.balances
    assert (summary.inputs, summary.stored, summary.unchanged) == (32, 30, 0)
    assert summary.dead_letters == {(NAME, "stage-failed"): 1}
    assert [refusal.origin for refusal in refused] == [str(base / "nowhere.txt")]
    assert [letter.document_id for letter in lost] == ["bad"]
    assert len(stored(base)) == 30
    assert (steps[-1].done, steps[-1].total, steps[-1].in_work) == (32, 32, 0)
    assert all(before.done <= after.done for before, after in pairwise(steps))


def test_a_second_run_changes_nothing(base: Path) -> None:
    source = lines(base, {"a": TEXT, "b": f"{TEXT} b"})
    assert run(base, source).stored == 2
    again = run(base, source)
    assert (again.inputs, again.stored, again.unchanged) == (2, 0, 2)


def test_metrics_and_summary_agree(base: Path) -> None:
    metrics = Metrics()
    summary = run(base, lines(base, {"a": TEXT, "b": f"{TEXT} FAIL:x", "c": TEXT}), metrics=metrics)
    assert metrics.value("chronika_inputs_total", "stored", "") == summary.stored == 2
    assert metrics.value("chronika_inputs_total", "dead-letter", "stage-failed") == 1
    assert metrics.value("chronika_documents_total", NAME, "produced") == 2
    assert metrics.value("chronika_documents_total", NAME, "dead-letter") == 1
    assert metrics.value("chronika_queue_depth", "inbox") == 0


@pytest.mark.parametrize(
    ("command", "code", "attempts"),
    [("HANG", "stage-timeout", 1), ("HANG-DEAF", "stage-timeout", 2), ("EXIT:3", "worker-crashed", 3)],
)
def test_a_document_that_hangs_or_crashes_costs_itself_alone(
    command: str, code: str, attempts: int, base: Path
) -> None:
    texts = {f"d{number}": f"{TEXT} {number}" for number in range(5)} | {"bad": f"{TEXT} {command}"}
    metrics = Metrics()
    summary = run(base, lines(base, texts), metrics=metrics, document_seconds=0.5)
    assert summary.stored == 5
    assert summary.dead_letters == {(NAME, code): 1}
    with open_store(f"sqlite:///{base}/store.db") as store:
        (letter,) = store.dead_letters()
        assert (letter.document_id, letter.stage, letter.code, letter.attempts) == ("bad", NAME, code, attempts)
        assert letter.retryable
        steps = [(step.stage, step.outcome) for step in store.trace("bad")]
    assert steps[-1] == (NAME, "dead-letter")


def test_a_worker_killed_from_outside_costs_nothing(base: Path) -> None:
    texts = {f"d{number}": f"{TEXT} {number}" for number in range(5)}
    texts["d2"] += f" KILL-ONCE:{base / 'mark'}"
    metrics = Metrics()
    summary = run(base, lines(base, texts), metrics=metrics)
    assert (summary.stored, summary.dead_letters.total()) == (5, 0)
    assert metrics.value("chronika_worker_restarts_total", "crash") == 1


def test_memory_and_inbox_stay_small_however_many_inputs_there_are(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    depths: list[float] = []
    metrics = Metrics()
    monkeypatch.setattr(metrics, "queue_depth", lambda queue, documents: depths.append(documents))
    source = lines(base, {f"d{number}": f"{TEXT} {number}" for number in range(400)})
    summary = run(base, source, metrics=metrics, inbox_documents=20, batch_documents=4)
    assert summary.stored == 400
    assert max(depths) <= 20


def test_without_sources_a_run_works_on_what_was_left_behind(base: Path) -> None:
    bad = lines(base, {"a": TEXT, "b": f"{TEXT} FAIL:x"})
    run(base, bad)
    with open_store(f"sqlite:///{base}/store.db") as store:
        assert store.replay([letter.id for letter in store.dead_letters()]) == 1
    summary = run(base)
    assert (summary.inputs, summary.resumed, summary.dead_letters.total()) == (0, 1, 1)


def test_stages_that_do_not_fit_are_told_before_anything_is_stored(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
        from chronika.ports.stage import StageSpec
        STAGE = StageSpec(name="lonely", reads=frozenset({"nobodys"}), adds="x", version="1", load=lambda packs: None)
    """
    folder = install_plug_in(
        base / "plug", module="lonely_plug", source=source, offers={"chronika.stages": {"lonely": "STAGE"}}
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(ConfigurationError, match="layer-missing"):
        run(base, lines(base, {"a": TEXT}), stages=("lonely",))
    assert stored(base) == []


def test_a_stage_that_is_not_installed(base: Path) -> None:
    with pytest.raises(ConfigurationError, match="plug-in-unknown"):
        run(base, lines(base, {"a": TEXT}), stages=("nosuch",))


def test_what_the_source_raises_ends_the_run_and_the_next_one_goes_on(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Breaking:
        def __call__(self, sources: object, options: object) -> Iterator[object]:
            from chronika.testing.documents import article

            yield article(TEXT, document_id="a")
            raise ChronikaError("broken", "the source broke")

        def count(self, sources: object) -> int:
            raise OSError("cannot count")

    monkeypatch.setattr("chronika.runtime.embedded.load", lambda *_names: Breaking())
    with pytest.raises(ChronikaError, match="the source broke"):
        run(base)
    monkeypatch.undo()
    monkeypatch.chdir(base)


_RUN = """
import os
import sys
from chronika.ports.source import SourceOptions
from chronika.runtime.embedded import run_embedded
from chronika.runtime.settings import load_settings

def started(progress):
    if progress.in_work and progress.done >= int(os.environ.get("DONE", "0")):
        print("working", flush=True)

try:
    summary = run_embedded(load_settings().values, sys.argv[1:], SourceOptions(), progress=started)
except Exception as error:
    print(error, flush=True)
    sys.exit(1)
print("balances", summary.balances, "interrupted", summary.interrupted, "stored", summary.stored,
      "waiting", summary.waiting, flush=True)
"""


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(base: Path) -> Iterator[Start]:
    """Starts runs in processes of their own, and leaves none behind."""
    with ExitStack() as ends:

        def started(*sources: str, **variables: str) -> subprocess.Popen[str]:
            environment = os.environ | {
                "CHRONIKA_STORE": f"sqlite:///{base}/store.db",
                "CHRONIKA_STAGES": NAME,
                "CHRONIKA_WORKERS": "1",
                **variables,
            }
            command = [sys.executable, "-c", _RUN, *sources]
            running = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
                start_new_session=True,
            )
            ends.enter_context(running)
            ends.callback(kill_group, running.pid)
            return running

        yield started


def kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def wait_for_work(running: subprocess.Popen[str]) -> None:
    assert running.stdout is not None
    assert running.stdout.readline() == "working\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_drains_what_is_in_work_and_leaves_the_rest_in_the_inbox(
    number: signal.Signals, base: Path, start: Start
) -> None:
    source = lines(base, {f"d{number}": f"{TEXT} SLEEP:0.1 {number}" for number in range(100)})
    running = start(source, CHRONIKA_BATCH_DOCUMENTS="5", CHRONIKA_COMMIT_SECONDS="0.01", DONE="1")
    wait_for_work(running)
    os.killpg(running.pid, number)  # a terminal sends it to the workers, too
    out, err = running.communicate(timeout=20)
    assert running.returncode == 0, err
    words = out.split("balances")[-1].split()
    assert words[:3] == ["True", "interrupted", "True"]
    done, waiting = int(words[4]), int(words[6])
    assert done <= 10, "the first batch, and the one that was in work; not the one that waited for a worker"
    assert done > 0
    assert waiting > 0
    assert len(stored(base)) == done
    assert "Traceback" not in err
    with open_store(f"sqlite:///{base}/store.db") as store:
        rows = store.take(1000)
    assert len(rows) == waiting
    assert {row.attempts for row in rows} == {1}, "an interrupt costs no attempt"


def test_a_second_interrupt_stops_at_once_and_nothing_is_lost(base: Path, start: Start) -> None:
    source = lines(base, {"a": f"{TEXT} HANG-DEAF", "b": TEXT})
    running = start(source, CHRONIKA_BATCH_DOCUMENTS="1")
    wait_for_work(running)
    time.sleep(1)  # handed out is not yet taken up: what still waits for its worker would be given back at once
    os.kill(running.pid, signal.SIGINT)
    time.sleep(0.5)
    assert running.poll() is None, "the first waits for what is in work"
    started = time.monotonic()
    os.kill(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert time.monotonic() - started < 5
    assert running.returncode == 0, err
    assert "balances True interrupted True" in out
    with open_store(f"sqlite:///{base}/store.db") as store:
        rows = store.take(10)
    assert "a" in {row.document_id for row in rows}
    assert {row.attempts for row in rows} == {1}


def test_a_source_that_blocks_holds_up_neither_storing_nor_an_interrupt(base: Path, start: Start) -> None:
    running = start("-")
    assert running.stdin is not None
    running.stdin.write(json.dumps({"id": "a", "text": TEXT}) + "\n" + json.dumps({"id": "b", "text": TEXT}) + "\n")
    running.stdin.flush()
    end = time.monotonic() + 20
    found: list[str] = []
    while "a" not in found:
        assert time.monotonic() < end, "a document waits for its successor"
        time.sleep(0.1)
        with suppress(StoreError):  # it is about to be made
            found = stored(base)
    os.kill(running.pid, signal.SIGINT)
    assert running.wait(10) == 0
    assert running.stderr is not None
    assert "Fatal" not in running.stderr.read()


def test_a_second_run_on_the_same_store_is_refused(base: Path, start: Start) -> None:
    first = start(lines(base, {"a": f"{TEXT} HANG"}))
    wait_for_work(first)
    second = start(lines(base, {"b": TEXT}, name="other.jsonl"))
    out, _ = second.communicate(timeout=20)
    assert second.returncode == 1
    assert out.startswith("store-in-use")
    assert first.poll() is None


def test_outside_of_the_main_thread_no_signal_is_taken(base: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []
    results: list[RunSummary] = []

    def work() -> None:
        results.append(
            run_embedded(
                settings(base),
                [lines(base, {"a": TEXT})],
                SourceOptions(),
                progress=lambda _progress: seen.append(signal.getsignal(signal.SIGINT)),
            )
        )

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    assert results[0].stored == 1
    assert set(seen) == {before}


def test_a_store_that_cannot_be_opened(base: Path) -> None:
    (base / "store.db").write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(StoreError):
        run(base, lines(base, {"a": TEXT}))
