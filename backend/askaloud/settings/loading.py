"""Reads the table from a mapping, checks what only fits together, and reports all mistakes at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from ..errors import SettingsError
from .reading import ROOT
from .table import EMPTY_MEANS_NONE, TABLE
from .values import Settings

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
    problems += _misfits(values)
    if problems:
        raise SettingsError(problems)
    return Settings(**values)


def _misfits(values: Mapping[str, Any]) -> Iterator[str]:
    """What is well in itself and does not fit the rest."""
    custom, azure = values.get("realtime_url"), values.get("azure_openai_endpoint")
    if azure and not values.get("azure_openai_realtime_deployment") and not custom:
        yield "AZURE_OPENAI_REALTIME_DEPLOYMENT is needed with AZURE_OPENAI_ENDPOINT."
    if isinstance(documents := values.get("documents"), Path) and not documents.is_dir():
        yield "ASKALOUD_DOCUMENTS is no folder."
    if custom and not values.get("realtime_model"):
        yield "ASKALOUD_REALTIME_MODEL is needed with ASKALOUD_REALTIME_URL."
    openai = values.get("openai_api_key") and values.get("realtime_model")
    if values.get("realtime_api_version") and openai and not custom and not azure:
        yield "ASKALOUD_REALTIME_API_VERSION does not go with OpenAI itself, which has turned the preview off."


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
