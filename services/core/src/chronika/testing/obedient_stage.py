"""A stage that does what the texts of its documents say, to test what holds the stages.

A text may hold one of the words below. `HANG` can be ended by an alarm, `HANG-DEAF` cannot. Words of two parts, such as
`SLEEP:0.5`, take a value. A document without a word gets its layer.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from chronika.domain.document import Document, LanguageLayer, LayerValue
from chronika.ports.language_pack import LanguagePack
from chronika.ports.stage import Stage, StageSpec
from chronika.testing.plug_ins import install_plug_in

NAME = "obedient"


def obedient_stage(*, name: str = NAME) -> StageSpec:
    """Adds the language layer."""
    return StageSpec(name=name, reads=frozenset({"source"}), adds="language", version="1", load=_loaded)


def install_obedient_stage(folder: Path) -> Path:
    """Installs it under its name; the folder belongs on PYTHONPATH."""
    source = "from chronika.testing.obedient_stage import obedient_stage\n\nSTAGE = obedient_stage()\n"
    return install_plug_in(
        folder, module="chronika_obedient", source=source, offers={"chronika.stages": {NAME: "STAGE"}}
    )


def _loaded(_packs: Mapping[str, LanguagePack]) -> Stage:
    return _read


def _read(documents: Sequence[Document]) -> Sequence[LayerValue]:
    return [_layer(document) for document in documents]


def _layer(document: Document) -> LanguageLayer:
    guess = "ru"
    for word in document.text.split():
        command, _, value = word.partition(":")
        if command in _COMMANDS:
            guess = _COMMANDS[command](value) or guess
    return LanguageLayer(language="ru", confidence=1.0, guess=guess)


def _exit(status: str) -> None:
    os._exit(int(status or 3))


def _kill(_value: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _crash(_value: str) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _hang(_value: str) -> None:
    while True:
        time.sleep(60)


def _hang_deaf(value: str) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    _hang(value)


def _stop(_value: str) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _fail(value: str) -> None:
    raise ValueError(value or "told to fail")


def _large(size: str) -> str:
    return "x" * int(size)


def _print(value: str) -> None:
    sys.stdout.write(f"{value}\n")
    sys.stdout.flush()


def _once(path: str) -> None:
    """Kills the worker the first time that it is told."""
    mark = Path(path)
    if not mark.exists():
        mark.touch()
        _kill("")


_COMMANDS: Mapping[str, Callable[[str], str | None]] = {
    "EXIT": _exit,
    "KILL": _kill,
    "KILL-ONCE": _once,
    "CRASH": _crash,
    "HANG": _hang,
    "HANG-DEAF": _hang_deaf,
    "STOP": _stop,
    "FAIL": _fail,
    "SLEEP": lambda value: time.sleep(float(value)),
    "LARGE": _large,
    "PRINT": _print,
}
