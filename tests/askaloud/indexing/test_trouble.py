from __future__ import annotations

from types import SimpleNamespace

import pytest

from askaloud.errors import KnowledgeError, Notice, NoticeCode
from askaloud.indexing.trouble import WAIT_MAX_S, Trouble, trouble_of


class RefusedError(Exception):
    """As both official clients raise them."""

    def __init__(self, status: int, **headers: str) -> None:
        self.status_code = status
        self.response = SimpleNamespace(headers={name.replace("_", "-"): value for name, value in headers.items()})


def failure(cause: BaseException | None, *, wait_ms: int | None = None, code: NoticeCode = NoticeCode.SEARCH_DOWN) -> KnowledgeError:
    made = KnowledgeError(Notice(code, "It failed.", retry_after_ms=wait_ms))
    made.__cause__ = cause
    return made


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_service_that_is_busy_or_out_of_order_passes(status: int) -> None:
    assert trouble_of(failure(RefusedError(status))) == Trouble(str(status))


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_lasts(status: int) -> None:
    assert trouble_of(failure(RefusedError(status))) is None


def test_the_service_says_how_long_to_wait_and_is_believed_within_bounds() -> None:
    assert trouble_of(failure(RefusedError(429, retry_after="7"))) == Trouble("429", 7.0)
    assert trouble_of(failure(RefusedError(429, retry_after="7"), wait_ms=2500)) == Trouble("429", 2.5)
    assert trouble_of(failure(RefusedError(429, retry_after="86400"))) == Trouble("429", WAIT_MAX_S)
    assert trouble_of(failure(RefusedError(429, retry_after="Fri, 31 Dec 2027 23:59:59 GMT"))) == Trouble("429")


def test_a_lost_connection_passes_and_so_does_silence() -> None:
    assert trouble_of(failure(ConnectionResetError())) == Trouble("connection lost")
    assert trouble_of(failure(TimeoutError(), code=NoticeCode.SEARCH_SLOW)) == Trouble("no answer")


def test_what_no_waiting_helps_against_lasts() -> None:
    assert trouble_of(failure(None)) is None
    assert trouble_of(failure(ValueError())) is None
    assert trouble_of(failure(OSError(), code=NoticeCode.SEARCH_REFUSED)) is None


def test_a_request_that_was_too_large_is_known_behind_what_the_client_makes_of_it() -> None:
    stumble = TypeError()
    stumble.__context__ = RefusedError(413)
    for cause in (RefusedError(413), stumble):
        found = trouble_of(failure(cause))
        assert found is not None
        assert found.too_large


def test_an_endless_chain_of_causes_has_an_end() -> None:
    one, other = OSError(), OSError()
    one.__context__, other.__context__ = other, one
    assert trouble_of(failure(one)) == Trouble("connection lost")
