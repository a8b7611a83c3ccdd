"""`chronika doctor`: looks whether everything that a run needs is there, a line each, with the cure where it is not."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from chronika.cli.diagnosis import Finding, Verdict, findings
from chronika.cli.exit_codes import ExitCode
from chronika.cli.options import StoreOption
from chronika.cli.terminal import standard_output

EXAMPLES = """
    chronika doctor
    chronika doctor --store /data/news.db
"""

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
    console.print(line.append(finding.told), soft_wrap=True)
    if finding.cure and finding.verdict is not Verdict.OK:
        console.print(Text(f"{'':<21}{finding.cure}"), soft_wrap=True)
