"""Sets up logging once, the same in the parent and in the workers: structured lines on standard error."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum
from typing import TextIO, cast

import structlog
from structlog.typing import Processor


class LogLevel(StrEnum):
    """What is logged: messages of this level and above."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a log line looks: JSON, words for a person, or (auto) words on a terminal and JSON elsewhere."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


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


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, as against handlers that others set."""


def configure_logging(*, level: LogLevel, log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Sends all logging of this process to `stream` (standard error) in one form; a second call replaces the first."""
    target = stream if stream is not None else sys.stderr
    console = log_format is LogFormat.CONSOLE or (log_format is LogFormat.AUTO and target.isatty())
    handler = _Handler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(target, console)],
        )
    )
    handler.addFilter(_is_of_interest)
    root = logging.getLogger()
    for earlier in [earlier for earlier in root.handlers if isinstance(earlier, _Handler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level.value.upper())
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _is_of_interest(record: logging.LogRecord) -> bool:
    """Of other people's libraries only warnings are, unless everything is asked for."""
    ours = record.name.startswith(("chronika.", "chronika_"))
    return ours or record.levelno >= logging.WARNING or logging.getLogger().level <= logging.DEBUG


def _renderers(target: TextIO, console: bool) -> list[Processor]:
    if console:
        return [structlog.dev.ConsoleRenderer(colors=target.isatty())]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
