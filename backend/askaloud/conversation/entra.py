"""Signs in to the model with Entra ID, where no key is set. A token is asked for at each connect; one that is still good is kept.

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
        from azure.identity.aio import get_bearer_token_provider  # here: a start with keys does not need it

        host = urlsplit(door.base_url).hostname or ""
        self.scope = settings.entra_scope or (FOUNDRY_SCOPE if host.endswith(FOUNDRY_HOSTS) else OPENAI_SCOPE)
        self._credential = entra_id(settings.azure_tenant_id)
        # Not every credential keeps its token (that of App Service's identities asks each time); this keeps it, and asks once for all.
        self._provider = get_bearer_token_provider(self._credential, self.scope)

    async def token(self) -> str:
        """A token that is valid now. Raises what azure-identity raises."""
        return await self._provider()

    async def close(self) -> None:
        """Let go of the credential's connections."""
        await self._credential.close()
