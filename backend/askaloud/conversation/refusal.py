"""What a refusal of the model means to a person: a code, a sentence, and the setting to look at. Pure.

Knows the answers to a handshake, the ways in which it fails, and the errors and closes that come before a conversation has begun. The
service's own words are never repeated. Source: Azure OpenAI's and OpenAI's error codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Notice, NoticeCode
from .events.objects import StatusError

RETRY_MAX_MS = 600_000
"""A longer wait than ten minutes is no use to somebody who wants to talk."""
TRY_AGAIN_LATER = 1013
NAME = re.compile(r"[\w.\[\]-]{1,80}", re.ASCII)
"""What the name of a code or a field looks like."""
NO_LONGER_OFFERED = "beta_api_shape_disabled"
VERSION = "ASKALOUD_REALTIME_API_VERSION"
DIALECT_PARAM = "session.type"
"""GA wants this field and the preview does not know it: whoever refuses it, or misses it, speaks the other one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which settings say where a model is, who we are to it, and which model it is."""

    address: str
    key: str
    model: str


SETTINGS: Mapping[str, Settings] = {
    "azure": Settings("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_REALTIME_DEPLOYMENT"),
    "openai": Settings("the network", "OPENAI_API_KEY", "ASKALOUD_REALTIME_MODEL"),
    "custom": Settings("ASKALOUD_REALTIME_URL", "ASKALOUD_REALTIME_API_KEY", "ASKALOUD_REALTIME_MODEL"),
    "stand-in": Settings("ASKALOUD_DATA", "ASKALOUD_DATA", "ASKALOUD_DATA"),
}
"""By the door's kind."""

NO_SUCH_MODEL = frozenset({"DeploymentNotFound", "OperationNotSupported", "model_not_found"})
"""Codes of a model that is not there, or that is no realtime model."""
REFUSED_KEY = frozenset({"invalid_api_key", "authentication_error", "PermissionDenied"})
USED_UP = frozenset({"insufficient_quota", "rate_limit_exceeded", "429"})


def by_status(kind: str, status: int, *, code: str | None = None, retry_after: str | None = None, signed_in: bool = False) -> Notice:
    """A handshake that was answered with something else than yes. `code` is the body's, where it had one."""
    names = _names(kind)
    if status in {401, 403}:
        return _who_are_you(names, signed_in=signed_in)
    if status == 404 or code in NO_SUCH_MODEL:
        return _no_such_model(names)
    if status == 429:
        return _used_up(_retry_after_ms(retry_after))
    if status >= 500:
        said = f"The model's service is in trouble ({status}). If that lasts, somebody should look at {names.address}."
        return _notice(NoticeCode.MODEL_UNREACHABLE, said, _retry_after_ms(retry_after))
    if status < 300:
        return _unreachable(names, "There is a page where the model should be")
    return _unreachable(names, f"The model's door answered with {status}")


def unreachable(kind: str, why: str = "The model cannot be reached") -> Notice:
    """Nobody is there, or nobody who speaks this protocol."""
    return _unreachable(_names(kind), why)


def no_way_out(kind: str) -> Notice:
    """A proxy stands between this network and the model, and does not let us through, or is none that we can use."""
    said = "The proxy of this network does not lead to the model. Somebody should look at HTTPS_PROXY, ALL_PROXY and NO_PROXY"
    return _notice(NoticeCode.MODEL_UNREACHABLE, f"{said}, or at {_names(kind).address}.")


def untrusted(kind: str) -> Notice:
    """The other side of TLS did not prove who it is, or does not speak TLS."""
    return _notice(
        NoticeCode.MODEL_UNTRUSTED,
        f"The model's server did not prove who it is (TLS). Somebody should look at {_names(kind).address} and at the certificates "
        "that this machine trusts (SSL_CERT_FILE).",
    )


def too_late(kind: str) -> Notice:
    """Nobody answered in time."""
    return _notice(
        NoticeCode.MODEL_TIMEOUT,
        f"The model did not answer in time. Please try again; if that lasts, somebody should look at {_names(kind).address}.",
    )


def not_signed_in(kind: str) -> Notice:
    """No token came from Entra ID."""
    key = _names(kind).key
    return _notice(NoticeCode.MODEL_REFUSED_KEY, f"Signing in to the model failed. Somebody should look at {key} or the Entra ID login.")


def by_error(kind: str, code: str | None, param: str | None) -> Notice | None:
    """An error that came before our session was taken; None where it is about that session and no more."""
    names = _names(kind)
    if code == NO_LONGER_OFFERED or param == DIALECT_PARAM:
        return _wrong_dialect()
    if code in REFUSED_KEY:
        return _who_are_you(names, signed_in=False)
    if code in NO_SUCH_MODEL:
        return _no_such_model(names)
    return _used_up(None) if code in USED_UP else None


def used_up(error: StatusError | None) -> bool:
    """Whether an answer failed because there is no quota left."""
    return error is not None and bool(USED_UP & {error.code, error.type})


def by_close(kind: str, code: int | None, reason: str) -> Notice:
    """The model hung up before our session was taken."""
    names = _names(kind)
    if NO_LONGER_OFFERED in reason:
        return _wrong_dialect()
    if code == TRY_AGAIN_LATER:
        return _used_up(None)
    return _notice(
        NoticeCode.MODEL_HUNG_UP,
        f"The model hung up before the conversation began ({code or 'without a word'}). Please try again; if that lasts, somebody should "
        f"look at {names.model} and {names.address}.",
    )


def detail(*words: str | None) -> str:
    """For the log: what the service named as wrong, where it looks like a name and not like a sentence, which may quote somebody."""
    return f" [{', '.join(word if word and NAME.fullmatch(word) else '?' for word in words)}]"


def _who_are_you(names: Settings, *, signed_in: bool) -> Notice:
    if signed_in:
        said = (
            "The model refused who we signed in as. Somebody should look at that identity's role (Cognitive Services OpenAI User) "
            "and at ASKALOUD_ENTRA_SCOPE."
        )
    else:
        said = f"The model refused our key. Somebody should look at {names.key}."
    return _notice(NoticeCode.MODEL_REFUSED_KEY, said)


def _no_such_model(names: Settings) -> Notice:
    said = f"There is no such realtime model. Somebody should look at {names.model}, {names.address} and {VERSION}."
    return _notice(NoticeCode.MODEL_MISSING, said)


def _used_up(retry_after_ms: int | None) -> Notice:
    return _notice(
        NoticeCode.MODEL_QUOTA,
        "The model is busy: its quota is used up for the moment. If that lasts, somebody should raise the quota of the deployment.",
        retry_after_ms,
    )


def _wrong_dialect() -> Notice:
    return _notice(
        NoticeCode.MODEL_WRONG_DIALECT, f"The model's server speaks another version of the protocol. Somebody should look at {VERSION}."
    )


def _unreachable(names: Settings, why: str) -> Notice:
    return _notice(NoticeCode.MODEL_UNREACHABLE, f"{why}. Somebody should look at {names.address}.")


def _notice(code: NoticeCode, message: str, retry_after_ms: int | None = None) -> Notice:
    return Notice(code, message, recoverable=False, retry_after_ms=retry_after_ms)


def _names(kind: str) -> Settings:
    return SETTINGS.get(kind, SETTINGS["custom"])


def _retry_after_ms(header: str | None) -> int | None:
    said = (header or "").strip()
    if not (said.isascii() and said.isdigit()):
        return None
    return min(int(said[:10]) * 1000, RETRY_MAX_MS)
