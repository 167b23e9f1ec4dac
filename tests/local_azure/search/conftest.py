"""A search door on a real socket, and the official client, sync and async, before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.local_azure.search.clients import KEY, AsyncCaller, Caller, SyncCaller
from tests.serving import serving

from local_azure.app import create_app
from local_azure.search.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "index.sqlite")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def address(store: Store) -> AsyncIterator[str]:
    """The search door alone, as "http://host:port"."""
    async with serving(create_app(KEY, store, None)) as host:
        yield f"http://{host}"


@pytest.fixture(params=["sync", "async"])
async def client(request: pytest.FixtureRequest, address: str) -> AsyncIterator[Caller]:
    """The official client, once in each of its forms."""
    caller: Caller = SyncCaller(address) if request.param == "sync" else AsyncCaller(address)
    yield caller
    await caller.close()


@pytest.fixture
async def one_client(address: str) -> AsyncIterator[Caller]:
    """The official client in one form, where the form makes no difference."""
    caller = AsyncCaller(address)
    yield caller
    await caller.close()
