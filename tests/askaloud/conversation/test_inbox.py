"""What waits for the model: the gate, the bounds, and sound that is joined without a bit of it changed."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askaloud.conversation.actions import Configure, Sound, ToModel
from askaloud.conversation.inbox import ACTIONS_MAX, BYTES_MAX, JOINED_MAX_BYTES, Inbox
from askaloud.conversation.unheard import joined


def sound(pcm: bytes) -> Sound:
    return Sound(base64.b64encode(pcm).decode(), len(pcm))


def pcm(size: int, seed: int) -> bytes:
    return bytes((seed * 31 + at) % 251 for at in range(size))


async def everything(inbox: Inbox) -> list[dict[str, str]]:
    """All that may go now."""
    events = []
    while not inbox.empty:
        events.append(json.loads(await inbox.take()))
    return events


@pytest.mark.parametrize("size", [960, 1_024, 4_096])
async def test_frames_that_waited_go_up_as_a_few_events_with_the_same_sound(size: int) -> None:
    inbox = Inbox()
    frames = [pcm(size, seed) for seed in range(100)]
    for frame in frames:
        assert inbox.put(sound(frame))
    inbox.open()
    events = await everything(inbox)
    parts = [base64.b64decode(event["audio"], validate=True) for event in events]
    assert b"".join(parts) == b"".join(frames)
    assert all(len(part) <= JOINED_MAX_BYTES for part in parts)
    assert len(events) <= 1 + len(frames) * size // (JOINED_MAX_BYTES - size)


@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=20))
def test_joined_texts_hold_the_same_bytes_whatever_their_lengths(parts: list[bytes]) -> None:
    text = joined([sound(part) for part in parts])
    assert base64.b64decode(text, validate=True) == b"".join(parts)


async def test_events_keep_their_place_between_sound() -> None:
    inbox = Inbox()
    for action in (sound(b"aaaa"), sound(b"bbbb"), ToModel(b'{"type":"commit"}'), sound(b"cccc")):
        inbox.put(action)
    inbox.open()
    assert [event.get("audio", event["type"]) for event in await everything(inbox)] == [
        base64.b64encode(b"aaaabbbb").decode(),
        "commit",
        base64.b64encode(b"cccc").decode(),
    ]


async def test_a_single_frame_goes_up_as_it_came() -> None:
    inbox = Inbox()
    inbox.put(sound(b"abcd"))
    inbox.open()
    assert await everything(inbox) == [{"type": "input_audio_buffer.append", "audio": base64.b64encode(b"abcd").decode()}]


async def test_nothing_passes_the_gate_but_the_configuration() -> None:
    inbox = Inbox()
    inbox.put(ToModel(b'{"type":"said first"}'))
    inbox.configure(Configure(b'{"type":"session.update"}'))
    assert json.loads(await inbox.take())["type"] == "session.update"
    waiting = asyncio.ensure_future(inbox.take())
    await asyncio.sleep(0)
    assert not waiting.done()
    assert not inbox.empty
    inbox.open()
    assert json.loads(await waiting)["type"] == "said first"
    assert inbox.empty


async def test_a_second_configuration_overtakes_what_waits_too() -> None:
    inbox = Inbox()
    inbox.put(ToModel(b'{"type":"said"}'))
    inbox.open()
    inbox.configure(Configure(b'{"type":"session.update"}'))
    assert [event["type"] for event in await everything(inbox)] == ["session.update", "said"]


def test_the_number_of_what_waits_is_bounded() -> None:
    inbox = Inbox()
    assert all(inbox.put(ToModel(b"{}")) for _ in range(ACTIONS_MAX))
    assert not inbox.put(ToModel(b"{}"))


async def test_the_size_of_what_waits_is_bounded_and_what_went_makes_room() -> None:
    inbox = Inbox()
    assert inbox.put(ToModel(b"x" * (BYTES_MAX - 10)))
    assert not inbox.put(ToModel(b"x" * 11))
    inbox.open()
    await inbox.take()
    assert inbox.put(ToModel(b"x" * 11))


async def test_joined_sound_makes_room_too() -> None:
    inbox = Inbox()
    half = Sound("A" * (BYTES_MAX // 2), 8)
    assert inbox.put(half)
    assert inbox.put(half)
    assert not inbox.put(sound(b"abcd"))
    inbox.open()
    await inbox.take()
    assert inbox.put(half)
