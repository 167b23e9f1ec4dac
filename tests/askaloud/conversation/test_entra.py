"""Signing in with Entra ID: which scope each kind of address wants. (No token is asked for: that would leave this machine.)"""

from __future__ import annotations

import pytest

from askaloud.conversation.entra import FOUNDRY_SCOPE, OPENAI_SCOPE, Entra
from askaloud.settings import RealtimeDoor, Settings


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
