from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from local_azure.search.stemming import stem

PAPER = """
caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned falling hissing
fizzed failing filing happy sky relational conditional rational valenci hesitanci digitizer conformabli radicalli differentli vileli
analogousli vietnamization predication operator feudalism decisiveness hopefulness callousness formaliti sensitiviti sensibiliti
triplicate formative formalize electriciti electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable
defensible irritant replacement adjustment dependent adoption homologou communism activate angulariti homologous effective bowdlerize
probate rate cease controll roll
"""
"""The examples of the paper."""


def sqlite_stem(word: str) -> str:
    """What SQLite's own Porter tokenizer makes of a word."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(word, tokenize = 'porter ascii')")
    connection.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, 'row')")
    connection.execute("INSERT INTO words VALUES (?)", (word,))
    found = connection.execute("SELECT term FROM stems").fetchone()
    connection.close()
    return str(found[0])


@pytest.mark.parametrize("word", PAPER.split())
def test_the_papers_examples_are_stemmed_as_another_implementation_does(word: str) -> None:
    assert stem(word) == sqlite_stem(word)


def test_the_words_of_our_own_documents_are_stemmed_as_another_implementation_does() -> None:
    source = Path(__file__).parents[3] / "backend" / "local_azure"
    text = " ".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py")).lower()
    words = sorted(
        {word for word in "".join(letter if letter in "abcdefghijklmnopqrstuvwxyz" else " " for letter in text).split() if len(word) > 4}
    )
    assert len(words) > 500  # shorter ones are abbreviations, in which the two see different suffixes
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(word, tokenize = 'porter ascii')")
    connection.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, 'instance')")
    connection.executemany("INSERT INTO words (rowid, word) VALUES (?, ?)", enumerate(words))
    theirs = dict(connection.execute("SELECT doc, term FROM stems"))
    connection.close()
    assert {word: stem(word) for word in words} == {word: theirs[number] for number, word in enumerate(words)}


@pytest.mark.parametrize("word", ["", "a", "is", "größe", "x2", "don't", "a" * 41])
def test_what_is_no_english_word_stays_as_it_is(word: str) -> None:
    assert stem(word) == word
