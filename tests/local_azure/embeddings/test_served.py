"""A model by address: what is asked of it, and what becomes of each way it can fail."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from openai import APIStatusError, AsyncOpenAI, BadRequestError
from tests.local_azure.embeddings.conftest import FarEnd, Opener, vectors
from tests.local_azure.search.clients import KEY, AsyncCaller, ids
from tests.local_azure.search.vector_index import NAME, TEXT_DIMENSIONS, about, plane_index

from local_azure.embeddings.served import ServedModel


def base(length: int) -> Any:
    """A model that makes vectors of 3 numbers, or of as many as it is asked for."""
    return lambda asked: vectors(*([float(len(text))] + [0.0] * (asked.get("dimensions", length) - 1) for text in asked["input"]))


async def embed(host: str, **options: Any) -> Any:
    async with AsyncOpenAI(base_url=f"http://{host}/openai/v1", api_key=KEY, max_retries=0) as client:
        return await client.embeddings.create(**{"input": ["a", "bcd"], "model": "asked", **options})


async def test_the_servers_vectors_are_given_on_in_order(far_end: FarEnd, stand_in: Opener) -> None:
    far_end.answer = base(3)
    async with ServedModel(far_end.address, "far-key", None) as model, stand_in(model) as host:
        answer = await embed(host)
    assert [one.embedding for one in answer.data] == [[1.0, 0.0, 0.0], [3.0, 0.0, 0.0]]
    assert answer.model == "asked"
    assert far_end.asked == [{"input": ["a", "bcd"], "model": "asked", "encoding_format": "float"}]
    assert far_end.keys == ["Bearer far-key"]


async def test_a_model_of_ones_own_is_asked_for_and_dimensions_only_where_they_differ(far_end: FarEnd, stand_in: Opener) -> None:
    far_end.answer = base(3)
    async with ServedModel(far_end.address, None, "minilm") as model, stand_in(model) as host:
        await embed(host, dimensions=3)
        assert [asked.get("dimensions") for asked in far_end.asked] == [None]
        answer = await embed(host, dimensions=5)
    assert [asked.get("dimensions") for asked in far_end.asked] == [None, None, 5]
    assert {asked["model"] for asked in far_end.asked} == {"minilm"}
    assert len(answer.data[0].embedding) == 5


async def test_a_model_that_makes_no_vectors_of_that_length_is_said_to(far_end: FarEnd, stand_in: Opener) -> None:
    async with ServedModel(far_end.address, None, None) as model, stand_in(model) as host:
        with pytest.raises(BadRequestError, match="makes vectors of 3 numbers, not of 4"):
            await embed(host, dimensions=4)


ODD: list[Any] = [
    500,
    503,
    401,
    404,
    {},
    {"data": None},
    {"data": []},
    {"data": [{"index": 0}]},
    vectors([1.0]),
    vectors([], []),
    vectors([1.0], [1e300]),
]


@pytest.mark.parametrize("answer", ODD, ids=str)
async def test_what_the_server_does_wrong_is_502_in_the_services_shape(far_end: FarEnd, stand_in: Opener, answer: Any) -> None:
    far_end.answer = lambda _: answer
    async with ServedModel(far_end.address, None, None) as model, stand_in(model) as host:
        with pytest.raises(APIStatusError) as failed:
            await embed(host)
    assert (failed.value.status_code, failed.value.code) == (502, "embedding_server_failed")
    assert "LOCAL_AZURE_EMBEDDINGS_URL" in failed.value.message


@pytest.mark.parametrize("status", [400, 413, 429])
async def test_what_the_caller_can_mend_is_given_on_by_its_status(far_end: FarEnd, stand_in: Opener, status: int) -> None:
    far_end.answer = lambda _: status
    async with ServedModel(far_end.address, None, None) as model, stand_in(model) as host:
        with pytest.raises(APIStatusError) as failed:
            await embed(host)
    assert (failed.value.status_code, failed.value.code) == (status, "embedding_server_refused")


async def test_a_server_that_is_not_there_is_said_to_be_unreachable(far_end: FarEnd, stand_in: Opener) -> None:
    async with ServedModel("http://127.0.0.1:1/v1", None, None) as model, stand_in(model) as host:
        with pytest.raises(APIStatusError, match="could not be reached"):
            await embed(host)


async def test_a_text_of_a_search_goes_there_too_and_a_failure_is_the_search_services(far_end: FarEnd, stand_in: Opener) -> None:
    far_end.answer = base(TEXT_DIMENSIONS)
    async with ServedModel(far_end.address, None, "minilm") as model, stand_in(model) as host:
        caller = AsyncCaller(f"http://{host}", index=NAME)
        await caller.indexes("create_index", plane_index())
        other = [0.0] * (TEXT_DIMENSIONS - 1)
        await caller.documents("upload_documents", [{"id": "a", "meaning": [1.0, *other]}, {"id": "b", "meaning": [*other, 1.0]}])
        assert ids(await caller.search(vector_queries=[about("harbour", k=1)])) == ["a"]
        assert [asked["input"] for asked in far_end.asked] == [["harbour"]]
        far_end.answer = lambda _: 401
        with pytest.raises(HttpResponseError, match="Could not complete vectorization action") as refused:
            await caller.search(vector_queries=[about("harbour")])
        assert refused.value.status_code == 400
        await caller.close()
