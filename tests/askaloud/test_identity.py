"""Which credential signs in, for each of those who talk to Azure. No token is asked of Azure: that would leave this machine."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import (
    AzureDeveloperCliCredential,
    ChainedTokenCredential,
    DefaultAzureCredential,
    EnvironmentCredential,
    WorkloadIdentityCredential,
)
from tests.askaloud.signing_in import SCOPE, TENANT, CommandLine, platform
from tests.planted import secret
from tests.serving import serving

from askaloud.conversation.entra import Entra
from askaloud.errors import SettingsError
from askaloud.identity import Dispensable, Identity, entra_id
from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.embed import open_embedder
from askaloud.settings import RealtimeDoor, SearchDoor, Settings

REALTIME = RealtimeDoor("wss://mine.openai.azure.com/openai/v1", "m", None, "azure")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripted command lines are programs by their first line")


def azure(tenant: str | None) -> Settings:
    return Settings(
        azure_openai_endpoint="https://mine.openai.azure.com", azure_openai_embedding_deployment="small", azure_tenant_id=tenant
    )


async def chosen(tenant: str | None) -> dict[str, object]:
    """The credential of everyone who has one."""
    settings = azure(tenant)
    entra = Entra(REALTIME, settings)
    knowledge = await KnowledgeBase.open(SearchDoor("https://mine.search.windows.net", "i", None, "azure"), settings)
    embedder = open_embedder(settings)
    assert embedder is not None
    for each in (entra, knowledge, embedder):
        await each.close()
    found = {"realtime": entra._credential, "search": knowledge._credential, "embedding": embedder._credential}
    return {who: credential.credential for who, credential in found.items() if isinstance(credential, Identity)}


async def test_without_a_tenant_everyone_takes_the_default_credential() -> None:
    assert {who: type(credential) for who, credential in (await chosen(None)).items()} == dict.fromkeys(
        ("realtime", "search", "embedding"), DefaultAzureCredential
    )


@pytest.mark.parametrize("who", ["realtime", "search", "embedding"])
async def test_with_a_tenant_everyone_asks_azd_for_that_tenant_and_then_the_default_credential(who: str) -> None:
    credential = (await chosen(TENANT))[who]
    assert isinstance(credential, ChainedTokenCredential)
    first, second = credential.credentials
    assert isinstance(first, Dispensable)
    assert isinstance(first.credential, AzureDeveloperCliCredential)
    assert first.credential.tenant_id == TENANT
    assert isinstance(second, DefaultAzureCredential)


@pytest.mark.parametrize(
    ("variables", "first"),
    [
        ({"AZURE_CLIENT_SECRET": "planted"}, EnvironmentCredential),
        ({"AZURE_FEDERATED_TOKEN_FILE": "/nowhere/token"}, WorkloadIdentityCredential),
        ({}, Dispensable),  # AZURE_CLIENT_ID alone names a managed identity, which a laptop has not
        ({"AZURE_CLIENT_SECRET": "planted", "AZURE_TOKEN_CREDENTIALS": "dev"}, Dispensable),
    ],
)
async def test_a_program_that_the_environment_names_in_full_goes_before_azd(
    variables: dict[str, str], first: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AZURE_CLIENT_ID": TENANT, "AZURE_TENANT_ID": TENANT, **variables}.items():
        monkeypatch.setenv(name, value)
    async with entra_id(TENANT) as identity:
        assert isinstance(identity.credential, ChainedTokenCredential)
        assert type(identity.credential.credentials[0]) is first


async def test_who_names_one_kind_of_credential_gets_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    async with entra_id(TENANT) as identity:
        assert isinstance(identity.credential, DefaultAzureCredential)


@pytest.mark.parametrize(
    ("variables", "tenant", "named"),
    [
        ({}, "not/a/tenant", "AZURE_TENANT_ID"),
        ({"AZURE_TOKEN_CREDENTIALS": "whoever"}, None, "AZURE_TOKEN_CREDENTIALS"),
        ({"AZURE_TOKEN_CREDENTIALS": "whoever"}, TENANT, "AZURE_TOKEN_CREDENTIALS"),
        ({"AZURE_CLIENT_CERTIFICATE_PATH": "/nowhere/at/all.pem"}, TENANT, "AZURE_CLIENT_CERTIFICATE_PATH"),
        ({"AZURE_CLIENT_CERTIFICATE_PATH": __file__}, TENANT, "AZURE_CLIENT_CERTIFICATE_PATH"),
    ],
)
def test_what_nobody_could_sign_in_with_is_a_setting_that_is_wrong(
    variables: dict[str, str], tenant: str | None, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AZURE_CLIENT_ID": TENANT, "AZURE_TENANT_ID": TENANT, **variables}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=named):
        entra_id(tenant)


async def test_the_token_of_who_azd_signed_in_to_the_tenant_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    azd = CommandLine(tmp_path, monkeypatch)
    async with entra_id(TENANT) as identity:
        assert (await identity.get_token(SCOPE)).token == "azd"
    (arguments,) = azd.asked
    assert arguments[arguments.index("--tenant-id") + 1] == TENANT


@asynccontextmanager
async def managed(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[dict[str, Any]]]:
    """A platform that gives this program an identity; what it was asked for."""
    asked: list[dict[str, Any]] = []
    async with serving(platform(asked)) as address:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://{address}/token")
        monkeypatch.setenv("IDENTITY_HEADER", secret("identity-header"))
        yield asked


async def test_an_azd_whose_login_has_run_out_leaves_it_to_the_managed_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    azd = CommandLine(tmp_path, monkeypatch)
    azd.fails()
    async with managed(monkeypatch) as asked, entra_id(TENANT) as identity:
        assert (await identity.get_token(SCOPE)).token == "managed"
    assert len(azd.asked) == len(asked) == 1


async def test_an_azd_whose_login_has_run_out_leaves_it_to_az(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "dev")  # no identity of a platform is looked for
    CommandLine(tmp_path, monkeypatch).fails()
    CommandLine(tmp_path, monkeypatch, "az").says({"accessToken": "az", "expires_on": int(time.time()) + 86_400})
    async with entra_id(TENANT) as identity:
        assert (await identity.get_token(SCOPE)).token == "az"


async def test_when_nobody_is_signed_in_that_is_an_error_of_azures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureDeveloperCliCredential")
    CommandLine(tmp_path, monkeypatch).fails()
    async with entra_id(TENANT) as identity:
        with pytest.raises(ClientAuthenticationError):
            await identity.get_token(SCOPE)


async def test_a_token_goes_on_to_come_where_who_asked_gives_up_and_is_the_next_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    azd = CommandLine(tmp_path, monkeypatch)
    azd.hangs()
    async with entra_id(TENANT) as identity:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await identity.get_token(SCOPE)
        assert identity.fetching
        both = asyncio.gather(identity.get_token(SCOPE), identity.get_token(SCOPE))
        await azd.goes_on()
        assert [each.token for each in await both] == ["azd", "azd"]
        assert not identity.fetching
        assert len(azd.asked) == 1


async def test_a_token_that_came_for_nobody_waits_for_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    azd = CommandLine(tmp_path, monkeypatch)
    async with entra_id(TENANT) as identity:
        identity.fetch_soon(SCOPE)
        await came(identity)
        azd.fails()
        assert (await identity.get_token(SCOPE)).token == "azd"
        assert len(azd.asked) == 1


async def test_a_token_that_ended_while_nobody_asked_is_not_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    azd = CommandLine(tmp_path, monkeypatch)
    azd.says({"token": "old", "expiresOn": "2001-01-01T00:00:00Z"})
    async with entra_id(TENANT) as identity:
        identity.fetch_soon(SCOPE)
        await came(identity)
        azd.says({"token": "new", "expiresOn": "2099-01-01T00:00:00Z"})
        assert (await identity.get_token(SCOPE)).token == "new"


async def test_a_failure_that_nobody_waited_for_is_told_to_the_next_and_then_it_is_tried_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureDeveloperCliCredential")
    azd = CommandLine(tmp_path, monkeypatch)
    azd.fails()
    async with entra_id(TENANT) as identity:
        identity.fetch_soon(SCOPE)
        await came(identity)
        azd.says({"token": "new", "expiresOn": "2099-01-01T00:00:00Z"})
        with pytest.raises(ClientAuthenticationError):
            await identity.get_token(SCOPE)
        assert (await identity.get_token(SCOPE)).token == "new"


async def came(identity: Identity) -> None:
    """Wait until what is on its way has come, without taking it."""
    await asyncio.wait([each.task for each in identity._coming.values()])


def test_a_start_with_keys_does_not_import_azure_identity() -> None:
    looked = "import sys, askaloud.identity, askaloud.knowledge.base, askaloud.knowledge.embed; print('azure.identity' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", looked], check=True, capture_output=True, text=True).stdout  # noqa: S603 - written above
    assert said == "False\n"
