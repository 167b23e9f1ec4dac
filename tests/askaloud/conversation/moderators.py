"""Moderators for tests, well behaved and otherwise. Each is found by its name, as those of an organisation are."""

from __future__ import annotations

import asyncio
from typing import Any

SECRET = "salary"


async def quick(words: str) -> bool | str:
    """Lets through all but questions about salaries, and says why not where it is asked politely."""
    if SECRET not in words.lower():
        return True
    return "Ask the payroll office." if "please" in words.lower() else False


async def no_hotels(words: str) -> bool | str:
    """For whole programs, whose ears know the words of the sample documents."""
    return "Hotels are not talked about here." if "hotel" in words.lower() else True


async def raises(words: str) -> bool:
    raise RuntimeError(words)


async def silent(words: str) -> bool:
    await asyncio.Event().wait()
    return True


async def stubborn(words: str) -> bool:
    """Does not let itself be cancelled, once."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        raise RuntimeError("not like this") from None
    return True


async def cancels_itself(words: str) -> bool:
    raise asyncio.CancelledError


async def vague(words: str) -> Any:
    return None


async def of_two(words: str, more: str) -> bool:
    return True


class Judge:
    """An object that is asked like a function."""

    async def __call__(self, words: str) -> bool:
        return True


judge = Judge()


def not_async(words: str) -> bool:
    return True
