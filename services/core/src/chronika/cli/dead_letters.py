"""`chronika dead-letters`: documents that a stage gave up: look at them, try them again, or let them go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from chronika.cli.commands import command
from chronika.cli.formats.event_csv import csv_lines
from chronika.cli.formats.event_json import json_line
from chronika.cli.options import FormatOption, ListFormat, StoreOption, quiet_settings, settings_for
from chronika.cli.tables import print_list
from chronika.cli.terminal import note, one_line, print_trimmed, standard_output, write_data
from chronika.domain.dead_letter import DeadLetter
from chronika.domain.errors import ChronikaError
from chronika.ports.store import Store
from chronika.runtime.plugins import open_store
from chronika.wire import decode_document

commands = typer.Typer(no_args_is_help=True, help="List, show, replay or drop documents that a stage gave up.")

StageOption = Annotated[
    str, typer.Option("--stage", metavar="STAGE", help="Only those that this stage gave up.", show_default=False)
]
CodeOption = Annotated[
    str, typer.Option("--code", metavar="CODE", help="Only those with this error code.", show_default=False)
]
IdsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="ID", help="As `dead-letters list` lists them.", show_default=False)
]
AllOption = Annotated[bool, typer.Option("--all", help="All, or all that --stage and --code leave.")]

_ALL = 1_000_000
_FIELDS = ("id", "stage", "code", "attempts", "failed", "document_id", "position", "retryable", "message")
_EXCERPT = 600

LIST_EXAMPLES = """
    chronika dead-letters list --code stage-timeout
"""
SHOW_EXAMPLES = """
    chronika dead-letters show 9b1f2c3d4e5f60718293
    chronika dead-letters show 9b1f2c3d4e5f60718293 --payload document.bin
"""
REPLAY_EXAMPLES = """
    chronika dead-letters replay --all --code stage-timeout
    chronika run
"""
DROP_EXAMPLES = """
    chronika dead-letters drop 9b1f2c3d4e5f60718293
"""


@command(commands, "list", examples=LIST_EXAMPLES)
def list_(
    *,
    stage: StageOption = "",
    code: CodeOption = "",
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Dead letters to print at most.")] = 100,
    form: FormatOption = ListFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """List dead letters, the latest first."""
    with _opened(store, read_only=True) as opened:
        letters = opened.dead_letters(stage=stage, code=code, limit=limit + 1)
    shown = letters[:limit]
    if form is ListFormat.JSON:
        for letter in shown:
            write_data(json_line(_object(letter)))
    elif form is ListFormat.CSV:
        write_data(csv_lines([_FIELDS, *([_object(letter)[name] for name in _FIELDS] for letter in shown)]))
    else:
        _print_letters(shown)
    more = "; there are more: raise --limit" if len(letters) > limit else ""
    note(f"{len(shown) or 'no'} dead letter{'' if len(shown) == 1 else 's'}{more}")


@command(commands, "show", examples=SHOW_EXAMPLES)
def show(
    letter_id: Annotated[str, typer.Argument(metavar="ID", help="As `dead-letters list` lists it.")],
    *,
    payload: Annotated[
        Path | None, typer.Option("--payload", metavar="FILE", help="Write the original bytes into a file.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Show a dead letter: what happened, and the document that it happened to."""
    with _opened(store, read_only=True) as opened:
        letter = opened.dead_letter(letter_id)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in {**_object(letter), **_document_facts(letter)}.items():
        table.add_row(name.replace("_", " "), Text(one_line(str(value))))
    print_trimmed(standard_output(), table)
    if payload is not None:
        payload.write_bytes(letter.payload)
        note(f"{len(letter.payload)} bytes written to {payload}")


@command(commands, "replay", examples=REPLAY_EXAMPLES)
def replay(
    ids: IdsArgument = None,
    *,
    everything: AllOption = False,
    stage: StageOption = "",
    code: CodeOption = "",
    store: StoreOption = None,
) -> None:
    """Put documents of dead letters back into the inbox; the next `chronika run` tries them again."""
    with _opened(store) as opened:
        count = opened.replay(_chosen(opened, ids, everything=everything, stage=stage, code=code))
    standard_output().print(Text(f"{count} back in the inbox"))
    if count:
        note("`chronika run` reads what waits in the inbox")


@command(commands, "drop", examples=DROP_EXAMPLES)
def drop(
    ids: IdsArgument = None,
    *,
    everything: AllOption = False,
    stage: StageOption = "",
    code: CodeOption = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: StoreOption = None,
) -> None:
    """Delete dead letters for good, with the bytes that they keep."""
    with _opened(store) as opened:
        chosen = _chosen(opened, ids, everything=everything, stage=stage, code=code)
        if everything and chosen and not yes:
            typer.confirm(f"Delete {len(chosen)} dead letters for good?", abort=True, err=True)
        count = opened.drop(chosen)
    standard_output().print(Text(f"{count} dropped"))


def _opened(store: str | None, *, read_only: bool = False) -> Store:
    return open_store(quiet_settings(settings_for(store=store)).store, read_only=read_only)


def _chosen(store: Store, ids: list[str] | None, *, everything: bool, stage: str, code: str) -> list[str]:
    """The ids that are meant: those that were given, or all of a kind."""
    if bool(ids) == everything:
        raise typer.BadParameter("name dead letters, or give --all (which --stage and --code narrow)", param_hint="ID")
    if ids:
        if stage or code:
            raise typer.BadParameter("--stage and --code narrow --all; they do not go with ids", param_hint="--stage")
        return list(dict.fromkeys(ids))
    return [letter.id for letter in store.dead_letters(stage=stage, code=code, limit=_ALL)]


def _object(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "stage": letter.stage,
        "code": letter.code,
        "message": letter.message,
        "retryable": letter.retryable,
        "attempts": letter.attempts,
        "failed": letter.failed.isoformat(timespec="seconds"),
        "document_id": letter.document_id,
        "position": letter.position,
        "payload_size": letter.payload_size,
        "payload_kept": len(letter.payload),
        "payload_sha256": letter.payload_sha256,
    }


def _document_facts(letter: DeadLetter) -> dict[str, str]:
    """What the kept bytes say of the article; nothing when they are cut off or no document."""
    try:
        document = decode_document(letter.payload)
    except ChronikaError:
        return {}
    source = document.source
    text = source.text if len(source.text) <= _EXCERPT else f"{source.text[:_EXCERPT]} ..."
    facts = {"origin": source.origin, "title": source.title, "outlet": source.outlet, "text": text}
    return {name: value for name, value in facts.items() if value}


def _print_letters(letters: list[DeadLetter]) -> None:
    table = Table()
    for head in ("dead letter", "failed", "stage", "code", "tries", "document", "message"):
        table.add_column(head)
    for letter in letters:
        table.add_row(
            Text(letter.id, style="bold"),
            letter.failed.strftime("%Y-%m-%d %H:%M"),
            letter.stage,
            Text(letter.code, style="red"),
            str(letter.attempts),
            one_line(letter.document_id),
            one_line(letter.message.removeprefix(f"{letter.code}: ")),
        )
    print_list(standard_output(), table)
