from __future__ import annotations

import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceRequestTimeoutError

from askaloud.errors import NoticeCode
from askaloud.knowledge.failures import empty, explained, retry_after_s
from askaloud.settings import SearchDoor

AZURE = SearchDoor("https://search.example", "handbooks", "planted-key", "azure")
ENTRA = SearchDoor("https://search.example", "handbooks", None, "azure")
KEY = ConnectionKey("search.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)
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


async def test_a_name_that_no_machine_has_and_a_machine_that_nobody_vouches_for_are_told_apart() -> None:
    unknown = ServiceRequestError("x")
    unknown.__cause__ = aiohttp.ClientConnectorDNSError(KEY, OSError())
    assert "no search service of this name" in explained(unknown, AZURE).notice.message
    untrusted = ServiceRequestError("x")
    untrusted.__cause__ = aiohttp.ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError())
    assert "SSL_CERT_FILE" in explained(untrusted, AZURE).notice.message


def test_the_stand_in_is_not_told_to_look_at_an_azure_setting() -> None:
    assert "AZURE" not in explained(ServiceRequestError("x"), STAND_IN).notice.message


def test_an_empty_index_says_how_to_fill_it() -> None:
    notice = empty(AZURE).notice
    assert notice.code is NoticeCode.SEARCH_EMPTY
    assert "index_documents.py" in notice.message
    assert "'handbooks'" in notice.message


def test_what_never_was_an_answer_names_no_time_to_wait() -> None:
    assert retry_after_s(aiohttp.ClientError()) is None
