"""Under which names this service may be called and from which pages, and what those hear who come otherwise.

Host and Origin are each held against a list and never merely compared with each other, for a rebound DNS name passes that. Knows
header values, no request and no route.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from urllib.parse import urlsplit

from ..settings import LOOPBACK_HOSTS, is_loopback

log = logging.getLogger(__name__)

SCHEMES = {"http": 80, "https": 443}
"""With the port that a browser leaves out."""
NOTED_MAX = 50
"""Refused names that are logged, each once: a proxy has a few, and whoever scans the internet has any number."""
NAME_CHARS = 100
"""Of a refused name in the log: longer ones are no mistake of an administrator."""
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9.:/_\[\]-]")

UNKNOWN_NAME = "This service does not go by that name. Whoever runs it can give it the name with ASKALOUD_ALLOWED_HOSTS.\n"
UNKNOWN_PAGE = (
    "This service does not talk to that page. Whoever runs it can name the page's address: in ASKALOUD_ALLOWED_HOSTS where it is the "
    "service's own, else in ASKALOUD_ALLOWED_ORIGINS.\n"
)


class Names:
    """Made once, for the address that the service listens at, and for what the settings add: names with a port or without, and origins."""

    def __init__(self, host: str, port: int, more_hosts: tuple[str, ...] = (), more_origins: tuple[str, ...] = ()) -> None:
        self._host = host.lower()
        self._anywhere = not is_loopback(self._host)
        self._settled = bool(more_hosts)
        added = [_parted(name) for name in more_hosts]
        own = {*LOOPBACK_HOSTS, *([] if is_wildcard(self._host) else [self._host])}
        self._names = frozenset({*own, *(name for name, _ in added)})
        ours = {f"{scheme}://{written(name)}:{port}" for name in self._names for scheme in SCHEMES}
        ours |= {f"{scheme}://{written(name)}:{its}" for name, its in added if its for scheme in SCHEMES}
        # Without a port only where a proxy may stand in front: at a loopback name that would be another program's page.
        ours |= {f"{scheme}://{written(name)}" for name in self._names - {*LOOPBACK_HOSTS} for scheme in SCHEMES}
        ours |= {f"{scheme}://{written(name)}" for name in self._names for scheme, usual in SCHEMES.items() if usual == port}
        self._origins = frozenset({*ours, *more_origins})
        self._noted: set[str] = set()

    def knows_name(self, host: str | None) -> bool:
        """Whether `Host` is one of our names, whatever the port: a proxy may stand in front."""
        return _name_in(host) in self._names

    def knows_origin(self, origin: str | None) -> bool:
        """Whether a page from there may talk to us. No origin at all is a program, not a page."""
        return origin is None or origin.lower() in self._origins

    def refuse_name(self, host: str | None) -> str | None:
        """What a visitor is told who called us by this `Host`; None: it is one of our names."""
        if self.knows_name(host):
            return None
        self._note("Refused a visitor who called this service %s. If that is its name, ASKALOUD_ALLOWED_HOSTS must hold it", _name_in(host))
        return UNKNOWN_NAME

    def refuse_page(self, origin: str | None) -> str | None:
        """What a page of this `Origin` is told; None: it may talk to us."""
        if self.knows_origin(origin):
            return None
        self._note(
            "Refused a page of %s. If that is this service's own address, ASKALOUD_ALLOWED_HOSTS must hold its name, else "
            "ASKALOUD_ALLOWED_ORIGINS the address",
            _page_in(origin or ""),
        )
        return UNKNOWN_PAGE

    def caution(self) -> str | None:
        """What whoever starts the service should know: that others could reach it, and by which names alone they will be let in."""
        if not self._anywhere or self._settled:
            return None
        names = ", ".join(sorted(written(name) for name in self._names))
        return f"Whoever calls this service by another name than {names} is refused; ASKALOUD_ALLOWED_HOSTS takes more, as a proxy's"

    def _note(self, sentence: str, name: str | None) -> None:
        """Once for each name, for a while; `sentence` takes the name."""
        shown = NOT_IN_A_NAME.sub("?", (name or "?")[:NAME_CHARS])
        if shown in self._noted or len(self._noted) >= NOTED_MAX:
            return
        self._noted.add(shown)
        log.warning(sentence, shown)
        if len(self._noted) == NOTED_MAX:
            log.warning("Names and pages that are refused from now on are not logged")


def is_wildcard(host: str) -> bool:
    """Whether this stands for all addresses of the machine, and is none that a visitor could use."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def written(name: str) -> str:
    """As an address has it: an IPv6 number stands in brackets."""
    return f"[{name}]" if ":" in name else name


def _name_in(host: str | None) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname if host else None
    except ValueError:
        return None


def _page_in(origin: str) -> str | None:
    """What a browser says of where a page is from, and no more than that."""
    try:
        parts = urlsplit(origin)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    return f"{parts.scheme}://{written(parts.hostname)}{port}" if parts.hostname else origin if origin == "null" else None


def _parted(name: str) -> tuple[str, int | None]:
    """A name of the settings, and its port if it has one."""
    parts = urlsplit(f"//{name}")
    return parts.hostname or "", parts.port
