"""Signing in with Entra ID: which scope each kind of address wants, and how a token comes to the model. None is asked of Azure itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from quart import Quart, request
from tests.contract.house import House, answers, house
from tests.planted import secret
from tests.scripted_model import Script, scripted_model
from tests.serving import serving

from askaloud.conversation.entra import Entra
from askaloud.conversation.patience import PATIENCE, Patience
from askaloud.settings import RealtimeDoor, Settings
from askaloud.settings.addresses import FOUNDRY_SCOPE, OPENAI_SCOPE


@pytest.mark.parametrize("tenant", [None, "00000000-0000-0000-0000-000000000000"])
@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("wss://mine.openai.azure.com/openai/v1", OPENAI_SCOPE),
        ("wss://mine.cognitiveservices.azure.com/openai/v1", OPENAI_SCOPE),
        ("wss://mine.services.ai.azure.com/openai/v1", FOUNDRY_SCOPE),
        ("wss://services.ai.azure.com.evil.example/openai/v1", OPENAI_SCOPE),
    ],
)
async def test_the_scope_is_that_of_the_address(address: str, scope: str, tenant: str | None) -> None:
    entra = Entra(RealtimeDoor(address, "m", None, "azure"), Settings(azure_tenant_id=tenant))
    assert entra.scope == scope
    await entra.close()


async def test_a_scope_that_is_set_goes_before_that_of_the_address() -> None:
    entra = Entra(RealtimeDoor("wss://mine.openai.azure.com/openai/v1", "m", None, "azure"), Settings(entra_scope="api://ours/.default"))
    assert entra.scope == "api://ours/.default"
    await entra.close()


@dataclass
class Platform:
    """The end of a platform that gives managed identities their tokens, as App Service has it."""

    asked: list[dict[str, str]] = field(default_factory=list)
    lifetimes_s: list[int] = field(default_factory=lambda: [86_400])
    """Of each token, in order; the last one for all that follow."""
    hangs: asyncio.Event | None = None

    def app(self) -> Quart:
        app = Quart(__name__)

        @app.get("/token")
        async def token() -> dict[str, str]:
            assert request.headers["X-IDENTITY-HEADER"] == secret("identity-header")
            self.asked.append(dict(request.args))
            if self.hangs is not None:
                await self.hangs.wait()
            lasts = self.lifetimes_s[min(len(self.asked), len(self.lifetimes_s)) - 1]
            made = secret(f"token-{len(self.asked)}")
            return {"access_token": made, "expires_on": str(int(time.time()) + lasts), "resource": "r", "token_type": "Bearer"}

        return app


@asynccontextmanager
async def signing_in(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, script: Script, patience: Patience = PATIENCE
) -> AsyncIterator[House]:
    """Our service, signed in as a managed identity, before a scripted model on Azure."""
    async with serving(platform.app()) as address, scripted_model(script) as far:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://{address}/token")
        monkeypatch.setenv("IDENTITY_HEADER", secret("identity-header"))
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        async with house(script, realtime=replace(far.door, api_key=None), patience=patience) as home:
            home.model = far
            yield home


def bearers(home: House) -> list[str]:
    return [line.connection.request.headers["Authorization"] for line in home.model.lines if line.connection.request]


async def test_the_token_of_a_managed_identity_opens_the_model_and_is_asked_for_anew_when_it_is_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    platform = Platform(lifetimes_s=[1, 86_400])
    async with signing_in(platform, monkeypatch, answers) as home:
        for _ in range(3):
            async with home.visit() as visitor:
                await visitor.ask("Hello?")
                await visitor.hear("response.done")
        assert bearers(home) == [f"Bearer {secret(name)}" for name in ("token-1", "token-2", "token-2")]
    assert {each["resource"] for each in platform.asked} == {"https://cognitiveservices.azure.com"}
    assert len(platform.asked) == 2


async def test_nobody_else_waits_while_a_token_is_on_its_way_and_one_that_does_not_come_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    platform = Platform(hangs=asyncio.Event())
    async with signing_in(platform, monkeypatch, answers, replace(PATIENCE, connect_s=0.5)) as home, home.visit() as waits:
        await waits.ask("Hello?")
        async with home.visit() as other:
            await other.say("session.update", session={"type": "realtime"})
            await other.hear("session.updated")
        assert await waits.end() == (1011, "the model cannot be reached")
        assert waits.codes() == ["model_refused_key"]
        assert home.model.lines == []
        assert platform.hangs
        platform.hangs.set()


async def test_the_credential_is_closed_with_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    async with signing_in(Platform(), monkeypatch, answers) as home, home.visit() as visitor:
        await visitor.ask("Hello?")
        await visitor.hear("response.done")
        entra = home.app.entra
        assert entra
    with pytest.raises(Exception, match=r"closed|transport|pipeline"):
        await entra._credential.get_token("https://other.example/.default")
