"""How this process signs in with Entra ID where no key is set: one choice of credential for everything that talks to Azure.

It knows no settings, no scope and no address. The variables that azure-identity reads for itself are named in `settings.IDENTITY`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure.identity.aio import ChainedTokenCredential

CLI_MAX_S = 10
"""How long the developer's command line may take to give a token: it starts a program of its own."""


def entra_id(tenant: str | None) -> ChainedTokenCredential:
    """A credential, to be closed by who asked for it: azure-identity's own choice; with a tenant, first whoever `azd` signed in there.

    Makes no call. Raises ValueError where the tenant cannot be the name of one.
    """
    from azure.identity.aio import (  # here: it takes as long to import as all of ours, and a start with keys does not need it
        AzureDeveloperCliCredential,
        ChainedTokenCredential,
        DefaultAzureCredential,
    )

    if not tenant:
        return DefaultAzureCredential()
    # The default one takes its tenant from the environment for a program's identity, but asks `azd` for a token of its home tenant.
    return ChainedTokenCredential(AzureDeveloperCliCredential(tenant_id=tenant, process_timeout=CLI_MAX_S), DefaultAzureCredential())
