"""What each failure of the search service means to a person: a code, a sentence, and the setting to look at.

Nothing that the service wrote is repeated, for its messages may quote the question.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import ClientConnectorCertificateError, ClientConnectorDNSError, ClientSSLError
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestTimeoutError,
    ServiceResponseTimeoutError,
)

from ..errors import KnowledgeError, Notice, NoticeCode
from ..settings import SearchDoor

RETRY_AFTER_AT_MOST_S = 120.0
"""Seconds of a Retry-After that are believed; a longer pause is no use to somebody who is talking."""

WORTH_A_RETRY = frozenset({429, 503})
"""Too busy for a moment. Other answers would be the same a second time."""


def explained(failure: Exception, door: SearchDoor) -> KnowledgeError:
    """The `KnowledgeError` for anything that the official client or the deadline raised."""
    if isinstance(failure, TimeoutError | ServiceRequestTimeoutError | ServiceResponseTimeoutError):
        return _error(NoticeCode.SEARCH_SLOW, "The search took too long and was given up. Ask again in a moment.")
    if isinstance(failure, IncompleteReadError):
        return _error(NoticeCode.SEARCH_DOWN, f"The search service broke off in the midst of an answer. {_address_hint(door)}")
    if isinstance(failure, HttpResponseError) and failure.response is not None:
        return _answered(failure, door)
    if isinstance(failure, ClientAuthenticationError):
        return _error(
            NoticeCode.SEARCH_REFUSED,
            "There is no key for the search service and signing in with Entra ID failed. Look at AZURE_SEARCH_API_KEY or sign in.",
        )
    if isinstance(failure, AzureError | OSError):
        return _error(NoticeCode.SEARCH_DOWN, f"{_unreached(failure)}. {_address_hint(door)}")
    return _garbage(door)


def status_of(failure: Exception) -> int | None:
    """The HTTP status of a refusal; None where there was no answer."""
    return failure.status_code if isinstance(failure, HttpResponseError) else None


def retry_after_s(failure: Exception) -> float | None:
    """Seconds that the service asks to wait; None where it does not say, or not in seconds."""
    response = failure.response if isinstance(failure, HttpResponseError) else None
    if response is None:
        return None
    headers: Mapping[str, str] = getattr(response, "headers", {})  # every response has them; the type does not say so
    said = headers.get("Retry-After", "").strip()
    return min(float(said), RETRY_AFTER_AT_MOST_S) if said.isascii() and said.isdecimal() else None


def definition_refused(door: SearchDoor) -> KnowledgeError:
    """Whoever asks may perhaps search the index, but may not read how it was made."""
    hint = (
        "Look at AZURE_SEARCH_API_KEY" if door.api_key else "Its roles must let this identity read the index (Search Service Contributor)"
    )
    return _error(
        NoticeCode.SEARCH_REFUSED,
        f"The search service did not let us read which fields the index has. {hint}, "
        "or name the fields in AZURE_SEARCH_IDENTIFIER_FIELD, AZURE_SEARCH_CONTENT_FIELD, ASKALOUD_SEARCH_GROUPS_FIELD and "
        "ASKALOUD_SEARCH_PEOPLE_FIELD (`none` for none).",
    )


def empty(door: SearchDoor) -> KnowledgeError:
    """The index is missing or holds nothing."""
    return _error(
        NoticeCode.SEARCH_EMPTY,
        f"There are no documents in the index {door.index!r} yet. Fill it with scripts/index_documents.py, or look at AZURE_SEARCH_INDEX.",
    )


def _answered(failure: HttpResponseError, door: SearchDoor) -> KnowledgeError:
    status = failure.status_code or 0
    wait = retry_after_s(failure)
    wait_ms = None if wait is None else round(wait * 1000)
    if status in {401, 403}:
        hint = "Look at AZURE_SEARCH_API_KEY." if door.api_key else "Its roles must let this identity read the index."
        return _error(NoticeCode.SEARCH_REFUSED, f"The search service refused us. {hint}")
    if status == 404:
        return empty(door)
    if status == 413:
        return _error(NoticeCode.SEARCH_REFUSED, "The search service found a request too large.")
    if status == 429:
        return _error(NoticeCode.SEARCH_SLOW, "The search service has too many requests just now. Ask again in a moment.", wait_ms)
    if status < 400:  # an answer in no language of the service's, or the way to somewhere else
        return _garbage(door)
    if 400 <= status < 500:
        return _error(
            NoticeCode.SEARCH_REFUSED,
            f"The search service did not accept a request (status {status}). "
            "Look at AZURE_SEARCH_SEMANTIC_CONFIGURATION and the AZURE_SEARCH_…_FIELD settings.",
        )
    return _error(NoticeCode.SEARCH_DOWN, f"The search service is out of order (status {status}). Ask again in a moment.", wait_ms)


def _garbage(door: SearchDoor) -> KnowledgeError:
    return _error(NoticeCode.SEARCH_DOWN, f"What answered is not a search service. {_address_hint(door)}")


def _unreached(failure: Exception) -> str:
    cause = failure.__cause__
    if isinstance(cause, ClientConnectorDNSError):
        return "There is no search service of this name"
    if isinstance(cause, ClientSSLError | ClientConnectorCertificateError):
        return "The search service did not prove who it is (SSL_CERT_FILE names certificates of one's own)"
    return "The search service cannot be reached"


def _address_hint(door: SearchDoor) -> str:
    return "Look at AZURE_SEARCH_ENDPOINT." if door.kind == "azure" else "Start Ask Aloud again: its own search belongs to it."


def _error(code: NoticeCode, sentence: str, retry_after_ms: int | None = None) -> KnowledgeError:
    return KnowledgeError(Notice(code, sentence, recoverable=True, retry_after_ms=retry_after_ms))
