"""Under which names the service may be called and from which pages, and what those hear who come otherwise."""

from __future__ import annotations

import pytest

from askaloud.access.names import NOTED_MAX, UNKNOWN_NAME, UNKNOWN_PAGE, Names


def names(host: str = "127.0.0.1", port: int = 8765, more_hosts: tuple[str, ...] = (), more_origins: tuple[str, ...] = ()) -> Names:
    return Names(host, port, more_hosts, more_origins)


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8765", "[::1]"])
def test_loopback_names_are_known_whatever_the_port(host: str) -> None:
    assert names().knows_name(host)


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
    assert not names().knows_name(host)


def test_the_name_that_it_listens_at_is_known_and_a_wildcard_is_no_name() -> None:
    assert names("192.168.1.5").knows_name("192.168.1.5:8765")
    assert not names("0.0.0.0").knows_name("0.0.0.0:8765")
    assert not names("::").knows_name("[::]:8765")


def test_more_names_can_be_allowed() -> None:
    ask = names(more_hosts=("ask.example.org",))
    assert ask.knows_name("Ask.Example.ORG")
    assert ask.knows_origin("https://ask.example.org")
    assert not ask.knows_origin("https://ask.example.org.evil.example")


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:8765", "http://localhost:8765", "http://[::1]:8765", "HTTP://LOCALHOST:8765"])
def test_our_own_pages_and_programs_without_a_page_may_talk_to_us(origin: str | None) -> None:
    assert names().knows_origin(origin)


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
    assert not names().knows_origin(origin)


def test_a_port_that_a_browser_leaves_out_is_left_out() -> None:
    assert names(port=80).knows_origin("http://localhost")
    assert not names(port=80).knows_origin("https://localhost")
    assert names(port=443).knows_origin("https://localhost")


def test_more_origins_can_be_allowed() -> None:
    assert names(more_origins=("https://intranet.example",)).knows_origin("https://intranet.example")


def test_a_name_that_is_allowed_with_its_port_is_known_and_so_is_its_page() -> None:
    ask = names("0.0.0.0", more_hosts=("ask.example.org:8443", "[fe80::1]:8443"))
    assert ask.knows_name("ask.example.org:8443")
    assert ask.knows_name("ask.example.org")
    assert ask.knows_name("[fe80::1]:8443")
    assert ask.knows_origin("https://ask.example.org:8443")
    assert ask.knows_origin("https://[fe80::1]:8443")
    assert not ask.knows_origin("https://ask.example.org:8444")


def test_a_page_is_known_behind_a_proxy_that_calls_us_by_a_name_of_its_own() -> None:
    ask = names(more_hosts=("ask.example.org",))
    assert ask.refuse_name("127.0.0.1:8765") is None
    assert ask.refuse_page("https://ask.example.org") is None


def test_a_refusal_names_the_setting_and_the_log_the_name_once(caplog: pytest.LogCaptureFixture) -> None:
    ask = names()
    for _ in range(3):
        assert ask.refuse_name("ask.example.org:443") == UNKNOWN_NAME
        assert ask.refuse_page("https://ask.example.org") == UNKNOWN_PAGE
    assert "ASKALOUD_ALLOWED_HOSTS" in UNKNOWN_NAME
    assert "ASKALOUD_ALLOWED_ORIGINS" in UNKNOWN_PAGE
    assert [record.getMessage() for record in caplog.records] == [
        "Refused a visitor who called this service ask.example.org. If that is its name, ASKALOUD_ALLOWED_HOSTS must hold it",
        "Refused a page of https://ask.example.org. If that is this service's own address, ASKALOUD_ALLOWED_HOSTS must hold its name, "
        "else ASKALOUD_ALLOWED_ORIGINS the address",
    ]


def test_a_page_without_an_address_is_logged_as_browsers_call_it(caplog: pytest.LogCaptureFixture) -> None:
    names().refuse_page("null")
    assert "Refused a page of null." in caplog.text


def test_who_is_not_refused_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert names().refuse_name("localhost:8765") is None
    assert names().refuse_page("http://localhost:8765") is None
    assert caplog.records == []


@pytest.mark.parametrize(
    "host", ["person:planted@ask.example", "x\r\n12:00:00 ERROR all is lost", "\x1b[31mred", "ä" * 5_000, "[::1", "", None]
)
def test_only_a_name_is_logged_and_it_forges_no_line(host: str | None, caplog: pytest.LogCaptureFixture) -> None:
    names().refuse_name(host)
    names().refuse_page(host)
    assert caplog.records
    for record in caplog.records:
        said = record.getMessage()
        assert said.isascii()
        assert said.isprintable()
        assert len(said) < 300
        assert "planted" not in said


def test_refused_names_are_not_logged_without_end(caplog: pytest.LogCaptureFixture) -> None:
    ask = names()
    for number in range(NOTED_MAX * 2):
        ask.refuse_name(f"scan{number}.example")
        ask.refuse_page(f"http://scan{number}.example")
    assert len(caplog.records) == NOTED_MAX + 1
    assert caplog.records[-1].getMessage().endswith("are not logged")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_who_lets_others_in_without_a_name_for_them_is_told(host: str) -> None:
    caution = names(host).caution()
    assert caution is not None
    assert "ASKALOUD_ALLOWED_HOSTS" in caution
    assert ("192.168.1.5" in caution) is (host == "192.168.1.5")
    assert names(host, more_hosts=("ask.example.org",)).caution() is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_who_serves_this_machine_alone_needs_no_name(host: str) -> None:
    assert names(host).caution() is None
