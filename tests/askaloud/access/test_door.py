"""Under which names the service may be called, from which pages, and with which key."""

from __future__ import annotations

import pytest
from tests.planted import secret

from askaloud.access.door import TICKETS_MAX, WRONG_KEYS_BURST, Door, bearer

KEY = secret("access key of some length")


def door(
    host: str = "127.0.0.1",
    port: int = 8765,
    key: str | None = KEY,
    more_hosts: tuple[str, ...] = (),
    more_origins: tuple[str, ...] = (),
) -> Door:
    return Door(host, port, key, more_hosts, more_origins)


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8765", "[::1]"])
def test_loopback_names_are_known_whatever_the_port(host: str) -> None:
    assert door().knows_name(host)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.2",
        "[::1",
        "127.0.0.1@evil.example",
        "0",
    ],
)
def test_other_names_are_not_so_that_no_rebound_name_gets_in(host: str | None) -> None:
    assert not door().knows_name(host)


def test_the_name_that_it_listens_at_is_known_and_a_wildcard_is_no_name() -> None:
    assert door("192.168.1.5").knows_name("192.168.1.5:8765")
    assert not door("0.0.0.0").knows_name("0.0.0.0:8765")
    assert not door("::").knows_name("[::]:8765")


def test_more_names_can_be_allowed() -> None:
    ask = door(more_hosts=("ask.example.org",))
    assert ask.knows_name("Ask.Example.ORG")
    assert ask.knows_origin("https://ask.example.org")
    assert not ask.knows_origin("https://ask.example.org.evil.example")


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:8765", "http://localhost:8765", "http://[::1]:8765", "HTTP://LOCALHOST:8765"])
def test_our_own_pages_and_programs_without_a_page_may_talk_to_us(origin: str | None) -> None:
    assert door().knows_origin(origin)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "http://127.0.0.1:9999",
        "http://localhost",
        "https://127.0.0.1",
        "http://127.0.0.1:8765.evil.example",
        "file://",
    ],
)
def test_other_pages_may_not(origin: str) -> None:
    assert not door().knows_origin(origin)


def test_a_port_that_a_browser_leaves_out_is_left_out() -> None:
    assert door(port=80).knows_origin("http://localhost")
    assert not door(port=80).knows_origin("https://localhost")
    assert door(port=443).knows_origin("https://localhost")


def test_more_origins_can_be_allowed() -> None:
    assert door(more_origins=("https://intranet.example",)).knows_origin("https://intranet.example")


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
