"""Where the conformance tests of the search door knock, with the official client in both of its forms.

An account's address and key are read from `ASKALOUD_TEST_AZURE_SEARCH_…`; only indexes named `askaloud-test-<random>` are touched, and
deleted again.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.search.documents import SearchClient
from azure.search.documents.indexes import SearchIndexClient
from tests.conformance.embedder import Embedder, here
from tests.conformance.embedder import account as embedder_of_account
from tests.conformance.search.desk import Desk, SearchPlace, caller_of, settled
from tests.contract.account import given
from tests.local_azure.search.clients import PASSAGES, passages_index
from tests.stand_in import StandIn, stand_in


@pytest.fixture(scope="session", params=["stand-in", pytest.param("azure", marks=pytest.mark.azure)])
def search_place(request: pytest.FixtureRequest) -> SearchPlace:
    """A search door, whosever it is."""
    if request.param == "stand-in":
        running: StandIn = request.getfixturevalue("running_stand_in")
        return SearchPlace(running.search, running.key)
    return account()


def account() -> SearchPlace:
    """An account's; skips the test where none is named."""
    said = given("SEARCH_ENDPOINT", "SEARCH_API_KEY")
    return SearchPlace(said["SEARCH_ENDPOINT"].rstrip("/"), said["SEARCH_API_KEY"])


@pytest.fixture
def embedder(search_place: SearchPlace, running_stand_in: StandIn) -> Embedder:
    """Where the door's own vectorizers may have texts embedded. Skips the test where there is no such place."""
    return here(running_stand_in) if search_place.endpoint == running_stand_in.search else embedder_of_account()


@pytest.fixture(scope="module", params=["stand-in", pytest.param("azure", marks=pytest.mark.azure)])
def place_that_cannot_embed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchPlace]:
    """A search door, whosever it is, for which no model can be reached."""
    if request.param == "azure":
        yield account()
        return
    with stand_in(tmp_path_factory.mktemp("no-model"), LOCAL_AZURE_EMBEDDINGS_URL="http://127.0.0.1:1/v1") as running:
        yield SearchPlace(running.search, running.key)


@pytest.fixture(scope="session")
def library(search_place: SearchPlace) -> Iterator[str]:
    """The name of an index with three passages, which no test changes."""
    name = f"askaloud-test-{secrets.token_hex(6)}"
    credential = AzureKeyCredential(search_place.key)
    with (
        SearchIndexClient(search_place.endpoint, credential) as indexes,
        SearchClient(search_place.endpoint, name, credential) as documents,
    ):
        indexes.create_index(passages_index(name))
        try:
            documents.upload_documents(PASSAGES)
            settled(documents.get_document_count, len(PASSAGES))
            yield name
        finally:
            indexes.delete_index(name)


@pytest.fixture(params=["sync", "async"])
async def reader(request: pytest.FixtureRequest, search_place: SearchPlace, library: str) -> AsyncIterator[Desk]:
    """Either form of the client before the library."""
    caller = caller_of(request.param, search_place, library)
    yield Desk(search_place, library, request.param, caller)
    await caller.close()


@pytest.fixture(params=["sync", "async"])
async def desk(request: pytest.FixtureRequest, search_place: SearchPlace) -> AsyncIterator[Desk]:
    """Either form of the client, with the name of an index that is not there yet; it is deleted at the end."""
    async with _a_desk(search_place, request.param) as desk:
        yield desk


@pytest.fixture(params=["sync", "async"])
async def desk_that_cannot_embed(request: pytest.FixtureRequest, place_that_cannot_embed: SearchPlace) -> AsyncIterator[Desk]:
    """The same where no text can be made a vector."""
    async with _a_desk(place_that_cannot_embed, request.param) as desk:
        yield desk


@asynccontextmanager
async def _a_desk(place: SearchPlace, form: str) -> AsyncIterator[Desk]:
    name = f"askaloud-test-{secrets.token_hex(6)}"
    caller = caller_of(form, place, name)
    yield Desk(place, name, form, caller)
    await caller.indexes("delete_index", name)
    await caller.close()


@pytest.fixture
async def filled(desk: Desk) -> Desk:
    """An index of the test's own, with three passages."""
    await desk.caller.indexes("create_index", passages_index(desk.index))
    await desk.caller.documents("upload_documents", PASSAGES)
    await desk.holds(len(PASSAGES))
    return desk
