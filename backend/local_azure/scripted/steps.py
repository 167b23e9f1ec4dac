"""One step of a script: what may stand in it, and what it makes happen. Knows no turn and no file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..realtime.parts import BreakOff, CallTool, Complain, HangUp, Say
from ..realtime.sentences import sentences

WAIT_MAX_MS = 60 * 60 * 1000
"""As long as a session lasts where nobody says otherwise: until the person speaks, cancels or goes."""
NAME_MAX_CHARS = 128
"""Of a function, as in a session."""
REASON_MAX_BYTES = 123
"""What a close frame has room for."""

TEXT_MAX_CHARS = 100_000
"""Two hours of speech."""
WAITS_FOR_OUTPUTS = "outputs"
INCOMPLETE = ("max_output_tokens", "content_filter")


@dataclass(frozen=True, slots=True)
class Wait:
    """So many milliseconds pass."""

    ms: int


@dataclass(frozen=True, slots=True)
class AwaitOutputs:
    """This response ends; the turn goes on in the first one that finds an output for each of its calls."""


Step = Say | CallTool | Complain | BreakOff | HangUp | Wait | AwaitOutputs


class Mistake(Exception):  # noqa: N818 - a sentence about a step, not a fault of ours
    """Why this is no step."""


def read_step(given: Any) -> list[Step]:
    """What one object of a script stands for: one step, or several sentences. Raises `Mistake`."""
    verbs = [verb for verb in _VERBS if isinstance(given, dict) and verb in given]
    if len(verbs) != 1:
        raise Mistake(f"a step has exactly one of {', '.join(_VERBS)}{_shown(given)}.")
    allowed, read = _VERBS[verbs[0]]
    for name in given:
        if name != verbs[0] and name not in allowed:
            raise Mistake(f"'{name[:NAME_MAX_CHARS]}' does not belong to '{verbs[0]}'.")
    return read(given)


def _shown(given: Any) -> str:
    return f", and this has {', '.join(sorted(given))[:NAME_MAX_CHARS] or 'none'}" if isinstance(given, dict) else " and is an object"


def _say(step: Mapping[str, Any]) -> list[Step]:
    return [Say(sentence) for sentence in sentences(_words(step, "say"))]


def _call(step: Mapping[str, Any]) -> list[Step]:
    arguments = step.get("arguments", {})
    if not isinstance(arguments, dict | str):
        raise Mistake("'arguments' must be an object, or a string to be sent as it is.")
    return [CallTool(_words(step, "call", NAME_MAX_CHARS), arguments if isinstance(arguments, str) else _json(arguments))]


def _wait(step: Mapping[str, Any]) -> list[Step]:
    wait = step["wait"]
    if wait == WAITS_FOR_OUTPUTS:
        return [AwaitOutputs()]
    if not _is_whole(wait) or not 0 <= wait <= WAIT_MAX_MS:
        raise Mistake(f"'wait' must be milliseconds from 0 to {WAIT_MAX_MS}, or \"{WAITS_FOR_OUTPUTS}\".")
    return [Wait(wait)]


def _error(step: Mapping[str, Any]) -> list[Step]:
    return [Complain(_words(step, "error", NAME_MAX_CHARS), *_described(step))]


def _fail(step: Mapping[str, Any]) -> list[Step]:
    return [BreakOff("failed", _words(step, "fail", NAME_MAX_CHARS), *_described(step))]


def _incomplete(step: Mapping[str, Any]) -> list[Step]:
    if step["incomplete"] not in INCOMPLETE:
        raise Mistake(f"'incomplete' must be {' or '.join(INCOMPLETE)}.")
    return [BreakOff("incomplete", step["incomplete"])]


def _close(step: Mapping[str, Any]) -> list[Step]:
    code, reason = step["close"], step.get("reason", "")
    if not _is_whole(code) or not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
        raise Mistake("'close' must be a code that a server may send: 1000 to 1003, 1007 to 1014, 3000 to 4999.")
    if not isinstance(reason, str) or len(reason.encode()) > REASON_MAX_BYTES:
        raise Mistake(f"'reason' must be a string of at most {REASON_MAX_BYTES} bytes.")
    return [HangUp(code, reason)]


_VERBS: Mapping[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], list[Step]]]] = {
    "say": ((), _say),
    "call": (("arguments",), _call),
    "wait": ((), _wait),
    "error": (("message", "type"), _error),
    "fail": (("message", "type"), _fail),
    "incomplete": ((), _incomplete),
    "close": (("reason",), _close),
}


def _described(step: Mapping[str, Any]) -> tuple[str, str]:
    message = _words(step, "message") if "message" in step else "The script says so."
    return message, _words(step, "type", NAME_MAX_CHARS) if "type" in step else "server_error"


def _words(step: Mapping[str, Any], name: str, most: int = TEXT_MAX_CHARS) -> str:
    value = step[name]
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise Mistake(f"'{name}' must be a string that is not empty, of at most {most} characters.")
    return value


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _json(arguments: Mapping[str, Any]) -> str:
    return json.dumps(arguments, ensure_ascii=False)
