"""A session with everybody around it: what the relay does for it, and who waits for an answer, as the outside sees it.

The line to the model is a `Service`, the client an `Onlooker`; what either side says is in flight until it is read. Each action of the
session is held against the rules as it comes: one response at a time, an answer only where somebody waits, an output where its call is.
"""

from __future__ import annotations

import itertools
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.askaloud.conversation import wire
from tests.askaloud.conversation.desk import Demand, Desk, Message
from tests.askaloud.conversation.onlooker import Onlooker
from tests.askaloud.conversation.rules import COMMIT_EMPTY, Answer, Service

from askaloud.conversation.actions import (
    Action,
    CloseModel,
    Configure,
    End,
    Judge,
    OpenGate,
    OpenModel,
    RunTool,
    Sound,
    ToBrowser,
    ToModel,
    WakeMe,
)
from askaloud.conversation.interruption import LISTENED, MEANT
from askaloud.conversation.line import TIMES
from askaloud.conversation.patience import PATIENCE
from askaloud.conversation.policy import Policy
from askaloud.conversation.rounds import ROUNDS_MAX
from askaloud.conversation.scrutiny import UNTOLD
from askaloud.conversation.sequencer import ACTIVE_ALREADY, NOT_ACTIVE
from askaloud.conversation.session import EXPIRED
from askaloud.errors import ToolError
from askaloud.tool import Outcome

RESTS_MAX = 200
LOSSES_MAX = len(PATIENCE.reopen_s)
BUSY = "rate_limit_exceeded"
ERRORS = {COMMIT_EMPTY, NOT_ACTIVE, ACTIVE_ALREADY, BUSY, "not_allowed", "model_failed"}
"""What the client may be told to have gone wrong."""


@dataclass
class Round:
    """One response and its calls, as the outside sees them."""

    no_tools: bool
    calls: dict[str, int | None] = field(default_factory=dict)
    """When each was given its output."""
    searched: bool = False
    spoke: bool = False
    speaks: bool = False
    """A message goes on."""
    status: str | None = None
    dropped: bool = False
    """Somebody spoke over it, or stopped it: what still comes of it is not heard."""
    served: bool = False
    """A response was asked for after the last output, or none is wanted any more."""


class Around:
    """A session of ours with everybody around it; `perform` does what the relay does."""

    def __init__(self, manner: dict[str, Any] | None, policy: Policy | None = None) -> None:
        self.names, self.clock = itertools.count(1), itertools.count(1)
        self.talk = wire.session(own_events=True, policy=policy)
        self.page = Onlooker()
        self.line: Service | None = None
        self.opening = self.gate = self.ever_up = False
        self.first: deque[dict[str, Any]] = deque()
        self.held: deque[dict[str, Any]] = deque()
        self.timers: set[str] = set()
        self.tools: list[str] = []
        self.losses = self.asked_in_turn = self.lines_in_turn = 0
        self.typed: list[str] = []
        self.truncated: set[str] = set()
        self.rounds: dict[str, Round] = {}
        self.current: str | None = None
        """The response that goes on, as far as we have heard."""
        self.demands: list[Demand] = []
        self.refused = False
        """A create was refused, and no response has begun since: what it would have served may be asked for again."""
        self.asked: dict[str, int] = {}
        """Creates on their way, and when they were sent."""
        self.served = self.waived = self.hung_up_at = 0
        """Until when whoever waited was served, and until when nobody has to be."""

        self.moderated = policy is not None and policy.moderator is not None
        self.away = False
        """The page's network: what is worth nothing later is not kept for it."""
        self.desk = Desk()
        self.too_soon: set[str] = set()
        """Responses that began when something that nobody had let through could be heard by the model."""

        self.manner = manner
        self.perform(self.talk.begin())
        self.say("session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": manner}}})

    def say(self, kind: str, **fields: Any) -> None:
        self.perform(self.talk.browser_said(wire.said(kind, **fields), 0.0))

    # what the relay does

    def perform(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case ToBrowser() if self.away and (action.audio_ms or action.fleeting):
                    self.page.missed = True
                case ToBrowser():
                    self._told(self.page.told(action.payload))
                case Configure() | ToModel():
                    (self.first if isinstance(action, Configure) else self.held).append(event := json.loads(action.payload))
                    self._sent(event, self.hung_up_at if isinstance(action, Configure) else next(self.clock))
                case Sound():
                    self.held.append({"type": "input_audio_buffer.append"})
                case OpenModel():
                    assert self.line is None, "a line beside another"
                    self.opening = True
                case CloseModel():
                    self._hung_up()
                case OpenGate():
                    self.gate = self.ever_up = True
                case WakeMe():
                    self.timers.add(action.name)
                    if action.name.startswith(UNTOLD):
                        assert self.desk.last
                        self.desk.timers[action.name] = self.desk.last
                case Judge():
                    self.desk.judges.append(action)
                case RunTool():
                    self.tools.append(action.call.call_id)
                case End():
                    raise AssertionError(f"the conversation ends: {action.reason}")

    def _hung_up(self) -> None:
        self.line, self.opening, self.gate = None, False, False
        self.hung_up_at = next(self.clock)
        self.lines_in_turn += 1
        self.timers -= set(TIMES)
        for waiting in (self.first, self.held, self.asked):
            waiting.clear()
        if self.current is not None:
            round_, self.current = self.rounds[self.current], None
            round_.status = "cancelled" if round_.dropped else "lost"
            round_.spoke = round_.spoke and not round_.speaks
            if not (round_.calls or round_.spoke or round_.dropped):
                self.demands.append(Demand(self.hung_up_at, "whoever heard half an answer"))

    def _told(self, event: dict[str, Any]) -> None:
        if event["type"] == "error":
            assert event["error"]["code"] in ERRORS, event
        if event["type"].startswith("response.") and event.get("response_id", event.get("response", {}).get("id")) in self.too_soon:
            assert not event.get("response", {"output": True})["output"], f"an answer to what nobody has let through: {event}"

    def _sent(self, event: dict[str, Any], at: int) -> None:
        """What a new line is told first was decided when the old one was lost."""
        if event["type"] == "response.create":
            assert not self.asked, "a create of ours is on its way already"
            assert self.current is None, "a response goes on, and we know it"
            if event["event_id"].startswith("askaloud_"):
                assert self.waiting() or at < self.waived or self.refused, "nobody waits for this answer"
                self.asked_in_turn += event.get("response", {}).get("tool_choice") != "none"
                assert self.asked_in_turn <= ROUNDS_MAX + self.lines_in_turn, "more rounds than a turn may have"
            self.asked[event["event_id"]] = at
        elif event["type"] == "conversation.item.create" and event["item"].get("role") == "user" and self.moderated:
            item_id, audio = event["item"]["id"], event["item"]["content"][0]["type"] == "input_audio"
            assert item_id in self.desk.allowed or audio or item_id in self.page.said, "the model is told what nobody has let through"
        elif event["type"] == "response.cancel":
            self.rounds[event["response_id"]].dropped = True
        elif event.get("item", {}).get("type") == "function_call_output":
            for round_ in self.rounds.values():
                if (call_id := event["item"]["call_id"]) in round_.calls:
                    round_.calls[call_id] = round_.calls[call_id] or at

    def waiting(self) -> list[Demand]:
        """Who waits, the rounds among them of which every output was sent and whose response has ended well, or with the line."""
        due = []
        for name, round_ in self.rounds.items():
            outputs = [at for at in round_.calls.values() if at]
            wanted = round_.status in {"completed", "lost"} and not round_.no_tools and (round_.searched or not round_.spoke)
            if outputs and wanted and not round_.served and len(outputs) == len(round_.calls):
                due.append(Demand(max(outputs), f"the calls of {name}"))
        return [*self.demands, *due]

    # between

    def line_opens(self) -> None:
        self.opening, self.line = False, Service(self.names)
        self.perform(self.talk.model_opened(0.0))

    def writable(self) -> bool:
        return self.line is not None and bool(self.first or (self.gate and self.held))

    def service_reads(self, count: int) -> None:
        for _ in range(count):
            if self.writable() and self.line is not None:
                self.line.reads(self.first.popleft() if self.first else self.held.popleft())

    def we_hear(self, count: int) -> None:
        line = self.line
        for _ in range(count):
            if line is not None and self.line is line and line.said:
                self._hear(line, line.said.popleft())

    def settle(self) -> None:
        """All that was said arrives, and what is said to it."""
        while self.writable() or (self.line is not None and self.line.said):
            self.service_reads(len(self.first) + len(self.held))
            self.we_hear(len(self.line.said) if self.line else 0)

    def come_to_rest(self) -> None:
        """Everybody comes to an end with what they do."""
        if self.away:
            self.comes_and_goes()
        for _ in range(RESTS_MAX):
            if self.opening:
                self.line_opens()
            if self.line:
                self.line.refuses = None
            self.settle()
            while self.tools:
                self.tool_ends(0, well=True)
            while self.desk.judges:
                self.verdict(0, True)
            if not self._goes_on() and not (self.opening or self.writable() or self._time_passes()):
                return
        raise AssertionError("the conversation never comes to rest")

    def comes_and_goes(self) -> None:
        self.away = not self.away
        if not self.away:
            self.perform(self.talk.resumed("t"))

    def verdict(self, which: int, said: bool | str | None) -> None:
        judge = self.desk.judges.pop(which % len(self.desk.judges))
        self.free(self.desk.decide(self.desk.of(words=judge.words), through=said is True))
        self.perform(self.talk.judged(judge.key, said))

    def free(self, messages: list[Message]) -> None:
        """These may be answered."""
        for message in messages:
            self.demands += [Demand(next(self.clock), demand.why) for demand in message.demands]
            self.typed += [message.words] if message.item_id in self.page.written else []

    def wakes(self, name: str) -> None:
        """Of what was waited for, this is over."""
        self.timers.discard(name)
        message = self.desk.timers.pop(name, None)
        if message is not None and not self.desk.is_judged(message):
            self.free(self.desk.decide(message, through=False))
        if name == MEANT and self.page.paused is not None:
            self._spoken_over()
        self.perform(self.talk.woke(name))

    def _time_passes(self) -> bool:
        """All that the conversation has waited for is over."""
        due = [name for name in (MEANT, LISTENED) if name in self.timers] + (list(self.desk.timers) if self.desk.waiting else [])
        for name in due:
            self.wakes(name)
        return bool(due)

    def _goes_on(self) -> bool:
        """One thing that the service has to do still."""
        line = self.line
        if line is None or not (line.speaking or line.active or line.untold or (line.sound and self.manner)):
            return False
        if line.active:
            line.speaks()
            line.ends("completed")
        elif line.untold:
            line.writes_down(well=True)
        elif line.speaking:
            line.hears_its_end()
        else:
            line.hears_speech()
        return True

    def tool_ends(self, which: int, *, well: bool) -> None:
        call_id = self.tools.pop(which % len(self.tools))
        self.perform(self.talk.tool_finished(call_id, Outcome("found", (wire.source(),)) if well else ToolError("failed")))

    def _hear(self, line: Service, frame: bytes) -> None:
        event, at = json.loads(frame), next(self.clock)
        match event["type"]:
            case "response.created" if event["response"]["conversation_id"]:
                self._begun(line.made[event["response"]["id"]], at)
            case "response.output_audio_transcript.done":
                self.rounds[event["response_id"]].spoke, self.rounds[event["response_id"]].speaks = True, False
            case "response.output_item.added" if event["item"]["type"] == "message" and event["response_id"] in self.rounds:
                self.rounds[event["response_id"]].speaks = True
            case "response.output_item.done" if event["item"]["type"] == "function_call":
                self._called(self.rounds[event["response_id"]], event["item"])
            case "response.done" if event["response"]["conversation_id"]:
                self.current = None
                self.rounds[event["response"]["id"]].status = event["response"]["status"]
                self.losses = 0 if event["response"]["status"] == "completed" else self.losses
            case "conversation.item.input_audio_transcription.failed" if event["item_id"] not in self.page.coughs:
                self.free(self.desk.decide(self.desk.of(item_id=event["item_id"]), through=False))
            case "error" if event["error"]["code"] != EXPIRED:
                self._refused(event["error"]["event_id"], event["error"]["code"], at)
            case "input_audio_buffer.speech_started" if line.detection.get("interrupt_response", True):
                self._spoken_over()
            case "input_audio_buffer.committed" if event["item_id"] not in self.page.coughs:
                self.asked_in_turn = self.lines_in_turn = 0
                of_itself = (self.manner or {}).get("create_response", bool(self.manner)) and event["item_id"] not in line.by_client
                demands = [Demand(at, "the person")] if of_itself else []
                if self.moderated:
                    self.desk.committed(event["item_id"], demands)
                else:
                    self.demands += demands
            case "conversation.item.added" if event["item"].get("role") == "user":
                self.asked_in_turn = self.lines_in_turn = 0
        self.perform(self.talk.model_said(frame))

    def _begun(self, answer: Answer, at: int) -> None:
        self.refused = False
        if self.moderated and answer.context - self.desk.allowed:
            self.asked.pop(answer.asked_by or "", None)
            self.asked_in_turn -= (answer.asked_by or "").startswith("askaloud_") and not answer.no_tools  # it is asked again
            self.too_soon.add(answer.id)
            self.rounds[answer.id], self.current = Round(answer.no_tools, dropped=True), answer.id
            return
        self.served = max(self.served, self.asked.pop(answer.asked_by or "", at))
        self.demands = [demand for demand in self.demands if demand.at > self.served]
        for round_ in self.rounds.values():
            round_.served = round_.served or all(output and output < self.served for output in round_.calls.values())
        self.rounds[answer.id] = Round(answer.no_tools)
        self.current = answer.id

    def _called(self, round_: Round, item: dict[str, Any]) -> None:
        if item["status"] == "completed" and not round_.dropped:
            round_.calls[item["call_id"]] = None
            round_.searched = round_.searched or item["name"] != "report_grounding"

    def _refused(self, event_id: str, code: str, at: int) -> None:
        self.free(self.desk.decide(self.desk.of(commit=event_id.partition(".")[2]), through=True))
        sent = self.asked.pop(event_id, None)
        if sent is not None and code != ACTIVE_ALREADY:
            self.waived, self.refused = at, True

    def _spoken_over(self) -> None:
        if self.current is not None:
            self.rounds[self.current].dropped = True
        self.waived = max(self.waived, *self.asked.values(), 0)
