"""What the stand-in hears, finds, answers and refuses, typed and spoken, and how long one waits: each figure beside its goal.

    python3 scripts/bench_stand_in.py                                    all of it, 1,674 utterances
    python3 scripts/bench_stand_in.py --typed-only                       no sound: half a minute
    python3 scripts/bench_stand_in.py --questions 10 --voices slt --turns 5

Every question of `tests/askaloud/questions.json` is asked, in its halves: `tune` was looked at while ears and mind were made; `report` asks
for facts that no tuned question asks for (`bench_answers.py` says where it comes from). Typed, a question is a conversation of its own
over a fresh stand-in with the samples: the stand-in's mind, the tools that a conversation has, the search door over a socket. Spoken, the
same is done with what the ears understood.

Voices: slt and rms (American) and awb (Scottish) of Debian's flite, recorded from people; kal16 (flite) and espeak, made by rule, can be
asked for. Noise: pink, the same each time, so many decibels below the voice; 45 is a quiet room, 20 a loud fan beside the microphone.

Not in real time: word errors and what follows from them. Each utterance goes at once, whole, through the ears of a conversation (voice
detection, then recognition). In real time: `--turns` questions in the stand-in's own voice, frame by frame through Ask Aloud, as
`bench_voice.py` does; the wait counts from the last sound of the question to the first of the answer. All voices are synthetic, so people
are understood less well than these figures say.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

import numpy as np

import bench_voice
from askaloud.doors import open_doors
from askaloud.indexing.sync import sync
from askaloud.knowledge.base import KnowledgeBase
from askaloud.settings import Settings
from bench_answers import HALVES, LISTS, Answer, ask
from local_azure.app import INDEX_FILE, MAX_LESSON_CHARS
from local_azure.realtime.parts import BYTES_PER_MS, Ears, SpeechStarted, VoiceDetection
from local_azure.search import catalogue
from local_azure.search.store import Store
from local_azure.speech.model_worker import sentences
from local_azure.speech.mouth import WorkerMouth
from local_azure.speech.speech import open_speech
from make_questions import RATE, SPEECH_RMS, Samples, at_rms, pink_noise
from make_questions import spoken as spoken_by_flite

SAMPLES, QUESTIONS = LISTS["samples"]
VOICES = ("slt", "rms", "awb")
RULE_VOICES = ("kal16", "espeak")
NOISES_DB = (45, 20)
BEFORE_MS, AFTER_MS = 700, 900
"""Noise around each question: more than a prefix padding, and more than the silence that ends a turn."""

EARS = 2
"""Recognisers at work at once: one for each core that the stand-in is made for."""

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One question as it was spoken and as it was understood."""

    case: Case
    voice: str
    noise_db: int
    heard: str

    @property
    def errors(self) -> tuple[int, int]:
        """Wrong, missing and added words, and how many were said; numbers and hyphens as they are read aloud."""
        said, got = (" ".join(word for line in sentences(text) for word in line).split() for text in (self.case["question"], self.heard))
        row = list(range(len(got) + 1))
        for at, word in enumerate(said, 1):
            before, row[0] = row[0], at
            for place, other in enumerate(got, 1):
                before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
        return row[-1], len(said)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one half: typed questions, spoken ones, and their answers in the same order."""

    typed: list[Answer]
    utterances: list[Utterance]
    spoken: list[Answer]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: counts of what is so and of all, and the goal in per cent where there is one."""

    name: str
    count: Callable[[Asked], tuple[int, int]]
    goal: int | None = None
    at_most: bool = False


Count = Callable[[Asked], tuple[int, int]]


def _share(
    answers: Callable[[Asked], list[Answer]], is_so: Callable[[Answer], bool], *, on_topic: bool
) -> Callable[[Asked], tuple[int, int]]:
    def count(asked: Asked) -> tuple[int, int]:
        these = [answer for answer in answers(asked) if (answer.case["document"] is not None) == on_topic]
        return sum(is_so(answer) for answer in these), len(these)

    return count


def _word_errors(is_one: Callable[[Utterance], bool]) -> Count:
    def count(asked: Asked) -> tuple[int, int]:
        counted = [utterance.errors for utterance in asked.utterances if is_one(utterance)]
        return sum(wrong for wrong, _ in counted), sum(said for _, said in counted)

    return count


def typed_rows() -> list[Row]:
    """What typing shows."""
    return [
        Row("typed: right document first", _share(lambda asked: asked.typed, lambda answer: answer.document_first, on_topic=True), 95),
        Row("typed: right page first", _share(lambda asked: asked.typed, lambda answer: answer.page_first, on_topic=True), 95),
        Row("typed: answering sentence spoken", _share(lambda asked: asked.typed, lambda answer: answer.told, on_topic=True), 85),
        Row("typed: wrongly refused", _share(lambda asked: asked.typed, lambda answer: answer.refused, on_topic=True), 5, at_most=True),
        Row("typed: off-topic refused", _share(lambda asked: asked.typed, lambda answer: answer.refused, on_topic=False), 95),
    ]


def spoken_rows(voices: Sequence[str], noises_db: Sequence[int]) -> Iterator[Row]:
    """What speaking shows; the words by voice and noise have no goal of their own."""
    yield Row("words misheard", _word_errors(lambda one: one.case["document"] is not None), 20, at_most=True)
    for voice in voices:
        for noise in noises_db:
            name = f"    {voice}, noise {noise} dB below"
            yield Row(name, _word_errors(lambda one, v=voice, n=noise: (one.voice, one.noise_db) == (v, n) and bool(one.case["document"])))  # type: ignore[misc]  # mypy cannot see defaults in a lambda
    yield Row("    off-topic questions", _word_errors(lambda one: one.case["document"] is None))
    yield Row("spoken: right document first", _share(lambda asked: asked.spoken, lambda answer: answer.document_first, on_topic=True), 80)
    yield Row("spoken: right page first", _share(lambda asked: asked.spoken, lambda answer: answer.page_first, on_topic=True), 80)
    yield Row("spoken: answering sentence spoken", _share(lambda asked: asked.spoken, lambda answer: answer.told, on_topic=True))
    yield Row("spoken: wrongly refused", _share(lambda asked: asked.spoken, lambda answer: answer.refused, on_topic=True))
    yield Row("spoken: off-topic refused", _share(lambda asked: asked.spoken, lambda answer: answer.refused, on_topic=False), 85)


def show(asked: dict[str, Asked], rows: Sequence[Row]) -> None:
    """The table, one column a half; "missed" where a half falls short of the goal."""
    print(f"{'':36}" + "".join(f"{half:>20}" for half in asked) + "   goal")
    for row in rows:
        cells, missed = "", []
        for half, one in asked.items():
            count, total = row.count(one)
            share = 100 * count / max(total, 1)
            cells += f"{f'{count}/{total}':>12} {share:5.1f} %"
            if row.goal is not None and (share > row.goal if row.at_most else share < row.goal):
                missed.append(half)
        goal = "" if row.goal is None else f"   {'≤' if row.at_most else '≥'} {row.goal} %"
        print(f"{row.name:36}{cells}{goal}{'   missed: ' if missed else ''}{', '.join(missed)}")


async def sounds(cases: Sequence[Case], voice: str) -> list[Samples]:
    """The questions in one voice, at the same loudness, without silence around them."""
    if voice != "espeak":
        return [await asyncio.to_thread(spoken_by_flite, case["question"], voice) for case in cases]
    mouth = WorkerMouth("espeak")
    try:
        spoken = [b"".join([part async for part in mouth.speak(case["question"], voice="cedar", speed=1.0)]) for case in cases]
    finally:
        await mouth.close()
    return [at_rms(np.trim_zeros(np.frombuffer(pcm, "<i2").astype(np.float64)), SPEECH_RMS) for pcm in spoken]


def in_noise(sound: Samples, noise_db: int, seed: int) -> bytes:
    """The question as a microphone hears it."""
    before, after = (RATE * ms // 1000 for ms in (BEFORE_MS, AFTER_MS))
    heard = np.concatenate([np.zeros(before), sound, np.zeros(after)])
    heard += pink_noise(heard.size, noise_db, seed)
    return np.clip(np.round(heard), -32_768, 32_767).astype("<i2").tobytes()


async def understood(pcm: bytes, ears: Ears) -> str:
    """The words of every turn that the ears found, as one: a question that they cut in two is no better for it."""
    listener, start, words = ears.listener(VoiceDetection()), 0, []
    try:
        for change in await listener.feed(pcm):
            if isinstance(change, SpeechStarted):
                start = change.at_ms
            else:
                words.append(await ears.transcribe(pcm[start * BYTES_PER_MS : change.at_ms * BYTES_PER_MS]))
    finally:
        await listener.close()
    return " ".join(words)


async def hear(cases: Sequence[Case], voices: Sequence[str], noises_db: Sequence[int], ears: Sequence[Ears]) -> list[Utterance]:
    """Every question in every voice and noise."""
    waiting: list[tuple[Case, str, int, bytes]] = []
    for voice in voices:
        for seed, (case, sound) in enumerate(zip(cases, await sounds(cases, voice), strict=True)):
            waiting += [(case, voice, noise, in_noise(sound, noise, seed)) for noise in noises_db]
    jobs = iter(waiting)
    heard: list[Utterance] = []

    async def work(own: Ears) -> None:
        for case, voice, noise, pcm in jobs:
            heard.append(Utterance(case, voice, noise, await understood(pcm, own)))

    await asyncio.gather(*(work(own) for own in ears))
    return heard


@asynccontextmanager
async def listening(data: Path, own: Path) -> AsyncIterator[list[Ears]]:
    """Ears that have learned the documents of the stand-in in `data`, as its own do; what they learn is kept in `own`."""
    store = Store(data / INDEX_FILE)
    await store.open()
    try:
        texts = await store.read(lambda connection: catalogue.texts(connection, MAX_LESSON_CHARS))
    finally:
        await store.close()
    async with open_speech(own, warm=False) as first, open_speech(own, warm=False) as second:
        for speech in (first, second)[:EARS]:
            await speech.learn(texts)
            await speech.learned()
        yield [first.ears, second.ears]


async def measure(cases: Sequence[Case], options: argparse.Namespace) -> dict[str, Asked]:
    """Index the samples afresh, and ask everything."""
    measured: dict[str, Asked] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        async with open_doors(settings) as doors:
            knowledge = await KnowledgeBase.open(doors.search, settings)
            try:
                await sync(SAMPLES, SAMPLES.name, knowledge)
                async with listening(Path(folder), Path(folder, "ears")) as ears:
                    for half in options.halves:
                        these = [case for case in cases if case["set"] == half]
                        typed = [await ask(case, knowledge) for case in these]
                        heard = [] if options.typed_only else await hear(these, options.voices, options.noises, ears)
                        spoken = [await ask({**one.case, "question": one.heard}, knowledge) for one in heard]
                        measured[half] = Asked(typed, heard, spoken)
            finally:
                await knowledge.close()
    return measured


async def waits(cases: Sequence[Case], count: int, learn_s: float) -> list[float | None]:
    """Milliseconds from the last sound of a question to the first of its answer, in real time, through Ask Aloud; None without a sound."""
    chosen = bench_voice.spread(cases, count)
    with tempfile.TemporaryDirectory() as folder:
        spoken = await bench_voice.voiced([case["question"] for case in chosen], Path(folder))
    async with bench_voice.service(None) as address:
        await asyncio.sleep(learn_s)
        turns = [
            await bench_voice.ask(f"{address}/v1/realtime?askaloud=1", case["question"], sound)
            for case, sound in zip(chosen, spoken, strict=True)
        ]
    return [turn.waited_ms for turn in turns]


def show_waits(waited: Sequence[float | None]) -> None:
    """The median beside its goal."""
    print(f"\nend of speech to first audio, {bench_voice.SILENCE_LIMIT_MS} ms of it the silence that ends a turn:")
    print(f"    {bench_voice.shown_waits(waited, bench_voice.WAIT_GOAL_MS)}")


def show_each(asked: dict[str, Asked]) -> None:
    """What was misheard, utterance by utterance."""
    for one in asked.values():
        for utterance in one.utterances:
            if utterance.errors[0]:
                print(f"{utterance.voice} {utterance.noise_db} dB  {utterance.case['question']}\n{'':12}{utterance.heard}")


def chosen(cases: Sequence[Case], most: int | None) -> list[Case]:
    """So many of each half and kind, at equal distances."""
    kinds = [[case for case in cases if case["set"] == half and bool(case["document"]) == on] for half in HALVES for on in (True, False)]
    return [case for kind in kinds for case in bench_voice.at_equal_distances(kind, most)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--typed-only", action="store_true", help="ask nothing aloud")
    parser.add_argument("--questions", type=int, help="so many of each half, on and off the topic (default: all)")
    parser.add_argument("--voices", nargs="+", choices=(*VOICES, *RULE_VOICES), default=VOICES)
    parser.add_argument("--noises", nargs="+", type=int, default=NOISES_DB, help="in decibels below the voice")
    parser.add_argument("--halves", nargs="+", choices=HALVES, default=HALVES)
    parser.add_argument("--turns", type=int, default=20, help="spoken in real time; 0 for none (default: 20)")
    parser.add_argument("--learn", type=float, default=20.0, help="seconds given to the ears before that, to learn the documents' words")
    parser.add_argument("--each", action="store_true", help="print every utterance that was misheard")
    return parser.parse_args()


def main() -> None:
    """Read the arguments, measure, print."""
    options = _options()
    every: list[Case] = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    asked = asyncio.run(measure(chosen(every, options.questions), options))
    if options.each:
        show_each(asked)
    rows = typed_rows() if options.typed_only else [*typed_rows(), *spoken_rows(options.voices, options.noises)]
    show(asked, rows)
    if options.turns and not options.typed_only:
        show_waits(asyncio.run(waits(every, options.turns, options.learn)))


if __name__ == "__main__":
    main()
