"""Two sockets of one conversation, and the tasks between them. The only module that holds both; it decides nothing.

A `Relay` lives as long as its conversation and owns the model's socket, the tools that run and the timers; a browser attaches to it
and may leave, and another may come (`visit.py`). `Session` says what to do. Resources: the model's socket is acquired by `_talk_to_model`
and released there; tool tasks and timers are started by `_perform` and ended by `run`; the browser's socket belongs to the caller of
`attach`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, assert_never

from ..errors import UpstreamError
from . import moderation
from .actions import (
    Action,
    CloseModel,
    Configure,
    DropAudio,
    End,
    Judge,
    Note,
    OpenGate,
    OpenModel,
    RunTool,
    Sound,
    ToBrowser,
    ToModel,
    WakeMe,
)
from .errand import Errands
from .fault import places
from .inbox import Inbox, append
from .line import TIMES
from .notices import INTERNAL, MODEL_STUCK, TOO_SLOW
from .outbox import Outbox
from .patience import PATIENCE, Patience
from .replay import Replay
from .session import Session
from .sockets import BrowserSocket, ModelSocket, Reach
from .visit import Left, Return, Visit

log = logging.getLogger(__name__)

ABSENCE = "absence"


class Relay:
    """One conversation's sockets and tasks."""

    def __init__(self, session: Session, reach: Reach, patience: Patience = PATIENCE) -> None:
        self.session = session
        self._reach = reach
        self._patience = patience
        self._outbox = Outbox()
        self._inbox = Inbox()
        self._replay = Replay()
        self._visit: Visit | None = None
        self._model: ModelSocket | None = None
        self._line: asyncio.Task[None] | None = None
        self._lines = 0
        """How many lines to the model there were: what still comes of an earlier one is not heard."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._errands = Errands(self.conversation_id, patience.tool_s)
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._goodbye: tuple[int, str] = (1000, "goodbye")
        self._ending = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def conversation_id(self) -> str:
        """The id that log lines carry."""
        return self.session.identity.conversation_id

    async def run(self) -> None:
        """Own the conversation until it is over; then end whatever still runs and let go of everything."""
        try:
            await self._over.wait()
        finally:
            for timer in self._timers.values():
                timer.cancel()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for name, count in self.session.unknown.items():
                log.info("conversation %s: %d unknown events of type %.64r", self.conversation_id, count, name)

    async def attach(self, browser: BrowserSocket, back: Return | None = None) -> tuple[Left, Visit]:
        """Serve one browser until it leaves or the conversation ends. `back`: it was here before, and missed something."""
        before, visit = self._visit, Visit(browser, self._outbox, self._replay)
        self._visit = visit
        self._forget_timer(ABSENCE)
        if before is not None:
            before.replace()
        first = self.session.begin() if back is None else self.session.resumed(back.token)
        told = [action.payload for action in first if isinstance(action, ToBrowser) and self._is_for_them(action)]
        self._perform([action for action in first if not isinstance(action, ToBrowser)])
        missed = [] if back is None else self._replay.after(back.last_event_id)
        try:
            return await visit.stay([*told, *missed], self._heard, self._ending), visit
        except Exception as broken:
            self._failed("browser", broken)
            return Left.GOODBYE, visit
        finally:
            if self._visit is visit:
                self._visit = None

    def expect_back(self) -> None:
        """The network is away: the conversation waits for its page, and is over when it has waited for long enough."""
        self._outbox.drop_audio()
        self._timers[ABSENCE] = asyncio.get_running_loop().call_later(self._patience.resume_s, self.leave)

    async def part(self, visit: Visit) -> None:
        """Say what is still to be said, and close the socket with the conversation's code.

        That takes as long as the browser takes to read; the conversation itself is over, and nothing of it may wait for this. A browser
        that has not read it all in time is dropped: its socket and what is queued for it would otherwise stay for as long as it likes.
        """
        try:
            async with asyncio.timeout(self._patience.goodbye_s):
                if visit.writer is not None:
                    await asyncio.gather(visit.writer, return_exceptions=True)
                if self._ending.is_set():
                    await visit.browser.close(*self._goodbye)
        except TimeoutError:
            log.info("conversation %s: dropped by the server, for the browser did not read", self.conversation_id)
            visit.browser.drop()

    @property
    def visited(self) -> bool:
        """Somebody is there."""
        return self._visit is not None

    @property
    def forsaken(self) -> bool:
        """Its browser is away and never said a word: nothing of it would be missed."""
        return not (self.visited or self.over or self.session.spoken_to)

    @property
    def over(self) -> bool:
        """Nobody is waited for any more; what there was of it is being let go of."""
        return self._over.is_set()

    def leave(self) -> None:
        """Nobody will come back: the conversation is over."""
        self._over.set()

    def dismiss(self, actions: list[Action]) -> None:
        """Carry out what the session wants, from outside: used to end a conversation when the server goes away."""
        self._perform(actions)

    # the browser

    def _heard(self, frame: str | bytes) -> None:
        self._perform(self.session.browser_said(frame, time.monotonic()))

    def _is_for_them(self, action: ToBrowser) -> bool:
        return self.session.identity.own_events or not action.own

    # the model

    def _call(self, after_s: float) -> None:
        self._lines += 1
        self._line = self._start(self._talk_to_model(self._lines, after_s))

    def _hang_up(self) -> None:
        """Let go of the line there is, without a word of the session about its end: it knows."""
        self._lines += 1
        self._inbox.shut()
        self._model = None
        for name in TIMES:
            self._forget_timer(name)
        line, self._line = self._line, None
        if line is not None and line is not asyncio.current_task():
            line.cancel()

    async def _talk_to_model(self, number: int, after_s: float) -> None:
        if after_s:
            await asyncio.sleep(after_s)
        try:
            model = await self._reach(partial(self._hear, number))
        except UpstreamError as failed:
            log.warning("conversation %s: %s", self.conversation_id, failed)
            if number == self._lines:
                self._perform(self.session.model_failed(failed.notice))
            return
        writer: asyncio.Task[None] | None = None
        try:
            if number == self._lines:
                self._model = model
                writer = asyncio.create_task(self._write_to_model(model))
                self._perform(self.session.model_opened(time.time()))
                closed = await model.closed()
                if number == self._lines:
                    self._perform(self.session.model_closed(*closed))
        finally:
            if self._model is model:
                self._model = None
            if writer is not None:
                writer.cancel()
                await asyncio.gather(writer, return_exceptions=True)
            await model.close()

    def _hear(self, number: int, frame: bytes) -> None:
        """One frame of the model, straight from its socket."""
        if number == self._lines:
            self._decided("model", self.session.model_said, frame)

    def _decided(self, where: str, decide: Callable[[Any], list[Action]], what: Any) -> None:
        """Of what nobody waits for, a mistake of ours would end in nothing but a traceback."""
        try:
            self._perform(decide(what))
        except Exception as broken:
            self._failed(where, broken)

    async def _write_to_model(self, model: ModelSocket) -> None:
        """The one writer to the model."""
        take = self._inbox.take
        while True:
            await model.send(await take())

    # tools

    async def _run_tool(self, action: RunTool) -> None:
        result = await self._errands.run(action.tool, action.call)
        self._perform(self.session.tool_finished(action.call.call_id, result))

    async def _judge(self, action: Judge) -> None:
        verdict, failed = await moderation.verdict(action.moderator, action.words, self._patience.moderator_s)
        if failed:
            log.error("conversation %s: the moderator %s, so a message was not answered", self.conversation_id, failed)
        self._perform(self.session.judged(action.key, verdict))

    # what the session wants

    def _perform(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case ToBrowser():
                    self._to_browser(action)
                case Sound() | ToModel():
                    self._to_model(action)
                case DropAudio():
                    self._outbox.drop_audio()
                case RunTool() | Judge() | OpenModel() | WakeMe() if self._ending.is_set() or self._over.is_set():
                    continue  # nobody is left to own what would begin here
                case RunTool():
                    self._start(self._run_tool(action))
                case Judge():
                    self._start(self._judge(action))
                case OpenModel():
                    self._call(action.after_s)
                case CloseModel():
                    self._hang_up()
                case Configure():
                    self._inbox.configure(action)
                case OpenGate():
                    self._inbox.open()
                case WakeMe():
                    self._wake_later(action)
                case Note():
                    log.warning("conversation %s: %s", self.conversation_id, action.text)
                case End():
                    self._end(action)
                case _:
                    assert_never(action)

    def _to_browser(self, action: ToBrowser) -> None:
        """At once where that can be; while nobody is there, what would be worth nothing later is dropped."""
        if self._ending.is_set() or not self._is_for_them(action):
            return
        if self._visit is None and (action.audio_ms or action.fleeting):
            return
        if self._visit is not None and self._visit.send_now(action):
            return
        if not self._outbox.put(action):
            self._too_slow()

    def _to_model(self, action: Sound | ToModel) -> None:
        if self._model is not None and self._inbox.empty:
            payload = append(action.audio) if isinstance(action, Sound) else action.payload
            if self._model.send_now(payload):
                return
        if not self._inbox.put(action):
            self._perform(self.session.end(1011, "the model does not listen", MODEL_STUCK))

    def _start(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Awaitable[None]) -> None:
        """A mistake of ours ends this conversation with a sentence, and no other."""
        try:
            await work
        except Exception as broken:
            self._failed("conversation", broken)

    def _failed(self, where: str, broken: BaseException | None) -> None:
        # The traceback names our lines, never their values; the message may hold words, so it is left out.
        where_in_code = places(broken)
        log.error("conversation %s: %s failed with %s at %s", self.conversation_id, where, type(broken).__name__, where_in_code)
        self._perform(self.session.end(1011, "internal error", INTERNAL))

    def _too_slow(self) -> None:
        actions = self.session.end(1008, "too slow", TOO_SLOW)
        self._outbox.last_words([action for action in actions if isinstance(action, ToBrowser)])
        self._perform([action for action in actions if not isinstance(action, ToBrowser)])

    def _wake_later(self, wish: WakeMe) -> None:
        self._forget_timer(wish.name)
        later = asyncio.get_running_loop().call_later
        self._timers[wish.name] = later(wish.after_s, self._decided, "time", self.session.woke, wish.name)

    def _forget_timer(self, name: str) -> None:
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()

    def _end(self, goodbye: End) -> None:
        log.info("conversation %s: ends with %d %s", self.conversation_id, goodbye.code, goodbye.reason)
        self._goodbye = (goodbye.code, goodbye.reason)
        self._outbox.drop_audio()
        self._outbox.close()
        self._ending.set()
