from __future__ import annotations

from typing import Any

import pytest
from tests.askaloud.knowledge.index_shapes import WIZARD
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, scripted

from askaloud.errors import KnowledgeError
from askaloud.knowledge.excerpt import EXCERPT_CHARS
from askaloud.knowledge.fields import shape_of
from askaloud.knowledge.passage import Box
from askaloud.knowledge.schema import our_index
from askaloud.knowledge.shape import Shape
from askaloud.settings import Settings


def test_only_what_a_passage_needs_is_asked_for_and_never_the_vector() -> None:
    selected = shape_of(our_index("any"), Settings()).selected()
    assert "vector" not in selected
    assert len(selected) == len(set(selected))


def test_a_document_of_ours_becomes_a_passage_whole() -> None:
    found = {
        "id": "p1", "text": "One. Two.", "title": "Handbook", "page": 7, "headings": ["Leave"], "source": "s", "path": "h.pdf",
        "document_id": "d1", "boxes": "[[0,0,1,0.5]]", "groups": ["board"], "@search.score": 2, "@search.reranker_score": 3.5,
    }  # fmt: skip
    passage = shape_of(our_index("any"), Settings()).passage(found)
    assert (passage.id, passage.text, passage.title, passage.page, passage.headings) == ("p1", "One. Two.", "Handbook", 7, ("Leave",))
    assert (passage.source, passage.path, passage.document_id, passage.groups) == ("s", "h.pdf", "d1", ("board",))
    assert passage.boxes == (Box(0, 0, 1, 0.5),)
    assert passage.score == 3.5


@pytest.mark.parametrize("found", [{}, {"id": 7, "text": "x"}, {"id": "p1", "text": ["x"]}])
def test_a_document_that_is_no_passage_is_an_error_and_not_an_empty_passage(found: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        shape_of(our_index("any"), Settings()).passage(found)


@pytest.mark.parametrize("page", [0, -1, True, "x", "12345678", 1.5, None])
def test_a_page_that_is_none_is_none(page: object) -> None:
    assert shape_of(our_index("any"), Settings()).passage({"id": "p", "text": "x", "page": page}).page is None


def test_what_is_highlighted_or_was_asked_is_the_excerpt_as_plain_text() -> None:
    found = {"id": "p", "text": "A lot. Work from abroad.", "@search.highlights": {"text": ["<em>Work</em> from <em>abroad</em>."]}}
    shape = shape_of(our_index("any"), Settings())
    assert shape.passage(found).excerpt == "Work from abroad."
    assert shape.passage({"id": "p", "text": "A lot. Work from abroad."}, "abroad").excerpt == "Work from abroad."


def test_without_a_highlight_the_first_sentences_are_the_excerpt() -> None:
    passage = shape_of(our_index("any"), Settings()).passage({"id": "p", "text": "First one.\nSecond   one. " + "Word " * 200})
    assert passage.excerpt.startswith("First one. Second one.")
    assert len(passage.excerpt) <= EXCERPT_CHARS


def test_what_cannot_be_read_is_not_asked_for() -> None:
    assert Shape("id", "text", groups="groups", hidden=frozenset({"groups"})).selected() == ["id", "text"]


async def test_the_shape_of_an_index_is_looked_at_again_where_a_passage_is_refused_by_it() -> None:
    door = ScriptedDoor()
    door.script("read", Answer("no such field", 400))
    async with scripted(door) as knowledge:
        with pytest.raises(KnowledgeError):
            await knowledge.read("c1")
        door.definition = WIZARD.definition.as_dict()
        assert (await knowledge.shape()).key == "chunk_id"
