"""Searches by vector, alone and beside words, at any search door."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.search.documents.models import VectorizedQuery
from tests.conformance.embedder import Embedder
from tests.conformance.search.desk import Desk
from tests.local_azure.search.clients import passages_index
from tests.local_azure.search.vector_index import DOCUMENTS, TEXT_DIMENSIONS, about, plane_index
from tests.local_azure.search.vector_index import near as near_in_the_plane

VECTORS = {"north": [0.0, 1.0, 0.0], "east": [1.0, 0.0, 0.0], "west": [-1.0, 0.0, 0.0], "up": [0.0, 0.0, 1.0]}


def near(vector: list[float], k: int = 3, **more: Any) -> VectorizedQuery:
    return VectorizedQuery(vector=vector, k_nearest_neighbors=k, fields=more.pop("fields", "vector"), **more)


@pytest.fixture
async def compass(desk: Desk) -> Desk:
    await desk.caller.indexes("create_index", passages_index(desk.index))
    documents = [{"id": name, "vector": vector, "text": f"A way {name}.", "page": len(name)} for name, vector in VECTORS.items()]
    await desk.caller.documents("upload_documents", documents)
    await desk.holds(len(VECTORS))
    return desk


async def test_the_nearest_come_first_and_no_more_than_asked_for(compass: Desk) -> None:
    found = await compass.caller.search(None, vector_queries=[near([0.9, 0.1, 0.0], k=2)])
    assert [one["id"] for one in found] == ["east", "north"]
    assert all(0.333 <= one["@search.score"] <= 1.0 for one in found)
    exact = await compass.caller.search(None, vector_queries=[near([1.0, 0.0, 0.0], k=1, exhaustive=True)])
    assert exact[0]["@search.score"] == pytest.approx(1.0, abs=1e-3)


async def test_words_and_vectors_are_fused_by_rank(compass: Desk) -> None:
    found = await compass.caller.search("north", vector_queries=[near([0.0, 1.0, 0.0], k=4)])
    assert found[0]["id"] == "north"
    assert {one["id"] for one in found} == set(VECTORS)
    assert found[0]["@search.score"] == pytest.approx(2 / 60, abs=2e-3)


async def test_weights_count_in_a_fusion(compass: Desk) -> None:
    queries = [near([1.0, 0.0, 0.0], weight=0.5), near([0.0, 0.0, 1.0], weight=2.0)]
    assert (await compass.ids(None, vector_queries=queries))[0] == "up"


@pytest.mark.parametrize(("mode", "found"), [("preFilter", ["up"]), ("postFilter", [])])
async def test_a_filter_stands_before_or_after_the_neighbours(compass: Desk, mode: str, found: list[str]) -> None:
    asked = {"vector_queries": [near([1.0, 0.0, 0.0], k=1)], "filter": "page eq 2", "vector_filter_mode": mode}
    assert await compass.ids(None, **asked) == found


@pytest.mark.parametrize(
    "query",
    [near([1.0, 0.0]), near([1.0, 0.0, 0.0], fields="nothing"), near([1.0, 0.0, 0.0], fields="text")],
    ids=["another length", "an unknown field", "no vector field"],
)
async def test_a_vector_query_that_does_not_fit_is_refused(compass: Desk, query: VectorizedQuery) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await compass.ids(None, vector_queries=[query])
    assert refused.value.status_code == 400


EAST = [1.0, 0.0]


@pytest.fixture
async def plane(desk: Desk) -> Desk:
    """A field for each metric, and one for vectors of texts."""
    await desk.caller.indexes("create_index", plane_index(desk.index))
    await desk.caller.documents("upload_documents", DOCUMENTS)
    await desk.holds(len(DOCUMENTS))
    return desk


async def test_each_metric_has_an_order_and_a_range_of_its_own(plane: Desk) -> None:
    by_distance = await plane.caller.search(None, vector_queries=[near_in_the_plane(EAST, "distance", k=4)])
    assert [one["id"] for one in by_distance] == ["east", "north", "west", "far-east"]
    assert by_distance[0]["@search.score"] == pytest.approx(1.0, abs=1e-3)
    assert all(0 < one["@search.score"] <= 1.0 for one in by_distance)
    by_product = await plane.caller.search(None, vector_queries=[near_in_the_plane(EAST, "product", k=4)])
    assert [one["id"] for one in by_product] == ["far-east", "east", "north", "west"]


@pytest.mark.parametrize("text", ["*", "", None])
async def test_a_star_or_nothing_beside_vectors_is_no_search_by_words(plane: Desk, text: str | None) -> None:
    assert await plane.ids(text, vector_queries=[near_in_the_plane(EAST, k=1)]) == ["east"]


async def test_the_count_beside_vectors_is_of_all_that_any_ranking_found(plane: Desk) -> None:
    north = [0.0, 1.0]
    assert await plane.caller.counted(vector_queries=[near_in_the_plane(north, k=2)]) == 2
    assert await plane.caller.counted("harbour", vector_queries=[near_in_the_plane(north, k=1)]) == 4
    assert await plane.caller.counted("zebra", vector_queries=[near_in_the_plane(north, k=1)]) == 1


async def test_an_order_of_fields_beside_vectors_orders_what_was_found(plane: Desk) -> None:
    assert await plane.ids(None, vector_queries=[near_in_the_plane(EAST, k=3)], order_by=["page desc"]) == ["far-east", "north", "east"]


async def test_a_text_is_embedded_by_the_indexs_own_vectorizer(desk: Desk, embedder: Embedder) -> None:
    await desk.caller.indexes("create_index", plane_index(desk.index, embedder.vectorizer))
    texts = {one["id"]: one["text"] for one in DOCUMENTS}
    vectors = await embedder.vectors(list(texts.values()), TEXT_DIMENSIONS)
    await desk.caller.documents("upload_documents", [{"id": name, "meaning": vector} for name, vector in zip(texts, vectors, strict=True)])
    await desk.holds(len(texts))
    found = await desk.caller.search(None, vector_queries=[about("a hut that gives shelter in cold mountains", k=2)])
    assert [one["id"] for one in found][:1] == ["north"]
    assert len(found) == 2
    (same,) = await desk.caller.search(None, vector_queries=[about(texts["far-east"], k=1)])
    assert same["id"] == "far-east"
    assert same["@search.score"] == pytest.approx(1.0, abs=1e-2)


async def test_a_text_for_a_field_without_a_vectorizer_is_refused(plane: Desk) -> None:
    query = about("harbour")
    query.fields = "angle"
    with pytest.raises(HttpResponseError) as refused:
        await plane.ids(None, vector_queries=[query])
    assert refused.value.status_code == 400


async def test_a_text_that_cannot_be_embedded_fails_the_search(desk_that_cannot_embed: Desk) -> None:
    desk = desk_that_cannot_embed
    nowhere = Embedder(f"https://{desk.index}.openai.azure.com", "no-key", "none")
    await desk.caller.indexes("create_index", plane_index(desk.index, nowhere.vectorizer))
    with pytest.raises(HttpResponseError, match="Could not complete vectorization action") as refused:
        await desk.ids(None, vector_queries=[about("harbour")])
    assert refused.value.status_code == 400
