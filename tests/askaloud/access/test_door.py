"""Who may come in: with the key, a link, or a cookie."""

from __future__ import annotations

import pytest
from tests.planted import secret

from askaloud.access.door import TICKETS_MAX, WRONG_KEYS_BURST, Door, bearer
from askaloud.access.names import Names

KEY = secret("access key of some length")


def door(key: str | None = KEY) -> Door:
    return Door(Names("127.0.0.1", 8765), key)


def test_without_an_access_key_everybody_comes_in() -> None:
    assert door(key=None).lets_in(None, None)


def test_with_one_the_key_or_a_cookie_is_needed() -> None:
    ask = door()
    assert not ask.lets_in(None, None)
    assert not ask.lets_in("another key", None)
    assert ask.lets_in(KEY, None)
    assert ask.lets_in(None, ask.cookie())
    assert ask.lets_in("another key", ask.cookie())


@pytest.mark.parametrize("cookie", ["", ".", "ffffffffff.", "ffffffffff.00", "x" * 5_000, "ffffffffff.ÄÖ", "zz.00", KEY])
def test_a_made_up_cookie_is_none(cookie: str) -> None:
    assert not door().lets_in(None, cookie)


def test_a_cookie_of_another_process_or_with_a_later_date_is_none() -> None:
    ask = door()
    until, _, mac = ask.cookie().partition(".")
    assert not door().lets_in(None, ask.cookie())
    assert not ask.lets_in(None, f"{int(until, 16) + 1:x}.{mac}")


@pytest.mark.parametrize("key", ["ключ", "\x00", "x" * 100_000])
def test_any_text_may_be_tried_as_a_key(key: str) -> None:
    assert not door().lets_in(key, None)
    assert not door().try_key(key)


def test_the_right_key_gets_in_whatever_others_have_tried_before() -> None:
    ask = door()
    for number in range(WRONG_KEYS_BURST * 2):
        assert not ask.try_key(f"guess {number}")
        assert not ask.lets_in(f"guess {number}", None)
    assert ask.try_key(KEY)
    assert ask.lets_in(KEY, None)


def test_wrong_keys_are_logged_without_their_words_but_not_without_end(caplog: pytest.LogCaptureFixture) -> None:
    ask = door()
    for _ in range(WRONG_KEYS_BURST):
        ask.try_key("a guess at the form")
        ask.lets_in("a guess of a program", None)
        ask.lets_in("an old key", ask.cookie())
        ask.try_key(KEY)
    assert {record.getMessage() for record in caplog.records} == {"Somebody gave a wrong access key"}
    assert WRONG_KEYS_BURST <= len(caplog.records) < WRONG_KEYS_BURST * 2


def test_a_visitor_with_a_cookie_and_without_a_key_is_nothing_to_log(caplog: pytest.LogCaptureFixture) -> None:
    ask = door()
    for _ in range(3):
        assert ask.lets_in("an old key", ask.cookie())
        assert not ask.lets_in(None, None)
    assert caplog.records == []


def test_without_an_access_key_there_is_none_to_try() -> None:
    assert not door(key=None).try_key("")


def test_a_one_time_link_opens_once() -> None:
    ask = door()
    ticket = ask.ticket()
    assert ask.redeem(ticket)
    assert not ask.redeem(ticket)
    assert not ask.redeem("")


def test_the_oldest_links_give_way_to_new_ones() -> None:
    ask = door()
    first = ask.ticket()
    last = [ask.ticket() for _ in range(TICKETS_MAX)][-1]
    assert not ask.redeem(first)
    assert ask.redeem(last)


@pytest.mark.parametrize(
    ("authorization", "api_key", "key"),
    [
        (f"Bearer {KEY}", None, KEY),
        (f"bearer  {KEY} ", None, KEY),
        (f"Bearer {KEY}", "other", KEY),
        (None, KEY, KEY),
        ("Basic abc", KEY, KEY),
        ("Basic abc", None, None),
        (None, None, None),
    ],
)
def test_sdks_send_the_key_as_a_bearer_or_as_azure_does(authorization: str | None, api_key: str | None, key: str | None) -> None:
    assert bearer(authorization, api_key) == key


def test_a_door_shows_none_of_its_secrets() -> None:
    ask = door()
    ticket = ask.ticket()
    assert KEY not in repr(ask)
    assert ticket not in repr(ask)
    assert "_secret" not in repr(ask)
