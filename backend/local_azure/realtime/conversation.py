"""One conversation, complete and without I/O: client events and what the ears noticed go in, actions come out of its desk.

Joins the rooms (session, hearing, history, responses) and holds what crosses between them; it never waits and knows no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .actions import Action, Hear, SetAlarm
from .desk import Desk
from .hearing import Hearing, Utterance
from .history import History
from .items import Item, Part, decode_audio, read_item
from .parts import BYTES_PER_MS, ConversationId, Moment, SpeechStarted, SpeechStopped
from .planning import plan
from .response import Plan, Response
from .responses import Responses
from .session import Session
from .shapes import Check, integer, record, text
from .transcripts import Transcripts
from .wire import EVENT_ID_MAX_CHARS, Event, Refused, event_id_of, new_id, not_offered

_any_id = text(128)
_as_it_is: Check = lambda value, path: value  # noqa: E731 - checked where it is read
_common = {"type": text(128), "event_id": text(EVENT_ID_MAX_CHARS)}


def _shape(required: tuple[str, ...] = (), **fields: Check) -> Check:
    return record({**_common, **fields}, required=required)


SHAPES: Mapping[str, Check] = {
    "session.update": _shape(("session",), session=_as_it_is),
    "input_audio_buffer.append": _shape(("audio",), audio=decode_audio),
    "input_audio_buffer.commit": _shape(),
    "input_audio_buffer.clear": _shape(),
    "conversation.item.create": _shape(("item",), item=_as_it_is, previous_item_id=lambda v, p: None if v is None else _any_id(v, p)),
    "conversation.item.retrieve": _shape(("item_id",), item_id=_any_id),
    "conversation.item.delete": _shape(("item_id",), item_id=_any_id),
    "conversation.item.truncate": _shape(
        ("item_id", "content_index", "audio_end_ms"),
        item_id=_any_id,
        content_index=integer(0, 1_000),
        audio_end_ms=integer(0, 2**31),
    ),
    "response.create": _shape(response=_as_it_is),
    "response.cancel": _shape(response_id=lambda v, p: None if v is None else _any_id(v, p)),
}
NOT_OFFERED = frozenset({"output_audio_buffer.clear"})
"""Client events of other transports; the service knows them, this door does not."""


def _checked(event: Event) -> Mapping[str, Any]:
    kind = event["type"]
    if kind in NOT_OFFERED:
        raise not_offered(f"The event '{kind}'", "type")
    if kind not in SHAPES:
        shown = ", ".join(f"'{known}'" for known in SHAPES)
        raise Refused("invalid_value", f"Invalid value: '{kind[:64]}'. Supported values are: {shown}.", "type")
    checked: Mapping[str, Any] = SHAPES[kind](event, "")
    return checked


class Conversation:
    """See the module. After every call, `take` gives what is to be done."""

    def __init__(self, model: str, expires_at: int) -> None:
        self.id = ConversationId(new_id("conv"))
        self._desk = Desk()
        self._session = Session(model, expires_at)
        self._history = History()
        self._hearing = Hearing(self._desk)
        self._transcripts = Transcripts(self._desk)
        self._responses = Responses(self._desk, self._history, str(self.id))
        self._turns = 0
        self._quiet_since_ms = 0
        self._desk.send("session.created", session=self._session.report())
        self._listen()

    def take(self) -> list[Action]:
        """What is to be done, in order, since the last call."""
        return self._desk.take()

    def receive(self, event: Event) -> None:
        """Take one client event in; what the protocol forbids is answered with its `error`."""
        event_id = event_id_of(event)
        try:
            self._handle(_checked(event), event_id)
        except Refused as refused:
            self._desk.refuse(refused, event_id)
        self._trim()

    def refuse(self, refused: Refused, event_id: str | None = None) -> None:
        """Answer with an `error` event something that went wrong outside."""
        self._desk.refuse(refused, event_id)

    def _handle(self, event: Mapping[str, Any], event_id: str | None) -> None:
        match event["type"]:
            case "session.update":
                if self._session.update(event["session"], spoken=self._responses.spoken, speaking=self._responses.active):
                    self._listen()
                self._desk.send("session.updated", session=self._session.report())
            case "input_audio_buffer.append":
                self._desk.ask(Hear(event["audio"], event_id))
            case "input_audio_buffer.commit":
                self._commit(self._hearing.commit())
            case "input_audio_buffer.clear":
                self._hearing.clear()
                self._desk.send("input_audio_buffer.cleared")
            case "response.create":
                planned = plan(self._session, self._history, event.get("response"), spoken=self._responses.spoken)
                self._transcripts.need(planned.context or ())
                self._begin(planned)
            case "response.cancel":
                self._responses.cancel(event.get("response_id"))
            case _:
                self._handle_item(event)

    def _handle_item(self, event: Mapping[str, Any]) -> None:
        match event["type"]:
            case "conversation.item.create":
                self._create(read_item(event["item"], "item", new_id("item")), event.get("previous_item_id"))
            case "conversation.item.retrieve":
                item = self._history.retrieve(event["item_id"])
                self._desk.send("conversation.item.retrieved", item=item.on_wire(with_audio=True))
            case "conversation.item.delete":
                self._transcripts.forget(self._history.delete(event["item_id"]))
                self._desk.send("conversation.item.deleted", item_id=event["item_id"])
            case "conversation.item.truncate":
                where = {name: event[name] for name in ("item_id", "content_index", "audio_end_ms")}
                self._history.truncate(**where)
                self._desk.send("conversation.item.truncated", **where)

    def _create(self, item: Item, after: str | None) -> None:
        calls = {known.call_id for known in self._history if known.kind == "function_call"}
        if item.kind == "function_call_output" and item.call_id not in calls:
            message = f"Tool call ID '{item.call_id}' not found in conversation."
            raise Refused("invalid_tool_call_id", message)
        self._add(item, after)
        self._transcripts.need((item,))

    def _add(self, item: Item, after: str | None = None) -> None:
        previous = self._history.insert(item, after)
        self._turns += item.kind == "message" and item.role == "user"
        self._desk.send("conversation.item.added", previous_item_id=previous, item=item.on_wire())
        self._desk.send("conversation.item.done", previous_item_id=previous, item=item.on_wire())

    def _begin(self, planned: Plan) -> None:
        self._responses.create(planned)
        if planned.in_conversation:
            self._desk.ask(SetAlarm(None))

    def _listen(self) -> None:
        detection = self._session.turn_detection
        self._desk.ask(SetAlarm(None))
        self._hearing.listen(detection.voice if detection else None)

    def take_in(self, pcm: bytes) -> None:
        """Keep a piece of audio that is about to be listened to. Raises `Refused` when there is no room."""
        self._hearing.take_in(pcm)

    def noticed(self, notice: SpeechStarted | SpeechStopped) -> None:
        """Take in what the ears noticed in the audio so far."""
        detection = self._session.turn_detection
        if isinstance(notice, SpeechStarted):
            self._hearing.started(notice)
            self._desk.ask(SetAlarm(None))
            if detection and detection.interrupt_response:
                self._responses.interrupt()
            return
        utterance = self._hearing.stopped(notice)
        if utterance is None:
            return
        self._commit(utterance)
        if detection and detection.create_response:
            self._respond()
        self._trim()

    def nobody_spoke(self) -> None:
        """The alarm rang: the silence after the last answer has lasted as long as the session allows. Prompts the person."""
        detection = self._session.turn_detection
        if detection is None or detection.idle_timeout_ms is None or self._hearing.speaking or self._responses.active:
            return
        self._commit(self._hearing.waited(self._quiet_since_ms, detection.idle_timeout_ms))
        self._respond()
        self._trim()

    def _respond(self) -> None:
        """A response that nobody asked for by an event."""
        self._responses.make_way()
        try:
            self._begin(plan(self._session, self._history, None, spoken=self._responses.spoken))
        except Refused as refused:
            self._desk.refuse(refused, None)

    def _commit(self, utterance: Utterance) -> None:
        part = Part("input_audio", None, utterance.pcm, len(utterance.pcm) // BYTES_PER_MS)
        self._desk.send("input_audio_buffer.committed", previous_item_id=self._history.last_id, item_id=utterance.item_id)
        item = Item(utterance.item_id, "message", role="user", content=[part])
        self._add(item)
        self._transcripts.need((item,), reported=self._session.transcribes)

    def words_came(self, order: int, words: str) -> None:
        """The recogniser understood this ("" for nothing) of the audio that it was given with this order."""
        self._transcripts.came(order, words)

    def words_failed(self, order: int, message: str) -> None:
        """The recogniser cannot work; the message is fit for the client."""
        self._transcripts.failed(order, message)

    def waits_for(self, response: Response) -> set[int]:
        """The orders whose words must come before this response can be thought of."""
        return self._transcripts.missing(self._responses.context_of(response))

    def moment(self, response: Response) -> Moment:
        """What a mind may know for this response. Raises `PartUnavailable` where the last words could not be recognised."""
        context = self._responses.context_of(response)
        self._transcripts.check(context)
        chosen = response.plan.tool_choice
        return Moment(
            items=tuple(known for known in (item.for_mind() for item in context) if known is not None),
            instructions=response.plan.instructions,
            tools=response.plan.tools,
            tool_choice=chosen["name"] if isinstance(chosen, dict) else chosen,
            conversation=self.id if response.plan.in_conversation else None,
            turn=self._turns,
        )

    def finished(self, response: Response) -> None:
        """The response's work has ended, in whatever way."""
        self._responses.finished(response)
        detection = self._session.turn_detection
        if (
            response.plan.in_conversation
            and detection
            and detection.idle_timeout_ms
            and not (self._hearing.speaking or self._responses.active)
        ):
            # As the service has it: from the end of the response, and as long as its audio takes to be heard.
            self._quiet_since_ms = self._hearing.now_ms
            self._desk.ask(SetAlarm(response.audio_ms + detection.idle_timeout_ms))
        self._trim()

    def _trim(self) -> None:
        for item_id in self._history.trim():
            self._desk.send("conversation.item.deleted", item_id=item_id)
