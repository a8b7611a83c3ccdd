"""The worker pool: whatever happens to a worker costs at most what it had in its hands."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from chronika.domain.errors import ConfigurationError
from chronika.runtime.metrics import Metrics
from chronika.runtime.outcomes import Outcome, Produced, Work
from chronika.runtime.pool import WorkerPool
from chronika.runtime.worker_messages import WorkerSetup
from chronika.runtime.worker_process import LossCause, WorkerLostError, WorkerProcess, ending
from chronika.testing.documents import article, work
from chronika.testing.obedient_stage import NAME
from chronika.testing.plug_ins import install_plug_in

PATIENCE = 30.0


@contextmanager
def running(
    *, workers: int = 1, stages: tuple[str, ...] = (NAME,), seconds: float = 20.0, metrics: Metrics | None = None
) -> Iterator[WorkerPool]:
    pool = WorkerPool(WorkerSetup(stages=stages, document_seconds=seconds), workers=workers, metrics=metrics)
    pool.start()
    try:
        yield pool
    finally:
        pool.stop(at_once=True)


@pytest.fixture(scope="module")
def pool(obedient: Path) -> Iterator[WorkerPool]:
    with running(workers=2, seconds=0.5) as pool:
        yield pool


def batch(*texts: str) -> list[Work]:
    return [work(article(text), position=text) for text in texts]


def read(pool: WorkerPool, *texts: str) -> Sequence[Outcome]:
    return pool.submit(batch(*texts)).result(PATIENCE)


def loss(pool: WorkerPool, *texts: str) -> WorkerLostError:
    with pytest.raises(WorkerLostError) as caught:
        read(pool, *texts)
    return caught.value


def eventually(condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def test_outcomes_come_back_in_order_from_whichever_worker(pool: WorkerPool) -> None:
    (stage,) = pool.ready.result(PATIENCE)
    assert (stage.name, stage.adds, stage.version) == (NAME, "language", "1")
    futures = [pool.submit(batch(f"a{number}", f"b{number}")) for number in range(50)]
    for number, future in enumerate(futures):
        outcomes = future.result(PATIENCE)
        assert [outcome.position for outcome in outcomes] == [f"a{number}", f"b{number}"]
        assert all(isinstance(outcome, Produced) for outcome in outcomes)


def test_a_document_that_hangs_costs_itself_alone_and_its_worker_is_replaced(obedient: Path) -> None:
    metrics = Metrics()
    with running(seconds=0.3, metrics=metrics) as pool:
        before = pool.ready.result(PATIENCE) and pool.worker_pids()
        outcomes = read(pool, "a", "HANG", "b")
        assert [type(outcome).__name__ for outcome in outcomes] == ["Produced", "DeadLettered", "Produced"]
        assert len(read(pool, "a")) == 1
        assert pool.worker_pids() != before
    assert metrics.value("chronika_worker_restarts_total", "retired") == 1


@pytest.mark.parametrize(
    ("command", "exit_code", "words"),
    [
        ("EXIT:3", 3, "status 3"),
        ("EXIT:0", 0, "status 0"),
        ("KILL", -signal.SIGKILL, "memory ran out, or somebody killed it"),
        ("CRASH", -signal.SIGSEGV, "SIGSEGV"),
    ],
)
def test_a_worker_that_ends_is_told_with_its_ending_and_replaced(
    command: str, exit_code: int, words: str, pool: WorkerPool
) -> None:
    lost = loss(pool, "a", command)
    assert (lost.cause, lost.stage, lost.exit_code) == (LossCause.CRASH, NAME, exit_code)
    assert words in ending(lost.exit_code)
    assert len(read(pool, "a", "b")) == 2


@pytest.mark.parametrize("command", ["HANG-DEAF", "STOP"])
def test_a_worker_that_no_longer_listens_is_ended_from_outside(command: str, pool: WorkerPool) -> None:
    started = time.monotonic()
    lost = loss(pool, "a", command)
    assert (lost.cause, lost.stage) == (LossCause.TIMEOUT, NAME)
    assert time.monotonic() - started < 10
    assert len(read(pool, "a")) == 1


def test_a_worker_that_is_killed_while_it_has_nothing_to_do_costs_nothing(obedient: Path) -> None:
    metrics = Metrics()
    with running(metrics=metrics) as pool:
        pool.ready.result(PATIENCE)
        (pid,) = pool.worker_pids()
        os.kill(pid, signal.SIGKILL)
        assert len(read(pool, "a")) == 1
    assert metrics.value("chronika_worker_restarts_total", "idle") == 1


def test_workers_may_be_killed_at_any_moment_even_while_they_answer(obedient: Path) -> None:
    chance = random.Random(20250822)
    with running(workers=2) as pool:
        pool.ready.result(PATIENCE)
        futures = [pool.submit(batch(f"LARGE:2000000 {number}")) for number in range(120)]
        kills = 0
        while kills < 6 and not all(future.done() for future in futures):
            time.sleep(chance.uniform(0.0, 0.3))
            for pid in chance.sample(pool.worker_pids(), k=min(1, len(pool.worker_pids()))):
                os.kill(pid, signal.SIGKILL)
                kills += 1
        errors = [future.exception(PATIENCE) for future in futures]
    lost = [error for error in errors if error is not None]
    assert all(isinstance(error, WorkerLostError) for error in lost)
    assert len(lost) <= kills
    assert kills > 1


def test_a_terminals_interrupt_does_not_reach_a_worker(pool: WorkerPool) -> None:
    future = pool.submit(batch("SLEEP:0.3"))
    eventually(future.running)
    for pid in pool.worker_pids():
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
    assert len(future.result(PATIENCE)) == 1


def test_nor_does_it_reach_one_that_starts(obedient: Path) -> None:
    metrics = Metrics()
    with running(metrics=metrics) as pool:
        while not pool.ready.done():
            for pid in pool.worker_pids():
                os.kill(pid, signal.SIGINT)
            time.sleep(0.005)
        assert len(read(pool, "a")) == 1
    assert metrics.value("chronika_worker_restarts_total", "start") == 0


def test_what_a_stage_prints_does_not_get_into_the_output(pool: WorkerPool, capfd: pytest.CaptureFixture[str]) -> None:
    with running() as own:
        read(own, "PRINT:chatter")
    captured = capfd.readouterr()
    assert "chatter" not in captured.out
    assert "chatter" in captured.err


def test_stages_that_cannot_be_loaded_stop_everything_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
        from chronika.ports.stage import StageSpec

        def load(packs):
            raise FileNotFoundError("model.npz")

        STAGE = StageSpec(name="no-model", reads=frozenset({"source"}), adds="language", version="1", load=load)
    """
    install_plug_in(tmp_path, module="no_model", source=source, offers={"chronika.stages": {"no-model": "STAGE"}})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with running(workers=2, stages=("no-model",)) as pool:
        with pytest.raises(ConfigurationError, match="stage-not-loaded") as caught:
            pool.ready.result(PATIENCE)
        assert "model.npz" in caught.value.message
        with pytest.raises(ConfigurationError, match="stage-not-loaded"):
            read(pool, "a")


def test_a_worker_that_dies_while_it_loads_is_not_started_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "import os\n\nos._exit(5)\n"
    install_plug_in(tmp_path, module="dies_early", source=source, offers={"chronika.stages": {"early": "STAGE"}})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    metrics = Metrics()
    with (
        running(stages=("early",), metrics=metrics) as pool,
        pytest.raises(ConfigurationError, match="worker-not-started") as caught,
    ):
        pool.ready.result(PATIENCE)
    assert "status 5" in caught.value.message
    assert metrics.value("chronika_worker_restarts_total", "start") == 3


def test_a_worker_that_takes_too_long_to_load_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import time\n\ntime.sleep(60)\n"
    install_plug_in(tmp_path, module="loads_long", source=source, offers={"chronika.stages": {"long": "STAGE"}})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    pool = WorkerPool(WorkerSetup(stages=("long",)), workers=1, start_seconds=0.2)
    pool.start()
    with pytest.raises(ConfigurationError, match="did not load the stages within"):
        pool.ready.result(PATIENCE)
    pool.stop(at_once=True)


def test_stopping_lets_finish_what_was_submitted(obedient: Path) -> None:
    with running() as pool:
        futures = [pool.submit(batch(f"SLEEP:0.05 {number}")) for number in range(4)]
        pool.stop()
        assert [len(future.result(0)) for future in futures] == [1, 1, 1, 1]
        assert pool.submit(batch("late")).cancelled()


def test_stopping_at_once_ends_what_is_in_work(obedient: Path) -> None:
    with running() as pool:
        pool.ready.result(PATIENCE)
        pids = pool.worker_pids()
        in_work, waiting = pool.submit(batch("HANG-DEAF")), pool.submit(batch("a"))
        eventually(in_work.running)
        started = time.monotonic()
        pool.stop(at_once=True)
        assert time.monotonic() - started < 2
        for future in (in_work, waiting):
            with pytest.raises(CancelledError):
                future.result(0)
        assert not any(psutil.pid_exists(pid) for pid in pids)


def test_stopping_at_once_does_not_wait_for_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import time\n\ntime.sleep(60)\n"
    install_plug_in(tmp_path, module="loads_longer", source=source, offers={"chronika.stages": {"longer": "STAGE"}})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with running(stages=("longer",)) as pool:
        eventually(lambda: bool(pool.worker_pids()))
        started = time.monotonic()
        pool.stop(at_once=True)
        assert time.monotonic() - started < 2
        with pytest.raises(CancelledError):
            pool.ready.result(0)


def test_stopping_at_the_moment_in_which_a_worker_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import time\n\ntime.sleep(60)\n"
    install_plug_in(tmp_path, module="loads_too_long", source=source, offers={"chronika.stages": {"slow": "STAGE"}})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    launch = WorkerProcess.launch
    stopped = WorkerPool(WorkerSetup(stages=("slow",)), workers=1)
    stopping: list[threading.Thread] = []

    def launch_while_stopping(setup: WorkerSetup) -> WorkerProcess:
        stopper = threading.Thread(target=stopped.stop, kwargs={"at_once": True})
        stopper.start()
        stopping.append(stopper)
        time.sleep(0.2)
        return launch(setup)

    monkeypatch.setattr("chronika.runtime.pool.WorkerProcess.launch", launch_while_stopping)
    stopped.start()
    eventually(lambda: bool(stopping) and not stopping[0].is_alive(), seconds=5)


_PARENT = """
import time
from chronika.runtime.pool import WorkerPool
from chronika.runtime.worker_messages import WorkerSetup
from chronika.testing.documents import article, work

pool = WorkerPool(WorkerSetup(stages=("obedient",)), workers=2)
pool.start()
futures = [pool.submit([work(article(f"HANG-DEAF {number}"))]) for number in range(2)]
while not all(future.running() for future in futures):
    time.sleep(0.01)
time.sleep(0.2)
print(*pool.worker_pids(), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child that hangs in native code with its parent")
def test_workers_die_with_a_killed_parent_even_while_they_hang(obedient: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(psutil.pid_exists(pid) for pid in pids)
        parent.kill()
        eventually(lambda: not any(_runs(pid) for pid in pids), seconds=5)


def _runs(pid: int) -> bool:
    """A process that ended and is not yet buried by whoever inherited it does not run."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
