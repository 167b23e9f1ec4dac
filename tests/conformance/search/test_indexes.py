"""Indexes at any search door: made, changed, read, counted and deleted, with what a service refuses."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.search.documents.indexes.models import (
    ExhaustiveKnnAlgorithmConfiguration,
    HnswAlgorithmConfiguration,
    HnswParameters,
    SearchableField,
    SearchField,
    SearchIndex,
    SemanticField,
    SimpleField,
    VectorSearchProfile,
)
from tests.conformance.search.desk import Desk, caller_of
from tests.local_azure.search.clients import passages_index


async def test_an_index_is_created_read_and_deleted(desk: Desk) -> None:
    made = await desk.caller.indexes("create_index", passages_index(desk.index))
    assert made.e_tag
    read = await desk.caller.indexes("get_index", desk.index)
    assert [field.name for field in read.fields] == [field.name for field in passages_index().fields]
    assert read.vector_search.profiles[0].algorithm_configuration_name == "hnsw"
    assert read.semantic_search.configurations[0].prioritized_fields.title_field.field_name == "title"
    await desk.caller.indexes("delete_index", desk.index)
    with pytest.raises(ResourceNotFoundError):
        await desk.caller.indexes("get_index", desk.index)


async def test_an_index_cannot_be_created_twice(filled: Desk) -> None:
    with pytest.raises(ResourceExistsError):
        await filled.caller.indexes("create_index", passages_index(filled.index))


async def test_an_index_that_is_not_there_is_deleted_without_complaint(desk: Desk) -> None:
    await desk.caller.indexes("delete_index", desk.index)


async def test_an_index_is_created_by_changing_it(desk: Desk) -> None:
    made = await desk.caller.indexes("create_or_update_index", passages_index(desk.index))
    assert made.e_tag


async def test_indexes_are_listed_with_what_was_asked_of_them(filled: Desk) -> None:
    assert filled.index in await filled.caller.indexes("list_index_names")
    listed = {one.name: one for one in await filled.caller.indexes("list_indexes")}
    assert [field.name for field in listed[filled.index].fields] == [field.name for field in passages_index().fields]
    named = {one.name for one in await filled.caller.indexes("list_indexes", select=["name"])}
    assert filled.index in named


async def test_statistics_count_documents_and_bytes(filled: Desk) -> None:
    counted = await filled.caller.indexes("get_index_statistics", filled.index)
    assert set(counted) >= {"documentCount", "storageSize", "vectorIndexSize"}


async def test_a_new_field_is_taken_and_is_null_in_documents_that_were_there(filled: Desk) -> None:
    changed = passages_index(filled.index, SearchableField(name="summary", type="Edm.String", analyzer_name="en.lucene"))
    await filled.caller.indexes("create_or_update_index", changed)
    assert (await filled.caller.documents("get_document", "abroad"))["summary"] is None


Change = Callable[[Any], object]
Algorithm = HnswAlgorithmConfiguration | ExhaustiveKnnAlgorithmConfiguration


def changed(name: str, **properties: Any) -> Change:
    def change(index: SearchIndex) -> None:
        field = next(field for field in index.fields if field.name == name)
        for key, value in properties.items():
            setattr(field, key, value)

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda index: index.fields.pop(3),
        changed("source", filterable=False),
        changed("page", type="Edm.Int64"),
        changed("text", analyzer_name="keyword"),
        changed("vector", vector_search_dimensions=4),
    ],
    ids=["taken away", "not filterable", "another type", "another analyzer", "another length"],
)
async def test_a_field_that_exists_can_be_neither_changed_nor_taken_away(filled: Desk, change: Change) -> None:
    index = passages_index(filled.index)
    change(index)
    with pytest.raises(HttpResponseError) as refused:
        await filled.caller.indexes("create_or_update_index", index)
    assert refused.value.status_code == 400


def only(index: Any, *algorithms: Algorithm, uses: str = "hnsw") -> None:
    index.vector_search.algorithms = [*algorithms]
    index.vector_search.profiles[0].algorithm_configuration_name = uses


def hnsw(name: str = "hnsw", **parameters: Any) -> Algorithm:
    return HnswAlgorithmConfiguration(name=name, parameters=HnswParameters(**parameters))


ALGORITHMS: dict[str, Change] = {
    "another name": lambda index: only(index, hnsw("other"), uses="other"),
    "another kind": lambda index: only(index, ExhaustiveKnnAlgorithmConfiguration(name="hnsw")),
    "another metric": lambda index: only(index, hnsw(metric="dotProduct")),
    "another number": lambda index: only(index, hnsw(m=5)),
    "another one in its profile": lambda index: only(index, hnsw(), hnsw("other"), uses="other"),
}


@pytest.mark.parametrize("change", ALGORITHMS.values(), ids=ALGORITHMS)
async def test_the_algorithm_of_vectors_that_are_there_stays_as_it_is(filled: Desk, change: Change) -> None:
    index: Any = passages_index(filled.index)
    change(index)
    with pytest.raises(HttpResponseError) as refused:
        await filled.caller.indexes("create_or_update_index", index)
    assert refused.value.status_code == 400
    if not any(algorithm.name == "hnsw" for algorithm in index.vector_search.algorithms):
        assert "Algorithm name cannot be updated" in str(refused.value.message)


async def test_another_algorithm_and_a_semantic_configuration_may_come_later(filled: Desk) -> None:
    index: Any = passages_index(filled.index)
    index.vector_search.algorithms.append(ExhaustiveKnnAlgorithmConfiguration(name="exhaustive"))
    index.vector_search.profiles.append(VectorSearchProfile(name="all", algorithm_configuration_name="exhaustive"))
    index.semantic_search.configurations[0].prioritized_fields.keywords_fields = [SemanticField(field_name="headings")]
    await filled.caller.indexes("create_or_update_index", index)
    read = await filled.caller.indexes("get_index", filled.index)
    assert [one.name for one in read.vector_search.profiles] == ["vectors", "all"]
    shown = read.vector_search.algorithms[0].parameters
    assert (shown.m, shown.ef_construction, shown.ef_search, shown.metric) == (4, 400, 500, "cosine")


async def test_an_etag_that_is_out_of_date_changes_and_deletes_nothing(desk: Desk) -> None:
    old = await desk.caller.indexes("create_index", passages_index(desk.index))
    more = passages_index(desk.index, SimpleField(name="more", type="Edm.String"))
    new = await desk.caller.indexes("create_or_update_index", more)
    assert old.e_tag != new.e_tag
    for method in ("create_or_update_index", "delete_index"):
        with pytest.raises(ResourceModifiedError):
            await desk.caller.indexes(method, old, match_condition=MatchConditions.IfNotModified)
    await desk.caller.indexes("delete_index", new, match_condition=MatchConditions.IfNotModified)
    with pytest.raises(ResourceNotFoundError):
        await desk.caller.indexes("get_index", desk.index)


async def test_an_index_that_may_not_be_there_yet_is_left_alone_where_it_is(filled: Desk) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await filled.caller.indexes("create_or_update_index", passages_index(filled.index), match_condition=MatchConditions.IfMissing)
    assert refused.value.status_code == 412


async def test_every_simple_type_and_its_collection_is_taken(desk: Desk) -> None:
    kinds = ["String", "Int32", "Int64", "Double", "Boolean", "DateTimeOffset"]
    fields = [SimpleField(name="id", type="Edm.String", key=True)]
    fields += [SimpleField(name=kind.lower(), type=f"Edm.{kind}", filterable=True, sortable=True) for kind in kinds]
    fields += [SimpleField(name=f"{kind.lower()}s", type=f"Collection(Edm.{kind})", filterable=True) for kind in kinds]
    await desk.caller.indexes("create_index", SearchIndex(name=desk.index, fields=fields))
    read = await desk.caller.indexes("get_index", desk.index)
    assert [field.type for field in read.fields] == [field.type for field in fields]


async def test_every_analyzer_is_taken_and_works_in_its_own_way(desk: Desk) -> None:
    analyzers = {"standard": "standard.lucene", "english": "en.lucene", "microsoft": "en.microsoft", "whole": "keyword"}
    fields: list[SearchField] = [SimpleField(name="id", type="Edm.String", key=True)]
    fields += [SearchableField(name=name, type="Edm.String", analyzer_name=analyzer) for name, analyzer in analyzers.items()]
    await desk.caller.indexes("create_index", SearchIndex(name=desk.index, fields=fields))
    await desk.caller.documents("upload_documents", [{"id": "a", **dict.fromkeys(analyzers, "Running shoes")}])
    await desk.holds(1)
    found = {name: await desk.ids("shoe", search_fields=[name]) for name in analyzers}
    assert found == {"standard": [], "english": ["a"], "microsoft": ["a"], "whole": []}
    assert await desk.ids("Running\\ shoes", search_fields=["whole"], query_type="full") == ["a"]


def without_key(index: SearchIndex) -> None:
    changed("id", key=False)(index)


def key_of_numbers(index: SearchIndex) -> None:
    without_key(index)
    changed("page", key=True)(index)


WRONG: dict[str, Change] = {
    "no key": without_key,
    "two keys": changed("source", key=True),
    "a key that is no string": key_of_numbers,
    "a name twice": lambda index: index.fields.append(SimpleField(name="Page", type="Edm.Int32")),
    "a name that begins with a digit": lambda index: index.fields.append(SimpleField(name="1st", type="Edm.Int32")),
    "an unknown type": lambda index: index.fields.append(SimpleField(name="odd", type="Edm.Odd")),
    "a number to be searched for words": changed("page", searchable=True),
    "a collection to be sorted by": changed("groups", sortable=True),
    "a vector without a length": changed("vector", vector_search_dimensions=None),
    "a vector with an unknown profile": changed("vector", vector_search_profile_name="none"),
    "an analyzer on a number": changed("page", analyzer_name="keyword"),
    "a profile with an unknown algorithm": lambda index: setattr(index.vector_search.profiles[0], "algorithm_configuration_name", "none"),
    "too few links": lambda index: only(index, hnsw(m=1)),
    "too many links": lambda index: only(index, hnsw(m=99)),
    "too short a list while indexing": lambda index: only(index, hnsw(ef_construction=5)),
    "too long a list while searching": lambda index: only(index, hnsw(ef_search=100_000)),
    "a name that is the service's": lambda index: index.fields.append(SimpleField(name="azureSearchX", type="Edm.Int32")),
    "a semantic configuration of an unknown field": lambda index: setattr(
        index.semantic_search.configurations[0].prioritized_fields.content_fields[0], "field_name", "none"
    ),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
async def test_a_definition_that_contradicts_itself_is_refused(desk: Desk, change: Change) -> None:
    index = passages_index(desk.index)
    change(index)
    with pytest.raises(HttpResponseError) as refused:
        await desk.caller.indexes("create_index", index)
    assert refused.value.status_code == 400


@pytest.mark.parametrize("name", ["{}-Upper", "-{}", "{}-", "{}--two", "{}" + "x" * 129])
async def test_an_index_has_a_name_of_small_letters_digits_and_dashes(desk: Desk, name: str) -> None:
    given = name.format(desk.index)
    try:
        with pytest.raises(HttpResponseError) as refused:
            await desk.caller.indexes("create_index", passages_index(given))
        assert refused.value.status_code == 400
    finally:
        with suppress(HttpResponseError):
            await desk.caller.indexes("delete_index", given)


async def test_a_wrong_key_is_forbidden(desk: Desk) -> None:
    stranger = dataclasses.replace(desk.place, key="not-the-key-of-this-place")
    caller = caller_of(desk.form, stranger, desk.index)
    with pytest.raises(HttpResponseError) as refused:
        await caller.indexes("list_index_names")
    assert refused.value.status_code == 403
    await caller.close()
