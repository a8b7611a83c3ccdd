"""What the tests of the runtime share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chronika.testing.memory_inbox import MemoryInbox
from chronika.testing.obedient_stage import install_obedient_stage


@pytest.fixture
def store() -> MemoryInbox:
    """An empty store in memory."""
    return MemoryInbox()


@pytest.fixture(scope="session")
def obedient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The obedient stage, installed for worker processes."""
    folder = install_obedient_stage(tmp_path_factory.mktemp("obedient"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        yield folder
