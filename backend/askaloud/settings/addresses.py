"""What an address of the model, of the search service and of a container is: words that `doors` and the rooms behind the doors share.

The scopes of Entra ID are those of Microsoft's quick-start pages for `*.openai.azure.com` and `*.services.ai.azure.com`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

FOUNDRY_HOSTS = ".services.ai.azure.com"
FOUNDRY_PROJECT = "/api/projects/"
"""Foundry's portal shows a project's address; the APIs of OpenAI belong to the resource before it."""
FOUNDRY_SCOPE = "https://ai.azure.com/.default"
OPENAI_SCOPE = "https://cognitiveservices.azure.com/.default"


@dataclass(frozen=True, slots=True)
class RealtimeDoor:
    """Where the model is. `base_url` is a ws or wss address that ends before `/realtime`; no key means Entra ID."""

    base_url: str
    model: str
    api_key: str | None = field(repr=False)
    kind: str
    """`azure`, `openai`, `custom` or `stand-in`; for the log, the page, the key's header and the transcriber assumed."""
    preview: str | None = None
    """The api-version of a server that still speaks the preview of the protocol; None: GA."""

    @property
    def flavour(self) -> str:
        """Which server and which protocol, in words."""
        server = {"azure": "Azure", "openai": "OpenAI", "stand-in": "the stand-in"}.get(self.kind, "a server of your own")
        return f"preview {self.preview} on {server}" if self.preview else f"GA on {server}"


@dataclass(frozen=True, slots=True)
class SearchDoor:
    """Where the search service is; no key means Entra ID."""

    endpoint: str
    index: str
    api_key: str | None = field(repr=False)
    kind: str
    """`azure` or `stand-in`."""


@dataclass(frozen=True, slots=True)
class BlobContainer:
    """A container of Azure Blob Storage. `url` ends with its name, without a slash; no `sas` (the signature in an address): Entra ID."""

    url: str
    sas: str | None = field(default=None, repr=False)


def resource_of(endpoint: str) -> str:
    """An Azure OpenAI or Foundry resource, without what the portals show behind it: its address up to the part before `/openai`."""
    parts = urlsplit(endpoint)
    path = parts.path.rstrip("/").removesuffix("/realtime").removesuffix("/v1").removesuffix("/openai")
    if _is_foundry(endpoint):
        path = path.partition(FOUNDRY_PROJECT)[0]
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def token_scope(endpoint: str) -> str:
    """What a resource of this address wants its tokens of Entra ID for."""
    return FOUNDRY_SCOPE if _is_foundry(endpoint) else OPENAI_SCOPE


def _is_foundry(endpoint: str) -> bool:
    return (urlsplit(endpoint).hostname or "").endswith(FOUNDRY_HOSTS)
