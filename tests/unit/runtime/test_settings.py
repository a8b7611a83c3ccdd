"""Settings: where each comes from, what is refused, and their reference page."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronika.domain.errors import ConfigurationError
from chronika.runtime.settings import CONFIG_VARIABLE, MASK, Settings, load_settings, masked, settings_reference


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def _refusal(command_line: dict[str, object] | None = None) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(command_line)
    return caught.value


def test_command_line_beats_environment_beats_file_beats_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "chronika.toml").write_text('workers = 2\nbatch_documents = 3\nzone = "Europe/Kyiv"\n')
    monkeypatch.setenv("CHRONIKA_WORKERS", "4")
    monkeypatch.setenv("CHRONIKA_BATCH_DOCUMENTS", "5")
    loaded = load_settings({"workers": 6, "batch_documents": None})
    values = loaded.values
    assert (values.workers, values.batch_documents, values.zone, values.max_attempts) == (6, 5, "Europe/Kyiv", 3)
    assert loaded.origins["workers"] == "command line"
    assert loaded.origins["batch_documents"] == "environment variable CHRONIKA_BATCH_DOCUMENTS"
    assert loaded.origins["zone"] == "file chronika.toml"
    assert loaded.origins["max_attempts"] == "default"


def test_a_named_file_is_read_and_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.toml"
    monkeypatch.setenv(CONFIG_VARIABLE, str(file))
    assert _refusal().code == "config-file-missing"
    file.write_text('stages = ["one", "two"]')
    loaded = load_settings()
    assert loaded.values.stages == ("one", "two")
    assert loaded.origins["stages"] == f"file {file}"
    file.write_text("workers = = 2")
    assert _refusal().code == "config-file-unreadable"
    file.write_bytes(b"zone = '\xff'")
    assert _refusal().code == "config-file-unreadable"


def test_lists_are_written_with_commas_outside_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHRONIKA_STAGES", "language-detect, ner,")
    assert load_settings().values.stages == ("language-detect", "ner")


def test_an_unknown_name_is_refused_wherever_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    error = _refusal({"wrokers": 2})
    assert error.code == "unknown-setting"
    assert "workers" in error.cure
    assert "command line" in error.message
    file = tmp_path / "chronika.toml"
    file.write_text("[workers]\ncount = 2\n\n[elsewhere]\n")
    assert "chronika.toml" in _refusal().message
    file.unlink()
    monkeypatch.setenv("CHRONIKA_WORKRES", "2")
    assert "CHRONIKA_WORKRES" in _refusal().message


def test_what_kubernetes_sets_for_a_service_of_that_name_is_nobodys_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUERY_SERVICE_HOST", "QUERY_SERVICE_PORT_GRPC", "QUERY_PORT", "QUERY_PORT_50051_TCP_ADDR", "PORT"):
        monkeypatch.setenv(f"CHRONIKA_{name}", "10.0.0.1")
    load_settings()


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("workers", "0", "greater than or equal to 1"),
        ("workers", "two", "valid integer"),
        ("document_seconds", "-1", "greater than or equal to 0.1"),
        ("zone", "Europe/Atlantis", "IANA"),
        ("zone", "../../etc/passwd", "IANA"),
        ("store", "chronika.db", "store address"),
        ("log_level", "loud", "'debug'"),
        ("health_port", "70000", "65535"),
    ],
)
def test_a_bad_value_is_refused_with_its_bound_and_origin(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CHRONIKA_{name.upper()}", value)
    error = _refusal()
    assert error.code == "bad-setting"
    assert reason in error.message
    assert f"CHRONIKA_{name.upper()}" in error.message
    assert error.cure.startswith(f"{name}: ")


def test_passwords_are_shown_masked_and_kept_whole() -> None:
    address = "postgresql://writer:hush@db.example:5432/news"
    loaded = load_settings({"store": address})
    row = next(row for row in loaded.rows() if row.name == "store")
    assert row.value == f"postgresql://writer:{MASK}@db.example:5432/news"
    assert loaded.values.store == address
    assert masked("sqlite:///a.db") == "sqlite:///a.db"
    assert "hush" not in str(_refusal({"store": address, "workers": 0}))


def test_every_setting_is_shown_and_described() -> None:
    rows = load_settings().rows()
    assert [row.name for row in rows] == list(Settings.model_fields)
    assert all(row.description.endswith(".") for row in rows)


def test_the_reference_page_has_a_line_a_setting() -> None:
    page = settings_reference()
    for name in Settings.model_fields:
        assert f"\n| `{name}` |" in page
    assert "| `max_attempts` | `3` | 1 to 100 |" in page
    assert "| `log_format` | `auto` | `auto`, `console`, `json` |" in page
    assert "| `workers` | usable processors | 1 to 1024 |" in page
