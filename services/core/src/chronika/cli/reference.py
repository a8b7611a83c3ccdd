"""Writes the reference pages that are made from the code: commands, settings, metrics.

`python -m chronika.cli.reference docs/reference` writes them; with `--check` it compares and names those out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from chronika.cli.exit_codes import MEANINGS
from chronika.cli.formats.event_csv import COLUMNS
from chronika.cli.main import app
from chronika.runtime.metrics import metrics_reference
from chronika.runtime.settings import settings_reference

_COMMAND_LINE_HEAD = """\
# The command line

Made from `chronika.cli`; not edited by hand.

Results go to standard output, everything else (progress, refusals, notes, errors) to standard error. On a terminal
lines are wrapped to its width and coloured unless `NO_COLOR` is set; in a pipe or a file they are neither, unless
`COLUMNS` asks for a width. JSON, CSV and CoNLL-U are UTF-8 on every terminal. An error is one line, `code: what
happened`, and one that says what to do; `chronika --debug COMMAND` adds the traceback. Settings that have no option are
given as [settings.md](settings.md) tells.

## Exit codes

| code | meaning |
|---|---|"""

_FORMATS = """\
## Formats

`--format json` prints one object a line. `query events` prints events: `id`, `type`, `mode`, `score`, `contexts`,
`trigger`, `actors`, `recipients`, `place`, `time`, `realis` with `realis_cues` and `condition`, `attribution`,
`quantities`, `background`, `evidence`, `rule_ids`, `confidence`, `incident_id`, the versions of coder and codebook,
and `document`, where it was read. `extract` prints documents with such `events`. What the text does not say is null or
empty. A span has `start`, `end` (character indices into the text as it was given) and `text`, its words; in
`query events` the words are null where the span lies outside of the evidence.

`--format csv` of `query events` has the columns {columns}. Lists are parted by "; ".

`extract --format gold` prints a line a document, `id` and `events`, in the form of the annotations that
`chronika evaluate` scores: parties with `text`, `code` and `sector`, `time` and `place` or null, `attribution` with
`text` and `kind`. `extract --format conllu` prints sentences and trees; `start_char` and `end_char` under MISC are
offsets."""


def cli_reference() -> str:
    """docs/reference/cli.md, made from the commands."""
    lines = [_COMMAND_LINE_HEAD]
    lines += [f"| {code.value} | {meaning} |" for code, meaning in MEANINGS.items()]
    for name, command in _commands("chronika", typer.main.get_command(app)):
        lines += _command(name, command)
    return "\n".join([*lines, "", _FORMATS.format(columns=", ".join(f"`{column}`" for column in COLUMNS)), ""])


def pages() -> Mapping[str, str]:
    """All pages by file name."""
    return {"cli.md": cli_reference(), "settings.md": settings_reference(), "metrics.md": metrics_reference()}


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """A command and all below it, in the order of the overview."""
    names: Sequence[str] = command.list_commands(None) if hasattr(command, "commands") else ()
    if not names or name == "chronika":
        yield name, command
    for below in names:
        yield from _commands(f"{name} {below}", command.commands[below])


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option"]
    yield from ("", f"## {name}", "", f"    {_usage(name, command, arguments)}", "", command.help or "")
    if arguments:
        yield from ("", "| argument | meaning |", "|---|---|")
        yield from (f"| `{_argument(argument)}` | {_cell(argument.help)} |" for argument in arguments)
    if options:
        yield from ("", "| option | default | meaning |", "|---|---|---|")
        yield from (f"| {_option(option)} | {_default(option)} | {_cell(option.help)} |" for option in options)
    if command.epilog:
        yield from ("", "Examples:", "")
        yield from (f"    {line.strip()}" for line in command.epilog.splitlines()[1:])


def _usage(name: str, command: Any, arguments: Sequence[Any]) -> str:
    below = ["COMMAND [ARGS]..."] if hasattr(command, "commands") else []
    named = [_argument(argument) if argument.required else f"[{_argument(argument)}]" for argument in arguments]
    return " ".join([name, "[OPTIONS]", *named, *below])


def _argument(argument: Any) -> str:
    return f"{argument.metavar}..." if argument.nargs == -1 else str(argument.metavar)


def _option(option: Any) -> str:
    value = "" if option.is_flag else f" {_value(option)}"
    return ", ".join(f"`{name}{value}`" for name in option.opts)


def _value(option: Any) -> str:
    if option.metavar:
        return str(option.metavar)
    choices = option.type_descriptor.choices
    return "\\|".join(choice.value for choice in choices) if choices else str(option.name).upper()


def _default(option: Any) -> str:
    if option.default is None or option.default is False or option.default == "":
        return ""
    return f"`{getattr(option.default, 'value', option.default)}`"


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Writes or compares the pages; 1 when one is out of date."""
    parser = argparse.ArgumentParser(prog="python -m chronika.cli.reference", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="compare only")
    given = parser.parse_args(arguments)
    stale = [name for name, page in pages().items() if _text(given.folder / name) != page]
    if given.check:
        for name in stale:
            print(f"{given.folder / name} is out of date: python -m chronika.cli.reference {given.folder}")
        return 1 if stale else 0
    given.folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (given.folder / name).write_text(pages()[name], encoding="utf-8")
    return 0


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
