"""Who may knock: only this machine, no page of a browser, and nobody without the key.

Decides from headers alone, for both doors, before anything is accepted. It knows no route.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Protocol

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names under which loopback is called. Another name means that a page's address was made to point here (DNS rebinding)."""

BEARER = "bearer "


class Headers(Protocol):
    """The headers of a request, their names in any case."""

    def get(self, key: str, /) -> str | None:
        """The value, or None."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nobody gets in: a status, the service's code, and a sentence."""

    status: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Holds the key of both doors."""

    key: str = field(repr=False)

    def stops(self, headers: Headers, *, without_key: int, in_query: str = "") -> Stop | None:
        """None lets the request in. `without_key` is the status for a wrong or missing key: 403 at Search, 401 at Realtime.

        `in_query`: the address's `api-key`, which Realtime takes too, for a browser's WebSocket has no headers of its own (Microsoft,
        "Use the Realtime API via WebSockets").
        """
        host = (headers.get("Host") or "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name not in LOOPBACK_NAMES:
            return Stop(403, "Forbidden", "This server answers only under a loopback name.")
        if headers.get("Origin") is not None:
            return Stop(403, "Forbidden", "This server answers no page of a browser.")
        if not self._knows(headers, in_query):
            code = "Forbidden" if without_key == 403 else "invalid_api_key"
            return Stop(without_key, code, "The key is missing or wrong: send it as 'api-key', or as 'Authorization: Bearer'.")
        return None

    def _knows(self, headers: Headers, in_query: str) -> bool:
        """Each may carry the key; all are compared in constant time."""
        given = [headers.get("api-key") or "", in_query]
        authorization = headers.get("Authorization") or ""
        if authorization.lower().startswith(BEARER):
            given.append(authorization[len(BEARER) :].strip())
        return any(hmac.compare_digest(one.encode(), self.key.encode()) for one in given)
