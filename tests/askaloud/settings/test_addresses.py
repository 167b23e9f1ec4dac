"""What an address says of the resource behind it, however it was copied from a portal."""

from __future__ import annotations

import pytest

from askaloud.settings.addresses import FOUNDRY_SCOPE, OPENAI_SCOPE, BlobContainer, RealtimeDoor, SearchDoor, resource_of, token_scope


@pytest.mark.parametrize("behind", ["", "/", "/openai", "/openai/", "/openai/v1", "/openai/v1/", "/openai/v1/realtime", "/openai/realtime"])
@pytest.mark.parametrize("scheme", ["https", "wss"])
def test_a_resource_is_found_before_what_the_portals_show_behind_it(scheme: str, behind: str) -> None:
    assert resource_of(f"{scheme}://r.openai.azure.com{behind}") == f"{scheme}://r.openai.azure.com"


def test_a_project_belongs_to_its_resource_with_foundry_alone() -> None:
    assert resource_of("https://r.services.ai.azure.com/api/projects/p") == "https://r.services.ai.azure.com"
    assert resource_of("https://gateway.example/api/projects/p/openai/v1") == "https://gateway.example/api/projects/p"


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("https://r.openai.azure.com", OPENAI_SCOPE),
        ("https://r.cognitiveservices.azure.com/openai/v1", OPENAI_SCOPE),
        ("https://r.services.ai.azure.com/api/projects/p", FOUNDRY_SCOPE),
        ("wss://R.Services.AI.Azure.com/openai/v1", FOUNDRY_SCOPE),
        ("https://services.ai.azure.com.evil.example", OPENAI_SCOPE),
    ],
)
def test_each_kind_of_address_wants_its_own_scope(address: str, scope: str) -> None:
    assert token_scope(address) == scope


def test_no_door_shows_its_key() -> None:
    doors = (
        RealtimeDoor("wss://r.example/v1", "m", "a-planted-key", "azure"),
        SearchDoor("https://s.example", "i", "a-planted-key", "azure"),
        BlobContainer("https://b.example/c", "sig=a-planted-key"),
    )
    assert "a-planted-key" not in f"{doors}"
