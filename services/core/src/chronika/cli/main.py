"""The command `chronika`: puts the commands together and runs one."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from typing import Annotated

import typer

from chronika.cli import config, dead_letters, documents, query
from chronika.cli.commands import ASK, OPERATE, READ, command
from chronika.cli.doctor import EXAMPLES as DOCTOR_EXAMPLES
from chronika.cli.doctor import doctor
from chronika.cli.evaluate import EXAMPLES as EVALUATE_EXAMPLES
from chronika.cli.evaluate import evaluate
from chronika.cli.explain import EXAMPLES as EXPLAIN_EXAMPLES
from chronika.cli.explain import explain
from chronika.cli.extract import EXAMPLES as EXTRACT_EXAMPLES
from chronika.cli.extract import extract
from chronika.cli.failures import DEBUG, Commands
from chronika.cli.run import EXAMPLES as RUN_EXAMPLES
from chronika.cli.run import run
from chronika.cli.serve import EXAMPLES as SERVE_EXAMPLES
from chronika.cli.serve import serve
from chronika.cli.terminal import forgive_encodings

app = typer.Typer(
    name="chronika",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chronika {installed_version('chronika')}")
        raise typer.Exit


@app.callback()
def chronika(
    ctx: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Events from Russian and Ukrainian news: who did what to whom, when, where, who says so, whether it happened."""
    ctx.obj = {DEBUG: debug}


@command(app, "version", panel=OPERATE)
def version_command() -> None:
    """Print the version."""
    _print_version(True)


command(app, "run", examples=RUN_EXAMPLES, panel=READ)(run)
command(app, "extract", examples=EXTRACT_EXAMPLES, panel=READ)(extract)
command(app, "evaluate", examples=EVALUATE_EXAMPLES, panel=READ)(evaluate)
app.add_typer(query.commands, name="query", rich_help_panel=ASK)
command(app, "explain", examples=EXPLAIN_EXAMPLES, panel=ASK)(explain)
command(app, "documents", examples=documents.DOCUMENTS_EXAMPLES, panel=ASK)(documents.documents)
command(app, "trace", examples=documents.TRACE_EXAMPLES, panel=ASK)(documents.trace)
app.add_typer(dead_letters.commands, name="dead-letters", rich_help_panel=OPERATE)
command(app, "serve", examples=SERVE_EXAMPLES, panel=OPERATE)(serve)
app.add_typer(config.commands, name="config", rich_help_panel=OPERATE)
command(app, "doctor", examples=DOCTOR_EXAMPLES, panel=OPERATE)(doctor)


def main() -> None:
    """The console script."""
    forgive_encodings()
    app(prog_name="chronika")
