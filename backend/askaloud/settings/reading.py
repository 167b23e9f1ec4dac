"""How the text of one variable becomes a value. Each reader raises ValueError with the rest of a sentence that begins with its name.

No reader repeats what it was given: it may be a key that stands in the wrong line.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .addresses import BlobContainer

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
ACCESS_KEY_MIN_CHARS = 16
"""An access key stands between the internet and a paid service; 16 random characters cannot be guessed at any rate."""
INSTRUCTIONS_MAX_BYTES = 32_768
"""About 8,000 tokens, which are paid for with every answer: many times what a manner of speaking needs."""
OUTPUT_TOKENS_MAX = 4_096
"""The service's own limit of one answer."""

INTERRUPTION_MIN_MS = 100
"""No word is shorter than that."""

HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*)(:[0-9]{1,5})?")
"""A name or a number in the network, and perhaps a port."""
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
USUAL_PORTS = {"http": ":80", "https": ":443"}
"""Browsers leave these out."""

Reader = Callable[[str], Any]


def root_of(module: Path) -> Path:
    """Where `.env`, `.data` and the samples are: the checkout that holds the module, or the working directory of an installed program."""
    checkout = module.resolve().parents[2]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


ROOT = root_of(Path(__file__).parent)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in LOOPBACK_HOSTS


@dataclass(frozen=True, slots=True)
class Instructions:
    """An organisation's own words for the model, as they stood in a file when the service started."""

    path: Path
    text: str = field(repr=False)


def text(value: str) -> str:
    """As it is."""
    return value


def field_name(value: str) -> str:
    """A field of an index; empty for `none`, which says that there is no such field."""
    return "" if value.lower() == "none" else value


def flag(value: str) -> bool:
    """Yes or no, in the usual words."""
    lowered = value.lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise ValueError("must be true or false")


def hosts(value: str) -> tuple[str, ...]:
    """Names of this service, each with a port or without; an IPv6 number gets its brackets."""
    names = tuple(f"[{name}]" if name.count(":") > 1 and name[0] != "[" else name for name in _listed(value))
    if not all(map(_is_host, names)):
        raise ValueError("must be names as in ask.example.com or ask.example.com:8443, without https:// and without *, separated by commas")
    return names


def origins(value: str) -> tuple[str, ...]:
    """Addresses of pages as browsers name them: without a path, and without the port that goes without saying."""
    found = []
    for origin in _listed(value):
        scheme, mark, name = origin.rstrip("/").partition("://")
        if not mark or not SCHEME.fullmatch(scheme) or not _is_host(name):
            raise ValueError("must be addresses as in https://intranet.example.com, without a path, separated by commas")
        found.append(f"{scheme}://{name.removesuffix(USUAL_PORTS.get(scheme, ' '))}")
    return tuple(found)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in value.split(",") if part.strip())


def _is_host(name: str) -> bool:
    try:
        return HOST.fullmatch(name) is not None and urlsplit(f"//{name}").port != 0
    except ValueError:
        return False


def path(value: str) -> Path:
    """A file or a folder; a relative one is meant from the project's root."""
    given = Path(value).expanduser()
    return given if given.is_absolute() else ROOT / given


def documents(value: str) -> Path | BlobContainer:
    """A folder, or the address of a container of Azure Blob Storage, with or without a signature (SAS)."""
    if "://" not in value:
        return path(value)
    plain, _, sas = value.partition("?")
    container = address("https", "http")(plain)
    if not urlsplit(container).path.strip("/"):
        raise ValueError("must end with the name of a container, as in https://ACCOUNT.blob.core.windows.net/CONTAINER")
    if sas and "sig=" not in sas:
        raise ValueError("has a question mark, but no signature (sig=) behind it")
    if not sas and container.startswith("http:"):
        raise ValueError("must be encrypted (https://) where no signature stands behind it: a token of Entra ID would travel with it")
    return BlobContainer(container, sas or None)


def address(*schemes: str) -> Callable[[str], str]:
    """An absolute address; the last word is encrypted unless the host is loopback, for a key travels with it."""

    def read(value: str) -> str:
        expected = f"must be an address that begins with {' or '.join(s + '://' for s in schemes if s[-1] == 's')}"
        try:
            parts = urlsplit(value)
            has_odd_port = parts.port == 0
        except ValueError as wrong:
            raise ValueError(expected) from wrong
        if parts.scheme not in schemes or not parts.hostname or has_odd_port:
            raise ValueError(expected)
        if parts.username or parts.password:
            raise ValueError("must be an address without a user and a password")
        if parts.query or parts.fragment:
            raise ValueError("must be the address alone, without the question mark (or #) and what stands behind it")
        if parts.scheme in {"http", "ws"} and parts.hostname not in LOOPBACK_HOSTS:
            raise ValueError(f"must be encrypted ({parts.scheme}s://): unencrypted is for loopback only")
        return value.rstrip("/")

    return read


def function(value: str) -> str:
    """The name of a function, as `package.module:function`; whether it is there is found out when the service starts."""
    module, _, name = value.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), name)):
        raise ValueError("must name a function as package.module:function")
    return value


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words, written in small letters or capitals."""

    def read(value: str) -> str:
        for word in words:
            if value.lower() == word.lower():
                return word
        raise ValueError(f"must be {' or '.join((', '.join(words[:-1]), words[-1]) if len(words) > 1 else words)}")

    return read


def number(low: float, high: float) -> Callable[[str], float]:
    """A number within bounds."""

    def read(value: str) -> float:
        try:
            found = float(value)
        except ValueError:
            found = float("nan")
        if not low <= found <= high:
            raise ValueError(f"must be a number between {low:g} and {high:g}")
        return found

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and low <= int(value[:10]) <= high):
            raise ValueError(f"must be a whole number between {low} and {high}")
        return int(value)

    return read


def interruption(value: str) -> int:
    """Milliseconds of speech: 0, or 100 to 1000."""
    read: int = whole(0, 1_000)(value)
    if 0 < read < INTERRUPTION_MIN_MS:
        raise ValueError(f"must be 0 or lie between {INTERRUPTION_MIN_MS} and 1000")
    return read


def output_tokens(value: str) -> int | str:
    """The most tokens of one answer, or `inf`."""
    if value.lower() == "inf":
        return "inf"
    try:
        return whole(1, OUTPUT_TOKENS_MAX)(value)
    except ValueError as wrong:
        raise ValueError(f"{wrong}, or inf") from None


def truncation(value: str) -> str | float:
    """`auto`, `disabled`, or the part of a full conversation that is kept."""
    if value.lower() in {"auto", "disabled"}:
        return value.lower()
    try:
        return number(0, 1)(value)
    except ValueError as wrong:
        raise ValueError(f"{wrong}, or auto or disabled") from None


def scope(value: str) -> str:
    """What a token of Entra ID is for."""
    if not value.startswith(("https://", "api://")) or not value.endswith("/.default"):
        raise ValueError("must look like https://cognitiveservices.azure.com/.default")
    return value


def access_key(value: str) -> str:
    """Long enough not to be guessed."""
    if len(value) < ACCESS_KEY_MIN_CHARS:
        raise ValueError(f"must have at least {ACCESS_KEY_MIN_CHARS} characters")
    return value


def instructions(value: str) -> Instructions:
    """The words of a file: there, readable, UTF-8, not empty, not too long."""
    file = path(value)
    try:
        with file.open("rb") as opened:
            content = opened.read(INSTRUCTIONS_MAX_BYTES + 1)
    except OSError as wrong:
        reason = "is not there" if isinstance(wrong, FileNotFoundError) else f"cannot be read ({wrong.strerror})"
        raise ValueError(f"names a file that {reason}") from None
    if len(content) > INSTRUCTIONS_MAX_BYTES:
        raise ValueError(f"names a file of more than {INSTRUCTIONS_MAX_BYTES} bytes")
    try:
        words = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError("names a file that is not text in UTF-8") from None
    if not words:
        raise ValueError("names a file that is empty")
    return Instructions(file, words)
