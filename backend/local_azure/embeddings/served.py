"""A model on a server that speaks OpenAI's protocol, through the `openai` package.

Owns what becomes of a failure of that server: the caller learns its status and never its words, which may repeat a text.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import isfinite
from typing import Self

from openai import APIStatusError, AsyncOpenAI, OpenAIError, omit

from .failure import EmbeddingsError, invalid, server_failed
from .request import Input

REQUEST_TIMEOUT_S = 60.0
"""Seconds for one request: a model on two cores takes its time over 2,048 texts."""

RETRIES = 1
"""Once more where the server failed or was busy; the stand-in's own client asks again too."""

PASSED_ON = frozenset({400, 413, 422, 429})
"""Statuses of the server that the caller can do something about; all others are the stand-in's affair, and 502."""


class ServedModel:
    """A model behind an OpenAI-compatible address. `model` is what to ask for there; without it, what the caller asks for."""

    def __init__(self, address: str, key: str | None, model: str | None) -> None:
        # The package wants a key; servers on loopback mostly want none.
        self._client = AsyncOpenAI(base_url=address, api_key=key or "none", timeout=REQUEST_TIMEOUT_S, max_retries=RETRIES)
        self._model = model

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def vectors(self, inputs: Sequence[Input], model: str, dimensions: int | None) -> list[list[float]]:
        """The length is named only where the model's own is another, for many models refuse the parameter."""
        made = await self._asked(inputs, model, None)
        if dimensions is not None and any(len(one) != dimensions for one in made):
            made = await self._asked(inputs, model, dimensions)
            if any(len(one) != dimensions for one in made):
                sentence = f"The model behind LOCAL_AZURE_EMBEDDINGS_URL makes vectors of {len(made[0])} numbers, not of {dimensions}."
                raise invalid(sentence, "dimensions", "dimensions_not_supported")
        return made

    async def _asked(self, inputs: Sequence[Input], model: str, dimensions: int | None) -> list[list[float]]:
        texts = [one if isinstance(one, str) else list(one) for one in inputs]
        length = omit if dimensions is None else dimensions
        try:
            answer = await self._client.embeddings.create(
                input=texts,  # type: ignore[arg-type]  # a list of texts or of tokens, as the caller sent it
                model=self._model or model,
                dimensions=length,
                encoding_format="float",
            )
            made = [array("f", one.embedding).tolist() for one in sorted(answer.data, key=lambda one: one.index)]
        except APIStatusError as failure:
            raise _refused(failure.status_code) from failure
        except OpenAIError as failure:
            raise server_failed("could not be reached, or did not answer in time") from failure
        except (
            TypeError,
            ValueError,
            AttributeError,
            OverflowError,
        ) as failure:  # a body of another shape, which the package does not check
            raise server_failed("answered with something that is no embedding") from failure
        if len(made) != len(inputs) or not all(one and all(map(isfinite, one)) for one in made):
            raise server_failed("did not answer with one vector for each text")
        return made


def _refused(status: int) -> EmbeddingsError:
    if status in PASSED_ON:
        return EmbeddingsError(
            status, "embedding_server_refused", f"The server at LOCAL_AZURE_EMBEDDINGS_URL refused the request with the status {status}."
        )
    return server_failed(f"answered with the status {status}")
