"""The quick framing agrees with the library's, whatever comes and however it is cut."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side, State

from askaloud.wire.framing import QUICK_MAX_BYTES, Splitter, text_frame

payloads = st.binary(max_size=300) | st.integers(0, 70_000).map(bytes)
plain = st.builds(lambda data: Frame(Opcode.TEXT, data), payloads)
odd = st.one_of(
    st.builds(lambda data: Frame(Opcode.BINARY, data), payloads),
    st.builds(lambda data: Frame(Opcode.PING, data[:125]), payloads),
    st.builds(lambda data: Frame(Opcode.PONG, data[:125]), payloads),
)


@st.composite
def fragmented(draw: st.DrawFn) -> list[Frame]:
    """A message in pieces, control frames between them."""
    pieces = draw(st.lists(payloads, min_size=2, max_size=4))
    frames = [Frame(Opcode.TEXT if at == 0 else Opcode.CONT, piece, fin=at == len(pieces) - 1) for at, piece in enumerate(pieces)]
    between = draw(st.integers(0, len(frames) - 1))
    return [*frames[:between], Frame(Opcode.PING, b"still here?"), *frames[between:]]


streams = st.lists(plain.map(lambda frame: [frame]) | odd.map(lambda frame: [frame]) | fragmented(), max_size=12)


def received(side: Side, chunks: Iterable[bytes]) -> list[tuple[Opcode, bytes, bool]]:
    """What the library alone makes of a stream."""
    library = Protocol(side, state=State.OPEN, max_size=None)
    for chunk in chunks:
        library.receive_data(chunk)
    return [(frame.opcode, bytes(frame.data), frame.fin) for frame in library.events_received() if isinstance(frame, Frame)]


def split(side: Side, chunks: Iterable[bytes]) -> tuple[list[tuple[Opcode, bytes, bool]], int]:
    """What splitter and library make of it together, and how many frames never met the library."""
    library, splitter = Protocol(side, state=State.OPEN, max_size=None), Splitter(masked=side is Side.SERVER)
    frames: list[tuple[Opcode, bytes, bool]] = []
    quick = 0
    for chunk in chunks:
        for text, rest in splitter.feed(chunk):
            if text is not None:
                frames.append((Opcode.TEXT, bytes(text), True))
                quick += 1
                continue
            library.receive_data(rest)
            frames += [(frame.opcode, bytes(frame.data), frame.fin) for frame in library.events_received() if isinstance(frame, Frame)]
    return frames, quick


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[begin:end] for begin, end in pairwise(edges)]


@given(streams, st.lists(st.integers(0, 1_000_000), max_size=20), st.sampled_from([Side.CLIENT, Side.SERVER]))
def test_any_stream_cut_anywhere_gives_the_librarys_frames_in_order(messages: list[list[Frame]], places: list[int], side: Side) -> None:
    stream = b"".join(frame.serialize(mask=side is Side.SERVER) for message in messages for frame in message)
    chunks = cut(stream, places)
    assert split(side, chunks)[0] == received(side, chunks)


@given(st.binary(max_size=200), st.sampled_from([Side.CLIENT, Side.SERVER]))
def test_bytes_that_are_no_frames_fail_in_the_library_as_they_would_without_us(noise: bytes, side: Side) -> None:
    alone, library, splitter = (Protocol(side, state=State.OPEN, max_size=1000) for _ in "ab"), None, Splitter(masked=side is Side.SERVER)
    expected, library = alone
    expected.receive_data(noise)
    for text, rest in splitter.feed(noise):
        if text is None and library.parser_exc is None:
            library.receive_data(rest)
    if library.parser_exc is not None:
        assert type(expected.parser_exc) is type(library.parser_exc)


def test_whole_texts_never_meet_the_library() -> None:
    stream = b"".join(Frame(Opcode.TEXT, bytes(size)).serialize(mask=True) for size in (0, 1, 125, 126, 1_400, 65_535))
    assert split(Side.SERVER, [stream]) == ([(Opcode.TEXT, bytes(size), True) for size in (0, 1, 125, 126, 1_400, 65_535)], 6)


@given(payloads, st.booleans())
def test_the_library_reads_what_we_write(payload: bytes, masked: bool) -> None:
    frame = text_frame(payload, masked=masked)
    if frame is None:
        assert len(payload) > QUICK_MAX_BYTES
    else:
        assert received(Side.SERVER if masked else Side.CLIENT, [frame]) == [(Opcode.TEXT, payload, True)]
