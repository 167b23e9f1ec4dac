from __future__ import annotations

import asyncio
import json

import pytest

from local_azure.realtime.outbox import ROOM_EVENTS, ClientStalled, Outbox


async def test_events_leave_in_the_order_in_which_they_were_put() -> None:
    outbox = Outbox()
    for number in range(3):
        outbox.put({"number": number})
    left = []
    for _ in range(3):
        left.append(json.loads(await outbox.next())["number"])
        outbox.sent()
    assert left == [0, 1, 2]


async def test_whoever_asks_for_room_waits_until_the_client_has_read() -> None:
    outbox = Outbox()
    for _ in range(ROOM_EVENTS + 1):
        outbox.put({})
    waiting = asyncio.create_task(outbox.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    await outbox.next()
    outbox.sent()
    await waiting


async def test_a_client_that_never_reads_is_given_up() -> None:
    outbox = Outbox(stalled_s=0.01)
    for _ in range(ROOM_EVENTS + 1):
        outbox.put({})
    with pytest.raises(ClientStalled):
        await outbox.room()
