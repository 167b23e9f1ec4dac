"""A conversation as a chat server takes it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local_azure.chat.messages import HISTORY_MAX_CHARS, NO_OUTPUT, NOT_HEARD, messages_of
from local_azure.realtime.parts import Called, Item, Moment, Returned, Said


def roles(*items: Item, instructions: str = "") -> list[tuple[str, str]]:
    return [(message["role"], message["content"]) for message in messages_of(Moment(items, instructions))]


def test_nobody_speaks_twice_in_a_row() -> None:
    said = roles(Said("user", "One"), Said("user", "two?"), Said("assistant", "A"), Said("assistant", "B"), Said("user", "Three"))
    assert said == [("user", "One\ntwo?"), ("assistant", "A\nB"), ("user", "Three")]


def test_instructions_go_first_and_what_the_client_says_as_the_system_keeps_its_place() -> None:
    assert roles(Said("user", "A"), Said("system", "B"), instructions="C") == [("system", "C"), ("user", "A"), ("system", "B")]


def test_somebody_who_was_not_understood_said_something_all_the_same() -> None:
    assert roles(Said("user", "")) == [("user", NOT_HEARD)]


def test_a_conversation_in_which_nobody_has_spoken_can_be_begun() -> None:
    assert [role for role, _ in roles(instructions="Greet.")] == ["system", "user"]


def test_outputs_stand_behind_their_calls_in_their_order_also_where_they_came_later_or_never() -> None:
    items: tuple[Item, ...] = (
        Said("user", "Q"),
        Called("a", "f", "{}"),
        Called("b", "g", "{}"),
        Returned("b", "for b"),
        Said("user", "Hurry"),
        Returned("a", "for a"),
        Called("c", "h", "{}"),
    )
    messages = messages_of(Moment(items))
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "tool", "user", "assistant", "tool"]
    assert [message["content"] for message in messages if message["role"] == "tool"] == ["for a", "for b", NO_OUTPUT]


def test_what_is_too_much_goes_from_the_front_by_whole_turns() -> None:
    long = "x" * (HISTORY_MAX_CHARS // 3)
    turns = [item for number in range(10) for item in (Said("user", str(number)), Said("assistant", long))]
    said = roles(*turns, Said("user", "Now"), instructions="Be brief.")
    assert [content for role, content in said if role == "user"] == ["8", "9", "Now"]
    assert said[0] == ("system", "Be brief.")


def test_the_last_turn_stays_whatever_its_size() -> None:
    assert roles(Said("user", "Old"), Said("assistant", "A"), Said("user", "y" * 2 * HISTORY_MAX_CHARS))[0][1].startswith("y")


_item = st.one_of(
    st.builds(Said, st.sampled_from(["user", "assistant", "system"]), st.text(max_size=3)),
    st.builds(Called, st.sampled_from("abc"), st.just("f"), st.just("{}")),
    st.builds(Returned, st.sampled_from("abcd"), st.text(max_size=3)),
)


@given(st.lists(_item, max_size=12))
def test_however_a_conversation_went_every_call_is_answered_at_once_and_no_output_stands_alone(items: list[Item]) -> None:
    waiting: list[str] = []
    messages: list[dict[str, Any]] = messages_of(Moment(tuple(items)))
    assert messages
    for message in messages:
        if message["role"] == "tool":
            assert message["tool_call_id"] == waiting.pop(0)
        else:
            assert waiting == []
            waiting = [call["id"] for call in message.get("tool_calls", ())]
    assert waiting == []
