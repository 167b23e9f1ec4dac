"""Our service before somebody's own account of Azure, for the one row of the scenario that needs it: `ASKALOUD_TEST_AZURE=1` and its
addresses and keys in `ASKALOUD_TEST_AZURE_…`. The sample documents go into an index of a random name, which is deleted again.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.search.documents.indexes.aio import SearchIndexClient
from tests.serving import serving

from askaloud.app import AskAloud, create_app
from askaloud.doors import Doors, azure_base_url
from askaloud.errors import KnowledgeError, NoticeCode
from askaloud.indexing.sync import SAMPLES, sync
from askaloud.knowledge.base import KnowledgeBase
from askaloud.serving import MAX_MESSAGE_BYTES
from askaloud.settings import RealtimeDoor, SearchDoor, Settings

NAMES = ("OPENAI_ENDPOINT", "OPENAI_API_KEY", "REALTIME_DEPLOYMENT", "TRANSCRIPTION_DEPLOYMENT", "SEARCH_ENDPOINT", "SEARCH_API_KEY")
INDEXED_MAX_S = 60.0
"""The service may be some seconds behind its writes."""


def given(*names: str) -> dict[str, str]:
    """What was said of the account (all of `NAMES`, where none is named); skips the test where something is missing."""
    found = {name: os.environ.get(f"ASKALOUD_TEST_AZURE_{name}", "").strip() for name in names or NAMES}
    if missing := [f"ASKALOUD_TEST_AZURE_{name}" for name, value in found.items() if not value]:
        pytest.skip(f"no account: set {', '.join(missing)}")
    return found


@asynccontextmanager
async def account() -> AsyncIterator[tuple[str, AskAloud]]:
    """Serve; the address, and the application."""
    said = given()
    realtime = RealtimeDoor(azure_base_url(said["OPENAI_ENDPOINT"]), said["REALTIME_DEPLOYMENT"], said["OPENAI_API_KEY"], "azure")
    search = SearchDoor(said["SEARCH_ENDPOINT"].rstrip("/"), f"askaloud-test-{secrets.token_hex(6)}", said["SEARCH_API_KEY"], "azure")
    settings = Settings(transcription_model=said["TRANSCRIPTION_DEPLOYMENT"])
    async with SearchIndexClient(search.endpoint, AzureKeyCredential(said["SEARCH_API_KEY"])) as indexes:
        try:
            await _fill(search, settings)
            app = create_app(settings, Doors(realtime, search), host="127.0.0.1", port=0)
            async with serving(app, ws_max_size=MAX_MESSAGE_BYTES, ws_per_message_deflate=False) as address:
                yield address, app
        finally:
            await indexes.delete_index(search.index)


async def _fill(search: SearchDoor, settings: Settings) -> None:
    knowledge = await KnowledgeBase.open(search, settings)
    try:
        await sync(SAMPLES, "samples of a test", knowledge)
        async with asyncio.timeout(INDEXED_MAX_S):
            for question in ("How many days from abroad?", "What is the hotel limit in London?"):
                while not await _finds(knowledge, question):  # noqa: ASYNC110 - the service offers an answer, no event
                    await asyncio.sleep(0.5)
    finally:
        await knowledge.close()


async def _finds(knowledge: KnowledgeBase, question: str) -> bool:
    """Whether the service has caught up with what was written."""
    try:
        return bool(await knowledge.search(question))
    except KnowledgeError as failed:
        if failed.notice.code is not NoticeCode.SEARCH_EMPTY:
            raise
        return False
