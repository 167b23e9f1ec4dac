"""How long a person waits, and how well they are heard: the end of a spoken question to the first sound of its answer.

    python3 scripts/bench_voice.py [--questions 20] [--url ws://127.0.0.1:8765]

Speaks questions with the stand-in's own voice, in real time, to Ask Aloud as a person would (a fresh service over a fresh stand-in
unless --url names a running one), and prints for each what was heard, whether the right page of the right document came first, and the
milliseconds. The questions are spread over the half `report` of all samples. One that is answered without a sound, or before its end, has
no time and counts as failed. The limit beside: the silence that voice detection waits for. The voice is synthetic, so the words heard are
better than real people's; the times are not.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

from websockets.asyncio.client import ClientConnection, connect

from askaloud.indexing.read import read_file
from blank import clean_environment
from local_azure.speech.speech import open_speech

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "scripts" / "sample_documents"
QUESTIONS = ROOT / "tests" / "askaloud" / "questions.json"
FRAME_BYTES = 960
FRAME_S = 0.02
WAIT_GOAL_MS = 700
"""At the median, for the stand-in."""
SILENCE_LIMIT_MS = 500
"""What voice detection waits for by default."""
BEFORE_S = 1.0
ANSWER_MAX_S = 20.0
READY_MAX_S = 120.0
NOISE_LEVEL = 64
"""Samples at or below this are silence: the end of the speech is the last sample above."""


Case = dict[str, Any]


@dataclass
class Heard:
    """What came of one spoken question."""

    question: str
    transcript: str = ""
    said: str = ""
    first_audio_at: float = 0.0
    ended_at: float = 0.0
    first_source: tuple[str, int | None] | None = None
    """Title and page of the first passage of the last search."""

    @property
    def waited_ms(self) -> float | None:
        """From the last sample of the question to the first sound of the answer; None where no sound came, or came before that."""
        if not 0.0 < self.ended_at < self.first_audio_at:
            return None
        return (self.first_audio_at - self.ended_at) * 1000

    def found(self, title: str, page: int | None) -> bool:
        """Whether the first passage is from this page of this document; one without pages is right as a whole."""
        return self.first_source == (title, page)


async def voiced(texts: list[str], folder: Path) -> list[bytes]:
    """The questions as sound, cut at the last sample that is not silence."""
    spoken = []
    async with open_speech(folder) as speech:
        for text in texts:
            sound = b"".join([chunk async for chunk in speech.mouth.speak(text, voice="alloy", speed=1.0)])
            samples = memoryview(sound).cast("h")
            last = max(at for at, sample in enumerate(samples) if abs(sample) > NOISE_LEVEL)
            spoken.append(sound[: (last + 1) * 2])
    return spoken


async def ask(address: str, question: str, sound: bytes) -> Heard:
    """One conversation: a second of silence, the question, silence until the answer has come or nobody waits for it any longer."""
    heard = Heard(question)
    async with connect(address, max_size=None) as browser:
        microphone = asyncio.create_task(_speak(browser, sound, heard))
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_MAX_S):
                    await _listen(browser, heard)
        finally:
            microphone.cancel()
    return heard


async def _speak(browser: ClientConnection, sound: bytes, heard: Heard) -> None:
    silence = bytes(FRAME_BYTES)
    before = [silence] * int(BEFORE_S / FRAME_S)
    speech = [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)]
    begin = time.monotonic()
    for number, frame in enumerate(before + speech + [silence] * int(ANSWER_MAX_S / FRAME_S)):
        await asyncio.sleep(max(0.0, begin + number * FRAME_S - time.monotonic()))
        audio = base64.b64encode(frame).decode()
        await browser.send(json.dumps({"type": "input_audio_buffer.append", "audio": audio}))
        if number == len(before) + len(speech) - 1:
            heard.ended_at = time.monotonic()


async def _listen(browser: ClientConnection, heard: Heard) -> None:
    async for message in browser:
        event: dict[str, Any] = json.loads(message)
        match event["type"]:
            case "conversation.item.input_audio_transcription.completed":
                heard.transcript = event["transcript"]
            case "askaloud.sources":
                heard.first_source = next(((source["title"], source["page"]) for source in event["sources"]), None)
            case "response.output_audio.delta":
                heard.first_audio_at = heard.first_audio_at or time.monotonic()
            case "response.output_audio_transcript.done":
                heard.said += event["transcript"]
            case "response.done":
                return


@contextlib.asynccontextmanager
async def service(url: str | None) -> AsyncIterator[str]:
    """A running service's address, or a fresh one over a fresh stand-in, ready and with its samples indexed."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "askaloud", "--port", "0"]
        environment = clean_environment(Path(data))
        child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        try:
            address = (await child.stdout.readline()).decode().strip() if child.stdout else ""
            await _ready(address)
            yield address.replace("http", "ws", 1).rstrip("/")
        finally:
            child.terminate()
            await child.wait()


async def _ready(address: str) -> None:
    until = time.monotonic() + READY_MAX_S
    while time.monotonic() < until:
        with contextlib.suppress(URLError, OSError):
            if await asyncio.to_thread(_looks_ready, address):
                return
        await asyncio.sleep(0.5)
    raise SystemExit("The service did not become ready.")


def _looks_ready(address: str) -> bool:
    with urlopen(f"{address}ready", timeout=5) as answer:  # noqa: S310 - our own address on loopback
        return bool(json.load(answer)["ready"])


def spread(cases: Sequence[Case], count: int) -> list[Case]:
    """So many questions of the half `report` that have an answer: not all from the document that is asked first."""
    return at_equal_distances([case for case in cases if case["document"] and case["set"] == "report"], count)


def at_equal_distances(cases: Sequence[Case], count: int | None) -> list[Case]:
    """So many of these, the first among them; all, where there are no more or none are counted."""
    if count is None or count >= len(cases):
        return list(cases)
    return [cases[number * len(cases) // count] for number in range(count)]


def shown_waits(waits: Sequence[float | None], goal_ms: int) -> str:
    """Median and slowest, the questions without a sounding answer apart; "missed" where the median is, or where there are such."""
    sounded = [waited for waited in waits if waited is not None]
    silent = len(waits) - len(sounded)
    failed = f"; {silent} without a sounding answer" if silent else ""
    if not sounded:
        return f"{len(waits)} questions{failed}   missed"
    median = statistics.median(sounded)
    missed = "   missed" if silent or median > goal_ms else ""
    figures = f"median {median:.0f} ms, fastest {min(sounded):.0f}, slowest {max(sounded):.0f}"
    return f"{len(waits)} questions: {figures}{failed}   goal ≤ {goal_ms} ms{missed}"


async def measure(count: int, url: str | None, learned_s: float) -> None:
    """The table."""
    cases = spread(json.loads(QUESTIONS.read_text(encoding="utf-8")), count)
    titles = {name: read_file(SAMPLES / name).title for name in {case["document"] for case in cases}}
    with tempfile.TemporaryDirectory() as folder:
        sounds = await voiced([case["question"] for case in cases], Path(folder))
    waits, pages, words = [], 0, 0
    async with service(url) as address:
        await asyncio.sleep(learned_s)
        for case, sound in zip(cases, sounds, strict=True):
            heard = await ask(f"{address}/v1/realtime?askaloud=1", case["question"], sound)
            page = heard.found(titles[case["document"]], case["page"])
            told = case["phrase"].casefold() in heard.said.replace("’", "'").casefold()
            pages, words = pages + page, words + told
            waits.append(heard.waited_ms)
            waited = "no sound" if heard.waited_ms is None else f"{heard.waited_ms:5.0f} ms"
            print(f"{waited}  page {'right' if page else 'wrong'}  answer {'right' if told else 'other'}  {heard.transcript!r}")
    print(f"\n{shown_waits(waits, WAIT_GOAL_MS)}; {SILENCE_LIMIT_MS} ms of it are the silence that ends a turn")
    print(f"right page of the right document first {pages}/{len(waits)}, the answering words spoken {words}/{len(waits)}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=20, help="how many questions are asked")
    parser.add_argument("--url", help="a running service, as in ws://127.0.0.1:8765")
    parser.add_argument("--learn", type=float, default=20.0, help="seconds given to the ears to learn the documents' words")
    options = parser.parse_args()
    asyncio.run(measure(options.questions, options.url, options.learn))


if __name__ == "__main__":
    main()
