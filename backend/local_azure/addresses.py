"""Addresses of other people's servers in the settings: plain, and encrypted but for loopback, for words and a key travel there."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def what_is_wrong(name: str, address: str) -> str | None:
    """The sentence about this setting's address; None where it is well."""
    try:
        parts = urlsplit(address)
        fits = bool(parts.hostname) and parts.port != 0 and not (parts.username or parts.query or parts.fragment)
    except ValueError:
        return f"{name} is no address."
    if not fits or parts.scheme not in {"http", "https"}:
        return f"{name} must be a plain address that begins with https:// or, on loopback, http://."
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return f"{name} must be encrypted (https://): unencrypted is for loopback only."
    return None
