"""The routes for embeddings as OpenAI's official clients meet them, over a real socket."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, AuthenticationError, BadRequestError, NotFoundError
from tests.local_azure.embeddings.conftest import Opener
from tests.local_azure.search.clients import KEY

TEXTS = ["declare a bicycle", "the declaration of bicycles", "descale the machine"]
MODEL = "text-embedding-3-small"
Client = AsyncOpenAI | AsyncAzureOpenAI


@pytest.fixture
async def address(stand_in: Opener) -> AsyncIterator[str]:
    async with stand_in(None) as host:
        yield f"http://{host}"


def near(a: list[float], b: list[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def made(kind: str, address: str, key: str = KEY) -> Client:
    if kind == "deployment":
        return AsyncAzureOpenAI(azure_endpoint=address, api_key=key, api_version="2024-10-21", max_retries=0)
    return AsyncOpenAI(base_url=f"{address}/openai/v1", api_key=key, max_retries=0)


@pytest.fixture(params=["deployment", "v1"])
async def client(request: pytest.FixtureRequest, address: str) -> AsyncIterator[Client]:
    async with made(request.param, address) as client:
        yield client


async def test_texts_become_vectors_of_1536_numbers_in_their_order(client: Client) -> None:
    answer = await client.embeddings.create(input=TEXTS, model=MODEL)
    assert [one.index for one in answer.data] == [0, 1, 2]
    assert {len(one.embedding) for one in answer.data} == {1536}
    assert answer.model == MODEL
    assert answer.usage.prompt_tokens == answer.usage.total_tokens > 0
    first, second, third = (one.embedding for one in answer.data)
    assert near(first, second) > near(first, third)
    assert math.hypot(*first) == pytest.approx(1.0, abs=1e-5)


async def test_both_encodings_hold_the_same_numbers(client: Client) -> None:
    as_base64 = await client.embeddings.create(input=TEXTS[0], model=MODEL, dimensions=64)  # the client's own choice
    as_numbers = await client.embeddings.create(input=TEXTS[0], model=MODEL, dimensions=64, encoding_format="float")
    assert as_base64.data[0].embedding == as_numbers.data[0].embedding
    assert len(as_numbers.data[0].embedding) == 64
    wanted = await client.embeddings.create(input=TEXTS[0], model=MODEL, encoding_format="base64")
    assert isinstance(wanted.data[0].embedding, str)


async def test_tokens_are_taken_as_some_clients_send_them(client: Client) -> None:
    answer = await client.embeddings.create(input=[[1, 2, 3], [1, 2]], model=MODEL)
    assert len(answer.data) == 2
    assert answer.usage.prompt_tokens == 5


async def test_what_makes_no_sense_is_refused_as_the_service_does(client: Client) -> None:
    with pytest.raises(BadRequestError, match=r"'\$\.input' is invalid"):
        await client.embeddings.create(input="", model=MODEL)
    with pytest.raises(BadRequestError, match="dimensions"):
        await client.embeddings.create(input="a", model=MODEL, dimensions=0)
    with pytest.raises(BadRequestError, match="Unrecognized request argument supplied: oddity"):
        await client.embeddings.create(input="a", model=MODEL, extra_body={"oddity": 1})


@pytest.mark.parametrize("kind", ["deployment", "v1"])
async def test_a_wrong_key_is_401(address: str, kind: str) -> None:
    async with made(kind, address, key="another") as client:
        with pytest.raises(AuthenticationError) as refused:
            await client.embeddings.create(input="a", model=MODEL)
    assert refused.value.code == "invalid_api_key"


async def test_the_deployments_route_needs_an_api_version(address: str) -> None:
    async with AsyncOpenAI(base_url=f"{address}/openai/deployments/embed", api_key=KEY, max_retries=0) as client:
        with pytest.raises(NotFoundError):
            await client.embeddings.create(input="a", model=MODEL)


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"[" * 100_000, b"\xff\xfe", b'{"input": "\xff", "model": "m"}'])
async def test_a_body_that_makes_no_sense_is_refused_in_the_services_shape(address: str, body: bytes) -> None:
    async with aiohttp.request("POST", f"{address}/openai/v1/embeddings", data=body, headers={"api-key": KEY}) as answer:
        found: Any = await answer.json()
    assert answer.status == 400
    assert found["error"]["type"] == "invalid_request_error"
