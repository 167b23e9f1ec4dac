"""Ears and mouth together: what one says the other hears, and the documents help."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
from tests.local_azure.speech.sounds import joined, silence, word_error_rate

from local_azure.realtime.parts import Ears, Mouth, SpeechStopped, VoiceDetection
from local_azure.speech.mouth import Engine
from local_azure.speech.speech import open_speech

DOCUMENT = """
# Working from abroad
You can work from abroad for up to twenty days in a calendar year. Every country in the European Union is allowed.
Ask for it in the portal two weeks ahead. The days from abroad are counted from the first to the last day.
# The Brimmelstoke grinder
The Brimmelstoke grinder rests for ten minutes after every kilogram. Clean the Brimmelstoke every evening.
"""
QUESTIONS = ("how many days can i work from abroad", "how do i clean the brimmelstoke", "when do i have to ask for it in the portal")


def model_files(folder: Path) -> list[Path]:
    return list(folder.rglob("*.arpa"))


@pytest.mark.parametrize(("engine", "voice"), [("flite", "alloy"), ("flite", "cedar"), ("espeak", "alloy")])
async def test_the_ears_hear_what_the_mouth_asks_about_documents_that_they_have_learned(
    engine: str, voice: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.getbasetemp() / "learned_once"
    async with open_speech(data, engine=cast(Engine, engine)) as speech:
        await speech.learn([DOCUMENT])
        await speech.learned()
        asked = [await joined(speech.mouth.speak(f"{question}?", voice=voice, speed=1.0)) for question in QUESTIONS]
        heard = [await speech.ears.transcribe(silence(300) + pcm + silence(400)) for pcm in asked]
    assert word_error_rate(list(zip(QUESTIONS, heard, strict=True))) <= 0.4
    assert "Brimmelstoke" in " ".join(heard)


async def test_a_conversation_is_heard_turn_by_turn(tmp_path: Path) -> None:
    async with open_speech(tmp_path, engine="flite") as speech:
        ears: Ears = speech.ears
        mouth: Mouth = speech.mouth
        sentences = ("Good morning.", "Where is the nearest station?")
        pcm = silence(500)
        for sentence in sentences:
            pcm += await joined(mouth.speak(sentence, voice="cedar", speed=1.0)) + silence(900)
        listener = ears.listener(VoiceDetection())
        changes = await listener.feed(pcm)
        await listener.close()
        heard = []
        for started, stopped in zip(changes[::2], changes[1::2], strict=True):
            assert isinstance(stopped, SpeechStopped)
            heard.append(await ears.transcribe(pcm[started.at_ms * 48 : stopped.at_ms * 48]))
    assert len(heard) == 2
    assert "Good morning" in heard[0]
    assert "station" in heard[1]


async def test_a_conversation_goes_on_while_documents_are_learned_and_takes_their_words_up(tmp_path: Path) -> None:
    async with open_speech(tmp_path, engine="flite") as speech:
        pcm = silence(300) + await joined(speech.mouth.speak(f"{QUESTIONS[1]}?", voice="cedar", speed=1.0)) + silence(400)
        before = await speech.ears.transcribe(pcm)
        await speech.learn([DOCUMENT])
        learned = asyncio.create_task(speech.learned())
        meanwhile = [before]
        while not learned.done():
            meanwhile.append(await speech.ears.transcribe(pcm))
        after = await speech.ears.transcribe(pcm)
    assert len(meanwhile) > 2
    assert set(meanwhile) <= {before, after}
    assert before != after


async def test_the_words_of_documents_that_have_gone_are_heard_no_better_than_before_they_came(tmp_path: Path) -> None:
    async with open_speech(tmp_path, engine="flite") as speech:
        pcm = silence(300) + await joined(speech.mouth.speak(f"{QUESTIONS[1]}?", voice="cedar", speed=1.0)) + silence(400)
        heard = [await speech.ears.transcribe(pcm)]
        for texts in ([DOCUMENT], []):
            await speech.learn(texts)
            await speech.learned()
            heard.append(await speech.ears.transcribe(pcm))
        assert (await speech.in_use()).recogniser == "pocketsphinx with its stock language model"
    before, learned, after = heard
    assert "Brimmelstoke" in learned
    assert before == after != learned
    assert not model_files(tmp_path)


async def test_opening_says_what_is_in_use_and_closing_leaves_no_process(tmp_path: Path) -> None:
    async with open_speech(tmp_path, engine="espeak") as speech:
        in_use = await speech.in_use()
        assert (in_use.recogniser, in_use.voice) == ("pocketsphinx with its stock language model", "espeak-ng")
        pids = [pid for pid in speech.pids.values() if pid is not None]
        assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_closing_at_once_is_harmless(tmp_path: Path) -> None:
    async with open_speech(tmp_path) as speech:
        await speech.learn([DOCUMENT])
    assert not model_files(tmp_path)


WITHOUT_PACKAGES = """
import asyncio, pathlib, sys
from local_azure.realtime.parts import PartUnavailable, VoiceDetection
from local_azure.speech.speech import open_speech
async def main():
    async with open_speech(pathlib.Path(sys.argv[1])) as speech:
        await speech.learn(["Some words."])
        await speech.learned()
        async def speak():
            async for _ in speech.mouth.speak("Hello.", voice="alloy", speed=1.0):
                pass
        for part in (speech.ears.listener(VoiceDetection()).feed(bytes(96)), speech.ears.transcribe(bytes(48000)), speak()):
            try:
                await part
            except PartUnavailable as why:
                print(why)
asyncio.run(main())
"""


def test_without_the_speech_packages_each_part_says_in_a_sentence_what_to_install(tmp_path: Path) -> None:
    bare = getattr(sys, "_base_executable", sys.executable)
    if bare == sys.executable or subprocess.run([bare, "-c", "import soxr"], capture_output=True, check=False).returncode == 0:  # noqa: S603 - this very Python
        pytest.skip("no Python here without the packages")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "backend")}
    command = [bare, "-c", WITHOUT_PACKAGES, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - the code above
    sentences = done.stdout.splitlines()
    assert len(sentences) == 3
    assert "[local]" in sentences[0]
    assert sentences[1].startswith("The stand-in understands typed questions only")
    assert "installed" in sentences[2]
    assert done.stderr == ""
