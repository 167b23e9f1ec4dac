from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import websockets
from tests.commands import askaloud
from tests.planted import secret
from tests.whole import LEARN_MAX_S, Whole

AZURE = {
    "AZURE_OPENAI_ENDPOINT": "https://127.0.0.1:9",
    "AZURE_OPENAI_REALTIME_DEPLOYMENT": "gpt-realtime",
    "AZURE_OPENAI_API_KEY": secret("model-key"),
    "AZURE_SEARCH_ENDPOINT": "https://127.0.0.1:9",
    "AZURE_SEARCH_API_KEY": secret("search-key"),
}
"""Addresses where nobody is: enough to start, for nothing is called before somebody speaks."""
PLANTED = (secret("model-key"), secret("search-key"), secret("access-key"))


async def fetch(address: str) -> tuple[int, str]:
    def get() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    return await asyncio.to_thread(get)


async def test_it_prints_the_address_on_stdout_when_it_is_ready_and_nothing_else(tmp_path: Path) -> None:
    async with askaloud(tmp_path, "--port", "0", **AZURE) as command:
        address = await command.line()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        assert await fetch(f"{address}health") == (200, '{"alive":true}\n')
        assert await command.stopped_by(signal.SIGTERM) == 0
        assert await command.line() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_says_goodbye_to_every_conversation_and_ends_well(tmp_path: Path, number: int) -> None:
    async with askaloud(tmp_path, "--port", "0", **AZURE) as command:
        address = (await command.line()).removeprefix("http")
        async with websockets.connect(f"ws{address}v1/realtime") as browser:
            assert json.loads(await browser.recv())["type"] == "session.created"
            assert await command.stopped_by(number) == 0
            await browser.wait_closed()
            assert (browser.close_code, browser.close_reason) == (1001, "server going away")
    assert "Traceback" not in command.said()


async def test_no_key_and_no_traceback_reaches_the_log(tmp_path: Path) -> None:
    settings = {**AZURE, "ASKALOUD_ACCESS_KEY": secret("access-key"), "ASKALOUD_LOG_LEVEL": "DEBUG"}
    async with askaloud(tmp_path, "--port", "0", **settings) as command:
        address = await command.line()
        await fetch(f"{address}ready")
        await command.stopped_by(signal.SIGTERM)
    assert "ASKALOUD_ACCESS_KEY" in command.said()
    assert not [key for key in (*PLANTED, "Traceback") if key in command.said() + address]


async def test_what_is_in_use_stands_in_one_table_on_stderr_before_anybody_comes(tmp_path: Path) -> None:
    settings = {**AZURE, "ASKALOUD_TURN_DETECTION": "semantic_vad", "ASKALOUD_TEMPERATURE": "0.8"}
    async with askaloud(tmp_path, "--port", "0", **settings) as command:
        await command.line()
        table = dict(re.findall(r"in use: (.{20}) (.+)", command.said()))
    told = {name.strip(): value for name, value in table.items()}
    assert told["model's server"] == "GA on Azure"
    assert told["address"] == "wss://127.0.0.1:9/openai/v1/realtime?model=gpt-realtime"
    assert told["signs in with"] == "a key"
    assert told["turn detection"] == "semantic_vad, eagerness auto"
    assert told["not sent"].startswith("ASKALOUD_TEMPERATURE")


async def test_the_address_in_use_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with askaloud(tmp_path, "--port", str(port), **AZURE) as command:
            assert await command.process.wait() == 1
    assert command.said() == f"Port {port} at 127.0.0.1 is in use by another program. Stop that one, or choose another port with --port.\n"


async def test_an_address_that_is_not_ours_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    async with askaloud(tmp_path, "--host", "192.0.2.1", **AZURE, ASKALOUD_ACCESS_KEY=secret("access-key")) as command:
        assert await command.process.wait() == 1
    assert command.said().startswith("--host 192.0.2.1 is no address of this machine")
    assert command.said().count("\n") == 1


async def test_every_wrong_setting_has_its_line_and_exit_code_2(tmp_path: Path) -> None:
    async with askaloud(tmp_path, AZURE_SEARCH_ENDPOINT="http://far.example", ASKALOUD_LOG_LEVEL="loud") as command:
        assert await command.process.wait() == 2
    assert [line.split()[0] for line in command.said().splitlines()] == ["AZURE_SEARCH_ENDPOINT", "ASKALOUD_LOG_LEVEL"]


@pytest.mark.parametrize("door", [{}, {"AZURE_OPENAI_API_KEY": ""}, {"AZURE_SEARCH_API_KEY": ""}], ids=["keys", "model", "search"])
async def test_a_variable_that_nobody_could_sign_in_with_is_a_line_where_it_is_needed(tmp_path: Path, door: dict[str, str]) -> None:
    settings = {**AZURE, **door, "AZURE_TENANT_ID": "no tenant"}
    async with askaloud(tmp_path, "--port", "0", **settings) as command:
        if not door:
            assert (await command.line()).startswith("http://")
            return
        assert await command.process.wait() == 2
    assert command.said().splitlines()[-1].startswith("AZURE_TENANT_ID is not")
    assert "Traceback" not in command.said()


async def test_others_are_not_let_in_to_the_stand_in(tmp_path: Path) -> None:
    async with askaloud(tmp_path, "--host", "0.0.0.0", "--port", "0") as command:
        assert await command.process.wait() == 1
    assert "ASKALOUD_ACCESS_KEY" in command.said()
    assert "Traceback" not in command.said()


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
async def test_a_port_that_cannot_be_is_refused(tmp_path: Path, port: str) -> None:
    async with askaloud(tmp_path, f"--port={port}") as command:
        assert await command.process.wait() == 2
    assert "--port" in command.said()


async def test_who_asks_twice_is_obeyed_at_once_and_without_a_traceback(tmp_path: Path) -> None:
    async with askaloud(tmp_path, "--port", "0") as command:
        await command.line()
        command.process.send_signal(signal.SIGTERM)
        assert await command.stopped_by(signal.SIGINT) == 0
    assert [word for word in ("Stopping", "Traceback", "ERROR") if word in command.said()] == ["Stopping"]
    assert not (tmp_path / "local_azure.json").exists()


async def test_the_stand_in_is_started_and_gone_afterwards(tmp_path: Path) -> None:
    async with askaloud(tmp_path, "--port", "0") as command:
        await command.line()
        record = json.loads((tmp_path / "local_azure.json").read_text())
        assert await command.stopped_by(signal.SIGTERM) == 0
    assert not (tmp_path / "local_azure.json").exists()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", int(record["search"].rpartition(":")[2]))
    assert record["key"] not in command.said()


LOG_LINE = re.compile(r"\d\d:\d\d:\d\d (DEBUG  |INFO   |WARNING|ERROR  ) [a-z_.]+: \S")


def test_the_log_has_one_form_whoever_writes_it_and_says_that_speech_is_still_being_learned(whole: Whole) -> None:
    learning = "local_azure.speech.documents_model: learning the documents' words"
    whole.log.wait_for(lambda lines: any(learning in line for line in lines), LEARN_MAX_S, "nobody said that words are learned")
    lines = list(whole.log.lines)
    assert any(" askaloud.app: " in line for line in lines)
    assert [line for line in lines if not LOG_LINE.match(line)] == []
