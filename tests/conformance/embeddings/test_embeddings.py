"""Embeddings at any place that makes them, by both routes: how many, how long, in what form, and what is refused."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
from openai import AsyncOpenAI, AuthenticationError, BadRequestError, NotFoundError
from tests.conformance.embedder import Client, Embedder

TEXTS = ["declare a bicycle", "the declaration of bicycles", "descale the machine"]


def near(a: list[float], b: list[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


async def test_texts_become_vectors_of_length_1_in_their_order(client: Client, embedder: Embedder) -> None:
    answer = await client.embeddings.create(input=TEXTS, model=embedder.deployment)
    assert [one.index for one in answer.data] == [0, 1, 2]
    assert {len(one.embedding) for one in answer.data} == {1536}
    assert [math.hypot(*one.embedding) for one in answer.data] == [pytest.approx(1.0, abs=1e-3)] * 3
    assert answer.model
    assert answer.usage.prompt_tokens == answer.usage.total_tokens > 0
    first, second, third = (one.embedding for one in answer.data)
    assert near(first, second) > near(first, third)


@pytest.mark.parametrize(("given", "count"), [("a bicycle", 1), (["a", "b"], 2), ([9906, 1917], 1), ([[9906, 1917], [9906]], 2)], ids=str)
async def test_a_text_texts_and_tokens_are_taken(client: Client, embedder: Embedder, given: Any, count: int) -> None:
    answer = await client.embeddings.create(input=given, model=embedder.deployment)
    assert len(answer.data) == count


@pytest.mark.parametrize("text", ["???", "a"])
async def test_a_text_without_words_has_a_vector_too(client: Client, embedder: Embedder, text: str) -> None:
    answer = await client.embeddings.create(input=text, model=embedder.deployment, dimensions=16)
    assert math.hypot(*answer.data[0].embedding) == pytest.approx(1.0, abs=1e-3)


async def test_an_empty_input_is_refused_in_the_services_words(client: Client, embedder: Embedder) -> None:
    with pytest.raises(BadRequestError, match=r"'\$\.input' is invalid"):
        await client.embeddings.create(input="", model=embedder.deployment)


TOO_MUCH: dict[str, Any] = {"too many texts": ["a"] * 2_049, "a text too long": "bicycle " * 9_000}


@pytest.mark.parametrize("given", TOO_MUCH.values(), ids=TOO_MUCH)
async def test_too_much_input_is_refused(client: Client, embedder: Embedder, given: Any) -> None:
    with pytest.raises(BadRequestError):
        await client.embeddings.create(input=given, model=embedder.deployment)


@pytest.mark.parametrize("dimensions", [64, 1536])
async def test_vectors_have_the_dimensions_asked_for(client: Client, embedder: Embedder, dimensions: int) -> None:
    answer = await client.embeddings.create(input=TEXTS[0], model=embedder.deployment, dimensions=dimensions)
    assert len(answer.data[0].embedding) == dimensions


@pytest.mark.parametrize("dimensions", [0, -1, 100_000])
async def test_dimensions_that_no_vector_has_are_refused(client: Client, embedder: Embedder, dimensions: int) -> None:
    with pytest.raises(BadRequestError):
        await client.embeddings.create(input=TEXTS[0], model=embedder.deployment, dimensions=dimensions)


async def test_both_encodings_hold_the_same_numbers(client: Client, embedder: Embedder) -> None:
    asked: dict[str, Any] = {"input": TEXTS[0], "model": embedder.deployment, "dimensions": 64}
    as_base64 = await client.embeddings.create(**asked)  # the client's own choice
    as_numbers = await client.embeddings.create(**asked, encoding_format="float")
    assert as_base64.data[0].embedding == pytest.approx(as_numbers.data[0].embedding, abs=1e-3)
    as_text = await client.embeddings.create(**asked, encoding_format="base64")
    assert isinstance(as_text.data[0].embedding, str)


async def test_another_encoding_is_refused(client: Client, embedder: Embedder) -> None:
    with pytest.raises(BadRequestError):
        await client.embeddings.create(input=TEXTS[0], model=embedder.deployment, extra_body={"encoding_format": "hex"})


async def test_who_asks_may_be_named(client: Client, embedder: Embedder) -> None:
    answer = await client.embeddings.create(input=TEXTS[0], model=embedder.deployment, user="somebody")
    assert len(answer.data) == 1


async def test_an_argument_that_does_not_exist_is_refused(client: Client, embedder: Embedder) -> None:
    with pytest.raises(BadRequestError):
        await client.embeddings.create(input="a", model=embedder.deployment, extra_body={"oddity": 1})


async def test_a_wrong_key_is_401_by_both_routes(embedder: Embedder, form: str) -> None:
    async with dataclasses.replace(embedder, key="not-the-key-of-this-place").client(form) as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.embeddings.create(input="a", model=embedder.deployment)


async def test_the_deployments_route_asks_for_an_api_version(embedder: Embedder) -> None:
    base = f"{embedder.endpoint}/openai/deployments/{embedder.deployment}"
    async with AsyncOpenAI(base_url=base, api_key=embedder.key, default_headers={"api-key": embedder.key}, max_retries=0) as client:
        with pytest.raises(NotFoundError):
            await client.embeddings.create(input="a", model=embedder.deployment)
