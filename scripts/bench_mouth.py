"""How soon the stand-in's voice is heard, and how it sounds: each figure with its limit beside it.

    python3 scripts/bench_mouth.py [--rounds 7]

The first sound: from the moment a sentence is known to the first 100 ms of its audio, which is what the first event of an answer holds;
alone, and while other conversations are being spoken to. Then, for each speed, how long a sentence is against what was asked, its pitch
and loudness against the usual speed's, clipped samples, and the silence at its edges. Times on a busy machine are longer than the mouth's
own: the load is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

import numpy as np

from local_azure.realtime.parts import PartUnavailable
from local_azure.speech.mouth import Engine, WorkerMouth

RATE = 24_000
FIRST_LIMIT_MS = 50
"""From a sentence to its first sound."""
FIRST_BYTES = RATE * 2 * 100 // 1000
LENGTH_LIMIT, PITCH_LIMIT = 0.08, 0.05
"""How far length and pitch may be from what was asked: a listener hears neither."""
QUIET = 200
SENTENCES = (
    "You may work from abroad for up to twenty days.",
    "Those who travel by train within the country are paid the full price of a second class ticket for every working day.",
    "You may work from abroad for up to twenty days in a calendar year, if your manager agrees in writing at least two weeks before you "
    "leave, and if the country is on the list that we keep.",
)
SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)


async def first_sound_ms(mouth: WorkerMouth, sentence: str, voice: str) -> float:
    """Milliseconds to the first 100 ms of audio; the rest is heard to its end, as a conversation would."""
    begin, size, first = time.perf_counter(), 0, 0.0
    async for chunk in mouth.speak(sentence, voice=voice, speed=1.0):
        size += len(chunk)
        if not first and size >= FIRST_BYTES:
            first = (time.perf_counter() - begin) * 1000
    return first


def pitch(samples: np.ndarray) -> float:
    """The median fundamental frequency of what is voiced, in hertz."""
    found = []
    for at in range(0, len(samples) - 1_200, 240):
        frame = samples[at : at + 1_200]
        alike = np.correlate(frame, frame, "full")[1_199:]
        lag = RATE // 350 + int(np.argmax(alike[RATE // 350 : RATE // 65]))
        if np.std(frame) > 800 and alike[lag] > 0.5 * alike[0]:
            found.append(RATE / lag)
    return float(np.median(found))


def told(value: float, limit: float) -> str:
    """A verdict to stand behind a figure."""
    return "" if value <= limit else "   above the limit"


async def measure_times(mouth: WorkerMouth, engine: str, rounds: int) -> None:
    """Lines of milliseconds."""
    for voice in ("alloy", "cedar", "ballad"):
        await first_sound_ms(mouth, "Loading.", voice)
        for sentence in SENTENCES:
            times = [await first_sound_ms(mouth, sentence, voice) for _ in range(rounds)]
            middle, words = statistics.median(times), len(sentence.split())
            print(
                f"{engine:10} {voice:8} {words:3} words  first sound {middle:5.0f} ms, best {min(times):4.0f} (limit {FIRST_LIMIT_MS})",
                end="",
            )
            print(told(middle, FIRST_LIMIT_MS))
    together = [await asyncio.gather(*(first_sound_ms(mouth, SENTENCES[0], "alloy") for _ in range(4))) for _ in range(rounds)]
    last = statistics.median(max(four) for four in together)
    print(f"{engine:10} four conversations at once: first sound of the last {last:5.0f} ms (no limit)")


async def measure_sound(mouth: WorkerMouth, engine: str) -> None:
    """Lines of how it sounds."""
    made = {speed: b"".join([chunk async for chunk in mouth.speak(SENTENCES[0], voice="alloy", speed=speed)]) for speed in SPEEDS}
    sounds = {speed: np.frombuffer(pcm, "<i2").astype(np.float64) for speed, pcm in made.items()}
    usual = sounds[1.0]
    for speed, samples in sounds.items():
        length, high = len(samples) / len(usual) * speed, pitch(samples) / pitch(usual)
        loud = np.flatnonzero(np.abs(samples) > QUIET)
        clipped = int(np.sum(np.abs(samples) >= 32_767))
        level, before, behind = np.sqrt(np.mean(samples**2)), loud[0] * 1000 / RATE, (len(samples) - loud[-1]) * 1000 / RATE
        far = max(abs(length - 1) / LENGTH_LIMIT, abs(high - 1) / PITCH_LIMIT, clipped)
        print(f"{engine:10} speed {speed:4.2f}  length {length:5.3f} of what was asked (1 ± {LENGTH_LIMIT}), ", end="")
        print(f"pitch {high:5.3f} (1 ± {PITCH_LIMIT}), RMS {level:5.0f}, clipped {clipped} (0), ", end="")
        print(f"silence {before:3.0f} ms before, {behind:4.0f} behind{told(far, 1.0)}")


async def measure(rounds: int) -> None:
    """Everything, for each engine that is installed."""
    engines: tuple[Engine, ...] = ("flite", "espeak")
    for engine in engines:
        mouth = WorkerMouth(engine)
        try:
            await mouth.started()
            await measure_times(mouth, engine, rounds)
            await measure_sound(mouth, engine)
        except PartUnavailable as absent:
            print(f"{engine:10} {absent}")
        finally:
            await mouth.close()
    if hasattr(os, "getloadavg"):
        print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="how often each time is taken; the median counts")
    asyncio.run(measure(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
