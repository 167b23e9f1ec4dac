"""One client's socket, with all the tasks that work for it.

    reader      socket -> inbox                 ends when the client goes
    handler     inbox -> conversation, ears     one event at a time, in order
    writer      outbox -> socket                outlives the others by the last words
    clock       ends the session at its time
    alarm       rings when nobody speaks        set and taken back by the conversation
    answers     one task for each response      started and stopped by the conversation
    scribes     one task for each utterance

All but the writer belong to one task group; all end with the socket. Decides nothing about the protocol: that is `conversation`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, assert_never

from .actions import Abandon, Action, Answer, Hear, Listen, Send, SetAlarm, WriteDown
from .conversation import Conversation
from .dialect import GA, Dialect
from .inbox import FloodError, Inbox, MessageTooLargeError
from .outbox import ClientStalled, Outbox, SocketEnded
from .parts import BYTES_PER_MS, Ears, HangUp, Listener, Mind, Moment, Mouth, PartUnavailable
from .response import Response
from .speaking import answer
from .wire import Refused, decode, error_event, event_id_of

PIECE_MS = 200
"""How much audio the ears get at a time, so that a whole file in one event is heard like a microphone."""
SCRIBES_MAX = 8
"""Utterances that may wait for the recogniser; beyond that the client's next event waits."""
LAST_WORDS_S = 5.0
"""How long a client may take to read what is left before the socket is closed."""

_log = logging.getLogger(__name__)


class Socket(Protocol):
    """What is needed of a WebSocket."""

    async def receive(self) -> str | bytes:
        """The next frame."""

    async def send(self, data: str) -> None:
        """Send a text frame."""

    async def close(self, code: int, reason: str = "") -> None:
        """Close with this code."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The ears, the mouth and the mind of this stand-in."""

    ears: Ears
    mouth: Mouth
    mind: Mind


class _Closing(SocketEnded):
    def __init__(self, code: int, reason: str, error: Refused | None = None) -> None:
        self.code = code
        self.reason = reason
        self.error = error


class Connection:
    """One client from `session.created` to the close frame. `lasts_s` is how long a session may last."""

    def __init__(self, socket: Socket, parts: Parts, model: str, expires_at: int, lasts_s: float, dialect: Dialect | None = None) -> None:
        self._socket = socket
        self._parts = parts
        self._lasts_s = lasts_s
        self._dialect = dialect or GA()
        self._conversation = Conversation(model, expires_at)
        self._inbox = Inbox()
        self._outbox = Outbox()
        self._listener: Listener | None = None
        self._to_hear: list[Hear] = []
        self._answers: dict[str, asyncio.Task[None]] = {}
        self._scribes: dict[int, asyncio.Task[None]] = {}
        self._alarm: asyncio.Task[None] | None = None
        self._tasks: asyncio.TaskGroup

    async def run(self) -> None:
        """Serve the client until either side ends it."""
        # Not of the group: a frame whose sending is broken off may have gone or not, so the writer says the last words too.
        writer = asyncio.create_task(self._write())
        try:
            async with asyncio.TaskGroup() as self._tasks:
                self._perform()
                for work in (self._read(), self._handle(), _end_of(writer), self._watch_the_clock()):
                    self._spawn(work)
        except* SocketEnded as ended:
            for end in ended.exceptions[:1]:
                if isinstance(end, _Closing):
                    await self._say_goodbye(end, writer)
        finally:
            await _stopped(writer)
            if self._listener is not None:
                await self._listener.close()

    async def _say_goodbye(self, end: _Closing, writer: asyncio.Task[None]) -> None:
        if end.error is not None:
            self._outbox.put(error_event(end.error, None))
            self._outbox.end(end)
            _, unsaid = await asyncio.wait((writer,), timeout=LAST_WORDS_S)
            if unsaid:
                _log.info("the client did not read its last events")
        await _stopped(writer)
        await self._socket.close(end.code, end.reason)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return self._tasks.create_task(work)

    async def _read(self) -> None:
        while True:
            frame = await self._socket.receive()
            try:
                self._inbox.put(frame)
            except MessageTooLargeError:
                raise _Closing(1009, "message too large") from None
            except FloodError:
                error = Refused("rate_limit_exceeded", "More audio is waiting than this local stand-in can hear.")
                raise _Closing(1008, "too fast", error) from None

    async def _write(self) -> None:
        while True:
            try:
                await self._socket.send(await self._outbox.next())
            except OSError:  # the server's way to say that the client has gone
                raise SocketEnded from None
            self._outbox.sent()

    async def _watch_the_clock(self) -> None:
        await asyncio.sleep(self._lasts_s)
        message = f"Your session hit the maximum duration of {self._lasts_s / 60:g} minutes."
        raise _Closing(1001, message, Refused("session_expired", message))

    async def _handle(self) -> None:
        while True:
            self._take_in(await self._inbox.next())
            self._perform()
            while self._to_hear:
                await self._hear(self._to_hear.pop(0))
            while len(self._scribes) >= SCRIBES_MAX:
                await asyncio.wait(self._scribes.values(), return_when=asyncio.FIRST_COMPLETED)
            await self._step()

    def _take_in(self, frame: str | bytes) -> None:
        event_id = None
        try:
            event = decode(frame)
            event_id = event_id_of(event)
            self._conversation.receive(self._dialect.inward(event))
        except Refused as refused:
            self._conversation.refuse(refused, event_id)

    async def _step(self) -> None:
        """Carry out what was decided, and wait while the client has no room."""
        self._perform()
        try:
            await self._outbox.room()
        except ClientStalled:
            raise _Closing(1008, "too slow") from None

    def _perform(self) -> None:
        while actions := self._conversation.take():
            for action in actions:
                self._do(action)

    def _do(self, action: Action) -> None:
        match action:
            case Send():
                if (told := self._dialect.outward(action.event)) is not None:
                    self._outbox.put(told)
            case Hear():
                self._to_hear.append(action)
            case Listen():
                self._listen(action)
            case WriteDown():
                self._scribes[action.order] = self._spawn(self._write_down(action))
            case Answer():
                task = self._spawn(self._answer(action.response))
                self._answers[action.response.id] = task
                # A task that is cancelled before its first step runs nothing of its own, so the end is noted from outside.
                task.add_done_callback(lambda _: self._answered(action.response))
            case Abandon():
                self._answers[action.response_id].cancel()
            case SetAlarm():
                self._set_alarm(action.after_ms)
            case HangUp():
                self._outbox.end(_Closing(action.code, action.reason))
            case _:
                assert_never(action)

    def _set_alarm(self, after_ms: int | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None if after_ms is None else self._spawn(self._ring(after_ms / 1000))

    async def _ring(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self._alarm = None  # what it leads to may set another
        self._conversation.nobody_spoke()
        self._perform()

    def _listen(self, action: Listen) -> None:
        if self._listener is not None:
            self._spawn(self._listener.close())
            self._listener = None
        if action.detection is not None:
            try:
                self._listener = self._parts.ears.listener(action.detection)
            except PartUnavailable as unavailable:
                self._deaf(unavailable, None)

    def _deaf(self, unavailable: PartUnavailable, event_id: str | None) -> None:
        """Say once that nobody listens; audio can still be committed by hand, and text be typed."""
        self._listener = None
        self._conversation.refuse(Refused("part_unavailable", str(unavailable), kind="server_error"), event_id)

    async def _hear(self, audio: Hear) -> None:
        size = PIECE_MS * BYTES_PER_MS
        try:
            for start in range(0, len(audio.pcm), size):
                piece = audio.pcm[start : start + size]
                self._conversation.take_in(piece)
                if self._listener is not None:
                    for notice in await self._listener.feed(piece):
                        self._conversation.noticed(notice)
                        self._perform()
        except Refused as refused:
            self._conversation.refuse(refused, audio.event_id)
        except PartUnavailable as unavailable:
            self._deaf(unavailable, audio.event_id)

    async def _write_down(self, action: WriteDown) -> None:
        try:
            words = await self._parts.ears.transcribe(action.pcm)
        except PartUnavailable as unavailable:
            self._conversation.words_failed(action.order, str(unavailable))
        else:
            self._conversation.words_came(action.order, words)
        del self._scribes[action.order]
        self._perform()

    async def _answer(self, response: Response) -> None:
        async def think() -> Moment:
            while waited := [self._scribes[order] for order in self._conversation.waits_for(response) if order in self._scribes]:
                await asyncio.wait(waited)
            return self._conversation.moment(response)

        await answer(response, think, self._parts.mind, self._parts.mouth, self._step)

    def _answered(self, response: Response) -> None:
        self._conversation.finished(response)
        del self._answers[response.id]
        self._perform()


async def _end_of(writer: asyncio.Task[None]) -> None:
    """Ends as the writer does, and does not end it."""
    await asyncio.wait((writer,))
    await writer


async def _stopped(writer: asyncio.Task[None]) -> None:
    writer.cancel()
    await asyncio.gather(writer, return_exceptions=True)
