"""Lists as plain tables: a dim head, no frames, columns two blanks apart."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from chronika.cli.terminal import print_trimmed


def print_list(console: Console, table: Table) -> None:
    """Prints a table in the style of lists; nothing for one without rows."""
    if not table.row_count:
        return
    table.box = None
    table.pad_edge = False
    table.padding = (0, 2, 0, 0)
    table.collapse_padding = False
    table.header_style = "dim"
    for column in table.columns:
        column.overflow = "fold"
    print_trimmed(console, table)
