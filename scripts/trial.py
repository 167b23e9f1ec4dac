"""A trial session with the configured model: the one that every conversation begins with, and a second of silence to be written down.

Says what the model did not take and which setting says so. It prints nothing, asks for no answer, and knows no search.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from askaloud.conversation import refusal, upstream
from askaloud.conversation.agreement import OPTIONAL, Agreement
from askaloud.conversation.events import server
from askaloud.conversation.notices import MODEL_REFUSED_SESSION
from askaloud.conversation.patience import Patience
from askaloud.settings import RealtimeDoor

SILENCE = bytes(48_000)
"""One second of 16-bit PCM at 24 kHz: the service takes no less than a tenth of one."""
WRITTEN_TIMES = 2
"""So many times as long as for the session may its transcript take: a deployment that nobody has used for a while is slow at first."""
WAITING_MAX = 1_000
"""Events of the model that are kept until they are looked at; a trial causes a dozen."""


class TrialError(Exception):
    """A sentence that says what the model did not do, and which setting to look at."""


@dataclass(frozen=True, slots=True)
class _HungUp:
    code: int | None
    reason: str


class Trial:
    """An open session. Made by `trial`."""

    def __init__(self, door: RealtimeDoor, agreement: Agreement, patience: Patience) -> None:
        self._door = door
        self._agreement = agreement
        self._patience = patience
        self._model: upstream.Model
        self._heard: asyncio.Queue[Any] = asyncio.Queue(WAITING_MAX)

    def hear(self, frame: bytes) -> None:
        """One event of the model; never raises."""
        if not self._heard.full():
            self._heard.put_nowait(server.decode(frame))

    async def agree(self) -> list[str]:
        """Tell the model the whole session, as a conversation does; gives the settings that it does not take. Raises `TrialError`."""
        refused: list[str] = []
        while len(refused) <= len(OPTIONAL):
            await self._model.send(self._agreement.first_update(f"trial_{len(refused)}"))
            answer = await self._next(self._patience.setup_s, server.SessionUpdated, server.ErrorEvent)
            if isinstance(answer, server.SessionUpdated):
                self._agreement.updated()
                return refused
            error = answer.error
            fatal = refusal.by_error(self._door.kind, error.code, error.param)
            setting = None if fatal else self._agreement.first_refused(error.param)
            if setting is None:
                raise TrialError(f"{(fatal or MODEL_REFUSED_SESSION).message}{refusal.detail(error.code, error.param)}")
            refused.append(setting)
        raise TrialError(MODEL_REFUSED_SESSION.message)

    async def write_down(self) -> None:
        """Have a second of silence written down. Raises `TrialError` where nothing comes of it."""
        await self._say("session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
        await self._next(self._patience.setup_s, server.SessionUpdated, server.ErrorEvent)
        await self._say("input_audio_buffer.append", audio=base64.b64encode(SILENCE).decode())
        await self._say("input_audio_buffer.commit")
        within_s = WRITTEN_TIMES * self._patience.setup_s
        try:
            answer = await self._next(within_s, server.TranscriptionCompleted, server.TranscriptionFailed, server.ErrorEvent)
        except TimeoutError:
            raise TrialError(f"Nothing was written down within {within_s:.0f} seconds.") from None
        if isinstance(answer, server.TranscriptionCompleted):
            return
        raise TrialError(f"Sound could not be written down{refusal.detail(answer.error.code or answer.error.type)}.")

    async def _say(self, kind: str, **fields: Any) -> None:
        await self._model.send(json.dumps({"type": kind, "event_id": f"trial_{kind}", **fields}).encode())

    async def _next(self, within_s: float, *kinds: type) -> Any:
        try:
            async with asyncio.timeout(within_s):
                while True:
                    event = await self._heard.get()
                    if isinstance(event, _HungUp):
                        raise TrialError(refusal.by_close(self._door.kind, event.code, event.reason).message)
                    if isinstance(event, kinds):
                        return event
        except TimeoutError:
            if server.SessionUpdated not in kinds:
                raise
            raise TrialError(refusal.too_late(self._door.kind).message) from None

    async def _watch(self) -> None:
        code, reason = await self._model.closed()
        await self._heard.put(_HungUp(code, reason))


@asynccontextmanager
async def trial(door: RealtimeDoor, agreement: Agreement, patience: Patience, token: upstream.Token | None) -> AsyncIterator[Trial]:
    """Reach the model for as long as the block lasts. Raises `UpstreamError` where it cannot be reached."""
    session = Trial(door, agreement, patience)
    session._model = await upstream.reach(door, token, patience, session.hear)
    watching = asyncio.create_task(session._watch())
    try:
        yield session
    finally:
        watching.cancel()
        await session._model.close()
