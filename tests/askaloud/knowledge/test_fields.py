"""Which field is taken for what: of indexes as their makers publish them, of odd ones, and where a setting says otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from azure.search.documents.indexes.models import SearchIndex
from tests.askaloud.knowledge.index_shapes import DEMO, SHAPES, VOICERAG, WIZARD

from askaloud.errors import KnowledgeError, NoticeCode
from askaloud.knowledge.fields import shape_from_settings, shape_of
from askaloud.knowledge.schema import our_index
from askaloud.knowledge.shape import Shape, VectorField
from askaloud.settings import Settings


def index(*fields: dict[str, Any], **sections: Any) -> SearchIndex:
    return SearchIndex({"name": "theirs", "fields": list(fields), **sections})


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "Edm.String", "searchable": True, "retrievable": True, **more}


def vector(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "Collection(Edm.Single)", "dimensions": 8, "vectorSearchProfile": "p", "searchable": True, **more}


def several(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "Collection(Edm.String)", "searchable": False, "filterable": True, "retrievable": True, **more}


def ranked(title: str, *content: str) -> dict[str, Any]:
    fields = {"titleField": {"fieldName": title}, "prioritizedContentFields": [{"fieldName": name} for name in content]}
    return {"semantic": {"defaultConfiguration": "s", "configurations": [{"name": "s", "prioritizedFields": fields}]}}


KEY = text("id", key=True, searchable=False)


def test_our_own_index_is_known_field_by_field() -> None:
    shape = shape_of(our_index("any"), Settings())
    assert shape.ours
    assert (shape.key, shape.text, shape.title, shape.page, shape.groups) == ("id", "text", "title", "page", "groups")
    assert (shape.headings, shape.source, shape.path, shape.boxes) == ("headings", "source", "path", "boxes")
    assert shape.vector == VectorField("vector", 1536, vectorizer=False)


KNOWN = {
    "VoiceRAG's": ("chunk_id", "chunk", "title", None, None, None, VectorField("text_vector", 3072, vectorizer=True)),
    "azure-search-openai-demo's": (
        "id",
        "content",
        "sourcefile",
        "sourcepage",
        "groups",
        "oids",
        VectorField("embedding", 1024, vectorizer=False),
    ),
    "the portal wizard's": ("chunk_id", "chunk", "title", None, None, None, VectorField("text_vector", 1536, vectorizer=True)),
    "our own": ("id", "text", "title", "page", "groups", None, VectorField("vector", 1536, vectorizer=False)),
}


@pytest.mark.parametrize("name", KNOWN)
def test_each_published_index_is_understood_without_any_setting(name: str) -> None:
    shape = shape_of(SHAPES[name].definition, Settings())
    assert (shape.key, shape.text, shape.title, shape.page, shape.groups, shape.people, shape.vector) == KNOWN[name]
    assert shape.words
    assert shape.ours is (name == "our own")


def test_the_semantic_configurations_of_an_index_are_known() -> None:
    assert shape_of(VOICERAG.definition, Settings()).semantic == ("default",)
    assert shape_of(our_index("any", ranked=False), Settings()).semantic == ()


def test_a_page_in_an_address_is_read() -> None:
    passage = shape_of(DEMO.definition, Settings()).passage({"id": "a", "content": "Words.", "sourcepage": "file.pdf#page=12"})
    assert passage.page == 12


def test_settings_go_before_every_guess() -> None:
    told = Settings(
        azure_search_content_field="sourcepage",
        azure_search_title_field="category",
        search_page_field="sourcefile",
        search_groups_field="oids",
        search_people_field="groups",
    )
    shape = shape_of(DEMO.definition, told)
    assert (shape.text, shape.title, shape.page, shape.groups, shape.people) == ("sourcepage", "category", "sourcefile", "oids", "groups")


def test_a_setting_may_say_that_there_is_no_such_field() -> None:
    shape = shape_of(DEMO.definition, Settings(search_page_field="", search_groups_field="", search_people_field=""))
    assert (shape.page, shape.groups, shape.people) == (None, None, None)


def test_a_text_of_an_unknown_name_is_the_one_that_the_index_ranks_by() -> None:
    shape = shape_of(index(KEY, text("heading"), text("wording"), text("notes"), **ranked("heading", "wording")), Settings())
    assert (shape.title, shape.text) == ("heading", "wording")


def test_a_text_of_an_unknown_name_is_the_only_one_that_can_be_searched() -> None:
    assert shape_of(index(KEY, text("wording"), text("code", searchable=False)), Settings()).text == "wording"
    assert shape_of(index(KEY, text("title"), text("wording")), Settings()).text == "wording"


def test_of_several_vectors_those_of_pictures_are_not_taken() -> None:
    several_vectors = index(KEY, text("chunk"), vector("imageEmbedding"), vector("embedding3"))
    found = shape_of(several_vectors, Settings()).vector
    assert found is not None
    assert found.name == "embedding3"
    named = shape_of(several_vectors, Settings(azure_search_embedding_field="imageEmbedding")).vector
    assert named is not None
    assert named.name == "imageEmbedding"


def test_words_within_a_complex_field_can_be_searched() -> None:
    inner = {"name": "about", "type": "Edm.ComplexType", "fields": [text("summary")]}
    assert shape_of(index(KEY, text("chunk", searchable=False), inner), Settings()).words


def test_an_index_of_vectors_alone_has_no_words() -> None:
    shape = shape_of(index(KEY, text("chunk", searchable=False), vector("v")), Settings())
    assert not shape.words
    assert not shape.highlighted


def test_a_field_that_may_not_be_read_is_neither_text_nor_title_but_may_limit_who_reads() -> None:
    shape = shape_of(
        index(KEY, text("text", retrievable=False), text("chunk"), text("title", retrievable=False), several("groups", retrievable=False)),
        Settings(),
    )
    assert (shape.text, shape.title, shape.groups) == ("chunk", None, "groups")
    assert "groups" not in shape.selected()


def test_what_looks_as_if_it_limited_who_may_read_and_cannot_is_pointed_out() -> None:
    fields = (KEY, text("chunk"), several("groups", filterable=False), text("oids"))
    shape = shape_of(index(*fields), Settings())
    assert (shape.groups, shape.people, shape.unlimiting) == (None, None, ("groups", "oids"))
    assert shape_of(index(*fields), Settings(search_groups_field="", search_people_field="")).unlimiting == ()


@pytest.mark.parametrize(
    ("setting", "settings"),
    [
        ("AZURE_SEARCH_IDENTIFIER_FIELD", Settings(azure_search_identifier_field="nowhere")),
        ("AZURE_SEARCH_CONTENT_FIELD", Settings(azure_search_content_field="nowhere")),
        ("AZURE_SEARCH_TITLE_FIELD", Settings(azure_search_title_field="nowhere")),
        ("AZURE_SEARCH_EMBEDDING_FIELD", Settings(azure_search_embedding_field="nowhere")),
        ("ASKALOUD_SEARCH_PAGE_FIELD", Settings(search_page_field="nowhere")),
        ("ASKALOUD_SEARCH_GROUPS_FIELD", Settings(search_groups_field="nowhere")),
        ("ASKALOUD_SEARCH_PEOPLE_FIELD", Settings(search_people_field="nowhere")),
    ],
)
def test_a_setting_that_names_a_field_which_is_not_there_is_named_back(setting: str, settings: Settings) -> None:
    with pytest.raises(KnowledgeError) as raised:
        shape_of(WIZARD.definition, settings)
    assert raised.value.notice.code is NoticeCode.SEARCH_REFUSED
    assert setting in raised.value.notice.message
    assert "nowhere" in raised.value.notice.message


@pytest.mark.parametrize(
    ("setting", "settings"),
    [
        ("AZURE_SEARCH_IDENTIFIER_FIELD", Settings(azure_search_identifier_field="content")),
        ("AZURE_SEARCH_CONTENT_FIELD", Settings(azure_search_content_field="groups")),
        ("AZURE_SEARCH_TITLE_FIELD", Settings(azure_search_title_field="embedding")),
        ("AZURE_SEARCH_EMBEDDING_FIELD", Settings(azure_search_embedding_field="content")),
        ("ASKALOUD_SEARCH_PAGE_FIELD", Settings(search_page_field="oids")),
        ("ASKALOUD_SEARCH_GROUPS_FIELD", Settings(search_groups_field="category")),
        ("ASKALOUD_SEARCH_PEOPLE_FIELD", Settings(search_people_field="sourcefile")),
    ],
)
def test_a_setting_that_names_a_field_of_the_wrong_kind_is_named_back(setting: str, settings: Settings) -> None:
    with pytest.raises(KnowledgeError, match=setting):
        shape_of(DEMO.definition, settings)


@pytest.mark.parametrize(
    ("fields", "setting"),
    [
        ((text("key", key=True), text("wording"), text("notes")), "AZURE_SEARCH_CONTENT_FIELD"),
        ((KEY, text("chunk", searchable=False)), "AZURE_SEARCH_INDEX"),
    ],
)
def test_an_index_that_cannot_be_used_says_which_setting_helps(fields: tuple[dict[str, Any], ...], setting: str) -> None:
    with pytest.raises(KnowledgeError, match=setting):
        shape_of(index(*fields), Settings())


def test_without_the_definition_the_settings_must_name_key_and_text() -> None:
    assert shape_from_settings(Settings(azure_search_identifier_field="chunk_id")) is None
    named = Settings(
        azure_search_identifier_field="chunk_id",
        azure_search_content_field="chunk",
        azure_search_embedding_field="text_vector",
        search_groups_field="groups",
    )
    assert shape_from_settings(named) is None, "a field of people that nobody could look for may be there all the same"
    shape = shape_from_settings(replace(named, search_people_field=""))
    assert shape == Shape("chunk_id", "chunk", groups="groups", vector=VectorField("text_vector", None, vectorizer=True), semantic=None)
