"""Every environment variable, in one table: its name, type, default and one sentence.

Reads a mapping (the environment, over `.env`) and reports all mistakes at once. It opens no connection and knows no room; the addresses of
the two doors are described here because both `doors` and the rooms behind the doors need the words.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from .errors import SettingsError


def root_of(module: Path) -> Path:
    """Where `.env`, `.data` and the samples are: the checkout that holds the module, or the working directory of an installed program."""
    checkout = module.resolve().parents[2]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


ROOT = root_of(Path(__file__))
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")

ACCESS_KEY_MIN_CHARS = 16
"""An access key stands between the internet and a paid service; 16 random characters cannot be guessed at any rate."""


@dataclass(frozen=True, slots=True)
class RealtimeDoor:
    """Where the model is. `base_url` is a ws or wss address that ends before `/realtime`; no key means Entra ID."""

    base_url: str
    model: str
    api_key: str | None = field(repr=False)
    kind: str
    """`azure`, `openai`, `custom` or `stand-in`; for the log, the page, the key's header and the transcriber assumed."""


@dataclass(frozen=True, slots=True)
class SearchDoor:
    """Where the search service is; no key means Entra ID."""

    endpoint: str
    index: str
    api_key: str | None = field(repr=False)
    kind: str
    """`azure` or `stand-in`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, typed. Fields and their meaning stand in `TABLE`."""

    azure_openai_endpoint: str | None = None
    azure_openai_realtime_deployment: str | None = None
    azure_openai_realtime_voice_choice: str = "alloy"
    azure_openai_api_key: str | None = None
    azure_openai_embedding_deployment: str | None = None
    azure_search_endpoint: str | None = None
    azure_search_index: str = "askaloud"
    azure_search_api_key: str | None = None
    azure_search_semantic_configuration: str | None = None
    azure_search_identifier_field: str | None = None
    azure_search_content_field: str | None = None
    azure_search_embedding_field: str | None = None
    azure_search_title_field: str | None = None
    azure_search_use_vector_query: bool = True
    azure_tenant_id: str | None = None
    openai_api_key: str | None = None
    realtime_url: str | None = None
    realtime_api_key: str | None = None
    realtime_model: str | None = None
    transcription_model: str | None = None
    transcription_language: str | None = None
    data: Path = ROOT / ".data"
    documents: Path = ROOT / "scripts" / "sample_documents"
    access_key: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    log_level: str = "INFO"

    def __repr__(self) -> str:
        """Without secrets: a settings object may end up in a log."""
        shown = [f"{f.name}={'…' if f.name.endswith('_key') and getattr(self, f.name) else getattr(self, f.name)!r}" for f in fields(self)]
        return f"Settings({', '.join(shown)})"


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    lowered = value.lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise ValueError("must be true or false")


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in value.split(",") if part.strip())


def _path(value: str) -> Path:
    path = Path(value).expanduser()
    return path if path.is_absolute() else ROOT / path


def _address(*schemes: str) -> Callable[[str], str]:
    """An absolute address; the last word is encrypted unless the host is loopback, for a key travels with it."""

    def read(value: str) -> str:
        expected = f"must be an address that begins with {' or '.join(s + '://' for s in schemes if s[-1] == 's')}"
        try:
            parts = urlsplit(value)
            has_odd_port = parts.port == 0
        except ValueError as wrong:
            raise ValueError(expected) from wrong
        if parts.scheme not in schemes or not parts.hostname or has_odd_port:
            raise ValueError(expected)
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("must be a plain address, without user, query or fragment")
        if parts.scheme in {"http", "ws"} and parts.hostname not in LOOPBACK_HOSTS:
            raise ValueError(f"must be encrypted ({parts.scheme}s://): unencrypted is for loopback only")
        return value.rstrip("/")

    return read


def _level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return value.upper()


def _access_key(value: str) -> str:
    if len(value) < ACCESS_KEY_MIN_CHARS:
        raise ValueError(f"must have at least {ACCESS_KEY_MIN_CHARS} characters")
    return value


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the variable, the field it fills, how it is read, and what it is for."""

    name: str
    read: Callable[[str], Any]
    sentence: str

    @property
    def field(self) -> str:
        """The field of `Settings` that this variable fills: its name in small letters, without our own prefix."""
        return self.name.removeprefix("ASKALOUD_").lower()


TABLE: tuple[Setting, ...] = (
    Setting(
        "AZURE_OPENAI_ENDPOINT",
        _address("https", "wss", "http", "ws"),
        "The Azure OpenAI resource; with or without `/openai/v1`. Not set: the stand-in.",
    ),
    Setting("AZURE_OPENAI_REALTIME_DEPLOYMENT", _text, "The name of the realtime model's deployment."),
    Setting("AZURE_OPENAI_REALTIME_VOICE_CHOICE", _text, "The voice of the answers."),
    Setting("AZURE_OPENAI_API_KEY", _text, "The key of the Azure OpenAI resource. Not set: Entra ID."),
    Setting("AZURE_OPENAI_EMBEDDING_DEPLOYMENT", _text, "The deployment that makes vectors. Not set: keyword search."),
    Setting("AZURE_SEARCH_ENDPOINT", _address("https", "http"), "The Azure AI Search service. Not set: the stand-in."),
    Setting("AZURE_SEARCH_INDEX", _text, "The index to search and to fill."),
    Setting("AZURE_SEARCH_API_KEY", _text, "The key of the search service. Not set: Entra ID."),
    Setting("AZURE_SEARCH_SEMANTIC_CONFIGURATION", _text, "The semantic configuration to rank with. Not set: no semantic ranking."),
    Setting("AZURE_SEARCH_IDENTIFIER_FIELD", _text, "The index's key field, where it is not found by itself."),
    Setting("AZURE_SEARCH_CONTENT_FIELD", _text, "The field that holds a passage's text, where it is not found by itself."),
    Setting("AZURE_SEARCH_EMBEDDING_FIELD", _text, "The field that holds a passage's vector, where it is not found by itself."),
    Setting("AZURE_SEARCH_TITLE_FIELD", _text, "The field that holds a document's title, where it is not found by itself."),
    Setting("AZURE_SEARCH_USE_VECTOR_QUERY", _flag, "Whether to search by vector too, where the index can."),
    Setting("AZURE_TENANT_ID", _text, "The tenant to sign in to with Entra ID."),
    Setting("OPENAI_API_KEY", _text, "OpenAI's own key; used only together with ASKALOUD_REALTIME_MODEL."),
    Setting(
        "ASKALOUD_REALTIME_URL", _address("wss", "ws"), "Any Realtime server, up to the part before `/realtime`; goes before all others."
    ),
    Setting("ASKALOUD_REALTIME_API_KEY", _text, "The key of that server."),
    Setting("ASKALOUD_REALTIME_MODEL", _text, "The model to ask of that server, or of OpenAI."),
    Setting(
        "ASKALOUD_TRANSCRIPTION_MODEL",
        _text,
        "What writes down the person's words, on Azure a deployment's name. Not set: `whisper-1`, on Azure nothing. Empty: nothing.",
    ),
    Setting("ASKALOUD_TRANSCRIPTION_LANGUAGE", _text, "The language people speak, as in `en`. Not set: the model finds out."),
    Setting("ASKALOUD_DATA", _path, "The folder of the stand-in's index and of its running address."),
    Setting("ASKALOUD_DOCUMENTS", _path, "The folder of the originals, from which pages are shown."),
    Setting("ASKALOUD_ACCESS_KEY", _access_key, "What a visitor must know; needed when others than this machine may connect."),
    Setting("ASKALOUD_ALLOWED_HOSTS", _listed, "More names under which this service may be called, separated by commas."),
    Setting("ASKALOUD_ALLOWED_ORIGINS", _listed, "More origins whose pages may connect, separated by commas."),
    Setting("ASKALOUD_LOG_LEVEL", _level, "How much is logged: DEBUG, INFO, WARNING or ERROR."),
)

EMPTY_MEANS_NONE = frozenset({"ASKALOUD_TRANSCRIPTION_MODEL"})
"""Everywhere else an empty value counts as not set, as in the samples' `.env` files."""


IDENTITY = (
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "AZURE_USERNAME",
    "AZURE_TOKEN_CREDENTIALS",
)
"""Who signs in with Entra ID. azure-identity reads these from the environment by itself, so what `.env` says of them is put there."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read and check every setting. Raises `SettingsError` with all problems, never one at a time."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for setting in TABLE:
        raw = environment.get(setting.name)
        if raw is None or (not raw.strip() and setting.name not in EMPTY_MEANS_NONE):
            continue
        try:
            values[setting.field] = setting.read(raw.strip())
        except ValueError as wrong:
            problems.append(f"{setting.name} {wrong}.")
    if values.get("azure_openai_endpoint") and not values.get("azure_openai_realtime_deployment") and not values.get("realtime_url"):
        problems.append("AZURE_OPENAI_REALTIME_DEPLOYMENT is needed with AZURE_OPENAI_ENDPOINT.")
    if (documents := values.get("documents")) is not None and not documents.is_dir():
        problems.append("ASKALOUD_DOCUMENTS is no folder.")
    if values.get("realtime_url") and not values.get("realtime_model"):
        problems.append("ASKALOUD_REALTIME_MODEL is needed with ASKALOUD_REALTIME_URL.")
    if problems:
        raise SettingsError(problems)
    return Settings(**values)


def load_settings(folder: Path = ROOT) -> Settings:
    """The settings of this process: the environment over the folder's `.env`. Raises `SettingsError`.

    What the file says of `IDENTITY` is set in the environment, where it is not set there already.
    """
    from_file = {name: value for name, value in dotenv_values(folder / ".env").items() if value is not None}
    settings = read_settings({**from_file, **os.environ})
    for name in IDENTITY:
        if value := from_file.get(name, "").strip():
            os.environ.setdefault(name, value)
    return settings
