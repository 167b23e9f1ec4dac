"""The service's rules as a small machine of its own: one session of a Realtime service, without sockets, sound and time.

It is handed what we say and keeps what it says in `said`, in order. It knows: one response at a time, `response.create` beside it refused;
voice detection that interrupts and asks for answers itself, as far as the session says so; calls and their outputs; cancelled, failed and
incomplete responses; transcriptions that come late; responses beside the conversation. Breaking a rule that no race excuses raises.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.askaloud.conversation import wire
from tests.askaloud.conversation.desk import words_of

from askaloud.conversation.sequencer import ACTIVE_ALREADY, NOT_ACTIVE
from askaloud.conversation.session import EXPIRED

HIDDEN = "hidden_"
"""Ids of items that are not the client's begin like this."""
COMMIT_EMPTY = "input_audio_buffer_commit_empty"
ITEM_NOT_FOUND = "item_delete_invalid_item_id"


@dataclass
class Answer:
    """One response as the service makes it."""

    id: str
    asked_by: str | None
    no_tools: bool
    context: frozenset[str]
    """What the person had said by then, as far as this session knew it."""
    open: dict[str, Any] | None = None
    """The item that goes on."""
    said: str = ""
    output: list[dict[str, Any]] = field(default_factory=list)

    @property
    def place(self) -> dict[str, Any]:
        assert self.open is not None
        return {"response_id": self.id, "item_id": self.open["id"], "output_index": len(self.output), "content_index": 0}


class Service:
    """One session of the service."""

    def __init__(self, names: Iterator[int]) -> None:
        self._names = names
        self.said: deque[bytes] = deque()
        self.items: dict[str, dict[str, Any]] = {}
        """The conversation, in its order."""
        self.outputs: dict[str, int] = {}
        """How often each call that this session knows was given an output."""
        self.active: Answer | None = None
        self.made: dict[str, Answer] = {}
        self.by_client: set[str] = set()
        """Turns that the client has ended: they are answered when it asks."""
        self.speaking = False
        self.speech = ""
        """The item that is to become of what is being said."""
        self.sound = 0
        self.untold: deque[str] = deque()
        """Spoken turns whose words are still to be written down."""
        self.detection: dict[str, Any] = {"create_response": True, "interrupt_response": True}
        self.settled = False
        """It has taken instructions and tools."""
        self.refuses: str | None = None
        """The next `response.create` is refused with this code."""
        self._say("session.created", session={"type": "realtime", "expires_at": None})

    def _say(self, kind: str, **fields: Any) -> None:
        self.said.append(wire.frame(kind, **fields))

    def _name(self, prefix: str) -> str:
        return f"{prefix}{next(self._names)}"

    def expires(self) -> None:
        """It has lasted long enough: it says so, reads nothing any more, and hangs up."""
        self._say("error", error={"type": "invalid_request_error", "code": EXPIRED, "message": "words", "param": None, "event_id": None})

    # what we say

    def reads(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "session.update":
                self.detection = event["session"].get("audio", {}).get("input", {}).get("turn_detection", self.detection) or {}
                self.settled = True
                self._say("session.updated", session={})
            case "input_audio_buffer.append":
                self.sound += 1
            case "input_audio_buffer.clear":
                self.sound, self.speaking = 0, False
                self._say("input_audio_buffer.cleared")
            case "input_audio_buffer.commit":
                if self.sound:
                    self.by_client.add(self._turn())
                else:
                    self.said.append(wire.refusal(event["event_id"], COMMIT_EMPTY))
            case "conversation.item.create":
                self._takes(event["item"])
            case "conversation.item.delete" if self.items.pop(event["item_id"], None) is None:
                self.said.append(wire.refusal(event["event_id"], ITEM_NOT_FOUND))
            case "conversation.item.delete":
                self._say("conversation.item.deleted", item_id=event["item_id"])
            case "conversation.item.truncate":
                assert event["item_id"] in self.items, "an item that this line does not know is truncated"
                self._say("conversation.item.truncated", item_id=event["item_id"], content_index=0, audio_end_ms=event["audio_end_ms"])
            case "response.create":
                self._asked(event)
            case "response.cancel":
                if self.active is not None and self.active.id == event["response_id"]:
                    self.ends("cancelled")
                else:
                    self.said.append(wire.refusal(event["event_id"], NOT_ACTIVE))
            case other:
                raise AssertionError(f"no such client event: {other}")

    def _takes(self, item: dict[str, Any]) -> None:
        item = {**item, "id": item.get("id") or self._name(HIDDEN), "status": "completed"}
        assert item["id"] not in self.items, "an item is told twice"
        if item["type"] == "function_call":
            assert item["call_id"] not in self.outputs, "a call is told twice"
            self.outputs[item["call_id"]] = 0
        elif item["type"] == "function_call_output":
            assert item["call_id"] in self.outputs, "an output on a line that does not know the call"
            self.outputs[item["call_id"]] += 1
            assert self.outputs[item["call_id"]] == 1, "a second output"
        self._appears(item)
        self._say("conversation.item.done", item=item, previous_item_id=None)

    def _appears(self, item: dict[str, Any]) -> None:
        previous = next(reversed(self.items), None)
        self.items[item["id"]] = item
        self._say("conversation.item.added", item=item, previous_item_id=previous)

    def _asked(self, event: dict[str, Any]) -> None:
        if self.active is not None:
            self.said.append(wire.refusal(event["event_id"], ACTIVE_ALREADY))
        elif self.refuses is not None:
            self.said.append(wire.refusal(event["event_id"], self.refuses))
            self.refuses = None
        else:
            self._begins(event["event_id"], no_tools=event.get("response", {}).get("tool_choice") == "none")

    # the person, as it hears them

    def hears_speech(self) -> None:
        self.speaking, self.speech = True, self._name("u")
        self._say("input_audio_buffer.speech_started", item_id=self.speech, audio_start_ms=0)
        if self.active is not None and self.detection.get("interrupt_response", True):
            self.ends("cancelled")

    def hears_its_end(self) -> None:
        self._say("input_audio_buffer.speech_stopped", item_id=self.speech, audio_end_ms=0)
        self._turn()
        if self.detection.get("create_response", True) and self.active is None:
            self._begins(None)

    def _turn(self) -> str:
        item_id = self.speech if self.speaking else self._name("u")
        self.sound, self.speaking = 0, False
        item = {"id": item_id, "type": "message", "role": "user", "content": [{"type": "input_audio"}], "status": "completed"}
        self._say("input_audio_buffer.committed", item_id=item["id"], previous_item_id=next(reversed(self.items), None))
        self._appears(item)
        self._say("conversation.item.done", item=item, previous_item_id=None)
        self.untold.append(str(item["id"]))
        return str(item["id"])

    def writes_down(self, *, well: bool) -> None:
        item_id = self.untold.popleft()
        place = {"item_id": item_id, "content_index": 0}
        if well:
            self._say("conversation.item.input_audio_transcription.completed", **place, transcript=words_of(item_id))
        else:
            self._say("conversation.item.input_audio_transcription.failed", **place, error={"type": "server_error"})

    # its answers

    def _begins(self, asked_by: str | None, *, no_tools: bool = False) -> None:
        context = frozenset(item_id for item_id, item in self.items.items() if item.get("role") == "user")
        self.active = Answer(self._name("r"), asked_by, no_tools, context)
        self.made[self.active.id] = self.active
        self._say("response.created", response=self._report("in_progress"))

    def _report(self, status: str) -> dict[str, Any]:
        assert self.active is not None
        return {"id": self.active.id, "status": status, "output": self.active.output, "conversation_id": "conv"}

    def speaks(self) -> None:
        """A message begins, or goes on."""
        answer = self.active
        assert answer is not None
        if answer.open is None or answer.open["type"] != "message":
            self.closes()
            self._opens({"id": self._name("a"), "type": "message", "role": "assistant", "content": []})
            self._say("response.content_part.added", **answer.place, part={"type": "audio", "transcript": ""})
        answer.said += " Thirty days."
        self._say("response.output_audio_transcript.delta", **answer.place, delta=" Thirty days.")
        self._say("response.output_audio.delta", **answer.place, delta=wire.sound(4_800))

    def calls(self, name: str, arguments: str) -> None:
        """A call begins; it counts once it is closed."""
        self.closes()
        call_id = self._name("call")
        self._opens({"id": f"{HIDDEN}{call_id}", "type": "function_call", "call_id": call_id, "name": name, "arguments": arguments})

    def _opens(self, item: dict[str, Any]) -> None:
        assert self.active is not None
        self.active.open, self.active.said = item, ""
        begun = {**item, "status": "in_progress", **({"arguments": ""} if "arguments" in item else {})}
        self._say("response.output_item.added", response_id=self.active.id, output_index=len(self.active.output), item=begun)
        self._appears(begun)

    def closes(self, status: str = "completed") -> None:
        """What goes on comes to its end, broken off or not: the last events come in both cases."""
        answer = self.active
        if answer is None or answer.open is None:
            return
        item = {**answer.open, "status": status}
        if item["type"] == "message":
            item["content"] = [{"type": "output_audio", "transcript": answer.said}]
            self._say("response.output_audio.done", **answer.place)
            self._say("response.output_audio_transcript.done", **answer.place, transcript=answer.said)
            self._say("response.content_part.done", **answer.place, part={"type": "audio", "transcript": answer.said})
        else:
            self.outputs[item["call_id"]] = 0
            done = {"call_id": item["call_id"], "name": item["name"], "arguments": item["arguments"]}
            self._say("response.function_call_arguments.done", **answer.place, **done)
        self._say("response.output_item.done", response_id=answer.id, output_index=len(answer.output), item=item)
        self._say("conversation.item.done", item=item, previous_item_id=None)
        self.items[item["id"]] = item
        answer.output.append(item)
        answer.open = None

    def ends(self, status: str) -> None:
        assert self.active is not None
        self.closes("completed" if status == "completed" else "incomplete")
        self._say("response.done", response=self._report(status))
        self.active = None

    def remarks(self) -> None:
        """A whole response beside the conversation."""
        response: dict[str, Any] = {
            "id": self._name(f"{HIDDEN}r"),
            "status": "in_progress",
            "output": [],
            "conversation_id": None,
            "metadata": {"of": "x"},
        }
        item = {"id": self._name(HIDDEN), "type": "message", "role": "assistant", "content": []}
        self._say("response.created", response=response)
        self._say("response.output_item.added", response_id=response["id"], output_index=0, item=item)
        place = {"response_id": response["id"], "item_id": item["id"], "output_index": 0, "content_index": 0}
        self._say("response.output_text.delta", **place, delta="fine")
        self._say("response.output_text.done", **place, text="fine")
        self._say("response.output_item.done", response_id=response["id"], output_index=0, item=item)
        self._say("response.done", response={**response, "status": "completed", "output": [item]})
