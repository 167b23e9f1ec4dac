"""Rounds of tool calls: which calls a response made, which still run, and whether an answer is due for them.

Pure bookkeeping; `session.py` sends the outputs and asks the sequencer. An answer is due once, when every call of a completed
response has its output and a call asks for an answer or the response held no words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ROUNDS_MAX = 4
"""Rounds of tools in one turn of the person; after that the model must answer with what it has (`tool_choice: none`)."""
CALLS_MAX = 8
"""Calls that one response may start; a model that asks for more is told so."""
ROUNDS_KEPT = 16
"""Rounds that may be open at once, counting those whose tools still run while the person has gone on."""


@dataclass(slots=True)
class Round:
    """The calls of one response."""

    response_id: str
    user_item_id: str | None
    running: set[str] = field(default_factory=set)
    calls: int = 0
    queries: list[str] = field(default_factory=list)
    """What its calls searched for."""
    wants_answer: bool = False
    reported: bool = False
    """Among the calls was one that names the sources of an answer."""
    cited: list[str] = field(default_factory=list)
    status: str | None = None
    """How the response ended; None while it goes on."""
    spoke: bool = False
    final: bool = False
    """The response was told to call no tool and called one all the same: it gets its output and no further answer."""
    answered: bool = False
    """A response was created after the last output was sent, or an answer is no longer wanted."""

    @property
    def complete(self) -> bool:
        """Every output was sent and the response has ended."""
        return self.status is not None and not self.running

    @property
    def answer_due(self) -> bool:
        """Whether the model has to be asked to go on."""
        wanted = self.status == "completed" and not self.answered and not self.final
        return self.complete and wanted and (self.wants_answer or not self.spoke)


@dataclass(slots=True)
class Rounds:
    """The open rounds of one conversation, by response."""

    open: dict[str, Round] = field(default_factory=dict)
    in_turn: int = 0

    def new_turn(self) -> None:
        """The person said something: the count of rounds begins again."""
        self.in_turn = 0

    def of(self, response_id: str, user_item_id: str | None) -> Round | None:
        """The round of this response, begun if need be; None where too many are open: none is forgotten whose calls await an output."""
        found = self.open.get(response_id)
        if found is None and len(self.open) < ROUNDS_KEPT:
            found = self.open[response_id] = Round(response_id, user_item_id)
        return found

    def running(self, call_id: str) -> Round | None:
        """The round in which this call still runs."""
        return next((round_ for round_ in self.open.values() if call_id in round_.running), None)

    def response_created(self) -> None:
        """A response began: it serves every round whose outputs have all been sent."""
        for round_ in self.open.values():
            if not round_.running and round_.calls:
                round_.answered = True

    def unwanted(self) -> None:
        """The person said stop: no open round is due an answer any more. Running tools still give their outputs."""
        for round_ in self.open.values():
            round_.answered = True

    def close(self, round_: Round) -> bool:
        """Forget a complete round. Whether an answer is due for it; counts the round if so."""
        self.open.pop(round_.response_id, None)
        self.in_turn += round_.answer_due
        return round_.answer_due

    @property
    def exhausted(self) -> bool:
        """The turn has used all its rounds: the next answer may call no tool."""
        return self.in_turn >= ROUNDS_MAX
