"""A command that is started with nothing set asks nobody's account, whatever the environment and a `.env` say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from askaloud.settings import IDENTITY, TABLE
from blank import clean_environment

SEES = """
import os, pathlib, sys
from askaloud.settings import load_settings
settings = load_settings(pathlib.Path(sys.argv[1]))
print(settings.azure_openai_endpoint, settings.azure_search_endpoint, settings.realtime_url, os.environ.get("LOCAL_AZURE_CHAT_URL"))
print(settings.data == pathlib.Path(sys.argv[1], "data"), settings.transcription_model)
"""
ACCOUNT = {
    "AZURE_OPENAI_ENDPOINT": "https://someone.openai.azure.com",
    "AZURE_OPENAI_API_KEY": "0123456789",
    "AZURE_OPENAI_REALTIME_DEPLOYMENT": "theirs",
    "AZURE_SEARCH_ENDPOINT": "https://someone.search.windows.net",
    "ASKALOUD_REALTIME_URL": "wss://someone.example/v1/realtime",
    "ASKALOUD_TRANSCRIPTION_MODEL": "theirs",
}


def test_neither_a_dot_env_nor_the_environment_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in ACCOUNT.items()))
    for name, value in {**ACCOUNT, "LOCAL_AZURE_CHAT_URL": "http://127.0.0.1:1/v1"}.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-c", SEES, str(tmp_path)]
    seen = subprocess.run(  # noqa: S603 - our own Python and our own words
        command, env=clean_environment(tmp_path / "data"), capture_output=True, text=True, check=True
    )
    assert seen.stdout.splitlines() == ["None None None None", "True whisper-1"]


def test_every_setting_is_there_so_that_none_comes_from_a_file(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path)
    assert {*IDENTITY, *(setting.name for setting in TABLE)} <= set(environment)
    assert environment["PATH"] == os.environ["PATH"]


def test_what_a_command_is_given_goes_before(tmp_path: Path) -> None:
    assert clean_environment(tmp_path, ASKALOUD_LOG_LEVEL="DEBUG")["ASKALOUD_LOG_LEVEL"] == "DEBUG"
