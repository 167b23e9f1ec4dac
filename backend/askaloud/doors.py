"""Which realtime and which search address this process talks to, by the order in `settings`; the stand-in's where none is set.

It opens no connection to either and must not know what is said through them.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from .errors import DoorError
from .settings import RealtimeDoor, SearchDoor, Settings, is_loopback, resource_of
from .stand_in.record import StandIn
from .stand_in.stay import stand_in

logger = logging.getLogger(__name__)

STAND_IN = (sys.executable, "-m", "local_azure")
OPENAI_BASE_URL = "wss://api.openai.com/v1"
STAND_IN_MODEL = "gpt-realtime"
"""The stand-in answers to every name; this one reads well in a log."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The two addresses that everything of ours talks to."""

    realtime: RealtimeDoor
    search: SearchDoor


@asynccontextmanager
async def open_doors(settings: Settings, *, host: str = "127.0.0.1", command: Sequence[str] = STAND_IN) -> AsyncIterator[Doors]:
    """The doors that `settings` name; finds or starts the stand-in where one is missing, and lets go of it when the block ends.

    `host` is where visitors come in: when others than this machine can, a missing door and a missing access key are errors.
    `command` starts the stand-in. Raises `DoorError`.
    """
    check_host(settings, host)
    realtime, search = realtime_door(settings), search_door(settings)
    async with AsyncExitStack() as stack:
        if realtime is None or search is None:
            local = await stack.enter_async_context(stand_in(settings.data, command))
            realtime = realtime or _local_realtime(settings, local)
            search = search or _local_search(settings, local)
        logger.info("Realtime door: %s at %s, model %s", realtime.kind, realtime.base_url, realtime.model)
        logger.info("Search door: %s at %s, index %s", search.kind, search.endpoint, search.index)
        yield Doors(realtime, search)


def realtime_door(settings: Settings) -> RealtimeDoor | None:
    """The first of the realtime addresses that is set, or None. A stray OPENAI_API_KEY is no address."""
    preview = settings.realtime_api_version
    if settings.realtime_url:
        base_url = settings.realtime_url.removesuffix("/realtime")
        return RealtimeDoor(base_url, settings.realtime_model or "", settings.realtime_api_key, "custom", preview)
    if settings.azure_openai_endpoint:
        base_url = azure_base_url(settings.azure_openai_endpoint, preview)
        return RealtimeDoor(base_url, settings.azure_openai_realtime_deployment or "", settings.azure_openai_api_key, "azure", preview)
    if settings.openai_api_key and settings.realtime_model:
        return RealtimeDoor(OPENAI_BASE_URL, settings.realtime_model, settings.openai_api_key, "openai")
    return None


def search_door(settings: Settings) -> SearchDoor | None:
    """The search service that is set, or None."""
    if not settings.azure_search_endpoint:
        return None
    return SearchDoor(settings.azure_search_endpoint, settings.azure_search_index, settings.azure_search_api_key, "azure")


def azure_base_url(endpoint: str, preview: str | None = None) -> str:
    """The WebSocket address of a resource's Realtime API, up to the part before `/realtime`: GA's, or the preview's.

    The resource may be written as https or wss, alone or with what the portals show behind it.
    """
    scheme, colon, rest = resource_of(endpoint).partition(":")
    secure = {"https": "wss", "http": "ws"}.get(scheme, scheme)
    return f"{secure}{colon}{rest}{'/openai' if preview else '/openai/v1'}"


def check_host(settings: Settings, host: str) -> None:
    """Raise `DoorError` where others than this machine could come in to the stand-in, or without a key."""
    if is_loopback(host):
        return
    problems = []
    if realtime_door(settings) is None:
        problems.append("a realtime model (AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_REALTIME_DEPLOYMENT)")
    if search_door(settings) is None:
        problems.append("a search service (AZURE_SEARCH_ENDPOINT)")
    if not settings.access_key:
        problems.append("an access key (ASKALOUD_ACCESS_KEY)")
    if problems:
        raise DoorError(f"Others can reach --host {host}, where the stand-in is not offered. That needs {', and '.join(problems)}.")


def _local_realtime(settings: Settings, local: StandIn) -> RealtimeDoor:
    preview = settings.realtime_api_version
    return RealtimeDoor(azure_base_url(local.realtime, preview), STAND_IN_MODEL, local.key, "stand-in", preview)


def _local_search(settings: Settings, local: StandIn) -> SearchDoor:
    return SearchDoor(local.search, settings.azure_search_index, local.key, "stand-in")
