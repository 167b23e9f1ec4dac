"""Asks a chat server what to do next, and tells what it answers as thoughts: text by the sentence, calls once they are whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any, Self

from openai import AsyncOpenAI, AsyncStream, Timeout

from ..realtime.parts import Moment, Thought
from .answer import Answer
from .failures import CUT_OFF, GARBLED, TOO_LONG, failure_of
from .messages import messages_of, tool_choice_of, tools_of
from .server import ChatServer

CONNECT_S = 5.0
"""A server on this machine or in this house answers at once or not at all."""
SILENCE_S = 120.0
"""Between two signs of life. The first may have to wait until a model of some gigabytes is loaded."""
ANSWER_MAX_S = 300.0
"""One answer, from the question to its end; nobody listens to more."""

_log = logging.getLogger(__name__)
logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client's own transport would log the address of every request


class ChatMind:
    """A `Mind`; a block around it opens and closes its connections. Several conversations may think at once."""

    def __init__(self, server: ChatServer, *, silence_s: float = SILENCE_S, answer_max_s: float = ANSWER_MAX_S) -> None:
        self._model = server.model
        self._silence_s, self._answer_max_s = silence_s, answer_max_s
        self._client = AsyncOpenAI(
            base_url=server.url,
            api_key=server.key or "none",
            timeout=Timeout(silence_s, connect=CONNECT_S),
            max_retries=0,  # a person waits: told at once, they ask again
        )
        self._client.organization = self._client.project = None  # OpenAI's own settings are nobody else's business

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def think(self, moment: Moment) -> AsyncIterator[Thought]:
        """What the model says and calls in this one response, in order. Closing the iterator closes the connection."""
        answer = Answer()
        try:
            async with await self._ask(moment) as stream:
                async for chunk in self._in_time(stream):
                    thoughts = answer.take(chunk)
                    if answer.is_too_long:
                        yield TOO_LONG
                        return
                    for thought in thoughts:
                        yield thought
        except Exception as wrong:  # whatever another program's answer leads to, it is that program's failure
            failure = failure_of(wrong, began=answer.began)
            _log.warning("the chat server failed: %s (%s)", failure.code, type(wrong).__name__)
            yield failure
            return
        for thought in answer.end():
            yield thought
        if not answer.ended:
            yield CUT_OFF if answer.began else GARBLED

    async def _in_time(self, stream: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The stream's chunks. Raises `TimeoutError` where the next, or the end of all, takes too long."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._answer_max_s
        while True:
            async with asyncio.timeout_at(min(deadline, clock() + self._silence_s)):
                try:
                    chunk = await anext(stream)
                except StopAsyncIteration:
                    return
            yield chunk

    async def _ask(self, moment: Moment) -> AsyncStream[Any]:
        request: dict[str, Any] = {"model": self._model, "messages": messages_of(moment), "stream": True}
        if moment.tools and moment.tool_choice != "none":
            request |= {"tools": tools_of(moment.tools), "tool_choice": tool_choice_of(moment.tool_choice)}
        stream: AsyncStream[Any] = await self._client.chat.completions.create(**request)
        return stream
