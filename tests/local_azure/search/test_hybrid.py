"""Searches by vector, and by words and vectors together, as the official client asks for them, sync and async, over a real socket."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from quart import Quart
from tests.local_azure.search.clients import AsyncCaller, Caller, SyncCaller, ids
from tests.local_azure.search.vector_index import DOCUMENTS, NAME, TEXT_DIMENSIONS, about, near, plane_index
from tests.serving import serving

from local_azure.search.door import blueprint
from local_azure.search.store import Store

EAST = [1.0, 0.0]


@pytest.fixture(params=["sync", "async"])
async def plane(request: pytest.FixtureRequest, address: str) -> Any:
    caller: Caller = SyncCaller(address, index=NAME) if request.param == "sync" else AsyncCaller(address, index=NAME)
    await caller.indexes("create_index", plane_index())
    await caller.documents("upload_documents", DOCUMENTS)
    yield caller
    await caller.close()


def scores(found: list[dict[str, Any]]) -> list[float]:
    return [round(one["@search.score"], 6) for one in found]


async def test_the_nearest_by_angle_come_first_with_the_documented_score(plane: Caller) -> None:
    found = await plane.search(vector_queries=[near(EAST, k=4)])
    assert ids(found) == ["east", "far-east", "north", "west"]
    assert scores(found) == [1.0, 1.0, 0.5, 0.333333]


async def test_the_nearest_by_distance_and_by_product_come_first(plane: Caller) -> None:
    by_distance = await plane.search(vector_queries=[near(EAST, "distance", k=4)])
    assert ids(by_distance) == ["east", "north", "west", "far-east"]
    assert scores(by_distance) == [1.0, 0.414214, 0.333333, 0.25]
    by_product = await plane.search(vector_queries=[near(EAST, "product", k=4)])
    assert ids(by_product) == ["far-east", "east", "north", "west"]
    assert scores(by_product) == [4.0, 1.0, 0.5, 0.333333]


async def test_no_more_come_than_neighbours_were_asked_for_and_the_count_says_how_many(plane: Caller) -> None:
    assert ids(await plane.search(vector_queries=[near(EAST, k=2)])) == ["east", "far-east"]
    assert await plane.counted(vector_queries=[near(EAST, k=2)]) == 2
    assert await plane.counted(vector_queries=[near(EAST, k=None)]) == 4


async def test_a_page_of_neighbours_and_the_fields_that_were_chosen(plane: Caller) -> None:
    found = await plane.search(vector_queries=[near(EAST, k=4, exhaustive=True)], top=2, skip=1, select=["id", "angle"])
    assert [(one["id"], one["angle"]) for one in found] == [("far-east", [4.0, 0.0]), ("north", [0.0, 1.0])]
    assert "page" not in found[0]


async def test_neighbours_in_another_order_than_by_nearness(plane: Caller) -> None:
    found = await plane.search(vector_queries=[near(EAST, k=3)], order_by=["page desc"])
    assert ids(found) == ["far-east", "north", "east"]
    assert scores(found) == [1.0, 0.5, 1.0]


async def test_a_filter_before_the_search_leaves_as_many_neighbours_as_were_asked_for(plane: Caller) -> None:
    assert ids(await plane.search(vector_queries=[near(EAST, k=2)], filter="page ne 1 and page ne 4")) == ["north", "west"]
    assert ids(await plane.search(vector_queries=[near(EAST, k=2)], filter="page eq 5")) == []


@pytest.mark.parametrize("mode", ["postFilter", "strictPostFilter"])
async def test_a_filter_after_the_search_leaves_fewer(plane: Caller, mode: str) -> None:
    found = await plane.search(vector_queries=[near(EAST, k=3)], filter="page ne 1 and page ne 4", vector_filter_mode=mode)
    assert ids(found) == ["north"]


async def test_several_fields_are_several_rankings_fused_by_rank(plane: Caller) -> None:
    found = await plane.search(vector_queries=[near(EAST, "distance, product", k=2)])
    assert ids(found) == ["east", "far-east", "north"]
    assert scores(found) == [round(1 / 60 + 1 / 61, 6), round(1 / 60, 6), round(1 / 61, 6)]


async def test_several_queries_count_by_their_weights(plane: Caller) -> None:
    found = await plane.search(vector_queries=[near([0.0, 1.0], k=1, weight=0.5), near([-1.0, 0.0], k=1, weight=2)])
    assert ids(found) == ["west", "north"]
    assert scores(found) == [round(2 / 60, 6), round(0.5 / 60, 6)]


async def test_words_and_vectors_are_fused_and_what_both_find_comes_first(plane: Caller) -> None:
    found = await plane.search("mountain", vector_queries=[near(EAST, k=3)])
    assert ids(found) == ["north", "east", "far-east"]
    assert scores(found) == [round(1 / 60 + 1 / 62, 6), round(1 / 60, 6), round(1 / 61, 6)]


async def test_the_count_of_a_hybrid_search_is_of_all_that_either_found(plane: Caller) -> None:
    assert await plane.counted("harbour", vector_queries=[near([0.0, 1.0], k=1)]) == 4
    assert await plane.counted("zebra", vector_queries=[near([0.0, 1.0], k=1)]) == 1


async def test_a_hybrid_search_filters_words_and_vectors_and_marks_words(plane: Caller) -> None:
    found = await plane.search("harbour", vector_queries=[near(EAST)], filter="page gt 2", highlight_fields="text", order_by=["page"])
    assert ids(found) == ["west", "far-east", "nowhere"]
    assert found[0]["@search.highlights"] == {"text": ["The sun sets behind the <em>harbour</em> wall."]}


@pytest.mark.parametrize("text", ["*", "", " "])
async def test_a_star_or_nothing_is_no_search_by_words(plane: Caller, text: str) -> None:
    assert ids(await plane.search(text, vector_queries=[near(EAST, k=1)])) == ["east"]


async def test_the_pages_of_a_hybrid_search_go_on_by_themselves(plane: Caller) -> None:
    more = [DOCUMENTS[0] | {"id": f"more-{number}"} for number in range(80)]
    await plane.documents("upload_documents", more)
    found = await plane.search("harbour", vector_queries=[near(EAST, k=100)])
    assert len(found) == len({one["id"] for one in found}) == 85


async def test_what_was_written_is_found_and_what_was_deleted_is_not(plane: Caller) -> None:
    assert ids(await plane.search(vector_queries=[near(EAST, k=1)])) == ["east"]
    await plane.documents("delete_documents", [{"id": "east"}])
    assert ids(await plane.search(vector_queries=[near(EAST, k=1)])) == ["far-east"]
    await plane.documents("merge_documents", [{"id": "nowhere", "angle": [1.0, 0.0]}, {"id": "far-east", "angle": [0.0, -1.0]}])
    assert ids(await plane.search(vector_queries=[near(EAST, k=1)])) == ["nowhere"]
    await plane.indexes("delete_index", NAME)
    await plane.indexes("create_index", plane_index())
    assert await plane.search(vector_queries=[near(EAST)]) == []


async def test_a_text_is_embedded_where_the_index_has_a_vectorizer(plane: Caller) -> None:
    from local_azure.embeddings.lexical import vector

    texts = {one["id"]: one["text"] for one in DOCUMENTS}
    await plane.documents("merge_documents", [{"id": name, "meaning": vector(text, 256)} for name, text in texts.items()])
    assert ids(await plane.search(vector_queries=[about("shelters in the mountains", k=1)])) == ["north"]
    assert ids(await plane.search("island", vector_queries=[about("harbours", k=3)]))[0] in {"far-east", "nowhere", "west", "east"}
    assert await plane.counted(vector_queries=[about("sunset", k=2), near(EAST, k=1)]) in {2, 3}


async def test_an_index_that_became_another_while_a_text_was_embedded_is_busy_for_a_moment(tmp_path: Path) -> None:
    store = Store(tmp_path / "index.sqlite")
    await store.open()
    embedded: list[int] = []
    smaller = plane_index()
    next(field for field in smaller.fields if field.name == "meaning").vector_search_dimensions = 4

    async def embed(texts: list[str], dimensions: int) -> list[bytes]:
        embedded.append(dimensions)
        if len(embedded) == 1:
            await made_anew()
        return [array("f", [1.0] * dimensions).tobytes() for _ in texts]

    app = Quart(__name__)
    app.register_blueprint(blueprint(store, embed))
    async with serving(app) as address:
        caller = AsyncCaller(f"http://{address}", index=NAME)

        async def made_anew() -> None:
            await caller.indexes("delete_index", NAME)
            await caller.indexes("create_index", smaller)
            await caller.documents("upload_documents", [{"id": "west", "title": "Harbour", "meaning": [1.0] * 4}])

        await caller.indexes("create_index", plane_index())
        with pytest.raises(HttpResponseError) as busy:
            await caller.search("harbour", vector_queries=[about("harbour")])
        assert busy.value.status_code == 503
        assert ids(await caller.search("harbour", vector_queries=[about("harbour")])) == ["west"]
        await caller.close()
    await store.close()
    assert embedded == [TEXT_DIMENSIONS, 4]
