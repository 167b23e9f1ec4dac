from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.words import ANALYZERS, EVERYWHERE, beginning, indexed, tokens


def texts(analyzer: str, text: str) -> list[str]:
    return [token.text for token in tokens(analyzer, text)]


def test_the_standard_analyzer_splits_into_lower_case_words() -> None:
    assert texts("standard.lucene", "The Doctor's note: 3.5 days, 1,500 € (full-time).") == [
        "the", "doctor_s", "note", "3_5", "days", "1_500", "full", "time",
    ]  # fmt: skip


def test_english_leaves_out_stop_words_and_possessives_and_finds_stems() -> None:
    assert texts("en.lucene", "The doctor’s notes are needed for working abroad") == ["doctor", "note", "need", "work", "abroad"]
    assert texts("en.microsoft", "working") == ["work"]


def test_a_keyword_is_one_token() -> None:
    (token,) = tokens("keyword", "CM-100 v2")
    assert (token.start, token.end) == (0, 9)
    assert texts("keyword", "cm-100 v2") != [token.text]


def test_a_token_says_where_its_text_stands() -> None:
    text = "Über  Größen"
    assert [text[token.start : token.end] for token in tokens("standard.lucene", text)] == ["Über", "Größen"]


def test_composed_and_decomposed_letters_are_the_same() -> None:
    composed = "caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    assert texts("standard.lucene", "Cafe\N{COMBINING ACUTE ACCENT}s") == [f"{composed}s"]
    assert beginning("standard.lucene", "Cafe\N{COMBINING ACUTE ACCENT}") == composed


@pytest.mark.parametrize("analyzer", sorted(ANALYZERS))
@given(text=st.text(max_size=60))
def test_the_full_text_index_splits_exactly_where_we_did(analyzer: str, text: str) -> None:
    ours = texts(analyzer, text)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize = \"ascii tokenchars '_'\")")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5vocab(words, 'instance')")
    connection.execute("INSERT INTO words VALUES (?)", (indexed(analyzer, [text]),))
    assert [row[0] for row in connection.execute("SELECT term FROM found ORDER BY offset")] == ours
    connection.close()
    assert EVERYWHERE not in ours


def test_the_beginning_of_a_word_is_not_stemmed() -> None:
    assert beginning("en.lucene", "Working") == "working"
    assert texts("keyword", "CM-100 v2")[0].startswith(beginning("keyword", "CM-1"))
