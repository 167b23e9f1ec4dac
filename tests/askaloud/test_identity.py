"""Which credential signs in, for each of those who talk to Azure. No token is asked of Azure: that would leave this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from azure.identity.aio import AzureDeveloperCliCredential, ChainedTokenCredential, DefaultAzureCredential

from askaloud.conversation.entra import Entra
from askaloud.identity import entra_id
from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.embed import open_embedder
from askaloud.settings import RealtimeDoor, SearchDoor, Settings

TENANT = "00000000-0000-0000-0000-000000000001"
REALTIME = RealtimeDoor("wss://mine.openai.azure.com/openai/v1", "m", None, "azure")


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
    return {"realtime": entra._credential, "search": knowledge._credential, "embedding": embedder._credential}


async def test_without_a_tenant_everyone_takes_the_default_credential() -> None:
    assert {who: type(credential) for who, credential in (await chosen(None)).items()} == dict.fromkeys(
        ("realtime", "search", "embedding"), DefaultAzureCredential
    )


@pytest.mark.parametrize("who", ["realtime", "search", "embedding"])
async def test_with_a_tenant_everyone_asks_azd_for_that_tenant_and_then_the_default_credential(who: str) -> None:
    credential = (await chosen(TENANT))[who]
    assert isinstance(credential, ChainedTokenCredential)
    first, second = credential.credentials
    assert isinstance(first, AzureDeveloperCliCredential)
    assert first.tenant_id == TENANT
    assert isinstance(second, DefaultAzureCredential)


@pytest.mark.skipif(sys.platform == "win32", reason="the scripted azd is a program by its first line")
async def test_the_token_of_who_azd_signed_in_to_the_tenant_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, token = tmp_path / "asked.json", {"token": "planted", "expiresOn": "2099-01-01T00:00:00Z"}
    azd = tmp_path / "azd"
    azd.write_text(f"#!{sys.executable}\nimport json, sys\njson.dump(sys.argv, open({str(asked)!r}, 'w'))\nprint('{json.dumps(token)}')\n")
    azd.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    credential = entra_id(TENANT)
    assert (await credential.get_token("https://cognitiveservices.azure.com/.default")).token == "planted"
    await credential.close()
    arguments = json.loads(asked.read_text())
    assert arguments[arguments.index("--tenant-id") + 1] == TENANT


def test_a_start_with_keys_does_not_import_azure_identity() -> None:
    looked = "import sys, askaloud.identity, askaloud.knowledge.base, askaloud.knowledge.embed; print('azure.identity' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", looked], check=True, capture_output=True, text=True).stdout  # noqa: S603 - written above
    assert said == "False\n"
