"""Signs in to the model with Entra ID, where no key is set. A token is asked for at each connect; one that is still good is kept.

ASKALOUD_ENTRA_SCOPE goes before the scope that the address wants. Knows nothing of sockets. Source: azure-identity's aio credentials.
"""

from __future__ import annotations

from ..identity import entra_id
from ..settings import RealtimeDoor, Settings, token_scope


class Entra:
    """One credential for the process, closed with it."""

    def __init__(self, door: RealtimeDoor, settings: Settings) -> None:
        from azure.identity.aio import get_bearer_token_provider  # here: a start with keys does not need it

        self.scope = settings.entra_scope or token_scope(door.base_url)
        self._credential = entra_id(settings.azure_tenant_id)
        # Not every credential keeps its token (that of App Service's identities asks each time); this keeps it, and asks once for all.
        self._provider = get_bearer_token_provider(self._credential, self.scope)

    async def token(self) -> str:
        """A token that is valid now. Raises what azure-identity raises."""
        return await self._provider()

    async def close(self) -> None:
        """Let go of the credential's connections."""
        await self._credential.close()
