"""Which mind thinks, by what the settings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_azure.chat.mind import ChatMind
from local_azure.chat.server import ChatServer
from local_azure.mind import QuotingMind
from local_azure.scripted.mind import ScriptedMind
from local_azure.scripted.script import Script
from local_azure.thinking import CHAT_KEY, CHAT_MODEL, CHAT_URL, SCRIPT, UnclearError, chosen, open_mind

URL = "http://127.0.0.1:11434/v1"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.json"
    path.write_text('{"turns": []}')
    return path


async def test_without_settings_the_stand_in_thinks_itself() -> None:
    async with open_mind(chosen({SCRIPT: "", CHAT_URL: ""}, None)) as mind:
        assert isinstance(mind, QuotingMind)


async def test_a_chat_server_is_asked_where_one_is_named() -> None:
    choice = chosen({CHAT_URL: URL, CHAT_MODEL: "m", CHAT_KEY: "k"}, None)
    assert choice == ChatServer(URL, "m", "k")
    async with open_mind(choice) as mind:
        assert isinstance(mind, ChatMind)


async def test_a_script_goes_before_a_chat_server_and_an_argument_before_the_environment(script: Path, tmp_path: Path) -> None:
    choice = chosen({SCRIPT: str(script), CHAT_URL: URL, CHAT_MODEL: "m"}, None)
    assert isinstance(choice, Script)
    assert isinstance(chosen({SCRIPT: str(tmp_path / "nothing")}, script), Script)
    async with open_mind(choice) as mind:
        assert isinstance(mind, ScriptedMind)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({SCRIPT: "nothing.json"}, "nothing.json cannot be read"),
        ({CHAT_URL: URL}, "belong together"),
        ({CHAT_MODEL: "m"}, "belong together"),
        ({CHAT_URL: "127.0.0.1:11434", CHAT_MODEL: "m"}, "must be a plain address"),
        ({CHAT_URL: "http://elsewhere.example/v1", CHAT_MODEL: "m"}, "must be encrypted"),
    ],
)
def test_what_cannot_be_done_is_said_at_the_start(environment: dict[str, str], said: str) -> None:
    with pytest.raises(UnclearError, match=said):
        chosen(environment, None)
