"""Sets up logging once, the same in the parent and in the workers: structured lines on standard error."""

from __future__ import annotations

import logging
import sys
from typing import TextIO, cast

import structlog
from structlog.typing import Processor

from chronika.runtime.settings import LogFormat, LogLevel

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
"""What is done to every line, ours and that of libraries that use the standard `logging`."""


_PROCESSORS: list[Processor] = [
    structlog.stdlib.filter_by_level,
    *_SHARED,
    structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
]


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events carry fields; before `configure_logging` it hands on to the standard `logging` as it is."""
    wrapped = structlog.wrap_logger(
        logging.getLogger(name),
        processors=_PROCESSORS,
        wrapper_class=structlog.stdlib.BoundLogger,
        context_class=dict,
    )
    return cast(structlog.stdlib.BoundLogger, wrapped)


def configure_logging(*, level: LogLevel, log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Sends all logging of this process to `stream` (standard error) in one form; a second call replaces the first."""
    target = stream if stream is not None else sys.stderr
    console = log_format is LogFormat.CONSOLE or (log_format is LogFormat.AUTO and target.isatty())
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(target, console)],
        )
    )
    root = logging.getLogger()
    for earlier in list(root.handlers):
        if getattr(earlier, "is_chronika", False):
            root.removeHandler(earlier)
    handler.is_chronika = True  # type: ignore[attr-defined]  # marks the handler that a second call replaces
    root.addHandler(handler)
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    root.setLevel(level.value.upper())


def _renderers(target: TextIO, console: bool) -> list[Processor]:
    if console:
        return [structlog.dev.ConsoleRenderer(colors=target.isatty())]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
