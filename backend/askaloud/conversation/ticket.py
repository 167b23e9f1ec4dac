"""What lets a page come back to its conversation: a token of 128 random bits, of which only the hash is kept, new at each attach.

It never stands in an address or a log. An id alone opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_BYTES = 16
"""128 bits: nobody guesses that in two minutes."""
TOKEN_MAX_CHARS = 64
"""What may be offered as one; ours have 22."""


class Ticket:
    """Owned by one conversation."""

    def __init__(self) -> None:
        self._hash: bytes | None = None

    def renew(self) -> str:
        """A new token; the one before is worth nothing from now on."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._hash = _hashed(token)
        return token

    def fits(self, token: str) -> bool:
        """Whether this is the token that was given last."""
        if self._hash is None or len(token) > TOKEN_MAX_CHARS:
            return False
        return hmac.compare_digest(self._hash, _hashed(token))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
