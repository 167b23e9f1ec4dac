"""What falls away when an answer is taken back, when the network is lost and when a conversation begins anew: as the reducer has it."""

from __future__ import annotations

import pytest
from playwright.async_api import Page
from tests.frontend.telling import (
    AWAY,
    BACK,
    FOUND,
    HELLO,
    MICROPHONE,
    Event,
    after,
    answer,
    done,
    heard,
    item,
    notice,
    said,
    speech,
    texts,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SPEAKING: Event = {"type": "page.speaking", "item_id": "a"}
TAKEN_BACK: Event = {"type": "conversation.item.deleted", "item_id": "a"}
TYPED: Event = {"type": "page.typed", "id": "u", "text": "How many?"}
ANEW: Event = {**HELLO, "conversation_id": "c2", "resumed": False}


async def test_an_answer_that_broke_off_is_taken_back_and_a_new_one_is_waited_for(bench: Page) -> None:
    broken = [HELLO, *speech("u"), *answer("r", "a", "Thirty"), SPEAKING, TAKEN_BACK]
    state = await after(bench, *broken)
    assert (texts(state), state["speaking"], state["phase"]) == ([("user", "", "coming")], None, "thinking")
    late = await after(bench, *broken, said("a", " days"), done("r", "cancelled"), *answer("r2", "a2", "Thirty days."))
    assert texts(late)[1:] == [("assistant", "Thirty days.", "coming")]
    assert late["silenced"] == ["r"]


async def test_what_was_found_for_the_question_stays_when_its_answer_is_taken_back(bench: Page) -> None:
    state = await after(bench, HELLO, *speech("u"), FOUND, *answer("r", "a", "Thirty"), TAKEN_BACK)
    assert [card["id"] for card in state["cards"]["u"]] == ["p1"]


async def test_an_item_that_nobody_knows_is_taken_back_without_a_trace(bench: Page) -> None:
    state = await after(bench, HELLO, *speech("u"), *answer("r", "a", "Thirty"), {**TAKEN_BACK, "item_id": "b"})
    assert texts(state)[1:] == [("assistant", "Thirty", "coming")]


async def test_while_the_network_is_away_all_stays_but_for_what_was_said_to_be_the_end(bench: Page) -> None:
    going = notice("server_going_away", recoverable=False)
    state = await after(bench, HELLO, MICROPHONE, *speech("u"), *answer("r", "a", "Thirty"), notice("search_slow"), going, AWAY)
    assert texts(state)[1:] == [("assistant", "Thirty", "coming")]
    assert (state["responding"], state["microphone"], [each["code"] for each in state["notices"]]) == ("r", "on", ["search_slow"])


async def test_a_conversation_that_goes_on_says_so_and_hears_what_it_missed(bench: Page) -> None:
    state = await after(bench, HELLO, *speech("u"), *answer("r", "a", "Thirty"), AWAY, BACK, said("a", " days."), done("r"))
    assert texts(state)[1:] == [("assistant", "Thirty days.", "done")]
    assert [each["code"] for each in state["notices"]] == ["network_resumed"]
    assert state["phase"] == "idle"


async def test_a_conversation_that_was_not_kept_ends_where_it_was_and_a_new_one_begins_under_a_line(bench: Page) -> None:
    state = await after(bench, HELLO, MICROPHONE, *speech("u"), heard("u", "How many?"), *answer("r", "a", "Thirty"), AWAY, ANEW)
    assert texts(state) == [("user", "How many?", "done"), ("assistant", "Thirty", "interrupted"), ("divider", "", "done")]
    assert [each["code"] for each in state["notices"]] == ["network_not_resumed"]
    assert (state["phase"], state["conversation"]["id"]) == ("listening", "c2")


async def test_what_was_unfinished_when_the_page_was_left_ends_where_it_was_also_where_nobody_saw_the_socket_close(bench: Page) -> None:
    again: Event = {"type": "page.connecting", "fresh": False}
    left = [HELLO, *speech("u"), heard("u", "How many?"), *answer("r", "a", "Thirty"), SPEAKING]
    state = await after(bench, *left, again, HELLO)
    assert texts(state) == [("user", "How many?", "done"), ("assistant", "Thirty", "interrupted"), ("divider", "", "done")]
    assert (state["speaking"], state["phase"], state["silenced"]) == (None, "idle", ["r", "r"])
    state = await after(bench, HELLO, *speech("u"), *answer("r", "a"), again, HELLO)
    assert texts(state) == [("user", "", "failed"), ("divider", "", "done")]
    noise: Event = {"type": "input_audio_buffer.speech_started", "item_id": "u"}
    assert texts(await after(bench, HELLO, noise, again, HELLO)) == []


async def test_what_was_typed_and_never_arrived_is_asked_in_the_new_conversation(bench: Page) -> None:
    old = [HELLO, *speech("u0"), heard("u0", "Hello"), *answer("r", "a", "Hello!"), done("r"), TYPED]
    state = await after(bench, *old, AWAY, ANEW)
    assert [turn["id"] if turn["role"] != "divider" else "-" for turn in state["turns"]] == ["u0", "a", "-", "u"]
    assert (state["unconfirmed"], state["phase"]) == (["u"], "thinking")
    arrived = await after(bench, *old, item("added", "u", "user"), AWAY, ANEW)
    assert [turn["role"] for turn in arrived["turns"]][-1] == "divider"
    assert (arrived["unconfirmed"], arrived["phase"]) == ([], "idle")
