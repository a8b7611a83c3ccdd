"""Every setting, declared once: its meaning, default and bounds, where its value comes from, and its reference page.

A value is looked up on the command line, in the environment (`CHRONIKA_` and the name in capitals), in a TOML file
(the one that `CHRONIKA_CONFIG` names, else `chronika.toml` in the working directory) and in the defaults, in order.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from chronika.domain.errors import ConfigurationError
from chronika.runtime.logs import LogFormat, LogLevel

PREFIX = "CHRONIKA_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
"""Environment variable that names the TOML file."""
DEFAULT_FILE = Path("chronika.toml")
MASK = "********"

_SERVICE_LINKS = re.compile(r"_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT|PORT_\d+_(TCP|UDP)(_\w+)?)$")
"""Variables that Kubernetes sets for a Service named chronika-something; they are nobody's settings."""


def _usable_processors() -> int:
    """Processors that this process may use: fewer than the machine has, where it is confined to some."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError("not an IANA time zone such as Europe/Kyiv") from None
    return name


def _names(value: object) -> object:
    if isinstance(value, str):
        return tuple(name for part in value.split(",") if (name := part.strip()))
    return value


def _address(address: str) -> str:
    if "://" not in address:
        raise ValueError("not a store address such as sqlite:///chronika.db")
    return address


class Settings(BaseSettings):
    """All settings. Unknown ones are refused wherever they stand; `load_settings` reads them and knows the origins."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True)

    store: Annotated[str, AfterValidator(_address)] = Field(
        "sqlite:///chronika.db",
        description="Address of the store; the part before :// names the installed store. "
        "sqlite:///relative.db or sqlite:////absolute.db.",
    )
    stages: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)] = Field(
        (), description="Names of the stages to run, separated by commas; empty for all that are installed."
    )
    workers: int = Field(
        default_factory=_usable_processors,
        ge=1,
        le=1024,
        description="Worker processes. Each holds its own copy of the models.",
    )
    batch_documents: int = Field(
        8,
        ge=1,
        le=1000,
        description="Documents that a worker gets at a time. "
        "More saves a little overhead; less spreads short runs better.",
    )
    document_seconds: float = Field(
        60.0,
        ge=0.1,
        le=86400,
        description="Seconds that a stage may spend on one document, and again for each 100,000 characters of it, "
        "before it becomes a dead letter.",
    )
    start_seconds: float = Field(
        120.0, ge=1, le=3600, description="Seconds that a worker may take to load the stages and their models."
    )
    max_attempts: int = Field(
        3, ge=1, le=100, description="How often a document that kills its worker is tried before it is a dead letter."
    )
    inbox_documents: int = Field(
        512,
        ge=1,
        le=1_000_000,
        description="Documents that wait in the inbox before reading of the sources pauses.",
    )
    commit_documents: int = Field(
        64, ge=1, le=10_000, description="Documents that are stored in one transaction at most."
    )
    commit_seconds: float = Field(
        0.5, ge=0.01, le=60, description="Seconds that a finished document waits at most for others of its transaction."
    )
    zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC", description="IANA time zone of times of publication that name none."
    )
    max_file_bytes: int = Field(
        2_000_000_000, ge=1, description="A larger file is refused. Bytes, as the file lies on disk."
    )
    max_unpacked_bytes: int = Field(
        4_000_000_000, ge=1, description="A compressed file that unpacks to more is refused. Bytes."
    )
    max_article_bytes: int = Field(
        10_000_000, ge=1, le=500_000_000, description="An article whose text is larger is refused. Bytes."
    )
    log_level: LogLevel = Field(LogLevel.INFO, description="What is logged: messages of this level and above.")
    log_format: LogFormat = Field(
        LogFormat.AUTO,
        description="How log lines look: json, console, or auto (console on a terminal, json elsewhere).",
    )
    health_host: str = Field(
        "127.0.0.1", min_length=1, description="Address on which health and metrics are served; 0.0.0.0 for all."
    )
    health_port: int = Field(9464, ge=0, le=65535, description="Port of health and metrics; 0 takes any free one.")
    stalled_seconds: float = Field(
        300.0, ge=1, le=86400, description="Seconds without progress, while work waits, after which /healthz says no."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, environment, file, in this order."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=settings_file()))


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """A setting as `config show` shows it; secrets are masked. `origin` names the place that gave the value."""

    name: str
    value: str
    origin: str
    description: str


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings with the place that each value came from."""

    values: Settings
    origins: Mapping[str, str]

    def rows(self) -> list[SettingRow]:
        """All settings in the order of their declaration."""
        return [
            SettingRow(
                name=name,
                value=_shown(getattr(self.values, name)),
                origin=self.origins[name],
                description=field.description or "",
            )
            for name, field in Settings.model_fields.items()
        ]


def settings_file() -> Path | None:
    """The TOML file to read: the one that `CHRONIKA_CONFIG` names, else ./chronika.toml where there is one."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    return DEFAULT_FILE if DEFAULT_FILE.is_file() else None


def load_settings(command_line: Mapping[str, object] | None = None) -> LoadedSettings:
    """All settings; `command_line` holds those that were given there (None stands for not given).

    ConfigurationError: `config-file-missing`, `config-file-unreadable`, `unknown-setting`, `bad-setting`.
    """
    given = {name: value for name, value in (command_line or {}).items() if value is not None}
    file = settings_file()
    in_file = _file_values(file)
    in_environment = _environment_names()
    origins = {name: _origin(name, given=given, environment=in_environment, file=in_file) for name in _NAMES}
    for name in (*given, *in_file):
        if name not in origins:
            raise _unknown(name, f"{file}" if name in in_file else "command line")
    try:
        return LoadedSettings(Settings(**given), origins)  # type: ignore[arg-type]
    except ValidationError as error:
        raise _bad(error, origins) from None


_NAMES = tuple(Settings.model_fields)


def _file_values(file: Path | None) -> Mapping[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            "config-file-missing",
            f"the settings file {file} is not there",
            cure=f"Correct or unset {CONFIG_VARIABLE}.",
        ) from None
    except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise ConfigurationError(
            "config-file-unreadable",
            f"the settings file {file} cannot be read: {error}",
            cure="It holds lines such as: workers = 2",
        ) from None


def _environment_names() -> set[str]:
    """Names of the settings that the environment gives; one that is no setting is refused."""
    names = {
        variable.upper().removeprefix(PREFIX).lower()
        for variable in os.environ
        if variable.upper().startswith(PREFIX) and variable.upper() != CONFIG_VARIABLE
    }
    for name in sorted(names - set(_NAMES)):
        if not _SERVICE_LINKS.search(f"_{name.upper()}"):
            raise _unknown(name, f"environment variable {PREFIX}{name.upper()}")
    return names


def _origin(name: str, *, given: Mapping[str, object], environment: set[str], file: Mapping[str, object]) -> str:
    if name in given:
        return "command line"
    if name in environment:
        return f"environment variable {PREFIX}{name.upper()}"
    return f"file {settings_file()}" if name in file else "default"


def _unknown(name: str, where: str) -> ConfigurationError:
    near = difflib.get_close_matches(name, _NAMES, n=1)
    cure = f"Did you mean {near[0]}?" if near else "`chronika config show` lists all settings."
    return ConfigurationError("unknown-setting", f"there is no setting {name!r} ({where})", cure=cure)


def _bad(error: ValidationError, origins: Mapping[str, str]) -> ConfigurationError:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    reason = str(first["msg"]).removeprefix("Value error, ")
    meaning = Settings.model_fields[name].description
    return ConfigurationError(
        "bad-setting",
        f"setting {name} from {origins[name]}: {reason[:1].lower()}{reason[1:]} (got {_shown(first['input'])})",
        cure=f"{name}: {meaning}",
    )


def _shown(value: object) -> str:
    """A value for a person; passwords and other secrets are masked."""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else masked(str(value))


def masked(text: str) -> str:
    """The same text; in an address the password is masked."""
    try:
        parts = urlsplit(text)
        password = parts.password
    except ValueError:
        return text
    if not password:
        return text
    credentials, _, host = parts.netloc.rpartition("@")
    user = credentials.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{user}:{MASK}@{host}"))


_REFERENCE_HEAD = """\
# Settings

Made from `chronika.runtime.settings`; not edited by hand.

A value is looked up on the command line, in the environment (`CHRONIKA_` and the name in capitals), in a TOML file (the
one that `CHRONIKA_CONFIG` names, else `chronika.toml` in the working directory) and in the defaults, in this order.
`chronika config show` lists each value with the place that it comes from. A name that is no setting is refused.

| setting | default | allowed | meaning |
|---|---|---|---|"""


def settings_reference() -> str:
    """docs/reference/settings.md, made from the declarations above."""
    lines = [_REFERENCE_HEAD]
    for name, field in Settings.model_fields.items():
        lines.append(f"| `{name}` | {_default(name)} | {_allowed(name)} | {field.description} |")
    return "\n".join([*lines, ""])


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    shown = _shown(field.default)
    return "usable processors" if field.default_factory else f"`{shown}`" if shown else ""


def _allowed(name: str) -> str:
    schema = Settings.model_json_schema()["properties"][name]
    choices: Sequence[str] = schema.get("enum") or _choices(Settings.model_fields[name].annotation)
    if choices:
        return ", ".join(f"`{choice}`" for choice in choices)
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None and high is None:
        return ""
    return f"{low} to {high}" if high is not None else f"from {low}"


def _choices(annotation: Any) -> Sequence[str]:
    return (
        [member.value for member in annotation]
        if isinstance(annotation, type) and issubclass(annotation, StrEnum)
        else []
    )
