"""The quick-start: asks the configured model one typed question and prints what arrives, a line for each delta.

    python3 scripts/text_in_audio_out.py "QUESTION" [--wav FILE]

The model is the one that serve would talk to (the stand-in where none is set), without our instructions and tools: what is tried here is
the address, the key and the deployment. Ends with 0 when an answer came, with 2 and one line on stderr when none did.
"""

from __future__ import annotations

if __name__ == "__main__":
    from environment import in_environment

    in_environment()

import argparse
import asyncio
import base64
import json
import logging
import sys
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from askaloud import configured
from askaloud.conversation import upstream
from askaloud.conversation.entra import Entra
from askaloud.doors import open_doors
from askaloud.errors import AskAloudError
from askaloud.settings import RealtimeDoor, Settings, load_settings

ANSWERED, FAILED = 0, 2
ANSWER_MAX_S = 60.0
"""Longer than any answer to one question; after that nothing more will come."""
SAMPLE_RATE, SAMPLE_BYTES = 24_000, 2
QUESTION_MAX_CHARS = 8_000
"""What the page may send at once, too."""


class NoAnswerError(Exception):
    """A sentence that says why."""


class Answer:
    """What has arrived of it so far."""

    def __init__(self) -> None:
        self.sound = bytearray()
        self.over = asyncio.Event()
        self.wrong: str | None = None

    def hear(self, frame: bytes) -> None:
        """One event of the model; never raises."""
        try:
            self._take(json.loads(frame))
        except (ValueError, TypeError, AttributeError, RecursionError):
            self._end("What answers at the model's address says what no Realtime server says.")

    def _take(self, event: dict[str, Any]) -> None:
        match event:
            case {"type": "response.output_text.delta" | "response.output_audio_transcript.delta", "delta": str(words)}:
                print(f"Received text delta: {words}", flush=True)
            case {"type": "response.output_audio.delta", "delta": str(text)}:
                sound = base64.b64decode(text, validate=True)
                self.sound += sound
                print(f"Received {len(sound)} bytes of audio data.", flush=True)
            case {"type": "error"}:
                error = event.get("error") or {}
                self._end(f"The model refused: {error.get('message') or error.get('code') or 'without a word'}")
            case {"type": "response.done"}:
                response = event.get("response") or {}
                self._end(None if response.get("status") == "completed" else _unfinished(response))
            case {}:
                return
            case _:
                raise TypeError

    def _end(self, wrong: str | None) -> None:
        self.wrong = self.wrong or wrong
        self.over.set()


def main(arguments: Sequence[str]) -> int:
    """Ask; gives the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    try:
        sound = asyncio.run(_run(load_settings(), options.question))
        if options.wav is not None:
            _write(options.wav, sound)
    except (AskAloudError, NoAnswerError, OSError) as failed:
        print(failed, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return FAILED
    return ANSWERED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="text_in_audio_out.py", description="Ask the configured model one typed question.")
    parser.add_argument("question", type=_question, metavar="QUESTION", help="what to ask")
    parser.add_argument("--wav", type=Path, metavar="FILE", help="where to keep the sound of the answer (24 kHz, 16 bits, mono)")
    return parser


def _question(text: str) -> str:
    if not 0 < len(text.strip()) <= QUESTION_MAX_CHARS:
        raise argparse.ArgumentTypeError(f"must have 1 to {QUESTION_MAX_CHARS} characters")
    return text


async def _run(settings: Settings, question: str) -> bytes:
    async with open_doors(settings) as doors:
        door = doors.realtime
        entra = None if door.api_key or door.kind != "azure" else Entra(door, settings)
        try:
            return await _ask(settings, door, entra, question)
        finally:
            if entra is not None:
                await entra.close()


async def _ask(settings: Settings, door: RealtimeDoor, entra: Entra | None, question: str) -> bytes:
    answer = Answer()
    model = await upstream.reach(door, entra.token if entra else None, configured.patience(settings), answer.hear)
    try:
        for event in _events(settings, question):
            await model.send(json.dumps(event).encode())
        await _either(answer, model)
    finally:
        await model.close()
    if answer.wrong is not None:
        raise NoAnswerError(answer.wrong)
    return bytes(answer.sound)


def _events(settings: Settings, question: str) -> list[dict[str, Any]]:
    """Only what every server knows: a voice, no voice detection, the question, and the wish for an answer."""
    sound = {"output": {"voice": settings.azure_openai_realtime_voice_choice}, "input": {"turn_detection": None}}
    session = {"type": "realtime", "output_modalities": ["audio"], "audio": sound}
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": question}]}
    return [
        {"type": "session.update", "session": session},
        {"type": "conversation.item.create", "item": item},
        {"type": "response.create"},
    ]


async def _either(answer: Answer, model: upstream.Model) -> None:
    """Until the answer is over, or the model has hung up, or neither comes."""
    over, closed = asyncio.create_task(answer.over.wait()), asyncio.create_task(model.closed())
    try:
        done, _ = await asyncio.wait((over, closed), timeout=ANSWER_MAX_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        over.cancel()
        closed.cancel()
    if not done:
        raise NoAnswerError(f"No answer came within {ANSWER_MAX_S:.0f} seconds.")
    if not answer.over.is_set():
        code, _ = closed.result()
        raise NoAnswerError(f"The model hung up ({code or 'without a word'}) before it had answered.")


def _unfinished(response: dict[str, Any]) -> str:
    details = response.get("status_details") or {}
    why = (details.get("error") or {}).get("message") or details.get("reason") or "no reason given"
    return f"The answer ended as {response.get('status')}: {why}"


def _write(file: Path, sound: bytes) -> None:
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(SAMPLE_BYTES)
        wav.setframerate(SAMPLE_RATE)
        wav.writeframes(sound)
    print(f"Wrote {len(sound) / SAMPLE_RATE / SAMPLE_BYTES:.1f} s of sound to {file}.")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
