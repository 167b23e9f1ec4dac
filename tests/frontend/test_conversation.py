"""The reducer: each row is what happened, in order, and what the page then knows."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page
from tests.frontend.telling import (
    AWAY,
    BACK,
    CLOSED,
    FOUND,
    HELLO,
    MICROPHONE,
    SEARCHING,
    SOURCE,
    STOPPED,
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

PAUSED: Event = {"type": "askaloud.paused", "item_id": "u"}
RESUMED: Event = {"type": "askaloud.resumed", "item_id": "u"}

PHASES: list[tuple[str, list[Event], str]] = [
    ("nothing happened", [], "idle"),
    ("connected", [HELLO], "idle"),
    ("the page connects by itself", [{"type": "page.connecting", "fresh": False}], "idle"),
    ("the person waits for the microphone", [HELLO, {"type": "page.microphone", "state": "asking"}], "connecting"),
    (
        "they type meanwhile",
        [HELLO, {"type": "page.microphone", "state": "asking"}, {"type": "page.typed", "id": "u", "text": "Hi"}],
        "thinking",
    ),
    ("they press the button to hold it", [HELLO, {"type": "page.pressed"}, {"type": "page.microphone", "state": "asking"}], "connecting"),
    ("the microphone is open before the server answers", [{"type": "page.connecting", "fresh": False}, MICROPHONE], "connecting"),
    ("the microphone is open", [HELLO, MICROPHONE], "listening"),
    ("somebody speaks", [HELLO, MICROPHONE, speech("u")[0]], "hearing"),
    ("they have spoken", [HELLO, MICROPHONE, *speech("u")], "thinking"),
    ("the documents are searched", [HELLO, MICROPHONE, *speech("u"), SEARCHING], "searching"),
    ("the sources are there", [HELLO, MICROPHONE, *speech("u"), SEARCHING, FOUND], "thinking"),
    ("it said that it would look, and looks", [HELLO, *speech("u"), *answer("r", "a", "Let me look."), SEARCHING, done("r")], "searching"),
    ("it has looked, and its answer is due", [HELLO, *speech("u"), *answer("r", "a", "I look."), SEARCHING, done("r"), FOUND], "thinking"),
    ("cancelled while it looked", [HELLO, *speech("u"), *answer("r", "a", "I look."), SEARCHING, done("r", "cancelled")], "idle"),
    ("a search failed and the answer begins all the same", [HELLO, *speech("u"), SEARCHING, *answer("r", "a")], "thinking"),
    ("the answer sounds", [HELLO, *answer("r", "a", "Thirty"), {"type": "page.speaking", "item_id": "a"}], "speaking"),
    ("the answer was made and still sounds", [HELLO, *answer("r", "a"), {"type": "page.speaking", "item_id": "a"}, done("r")], "speaking"),
    ("the answer has sounded", [HELLO, MICROPHONE, *answer("r", "a"), done("r"), {"type": "page.silent"}], "listening"),
    ("spoken over", [HELLO, *answer("r", "a"), {"type": "page.speaking", "item_id": "a"}, speech("u")[0]], "hearing"),
    ("somebody may be interrupting", [HELLO, *answer("r", "a"), {"type": "page.speaking", "item_id": "a"}, PAUSED], "hearing"),
    ("it was nothing", [HELLO, *answer("r", "a"), {"type": "page.speaking", "item_id": "a"}, PAUSED, RESUMED], "speaking"),
    ("the network went while it waited", [HELLO, *answer("r", "a"), PAUSED, AWAY, BACK], "thinking"),
    ("the message was refused", [HELLO, {"type": "page.typed", "id": "u", "text": "Hi"}, notice("message_refused")], "idle"),
    ("typed, with no microphone", [HELLO, {"type": "page.typed", "id": "u", "text": "Hi"}], "thinking"),
    (
        "typed before the server answered",
        [{"type": "page.connecting", "fresh": False}, {"type": "page.typed", "id": "u", "text": "Hi"}],
        "connecting",
    ),
    ("stopped while it thought", [HELLO, {"type": "page.typed", "id": "u", "text": "Hi"}, STOPPED], "idle"),
    ("the model failed", [HELLO, *speech("u"), notice("model_failed")], "idle"),
    ("the search is only slow", [HELLO, *speech("u"), notice("search_slow")], "thinking"),
    ("the server refused what was sent", [HELLO, *speech("u"), {"type": "error", "error": {"code": "bad"}}], "idle"),
    (
        "a stop met the end of the answer",
        [HELLO, *speech("u"), {"type": "error", "error": {"code": "response_cancel_not_active"}}],
        "thinking",
    ),
    ("the socket closed", [HELLO, MICROPHONE, CLOSED], "error"),
    ("the network is lost in mid-answer", [HELLO, *answer("r", "a"), {"type": "page.speaking", "item_id": "a"}, AWAY], "reconnecting"),
    ("the network is back", [HELLO, *answer("r", "a"), {"type": "page.speaking", "item_id": "a"}, AWAY, BACK], "speaking"),
    ("connecting again", [HELLO, CLOSED, {"type": "page.connecting", "fresh": False}], "idle"),
    ("an event nobody knows", [HELLO, {"type": "response.video.delta"}], "idle"),
    ("an event named as what every object has", [HELLO, MICROPHONE, {"type": "toString"}], "listening"),
]


@pytest.mark.parametrize(("events", "phase"), [row[1:] for row in PHASES], ids=[row[0] for row in PHASES])
async def test_the_phase_follows_from_what_happened(bench: Page, events: list[Event], phase: str) -> None:
    assert (await after(bench, *events))["phase"] == phase


async def test_words_appear_as_they_come_and_the_last_ones_count(bench: Page) -> None:
    state = await after(bench, HELLO, *answer("r", "a", "Thir"), said("a", "ty"))
    assert texts(state) == [("assistant", "Thirty", "coming")]
    last = {"type": "response.output_audio_transcript.done", "response_id": "r", "item_id": "a", "transcript": "Thirty days."}
    assert texts(await after(bench, HELLO, *answer("r", "a", "Thir"), last, done("r"))) == [("assistant", "Thirty days.", "done")]


async def test_a_written_answer_is_an_answer_too(bench: Page) -> None:
    events: list[Event] = [
        {"type": "response.created", "response": {"id": "r"}},
        {"type": "response.output_text.delta", "response_id": "r", "item_id": "a", "delta": "Thir"},
        {"type": "response.output_text.done", "response_id": "r", "item_id": "a", "text": "Thirty."},
    ]
    assert texts(await after(bench, HELLO, *events, done("r"))) == [("assistant", "Thirty.", "done")]


@pytest.mark.parametrize(("words", "left"), [("You may", [("assistant", "You may", "failed")]), ("", [])])
async def test_of_an_answer_that_did_not_come_whole_what_was_said_stays(bench: Page, words: str, left: list[tuple[str, str, str]]) -> None:
    state = await after(bench, HELLO, *answer("r", "a", words), done("r", "incomplete"))
    assert texts(state) == left
    assert state["notices"] == []  # the server says why


async def test_the_question_stands_before_its_answer_however_late_its_words_come(bench: Page) -> None:
    state = await after(bench, HELLO, *speech("u"), *answer("r", "a", "Thirty."), done("r"), heard("u", " How many? "))
    assert texts(state) == [("user", "How many?", "done"), ("assistant", "Thirty.", "done")]


async def test_a_question_that_becomes_known_late_is_put_where_the_server_says(bench: Page) -> None:
    late = item("added", "u2", "user", "a1", content=[{"type": "input_audio"}])
    state = await after(
        bench, HELLO, *speech("u1"), *answer("r1", "a1", "One."), done("r1"), *answer("r2", "a2", "Two."), late, heard("u2", "Second?")
    )
    assert [turn["id"] for turn in state["turns"]] == ["u1", "a1", "u2", "a2"]


async def test_words_of_the_person_come_in_pieces(bench: Page) -> None:
    piece = {"type": "conversation.item.input_audio_transcription.delta", "item_id": "u"}
    state = await after(bench, HELLO, *speech("u"), {**piece, "delta": "How "}, {**piece, "delta": "many?"})
    assert texts(state) == [("user", "How many?", "coming")]


async def test_a_transcription_that_failed_leaves_the_turn(bench: Page) -> None:
    failed = {"type": "conversation.item.input_audio_transcription.failed", "item_id": "u"}
    assert texts(await after(bench, HELLO, *speech("u"), failed)) == [("user", "", "failed")]


async def test_a_typed_turn_stands_once_and_keeps_its_words(bench: Page) -> None:
    typed = {"type": "page.typed", "id": "u", "text": "How many?"}
    echo: Any = {"content": [{"type": "input_text", "text": "How many?"}]}
    state = await after(bench, HELLO, typed, item("added", "u", "user", **echo), item("done", "u", "user", **echo))
    assert texts(state) == [("user", "How many?", "done")]


async def test_a_noise_that_was_never_taken_as_a_turn_goes_with_the_next(bench: Page) -> None:
    state = await after(bench, HELLO, speech("noise")[0], *speech("u"))
    assert [turn["id"] for turn in state["turns"]] == ["u"]


async def test_speaking_over_an_answer_stops_its_words_and_drops_the_late_ones(bench: Page) -> None:
    late = said("a", " and more")
    state = await after(bench, HELLO, *answer("r", "a", "Thirty"), speech("u")[0], late, done("r", "cancelled"))
    assert texts(state) == [("assistant", "Thirty", "interrupted"), ("user", "", "coming")]
    assert state["silenced"] == ["r"]


async def test_an_answer_that_the_word_of_speech_overtook_is_not_shown_as_if_it_lived(bench: Page) -> None:
    interrupted = [HELLO, MICROPHONE, {"type": "page.typed", "id": "u", "text": "Hi"}, speech("u2")[0], *answer("r", "a", "Old")]
    state = await after(bench, *interrupted)
    assert (texts(state), state["phase"], state["busy"]) == ([("user", "Hi", "done"), ("user", "", "coming")], "hearing", False)
    state = await after(bench, *interrupted, done("r", "cancelled"), *speech("u2")[1:], *answer("r2", "a2", "New"))
    assert (texts(state)[2:], state["responding"], state["silenced"]) == ([("assistant", "New", "coming")], "r2", ["r"])


async def test_an_interrupted_answer_that_is_announced_again_stays_interrupted(bench: Page) -> None:
    state = await after(bench, HELLO, *answer("r", "a", "Thirty"), *speech("u"), *answer("r", "a", " days"))
    assert texts(state) == [("assistant", "Thirty", "interrupted"), ("user", "", "coming")]
    assert (state["responding"], state["phase"]) == (None, "thinking")


async def test_an_answer_that_was_made_but_not_played_to_its_end_counts_as_interrupted(bench: Page) -> None:
    state = await after(bench, HELLO, *answer("r", "a", "Thirty."), {"type": "page.speaking", "item_id": "a"}, done("r"), STOPPED)
    assert texts(state) == [("assistant", "Thirty.", "interrupted")]
    assert state["busy"] is False


async def test_an_answer_stopped_before_its_first_word_leaves_no_trace(bench: Page) -> None:
    assert texts(await after(bench, HELLO, *answer("r", "a"), STOPPED, done("r", "cancelled"))) == []


async def test_an_answer_stopped_before_it_began_is_not_heard_when_it_begins(bench: Page) -> None:
    typed = {"type": "page.typed", "id": "u", "text": "Hi"}
    state = await after(bench, HELLO, typed, STOPPED, *answer("r", "a", "Hello"))
    assert (state["silenced"], texts(state), state["phase"]) == (["r"], [("user", "Hi", "done")], "idle")


async def test_the_next_answer_is_heard_again(bench: Page) -> None:
    typed = {"type": "page.typed", "id": "u", "text": "Hi"}
    again = {**typed, "id": "u2", "text": "Hello?"}
    state = await after(bench, HELLO, typed, STOPPED, again, *answer("r", "a", "Hello"))
    assert (state["silenced"], state["phase"]) == ([], "thinking")


async def test_stopped_responses_are_forgotten_in_time(bench: Page) -> None:
    events = [event for n in range(50) for event in (*answer(f"r{n}", f"a{n}"), STOPPED)]
    assert len((await after(bench, HELLO, *events))["silenced"]) == 16


async def test_sources_lie_with_the_question_they_were_found_for(bench: Page) -> None:
    second = {**FOUND, "call_id": "k2", "user_item_id": "u2", "sources": [{**SOURCE, "id": "p2"}]}
    state = await after(bench, HELLO, *speech("u"), FOUND, *answer("r", "a", "Thirty."), done("r"), *speech("u2"), second)
    assert [(each["id"], [card["id"] for card in each["cards"]]) for each in state["exchanges"]] == [("u", ["p1"]), ("u2", ["p2"])]


async def test_a_passage_found_twice_for_a_question_lies_there_once(bench: Page) -> None:
    state = await after(bench, HELLO, *speech("u"), FOUND, {**FOUND, "call_id": "k2"})
    assert len(state["cards"]["u"]) == 1


async def test_sources_without_a_question_lie_with_the_last_one(bench: Page) -> None:
    state = await after(bench, HELLO, *speech("u"), {**FOUND, "user_item_id": None})
    assert list(state["cards"]) == ["u"]


async def test_what_the_answer_used_is_marked_and_only_that(bench: Page) -> None:
    both = {**FOUND, "sources": [SOURCE, {**SOURCE, "id": "p2"}]}
    cited = {"type": "askaloud.cited", "response_id": "r", "item_id": "a", "source_ids": ["p2"]}
    state = await after(bench, HELLO, *speech("u"), both, *answer("r", "a", "Thirty."), done("r"), cited)
    assert [(card["id"], card["cited"]) for card in state["cards"]["u"]] == [("p1", False), ("p2", True)]
    assert state["exchanges"][0]["judged"] is True


async def test_an_earlier_source_that_a_later_answer_used_is_laid_beside_that_too(bench: Page) -> None:
    first = [*speech("u"), FOUND, *answer("r", "a", "Thirty."), done("r")]
    cited = {"type": "askaloud.cited", "response_id": "r2", "item_id": "a2", "source_ids": ["p1"]}
    state = await after(bench, HELLO, *first, *speech("u2"), *answer("r2", "a2", "All of it."), done("r2"), cited)
    assert [[card["cited"] for card in each["cards"]] for each in state["exchanges"]] == [[False], [True]]


async def test_an_answer_that_failed_says_so_once(bench: Page) -> None:
    state = await after(bench, HELLO, *answer("r", "a", "Thir"), done("r", "failed"))
    assert texts(state) == [("assistant", "Thir", "failed")]
    assert [each["code"] for each in state["notices"]] == ["model_failed"]


async def test_notices_do_not_pile_up_and_pass_with_the_next_turn(bench: Page) -> None:
    codes = ["search_slow", "search_down", "tool_failed", "model_timeout", "search_slow"]
    piled = await after(bench, HELLO, *(notice(code) for code in codes))
    assert [each["code"] for each in piled["notices"]] == ["tool_failed", "model_timeout", "search_slow"]
    assert (await after(bench, HELLO, notice("search_slow"), speech("u")[0]))["notices"] == []


async def test_a_notice_that_was_read_goes(bench: Page) -> None:
    state = await after(bench, HELLO, notice("search_slow"), notice("tool_failed"), {"type": "page.dismissed", "code": "search_slow"})
    assert [each["code"] for each in state["notices"]] == ["tool_failed"]


ENDS: list[tuple[dict[str, Any], str]] = [
    ({"code": 1000}, "goodbye"),
    ({"code": 1001}, "server_going_away"),
    ({"code": 1008}, "refused"),
    ({"code": 1008, "reason": "wrong key"}, "refused"),
    ({"code": 1008, "reason": "too_fast"}, "too_fast"),
    ({"code": 1009}, "too_large"),
    ({"code": 1011}, "model_hung_up"),
    ({"code": 1013}, "too_many_conversations"),
    ({"code": 1006}, "network_lost"),
    ({"code": 1006, "opened": False}, "server_unreachable"),
    ({"code": 1006, "lost": True}, "network_lost"),
    ({"code": 1006, "opened": False, "stayedAway": True}, "network_away_too_long"),
    ({"code": 4321}, "network_lost"),
]


@pytest.mark.parametrize(("closing", "code"), ENDS)
async def test_a_closed_socket_has_a_reason(bench: Page, closing: dict[str, Any], code: str) -> None:
    assert (await after(bench, HELLO, {**CLOSED, **closing}))["ended"]["code"] == code


async def test_what_the_server_said_before_it_closed_is_the_reason(bench: Page) -> None:
    state = await after(bench, HELLO, notice("wrong_access_key", recoverable=False), {**CLOSED, "code": 1008})
    assert (state["ended"]["code"], state["notices"]) == ("wrong_access_key", [])


async def test_that_the_model_cannot_be_reached_stands_until_the_next_question_and_comes_again_when_that_fails(bench: Page) -> None:
    unreachable = notice("model_unreachable", recoverable=False)
    failed = [HELLO, {"type": "page.typed", "id": "u", "text": "How many?"}, unreachable, {**CLOSED, "code": 1011}]
    again = [{"type": "page.connecting", "fresh": False}, HELLO]
    state = await after(bench, *failed, *again)
    assert (state["ended"], [each["code"] for each in state["notices"]], state["phase"]) == (None, ["model_unreachable"], "idle")
    asked = await after(bench, *failed, *again, {"type": "page.typed", "id": "u2", "text": "How many?"})
    assert (asked["notices"], asked["phase"]) == ([], "thinking")
    state = await after(bench, *failed, *again, unreachable, {**CLOSED, "code": 1011})
    assert (state["ended"]["code"], state["notices"], state["phase"]) == ("model_unreachable", [], "error")


async def test_what_a_new_connection_mends_goes_with_it(bench: Page) -> None:
    state = await after(bench, HELLO, notice("server_going_away", recoverable=False), CLOSED, {"type": "page.connecting", "fresh": False})
    assert (state["ended"], state["notices"]) == (None, [])


async def test_what_was_said_survives_the_socket_and_a_line_parts_it_from_what_follows(bench: Page) -> None:
    old = [*speech("u"), heard("u", "How many?"), *answer("r", "a", "Thirty."), done("r")]
    again = {"type": "page.connecting", "fresh": False}
    state = await after(bench, HELLO, *old, CLOSED, again, HELLO, *speech("u2"), heard("u2", "And?"))
    assert [(each["id"], each["divided"]) for each in state["exchanges"]] == [("u", False), ("u2", True)]
    twice = await after(bench, HELLO, *old, CLOSED, again, CLOSED, again, HELLO)
    assert [turn["role"] for turn in twice["turns"]] == ["user", "assistant", "divider"]


async def test_a_fresh_conversation_begins_with_an_empty_page(bench: Page) -> None:
    state = await after(bench, HELLO, MICROPHONE, *speech("u"), FOUND, {"type": "page.connecting", "fresh": True})
    assert (state["turns"], state["cards"], state["microphone"]) == ([], {}, "on")


async def test_an_hour_of_talk_is_kept_and_no_more(bench: Page) -> None:
    events = [({"type": "page.typed", "id": f"u{n}", "text": "Hi"}, {**FOUND, "user_item_id": f"u{n}"}) for n in range(500)]
    state = await after(bench, HELLO, *(event for pair in events for event in pair))
    assert (len(state["turns"]), state["turns"][-1]["id"]) == (400, "u499")
    assert len(state["cards"]) <= 401


async def test_no_event_changes_the_state_it_was_given(bench: Page) -> None:
    unchanged = await bench.evaluate(
        """async (events) => {
          const { BEGINNING, reduce } = await import('/conversation.js');
          const freeze = (value) => {
            if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze);
            return value;
          };
          events.reduce((state, event) => freeze(reduce(state, freeze(event))), BEGINNING);
          return true;
        }""",
        [event for _, events, _ in PHASES for event in events],
    )
    assert unchanged


async def test_a_typed_message_that_was_refused_is_not_said_again_on_a_new_socket(bench: Page) -> None:
    typed: Event = {"type": "page.typed", "id": "u", "text": "Hi"}
    assert (await after(bench, HELLO, typed))["unconfirmed"] == ["u"]
    state = await after(bench, HELLO, typed, {"type": "conversation.item.deleted", "item_id": "u"}, notice("message_refused"))
    assert (state["unconfirmed"], state["turns"]) == ([], [])
