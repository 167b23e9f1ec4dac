from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.matching import Term, expression, highlighted, plain_words
from local_azure.search.schema import read_index
from local_azure.search.simple_syntax import parse

INDEX = read_index(
    {
        "name": "mixed",
        "fields": [
            {"name": "id", "type": "Edm.String", "key": True, "searchable": False},
            {"name": "text", "type": "Edm.String", "analyzer": "en.lucene"},
            {"name": "raw", "type": "Edm.String", "analyzer": "standard.lucene"},
            {"name": "code", "type": "Edm.String", "analyzer": "keyword"},
        ],
    }
)


def asked(text: str, *, every: bool = False) -> str | None:
    tree = parse(text, every=every)
    return None if tree is None else expression(tree, INDEX.words, every=every)


def test_each_field_looks_for_the_words_as_it_analyses_them() -> None:
    assert asked("Days") == '({f_text} : "dai" OR {f_raw} : "days" OR {f_code} : "44617973")'


def test_a_stop_word_is_looked_for_only_where_it_was_kept() -> None:
    assert asked("the") == '({f_raw} : "the" OR {f_code} : "746865")'
    tree = parse("the of", every=False)
    assert tree is not None
    assert expression(tree, [INDEX.by_name["text"]], every=False) is None


def test_only_a_query_of_plain_words_is_plain() -> None:
    fields = [INDEX.by_name["text"], INDEX.by_name["raw"]]
    for text, plain in {
        "days of": True,
        "days": True,
        "full-time": True,
        '"days of"': False,
        "a + b": False,
        "a -b": False,
        "a*": False,
    }.items():
        tree = parse(text, every=False)
        assert tree is not None
        assert (plain_words(tree, fields) is not None) == plain, text


def test_what_must_not_match_is_not_highlighted() -> None:
    terms = highlighted(parse('working "days off" man* -holidays', every=False), INDEX.by_name["text"])
    assert terms == [Term(("work",)), Term(("dai", "off")), Term(("man",), prefix=True)]


@given(st.text(max_size=40) | st.lists(st.sampled_from(list("ab'\"*+-|() ")), max_size=20).map("".join), st.booleans())
def test_every_expression_is_one_that_sqlite_understands(text: str, every: bool) -> None:
    match = asked(text, every=every)
    if match is not None:
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(everything, f_text, f_raw, f_code, tokenize = \"ascii tokenchars '_'\")")
        connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone()
        connection.close()
