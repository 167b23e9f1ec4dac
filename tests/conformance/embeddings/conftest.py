"""Where the conformance tests of the embeddings routes knock, by both of OpenAI's clients."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.conformance.embedder import Client, Embedder, account, here


@pytest.fixture(params=["stand-in", pytest.param("azure", marks=pytest.mark.azure)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    """A place that makes vectors, whosever it is."""
    return here(request.getfixturevalue("running_stand_in")) if request.param == "stand-in" else account()


@pytest.fixture(params=["v1", "deployment"])
def form(request: pytest.FixtureRequest) -> str:
    """Which of the clients."""
    return str(request.param)


@pytest.fixture
async def client(embedder: Embedder, form: str) -> AsyncIterator[Client]:
    """One of the clients before the place."""
    async with embedder.client(form) as client:
        yield client
