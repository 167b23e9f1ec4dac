"""What makes vectors: the lexical one of this process, or a server with a model, named by three settings.

Owns the choice. It knows no route.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from ..addresses import what_is_wrong
from .failure import EmbeddingsSettingError
from .lexical import vector, vector_of_tokens
from .request import DEFAULT_DIMENSIONS, Input

URL, MODEL, KEY = "LOCAL_AZURE_EMBEDDINGS_URL", "LOCAL_AZURE_EMBEDDINGS_MODEL", "LOCAL_AZURE_EMBEDDINGS_KEY"


class Model(Protocol):
    """Makes vectors."""

    async def vectors(self, inputs: Sequence[Input], model: str, dimensions: int | None) -> Sequence[Sequence[float]]:
        """One for each input, in order, of `dimensions` numbers (None: as the model makes them). Raises `EmbeddingsError`."""


class LexicalModel:
    """Hashed words and pieces of words; see `lexical`."""

    async def vectors(self, inputs: Sequence[Input], model: str, dimensions: int | None) -> Sequence[Sequence[float]]:
        """Always answers, whatever the model is called."""
        wanted = dimensions or DEFAULT_DIMENSIONS
        return await asyncio.to_thread(lambda: [_lexical(one, wanted) for one in inputs])


def _lexical(one: Input, dimensions: int) -> Sequence[float]:
    """Packed, for a request may ask for eight million numbers, which as objects would be 270 MB."""
    return array("f", vector(one, dimensions) if isinstance(one, str) else vector_of_tokens(list(one), dimensions))


@asynccontextmanager
async def open_model(settings: Mapping[str, str]) -> AsyncIterator[Model]:
    """The model that the settings (the environment) name, closed when the block ends. Raises `EmbeddingsSettingError`; makes no call."""
    address = settings.get(URL, "").strip()
    if not address:
        yield LexicalModel()
        return
    if (wrong := what_is_wrong(URL, address)) is not None:
        raise EmbeddingsSettingError(wrong)
    from .served import ServedModel  # here: `openai` takes a second to import, which a start without such a server shall not pay

    async with ServedModel(address, settings.get(KEY, "").strip() or None, settings.get(MODEL, "").strip() or None) as served:
        yield served
