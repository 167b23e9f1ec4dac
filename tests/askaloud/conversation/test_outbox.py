"""What waits for a browser: bounded in sound and in number, with a way to overtake and a way to forget."""

from __future__ import annotations

import asyncio

from askaloud.conversation.actions import ToBrowser
from askaloud.conversation.outbox import AUDIO_MAX_MS, EVENTS_MAX, Outbox


def word(name: str, *, audio_ms: float = 0.0, urgent: bool = False) -> ToBrowser:
    return ToBrowser(name.encode(), audio_ms=audio_ms, urgent=urgent)


async def everything(outbox: Outbox) -> list[str]:
    """All that waits, taken."""
    outbox.close()
    words = []
    while (action := await outbox.take()) is not None:
        words.append(action.payload.decode())
    return words


async def test_what_waits_goes_out_in_its_order_and_the_urgent_first() -> None:
    outbox = Outbox()
    for each in (word("a"), word("b", audio_ms=20), word("speech_started", urgent=True), word("c")):
        assert outbox.put(each)
    assert await everything(outbox) == ["speech_started", "a", "b", "c"]


async def test_what_is_urgent_keeps_its_order() -> None:
    outbox = Outbox()
    for each in (word("a"), word("started", urgent=True), word("stopped", urgent=True), word("started again", urgent=True)):
        outbox.put(each)
    assert await everything(outbox) == ["started", "stopped", "started again", "a"]


async def test_sound_is_bounded_to_a_minute() -> None:
    outbox = Outbox()
    assert outbox.put(word("a minute", audio_ms=AUDIO_MAX_MS))
    assert not outbox.put(word("and more", audio_ms=1))
    assert outbox.put(word("words are no sound"))
    await outbox.take()
    assert outbox.put(word("and more", audio_ms=1))


def test_the_number_of_events_is_bounded() -> None:
    outbox = Outbox()
    assert all(outbox.put(word("w")) for _ in range(EVENTS_MAX))
    assert not outbox.put(word("one more"))


async def test_dropped_sound_leaves_the_words_and_makes_room() -> None:
    outbox = Outbox()
    for each in (word("a"), word("sound", audio_ms=AUDIO_MAX_MS), word("b")):
        outbox.put(each)
    outbox.drop_audio()
    assert outbox.put(word("new sound", audio_ms=AUDIO_MAX_MS))
    assert await everything(outbox) == ["a", "b", "new sound"]


async def test_last_words_go_out_after_what_waits_however_full_it_is() -> None:
    outbox = Outbox()
    for number in range(EVENTS_MAX):
        outbox.put(word(str(number)))
    outbox.last_words([word("too slow")])
    words = await everything(outbox)
    assert words[-1] == "too slow"
    assert len(words) == EVENTS_MAX


async def test_nothing_may_overtake_what_was_taken_and_not_yet_sent() -> None:
    outbox = Outbox()
    assert outbox.empty
    outbox.put(word("a"))
    assert not outbox.empty
    await outbox.take()
    assert len(outbox) == 0
    assert not outbox.empty, "it is in the writer's hand"
    following = asyncio.ensure_future(outbox.take())
    await asyncio.sleep(0)
    assert outbox.empty
    outbox.close()
    assert await following is None


async def test_taking_waits_until_there_is_something() -> None:
    outbox = Outbox()
    taking = asyncio.ensure_future(outbox.take())
    await asyncio.sleep(0)
    assert not taking.done()
    outbox.put(word("a"))
    action = await taking
    assert action is not None
    assert action.payload == b"a"
