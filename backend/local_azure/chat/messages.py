"""A conversation as a chat server takes it: a system message, then who said what, calls with their outputs right behind them.

Many servers fill a model's own template, which is stricter than the API: so nobody speaks twice in a row, and no call stays without its
output. What is too much goes from the front, by whole turns. Source: `openai/types/chat/chat_completion_message_param.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..realtime.parts import Called, Item, Moment, Returned, Said

HISTORY_MAX_CHARS = 48_000
"""Some 12,000 tokens behind the instructions: ten searches with their passages, and less than what small models are served with."""
LAST_TURN_MAX_CHARS = 200_000
"""Of one message: a tool may return what it likes, and a server refuses what its model cannot hold."""

NOT_HEARD = "(The person said something that could not be understood.)"
NO_OUTPUT = "(The tool has not answered.)"

Message = dict[str, Any]


def messages_of(moment: Moment) -> list[Message]:
    """The messages for a moment, instructions first. At least one of them is the person's, or it could not be answered."""
    system = [{"role": "system", "content": moment.instructions}] if moment.instructions else []
    turns = _turns(moment.items)
    kept: list[list[Message]] = []
    room = HISTORY_MAX_CHARS
    for turn in reversed(turns):
        room -= sum(_weight(message) for message in turn)
        if kept and room < 0:
            break
        kept.insert(0, turn)
    said = [message for turn in kept for message in turn]
    return [*system, *(said or [{"role": "user", "content": "(The person has connected and waits.)"}])]


def tools_of(schemas: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A session's functions as a chat's: what stands flat there is nested here."""
    names = ("name", "description", "parameters")
    return [{"type": "function", "function": {name: schema[name] for name in names if name in schema}} for schema in schemas]


def tool_choice_of(choice: str) -> Any:
    """`auto` or `required` as they are, else the one function of that name."""
    return choice if choice in ("auto", "required") else {"type": "function", "function": {"name": choice}}


def _turns(items: Sequence[Item]) -> list[list[Message]]:
    """The messages, cut before each of the person's that answers something: one who speaks twice in a row has one turn."""
    outputs = {item.call_id: item.output for item in items if isinstance(item, Returned)}
    turns: list[list[Message]] = [[]]
    calls: list[Called] = []
    for item in items:
        if isinstance(item, Called):
            calls.append(item)
        elif isinstance(item, Said):
            _add_calls(turns[-1], calls, outputs)
            calls = []
            if item.role == "user" and turns[-1] and turns[-1][-1]["role"] != "user":
                turns.append([])
            _add_words(turns[-1], item)
    _add_calls(turns[-1], calls, outputs)
    return [turn for turn in turns if turn]


def _add_words(turn: list[Message], said: Said) -> None:
    words = (said.text or NOT_HEARD)[:LAST_TURN_MAX_CHARS]
    if turn and turn[-1]["role"] == said.role and "tool_calls" not in turn[-1]:
        turn[-1]["content"] = f"{turn[-1]['content']}\n{words}"
    else:
        turn.append({"role": said.role, "content": words})


def _add_calls(turn: list[Message], calls: Sequence[Called], outputs: Mapping[str, str]) -> None:
    if not calls:
        return
    made = [{"id": call.call_id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}} for call in calls]
    if turn and turn[-1]["role"] == "assistant" and "tool_calls" not in turn[-1]:
        turn[-1]["tool_calls"] = made
    else:
        turn.append({"role": "assistant", "content": "", "tool_calls": made})
    for call in calls:
        output = outputs.get(call.call_id, NO_OUTPUT)[:LAST_TURN_MAX_CHARS]
        turn.append({"role": "tool", "tool_call_id": call.call_id, "content": output})


def _weight(message: Message) -> int:
    calls = message.get("tool_calls", ())
    return len(message["content"]) + sum(len(call["function"]["arguments"]) for call in calls)
