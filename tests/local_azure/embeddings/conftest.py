"""The stand-in on a real socket; and a far end that answers as an OpenAI-compatible server of embeddings, as a test tells it to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from quart import Quart, Response, request
from tests.local_azure.search.clients import KEY
from tests.serving import serving

from local_azure.app import create_app
from local_azure.embeddings.model import Model
from local_azure.search.store import Store

Answer = Callable[[dict[str, Any]], Any]


def vectors(*made: list[float]) -> dict[str, Any]:
    """An answer with these vectors, the last first: order is told by `index`."""
    data = [{"object": "embedding", "index": place, "embedding": one} for place, one in enumerate(made)]
    return {"object": "list", "model": "far", "data": data[::-1], "usage": {"prompt_tokens": 1, "total_tokens": 1}}


@dataclass
class FarEnd:
    """Answers each request with what `answer` makes of it: a body, or a status. Keeps what it was asked."""

    address: str = ""
    answer: Answer = lambda asked: vectors(*([1.0, 0.0, 0.0] for _ in asked["input"]))
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    app, far = Quart(__name__), FarEnd()

    @app.post("/v1/embeddings")
    async def embeddings() -> Any:
        asked = await request.get_json()
        far.asked.append(asked)
        far.keys.append(request.headers["Authorization"])
        made = far.answer(asked)
        return Response("{}", made, headers={"retry-after-ms": "1"}) if isinstance(made, int) else made

    async with serving(app) as host:
        far.address = f"http://{host}/v1"
        yield far


@dataclass
class Opener:
    """Opens a stand-in with a model."""

    store: Store

    def __call__(self, model: Model | None) -> Any:
        return serving(create_app(KEY, self.store, None, model))


@pytest.fixture
async def stand_in(tmp_path: Path) -> AsyncIterator[Opener]:
    store = Store(tmp_path / "index.sqlite")
    await store.open()
    yield Opener(store)
    await store.close()
