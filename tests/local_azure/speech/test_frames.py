"""Frames through a real pipe, in and out at both kinds of end."""

from __future__ import annotations

import asyncio
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.speech import frames
from local_azure.speech.frames import BrokenFrame, Frame


def stream_of(data: bytes) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return stream


@given(head=st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=20)), body=st.binary(max_size=2000))
def test_a_frame_comes_out_as_it_went_in(head: dict[str, object], body: bytes) -> None:
    sent = Frame(head, body)
    pipe = io.BytesIO(frames.encode(sent) + frames.encode(Frame({"next": 1})))
    assert frames.read_blocking(pipe) == sent
    assert frames.read_blocking(pipe) == Frame({"next": 1})
    assert frames.read_blocking(pipe) is None


async def test_the_event_loops_end_reads_the_same() -> None:
    stream = stream_of(frames.encode(Frame({"a": 1}, b"body")))
    assert await frames.read(stream) == Frame({"a": 1}, b"body")
    assert await frames.read(stream) is None


async def test_a_pipe_that_closes_in_the_middle_of_a_frame_is_an_end_and_no_frame() -> None:
    whole = frames.encode(Frame({"a": 1}, b"body"))
    for length in range(len(whole)):
        assert await frames.read(stream_of(whole[:length])) is None
        assert frames.read_blocking(io.BytesIO(whole[:length])) is None


@pytest.mark.parametrize("garbage", [b"Traceback (most recent call last):\n", b"\0\0\0\x02\0\0\0\0[]", b"\0\0\0\x02\0\0\0\0{{"])
async def test_what_is_not_a_frame_is_said_to_be_none(garbage: bytes) -> None:
    with pytest.raises(BrokenFrame):
        await frames.read(stream_of(garbage))


def test_a_frame_that_is_too_large_is_not_sent() -> None:
    with pytest.raises(BrokenFrame):
        frames.encode(Frame({"a": "x" * frames.MAX_HEAD_BYTES}))
