"""The way back into a conversation: the last token given and nothing else."""

from __future__ import annotations

from askaloud.conversation.ticket import Ticket


def test_the_token_given_last_fits_and_no_other() -> None:
    ticket = Ticket()
    first = ticket.renew()
    assert ticket.fits(first)
    second = ticket.renew(first)
    ticket.arrived()
    assert ticket.fits(second)
    assert not ticket.fits(first)
    assert not ticket.fits("")
    assert not ticket.fits(second + "x")


def test_the_one_that_was_offered_fits_until_a_new_one_is_known_to_have_arrived_however_many_got_lost() -> None:
    ticket = Ticket()
    first = ticket.renew()
    second, third = ticket.renew(first), ticket.renew(first)
    assert [ticket.fits(token) for token in (first, second, third)] == [True, False, True]
    fourth = ticket.renew(third)
    assert [ticket.fits(token) for token in (first, third, fourth)] == [False, True, True], "the third had arrived: it was offered"
    ticket.arrived()
    assert [ticket.fits(token) for token in (first, third, fourth)] == [False, False, True]


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
