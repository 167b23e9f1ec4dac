"""Where a chat server is. Kept apart from who asks it, for that loads a client library of some size."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ChatServer:
    """`url` up to the part before `/chat/completions`, the model to ask for, and the key that the server may want."""

    url: str
    model: str
    key: str = field(default="", repr=False)
