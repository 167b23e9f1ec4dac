"""How this process signs in with Entra ID where no key is set: one choice of credential for everything that talks to Azure.

It knows no settings, no scope and no address. The variables that azure-identity reads for itself are named in `settings.IDENTITY`.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from .errors import SettingsError

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions
    from azure.core.credentials_async import AsyncSupportsTokenInfo
    from azure.identity.aio import ChainedTokenCredential

CLI_MAX_S = 10
"""How long the developer's command line may take to give a token: it starts a program of its own."""

ENDS_SOON_S = 300
"""A token that ends within this time is not handed out any more; azure-core holds its own tokens to the same."""

FAILED_MAX_S = 60.0
"""So long a failure that nobody waited for is told to whoever asks next, who would wait just as long for the same one."""

_Wish: TypeAlias = tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]
"""Scopes and options of a token."""


@dataclass(slots=True)
class _Coming:
    """A token on its way, or one that came when nobody waited any more."""

    task: asyncio.Task[AccessTokenInfo]
    ended_at: float | None = None
    """By the clock of the loop."""

    def ended(self, task: asyncio.Task[AccessTokenInfo]) -> None:
        self.ended_at = task.get_loop().time()
        if not task.cancelled():
            task.exception()  # it is told to whoever asks next, if anybody does

    def is_good(self) -> bool:
        """Whether it is worth waiting for, or being told."""
        if self.ended_at is None:
            return True
        if self.task.cancelled() or self.task.exception() is not None:
            return not self.task.cancelled() and self.task.get_loop().time() - self.ended_at < FAILED_MAX_S
        return self.task.result().expires_on - time.time() > ENDS_SOON_S


class Identity:
    """A credential for the official clients, around azure-identity's: a token is fetched once for all who wait for it at a time, and
    goes on to come where whoever asked gives up, for the next one. Tokens that were handed out are kept by the clients.

    Made by `entra_id`, closed by who asked for it.
    """

    def __init__(self, credential: AsyncSupportsTokenInfo) -> None:
        self.credential = credential
        self._coming: dict[_Wish, _Coming] = {}

    @property
    def fetching(self) -> bool:
        """Whether a token is on its way just now."""
        return any(not coming.task.done() for coming in self._coming.values())

    def fetch_soon(self, scope: str) -> None:
        """Begin to fetch a token that will be asked for. Nobody is told if that fails: whoever asks is."""
        self._fetch((scope,), {})

    async def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """A token that is valid now. Raises what azure-identity raises."""
        wish, coming = self._fetch(scopes, options or {})
        try:
            return await asyncio.shield(coming.task)
        finally:
            if coming.task.done() and self._coming.get(wish) is coming:
                del self._coming[wish]

    async def get_token(
        self, *scopes: str, claims: str | None = None, tenant_id: str | None = None, enable_cae: bool = False, **_: Any
    ) -> AccessToken:
        """The same, in the older shape."""
        from azure.core.credentials import AccessToken

        asked = {"claims": claims, "tenant_id": tenant_id, "enable_cae": enable_cae}
        options: Any = {name: value for name, value in asked.items() if value}
        token = await self.get_token_info(*scopes, options=options)
        return AccessToken(token.token, token.expires_on)

    async def close(self) -> None:
        """Give up what is on its way, and let go of the credential's connections."""
        tasks = [coming.task for coming in self._coming.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.credential.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _fetch(self, scopes: tuple[str, ...], options: TokenRequestOptions) -> tuple[_Wish, _Coming]:
        wish: _Wish = (scopes, tuple(sorted(options.items())))
        coming = self._coming.get(wish)
        if coming is None or not coming.is_good():
            coming = _Coming(asyncio.create_task(self._ask(scopes, options), name="entra id token"))
            coming.task.add_done_callback(coming.ended)
            self._coming[wish] = coming
        return wish, coming

    async def _ask(self, scopes: tuple[str, ...], options: TokenRequestOptions) -> AccessTokenInfo:
        return await self.credential.get_token_info(*scopes, options=options)


class Dispensable:
    """A credential that others stand behind: where it fails in whatever way, the next of a chain is asked."""

    def __init__(self, credential: AsyncSupportsTokenInfo) -> None:
        self.credential = credential

    async def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """Its token. Raises CredentialUnavailableError, and no other error of Azure's."""
        from azure.core.exceptions import AzureError
        from azure.identity import CredentialUnavailableError

        try:
            return await self.credential.get_token_info(*scopes, options=options)
        except (AzureError, OSError, ValueError) as failed:  # as of a login that has run out; a chain would end there
            raise CredentialUnavailableError(str(failed)) from failed

    async def close(self) -> None:
        """Let go of its connections."""
        await self.credential.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def entra_id(tenant: str | None) -> Identity:
    """A credential, to be closed by who asked for it: azure-identity's own choice; with a tenant, before that whoever `azd` signed in
    there, and before all the identity of a program that the environment names in full.

    Makes no call. Raises `SettingsError` where azure-identity would not try it with what the environment says.
    """
    try:
        return Identity(_chain(tenant))
    except ValueError as wrong:  # of a tenant that cannot be one, or a kind of credential that there is not
        name = (
            "AZURE_TENANT_ID" if tenant and "tenant" in str(wrong).lower() else "AZURE_TOKEN_CREDENTIALS or AZURE_CLIENT_CERTIFICATE_PATH"
        )
        raise SettingsError([f"{name} is not as signing in with Entra ID needs it."]) from wrong
    except OSError as wrong:
        raise SettingsError(["AZURE_CLIENT_CERTIFICATE_PATH is no file that can be read."]) from wrong


def _chain(tenant: str | None) -> ChainedTokenCredential:
    from azure.identity.aio import (  # here: it takes as long to import as all of ours, and a start with keys does not need it
        AzureDeveloperCliCredential,
        ChainedTokenCredential,
        DefaultAzureCredential,
    )

    chosen = os.environ.get("AZURE_TOKEN_CREDENTIALS", "").strip().lower()
    if not tenant or chosen not in {"", "dev", "azuredeveloperclicredential"}:
        return DefaultAzureCredential()
    # The default one takes its tenant from the environment for a program's identity, but asks `azd` for a token of its home tenant.
    azd = Dispensable(AzureDeveloperCliCredential(tenant_id=tenant, process_timeout=CLI_MAX_S))
    named = [] if chosen else _named_in_full()
    return ChainedTokenCredential(*named, azd, DefaultAzureCredential())


def _named_in_full() -> list[AsyncSupportsTokenInfo]:
    """The identities for which the environment has all that they need. AZURE_CLIENT_ID alone names a managed one, which may not be here."""
    from azure.identity.aio import EnvironmentCredential, WorkloadIdentityCredential

    def has(*names: str) -> bool:
        return all(os.environ.get(name) for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", *names))

    found: list[AsyncSupportsTokenInfo] = []
    if has("AZURE_CLIENT_SECRET") or has("AZURE_CLIENT_CERTIFICATE_PATH"):
        found.append(EnvironmentCredential())
    if has("AZURE_FEDERATED_TOKEN_FILE"):
        found.append(WorkloadIdentityCredential())
    return found
