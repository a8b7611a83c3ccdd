"""A worker process: loads the stages once, then reads batches from its parent and answers with outcomes.

Started by the pool as `python -m chronika.runtime.worker`. It exchanges pickled messages with its parent over a socket
and knows no store, no bus and no terminal. It ignores the signals of a terminal and of a supervisor, since its parent
decides when the work is done, and it never outlives its parent.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection

from chronika.domain.errors import ChronikaError
from chronika.runtime.logs import configure_logging
from chronika.runtime.outcomes import Work
from chronika.runtime.plugins import STAGES, load
from chronika.runtime.process import Chain, chosen_stages, load_chain
from chronika.runtime.worker_messages import Began, Done, NotReady, Ready, WorkerSetup

_PR_SET_PDEATHSIG = 1


def main(arguments: Sequence[str]) -> int:
    """Serves the parent whose process id and socket are given, until that hangs up."""
    parent, descriptor = (int(argument) for argument in arguments)
    _die_with(parent)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # When the parent is gone, so is the reason for this process.
    with Connection(descriptor) as connection, suppress(EOFError, BrokenPipeError, ConnectionResetError):
        _serve(connection)
    return 0


def _serve(connection: Connection) -> None:
    setup: WorkerSetup = connection.recv()
    configure_logging(level=setup.log_level, log_format=setup.log_format)
    chain = _made_ready(setup, connection)
    while chain is not None:
        batch: Sequence[Work] | None = connection.recv()
        if batch is None:
            return
        connection.send(Done(tuple(chain.run(batch)), retires=chain.tainted))


def _made_ready(setup: WorkerSetup, connection: Connection) -> Chain | None:
    def announce(stage: str, documents: int, seconds: float | None) -> None:
        connection.send(Began(stage, documents, seconds))

    try:
        specs = chosen_stages(setup.stages) if setup.whole else [load(STAGES, name) for name in setup.stages]
        chain = load_chain(specs, document_seconds=setup.document_seconds, announce=announce)
    except ChronikaError as error:
        connection.send(NotReady(code=error.code, message=error.message, cure=error.cure))
        return None
    connection.send(Ready(chain.stages))
    return chain


def _die_with(parent: int) -> None:
    """Has the kernel end this process with its parent, also while it hangs in native code. Linux alone can do that;
    elsewhere a worker notices at its next message."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
