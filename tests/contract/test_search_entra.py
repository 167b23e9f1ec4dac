"""The search service without a key: the whole program signs in with Entra ID, as a managed identity, and searches over https.

The platform that gives the token and the search service are scripted and on loopback, the latter with a certificate that the test made;
azure-identity and the search client are the official ones. That the service takes such a token is Azure's to show.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from azure.identity.aio import DefaultAzureCredential
from quart import Quart, request
from tests.askaloud.knowledge.search_doors import INDEX, Answer, ScriptedDoor, hit, scripted
from tests.commands import Command, askaloud
from tests.contract.house import HEARD_MAX_S, Visitor, searches
from tests.contract.test_failures import self_made_certificate
from tests.planted import secret
from tests.scripted_model import scripted_model
from tests.serving import serving
from websockets.asyncio.client import connect

from askaloud.errors import KnowledgeError, NoticeCode
from askaloud.identity import Identity

TOKEN = secret("search-token")


@dataclass
class Running:
    """The program, its search service, and what the platform was asked for."""

    command: Command
    address: str
    door: ScriptedDoor
    asked: list[dict[str, Any]]

    async def log_of_index(self) -> str:
        """What the log says of the index; it is looked at in the background."""
        async with asyncio.timeout(HEARD_MAX_S):
            while "index: " not in self.command.said():  # noqa: ASYNC110 - a file offers no event
                await asyncio.sleep(0.02)
        return self.command.said()


def platform(asked: list[dict[str, Any]]) -> Quart:
    """The end of a platform that gives managed identities their tokens, as App Service has it."""
    app = Quart(__name__)

    @app.get("/token")
    async def token() -> dict[str, str]:
        asked.append(dict(request.args))
        return {"access_token": TOKEN, "expires_on": str(int(time.time()) + 86_400), "resource": "r", "token_type": "Bearer"}

    return app


@asynccontextmanager
async def running(folder: Path, *, trusted: bool) -> AsyncIterator[Running]:
    """The program before a model and a search service with TLS; `trusted`: it is told of the certificate."""
    chain, door = folder / "chain.pem", ScriptedDoor()
    asked: list[dict[str, Any]] = []
    self_made_certificate(chain)
    async with (
        serving(platform(asked)) as identity,
        serving(door.app, ssl_certfile=str(chain)) as searching,
        scripted_model(searches) as model,
        askaloud(
            folder,
            "--port=0",
            ASKALOUD_REALTIME_URL=model.door.base_url,
            ASKALOUD_REALTIME_MODEL="any",
            AZURE_SEARCH_ENDPOINT=f"https://{searching}",
            AZURE_SEARCH_INDEX=INDEX,
            AZURE_TOKEN_CREDENTIALS="ManagedIdentityCredential",
            IDENTITY_ENDPOINT=f"http://{identity}/token",
            IDENTITY_HEADER=secret("identity-header"),
            **({"SSL_CERT_FILE": str(chain)} if trusted else {}),
        ) as command,
    ):
        yield Running(command, (await command.line()).removeprefix("http://").rstrip("/"), door, asked)


@asynccontextmanager
async def visit(home: Running) -> AsyncIterator[Visitor]:
    async with connect(f"ws://{home.address}/v1/realtime?askaloud=1", proxy=None, open_timeout=HEARD_MAX_S) as socket:
        yield Visitor(socket)


async def test_a_managed_identity_searches_over_https_with_a_token_for_the_search_service(tmp_path: Path) -> None:
    async with running(tmp_path, trusted=True) as home, visit(home) as visitor:
        home.door.script("search", Answer({"value": [hit()]}))
        await home.log_of_index()  # it has signed in: how long that takes is not what is asked here
        await visitor.ask("May I work from abroad?")
        found = await visitor.hear("askaloud.sources")
        await visitor.hear("response.done")
        log = await home.log_of_index()
    assert [source["id"] for source in found["sources"]] == ["p1"]
    assert visitor.codes() == []
    assert {asked["resource"] for asked in home.asked} == {"https://search.azure.com"}
    assert {asked.headers["Authorization"] for asked in home.door.asked} == {f"Bearer {TOKEN}"}
    assert not [asked for asked in home.door.asked if "Api-Key" in asked.headers]
    assert "index: text" in log
    assert TOKEN not in log


async def test_a_search_service_that_nobody_vouches_for_hears_nothing_and_the_person_is_told(tmp_path: Path) -> None:
    async with running(tmp_path, trusted=False) as home, visit(home) as visitor:
        await home.log_of_index()
        await visitor.ask("May I work from abroad?")
        await visitor.hear("response.done")
        log = await home.log_of_index()
    (notice,) = (event for event in visitor.heard if event["type"] == "askaloud.notice")
    assert notice["code"] == "search_down"
    assert "did not prove who it is" in notice["message"]
    assert home.door.asked == []
    assert "SSL_CERT_FILE" in log
    assert TOKEN not in json.dumps(visitor.heard) + log


async def test_a_token_never_goes_over_http() -> None:
    door = ScriptedDoor()
    async with scripted(door, key=None) as knowledge:
        assert isinstance(knowledge._credential, Identity)
        assert isinstance(knowledge._credential.credential, DefaultAzureCredential)
        with pytest.raises(KnowledgeError) as raised:
            await knowledge.search("x")
    assert raised.value.notice.code in {NoticeCode.SEARCH_DOWN, NoticeCode.SEARCH_REFUSED}
    assert door.asked == []
