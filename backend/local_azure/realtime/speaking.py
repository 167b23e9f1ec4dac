"""One response at work: what the mind thinks becomes items, what it says becomes words and audio.

Knows no socket: `step` is awaited after everything that was laid down, and waits while the client has no room.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, assert_never

from .outbox import SocketEnded
from .output import PartOutput, SpokenPart
from .parts import BYTES_PER_MS, BreakOff, CallTool, Complain, HangUp, Mind, Moment, Mouth, PartUnavailable, Say, Thought
from .response import OutputSpent, Response, ResponseOver
from .wire import Refused

DELTA_MS = 200
FIRST_DELTA_MS = 100
"""Audio in one delta; the service's own were seen to hold 100 to 500 ms. A sentence begins with a short one, to be heard sooner."""
CHARS_PER_SECOND = 15
"""How fast English is spoken, so that transcript and audio go side by side before the length of the audio is known."""

_WORD = re.compile(r"(\s*)(\S+)")

Step = Callable[[], Awaitable[None]]
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class _BrokenOff(Exception):  # noqa: N818 - the mind's decision, not a fault
    def __init__(self, thought: BreakOff) -> None:
        self.thought = thought


async def answer(response: Response, think: Callable[[], Awaitable[Moment]], mind: Mind, mouth: Mouth, step: Step) -> None:
    """Give this response to its end. `think` waits for the words that were spoken and gives what the mind may know."""
    with response:
        try:
            await _give(response, await think(), mind, mouth, step)
        except _BrokenOff as broken:
            _break_off(response, broken.thought)
        except (OutputSpent, ResponseOver, PartUnavailable, SocketEnded):
            raise
        except Exception as fault:
            # The traceback shows code; the fault's own text might repeat what somebody said.
            trace = "".join(traceback.format_tb(fault.__traceback__))
            _log.error("response %s: %s in mind or mouth\n%s", response.id, type(fault).__name__, trace)
            message = "The local stand-in failed while it made this response."
            response.end("failed", error={"type": "server_error", "code": "server_error", "message": message})
    await step()


async def _give(response: Response, moment: Moment, mind: Mind, mouth: Mouth, step: Step) -> None:
    async with _closing(_to_give(response, mind.think(moment), step)) as thoughts:
        thought = await anext(thoughts, None)
        while thought is not None:
            if isinstance(thought, CallTool):
                with response.call(thought.name) as call:
                    call.arguments(thought.arguments)
                thought = await anext(thoughts, None)
            else:
                with response.message() as message, message.part() as part:
                    await step()
                    while isinstance(thought, Say):
                        await _say(part, thought.sentence, response, mouth, step)
                        thought = await anext(thoughts, None)
            await step()


async def _to_give(response: Response, thoughts: AsyncIterator[Thought], step: Step) -> AsyncGenerator[Say | CallTool, None]:
    """What is to be said and called; all else that a mind decides happens at its place between them."""
    async with _closing(thoughts):
        async for thought in thoughts:
            match thought:
                case Say() | CallTool():
                    yield thought
                case Complain():
                    response.desk.refuse(Refused(thought.code, thought.message, kind=thought.kind), None)
                    await step()
                case BreakOff():
                    raise _BrokenOff(thought)
                case HangUp():
                    response.desk.ask(thought)
                    raise ResponseOver
                case _:
                    assert_never(thought)


def _break_off(response: Response, thought: BreakOff) -> None:
    if thought.status == "failed":
        response.end("failed", error={"type": thought.kind, "code": thought.code, "message": thought.message})
    else:
        response.end("incomplete", reason=thought.code)


async def _say(part: PartOutput, sentence: str, response: Response, mouth: Mouth, step: Step) -> None:
    words = Words(sentence, first=not part.part.words)
    if isinstance(part, SpokenPart):
        async with _closing(mouth.speak(sentence, voice=response.plan.voice, speed=response.plan.speed)) as made:
            async for pcm in in_deltas(made):
                words.spoken_ms += len(pcm) // BYTES_PER_MS
                for word in words.due():
                    part.words(word)
                part.audio(pcm)
                await step()
    for word in words.rest():
        part.words(word)
    await step()


class Words:
    """A sentence's words as deltas, each with the space before it; new lines stay where they are."""

    def __init__(self, sentence: str, *, first: bool) -> None:
        self._deltas = [_spaced(space, word) for space, word in _WORD.findall(sentence)]
        if first and self._deltas:
            self._deltas[0] = self._deltas[0].lstrip()
        self._given_chars = 0
        self.spoken_ms = 0

    def due(self) -> list[str]:
        """Those that are spoken by now, at a usual pace."""
        given = []
        while self._deltas and self._given_chars < self.spoken_ms * CHARS_PER_SECOND / 1000:
            given.append(self._take())
        return given

    def rest(self) -> list[str]:
        """All that were not given yet."""
        return [self._take() for _ in range(len(self._deltas))]

    def _take(self) -> str:
        delta = self._deltas.pop(0)
        self._given_chars += len(delta)
        return delta


def _spaced(space: str, word: str) -> str:
    return ("\n" * min(space.count("\n"), 2) or " ") + word


async def in_deltas(made: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The mouth's chunks, cut and joined into deltas of `DELTA_MS`; the first and the last are shorter."""
    size = FIRST_DELTA_MS * BYTES_PER_MS
    waiting = bytearray()
    async for chunk in made:
        waiting += chunk
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
            size = DELTA_MS * BYTES_PER_MS
    if waiting:
        yield bytes(waiting)


@asynccontextmanager
async def _closing(iterator: AsyncIterator[_T]) -> AsyncIterator[AsyncIterator[_T]]:
    """The iterator, closed at the end where it can be: a mouth that is cut off should hear of it now, not when memory is tidied."""
    try:
        yield iterator
    finally:
        close: Any = getattr(iterator, "aclose", None)
        if close is not None:
            await close()
