"""Plug-ins: found without importing, loaded by name, refused when they do not fit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from chronika.domain.errors import ConfigurationError
from chronika.runtime.plugins import LANGUAGES, SOURCES, STAGES, STORES, Group, installed, load, load_all, open_store
from chronika.testing.plug_ins import install_plug_in

_STAGE = """
    from chronika.ports.stage import StageSpec

    def spec(name):
        return StageSpec(name=name, reads=frozenset({"source"}), adds="probe", version="1", load=lambda packs: None)

    PROBE = spec("probe-stage")
    OTHER = spec("another name")
    NUMBER = 7
"""


def _installed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    module: str,
    source: str = _STAGE,
    group: str = "chronika.stages",
    offers: dict[str, str],
) -> None:
    folder = install_plug_in(tmp_path / module, module=module, source=source, offers={group: offers})
    monkeypatch.syspath_prepend(folder)


def _refusal(group: Group[Any], name: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load(group, name)
    return caught.value


def test_listing_imports_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(tmp_path, monkeypatch, module="probe_listed", source="1 / 0", offers={"probe-stage": "PROBE"})
    assert "probe-stage" in installed(STAGES)
    assert "probe_listed" not in sys.modules
    error = _refusal(STAGES, "probe-stage")
    assert error.code == "plug-in-broken"
    assert "ZeroDivisionError" in error.message
    assert "probe-listed 1.0" in error.message


def test_loading_by_name_imports_that_one_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(tmp_path, monkeypatch, module="probe_good", offers={"probe-stage": "PROBE"})
    _installed(tmp_path, monkeypatch, module="probe_bad", source="1 / 0", offers={"probe-bad": "PROBE"})
    assert load(STAGES, "probe-stage").adds == "probe"
    with pytest.raises(ConfigurationError, match="plug-in-broken"):
        load_all(STAGES)


def test_one_name_claimed_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(tmp_path, monkeypatch, module="probe_first", offers={"probe-stage": "PROBE"})
    _installed(tmp_path, monkeypatch, module="probe_second", offers={"probe-stage": "PROBE"})
    with pytest.raises(ConfigurationError, match="plug-in-twice") as caught:
        installed(STAGES)
    assert "probe-first 1.0" in caught.value.message
    assert "probe-second 1.0" in caught.value.message


def test_an_unknown_name_tells_what_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(tmp_path, monkeypatch, module="probe_known", offers={"probe-stage": "PROBE"})
    error = _refusal(STAGES, "prope-stage")
    assert error.code == "plug-in-unknown"
    assert "probe-stage" in error.message


@pytest.mark.parametrize(
    ("group", "found", "reason"),
    [
        ("chronika.stages", "NUMBER", "it is a int"),
        ("chronika.stages", "OTHER", "calls itself 'another name'"),
        ("chronika.stages", "NOWHERE", "AttributeError"),
        ("chronika.languages", "PROBE", "it is a StageSpec"),
        ("chronika.sources", "spec", "it is a function"),
        ("chronika.stores", "NUMBER", "it is a int"),
    ],
)
def test_what_does_not_fit_is_refused(
    group: str, found: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = f"probe_{group.partition('.')[2]}_{found.lower()}"
    _installed(tmp_path, monkeypatch, module=module, group=group, offers={"probe-thing": found})
    groups: dict[str, Group[Any]] = {known.name: known for known in (STAGES, LANGUAGES, SOURCES, STORES)}
    error = _refusal(groups[group], "probe-thing")
    assert error.code in ("plug-in-unfit", "plug-in-broken")
    assert reason in error.message
    assert error.cure


def test_a_store_is_named_by_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "def OPEN(address, *, read_only=False): return address, read_only"
    _installed(
        tmp_path, monkeypatch, module="probe_store", source=source, group="chronika.stores", offers={"probe": "OPEN"}
    )
    opened: object = open_store("probe://somewhere/else", read_only=True)
    assert opened == ("probe://somewhere/else", True)
    with pytest.raises(ConfigurationError, match="plug-in-unknown"):
        open_store("nosuch://somewhere")
