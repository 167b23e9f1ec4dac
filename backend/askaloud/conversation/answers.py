"""The model's answers in one conversation: begun, heard, interrupted, ended; and the tools that they call on the way.

Decides when the model is asked to go on (`sequencer`, `rounds`), what the client sees of it (`visible`), and which sources it used
(`grounding`). Never waits; `session.py` hands in the events and hands out the actions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ..errors import Notice, ToolError
from ..tool import Call, Caller, Outcome, Toolbox
from . import commands
from .actions import Action, DropAudio, RunTool, ToBrowser
from .events import own
from .events.client import ResponseCreate
from .events.objects import Item
from .events.server import (
    AudioDelta,
    OutputItemAdded,
    OutputItemDone,
    ResponseCreated,
    ResponseDone,
    TextDone,
    TranscriptDone,
)
from .grounding import Grounding
from .memory import Memory
from .rounds import CALLS_MAX, Round, Rounds
from .sequencer import Sequencer, Wish
from .tally import Tally
from .visible import BYTES_PER_MS, Heard, Visible, shown, sound_bytes

ARGUMENTS_MAX_CHARS = 32_768
"""A query is a sentence; a model that writes pages of arguments has lost its way."""
OUTPUT_MAX_CHARS = 65_536
"""What the model may be told by one tool: about 16,000 tokens, half of what the smallest model's window holds."""
RESPONSES_KEPT = 32
"""Responses that may be open at once; the service allows one, a broken server might never end any."""


class Answers:
    """Owned by one conversation; made and dropped with it."""

    def __init__(self, toolbox: Toolbox, caller: Caller, next_id: Callable[[], str], memory: Memory | None = None) -> None:
        self.memory = memory or Memory()
        self.due = False
        """The person ended a turn, and the model is to answer it of itself."""
        self.sequencer = Sequencer()
        self.visible = Visible()
        self.tally = Tally()
        self._toolbox = toolbox
        self._caller = caller
        self.next_id = next_id
        self.rounds = Rounds()
        self.grounding = Grounding()
        self.wishes: dict[str, dict[str, Any]] = {}
        self._user_item_id: str | None = None

    def new_turn(self, user_item_id: str) -> None:
        """The person said something, aloud or in writing."""
        if user_item_id != self._user_item_id:
            self._user_item_id = user_item_id
            self.rounds.new_turn()
            self.grounding.new_turn()
            self.tally.new_turn()

    @property
    def busy(self) -> bool:
        """An answer is being given, looked up, or owed."""
        return self.due or self.sequencer.busy or self.sequencer.held or bool(self.sequencer.waiting) or bool(self.rounds.open)

    # what the client asks

    def wanted(self, event: ResponseCreate, event_id: str) -> list[Action]:
        """The client asks for an answer."""
        response: dict[str, Any] = {}
        if event.response is not None:
            if event.response.output_modalities:
                response["output_modalities"] = ["audio"] if "audio" in event.response.output_modalities else ["text"]
            if event.response.metadata is not msgspec.UNSET and event.response.metadata:
                response["metadata"] = event.response.metadata
        return self.create(self.sequencer.want(Wish(event_id, response)))

    def stopped(self, event_id: str) -> list[Action] | None:
        """The client wants quiet. None where there was nothing to stop."""
        busy = self.sequencer.busy or bool(self.sequencer.waiting) or bool(self.rounds.open)
        active = self.sequencer.cancel()
        self.rounds.unwanted()
        if active is not None:
            return [*self.silenced(), commands.cancel(event_id, active)]
        if self.sequencer.on_its_way is not None:
            return []  # it is cancelled when it begins, and the client hears of both
        return self._given_up("cancelled") if busy else None

    def speech_begun(self) -> list[Action]:
        """The person speaks over the answer: it falls silent, and none is asked for or let begin that would talk over them."""
        self.sequencer.speech_begun()
        return self.silenced()

    def interrupted(self) -> list[Action]:
        """They have spoken over it for long enough to mean it, and the service leaves it to us to cancel it."""
        active, silenced = self.sequencer.active, self.speech_begun()
        return silenced if active is None else [*silenced, commands.cancel(self.next_id(), active)]

    def speech_over(self, *, answered_by_client: bool) -> list[Action]:
        """The person has spoken, or it was nothing."""
        return self.create(self.sequencer.speech_over(answered_by_client=answered_by_client))

    def silenced(self) -> list[Action]:
        """Nobody will hear the rest: drop what waits, and what still comes of the responses that go on."""
        for heard in self.visible.responses.values():
            heard.interrupted = True
        return [DropAudio()]

    # what the model does

    def created(self, event: ResponseCreated) -> list[Action]:
        """A response begins. The client hears of it with the first item that it may see."""
        response_id = event.response.id
        if event.response.conversation_id is None:
            return []  # out of band: whatever it is about, it answers nobody here
        self.due = False
        wish = self.sequencer.on_its_way
        if wish is not None:
            self.wishes[response_id] = wish.response
        cancel = self.sequencer.created(response_id)
        self.rounds.response_created()
        while len(self.visible.responses) >= RESPONSES_KEPT:
            self.forget(next(iter(self.visible.responses)))
        self.visible.responses[response_id] = Heard(created=event, final=wish is not None and wish.final, interrupted=cancel)
        return [commands.cancel(self.next_id(), response_id)] if cancel else []

    def item_added(self, event: OutputItemAdded) -> list[Action]:
        """A message or a call begins."""
        heard = self.visible.responses.get(event.response_id)
        if heard is None:
            return []
        if not shown(event.item):
            heard.calls = True
            return []
        heard.item_id, heard.speaking = event.item.id, True
        return [*_released(heard), ToBrowser(own.encode(event))]

    def item_done(self, event: OutputItemDone) -> list[Action]:
        """A message or a call is complete; a call starts its tool."""
        heard = self.visible.responses.get(event.response_id)
        if shown(event.item):
            return [] if heard is None else [ToBrowser(own.encode(event))]
        if event.item.type != "function_call" or event.item.status not in (None, "completed"):
            return []
        if heard is None or heard.interrupted:
            return []
        return self._call(event.response_id, heard, event.item)

    def assistant_item(self) -> list[Action]:
        """An item of the assistant appeared: its response must be known to the client first."""
        heard = self.visible.responses.get(self.sequencer.active or "")
        return [] if heard is None else _released(heard)

    def audio(self, event: AudioDelta) -> list[Action]:
        """Sound of an answer."""
        heard = self.visible.responses.get(event.response_id)
        if heard is None or heard.interrupted:
            return []
        size = sound_bytes(memoryview(event.delta))
        self.visible.played(event.item_id, size)
        return [ToBrowser(own.encode(event), audio_ms=size / BYTES_PER_MS)]

    def words(self, event: Any) -> list[Action]:
        """Words of an answer, or the ends of its parts."""
        heard = self.visible.responses.get(event.response_id)
        if heard is None:
            return []
        if isinstance(event, TranscriptDone | TextDone):
            said = event.transcript if isinstance(event, TranscriptDone) else event.text
            heard.speaking = False
            heard.words += [said] if said.strip() else []
            self.memory.answered(event.item_id, said)
        elif heard.interrupted and event.__struct_config__.tag.endswith(".delta"):
            return []
        return [ToBrowser(own.encode(event))]

    def done(self, event: ResponseDone) -> list[Action]:
        """A response has ended."""
        response_id, status = event.response.id, event.response.status or "completed"
        self.tally.add(event.response.usage)
        if event.response.conversation_id is None:
            return []
        heard = self.visible.responses.get(response_id) or Heard(created=None)
        round_ = self.rounds.open.get(response_id)
        actions: list[Action] = []
        if round_ is None or round_.answered or round_.final:
            actions += _released(heard)  # no answer is to come: let the client know that this one has ended
        ended = self.visible.done(event, heard)
        if ended is not None:
            actions += [*_released(heard), ToBrowser(own.encode(ended))]
        following: list[Action] = []
        if round_ is not None:
            round_.status, round_.spoke = status, bool(heard.words)
            following += self.round_moved(round_)
        following += self.create(self.sequencer.done(response_id))
        if ended is not None and status == "completed" and heard.words and (round_ is None or not round_.reported):
            actions += self.cite(response_id, heard.item_id, self.grounding.of_answer(" ".join(heard.words)))
        actions += following
        if ended is not None:
            usage = own.usage(self.next_id(), turn=self.tally.turn, conversation=self.tally.conversation)
            actions.append(ToBrowser(usage, own=True))
        if round_ is None or round_.complete:
            self.forget(response_id)
        return actions

    def refused(self, event_id: str | None, code: str | None) -> tuple[bool, list[Action]]:
        """An error came for this event: (whether it was a harmless race, what to send now).

        One that names no event, while a create of ours is on its way, is taken for its answer: nothing else would ever end the waiting.
        """
        if event_id is None:
            event_id = self.sequencer.on_its_way.event_id if self.sequencer.on_its_way else ""
        asked = self.sequencer.busy
        harmless, wish = self.sequencer.refused(event_id, code)
        if harmless:  # the response that won is not the one that was wished for
            self.wishes.pop(self.sequencer.active or "", None)
            if (winner := self.visible.responses.get(self.sequencer.active or "")) is not None:
                winner.final = False
        lost = asked and not harmless and not self.sequencer.busy and wish is None
        return harmless, [*(self._given_up("failed") if lost else []), *self.create(wish)]

    # tools

    def tool_finished(self, call_id: str, result: Outcome | ToolError) -> list[Action]:
        """A tool has ended. The model gets its output whatever has happened since; the page gets the sources."""
        round_ = self.rounds.running(call_id)
        if round_ is None:
            return []
        round_.running.discard(call_id)
        heard = result.heard[:OUTPUT_MAX_CHARS]
        self.memory.found(call_id, heard)
        actions: list[Action] = []
        if isinstance(result, Outcome):
            round_.cited += result.cited
            actions += map(self._notice, result.notices)
            if result.sources:
                self.grounding.found(result.sources, round_.queries)
                found = own.sources(
                    self.next_id(),
                    call_id=call_id,
                    response_id=round_.response_id,
                    user_item_id=round_.user_item_id,
                    found=result.sources,
                )
                actions.append(ToBrowser(found, own=True))
        elif result.notice is not None:
            actions.append(self._notice(result.notice))
        actions.append(commands.output(self.next_id(), call_id, heard))
        return actions + self.round_moved(round_)

    def _call(self, response_id: str, heard: Heard, item: Item) -> list[Action]:
        call_id, name = item.call_id or item.id, item.name or ""
        round_ = self.rounds.of(response_id, self._user_item_id)
        if round_ is None:
            return [commands.output(self.next_id(), call_id, "Too many things are being looked up already.")]
        round_.final = heard.final
        round_.calls += 1
        round_.running.add(call_id)
        tool = self._toolbox.named(name)
        self.memory.called(call_id, name, (item.arguments or "{}")[:ARGUMENTS_MAX_CHARS], passages=tool is None or tool.wants_answer)
        if round_.calls > CALLS_MAX:
            return self.tool_finished(call_id, ToolError("Too many calls at once. Ask again with fewer."))
        if tool is None:
            round_.wants_answer = True
            return self.tool_finished(call_id, ToolError("There is no tool of that name."))
        round_.wants_answer = round_.wants_answer or tool.wants_answer
        round_.reported = round_.reported or not tool.wants_answer
        arguments = _arguments(item.arguments)
        if arguments is None:
            return self.tool_finished(call_id, ToolError("The arguments are not a JSON object. Call again with proper arguments."))
        actions: list[Action] = []
        query = arguments.get(tool.query_argument) if tool.query_argument else None
        if isinstance(query, str):
            round_.queries.append(query)
            actions.append(ToBrowser(own.searching(self.next_id(), call_id, query), own=True))
        return [*actions, RunTool(tool, Call(call_id, arguments, self._caller))]

    def round_moved(self, round_: Round) -> list[Action]:
        """Something of this round was completed; when all of it is, its report is told and its answer asked for."""
        if not round_.complete:
            return []
        heard = self.visible.responses.get(round_.response_id)
        actions: list[Action] = []
        if round_.reported and round_.spoke:
            actions += self.cite(round_.response_id, heard.item_id if heard else None, tuple(dict.fromkeys(round_.cited)))
        elif round_.reported:
            self.grounding.report(round_.cited)
        response = dict(self.wishes.get(round_.response_id, {}))
        self.forget(round_.response_id)
        if self.rounds.close(round_):
            actions += self.create(self.sequencer.want(Wish(self.next_id(), response, for_tools=True)))
        return actions

    def cite(self, response_id: str, item_id: str | None, source_ids: tuple[str, ...]) -> list[Action]:
        """Tell the page which sources an answer used."""
        if not source_ids:
            return []
        return [ToBrowser(own.cited(self.next_id(), response_id=response_id, item_id=item_id, source_ids=source_ids), own=True)]

    def _given_up(self, status: str) -> list[Action]:
        return [ToBrowser(own.encode(event)) for event in self.visible.given_up(status)]

    def _notice(self, notice: Notice) -> Action:
        return ToBrowser(own.notice(self.next_id(), notice), own=True)

    def create(self, wish: Wish | None) -> list[Action]:
        """Ask for this answer, if there is one to be asked for."""
        if wish is None:
            return []
        wish.final = self.rounds.exhausted
        response = wish.response | ({"tool_choice": "none"} if wish.final else {})
        return [commands.create_response(wish.event_id, response)]

    def forget(self, response_id: str) -> None:
        """This response is over."""
        self.visible.responses.pop(response_id, None)
        self.wishes.pop(response_id, None)


def _released(heard: Heard) -> list[Action]:
    """The beginning that was held back, once."""
    if heard.created is None or heard.asked_again:
        return []
    created, heard.created = heard.created, None
    return [ToBrowser(own.encode(created))]


def _arguments(text: str | None) -> Mapping[str, Any] | None:
    if text is None or len(text) > ARGUMENTS_MAX_CHARS:
        return None
    try:
        decoded = msgspec.json.decode(text or "{}")
    except (msgspec.DecodeError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None
