from __future__ import annotations

from typing import Any

import pytest
from azure.search.documents.indexes.models import SearchIndex

from askaloud.errors import KnowledgeError, NoticeCode
from askaloud.knowledge.excerpt import EXCERPT_CHARS
from askaloud.knowledge.passage import Box
from askaloud.knowledge.schema import our_index
from askaloud.knowledge.shape import Shape, VectorField, shape_from_settings, shape_of
from askaloud.settings import Settings


def index(*fields: dict[str, Any], vectors: dict[str, Any] | None = None) -> SearchIndex:
    return SearchIndex({"name": "theirs", "fields": list(fields), **({"vectorSearch": vectors} if vectors else {})})


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "Edm.String", "searchable": True, "retrievable": True, **more}


WIZARD = index(
    text("chunk_id", key=True),
    text("parent_id"),
    text("chunk"),
    text("title"),
    {"name": "text_vector", "type": "Collection(Edm.Single)", "dimensions": 1536, "vectorSearchProfile": "profile", "searchable": True},
    vectors={
        "algorithms": [{"name": "hnsw", "kind": "hnsw"}],
        "profiles": [{"name": "profile", "algorithm": "hnsw", "vectorizer": "openai"}],
        "vectorizers": [{"name": "openai", "kind": "azureOpenAI"}],
    },
)

DEMO = index(
    text("id", key=True, searchable=False),
    text("content"),
    {"name": "embedding", "type": "Collection(Edm.Single)", "dimensions": 1024, "vectorSearchProfile": "profile", "searchable": True},
    text("category"),
    text("sourcepage"),
    text("sourcefile"),
    {"name": "groups", "type": "Collection(Edm.String)", "filterable": True},
    vectors={"algorithms": [{"name": "hnsw", "kind": "hnsw"}], "profiles": [{"name": "profile", "algorithm": "hnsw"}]},
)


def test_our_own_index_is_known_field_by_field() -> None:
    shape = shape_of(our_index("any"), Settings())
    assert shape.ours
    assert (shape.key, shape.text, shape.title, shape.page, shape.groups) == ("id", "text", "title", "page", "groups")
    assert shape.vector == VectorField("vector", 1536, vectorizer=False)


def test_an_index_of_the_portals_wizard_is_understood_without_any_setting() -> None:
    shape = shape_of(WIZARD, Settings())
    assert (shape.key, shape.text, shape.title, shape.page, shape.ours) == ("chunk_id", "chunk", "title", None, False)
    assert shape.vector == VectorField("text_vector", 1536, vectorizer=True)


def test_an_index_with_pages_in_addresses_and_groups_is_understood() -> None:
    shape = shape_of(DEMO, Settings())
    assert (shape.key, shape.text, shape.title, shape.page, shape.groups) == ("id", "content", "sourcefile", "sourcepage", "groups")
    assert shape.vector == VectorField("embedding", 1024, vectorizer=False)
    assert shape.passage({"id": "a", "content": "Words.", "sourcepage": "file.pdf#page=12", "sourcefile": "file.pdf"}).page == 12


def test_settings_go_before_every_guess() -> None:
    shape = shape_of(WIZARD, Settings(azure_search_content_field="parent_id", azure_search_title_field="chunk"))
    assert (shape.text, shape.title) == ("parent_id", "chunk")


@pytest.mark.parametrize(
    ("setting", "settings"),
    [
        ("AZURE_SEARCH_IDENTIFIER_FIELD", Settings(azure_search_identifier_field="nowhere")),
        ("AZURE_SEARCH_CONTENT_FIELD", Settings(azure_search_content_field="nowhere")),
        ("AZURE_SEARCH_TITLE_FIELD", Settings(azure_search_title_field="nowhere")),
        ("AZURE_SEARCH_EMBEDDING_FIELD", Settings(azure_search_embedding_field="nowhere")),
    ],
)
def test_a_setting_that_names_a_field_which_is_not_there_is_named_back(setting: str, settings: Settings) -> None:
    with pytest.raises(KnowledgeError) as raised:
        shape_of(WIZARD, settings)
    assert raised.value.notice.code is NoticeCode.SEARCH_REFUSED
    assert setting in raised.value.notice.message
    assert "nowhere" in raised.value.notice.message


def test_an_index_without_anything_like_a_text_says_which_setting_names_it() -> None:
    with pytest.raises(KnowledgeError, match="AZURE_SEARCH_CONTENT_FIELD"):
        shape_of(index(text("key", key=True), text("wording")), Settings())


def test_without_the_definition_the_settings_must_name_key_and_text() -> None:
    assert shape_from_settings(Settings(azure_search_identifier_field="chunk_id")) is None
    named = Settings(
        azure_search_identifier_field="chunk_id", azure_search_content_field="chunk", azure_search_embedding_field="text_vector"
    )
    shape = shape_from_settings(named)
    assert shape == Shape("chunk_id", "chunk", vector=VectorField("text_vector", None, vectorizer=True))


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
