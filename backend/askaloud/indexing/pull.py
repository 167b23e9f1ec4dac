"""Pull mode: the search service's own indexer fills a source from a container, for those who outgrow one machine.

Decides what is asked for, when a run is over and what came of it; what the service is told stands in `knowledge/indexer.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import IndexingError
from ..knowledge.indexer import Embedding, Pull
from ..knowledge.indexers import Indexers, Run
from ..settings import SearchDoor, Settings

MODELS = ("text-embedding-3-large", "text-embedding-3-small", "text-embedding-ada-002")
"""The embedding models that the service's skill knows and whose vectors fit our index."""

LOOK_EVERY_S = 5.0
"""Seconds between two looks at a run: runs take minutes to hours, and each look is a request."""

WAIT_AT_MOST_S = 86_400.0
"""A day: longer than the service lets any run take (2 or 24 hours)."""

NEEDED = (
    "ASKALOUD_STORAGE_CONNECTION must say how the search service reaches the storage account: a connection string, "
    "or ResourceId=…; for its own identity."
)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of it. `run` is the run that was waited for."""

    pull: Pull
    run: Run

    @property
    def failed(self) -> bool:
        """Whether anything is missing in the index that ought to be there."""
        return not self.run.well or self.run.failed > 0 or bool(self.run.warnings)


def pull_of(door: SearchDoor, settings: Settings, source: str, container: str, model: str | None = None) -> Pull:
    """What to set up. `container` may name a folder in it, as in `documents/rules`; `model` where the deployment's name does not say it.

    Raises `IndexingError` with what is missing.
    """
    if door.kind == "stand-in":
        raise IndexingError("The stand-in has no indexers: --with-indexer needs Azure AI Search (AZURE_SEARCH_ENDPOINT).")
    if settings.storage_connection is None:
        raise IndexingError(NEEDED)
    if "'" in source or "\\" in source:
        raise IndexingError("With --with-indexer a source's name must not hold a quote or a backslash.")
    name, _, folder = container.strip("/").partition("/")
    return Pull(
        index=door.index,
        source=source,
        connection=settings.storage_connection,
        container=name,
        folder=folder or None,
        embedding=_embedding(settings, model),
    )


async def pull(
    wanted: Pull,
    door: SearchDoor,
    settings: Settings,
    *,
    progress: Progress = lambda *_: None,
    look_every_s: float = LOOK_EVERY_S,
    wait_at_most_s: float = WAIT_AT_MOST_S,
) -> Pulled:
    """Set it up, start it, wait for the end of the run. Raises `KnowledgeError`, or `IndexingError` where the run does not end."""
    indexers = Indexers.open(door, settings.azure_tenant_id)
    try:
        before = await indexers.last_run(wanted)
        progress("setting up", 0, 1)
        await indexers.set_up(wanted)
        progress("setting up", 1, 1)
        await indexers.start(wanted)
        async with asyncio.timeout(wait_at_most_s):
            return Pulled(wanted, await _end(wanted, indexers, before, progress, look_every_s))
    except TimeoutError as late:
        raise IndexingError(f"The indexer {wanted.name!r} is still running; the same command goes on waiting for it.") from late
    finally:
        await indexers.close()


async def _end(wanted: Pull, indexers: Indexers, before: Run | None, progress: Progress, look_every_s: float) -> Run:
    """The run that began after `before`, or that one if it was still under way, when it is over."""
    old = before.begun if before is not None and before.ended else None
    while True:
        run = await indexers.last_run(wanted)
        if run is not None and run.begun != old:
            progress("indexing", run.documents, 0)
            if run.ended:
                return run
        await asyncio.sleep(look_every_s)


def _embedding(settings: Settings, model: str | None) -> Embedding | None:
    endpoint, deployment = settings.azure_openai_endpoint, settings.azure_openai_embedding_deployment
    if endpoint is None or deployment is None:
        return None
    named = model or next((each for each in MODELS if each in deployment.lower()), None)
    if named not in MODELS:
        raise IndexingError(f"Which model the deployment {deployment!r} serves has to be said with --embedding-model: {', '.join(MODELS)}.")
    return Embedding(_resource(endpoint), deployment, named, settings.azure_openai_api_key)


def _resource(endpoint: str) -> str:
    """The https address of the resource alone, however the setting was written."""
    secure = "https://" + endpoint.partition("://")[2]
    return secure.rstrip("/").removesuffix("/v1").removesuffix("/openai")
