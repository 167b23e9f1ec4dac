"""Where the rooms of the stand-in meet: the guard before both doors, the doors, and what is behind them.

Owns the order in which things are opened and closed. What a door answers is the door's affair.
"""

from __future__ import annotations

import json
import logging
import traceback
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from quart import Quart, Response, request, websocket
from werkzeug.exceptions import HTTPException

from .embeddings.door import blueprint as embeddings_door
from .embeddings.failure import EmbeddingsError
from .embeddings.model import LexicalModel, Model
from .guard import Guard, Stop
from .lessons import Lessons
from .realtime.door import blueprint as realtime_door
from .realtime.lifetime import SESSION_MAX_S
from .realtime.parts import Ears, Mind, Mouth
from .search import catalogue
from .search.door import blueprint as search_door
from .search.refusal import Refusal, vectorization_failed
from .search.store import Store
from .search.vectorizing import Embed
from .speech.speech import open_speech

INDEX_FILE = "local_azure.sqlite"

MAX_BODY_BYTES = 16 * 1024 * 1024
"""One request's body; the service's limit for a batch of documents. More is answered by 413, which makes the client split its batch."""

OF_OPENAI = "/openai/"
"""Addresses of Azure OpenAI, whose answer to a wrong key is 401."""

VECTORIZER = "vectorizer"
"""What the model of a vectorizer is called where nobody names one."""

MAX_LESSON_CHARS = 4_000_000
"""Text from which the ears learn at most; some 700,000 words, about a minute of one core."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Voice:
    """What the Realtime door needs."""

    ears: Ears
    mouth: Mouth
    mind: Mind
    session_max_s: float = SESSION_MAX_S


@asynccontextmanager
async def open_app(
    data: Path, key: str, mind: Mind, session_max_s: float = SESSION_MAX_S, model: Model | None = None
) -> AsyncIterator[Quart]:
    """The whole stand-in over the folder `data`, which must exist. Raises `StoreError` when its index cannot be opened."""
    store = Store(data / INDEX_FILE)
    await store.open()
    try:
        async with open_speech(data) as speech:

            async def texts() -> list[str]:
                return await store.read(lambda connection: catalogue.texts(connection, MAX_LESSON_CHARS))

            lessons = Lessons(texts, speech.learn)
            store.on_change(lessons.changed)
            lessons.begin()
            try:
                yield create_app(key, store, Voice(speech.ears, speech.mouth, mind, session_max_s), model)
            finally:
                await lessons.end()
    finally:
        await store.close()


def create_app(key: str, store: Store, voice: Voice | None, model: Model | None = None) -> Quart:
    """The doors over parts that the caller opens and closes, for those who know `key`.

    Without a voice there is no Realtime door; without a model, embeddings are lexical.
    """
    model = model or LexicalModel()
    app = Quart(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    _keep_out(app, Guard(key))
    _answer_errors(app)
    app.register_blueprint(search_door(store, _vectorizer(model)))
    app.register_blueprint(embeddings_door(model))
    if voice is not None:
        app.register_blueprint(realtime_door(voice.ears, voice.mouth, voice.mind, session_lasts_s=voice.session_max_s))
    return app


def _vectorizer(model: Model) -> Embed:
    """What the Search door embeds texts with: the same model as the route for embeddings."""

    async def embed(texts: list[str], dimensions: int) -> list[bytes]:
        try:
            return [array("f", vector).tobytes() for vector in await model.vectors(texts, VECTORIZER, dimensions)]
        except EmbeddingsError as failure:
            raise vectorization_failed(f"The vectorization endpoint returned status code '{failure.status}': {failure.message}") from None

    return embed


def _error(status: int, code: str, message: str) -> Response:
    body = {"error": {"type": "invalid_request_error", "code": code, "message": message}}
    return Response(json.dumps(body), status, content_type="application/json; charset=utf-8")


def _keep_out(app: Quart, guard: Guard) -> None:
    """Nothing is accepted from those who may not come in: HTTP gets the status, and so does a WebSocket's handshake."""

    def answer(stop: Stop | None) -> Response | None:
        return None if stop is None else _error(stop.status, stop.code, stop.message)

    @app.before_request
    async def knock() -> Response | None:
        return answer(guard.stops(request.headers, without_key=401 if request.path.startswith(OF_OPENAI) else 403))

    @app.before_websocket
    async def knock_at_socket() -> Response | None:
        return answer(guard.stops(websocket.headers, without_key=401, in_query=websocket.args.get("api-key", "")))


def _answer_errors(app: Quart) -> None:
    """What no room answers has the services' error shape too."""

    @app.errorhandler(HTTPException)
    async def refused(error: HTTPException) -> Response:
        status = error.code or 500
        return _error(status, error.name.replace(" ", ""), f"{error.name}: not offered at this address by this local stand-in.")

    @app.errorhandler(413)
    async def too_large(_: HTTPException) -> Response:
        return _error(413, "RequestEntityTooLarge", f"The request is larger than {MAX_BODY_BYTES} bytes.")

    @app.errorhandler(Refusal)
    async def told(refusal: Refusal) -> Response:
        return _error(refusal.status, refusal.code, refusal.message)

    @app.errorhandler(Exception)
    async def failed(error: Exception) -> Response:
        # The traceback shows code; the fault's own text might repeat a document or a question.
        _log.error("a request failed: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        return _error(500, "InternalServerError", "The stand-in failed. Its log says where.")
