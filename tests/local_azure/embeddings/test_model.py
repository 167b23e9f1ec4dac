"""Which model serves, by the settings."""

from __future__ import annotations

import pytest
from tests.local_azure.embeddings.conftest import FarEnd

from local_azure.embeddings.failure import EmbeddingsSettingError
from local_azure.embeddings.lexical import vector, vector_of_tokens
from local_azure.embeddings.model import KEY, MODEL, URL, LexicalModel, open_model


@pytest.mark.parametrize("settings", [{}, {URL: " "}, {MODEL: "minilm", KEY: "k"}], ids=str)
async def test_without_an_address_vectors_are_lexical(settings: dict[str, str]) -> None:
    async with open_model(settings) as model:
        assert isinstance(model, LexicalModel)
        of_text, of_tokens = await model.vectors(["a bicycle", (1, 2)], "any", 8)
        assert list(of_text) == pytest.approx(vector("a bicycle", 8), abs=1e-6)
        assert list(of_tokens) == pytest.approx(vector_of_tokens([1, 2], 8), abs=1e-6)
        assert len((await model.vectors(["a"], "any", None))[0]) == 1536


async def test_with_an_address_the_server_makes_them(far_end: FarEnd) -> None:
    async with open_model({URL: f" {far_end.address} ", MODEL: "minilm", KEY: "far-key"}) as model:
        assert await model.vectors(["a"], "any", None) == [[1.0, 0.0, 0.0]]
    assert far_end.asked[0]["model"] == "minilm"
    assert far_end.keys == ["Bearer far-key"]


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8080",
        "ftp://localhost",
        "http://example.org/v1",
        "https://",
        "https://u:p@example.org",
        "https://e.org/?a=1",
        "http://[",
        "http://localhost:0",
    ],
)
async def test_an_address_that_cannot_be_used_is_said_at_once(address: str) -> None:
    with pytest.raises(EmbeddingsSettingError, match=URL):
        async with open_model({URL: address}):
            pass
