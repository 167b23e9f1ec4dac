"""Makes the WAVs that tests let Chromium hear, from `tests/browser/questions/questions.json`, with the voices of Debian's flite.

A wave is named for what is asked and for its voice (`abroad-slt.wav`). Another build of flite may speak a little differently:
the committed files are what the tests hear, and this script is how they were made.

    python3 scripts/make_questions.py [FOLDER]
"""

from __future__ import annotations

if __name__ == "__main__":
    from environment import in_environment

    in_environment("local", "test")

import json
import subprocess
import sys
import wave
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import soxr

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "browser" / "questions"

RATE = 24_000
"""Hertz: the rate of the protocol and of the page's AudioContext."""
LEAD_S = 1.5
"""Seconds before the first word: a page needs about one to connect and to learn the noise of the room."""
TRAIL_S = 3.0
"""Seconds after the last word: more than any silence that ends a turn."""
SPEECH_RMS = 2_600.0
"""Loudness of the voice in 16-bit steps: that of somebody near a laptop, far from clipping."""
NOISE_BELOW_DB = 45.0
"""The room's noise under the voice. A real microphone is never digitally silent."""

Samples = npt.NDArray[np.float64]


def at_rms(sound: Samples, wanted: float) -> Samples:
    """The same sound, so loud that its root mean square is `wanted`."""
    return sound * (wanted / float(np.sqrt(np.mean(sound**2))))


def spoken(text: str, voice: str) -> Samples:
    """One utterance at `RATE`, without the silence that flite puts around it, at `SPEECH_RMS`."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "said.wav")
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)  # noqa: S607 - flite of the system, our text
        with wave.open(str(path)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64)
            rate = file.getframerate()
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 0.01)
    samples = soxr.resample(samples[loud[0] : loud[-1] + 1], rate, RATE)
    return at_rms(samples, SPEECH_RMS)


def pink_noise(count: int, below_db: float = NOISE_BELOW_DB, seed: int = 2) -> Samples:
    """`count` samples whose power falls by 3 dB an octave, so far below a voice; the same ones each time for the same seed."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal(count))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(spectrum.size), 1)), count)
    return at_rms(noise, SPEECH_RMS * 10 ** (-below_db / 20))


def heard(says: Sequence[tuple[str, float]], voice: str) -> Samples:
    """Texts, each beginning at its second, over the noise of a quiet room."""
    utterances = [(spoken(text, voice), round(at_s * RATE)) for text, at_s in says]
    sound = pink_noise(max(start + samples.size for samples, start in utterances) + round(TRAIL_S * RATE))
    for samples, start in utterances:
        sound[start : start + samples.size] += samples
    return sound


def write(path: Path, sound: Samples) -> None:
    """A WAV of one channel, 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.clip(np.round(sound), -32_768, 32_767).astype("<i2").tobytes())


def main() -> None:
    """Write every wave into the folder given, else beside the questions."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    listed = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))
    waves = {name: [(entry["text"], LEAD_S)] for entry in listed["questions"] for name in entry["waves"]}
    for entry in (listed["interruption"], listed["hello"]):
        waves[entry["wave"]] = [(said["text"], said["at_s"]) for said in entry["says"]]
    for name, says in waves.items():
        voice = Path(name).stem.rsplit("-", 1)[1]
        write(folder / name, heard(says, voice))
        print(folder / name)


if __name__ == "__main__":
    main()
