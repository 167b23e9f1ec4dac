"""What an address of the model, of the search service and of a container is: words that `doors` and the rooms behind the doors share."""

from __future__ import annotations

from dataclasses import dataclass, field


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
