"""Searches by vector, alone and beside words, and semantic ranking, at any search door."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.search.documents.models import VectorizedQuery
from tests.conformance.search.desk import Desk
from tests.local_azure.search.clients import passages_index

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


async def test_a_semantic_ranking_has_scores_captions_and_keeps_the_first_score(reader: Desk) -> None:
    found = await reader.caller.search(
        "How many days may I work from abroad?",
        query_type="semantic",
        semantic_configuration_name="default",
        query_caption="extractive",
        query_answer="extractive",
    )
    assert found[0]["id"] == "abroad"
    assert all(0 <= one["@search.reranker_score"] <= 4 for one in found)
    assert found[0]["@search.captions"][0].text
    assert found[0]["@search.score"] > 0


async def test_a_semantic_configuration_must_exist_and_excludes_an_order(reader: Desk) -> None:
    for more in ({"semantic_configuration_name": "none"}, {"semantic_configuration_name": "default", "order_by": ["page"]}):
        with pytest.raises(HttpResponseError) as refused:
            await reader.ids("coffee", query_type="semantic", **more)
        assert refused.value.status_code == 400
