"""Random conversations against a small model of the service's rules: who may answer when, and that nobody is left without an answer.

The service of this test knows what the real one does: one response at a time, `response.create` beside it refused, voice detection
that interrupts and asks for answers itself, `response.cancel` of what has ended refused. What either side says is in flight until a
rule delivers it. One thing is taken as given: a response lasts longer than a message travels.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from tests.askaloud.conversation import wire

from askaloud.conversation.actions import Action, End, RunTool, ToBrowser, ToModel
from askaloud.conversation.sequencer import ACTIVE_ALREADY, NOT_ACTIVE, TRIES_MAX
from askaloud.errors import ToolError
from askaloud.tool import Outcome

NAMES = strategies.sampled_from(["search", "search", "search", "words", "words", "report_grounding", "unknown"])
ITEMS = strategies.tuples(NAMES, strategies.sampled_from(["completed"] * 5 + ["incomplete"]))
STATUS = strategies.sampled_from(["completed"] * 6 + ["incomplete", "failed", None])


@dataclass
class Made:
    """One response as the service made it, and what we know of it."""

    id: str
    no_tools: bool
    calls: list[str] = field(default_factory=list)
    searched: bool = False
    spoke: bool = False
    status: str | None = None
    asked_at: int = 0
    """When we asked for it, on the test's own count of events; for voice detection's, when we heard of it."""
    created_at: int | None = None
    """When we heard of it."""
    ended_at: int | None = None


class Conversation(RuleBasedStateMachine):
    """A session of ours between a service and a person, each of which does what the rules pick."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = wire.settled(own_events=False)
        self.now = itertools.count(1)
        self.names = itertools.count(1)
        self.to_us: deque[bytes] = deque()
        self.from_us: deque[dict[str, Any]] = deque()
        self.made: dict[str, Made] = {}
        self.active: str | None = None
        self.speaking = False
        self.unanswered_creates: set[str] = set()
        self.made_for: dict[str, str] = {}
        """The create that each response answers, where it answers one."""
        self.asked_at: dict[str, int] = {}
        self.tries: Counter[str] = Counter()
        self.running: list[str] = []
        self.outputs: Counter[str] = Counter()
        self.output_at: dict[str, int] = {}
        self.stopped_meanwhile: set[str] = set()
        """What was on its way when the client said stop: if it loses, it is not asked for again."""
        self.lost: set[str] = set()
        """What the client asked for and lost to voice detection: it must be asked for again."""
        self.person_waits = False
        """They have spoken beside an answer, where the service begins none."""
        self.stopped_at = 0
        self.client_view: list[tuple[str, str]] = []

    # the service

    def _begin(self, no_tools: bool = False) -> str:
        response_id = f"r{next(self.names)}"
        self.made[response_id] = Made(response_id, no_tools)
        self.active = response_id
        self.to_us.append(wire.created(response_id))
        return response_id

    def _end(self, status: str) -> None:
        if self.active is not None:
            self._settle()
        if self.active is not None:
            self._done(self.active, status)

    def _done(self, response_id: str, status: str) -> None:
        self.made[response_id].status = status
        self.to_us.append(wire.ended(response_id, status))
        self.active = None

    def _read(self) -> None:
        event = self.from_us.popleft()
        if event["type"] == "response.create":
            if self.active is not None:
                self.to_us.append(wire.refusal(event["event_id"], ACTIVE_ALREADY))
            else:
                response_id = self._begin(no_tools=event.get("response", {}).get("tool_choice") == "none")
                self.made_for[response_id] = event["event_id"]
        elif event["type"] == "response.cancel":
            if self.active == event["response_id"]:
                self._done(event["response_id"], "cancelled")
            else:
                self.to_us.append(wire.refusal(event["event_id"], NOT_ACTIVE))
        elif event["item"]["type"] == "message":
            item = {"id": f"u{next(self.names)}", "type": "message", "role": "user", "content": event["item"]["content"]}
            self.to_us.append(wire.frame("conversation.item.added", item=item))
            self.to_us.append(wire.frame("conversation.item.done", item=item))

    def _settle(self) -> None:
        """What was said before a response ends has arrived: it lasts longer than a message travels."""
        self._read_all()
        while self.to_us:
            self._deliver()
        self._read_all()

    def _read_all(self) -> None:
        while self.from_us:
            self._read()

    @precondition(lambda self: self.from_us)
    @rule()
    def service_reads(self) -> None:
        self._read()

    @precondition(lambda self: not self.speaking)
    @rule()
    def person_begins_to_speak(self) -> None:
        self.speaking = True
        self.to_us.append(wire.frame("input_audio_buffer.speech_started", item_id="u"))
        self._end("cancelled")

    @precondition(lambda self: self.speaking)
    @rule(answers=strategies.booleans())
    def person_has_spoken(self, answers: bool) -> None:
        self.speaking = False
        item_id = f"u{next(self.names)}"
        self.to_us.append(wire.frame("input_audio_buffer.speech_stopped", item_id=item_id))
        self.to_us.append(wire.frame("input_audio_buffer.committed", item_id=item_id))
        if answers and self.active is None:
            self._begin()

    @precondition(lambda self: self.active)
    @rule(items=strategies.lists(ITEMS, max_size=3), status=STATUS)
    def model_answers(self, items: list[tuple[str, str]], status: str | None) -> None:
        """It speaks and calls, and comes to an end unless the status is None."""
        assert self.active
        made = self.made[self.active]
        for name, broken in items:
            if name == "words":
                self._speak(made)
            elif not made.no_tools:
                self._call(made, name, broken)
        if status is not None:
            self._end(status)

    def _speak(self, made: Made) -> None:
        made.spoke = True
        self.to_us += wire.words(made.id, f"i{next(self.names)}", "Thirty days.")

    def _call(self, made: Made, name: str, status: str) -> None:
        call_id = f"call{next(self.names)}"
        self.to_us += wire.calling(made.id, call_id, name, '{"query": "days"}', status)
        if status == "completed":
            made.calls.append(call_id)
            made.searched = made.searched or name != "report_grounding"

    # between

    @precondition(lambda self: self.to_us)
    @rule(all_of_it=strategies.booleans(), count=strategies.integers(1, 9))
    def we_hear(self, all_of_it: bool, count: int) -> None:
        for _ in range(len(self.to_us) if all_of_it else min(count, len(self.to_us))):
            self._deliver()

    def _deliver(self) -> None:
        event = json.loads(frame := self.to_us.popleft())
        at = next(self.now)
        if event["type"] == "response.created":
            made = self.made[event["response"]["id"]]
            made.created_at, self.person_waits = at, False
            made.asked_at = self.asked_at.get(self.made_for.get(made.id, ""), at)
            self.unanswered_creates.discard(self.made_for.get(made.id, ""))
        elif event["type"] == "response.done":
            self.made[event["response"]["id"]].ended_at = at
        elif event["type"] == "input_audio_buffer.committed":
            self.person_waits = self.person_waits or any(made.created_at and not made.ended_at for made in self.made.values())
        elif event["type"] == "error":
            self._refused(**event["error"])
        self._perform(self.talk.model_said(frame))

    def _refused(self, event_id: str, code: str, **_: object) -> None:
        self.unanswered_creates.discard(event_id)
        if event_id.startswith("client_") and code == ACTIVE_ALREADY and event_id not in self.stopped_meanwhile:
            self.lost.add(event_id)

    def _perform(self, actions: list[Action]) -> None:
        for action in actions:
            assert not isinstance(action, End)
            if isinstance(action, RunTool):
                self.running.append(action.call.call_id)
                self.outputs[action.call.call_id] += 0
            elif isinstance(action, ToBrowser):
                self._told(json.loads(action.payload))
            elif isinstance(action, ToModel):
                self._asked(json.loads(action.payload))

    def _told(self, event: dict[str, Any]) -> None:
        assert "function_call" not in json.dumps(event)
        if event["type"] == "error":
            if event["error"]["code"] == ACTIVE_ALREADY:
                assert max(self.tries.values()) >= TRIES_MAX, "a lost race is the client's business only after many"
            self.lost.clear()
        if event["type"] in {"response.created", "response.done"}:
            self.client_view.append((event["type"], event["response"]["id"]))

    def _asked(self, event: dict[str, Any]) -> None:
        at = next(self.now)
        self.from_us.append(event)
        if event["type"] == "response.create":
            known = [made.id for made in self.made.values() if made.created_at and not made.ended_at]
            assert not known, "a response is active, and we know it"
            assert not self.unanswered_creates, "a create of ours is on its way already"
            if event["event_id"].startswith("askaloud_"):
                assert self.person_waits or any(self._is_due(made) for made in self.made.values()), "nobody waits for this answer"
            self.unanswered_creates.add(event["event_id"])
            self.asked_at[event["event_id"]] = at
            self.tries[event["event_id"]] += 1
            self.lost.discard(event["event_id"])
        elif event["type"] == "conversation.item.create" and event["item"]["type"] == "function_call_output":
            self.outputs[event["item"]["call_id"]] += 1
            self.output_at[event["item"]["call_id"]] = at

    def _is_due(self, made: Made) -> bool:
        """All outputs of a completed round were sent, and since then no response was asked for, or begun by voice detection."""
        started = [call_id for call_id in made.calls if call_id in self.outputs]
        if not started or made.created_at is None or made.ended_at is None or made.status != "completed" or made.no_tools:
            return False
        if any(not self.outputs[call_id] for call_id in started) or (made.spoke and not made.searched):
            return False
        last_output = max(self.output_at[call_id] for call_id in started)
        return self.stopped_at < made.created_at and not any(
            other.created_at and other.asked_at > last_output for other in self.made.values()
        )

    # the tools and the person

    @precondition(lambda self: self.running)
    @rule(data=strategies.data(), well=strategies.booleans())
    def tool_ends(self, data: strategies.DataObject, well: bool) -> None:
        call_id = self.running.pop(data.draw(strategies.integers(0, len(self.running) - 1)))
        self._perform(self.talk.tool_finished(call_id, Outcome("found", (wire.source(),)) if well else ToolError("failed")))

    @rule(named=strategies.booleans())
    def client_asks(self, named: bool) -> None:
        more = {"event_id": f"e{next(self.names)}"} if named else {}
        self._perform(self.talk.browser_said(wire.said("response.create", **more), 0.0))

    @rule()
    def client_writes_and_asks(self) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "How many?"}]}
        self._perform(self.talk.browser_said(wire.said("conversation.item.create", item=item), 0.0))
        self._perform(self.talk.browser_said(wire.said("response.create"), 0.0))

    @rule()
    def client_stops(self) -> None:
        self.stopped_at = next(self.now)
        self.lost.clear()
        self.stopped_meanwhile = set(self.unanswered_creates)
        self._perform(self.talk.browser_said(wire.said("response.cancel"), 0.0))

    # what must hold

    def teardown(self) -> None:
        """Everybody comes to an end: then every call has its output, every round its answer, every beginning its end."""
        if self.speaking:
            self.person_has_spoken(answers=True)
        for _ in range(200):
            self._read_all()
            while self.to_us:
                self._deliver()
            while self.running:
                self._perform(self.talk.tool_finished(self.running.pop(), Outcome("found")))
            if self.active is not None:
                self._speak(self.made[self.active])
                self._end("completed")
            if rests := not any((self.from_us, self.to_us, self.running, self.active)):
                break
        assert rests, "the conversation never comes to rest"
        assert all(count == 1 for count in self.outputs.values()), "a started call without its output"
        assert not [made.id for made in self.made.values() if self._is_due(made)], "a round without its answer"
        assert not self.lost, "an answer that the client asked for was forgotten"
        assert len(set(self.client_view)) == len(self.client_view)
        for place, (kind, response_id) in enumerate(self.client_view):
            assert kind == "response.created" or ("response.created", response_id) in self.client_view[:place]
        begun = {response_id for kind, response_id in self.client_view if kind == "response.created"}
        assert begun == {response_id for kind, response_id in self.client_view if kind == "response.done"}
        actions = self.talk.browser_said(wire.said("response.create", event_id="last"), 0.0)
        assert wire.kinds(wire.asked(actions)) == ["response.create"], "the way to the model is blocked"


Conversation.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
TestAnyConversation = Conversation.TestCase
