from __future__ import annotations

import pytest
from tests.local_azure.realtime.doubles import ScriptedMind, talking

from local_azure.realtime.items import Item, Part
from local_azure.realtime.parts import Said, Say
from local_azure.realtime.window import INPUT_MAX_TOKENS, Window
from local_azure.realtime.wire import Refused


def items(*tokens: int) -> list[Item]:
    return [Item(f"i{number}", "message", content=[Part("input_text", "word" * count)]) for number, count in enumerate(tokens)]


def ids(kept: list[Item]) -> list[str]:
    return [item.id for item in kept]


def test_what_fits_stays_whole() -> None:
    assert ids(Window(limit=30).fit(items(10, 10, 10))) == ["i0", "i1", "i2"]


def test_the_oldest_goes_where_it_does_not_fit() -> None:
    assert ids(Window(limit=29).fit(items(10, 10, 10))) == ["i1", "i2"]


def test_a_ratio_leaves_room_for_the_next_turns() -> None:
    window = Window.of({"type": "retention_ratio", "retention_ratio": 0.5, "token_limits": {"post_instructions": 29}})
    assert ids(window.fit(items(10, 10, 10))) == ["i2"]
    assert ids(window.fit(items(10, 10))) == ["i0", "i1"]


def test_the_newest_stays_however_long_it_is() -> None:
    assert ids(Window(limit=5).fit(items(10, 10))) == ["i1"]


def test_where_nothing_may_be_left_out_too_much_is_refused() -> None:
    window = Window.of("disabled")
    window.check(items(INPUT_MAX_TOKENS))
    with pytest.raises(Refused) as refused:
        window.check(items(INPUT_MAX_TOKENS, 1))
    assert refused.value.code == "context_length_exceeded"


async def test_a_mind_hears_what_the_session_lets_through() -> None:
    mind = ScriptedMind([Say("Yes.")])
    limits = {"type": "retention_ratio", "retention_ratio": 1.0, "token_limits": {"post_instructions": 4}}
    async with talking(mind) as talk:
        await talk.update(truncation=limits, output_modalities=["text"])
        for words in ("a" * 12, "b" * 12, "c" * 4):
            await talk.say(words)
        await talk.respond()
    assert mind.moments[0].items == (Said("user", "b" * 12), Said("user", "c" * 4))
