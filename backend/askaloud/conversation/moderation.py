"""Where a moderation step stands: an async function of the organisation's own that says of a person's words whether they may be answered.

Finds it by its name and asks it, within a time that it cannot exceed. Knows words and nothing of the conversation they belong to; what
follows from a verdict is decided in `turns.py`.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
from typing import cast

from ..errors import SettingsError
from .policy import Moderator

SETTING = "ASKALOUD_MODERATOR"


def load(name: str) -> Moderator:
    """The function that `package.module:function` names. Raises `SettingsError` with a sentence for the admin."""
    where, _, called = name.partition(":")
    try:
        found = getattr(importlib.import_module(where), called)
    except AttributeError:
        raise _wrong(f"names no {called} in the module {where}") from None
    except Exception as broken:  # whatever a module of theirs does when it is loaded
        raise _wrong(f"names the module {where}, which cannot be loaded here ({type(broken).__name__})") from broken
    called_like_one = None if inspect.isclass(found) else getattr(found, "__call__", None)  # noqa: B004 - not whether, but of which kind
    if not inspect.iscoroutinefunction(found) and not inspect.iscoroutinefunction(called_like_one):
        raise _wrong("must name an async function")
    return cast("Moderator", found)


async def verdict(moderator: Moderator, words: str, limit_s: float) -> tuple[bool | str | None, str]:
    """What it says of these words: True lets them through, False does not, a string does not and says why.

    None where it could not say, with the reason for the log, in our words. It is not waited for longer than `limit_s`, whatever it does
    about being cancelled.
    """
    asked = asyncio.ensure_future(_asked(moderator, words))
    asked.add_done_callback(_looked_at)
    try:
        await asyncio.wait({asked}, timeout=limit_s)
    finally:
        asked.cancel()
    if not asked.done():
        return None, f"did not answer within {limit_s:g} s"
    if asked.cancelled() or (broken := asked.exception()) is not None:
        return None, "was cancelled" if asked.cancelled() else f"raised {type(broken).__name__}"
    said = asked.result()
    return (said, "") if isinstance(said, bool | str) else (None, f"gave {type(said).__name__} instead of a verdict")


async def _asked(moderator: Moderator, words: str) -> bool | str:
    """A task of its own, in which also a call fails that was never possible."""
    return await moderator(words)


def _looked_at(asked: asyncio.Future[bool | str]) -> None:
    """Whether or not anybody still waits for it: what it raised may hold words, and must not be reported as never looked at."""
    if not asked.cancelled():
        asked.exception()


def _wrong(what: str) -> SettingsError:
    return SettingsError([f"{SETTING} {what}."])
