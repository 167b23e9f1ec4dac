"""From documents to the two files that the recogniser reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local_azure.speech import frames
from local_azure.speech.frames import Frame
from local_azure.speech.language_model import BEGIN
from local_azure.speech.model_worker import DICTIONARY, LANGUAGE_MODEL, SPELLING, counted, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Working from abroad\nYou may work 20 days.", ["working from abroad", "you may work twenty days"]),
        ("It costs €1,500 (25%).", ["it costs one thousand five hundred euros twenty five percent"]),
        ("Don't. It's the employees' room!", ["don't", "it's the employees room"]),
        ("First; second: third? 7.5 hours", ["first", "second", "third", "seven point five hours"]),
        ("| Plan | Price |\n|---|---|", ["plan price"]),
        ("x" * 50 + " word", ["word"]),
        ("日本 \0 …", []),
    ],
)
def test_text_becomes_the_sentences_that_somebody_would_say(text: str, expected: list[str]) -> None:
    assert [" ".join(words) for words in sentences(text)] == expected


def test_a_sentence_counts_once_and_what_is_asked_about_it_begins_none() -> None:
    counts, own = counted(["The lid must be closed.\nThe lid must be closed.", "The lid must be closed."], lambda word: None)
    assert own == 15
    assert counts.after[(BEGIN,)] == {"the": 1}
    assert counts.after[("must", "the")] == {"lid": 1}


def test_a_build_writes_its_files_and_guesses_how_unknown_words_are_said(tmp_path: Path) -> None:
    text = "The Brimmelstoke grinder rests for ten minutes. Clean the Brimmelstoke with a soft cloth."
    command = [sys.executable, "-m", "local_azure.speech.model_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:  # noqa: S603 - our own module
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert frames.read_blocking(worker.stdout) == Frame({"ready": {}})
        worker.stdin.write(frames.encode(Frame({"number": 1, "folder": str(tmp_path)}, text.encode())))
        worker.stdin.flush()
        done = frames.read_blocking(worker.stdout)
        worker.stdin.close()
    assert done is not None
    assert done.head["words"] == 14
    assert (done.head["guessed"], done.head["unsaid"]) == (1, 0)
    dictionary = (tmp_path / DICTIONARY).read_text().splitlines()
    assert "grinder G R AY N D ER" in dictionary
    assert sum(line.startswith("brimmelstoke ") for line in dictionary) == 1
    arpa = (tmp_path / LANGUAGE_MODEL).read_text()
    assert " brimmelstoke grinder" in arpa
    said = {line.partition(" ")[0].partition("(")[0] for line in dictionary}
    listened_for = {line.split()[1] for line in arpa.partition("\\1-grams:\n")[2].partition("\n\n")[0].splitlines()}
    assert listened_for - {"<s>", "</s>"} == said
    assert json.loads((tmp_path / SPELLING).read_text()) == {"brimmelstoke": "Brimmelstoke"}
