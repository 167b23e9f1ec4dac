"""Which failures of the two services pass by themselves, and how long to wait; which mean that a batch was too large.

Looks at statuses and headers alone, as both official clients carry them. It knows nothing of what was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import KnowledgeError, NoticeCode

PASSING = frozenset({408, 409, 429, 500, 502, 503, 504})
"""Statuses after which the same request is worth sending again: whatever we send may be sent twice."""

TOO_LARGE = 413
NOT_LIKE_THIS = 400

LASTING = (ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What clients raise at an answer of another shape: it would have that shape the next time too."""

WAIT_MAX_S = 120.0
"""Seconds of a Retry-After that are believed."""

CAUSES_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that passes. `reason` stands in the report; `wait_s` is what the service asks for, None where it does not say."""

    reason: str
    wait_s: float | None = None
    too_large: bool = False


def about_the_words(failure: KnowledgeError) -> bool:
    """Whether the service did not like what was sent: with other words, or fewer, it may be well."""
    return NOT_LIKE_THIS in _statuses(list(_causes(failure)))


def trouble_of(failure: KnowledgeError) -> Trouble | None:
    """What kind of passing trouble it is; None where it would be the same again."""
    causes = list(_causes(failure))
    statuses = _statuses(causes)
    if TOO_LARGE in statuses:  # the client stumbles over this one and raises something else instead
        return Trouble(str(TOO_LARGE), too_large=True)
    if statuses:
        return Trouble(str(statuses[0]), _asked_wait_s(failure, causes)) if statuses[0] in PASSING else None
    if not causes or isinstance(causes[0], LASTING) or failure.notice.code not in {NoticeCode.SEARCH_DOWN, NoticeCode.SEARCH_SLOW}:
        return None
    return Trouble("no answer" if isinstance(causes[0], TimeoutError) else "connection lost")


def _statuses(causes: list[BaseException]) -> list[int]:
    return [status for cause in causes if isinstance(status := getattr(cause, "status_code", None), int)]


def _causes(failure: BaseException) -> Iterator[BaseException]:
    here = failure.__cause__
    for _ in range(CAUSES_AT_MOST):
        if here is None:
            return
        yield here
        here = here.__cause__ or here.__context__


def _asked_wait_s(failure: KnowledgeError, causes: list[BaseException]) -> float | None:
    if failure.notice.retry_after_ms is not None:
        return min(failure.notice.retry_after_ms / 1000, WAIT_MAX_S)
    for cause in causes:
        headers = getattr(getattr(cause, "response", None), "headers", None)
        said = (headers.get("retry-after") or "").strip() if headers is not None else ""
        if said.isascii() and said.isdecimal():
            return min(float(said), WAIT_MAX_S)
    return None
