from __future__ import annotations

import aiohttp
import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceRequestTimeoutError

from askaloud.errors import NoticeCode
from askaloud.knowledge.failures import empty, explained, retry_after_s
from askaloud.settings import SearchDoor

AZURE = SearchDoor("https://search.example", "handbooks", "planted-key", "azure")
ENTRA = SearchDoor("https://search.example", "handbooks", None, "azure")
STAND_IN = SearchDoor("http://127.0.0.1:9", "handbooks", "planted-key", "stand-in")


@pytest.mark.parametrize(
    ("failure", "code", "hint"),
    [
        (TimeoutError(), NoticeCode.SEARCH_SLOW, "too long"),
        (ServiceRequestTimeoutError("x"), NoticeCode.SEARCH_SLOW, "too long"),
        (ServiceRequestError("x"), NoticeCode.SEARCH_DOWN, "AZURE_SEARCH_ENDPOINT"),
        (ConnectionResetError(), NoticeCode.SEARCH_DOWN, "AZURE_SEARCH_ENDPOINT"),
        (ClientAuthenticationError("x"), NoticeCode.SEARCH_REFUSED, "Entra ID"),
        (AttributeError("'list' object has no attribute 'get'"), NoticeCode.SEARCH_DOWN, "AZURE_SEARCH_ENDPOINT"),
    ],
)
def test_what_has_no_answer_has_a_code_and_a_hint(failure: Exception, code: NoticeCode, hint: str) -> None:
    notice = explained(failure, AZURE).notice
    assert notice.code is code
    assert hint in notice.message


def test_the_stand_in_is_not_told_to_look_at_an_azure_setting() -> None:
    assert "AZURE" not in explained(ServiceRequestError("x"), STAND_IN).notice.message


def test_an_empty_index_says_how_to_fill_it() -> None:
    notice = empty(AZURE).notice
    assert notice.code is NoticeCode.SEARCH_EMPTY
    assert "index_documents.py" in notice.message
    assert "'handbooks'" in notice.message


def test_what_never_was_an_answer_names_no_time_to_wait() -> None:
    assert retry_after_s(aiohttp.ClientError()) is None
