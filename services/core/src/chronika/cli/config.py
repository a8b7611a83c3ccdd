"""`chronika config show`: every setting with its value and the place that it comes from."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from chronika.cli.commands import command
from chronika.cli.evaluate import ReportFormat
from chronika.cli.formats.event_json import json_line
from chronika.cli.options import StoreOption, settings_for
from chronika.cli.tables import print_list
from chronika.cli.terminal import standard_output, write_data

commands = typer.Typer(no_args_is_help=True, help="Show settings and where their values come from.")

EXAMPLES = """
    chronika config show
    CHRONIKA_WORKERS=2 chronika config show --format json
"""


@command(commands, "show", examples=EXAMPLES)
def show(
    form: Annotated[ReportFormat, typer.Option("--format", help="A table, or JSON lines.")] = ReportFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """Show each setting, its value and where that comes from: command line, environment, file or default."""
    rows = settings_for(store=store).rows()
    if form is ReportFormat.JSON:
        for row in rows:
            write_data(json_line({"setting": row.name, "value": row.value, "from": row.origin}))
        return
    table = Table()
    for head in ("setting", "value", "from"):
        table.add_column(head)
    for row in rows:
        is_default = row.origin == "default"
        table.add_row(
            Text(row.name, style="" if is_default else "bold"),
            Text(row.value, style="" if is_default else "bold"),
            Text(row.origin, style="dim" if is_default else "bold"),
        )
    print_list(standard_output(), table)
