from __future__ import annotations

import asyncio

import pytest

from local_azure.realtime.inbox import MESSAGE_MAX_BYTES, WAITING_MAX_BYTES, FloodError, Inbox, MessageTooLargeError


async def test_frames_are_handed_out_in_order_and_waited_for() -> None:
    inbox = Inbox()
    waiting = asyncio.create_task(inbox.next())
    await asyncio.sleep(0)
    inbox.put("first")
    inbox.put(b"second")
    assert (await waiting, await inbox.next()) == ("first", b"second")


def test_one_message_may_not_be_larger_than_the_service_allows() -> None:
    with pytest.raises(MessageTooLargeError):
        Inbox().put("x" * (MESSAGE_MAX_BYTES + 1))


async def test_what_waits_is_bounded_and_what_was_handed_out_does_not_count() -> None:
    inbox = Inbox()
    frame = "x" * (WAITING_MAX_BYTES // 4)
    for _ in range(4):
        inbox.put(frame)
    with pytest.raises(FloodError):
        inbox.put("x")
    for _ in range(4):
        await inbox.next()
    inbox.put(frame)
