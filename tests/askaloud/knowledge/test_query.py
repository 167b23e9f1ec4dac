from __future__ import annotations

from typing import Any

import pytest

from askaloud.knowledge.fields import shape_of
from askaloud.knowledge.query import NEIGHBOURS, SEMANTIC_WAIT_MS, Reader, literal, plain_words, readable_by, search_arguments
from askaloud.knowledge.schema import our_index
from askaloud.knowledge.shape import Shape, VectorField
from askaloud.settings import Settings

OURS = shape_of(our_index("any"), Settings())
PLAIN = Shape("chunk_id", "chunk")


def arguments(shape: Shape = OURS, **given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"reader": Reader(), "top": 5, "semantic": None, "vector": None, "by_vector": True}
    return search_arguments("work abroad?", shape, **(usual | given))


def test_a_question_is_searched_by_its_words_with_highlights_of_the_text() -> None:
    assert arguments(PLAIN) == {"search_text": "work abroad?", "top": 5, "select": ["chunk_id", "chunk"], "highlight_fields": "chunk-1"}


@pytest.mark.parametrize(
    ("said", "searched"),
    [
        ("work-from-home rules", "work-from-home rules"),
        ("abroad -sick +paid", "abroad sick paid"),
        ('the "long weekend" (all of it)', "the long weekend all of it"),
        ("hand* or book~2 | none", "hand or book 2 none"),
        ("what's my plan?", "what's my plan?"),
        ("+++", "*"),
    ],
)
def test_words_are_never_read_as_operators(said: str, searched: str) -> None:
    assert plain_words(said) == searched


def test_a_vectorizer_is_given_the_question_itself() -> None:
    shape = Shape("id", "text", vector=VectorField("v", 1536, vectorizer=True))
    (query,) = arguments(shape)["vector_queries"]
    assert query.as_dict() == {"kind": "text", "text": "work abroad?", "k": NEIGHBOURS, "fields": "v"}


def test_without_a_vectorizer_the_vector_is_ours() -> None:
    (query,) = arguments(vector=(0.5, 0.25))["vector_queries"]
    assert query.as_dict() == {"kind": "vector", "vector": [0.5, 0.25], "k": NEIGHBOURS, "fields": "vector"}


def test_vectors_that_are_not_wanted_or_cannot_be_made_are_left_out() -> None:
    assert "vector_queries" not in arguments(vector=(0.5,), by_vector=False)
    assert "vector_queries" not in arguments(vector=None)
    assert "vector_queries" not in arguments(PLAIN, vector=(0.5,))


def test_semantic_ranking_asks_for_captions_and_does_not_make_a_person_wait() -> None:
    asked = arguments(semantic="default")
    assert asked["query_type"] == "semantic"
    assert asked["semantic_configuration_name"] == "default"
    assert asked["semantic_error_mode"] == "partial"
    assert asked["semantic_max_wait_in_milliseconds"] == SEMANTIC_WAIT_MS
    assert "highlight_fields" not in asked


def test_an_index_without_groups_is_read_by_everybody() -> None:
    assert readable_by(Reader(("board",), "me"), PLAIN) is None


def test_whoever_has_no_group_reads_what_names_none() -> None:
    assert readable_by(Reader(), OURS) == "not groups/any()"


def test_whoever_has_groups_reads_theirs_too() -> None:
    assert readable_by(Reader(("board", "people")), OURS) == "(not groups/any()) or groups/any(g: search.in(g, 'board,people', ','))"


def test_a_group_cannot_break_out_of_the_filter() -> None:
    assert (
        readable_by(Reader(("x') or true or ('",)), OURS) == "(not groups/any()) or groups/any(g: search.in(g, 'x'') or true or (''', ','))"
    )


def test_a_comma_in_a_groups_name_is_part_of_the_name() -> None:
    assert (
        readable_by(Reader(("sales, north", "board")), OURS)
        == "(not groups/any()) or groups/any(g: search.in(g, 'sales, north|board', '|'))"
    )
    assert readable_by(Reader((",|;\t", "b'")), OURS) == "(not groups/any()) or groups/any(g: g eq ',|;\t' or g eq 'b''')"


PEOPLE = Shape("id", "content", groups="groups", people="oids")


@pytest.mark.parametrize(
    ("reader", "theirs"),
    [
        (Reader(), ""),
        (Reader(("board",)), " or groups/any(g: search.in(g, 'board', ','))"),
        (Reader(id="d'Arc"), " or oids/any(p: p eq 'd''Arc')"),
        (Reader(("board",), "me"), " or groups/any(g: search.in(g, 'board', ',')) or oids/any(p: p eq 'me')"),
    ],
)
def test_what_names_anybody_is_not_everybodys(reader: Reader, theirs: str) -> None:
    everybody = "not groups/any() and not oids/any()"
    assert readable_by(reader, PEOPLE) == (f"({everybody}){theirs}" if theirs else everybody)


def test_an_index_of_vectors_alone_is_not_asked_for_words() -> None:
    shape = Shape("id", "text", vector=VectorField("v", 8, vectorizer=True), words=False, highlighted=False)
    assert arguments(shape)["search_text"] is None
    assert arguments(shape, semantic="default")["semantic_query"] == "work abroad?"
    assert "semantic_query" not in arguments(semantic="default")


def test_with_a_filter_vectors_are_compared_after_filtering() -> None:
    assert arguments(vector=(0.5,), reader=Reader(("board",)))["vector_filter_mode"] == "preFilter"


def test_quotes_are_doubled() -> None:
    assert literal("d'accord") == "'d''accord'"
