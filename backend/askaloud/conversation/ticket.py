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
        self._before: bytes | None = None

    def renew(self, offered: str | None = None) -> str:
        """A new token. The one that was offered for it is worth nothing any more once the page has shown that it got the new one."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._before, self._hash = None if offered is None else _hashed(offered), _hashed(token)
        return token

    def arrived(self) -> None:
        """The page that was given the last token speaks: it has it."""
        self._before = None

    def fits(self, token: str) -> bool:
        """Whether this is the token that was given last, or the one for which it was given while nobody knows whether it arrived."""
        if len(token) > TOKEN_MAX_CHARS:
            return False
        offered = _hashed(token)
        return any(known is not None and hmac.compare_digest(known, offered) for known in (self._hash, self._before))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
