"""The process that builds a language model of documents and ends: reads their text, asks for missing pronunciations, writes three files.

Runs at the lowest priority: a better ear in a few seconds is worth nothing if this answer stutters now. espeak-ng is asked in the mouth's
process, never loaded here.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from . import child, frames, spelling
from .language_model import BEGIN, Counts, LanguageModel
from .numbers import spelt
from .phrases import ALWAYS, OPENERS, OPENERS_WEIGHT, PHRASES, PHRASES_WEIGHT, QUESTIONS_PER_SENTENCE
from .questions import pieces
from .wording import speakable

LANGUAGE_MODEL, DICTIONARY, SPELLING = "words.arpa", "words.dict", "words.json"

DOCUMENT_WORDS = 5_000
"""So many words of the documents, the most frequent, are listened for. Every pair is weighed, so time grows with the square."""

COMMON_WORDS = 3_000
"""The most probable words of general English that are always listened for, so that other talk is not heard as the documents' words. With
1,000 60 % of spoken questions off the topic were refused, with 3,000 77 %, with 8,000 81 %, at 1.0, 1.2 and 1.5 times the work."""

VERB_AFTER = 1.5
"""A word is taken for a verb that is so many times as likely after "to" or "will" as it is anywhere."""

NICE = 15
"""Added to the process's niceness where there is such a thing."""

MAX_WORD_CHARS = 40
"""What is longer is no word but an address or a key."""

_SENTENCE_END = re.compile(r"[.!?;:]+(?=\s|$)|\n+|[•|]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|'[a-z]+")


def sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence and heading as they would be said, lower case, numbers in words."""
    for line in text.splitlines():
        for part in _SENTENCE_END.split(spelt(speakable(line))):
            words = [word for word in _WORD.findall(part.lower()) if len(word) <= MAX_WORD_CHARS]
            if words:
                yield words


class _General:
    """pocketsphinx's model of general English, asked word by word. (Its `write` crashes in 5.1.1; `prob` does not.)"""

    def __init__(self) -> None:
        import numpy
        import pocketsphinx

        self._numpy = numpy
        self.dictionary = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
        self._model = pocketsphinx.NGramModel.readfile(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))
        self._unit = pocketsphinx.LogMath().log_to_ln(1)

    def __call__(self, words: Sequence[str], history: Sequence[str]) -> Any:
        prob, before = self._model.prob, [*reversed(history)]  # it wants the word first, then backwards
        logs = self._numpy.fromiter((prob([word, *before]) for word in words), self._numpy.float64, len(words))
        return self._numpy.exp(logs * self._unit)

    def infinitive(self, word: str) -> str | None:
        """ "costs" -> "cost", "carries" -> "carry"; None for what is no verb's third person."""
        if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "'s", "us", "is")):
            return None
        for stem in (word[:-1], word[:-2] if word.endswith("es") else "", f"{word[:-3]}y" if word.endswith("ies") else ""):
            if stem and self._is_verb(stem):
                return stem
        return None

    @functools.lru_cache(maxsize=DOCUMENT_WORDS)  # noqa: B019 - one object in a process that ends with its work
    def _is_verb(self, word: str) -> bool:
        alone = self((word,), ())[0]
        return any(self((word,), (before,))[0] > VERB_AFTER * alone for before in ("to", "will"))

    def commonest(self) -> list[str]:
        with self.dictionary.open(encoding="utf-8") as lines:
            words = sorted({line.partition(" ")[0] for line in lines if "(" not in line.partition(" ")[0]})
        probable = self._numpy.argsort(-self(words, ()))
        plain = (words[at] for at in probable if _WORD.fullmatch(words[at]))
        return list(itertools.islice(plain, COMMON_WORDS))


def counted(texts: Iterable[str], infinitive: Callable[[str], str | None]) -> tuple[Counts, int]:
    """The words of the documents, as they are written and as they are asked for; and how many were written.

    A sentence counts once: what stands at the head of every page is not said more often than what stands in the text.
    """
    counts, own, seen = Counts(), 0, set()
    for text in texts:
        for sentence in sentences(text):
            own += len(sentence)
            if (line := tuple(sentence)) in seen:
                continue
            seen.add(line)
            counts.add(sentence)
            for piece in pieces(sentence, infinitive):
                counts.add(piece.words, begins=False, ends=piece.ends)
    return counts, own


def _begin_with_questions(counts: Counts) -> None:
    """Openers count as often as they are said; that somebody asks, and does not read aloud, counts against all sentences together."""
    share = QUESTIONS_PER_SENTENCE * counts.after[(BEGIN,)].total() / len(OPENERS)
    for line in OPENERS:
        counts.add(line.split(), weight=OPENERS_WEIGHT, ends=False)
        counts.after[(BEGIN,)][line.split()[0]] += round(share)


def build(texts: Iterable[str], folder: Path) -> dict[str, Any]:
    """Write `LANGUAGE_MODEL`, `DICTIONARY` and `SPELLING` into `folder`, which exists; what was done, in numbers."""
    from .pronunciation import dictionary_lines, entries

    began = time.monotonic()
    texts = list(texts)
    general = _General()
    counts, own = counted(texts, general.infinitive)
    vocabulary = {word for word, _ in counts.words().most_common(DOCUMENT_WORDS)}
    wide = {tuple([BEGIN, *line.split()][-2:]) for line in OPENERS}
    _begin_with_questions(counts)
    for line in PHRASES:
        counts.add(line.split(), weight=PHRASES_WEIGHT)
    vocabulary |= {word for line in OPENERS + PHRASES for word in line.split()} | {*ALWAYS, *general.commonest()}
    said = entries(general.dictionary, vocabulary)
    missing = sorted(vocabulary - said.keys())
    guessed = _guessed(missing)
    said.update(guessed)
    model = LanguageModel(counts, said, general, wide)
    (folder / LANGUAGE_MODEL).write_text("\n".join(model.arpa()) + "\n", encoding="utf-8")
    forms = spelling.learned(texts, lambda token: [word for line in sentences(token) for word in line])
    (folder / SPELLING).write_text(json.dumps(forms), encoding="utf-8")
    (folder / DICTIONARY).write_text("\n".join(dictionary_lines(said)) + "\n", encoding="utf-8")
    done = {"words": own, "vocabulary": len(said), "guessed": len(guessed), "unsaid": len(missing) - len(guessed)}
    return {**done, "seconds": round(time.monotonic() - began, 2)}


def _guessed(words: list[str]) -> dict[str, list[str]]:
    """espeak-ng's pronunciations; none where it is not installed: those words are then not listened for."""
    from .pronunciation import phones

    if not words:
        return {}
    command = [sys.executable, "-P", "-m", "local_azure.speech.mouth_worker", "espeak"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as voice:  # noqa: S603 - our own module
        answer = frames.read_blocking(voice.stdout) if voice.stdout else None
        if answer is None or "ready" not in answer.head or voice.stdin is None or voice.stdout is None:
            return {}
        voice.stdin.write(frames.encode(frames.Frame({"number": 1, "do": "phonemes", "words": words})))
        voice.stdin.flush()
        answer = frames.read_blocking(voice.stdout)
        voice.stdin.close()
    spoken = answer.head.get("phonemes", []) if answer else []
    return {word: [said] for word, phonemes in zip(words, spoken, strict=False) if (said := phones(phonemes))}


def _begin() -> tuple[dict[str, Any], child.Work]:
    if hasattr(os, "nice"):
        os.nice(NICE)

    def work(head: dict[str, Any], body: bytes, reply: child.Reply) -> None:
        reply.send(**build(body.decode().split("\0"), Path(head["folder"])))

    return {}, work


if __name__ == "__main__":
    child.serve(_begin)
