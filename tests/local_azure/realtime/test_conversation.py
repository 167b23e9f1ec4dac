"""The state machine without a socket: whatever comes in, only events that the SDK knows come out, and it never breaks."""

from __future__ import annotations

import base64
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.local_azure.realtime.doubles import silence, validate

from local_azure.realtime.actions import Abandon, Answer, Hear, Send, SetAlarm, WriteDown
from local_azure.realtime.conversation import SHAPES, Conversation
from local_azure.realtime.output import SpokenPart
from local_azure.realtime.parts import SpeechStarted, SpeechStopped
from local_azure.realtime.response import OutputSpent, Response, ResponseOver
from local_azure.realtime.wire import Refused

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "id", "role", "content", "audio", "input", "output", "tools", "text", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
ids = st.sampled_from(["one", "two", "root"])
messages = st.builds(
    lambda role, words, id: {"type": "message", "role": role, "id": id, "content": [{"type": "input_text", "text": words}]},
    st.sampled_from(["user", "system"]),
    st.text(max_size=8),
    ids,
)
good_events = st.one_of(
    st.builds(lambda item, after: {"type": "conversation.item.create", "item": item, "previous_item_id": after}, messages, st.none() | ids),
    st.builds(lambda kind, id: {"type": f"conversation.item.{kind}", "item_id": id}, st.sampled_from(["delete", "retrieve"]), ids),
    st.builds(
        lambda id, ms: {"type": "conversation.item.truncate", "item_id": id, "content_index": 0, "audio_end_ms": ms},
        ids,
        st.integers(0, 500),
    ),
    st.builds(lambda c: {"type": "response.create", "response": {"conversation": c}}, st.sampled_from(["auto", "none"])),
    st.sampled_from(
        [
            {"type": "response.cancel"},
            {"type": "input_audio_buffer.commit"},
            {"type": "input_audio_buffer.clear"},
            {"type": "input_audio_buffer.append", "audio": base64.b64encode(silence(120)).decode()},
            {"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text"]}},
            {"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}},
        ]
    ),
)
bad_events = st.builds(
    lambda kind, rest: {**rest, "type": kind}, st.sampled_from([*SHAPES, "x"]), st.dictionaries(st.text(max_size=9), anything, max_size=3)
)
wrong_fields = st.builds(
    lambda kind, name, value: {"type": kind, name: value},
    st.sampled_from(list(SHAPES)),
    st.sampled_from(["session", "item", "response", "audio", "item_id", "content_index"]),
    anything,
)
notices = st.builds(SpeechStarted, st.integers(0, 5_000)) | st.builds(SpeechStopped, st.integers(0, 5_000))
works = st.sampled_from(["speak", "call", "finish", "fail", "words"])


class World:
    """Does by hand, in any order, what the socket's side would do."""

    def __init__(self) -> None:
        self.conversation = Conversation("model", 1)
        self.answers: list[Response] = []
        self.open_words: list[int] = []
        self.done: dict[str, int] = {}
        self.created: list[str] = []

    def settle(self) -> None:
        for action in self.conversation.take():
            match action:
                case Send():
                    validate(action.event)
                    self._note(action.event)
                case Hear():
                    try:
                        self.conversation.take_in(action.pcm)
                    except Refused as refused:
                        self.conversation.refuse(refused)
                case WriteDown():
                    self.open_words.append(action.order)
                case Answer():
                    self.answers.append(action.response)
                case Abandon():
                    self.finish(next(response for response in self.answers if response.id == action.response_id))

    def _note(self, event: dict[str, Any]) -> None:
        if event["type"] == "response.created":
            self.created.append(event["response"]["id"])
        if event["type"] == "response.done":
            self.done[event["response"]["id"]] = self.done.get(event["response"]["id"], 0) + 1

    def finish(self, response: Response) -> None:
        with response:
            pass
        self.answers.remove(response)
        self.conversation.finished(response)

    def work(self, what: str) -> None:
        if what == "words" and self.open_words:
            self.conversation.words_came(self.open_words.pop(0), "some words")
        elif self.answers:
            response = self.answers[0]
            if what == "speak":
                self.speak(response)
            elif what == "call":
                with response, response.call("tool") as call:
                    call.arguments("{}")
            elif what == "fail":
                response.end("failed", error={"type": "server_error", "code": "x", "message": "y"})
            self.finish(response)

    def speak(self, response: Response) -> None:
        with response, response.message() as message, message.part() as part:
            for word in ("some", " words"):
                try:
                    part.words(word)
                except (OutputSpent, ResponseOver):
                    return


@settings(max_examples=150, deadline=None)
@given(st.lists(good_events | good_events | bad_events | wrong_fields | notices | works, max_size=30))
def test_whatever_happens_only_valid_events_come_out_and_every_response_is_done_once(steps: list[Any]) -> None:
    world = World()
    for step in steps:
        if isinstance(step, dict):
            world.conversation.receive(step)
        elif isinstance(step, str):
            world.work(step)
        else:
            world.conversation.noticed(step)
        world.settle()
    for response in list(world.answers):
        world.finish(response)
    world.settle()
    assert world.done == dict.fromkeys(world.created, 1)


def idle(timeout_ms: int | None = 5_000) -> Conversation:
    """A conversation that prompts whoever says nothing."""
    conversation = Conversation("model", 1)
    detection = {"type": "server_vad", "idle_timeout_ms": timeout_ms}
    conversation.receive({"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": detection}}}})
    conversation.take()
    return conversation


def answered(conversation: Conversation, audio_ms: int = 2_000) -> list[Any]:
    """What is to be done after an answer of this length; what was to be done before is done."""
    conversation.receive({"type": "response.create"})
    response = next(action.response for action in conversation.take() if isinstance(action, Answer))
    with response, response.message() as message, message.part() as part:
        assert isinstance(part, SpokenPart)
        part.audio(silence(audio_ms))
    conversation.finished(response)
    return conversation.take()


def alarms(actions: list[Any]) -> list[int | None]:
    return [action.after_ms for action in actions if isinstance(action, SetAlarm)]


def test_an_answer_sets_an_alarm_for_when_it_was_heard_and_nobody_spoke() -> None:
    assert alarms(answered(idle())) == [7_000]
    assert alarms(answered(idle(None))) == []


def test_the_alarm_makes_a_turn_of_the_silence_and_an_answer_to_it() -> None:
    conversation = idle()
    answered(conversation)
    conversation.take_in(silence(6_000))
    conversation.nobody_spoke()
    actions = conversation.take()
    sent = [action.event for action in actions if isinstance(action, Send)]
    for event in sent:
        validate(event)
    assert [event["type"] for event in sent][:5] == [
        "input_audio_buffer.timeout_triggered",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
    ]
    assert (sent[0]["audio_start_ms"], sent[0]["audio_end_ms"]) == (1_000, 6_000)
    assert sent[0]["item_id"] == sent[1]["item_id"]
    assert alarms(actions) == [None]


def test_somebody_who_speaks_in_time_is_not_prompted() -> None:
    conversation = idle()
    answered(conversation)
    conversation.take_in(silence(1_000))
    conversation.noticed(SpeechStarted(500))
    assert alarms(conversation.take()) == [None]
    conversation.nobody_spoke()
    assert conversation.take() == []


def test_a_response_or_a_change_of_listening_takes_the_alarm_back() -> None:
    conversation = idle()
    answered(conversation)
    conversation.receive({"type": "response.create"})
    assert alarms(conversation.take()) == [None]
    other = idle()
    answered(other)
    other.receive({"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}})
    assert alarms(other.take()) == [None]
    other.nobody_spoke()
    assert other.take() == []


def test_an_answer_beside_the_conversation_prompts_nobody() -> None:
    conversation = idle()
    conversation.receive({"type": "response.create", "response": {"conversation": "none"}})
    response = next(action.response for action in conversation.take() if isinstance(action, Answer))
    with response:
        pass
    conversation.finished(response)
    assert alarms(conversation.take()) == []
