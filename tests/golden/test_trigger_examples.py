"""Every entry of the trigger lexicons fires in its own example, read by the whole pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from chronika.domain.document import Document
from chronika.ports.language_pack import LanguagePack
from chronika_languages import ru, uk


def _examples() -> Iterator[object]:
    for pack in (ru.PACK, uk.PACK):
        for row in pack.table("triggers.tsv"):
            yield pytest.param(pack, row["id"], row["example"], id=row["id"])


@pytest.mark.parametrize(("pack", "entry_id", "example"), list(_examples()))
def test_the_example_fires_its_entry(
    pack: LanguagePack, entry_id: str, example: str, read: Callable[[str, str, str], Document]
) -> None:
    document = read(example, pack.code, "2026-02-11")

    assert document.events is not None
    assert entry_id in {event.rule_ids[0] for event in document.events.events}
