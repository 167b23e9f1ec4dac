from __future__ import annotations

from collections.abc import AsyncIterator

from hypothesis import given
from hypothesis import strategies as st

from local_azure.realtime.parts import BYTES_PER_MS
from local_azure.realtime.speaking import DELTA_MS, FIRST_DELTA_MS, Words, in_deltas


async def _made(sizes: list[int]) -> AsyncIterator[bytes]:
    for size in sizes:
        yield bytes(size)


async def test_chunks_of_any_size_become_deltas_of_one_size_and_nothing_is_lost() -> None:
    deltas = [delta async for delta in in_deltas(_made([10, 40_000, 2, 0, 5_000]))]
    sizes = [len(delta) for delta in deltas]
    assert sum(sizes) == 45_012
    assert sizes[0] == FIRST_DELTA_MS * BYTES_PER_MS
    assert set(sizes[1:-1]) == {DELTA_MS * BYTES_PER_MS}


@given(st.text(), st.lists(st.integers(0, 3_000)))
def test_words_come_once_each_in_order_however_long_the_audio_is(sentence: str, times: list[int]) -> None:
    words = Words(sentence, first=True)
    given_words: list[str] = []
    for ms in times:
        words.spoken_ms += ms
        given_words += words.due()
    given_words += words.rest()
    assert "".join(given_words).split() == sentence.split()


def test_new_lines_between_words_stay_and_other_spaces_become_one() -> None:
    assert "".join(Words("  A list: \n- one\n\n\n- two \t three ", first=True).rest()) == "A list:\n- one\n\n- two three"
    assert "".join(Words("\n- four", first=False).rest()) == "\n- four"
    assert "".join(Words("Five.", first=False).rest()) == " Five."
