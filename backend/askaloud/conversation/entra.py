"""Signs in to the model with Entra ID, where no key is set. A token is fetched for each connect; the credential caches it.

Knows the scope that each kind of address wants, and nothing of sockets. Source: azure-identity's aio credentials; the scopes are those of
Microsoft's quick-start pages for `*.openai.azure.com` and `*.services.ai.azure.com`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..settings import RealtimeDoor, Settings

if TYPE_CHECKING:
    from azure.identity.aio import ChainedTokenCredential, DefaultAzureCredential

FOUNDRY_HOSTS = ".services.ai.azure.com"
FOUNDRY_SCOPE = "https://ai.azure.com/.default"
OPENAI_SCOPE = "https://cognitiveservices.azure.com/.default"
CLI_MAX_S = 10
"""How long the developer's command line may take to give a token: it starts a program of its own."""


class Entra:
    """One credential for the process, closed with it."""

    def __init__(self, door: RealtimeDoor, settings: Settings) -> None:
        from azure.identity.aio import (  # here: it takes as long to import as all of ours, and a start with a key does not need it
            AzureDeveloperCliCredential,
            ChainedTokenCredential,
            DefaultAzureCredential,
        )

        host = urlsplit(door.base_url).hostname or ""
        self.scope = FOUNDRY_SCOPE if host.endswith(FOUNDRY_HOSTS) else OPENAI_SCOPE
        self._default = DefaultAzureCredential()
        self._credential: DefaultAzureCredential | ChainedTokenCredential = self._default
        if settings.azure_tenant_id:
            signed_in = AzureDeveloperCliCredential(tenant_id=settings.azure_tenant_id, process_timeout=CLI_MAX_S)
            self._credential = ChainedTokenCredential(signed_in, self._default)

    async def token(self) -> str:
        """A token that is valid now. Raises what azure-identity raises."""
        return (await self._credential.get_token(self.scope)).token

    async def close(self) -> None:
        """Let go of the credential's connections."""
        await self._credential.close()
