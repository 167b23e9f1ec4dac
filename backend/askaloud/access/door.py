"""Who may come in: with the key, with a one-time link, or with the cookie that either gives. Under which name is for `names` to say.

Knows header values, no request and no route.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256

from .names import Names

log = logging.getLogger(__name__)

COOKIE = "askaloud_access"
COOKIE_S = 12 * 3600
"""A working day; after that the page asks for the key again."""
TICKETS_MAX = 200
"""One-time links that were made and not yet used; more are not sent out by hand."""
TICKET_S = 24 * 3600
"""A link that was sent by mail is opened the same day or not at all."""
WRONG_KEYS_BURST = 20
"""Wrong keys that are logged one by one, from everybody together: a person's slips are fewer."""
WRONG_KEYS_REFILL_PER_S = 0.2
"""After that one in five seconds. A brake on the noise of guesses, not the lock: every key is compared, and its length keeps it safe."""


@dataclass
class Door:
    """Made once, for the names that the service goes by."""

    names: Names = field(repr=False)
    access_key: str | None = field(default=None, repr=False)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _tickets: OrderedDict[str, float] = field(default_factory=OrderedDict, repr=False)
    _notes: float = WRONG_KEYS_BURST
    _noted_at: float = 0.0

    def lets_in(self, bearer: str | None, cookie: str | None) -> bool:
        """Whether the visitor knows the key or has been let in before. Without an access key everybody is."""
        if self.access_key is None:
            return True
        return (cookie is not None and self._is_cookie(cookie)) or (bearer is not None and self.try_key(bearer))

    def try_key(self, key: str) -> bool:
        """Whether this is the key. The right one always gets in, however many wrong ones came before it from whomever."""
        if self.access_key is not None and self._is_key(key):
            return True
        self._note_wrong_key()
        return False

    def ticket(self) -> str:
        """The secret of a new one-time link."""
        while len(self._tickets) >= TICKETS_MAX:
            self._tickets.popitem(last=False)
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = time.monotonic() + TICKET_S
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Whether this link was made by us and not used before."""
        until = self._tickets.pop(ticket, None)
        return until is not None and time.monotonic() < until

    def cookie(self) -> str:
        """The value that lets a browser in for a while."""
        until = f"{int(time.time()) + COOKIE_S:x}"
        return f"{until}.{self._mac(until)}"

    def _note_wrong_key(self) -> None:
        now = time.monotonic()
        self._notes = min(WRONG_KEYS_BURST, self._notes + (now - self._noted_at) * WRONG_KEYS_REFILL_PER_S)
        self._noted_at = now
        if self._notes >= 1:
            self._notes -= 1
            log.warning("Somebody gave a wrong access key")

    def _is_cookie(self, cookie: str) -> bool:
        until, _, mac = cookie.partition(".")
        if not cookie.isascii() or not hmac.compare_digest(mac, self._mac(until)):
            return False
        return time.time() < int(until, 16)

    def _mac(self, until: str) -> str:
        return hmac.new(self._secret, until.encode(), sha256).hexdigest()

    def _is_key(self, key: str) -> bool:
        """Takes as long for a key that is nearly right as for any other of its length."""
        return hmac.compare_digest(key.encode(), (self.access_key or "").encode())


def bearer(authorization: str | None, api_key: str | None) -> str | None:
    """The key as SDKs send it: `Authorization: Bearer …`, or Azure's `api-key`."""
    if authorization and authorization[:7].lower() == "bearer ":
        return authorization[7:].strip()
    return api_key
