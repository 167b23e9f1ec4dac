"""One response at work: what the mind thinks becomes items, what it says becomes words and audio.

Knows no socket: `step` is awaited after everything that was laid down, and waits while the client has no room.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from .outbox import SocketEnded
from .output import PartOutput, SpokenPart
from .parts import BYTES_PER_MS, CallTool, Mind, Moment, Mouth, PartUnavailable, Say
from .response import OutputSpent, Response, ResponseOver

DELTA_MS = 200
FIRST_DELTA_MS = 100
"""Audio in one delta; the service's own were seen to hold 100 to 500 ms. A sentence begins with a short one, to be heard sooner."""
CHARS_PER_SECOND = 15
"""How fast English is spoken, so that transcript and audio go side by side before the length of the audio is known."""

Step = Callable[[], Awaitable[None]]
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


async def answer(response: Response, think: Callable[[], Awaitable[Moment]], mind: Mind, mouth: Mouth, step: Step) -> None:
    """Give this response to its end. `think` waits for the words that were spoken and gives what the mind may know."""
    with response:
        try:
            await _give(response, await think(), mind, mouth, step)
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
    async with _closing(mind.think(moment)) as thoughts:
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
    """A sentence's words as deltas, each with the space before it."""

    def __init__(self, sentence: str, *, first: bool) -> None:
        self._deltas = [word if first and index == 0 else f" {word}" for index, word in enumerate(sentence.split())]
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
