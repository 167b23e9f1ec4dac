from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.askaloud.conversation import moderators

from askaloud.conversation import moderation
from askaloud.errors import SettingsError

HERE = "tests.askaloud.conversation.moderators"
LIMIT_S = 0.05


@pytest.mark.parametrize("name", ["quick", "judge"])
def test_an_async_function_is_found_by_its_name(name: str) -> None:
    assert moderation.load(f"{HERE}:{name}") is getattr(moderators, name)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere_at_all:judge", "ASKALOUD_MODERATOR names the module nowhere_at_all, which cannot be loaded here (ModuleNotFoundError)."),
        (f"{HERE}:nobody", f"ASKALOUD_MODERATOR names no nobody in the module {HERE}."),
        (f"{HERE}:not_async", "ASKALOUD_MODERATOR must name an async function."),
        (f"{HERE}:SECRET", "ASKALOUD_MODERATOR must name an async function."),
        (f"{HERE}:Judge", "ASKALOUD_MODERATOR must name an async function."),
    ],
)
def test_what_cannot_be_asked_is_refused_at_the_start_with_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        moderation.load(name)
    assert wrong.value.problems == [sentence]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [("How many days?", True), ("What is the salary of Ada?", False), ("The salary of Ada, please.", "Ask the payroll office.")],
)
async def test_its_verdict_is_given_as_it_is(words: str, verdict: bool | str) -> None:
    assert await moderation.verdict(moderators.quick, words, LIMIT_S) == (verdict, "")


@pytest.mark.parametrize(
    ("moderator", "why"),
    [
        (moderators.raises, "raised RuntimeError"),
        (moderators.silent, "did not answer within 0.05 s"),
        (moderators.stubborn, "did not answer within 0.05 s"),
        (moderators.cancels_itself, "was cancelled"),
        (moderators.vague, "gave NoneType instead of a verdict"),
        (moderators.of_two, "raised TypeError"),
    ],
)
async def test_one_that_cannot_say_has_not_let_it_through_and_the_log_gets_none_of_the_words(moderator: Any, why: str) -> None:
    assert await moderation.verdict(moderator, "the secret words", LIMIT_S) == (None, why)


async def test_who_stops_waiting_for_a_verdict_stops_the_moderator() -> None:
    ended = asyncio.Event()

    async def moderator(words: str) -> bool:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return True

    asking = asyncio.create_task(moderation.verdict(moderator, "words", 60.0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    async with asyncio.timeout(5):
        await ended.wait()
