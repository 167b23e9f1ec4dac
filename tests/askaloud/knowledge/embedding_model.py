"""An embedding deployment for tests, scripted: it answers as one would, or as it is told to."""

from __future__ import annotations

import asyncio
from typing import Any

from quart import Quart, Response, jsonify, request

from askaloud.settings import Settings


class ScriptedModel:
    """An embedding deployment whose own vectors have four numbers, the first being the text's length."""

    def __init__(self, *, status: int = 200, body: Any = None, hangs: bool = False) -> None:
        self.asked: list[dict[str, Any]] = []
        self.app = Quart(__name__)
        self._fixed = (status, body)
        self._hangs = hangs
        self.app.add_url_rule("/openai/v1/embeddings", view_func=self._answer, methods=["POST"])

    async def _answer(self) -> Response:
        asked = await request.get_json()
        self.asked.append(asked)
        if self._hangs:
            await asyncio.Event().wait()
        status, body = self._fixed
        if body is None:
            length = asked.get("dimensions", 4)
            made = [[float(len(text))] * length for text in asked["input"]]
            rows = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(made)]
            body = {"object": "list", "model": "m", "data": list(reversed(rows)), "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        answer = jsonify(body)
        answer.status_code = status
        return answer


def settings_for(address: str) -> Settings:
    return Settings(
        azure_openai_endpoint=f"http://{address}", azure_openai_api_key="planted-openai-key", azure_openai_embedding_deployment="small"
    )
