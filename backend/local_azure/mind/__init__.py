"""The stand-in's mind: uses the tools it is given and quotes the one or two sentences that answer. No model, and no knowledge of its own.

    __init__   what to do next: ask a tool, answer from what it returned and report, or say something civil
    manners    whether a question was asked, or only a word said to the assistant
    question   what is asked: its `kinds`, what is said around it (`asking`), what it takes over from the one before (`following`)
    wording    the words of a question that a search needs
    tools      what each registered function is for, by its schema
    outputs    a tool's output as passages, facts, an excuse or nothing
    sentences  a passage as sentences that can be said, a table's rows too (`tables`)
    choosing   which of them answer, by `scoring`: how the question is `standing` there by its `words` (rarity, nearness; `alike` and
               `thesaurus`), in the shape of an answer (`evidence`, `measures`), less its `burdens`, near what was said before (`thread`);
               `extremes` finds the cheapest row of a table, `conflicts` passages that disagree, by their `values`
    refusing   what is said when none does
    telling    plain facts as a sentence

It knows only a `Moment`: the session's tools and the conversation so far. English only.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from ..realtime.parts import Called, CallTool, Item, Moment, Returned, Said, Say
from .choosing import Choice, choose, gist
from .manners import is_errand, manner
from .outputs import Passage, Reading, read
from .question import Question, stands_alone, understand
from .refusing import NOT_FOUND, not_found
from .telling import tell
from .tools import Tool, chosen, fill, tools_of
from .wording import house
from .words import stems

__all__ = ["CIVIL", "NOT_FOUND", "NOT_HEARD", "NO_TOOL", "ONLY_LOOKS_UP", "SORRY", "QuotingMind"]

SORRY = "Sorry, I could not look that up just now."
NOT_HEARD = "Sorry, I did not catch that. Could you say it again?"
NO_TOOL = "I have nothing here that I could look that up in."
ONLY_LOOKS_UP = "I can only look things up in the documents; that I cannot do for you."
CIVIL = {
    "greeting": "Hello! What would you like to know?",
    "thanks": "You're welcome.",
    "goodbye": "Goodbye!",
    "silence": NOT_HEARD,
    "again": "I have not said anything yet.",
    "stop": "All right.",
    "wait": "Take your time.",
    "nothing": "All right.",
    "yes": "All right. What would you like to know?",
    "voice": "I cannot change how I speak. Your device sets how loud it is.",
    "present": "Yes, I can hear you.",
    "self": "I look things up in the documents and read out what they say.",
}
SAID_MAX = 20
"""How many of a person's sentences are looked back on; a topic is never older."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """The conversation since the person last spoke. `said` are all of their sentences, those of an unanswered turn joined."""

    said: list[str]
    calls: list[Called]
    outputs: dict[str, str]
    answered: bool
    last_answer: str | None
    before: tuple[str, ...] = ()
    """What was answered to the question before the last one."""
    earlier: tuple[str, ...] = ()
    """What the tools had returned for that answer."""


class QuotingMind:
    """See the module. Implements `realtime.parts.Mind`; keeps nothing between two thoughts."""

    async def think(self, moment: Moment) -> AsyncIterator[Say | CallTool]:
        """What the assistant says and calls in this one response, in order."""
        for thought in self.thoughts(moment):
            yield thought

    def thoughts(self, moment: Moment) -> list[Say | CallTool]:
        """The same at once: thinking takes milliseconds."""
        turn = _turn(moment.items)
        tools = tools_of(moment.tools) if moment.tool_choice != "none" else []
        if not turn.said:
            return [Say(CIVIL["greeting"])]
        question = understand(turn.said)
        forced = next((tool for tool in tools if tool.name == moment.tool_choice), None)
        if forced is not None:
            return [_forced(forced, question, turn)]
        kind = manner(turn.said[-1])
        returned = _returned(turn, tools_of(moment.tools))
        if returned:
            outcome = _outcome(question, returned, turn)
            again = None if turn.answered or kind != "question" else _second_search(question, returned, tools, outcome)
            return [again] if again is not None else _answer(question, outcome, [] if turn.answered else tools, turn)
        if kind != "question" and moment.tool_choice != "required":
            return [Say(turn.last_answer if kind == "again" and turn.last_answer else CIVIL[kind])]
        call = chosen(tools, question)
        if call is not None and call[0].purpose == "asks" and moment.tool_choice != "required" and is_errand(turn.said[-1]):
            return [Say(ONLY_LOOKS_UP)]
        if call is not None:
            return [CallTool(call[0].name, call[1])]
        if moment.tool_choice == "required" and tools:
            return [_forced(tools[0], question, turn)]
        return [Say(NO_TOOL)]


def _turn(items: Sequence[Item]) -> _Turn:
    said: list[str] = []
    calls: list[Called] = []
    outputs: dict[str, str] = {}
    answered, last_answer, waiting = False, None, False
    before: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    for item in items:
        if isinstance(item, Said) and item.role == "user":
            if said and last_answer and manner(said[-1]) == "question":
                before, earlier = (last_answer,), tuple(outputs.values()) or earlier
            # Somebody who pauses within a sentence gives two messages with nothing between them.
            if waiting and said[-1].strip() and manner(item.text) == "question" and not stands_alone(item.text):
                said[-1] = f"{said[-1]} {item.text}".strip()
            else:
                said.append(item.text)
            calls, outputs, answered, waiting = [], {}, False, True
        elif isinstance(item, Said) and item.role == "assistant":
            answered, last_answer, waiting = True, item.text, False
        elif isinstance(item, Called):
            calls.append(item)
            waiting = False
        elif isinstance(item, Returned):
            outputs[item.call_id] = item.output
    return _Turn(said[-SAID_MAX:], calls, outputs, answered, last_answer, before, earlier)


def _returned(turn: _Turn, tools: Sequence[Tool]) -> list[tuple[Called, str]]:
    """What came back since the person spoke, reports apart: nobody answers from those."""
    reports = {tool.name for tool in tools if tool.purpose == "reports"}
    return [(call, turn.outputs[call.call_id]) for call in turn.calls if call.call_id in turn.outputs and call.name not in reports]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came back, read, and which sentences of it answer."""

    readings: list[tuple[Called, Reading]]
    passages: list[Passage]
    choice: Choice | None


def _outcome(question: Question, returned: Sequence[tuple[Called, str]], turn: _Turn) -> _Outcome:
    readings = [(call, read(output)) for call, output in returned]
    passages = _in_turn([reading.passages for _, reading in readings])
    earlier = [passage for output in turn.earlier for passage in read(output).passages] if question.follows else []
    return _Outcome(readings, passages, choose(question, passages, turn.before, earlier) if passages else None)


def _in_turn(found: Sequence[Sequence[Passage]]) -> list[Passage]:
    """What several calls found, the first of each, then the second of each: each passage once, no call's first behind another's last."""
    ranked = [passage for same_rank in zip_longest(*found) for passage in same_rank if passage is not None]
    return list({(passage.document, passage.text): passage for passage in reversed(ranked)}.values())[::-1]


def _second_search(question: Question, returned: Sequence[tuple[Called, str]], tools: Sequence[Tool], outcome: _Outcome) -> CallTool | None:
    """The same search in other words, once, where what came back does not answer; None where it does, or failed."""
    searches = [tool for tool in tools if tool.purpose == "asks" and tool.name == returned[0][0].name]
    if len(returned) > 1 or not searches:
        return None
    reading = outcome.readings[0][1]
    texts = [f"{one.title} {one.text}" for one in reading.passages]
    arguments = searches[0].asking_again(question, house(question.text, texts), {word for text in texts for word in stems(text)})
    if not arguments or reading.failed or reading.facts:
        return None
    return CallTool(searches[0].name, arguments) if outcome.choice is None or not outcome.choice.answers else None


def _answer(question: Question, outcome: _Outcome, tools: Sequence[Tool], turn: _Turn) -> list[Say | CallTool]:
    for call, reading in outcome.readings:
        if reading.facts:
            return [Say(tell(reading.facts, question, _arguments(call)))]
    if outcome.choice is None:
        return [Say(sentence) for sentence in _without_choice(question, outcome, tools, turn)]
    thoughts: list[Say | CallTool] = [Say(sentence) for sentence in outcome.choice.sentences]
    report = next((tool for tool in tools if tool.purpose == "reports"), None)
    if report is not None and outcome.choice.ids:
        thoughts.append(CallTool(report.name, report.reporting(outcome.choice.ids)))
    return thoughts


def _without_choice(question: Question, outcome: _Outcome, tools: Sequence[Tool], turn: _Turn) -> Sequence[str]:
    if not outcome.passages:
        return (SORRY if any(reading.failed for _, reading in outcome.readings) else NOT_FOUND,)
    done = {tool.name for tool in tools if tool.purpose == "does"}
    given = [passage for call, reading in outcome.readings if call.name in done for passage in reading.passages]
    return gist(given) or not_found(question, outcome.passages, turn.before)


def _arguments(call: Called) -> Mapping[str, Any]:
    try:
        given = json.loads(call.arguments)
    except ValueError:
        return {}
    return given if isinstance(given, Mapping) else {}


def _forced(tool: Tool, question: Question, turn: _Turn) -> CallTool:
    """A call that must be made, as well as it can be filled."""
    if tool.purpose == "asks":
        return CallTool(tool.name, tool.asking(question))
    if tool.purpose == "reports":
        passages = [passage for output in turn.outputs.values() for passage in read(output).passages]
        choice = choose(question, passages)
        return CallTool(tool.name, tool.reporting(choice.ids if choice else ()))
    return CallTool(tool.name, fill(tool, question) or "{}")
