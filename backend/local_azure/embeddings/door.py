"""The routes for embeddings: `/openai/v1/embeddings`, and `/openai/deployments/NAME/embeddings?api-version=…` as Azure's older clients ask.

Owns paths and the shape of answers (`openai/types/create_embedding_response.py`). Who may come in was decided before.
"""

from __future__ import annotations

import asyncio
import base64
from array import array
from collections.abc import Sequence
from typing import Any

import msgspec
from quart import Blueprint, Response, request

from .failure import EmbeddingsError, invalid
from .model import Model
from .request import EmbeddingsRequest, read_request


def blueprint(model: Model) -> Blueprint:
    """The routes over a model, which the caller opens and closes."""
    door = Blueprint("embeddings", __name__)

    @door.post("/openai/v1/embeddings")
    async def embeddings() -> Response:
        return await _answered(model, None)

    @door.post("/openai/deployments/<name>/embeddings")
    async def embeddings_of_deployment(name: str) -> Response:
        if not request.args.get("api-version"):
            raise EmbeddingsError(404, "404", "Resource not found: the api-version query parameter is missing.")
        return await _answered(model, name)

    @door.errorhandler(EmbeddingsError)
    async def refused(failure: EmbeddingsError) -> Response:
        return _json(failure.body(), failure.status)

    return door


async def _answered(model: Model, deployment: str | None) -> Response:
    body = _decoded(await request.get_data())
    asked = await asyncio.to_thread(read_request, body, deployment)
    vectors = await model.vectors(asked.inputs, asked.model, asked.dimensions)
    return _json(await _shown(asked, vectors))


def _decoded(body: bytes | str) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid("We could not parse the JSON body of your request.") from None


async def _shown(asked: EmbeddingsRequest, vectors: Sequence[Sequence[float]]) -> dict[str, Any]:
    """A vector at a time, so that thousands of them do not keep conversations waiting."""
    data: list[msgspec.Raw] = []
    for place, one in enumerate(vectors):
        data.append(msgspec.Raw(msgspec.json.encode({"object": "embedding", "index": place, "embedding": _number(asked, one)})))
        await asyncio.sleep(0)
    usage = {"prompt_tokens": asked.tokens, "total_tokens": asked.tokens}
    return {"object": "list", "data": data, "model": asked.model, "usage": usage}


def _number(asked: EmbeddingsRequest, vector: Sequence[float]) -> str | list[float]:
    """As numbers, or as packed 32-bit floats in base64, the smallest byte first; both have the same 32 bits."""
    singles = array("f", vector)
    return base64.b64encode(singles.tobytes()).decode() if asked.as_base64 else singles.tolist()


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, content_type="application/json")
