"""Who may knock: under which names this service may be called, from which pages, and with which key.

Host and Origin are each held against a list and never merely compared with each other, for a rebound DNS name passes that. Knows
header values, no request and no route.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from ..settings import LOOPBACK_HOSTS

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
SCHEMES = {"http": 80, "https": 443}
"""With the port that a browser leaves out."""
WILDCARDS = frozenset({"0.0.0.0", "::"})


@dataclass
class Door:
    """Made once, for the address that the service listens on."""

    host: str
    port: int
    access_key: str | None = field(default=None, repr=False)
    more_hosts: tuple[str, ...] = ()
    more_origins: tuple[str, ...] = ()
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _tickets: OrderedDict[str, float] = field(default_factory=OrderedDict, repr=False)
    _notes: float = WRONG_KEYS_BURST
    _noted_at: float = 0.0

    def __post_init__(self) -> None:
        names = {*LOOPBACK_HOSTS, *self.more_hosts}
        if self.host not in WILDCARDS:
            names.add(self.host.lower())
        self._hosts = frozenset(names)
        ours = {f"{scheme}://{_written(name)}:{self.port}" for name in names for scheme in SCHEMES}
        # Without a port only where a proxy may stand in front: at a loopback name that would be another program's page.
        ours |= {f"{scheme}://{_written(name)}" for name in names - {*LOOPBACK_HOSTS} for scheme in SCHEMES}
        ours |= {f"{scheme}://{_written(name)}" for name in names for scheme, port in SCHEMES.items() if port == self.port}
        self._origins = frozenset({*ours, *self.more_origins})

    def knows_name(self, host: str | None) -> bool:
        """Whether `Host` is one of our names, whatever the port: a proxy may stand in front."""
        if not host:
            return False
        try:
            return urlsplit(f"//{host}").hostname in self._hosts
        except ValueError:
            return False

    def knows_origin(self, origin: str | None) -> bool:
        """Whether a page from there may talk to us. No origin at all is a program, not a page."""
        return origin is None or origin.lower() in self._origins

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


def _written(name: str) -> str:
    """As an address has it: an IPv6 number stands in brackets."""
    return f"[{name}]" if ":" in name else name


def bearer(authorization: str | None, api_key: str | None) -> str | None:
    """The key as SDKs send it: `Authorization: Bearer …`, or Azure's `api-key`."""
    if authorization and authorization[:7].lower() == "bearer ":
        return authorization[7:].strip()
    return api_key
