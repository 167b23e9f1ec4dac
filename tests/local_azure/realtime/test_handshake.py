from __future__ import annotations

import pytest

from local_azure.realtime.dialect import GA
from local_azure.realtime.handshake import BETA, NAME_MAX_CHARS, VERSIONS, Turned, Welcome, at_ga, at_preview
from local_azure.realtime.preview import Preview


def test_each_address_has_its_dialect() -> None:
    ga = at_ga({"model": "m"}, {})
    assert isinstance(ga, Welcome)
    assert isinstance(ga.dialect, GA)
    for version in VERSIONS:
        preview = at_preview({"api-version": version, "deployment": "d"})
        assert isinstance(preview, Welcome)
        assert isinstance(preview.dialect, Preview)
        assert preview.deployment == "d"


def test_two_conversations_never_share_a_translator() -> None:
    query = {"api-version": VERSIONS[0], "deployment": "d"}
    one, two = at_preview(query), at_preview(query)
    assert isinstance(one, Welcome)
    assert isinstance(two, Welcome)
    assert one.dialect is not two.dialect


def test_the_betas_header_makes_a_ga_client_a_retired_one() -> None:
    for header in (BETA, f"other=v2, {BETA}"):
        welcome = at_ga({"model": "m"}, {"OpenAI-Beta": header})
        assert isinstance(welcome, Welcome)
        assert welcome.retired


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"model": ""}, 400),
        ({"model": "x" * (NAME_MAX_CHARS + 1)}, 400),
        ({"model": "m", "call_id": "rtc_1"}, 404),
        ({"model": "m", "intent": "transcription"}, 400),
        ({"model": "m", "api-version": VERSIONS[0]}, 401),
    ],
)
def test_a_ga_address_that_leads_nowhere_says_why(query: dict[str, str], status: int) -> None:
    turned = at_ga(query, {})
    assert isinstance(turned, Turned)
    assert turned.status == status


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"deployment": "d"}, 404),
        ({"api-version": "1999-01-01", "deployment": "d"}, 400),
        ({"api-version": VERSIONS[0]}, 400),
        ({"api-version": VERSIONS[0], "deployment": ""}, 400),
    ],
)
def test_a_preview_address_that_leads_nowhere_says_why(query: dict[str, str], status: int) -> None:
    turned = at_preview(query)
    assert isinstance(turned, Turned)
    assert turned.status == status
