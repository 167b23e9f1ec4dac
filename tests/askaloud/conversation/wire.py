"""Words for the tests of this room: frames of the model and of a browser, and what a session's actions say."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from askaloud.conversation.actions import Action, Configure, RunTool, Sound, ToBrowser, ToModel
from askaloud.conversation.policy import Policy
from askaloud.conversation.session import Session
from askaloud.conversation.teller import Identity
from askaloud.tool import Call, Caller, Outcome, Source, Tool, Toolbox

QUERY = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
NUMBERS = {"type": "object", "properties": {"sources": {"type": "array", "items": {"type": "integer"}}}}


def source(number: int = 1, text: str = "You may work from abroad for thirty days a year.", id: str | None = None) -> Source:
    return Source(number=number, id=id or f"p{number}", title="Handbook", page=7, excerpt=text[:40], text=text, score=1.0)


async def never(call: Call) -> Outcome:
    """Tests of a session run no tool: they say how it ended."""
    raise AssertionError("a session runs no tool")


def tools() -> Toolbox:
    return Toolbox(
        (
            Tool("search", "Search.", QUERY, never, query_argument="query"),
            Tool("report_grounding", "Report.", NUMBERS, never, wants_answer=False),
        )
    )


def caller() -> Caller:
    return Caller(id="somebody")


def session(*, own_events: bool = True, policy: Policy | None = None) -> Session:
    """A conversation of which nothing was said yet."""
    identity = Identity("c1", caller(), version="1", doors={"realtime": "azure", "search": "azure"}, own_events=own_events)
    return Session(policy or Policy(model="gpt-test", instructions="the secret instructions"), tools(), identity)


def opened(*, own_events: bool = True, policy: Policy | None = None) -> Session:
    """A conversation whose model has been called, and has not answered yet."""
    talk = session(own_events=own_events, policy=policy)
    talk.begin()
    talk.browser_said(said("input_audio_buffer.clear"), 0.0)
    talk.model_opened(0.0)
    return talk


def settled(*, own_events: bool = True, policy: Policy | None = None) -> Session:
    """A conversation whose model has taken instructions and tools."""
    talk = opened(own_events=own_events, policy=policy)
    talk.model_said(frame("session.updated", session={}))
    return talk


def said(kind: str, **fields: Any) -> str:
    """A frame of a browser."""
    return json.dumps({"type": kind, **fields})


def sound(size: int) -> str:
    return base64.b64encode(bytes(size)).decode()


def frame(kind: str, **fields: Any) -> bytes:
    """A frame of the model."""
    return json.dumps({"type": kind, "event_id": "event_far", **fields}).encode()


def refusal(event_id: str | None, code: str, param: str | None = None) -> bytes:
    error = {"type": "invalid_request_error", "code": code, "message": "words of the service", "param": param, "event_id": event_id}
    return frame("error", error=error)


def created(response_id: str) -> bytes:
    return frame("response.created", response={"id": response_id, "status": "in_progress", "output": []})


def ended(response_id: str, status: str = "completed", output: list[dict[str, Any]] | None = None, tokens: int = 10) -> bytes:
    details = {"text_tokens": tokens, "audio_tokens": 0, "cached_tokens": 0}
    usage = {"total_tokens": 2 * tokens, "input_token_details": details, "output_token_details": details}
    return frame("response.done", response={"id": response_id, "status": status, "output": output or [], "usage": usage})


def message(item_id: str, words: str | None = None) -> dict[str, Any]:
    content = [] if words is None else [{"type": "output_audio", "transcript": words}]
    return {"id": item_id, "type": "message", "role": "assistant", "status": "completed", "content": content}


def call_item(call_id: str, name: str, arguments: str = "{}", status: str = "completed") -> dict[str, Any]:
    return {
        "id": f"item_{call_id}",
        "type": "function_call",
        "call_id": call_id,
        "name": name,
        "arguments": arguments,
        "status": status,
    }


def words(response_id: str, item_id: str, text: str) -> list[bytes]:
    """A spoken message from beginning to end."""
    place = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
    return [
        frame("response.output_item.added", response_id=response_id, output_index=0, item=message(item_id)),
        frame("response.output_audio_transcript.delta", **place, delta=text),
        frame("response.output_audio.delta", **place, delta=sound(4_800)),
        frame("response.output_audio_transcript.done", **place, transcript=text),
        frame("response.output_item.done", response_id=response_id, output_index=0, item=message(item_id, text)),
    ]


def calling(response_id: str, call_id: str, name: str, arguments: str = "{}", status: str = "completed") -> list[bytes]:
    """A function call from beginning to end."""
    place = {"response_id": response_id, "item_id": f"item_{call_id}", "output_index": 0}
    return [
        frame("response.output_item.added", response_id=response_id, output_index=0, item=call_item(call_id, name, "", "in_progress")),
        frame("response.function_call_arguments.delta", **place, call_id=call_id, delta=arguments),
        frame("response.function_call_arguments.done", **place, call_id=call_id, name=name, arguments=arguments),
        frame("response.output_item.done", response_id=response_id, output_index=0, item=call_item(call_id, name, arguments, status)),
    ]


def heard(talk: Session, *frames: bytes | Iterable[bytes]) -> list[Action]:
    """All that comes of these frames of the model."""
    actions: list[Action] = []
    for each in frames:
        for one in [each] if isinstance(each, bytes) else each:
            actions += talk.model_said(one)
    return actions


def told(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """What the browser is told, in order."""
    return [json.loads(action.payload) for action in actions if isinstance(action, ToBrowser)]


def asked(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """What the model is asked, in order; sound as the event that it becomes."""
    events: list[dict[str, Any]] = []
    for action in actions:
        if isinstance(action, ToModel | Configure):
            events.append(json.loads(action.payload))
        elif isinstance(action, Sound):
            events.append({"type": "input_audio_buffer.append", "audio": action.audio})
    return events


def started(actions: Iterable[Action]) -> list[str]:
    """The calls whose tools are started."""
    return [action.call.call_id for action in actions if isinstance(action, RunTool)]


def kinds(events: Iterable[dict[str, Any]], prefix: str = "") -> list[str]:
    return [event["type"] for event in events if event["type"].startswith(prefix)]


def only(events: Iterable[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The one event of this type."""
    (event,) = (event for event in events if event["type"] == kind)
    return event
