"""Signs in to the model with Entra ID, where no key is set. A token is fetched for each connect; the credential caches it.

Knows the scope that each kind of address wants (ASKALOUD_ENTRA_SCOPE goes before it), and nothing of sockets. Source: azure-identity's aio
credentials; the scopes are those of Microsoft's quick-start pages for `*.openai.azure.com` and `*.services.ai.azure.com`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ..identity import entra_id
from ..settings import RealtimeDoor, Settings

FOUNDRY_HOSTS = ".services.ai.azure.com"
FOUNDRY_SCOPE = "https://ai.azure.com/.default"
OPENAI_SCOPE = "https://cognitiveservices.azure.com/.default"


class Entra:
    """One credential for the process, closed with it."""

    def __init__(self, door: RealtimeDoor, settings: Settings) -> None:
        host = urlsplit(door.base_url).hostname or ""
        self.scope = settings.entra_scope or (FOUNDRY_SCOPE if host.endswith(FOUNDRY_HOSTS) else OPENAI_SCOPE)
        self._credential = entra_id(settings.azure_tenant_id)

    async def token(self) -> str:
        """A token that is valid now. Raises what azure-identity raises."""
        return (await self._credential.get_token(self.scope)).token

    async def close(self) -> None:
        """Let go of the credential's connections."""
        await self._credential.close()
