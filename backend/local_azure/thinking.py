"""Which mind thinks: a script's, where there is one, else a chat server's, else the stand-in's own. Decided once, at the start.

Knows the settings by name and nothing of what a mind does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from .addresses import what_is_wrong
from .chat.server import ChatServer
from .mind import QuotingMind
from .realtime.parts import Mind
from .scripted.mind import ScriptedMind
from .scripted.script import Script, ScriptError, load

SCRIPT = "LOCAL_AZURE_SCRIPT"
CHAT_URL = "LOCAL_AZURE_CHAT_URL"
CHAT_MODEL = "LOCAL_AZURE_CHAT_MODEL"
CHAT_KEY = "LOCAL_AZURE_CHAT_KEY"


class UnclearError(Exception):
    """What the settings say cannot be done; the message has a line for each mistake."""


def chosen(environment: Mapping[str, str], script: Path | None) -> Script | ChatServer | None:
    """What shall think, None being the stand-in itself. `script` is the one named as an argument. Raises `UnclearError`."""
    path = script or (Path(environment[SCRIPT]) if environment.get(SCRIPT) else None)
    if path is not None:
        try:
            return load(path)
        except ScriptError as wrong:
            raise UnclearError(str(wrong)) from None
    url, model = environment.get(CHAT_URL, ""), environment.get(CHAT_MODEL, "")
    if not url and not model:
        return None
    if not url or not model:
        raise UnclearError(f"{CHAT_URL} and {CHAT_MODEL} belong together: give both or none.")
    if (unfit := what_is_wrong(CHAT_URL, url)) is not None:
        raise UnclearError(unfit)
    return ChatServer(url, model, environment.get(CHAT_KEY, ""))


@asynccontextmanager
async def open_mind(choice: Script | ChatServer | None) -> AsyncIterator[Mind]:
    """The mind for as long as the block lasts."""
    if isinstance(choice, Script):
        yield ScriptedMind(choice)
    elif isinstance(choice, ChatServer):
        from .chat.mind import ChatMind  # only now: its client takes longer to load than all the rest

        async with ChatMind(choice) as mind:
            yield mind
    else:
        yield QuotingMind()
