"""The quick-start as a newcomer types it, against a scripted model over a real socket."""

from __future__ import annotations

import asyncio
import sys
import wave
from pathlib import Path

import pytest
from tests.commands import ROOT, clean_environment
from tests.scripted_model import Line, Script, scripted_model

SCRIPT = ROOT / "scripts" / "text_in_audio_out.py"
SOUND = b"\x01\x00" * 6_000


async def command(script: Script, tmp_path: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """The exit code, what was printed and what went to stderr."""
    async with scripted_model(script) as model:
        given = {
            "ASKALOUD_REALTIME_URL": model.door.base_url,
            "ASKALOUD_REALTIME_MODEL": "test-model",
            "AZURE_SEARCH_ENDPOINT": "http://127.0.0.1:1",
            **settings,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(SCRIPT),
            *arguments,
            env=clean_environment(tmp_path / "data", **given),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, complained = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode(), complained.decode()


async def answers(line: Line) -> None:
    await line.greet()
    await line.read("conversation.item.create")
    await line.read("response.create")
    await line.begin("r1")
    await line.speak("r1", "i1", "Thirty days.", audio=SOUND)
    await line.end("r1")


async def test_each_delta_is_a_line_and_the_sound_is_kept(tmp_path: Path) -> None:
    code, printed, complained = await command(answers, tmp_path, "How long?", "--wav", str(tmp_path / "answer.wav"))
    assert (code, complained) == (0, "")
    assert printed.splitlines()[:2] == ["Received text delta: Thirty days.", "Received 12000 bytes of audio data."]
    with wave.open(str(tmp_path / "answer.wav")) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (24_000, 1, 2)
        assert wav.readframes(10**6) == SOUND


async def test_what_the_model_refuses_is_said_in_one_line(tmp_path: Path) -> None:
    async def refuses(line: Line) -> None:
        await line.greet()
        asked = await line.read("response.create")
        await line.refuse(asked.get("event_id"), "quota", message="Your quota is used up.")

    code, printed, complained = await command(refuses, tmp_path, "How long?")
    assert (code, printed) == (2, "")
    assert complained == "The model refused: Your quota is used up.\n"


async def test_an_answer_that_fails_is_none(tmp_path: Path) -> None:
    async def fails(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.begin("r1")
        await line.end("r1", status="failed")

    code, _, complained = await command(fails, tmp_path, "How long?")
    assert (code, complained) == (2, "The answer ended as failed: no reason given\n")


async def test_a_model_that_hangs_up_has_not_answered(tmp_path: Path) -> None:
    async def hangs_up(line: Line) -> None:
        await line.greet()
        await line.connection.close(1011)

    code, _, complained = await command(hangs_up, tmp_path, "How long?")
    assert (code, complained) == (2, "The model hung up (1011) before it had answered.\n")


@pytest.mark.parametrize(
    "frame", ["no JSON", "[1]", "7", '{"type": "response.output_audio.delta", "delta": "*"}', '{"type": "error", "error": "words"}']
)
async def test_what_makes_no_sense_is_said_in_one_line(tmp_path: Path, frame: str) -> None:
    async def babbles(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.connection.send(frame)

    code, _, complained = await command(babbles, tmp_path, "How long?")
    assert (code, complained) == (2, "What answers at the model's address says what no Realtime server says.\n")


async def test_an_address_where_nobody_is_names_its_setting(tmp_path: Path) -> None:
    code, _, complained = await command(answers, tmp_path, "How long?", ASKALOUD_REALTIME_URL="ws://127.0.0.1:1/v1")
    assert code == 2
    assert "ASKALOUD_REALTIME_URL" in complained
    assert len(complained.splitlines()) == 1
