"""What of a vector query is refused, with the service's codes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.search.documents.models import VectorizableImageUrlQuery, VectorizableTextQuery
from tests.local_azure.search.clients import AsyncCaller, Caller
from tests.local_azure.search.vector_index import NAME, checked_index, near, plane_index

from local_azure.search.refusal import Refusal
from local_azure.search.vectors import DEFAULT_K, MAX_K, MAX_QUERIES, metric, read_vector_queries

INDEX = checked_index()
GOOD: dict[str, Any] = {"kind": "vector", "vector": [1, 0], "fields": "angle"}


@pytest.fixture
async def plane(address: str) -> AsyncIterator[Caller]:
    caller = AsyncCaller(address, index=NAME)
    await caller.indexes("create_index", plane_index())
    yield caller
    await caller.close()


REFUSED: list[tuple[Any, str, str]] = [
    (near([1.0, 0.0, 0.0]), "InvalidVectorQuery", "must match the dimensionality of the field 'angle'"),
    (near([1.0, 0.0], "angle,meaning"), "InvalidVectorQuery", "must match the dimensionality of the field 'meaning'"),
    (near([1.0, 0.0], "nothing"), "UnknownField", "Unknown field 'nothing' in vector field list."),
    (near([1.0, 0.0], "text"), "FieldNotSearchable", "The field 'text' in the vector field list is not a vector field."),
    (VectorizableTextQuery(text="harbour", fields="angle"), "InvalidVectorQuery", "Field 'angle' does not have a vectorizer"),
    (near([1.0, 0.0], oversampling=2.0), "InvalidVectorQuery", "compression"),
]


@pytest.mark.parametrize(("query", "detail", "words"), REFUSED, ids=[row[2] for row in REFUSED])
async def test_what_does_not_fit_the_index_is_refused_in_the_services_words(plane: Caller, query: Any, detail: str, words: str) -> None:
    with pytest.raises(HttpResponseError, match="InvalidRequestParameter") as refused:
        await plane.search(vector_queries=[query])
    assert refused.value.status_code == 400
    assert words in refused.value.message
    assert refused.value.error is not None
    assert [one.code for one in refused.value.error.details] == [detail]


async def test_images_are_refused_by_name(plane: Caller) -> None:
    with pytest.raises(HttpResponseError, match="not offered by this local stand-in"):
        await plane.search(vector_queries=[VectorizableImageUrlQuery(url="https://example.org/a.png", fields="angle")])


WRONG: list[Any] = [
    {},
    [1],
    [None],
    [{}],
    [GOOD | {"kind": "none"}],
    [GOOD | {"kind": None}],
    [GOOD | {"kind": "text"}],
    [GOOD | {"text": "too"}],
    [GOOD | {"vector": None}],
    [GOOD | {"vector": "1,0"}],
    [GOOD | {"vector": [1, True]}],
    [GOOD | {"vector": [1, "0"]}],
    [GOOD | {"vector": [1, 1e300]}],
    [GOOD | {"vector": [1, 10**400]}],
    [GOOD | {"fields": None}],
    [GOOD | {"fields": ""}],
    [GOOD | {"fields": "angle,,product"}],
    [GOOD | {"fields": ["angle"]}],
    [GOOD | {"k": 0}],
    [GOOD | {"k": 1.5}],
    [GOOD | {"k": True}],
    [GOOD | {"k": MAX_K + 1}],
    [GOOD | {"weight": 0}],
    [GOOD | {"weight": -1}],
    [GOOD | {"weight": "2"}],
    [GOOD | {"weight": 1e300}],
    [GOOD | {"exhaustive": "yes"}],
    [GOOD | {"oddity": 1}],
    [GOOD | {"threshold": {"kind": "vectorSimilarity", "value": 0.8}}],
    [{"kind": "text", "fields": "meaning"}],
    [{"kind": "text", "fields": "meaning", "text": " "}],
    [{"kind": "text", "fields": "meaning", "text": 7}],
    [{"kind": "text", "fields": "meaning", "text": "x" * 32_769}],
    [GOOD] * (MAX_QUERIES + 1),
]


@pytest.mark.parametrize("given", WRONG, ids=lambda given: str(given)[:60])
def test_what_is_no_vector_query_is_refused(given: Any) -> None:
    with pytest.raises(Refusal) as refused:
        read_vector_queries(given, INDEX)
    assert refused.value.status == 400


def test_a_query_is_read_with_the_services_defaults() -> None:
    (query,) = read_vector_queries([GOOD | {"fields": "angle, product,angle", "weight": None, "exhaustive": True}], INDEX)
    assert [field.name for field in query.fields] == ["angle", "product"]
    assert (query.k, query.weight, query.text) == (DEFAULT_K, 1.0, None)


def test_the_metric_is_the_algorithms() -> None:
    assert [metric(INDEX.by_name[name], INDEX) for name in ("angle", "product", "distance")] == ["cosine", "dotProduct", "euclidean"]


async def test_a_filter_mode_that_does_not_exist_is_refused(plane: Caller) -> None:
    with pytest.raises(HttpResponseError, match="vectorFilterMode"):
        await plane.search(vector_queries=[near([1.0, 0.0])], vector_filter_mode="sometimes")
