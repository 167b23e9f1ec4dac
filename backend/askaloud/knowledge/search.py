"""One search: by everything that index and settings offer, and by less where a part of that is refused.

Owns which parts are left out for a while (`reduced.py`). It knows no deadline and no retry: those stand around it, in `base.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import HttpResponseError
from azure.search.documents.aio import SearchClient

from ..errors import KnowledgeError, Notice, NoticeCode
from ..settings import Settings
from .passage import Passage
from .query import Reader, search_arguments
from .reduced import LeftOut, Part, reduced, refusal, suspects
from .shape import Shape, reranked

if TYPE_CHECKING:
    from .embed import Embedder

SLOW_DEPLOYMENT = "The embedding deployment took too long. Look at AZURE_OPENAI_EMBEDDING_DEPLOYMENT."
SLOW_SIGN_IN = "Signing in for the embedding deployment takes long. Look at the Entra ID login, or set AZURE_OPENAI_API_KEY."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, and what the person should know of how it went."""

    passages: list[Passage]
    notices: tuple[Notice, ...] = ()


class Search:
    """Owned by the knowledge base. `embed_s` seconds may be spent on the query's vector."""

    def __init__(self, documents: SearchClient, embedder: Embedder | None, settings: Settings, embed_s: float) -> None:
        self.left_out = LeftOut()
        self._documents = documents
        self._embedder = embedder
        self._settings = settings
        self._embed_s = embed_s

    def prepare(self, shape: Shape) -> None:
        """The index is known now: where its questions need our vectors, sign in for them before anybody waits for it."""
        if self._embedder is not None and self._embeds(shape) and Part.VECTOR in self._wanted(shape):
            self._embedder.sign_in_soon()

    async def find(self, query: str, shape: Shape, reader: Reader, top: int) -> Found:
        """The passages that fit best. Raises what the official client raises where the service refuses the search altogether."""
        wanted = self._wanted(shape)
        parts = wanted - self.left_out.now().keys()
        made = await self._embedded(query, shape) if Part.VECTOR in parts else None
        passing, vector = ((made,), None) if isinstance(made, Notice) else ((), made)
        if vector is None and not (shape.vector and shape.vector.vectorizer):
            parts -= {Part.VECTOR}
        if not shape.words and Part.VECTOR not in parts:
            raise _needs_vector()  # the service would take a search for nothing as one for everything
        documents, parts = await self._ask(query, shape, reader, top, parts, vector)
        notices = (*passing, *(notice for part, notice in self.left_out.now().items() if part in wanted))
        if wanted & self._measure <= parts:  # else the scores are of another scale than the least one
            documents = [each for each in documents if self._is_good_enough(each, semantic=Part.SEMANTIC in parts)]
        return Found([shape.passage(document, query) for document in documents[:top]], notices)

    @property
    def _measure(self) -> frozenset[Part]:
        """The part on which it depends what the scores say: the ranker's are its own; without it, words and vectors have others."""
        return frozenset({Part.SEMANTIC if self._settings.azure_search_semantic_configuration else Part.VECTOR})

    @staticmethod
    def _embeds(shape: Shape) -> bool:
        """Whether a vector of the question must be made by us."""
        return shape.vector is not None and not shape.vector.vectorizer

    def _wanted(self, shape: Shape) -> frozenset[Part]:
        wanted = set()
        embeds = shape.vector is not None and (shape.vector.vectorizer or self._embedder is not None)
        if embeds and (self._settings.azure_search_use_vector_query or not shape.words):
            wanted.add(Part.VECTOR)
        if self._settings.azure_search_semantic_configuration:
            wanted.add(Part.SEMANTIC)
        return frozenset(wanted)

    async def _ask(
        self, query: str, shape: Shape, reader: Reader, top: int, parts: frozenset[Part], vector: Sequence[float] | None
    ) -> tuple[list[Mapping[str, Any]], frozenset[Part]]:
        """What was found, and the parts that it was searched by."""
        refused_parts: dict[Part, Notice] = {}
        while True:
            semantic = self._settings.azure_search_semantic_configuration if Part.SEMANTIC in parts else None
            asked = search_arguments(query, shape, reader=reader, top=top, semantic=semantic, vector=vector, by_vector=Part.VECTOR in parts)
            try:
                documents = await first_page(await self._documents.search(**asked))
                break
            except HttpResponseError as refused:
                guilty = suspects(refused, parts)
                if not guilty or (not shape.words and Part.VECTOR in guilty):
                    raise
                parts -= guilty
                refused_parts |= {part: refusal(part, refused, shape) for part in guilty}
        for part, notice in refused_parts.items():
            self._leave_out(part, notice)  # only now: had it been refused without the part too, it was not for the part
        return documents, parts

    async def _embedded(self, query: str, shape: Shape) -> tuple[float, ...] | Notice | None:
        """The query's vector; None, or why there is none this time alone: a search by words is better than none."""
        if self._embedder is None or shape.vector is None or not self._embeds(shape):
            return None
        try:
            async with asyncio.timeout(self._embed_s):
                (vector,) = await self._embedder.vectors([query], shape.vector.dimensions)
        except TimeoutError:
            signing_in = self._embedder.signing_in  # it goes on, and the next search has what came of it
            sentence = SLOW_SIGN_IN if signing_in else SLOW_DEPLOYMENT
        except KnowledgeError as failure:
            signing_in, sentence = False, failure.notice.message
        else:
            return vector
        if not shape.words:
            raise KnowledgeError(Notice(NoticeCode.SEARCH_DOWN, sentence))
        reason = reduced(f"{sentence} The search goes on by words.")
        if signing_in:
            return self._without(Part.VECTOR, reason)
        self._leave_out(Part.VECTOR, reason)
        return None

    def _leave_out(self, part: Part, notice: Notice) -> None:
        self.left_out.add(part, self._without(part, notice))

    def _without(self, part: Part, notice: Notice) -> Notice:
        """What a person is told of a part that a search goes without, with a line for the log."""
        if part in self._measure and self._settings.search_min_score is not None:
            notice = replace(notice, message=f"{notice.message} ASKALOUD_SEARCH_MIN_SCORE does not count meanwhile.")
        log.warning("%s: %s", notice.code, notice.message)
        return notice

    def _is_good_enough(self, document: Mapping[str, Any], *, semantic: bool) -> bool:
        """Whether a document reaches the least score. The ranker may have had no time for it: then nothing is known against it."""
        least = self._settings.search_min_score
        score = reranked(document) if semantic else document.get("@search.score")
        return least is None or not isinstance(score, int | float) or score >= least


def _needs_vector() -> KnowledgeError:
    return KnowledgeError(
        Notice(
            NoticeCode.SEARCH_REFUSED,
            "The index can be searched by vector alone, and nothing makes a vector of the question. "
            "Look at AZURE_OPENAI_EMBEDDING_DEPLOYMENT.",
        )
    )


async def first_page(found: Any) -> list[Any]:
    """The first page of a search: the pager would go on to ask for more, and nobody here wants more than was asked for."""
    async for page in found.by_page():
        return [document async for document in page]
    return []
