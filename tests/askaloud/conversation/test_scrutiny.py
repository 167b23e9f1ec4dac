from __future__ import annotations

from tests.askaloud.conversation.moderators import quick

from askaloud.conversation.actions import Judge, WakeMe
from askaloud.conversation.events.client import InputText, ResponseCreate, UserMessage
from askaloud.conversation.scrutiny import UNTOLD, WAITING_MAX, Scrutiny

WORDS_S = 10.0


def scrutiny() -> Scrutiny:
    return Scrutiny(quick, WORDS_S)


def message(name: str, *parts: str) -> UserMessage:
    return UserMessage(role="user", content=[InputText(text=part) for part in parts or ("words",)], id=name)


def taken(messages: Scrutiny) -> list[str | None]:
    return [held.item_id for held in messages.settled()]


def test_all_that_was_typed_is_judged_at_once() -> None:
    (judge,) = scrutiny().typed(message("i1", "How many", "days?"), "e1", None)
    assert isinstance(judge, Judge)
    assert judge.words == "How many\ndays?"


def test_a_message_that_comes_again_after_a_break_is_judged_once() -> None:
    messages = scrutiny()
    messages.typed(message("i1"), "e1", None)
    assert messages.typed(message("i1"), "e2", None) == []
    assert len(messages.waiting) == 1


def test_a_spoken_one_is_judged_when_its_words_have_come() -> None:
    messages = scrutiny()
    (waits,) = messages.spoken("u1", of_itself=True, written_down=True)
    assert isinstance(waits, WakeMe)
    assert waits.after_s == WORDS_S
    assert messages.untold
    (judge,) = messages.words("u1", "How many days?")
    assert isinstance(judge, Judge)
    assert messages.words("u1", "How many days?") == []
    messages.woke(waits.name)
    assert taken(messages) == []  # it is the moderator who is waited for now
    messages.judged(judge.key, True)
    assert taken(messages) == ["u1"]
    assert not messages.untold


def test_words_that_never_come_are_not_waited_for_for_ever() -> None:
    messages = scrutiny()
    (waits,) = messages.spoken("u1", of_itself=True, written_down=True)
    assert isinstance(waits, WakeMe)
    messages.woke(waits.name)
    (held,) = messages.settled()
    assert held.verdict is None


def test_no_words_are_no_verdict() -> None:
    messages = scrutiny()
    messages.spoken("u1", of_itself=True, written_down=True)
    assert messages.words("u1", " ") == []
    messages.spoken("u2", of_itself=True, written_down=False)
    assert [held.verdict for held in messages.settled()] == [None, None]


def test_nothing_overtakes_what_was_said_before_it() -> None:
    messages = scrutiny()
    for name in ("i1", "i2"):
        messages.typed(message(name), name, None)
    first, second = (held.key for held in messages.waiting)
    messages.judged(second, True)
    assert taken(messages) == []
    messages.judged(first, False)
    assert taken(messages) == ["i1", "i2"]


def test_what_is_asked_for_belongs_to_what_was_said_last() -> None:
    messages = scrutiny()
    assert not messages.ask(ResponseCreate(), "e0")
    for name in ("i1", "i2"):
        messages.typed(message(name), name, None)
        assert messages.ask(ResponseCreate(), f"asks for {name}")
    assert [[event_id for _, event_id in held.asks] for held in messages.waiting] == [["asks for i1"], ["asks for i2"]]
    messages.unwanted()
    assert [held.asks for held in messages.waiting] == [[], []]


def refused(messages: Scrutiny, name: str, *, asks: bool = False) -> None:
    """Typed, judged, and not let through."""
    (judge,) = messages.typed(message(name), name, None)
    assert isinstance(judge, Judge)
    if asks:
        assert messages.ask(ResponseCreate(), f"asks for {name}")
    messages.judged(judge.key, False)
    for held in messages.settled():
        messages.refused(held)


def test_an_answer_that_is_asked_for_after_a_refusal_quicker_than_the_client_is_the_refused_one_once() -> None:
    messages = scrutiny()
    refused(messages, "i1")
    assert [messages.ask(ResponseCreate(), name) for name in ("late", "another")] == [True, False]
    refused(messages, "i2", asks=True)
    assert not messages.ask(ResponseCreate(), "of something else")
    refused(messages, "i3")
    messages.typed(message("i4"), "i4", None)
    assert messages.ask(ResponseCreate(), "asks for i4")
    assert [event_id for _, event_id in messages.waiting[0].asks] == ["asks for i4"]


def test_the_end_of_a_turn_becomes_the_turn_that_the_model_makes_of_it() -> None:
    messages = scrutiny()
    messages.turn_ended("e1", None)
    assert not messages.untold
    (waits,) = messages.spoken("u1", of_itself=False, written_down=True)
    assert waits == WakeMe(f"{UNTOLD}0", WORDS_S), "from now on, and no other"
    assert [(held.item_id, held.event_id) for held in messages.waiting] == [("u1", "e1")]
    messages.no_turn("e1")
    assert taken(messages) == []
    messages.turn_ended("e2", None)
    messages.no_turn("e2")
    messages.words("u1", "")
    assert [held.verdict for held in messages.settled()] == [None, True]


def test_a_turn_of_which_the_model_made_none_lets_no_other_through_in_its_place() -> None:
    messages = scrutiny()
    messages.typed(message("i1"), "e0", None)
    for event_id in ("e1", "e2"):
        messages.turn_ended(event_id, None)
    messages.no_turn("e1")
    messages.spoken("u1", of_itself=False, written_down=True)
    assert [(held.item_id, held.event_id) for held in messages.waiting] == [("i1", "e0"), (None, "e1"), ("u1", "e2")]
    assert [type(action) for action in messages.words("u1", "What is the salary of Ada?")] == [Judge]


def test_more_than_may_wait_is_refused_unheard() -> None:
    messages = scrutiny()
    for number in range(WAITING_MAX):
        messages.typed(message(f"i{number}"), f"e{number}", None)
    assert messages.full
    assert messages.typed(message("late"), "late", None) == []
    assert messages.waiting[-1].settled
