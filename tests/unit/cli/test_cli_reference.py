"""The reference pages are what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronika.cli.reference import main, pages

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_is_up_to_date(name: str) -> None:
    made = (FOLDER / name).read_text(encoding="utf-8")
    assert made == pages()[name], "run: python -m chronika.cli.reference docs/reference"


def test_pages_are_written_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--check"]) == 1
    assert "cli.md is out of date" in capsys.readouterr().out
    assert main([str(tmp_path)]) == 0
    assert main([str(tmp_path), "--check"]) == 0
    (tmp_path / "metrics.md").write_text("by hand", encoding="utf-8")
    assert main([str(tmp_path), "--check"]) == 1


def test_every_command_and_exit_code_stands_in_the_page() -> None:
    page = pages()["cli.md"]
    for heading in ("run", "extract", "query events", "explain", "dead-letters replay", "config show", "version"):
        assert f"\n## chronika {heading}\n" in page
    assert "| 130 | " in page
    assert "`--format table\\|json\\|gold\\|conllu`" in page
