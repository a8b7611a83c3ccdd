"""The parent's hold on one worker process: starts it, passes it a batch under a time limit, ends it."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from enum import StrEnum
from multiprocessing.connection import Connection
from pickle import UnpicklingError
from typing import Self

from chronika.domain.errors import ConfigurationError
from chronika.runtime.outcomes import StageInfo, Work
from chronika.runtime.process import DECODING
from chronika.runtime.worker_messages import Began, Done, NotReady, Ready, ToWorker, WorkerSetup

GRACE_SECONDS = 2.0
"""What a worker gets beyond the time limit, to end the call by itself, before it is killed."""
_STOP_SECONDS = 2.0
_TRANSFER_SECONDS = 30
"""A message that stops in its middle for so long comes from, or goes to, a stopped process."""
_ONE_THREAD_EACH = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""As many workers as processors, each with as many threads as processors, would only get in each other's way."""


class LossCause(StrEnum):
    """Why a worker was lost."""

    CRASH = "crash"
    TIMEOUT = "timeout"


class WorkerLostError(Exception):
    """A worker was lost with a batch in its hands; `stage` is the one that it was in, `seconds` how long."""

    def __init__(self, cause: LossCause, *, stage: str, seconds: float, exit_code: int) -> None:
        super().__init__(f"worker lost in {stage}: {cause.value}")
        self.cause = cause
        self.stage = stage
        self.seconds = seconds
        self.exit_code = exit_code


class WorkerGoneError(Exception):
    """A worker ended before it took up the batch, which is none the worse for it."""


class WorkerNotStartedError(Exception):
    """A worker ended, or said nothing, while it loaded the stages."""


class WorkerProcess:
    """One worker process and the socket to it; used by one thread, apart from `kill`."""

    def __init__(self, setup: WorkerSetup, process: subprocess.Popen[bytes], connection: Connection) -> None:
        self._setup = setup
        self._process = process
        self._connection = connection

    @classmethod
    def launch(cls, setup: WorkerSetup) -> Self:
        """Starts the process. WorkerNotStartedError when the system has none to give."""
        try:
            ours, theirs = socket.socketpair()
            with theirs:
                _bound_transfers(ours)
                connection = Connection(ours.detach())
                process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
                    [sys.executable, "-P", "-m", "chronika.runtime.worker", str(os.getpid()), str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=2,  # what a stage prints must not get between the lines of the command's output
                    pass_fds=[theirs.fileno()],
                    env=_ONE_THREAD_EACH | os.environ,
                )
        except OSError as error:
            raise WorkerNotStartedError(f"no process can be started: {error.strerror}") from None
        return cls(setup, process, connection)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def await_ready(self, seconds: float) -> tuple[StageInfo, ...]:
        """Waits until the stages are loaded; what they are, in order.

        ConfigurationError as the worker met it; WorkerNotStartedError when it ended or took too long.
        """
        try:
            self._connection.send(self._setup)
            message = self._connection.recv() if self._connection.poll(seconds) else None
        except (EOFError, OSError, UnpicklingError):
            raise WorkerNotStartedError(f"a worker ended while it loaded the stages: {ending(self.kill())}") from None
        if isinstance(message, Ready):
            return message.stages
        self.kill()
        if isinstance(message, NotReady):
            raise message.as_error()
        raise WorkerNotStartedError(f"a worker did not load the stages within {seconds:g} s")

    def run(self, batch: Sequence[Work]) -> Done:
        """Passes a batch to the worker and waits for its outcomes.

        WorkerLostError when it ended or overran the time limit with the batch in its hands; WorkerGoneError when it had
        ended before. In both cases the process is dead and this object spent.
        """
        try:
            self._send(batch)
        except OSError:
            self.kill()
            raise WorkerGoneError from None
        call, since = Began(DECODING, len(batch), self._setup.document_seconds), time.monotonic()
        has_begun = False
        while True:
            message = None
            try:
                if self._connection.poll(_left(call, since)):
                    message = self._connection.recv()
            except (EOFError, OSError, UnpicklingError):
                exit_code = self.kill()
                if not has_begun:
                    raise WorkerGoneError from None
                raise self._lost(LossCause.CRASH, call, since, exit_code) from None
            if isinstance(message, Done):
                return message
            if not isinstance(message, Began):
                raise self._lost(LossCause.TIMEOUT, call, since, self.kill())
            call, since, has_begun = message, time.monotonic(), True

    def _lost(self, cause: LossCause, call: Began, since: float, exit_code: int) -> WorkerLostError:
        return WorkerLostError(cause, stage=call.stage, seconds=time.monotonic() - since, exit_code=exit_code)

    def _send(self, message: ToWorker) -> None:
        self._connection.send(message)

    def stop(self) -> None:
        """Lets an idle worker end, and ends it if it does not."""
        try:
            self._send(None)
            self._process.wait(_STOP_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            pass
        self.kill()

    def kill(self) -> int:
        """Ends the process now and returns its exit code, negative for a signal."""
        self.signal_kill()
        exit_code = self._process.wait()
        self._connection.close()
        return exit_code

    def signal_kill(self) -> None:
        """Ends the process now, from any thread; the thread that uses it finds out."""
        self._process.kill()


def _left(call: Began, since: float) -> float | None:
    """Seconds that a call has left; None for ever."""
    if call.seconds is None:
        return None
    return max(0.0, since + call.seconds + GRACE_SECONDS - time.monotonic())


def ending(exit_code: int) -> str:
    """How a process ended, for a person."""
    if exit_code >= 0:
        return f"it exited with status {exit_code}"
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:
        name = f"signal {-exit_code}"
    hint = " (memory ran out, or somebody killed it)" if name == "SIGKILL" else ""
    return f"it was ended by {name}{hint}"


def not_started(reason: str) -> ConfigurationError:
    """Workers cannot be started at all."""
    return ConfigurationError(
        "worker-not-started",
        reason,
        cure="Its log lines above say more. Fewer workers need less memory; start_seconds gives them more time.",
    )


def _bound_transfers(ours: socket.socket) -> None:
    for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
        ours.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", _TRANSFER_SECONDS, 0))
