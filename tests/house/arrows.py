"""Who may know whom, as data, and what in a folder of source does not keep to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tests.house.source import Module, modules

SHARED = ("askaloud.errors", "askaloud.settings", "askaloud.settings.*", "askaloud.tool")
WORDS = ("askaloud.conversation.events", "askaloud.conversation.events.*")


@dataclass(frozen=True)
class Room:
    """Modules whose names fit `names`; what of ours they may know besides themselves, and what else they must never import."""

    names: tuple[str, ...]
    knows: tuple[str, ...] = ()
    shuns: tuple[str, ...] = ()


WAITING = ("asyncio", "time", "threading", "socket", "quart", "websockets", "uvicorn", "aiohttp", "openai", "azure")
"""What waits or knows a clock: not for those who decide."""
CLIENTS = ("azure.search", "websockets", "openai")
"""The ways out of the house, each for one room."""

ROOMS: tuple[Room, ...] = (
    Room(("askaloud", "askaloud.errors", "askaloud.tool"), shuns=WAITING),
    Room(("askaloud.settings", "askaloud.settings.*"), ("askaloud.errors",), WAITING),
    Room(("askaloud.identity",), ("askaloud.errors",), shuns=("quart", *CLIENTS)),
    Room(("askaloud.further_tools",), SHARED, ("quart", *CLIENTS)),
    Room(WORDS, ("askaloud.errors", "askaloud.tool"), WAITING),
    Room(
        (
            "askaloud.conversation.relay",
            "askaloud.conversation.lobby",
            "askaloud.conversation.visit",
            "askaloud.conversation.errand",
            "askaloud.conversation.inbox",
            "askaloud.conversation.outbox",
        ),
        ("askaloud.errors", "askaloud.tool", "askaloud.conversation.*"),
        ("quart", *CLIENTS),
    ),
    Room(("askaloud.conversation.browser",), ("askaloud.errors",), CLIENTS),
    Room(
        ("askaloud.conversation.upstream", "askaloud.conversation.entra"),
        (
            "askaloud.errors",
            "askaloud.settings",
            "askaloud.identity",
            "askaloud.conversation.dialect",
            "askaloud.conversation.refusal",
            "askaloud.conversation.patience",
            "askaloud.wire.*",
        ),
        ("quart", "azure.search"),
    ),
    Room(("askaloud.conversation.moderation",), ("askaloud.errors", "askaloud.conversation.policy"), ("quart", *CLIENTS)),
    Room(  # all others of that room decide: session, and what it is made of
        ("askaloud.conversation", "askaloud.conversation.*"),
        ("askaloud.errors", "askaloud.tool", *WORDS),
        WAITING,
    ),
    Room(("askaloud.knowledge", "askaloud.knowledge.*"), (*SHARED, "askaloud.identity"), ("quart", "websockets")),
    Room(("askaloud.indexing", "askaloud.indexing.*"), (*SHARED, "askaloud.knowledge", "askaloud.knowledge.*"), ("quart", *CLIENTS)),
    Room(("askaloud.access", "askaloud.access.*"), SHARED, ("quart", *CLIENTS)),
    Room(("askaloud.stand_in", "askaloud.stand_in.*"), ("askaloud.errors",), ("quart", *CLIENTS)),
    Room(("askaloud.doors",), ("askaloud.errors", "askaloud.settings", "askaloud.stand_in.*"), ("quart", *CLIENTS)),
    Room(("askaloud.wire", "askaloud.wire.*"), shuns=("quart", "azure", "openai")),
    Room(("askaloud.serving",), ("askaloud.errors", "askaloud.wire.*"), ("quart", *CLIENTS)),
    Room(("askaloud.wording",), shuns=("quart", *CLIENTS)),
    Room(
        ("askaloud.site", "askaloud.readiness"),
        (*SHARED, "askaloud.access.*", "askaloud.knowledge.*", "askaloud.readiness", "askaloud.wording"),
        CLIENTS,
    ),
    Room(
        ("askaloud.configured",),
        (*SHARED, *(f"askaloud.conversation.{name}" for name in ("moderation", "patience", "policy", "upstream"))),
        ("quart", *CLIENTS),
    ),
    Room(("askaloud.app",), ("askaloud", "askaloud.*"), CLIENTS),
    Room(("askaloud.__main__",), (*SHARED, "askaloud.app", "askaloud.doors", "askaloud.serving"), ("quart", *CLIENTS)),
    Room(("local_azure.realtime", "local_azure.realtime.*")),
    Room(("local_azure.search", "local_azure.search.*")),
    Room(("local_azure.speech", "local_azure.speech.*"), ("local_azure.realtime.parts",)),
    Room(("local_azure.mind", "local_azure.mind.*"), ("local_azure.realtime.parts",), WAITING[1:]),
    Room(
        ("local_azure.scripted", "local_azure.scripted.*"),
        ("local_azure.realtime.parts", "local_azure.realtime.sentences"),
        WAITING[1:],
    ),
    Room(("local_azure.chat", "local_azure.chat.*"), ("local_azure.realtime.parts", "local_azure.realtime.sentences")),
    Room(("local_azure", "local_azure.addresses", "local_azure.guard", "local_azure.lessons", "local_azure.run_file")),
    Room(
        ("local_azure.thinking",),
        ("local_azure.addresses", "local_azure.realtime.parts", "local_azure.mind", "local_azure.chat.*", "local_azure.scripted.*"),
    ),
    Room(("local_azure.embeddings", "local_azure.embeddings.*"), ("local_azure.addresses",)),
    Room(("local_azure.app",), ("local_azure.*",)),
    Room(
        ("local_azure.__main__",),
        (
            "local_azure.app",
            "local_azure.embeddings.*",
            "local_azure.run_file",
            "local_azure.thinking",
            "local_azure.realtime.lifetime",
            "local_azure.search.store",
        ),
    ),
)
"""The first room whose names fit is a module's room. Every module has one, so a new room needs a row here."""


def breaches(folder: Path, rooms: Sequence[Room] = ROOMS) -> list[str]:
    """Every arrow under `folder` that no room allows, as "from -> to"; and every module without a room."""
    known = modules(folder)
    return sorted(line for module in known.values() for line in _breaches_of(module, known, rooms))


def circles(folder: Path) -> list[str]:
    """Modules that reach themselves through what they import when they are loaded."""
    known = modules(folder)
    arrows = {name: module.imports(at_run_time=True) & known.keys() - {name} for name, module in known.items()}
    return sorted(name for name in known if name in _reached_from(name, arrows))


def _breaches_of(module: Module, known: Mapping[str, Module], rooms: Sequence[Room]) -> Iterator[str]:
    room = next((room for room in rooms if _fits(module.name, room.names)), None)
    if room is None:
        yield f"{module.name} is in no room"
        return
    imports = module.imports()
    for name in sorted(imports):
        if name in known:
            siblings = _fits(name, room.names) and not _is_earlier(name, room, rooms)
            # Importing a package's name runs its `__init__`, which knows nothing: only what is named in it counts.
            is_parent = any(other.startswith(f"{name}.") and other in known for other in imports)
            if not (siblings or is_parent or _fits(name, room.knows)):
                yield f"{module.name} -> {name}"
        elif any(name == shunned or name.startswith(f"{shunned}.") for shunned in room.shuns):
            yield f"{module.name} -> {name}"


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _is_earlier(name: str, room: Room, rooms: Sequence[Room]) -> bool:
    """Whether a name that fits this room's pattern belongs to a room further up."""
    return next(each for each in rooms if _fits(name, each.names)) is not room


def _reached_from(name: str, arrows: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    ahead = [*arrows[name]]
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead += arrows[here]
    return reached
