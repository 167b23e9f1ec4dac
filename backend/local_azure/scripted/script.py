"""What may stand in a script: JSON, checked whole before anything is served. Follows nothing.

    {"turns": [[step, …], …], "further": [step, …], "beside": [step, …]}

The steps are listed in `README.md`, beside the stand-in's code. A turn's steps are cut into parts, one for each of its responses: a part
ends where the response does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..realtime.parts import BreakOff, HangUp
from .steps import NAME_MAX_CHARS, AwaitOutputs, Mistake, Step, read_step

FILE_MAX_BYTES = 1024 * 1024
"""Some 10,000 steps."""
STEPS_MAX = 1_000
"""Of one turn, and turns of one script: a conversation of that length is none."""
ENDED = "The script has ended."


@dataclass(frozen=True, slots=True)
class Part:
    """The steps of one response."""

    steps: tuple[Step, ...]
    after_outputs: bool = False


Turn = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """`further` is followed in every turn after the last of `turns`, `beside` by responses that stand beside the conversation."""

    turns: tuple[Turn, ...]
    further: Turn
    beside: Turn


class ScriptError(Exception):
    """The script cannot be followed; the message has a line for each mistake, with its place."""


def load(path: Path) -> Script:
    """The script in a file. Raises `ScriptError`."""
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_MAX_BYTES + 1)
    except OSError as failed:
        raise ScriptError(f"the script {path} cannot be read: {failed.strerror}.") from None
    if len(raw) > FILE_MAX_BYTES:
        raise ScriptError(f"the script {path} is larger than {FILE_MAX_BYTES} bytes.")
    try:
        given = json.loads(raw, object_pairs_hook=_each_once, parse_constant=_no_number)
        json.dumps(given, ensure_ascii=False).encode()  # half a surrogate pair can be written in JSON and sent nowhere
    except json.JSONDecodeError as wrong:
        raise ScriptError(f"the script {path} is not JSON: {wrong.msg}, line {wrong.lineno}, column {wrong.colno}.") from None
    except UnicodeError:
        raise ScriptError(f"the script {path} is not UTF-8.") from None
    except (ValueError, RecursionError) as wrong:
        raise ScriptError(f"the script {path} cannot be read: {wrong}.") from None
    mistakes: list[str] = []
    script = _script(given, mistakes)
    if mistakes:
        raise ScriptError("\n".join(f"the script {path}, {mistake}" for mistake in mistakes))
    return script


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"'{next(name for name in names if names.count(name) > 1)[:NAME_MAX_CHARS]}' stands twice in one object")
    return read


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _script(given: Any, mistakes: list[str]) -> Script:
    if not isinstance(given, dict) or not isinstance(given.get("turns"), list):
        mistakes.append('at the top: a script is {"turns": [[step, …], …]}, with "further" and "beside" if you like.')
        return Script((), (), ())
    mistakes += [f"at the top: '{name[:NAME_MAX_CHARS]}' is unknown." for name in given if name not in ("turns", "further", "beside")]
    if len(given["turns"]) > STEPS_MAX:
        mistakes.append(f"at the top: more than {STEPS_MAX} turns.")
    turns = tuple(_turn(turn, f"turn {number}", mistakes) for number, turn in enumerate(given["turns"][:STEPS_MAX], 1))
    further = _turn(given.get("further", [{"say": ENDED}]), "further", mistakes)
    beside = _turn(given["beside"], "beside", mistakes) if "beside" in given else further[:1]
    if len(beside) > 1:
        mistakes.append("beside: such a response stands alone, so nothing can follow its end.")
    return Script(turns, further, beside)


def _turn(given: Any, place: str, mistakes: list[str]) -> Turn:
    if not isinstance(given, list):
        mistakes.append(f"{place}: it must be a list of steps.")
        return ()
    if len(given) > STEPS_MAX:
        mistakes.append(f"{place}: more than {STEPS_MAX} steps.")
    parts: list[Part] = []
    steps: list[Step] = []
    after_outputs = False
    for number, one in enumerate(given[:STEPS_MAX], 1):
        try:
            read = read_step(one)
        except Mistake as mistake:
            mistakes.append(f"{place}, step {number}: {mistake}")
            continue
        if isinstance(read[0], HangUp) and number < len(given):
            mistakes.append(f"{place}, step {number}: nothing can follow 'close'.")
        ends = isinstance(read[0], AwaitOutputs | BreakOff)
        steps += [] if isinstance(read[0], AwaitOutputs) else read
        if ends:
            parts.append(Part(tuple(steps), after_outputs))
            steps, after_outputs = [], isinstance(read[0], AwaitOutputs)
    return (*parts, Part(tuple(steps), after_outputs)) if steps or after_outputs or not parts else tuple(parts)
