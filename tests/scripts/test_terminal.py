"""Words for a terminal."""

from __future__ import annotations

import pytest

from terminal import counted, plain, plain_lines


@pytest.mark.parametrize("words", ["می\u200cخواهم", "社\u3000員", "a\u00a0b", "Größe 3"])
def test_words_of_any_language_stay_as_they_are(words: str) -> None:
    assert plain(words) == words


def test_what_a_terminal_would_take_for_an_order_is_seen_and_does_nothing() -> None:
    assert plain("a\x1b[2J\x07b\u202ec\nd") == "a\ufffd[2J\ufffdb\ufffdc\ufffdd"


def test_a_text_keeps_its_lines() -> None:
    assert plain_lines("one\r\ntwo\x1b[2J\n\nthree") == "one\ntwo\ufffd[2J\n\nthree"


def test_one_is_counted_as_one() -> None:
    assert (counted(1, "page"), counted(0, "page"), counted(1234, "page")) == ("1 page", "0 pages", "1,234 pages")
