"""`chronika doctor`: looks whether everything that a run needs is there, a line each, with the cure where it is not."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from chronika.cli.diagnosis import Finding, Verdict, findings
from chronika.cli.exit_codes import ExitCode
from chronika.cli.options import StoreOption
from chronika.cli.terminal import print_trimmed, standard_output

EXAMPLES = """
    chronika doctor
    chronika doctor --store /data/news.db
"""

_MARGIN = 21
_STYLES = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red"}


def doctor(
    store: StoreOption = None,
    quick: Annotated[bool, typer.Option("--quick", help="Do not load the models.")] = False,
) -> None:
    """Look whether everything is there: Python, settings, members, languages, stages and models, store, disk."""
    worst = Verdict.OK
    for finding in findings(store=store, quick=quick):
        _print(finding)
        worst = max(worst, finding.verdict)
    raise typer.Exit(ExitCode.CONFIGURATION if worst is Verdict.FAIL else ExitCode.OK)


def _print(finding: Finding) -> None:
    console = standard_output()
    line = Text.assemble(
        (f"{finding.verdict.name.lower():<5}", _STYLES[finding.verdict]), (f"{finding.subject:<16}", "bold")
    )
    table = Table.grid()
    table.add_column(width=_MARGIN)
    table.add_column(overflow="fold")
    table.add_row(line, finding.told)
    if finding.cure and finding.verdict is not Verdict.OK:
        table.add_row("", finding.cure)
    print_trimmed(console, table)
