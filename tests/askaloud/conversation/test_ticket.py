"""The way back into a conversation: the last token given and nothing else."""

from __future__ import annotations

from askaloud.conversation.ticket import Ticket


def test_the_token_given_last_fits_and_no_other() -> None:
    ticket = Ticket()
    first = ticket.renew()
    assert ticket.fits(first)
    second = ticket.renew()
    ticket.arrived()
    assert ticket.fits(second)
    assert not ticket.fits(first)
    assert not ticket.fits("")
    assert not ticket.fits(second + "x")


def test_the_one_before_fits_until_the_new_one_is_known_to_have_arrived() -> None:
    ticket = Ticket()
    first, second, third = ticket.renew(), ticket.renew(), ticket.renew()
    assert [ticket.fits(token) for token in (first, second, third)] == [False, True, True]
    ticket.arrived()
    assert [ticket.fits(token) for token in (first, second, third)] == [False, False, True]


def test_nothing_fits_before_a_token_was_given() -> None:
    assert not Ticket().fits("")


def test_tokens_are_never_alike_and_are_not_kept() -> None:
    ticket = Ticket()
    tokens = {ticket.renew() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert all(len(token) >= 22 for token in tokens)
    assert not any(token in repr(vars(ticket)) for token in tokens)


def test_what_no_token_looks_like_is_refused_without_harm() -> None:
    ticket = Ticket()
    ticket.renew()
    assert not ticket.fits("\ud83d" * 10)
    assert not ticket.fits("x" * 1_000_000)
