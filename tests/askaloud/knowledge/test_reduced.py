"""What a refusal is put down to, in the service's own error shapes where an issue shows one, and for how long a part is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from askaloud.errors import NoticeCode
from askaloud.knowledge.reduced import LEFT_OUT_S, LeftOut, Part, reduced, refusal, suspects
from askaloud.knowledge.shape import Shape, VectorField

BOTH = frozenset(Part)
OWN = Shape("id", "text", vector=VectorField("v", 8, vectorizer=False))
THEIRS = Shape("id", "text", vector=VectorField("v", 8, vectorizer=True), semantic=("vector-1-semantic-configuration",))


class Response:
    """As much of an HTTP response as an error of the client reads."""

    reason = "Bad Request"
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody writes into it

    def __init__(self, status: int, body: Any) -> None:
        self.status_code = status
        self._body = body

    def text(self) -> str:
        return json.dumps(self._body)


def refused(status: int, message: str = "", code: str = "", *details: str) -> HttpResponseError:
    body = {"error": {"code": code, "message": message, "details": [{"code": each, "message": message} for each in details]}}
    return HttpResponseError(response=Response(status, body))  # type: ignore[arg-type]  # it needs no more of one


NOT_ENABLED = refused(
    400,
    "Semantic search is not enabled for this service.\r\nParameter name: queryType",
    "FeatureNotSupportedInService",
    "SemanticQueriesNotAvailable",
)
UNKNOWN = refused(400, "Unknown semantic configuration 'default'.", "InvalidRequestParameter", "UnknownSemanticConfiguration")
LENGTH = refused(400, "The query's length does not fit.", "InvalidRequestParameter", "InvalidVectorQuery")
VECTORIZING = "Could not complete vectorization action. The vectorization endpoint returned status code '404' (NotFound)."

REFUSALS: dict[str, tuple[HttpResponseError, frozenset[Part]]] = {
    "the ranker is not switched on": (NOT_ENABLED, frozenset({Part.SEMANTIC})),
    "another semantic configuration": (UNKNOWN, frozenset({Part.SEMANTIC})),
    "the vector's length": (LENGTH, frozenset({Part.VECTOR})),
    "an unknown vector field": (
        refused(400, "Unknown field 'v' in vector field list.", "InvalidRequestParameter", "UnknownField"),
        frozenset({Part.VECTOR}),
    ),
    "the vectorizer": (refused(400, VECTORIZING), frozenset({Part.VECTOR})),
    "the vectorizer, as a gateway's error": (refused(502, VECTORIZING), frozenset({Part.VECTOR})),
    "no reason given": (refused(400), BOTH),
    "not paid for": (refused(402, "Semantic quota exceeded"), frozenset({Part.SEMANTIC})),
    "a key": (refused(403, "vector semantic"), frozenset()),
    "too many": (refused(429, "vector semantic"), frozenset()),
    "out of order": (refused(500, "vector semantic"), frozenset()),
}


@pytest.mark.parametrize(("failure", "parts"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_is_put_down_to_the_part_that_it_speaks_of(failure: HttpResponseError, parts: frozenset[Part]) -> None:
    assert suspects(failure, BOTH) == parts


@pytest.mark.parametrize("failure", [NOT_ENABLED, refused(400), refused(502)])
def test_a_search_by_words_alone_has_nothing_to_leave_out(failure: HttpResponseError) -> None:
    assert suspects(failure, frozenset()) == frozenset()


def test_an_answer_that_is_no_json_speaks_of_nothing() -> None:
    broken = HttpResponseError(response=Response(400, "<html>"))  # type: ignore[arg-type]  # it needs no more of one
    assert suspects(broken, BOTH) == BOTH


@pytest.mark.parametrize(
    ("part", "failure", "shape", "words"),
    [
        (Part.SEMANTIC, NOT_ENABLED, OWN, "not switched on"),
        (Part.SEMANTIC, UNKNOWN, THEIRS, "it has 'vector-1-semantic-configuration'"),
        (Part.SEMANTIC, UNKNOWN, OWN, "it has none"),
        (Part.SEMANTIC, refused(400), OWN, "AZURE_SEARCH_SEMANTIC_CONFIGURATION"),
        (Part.VECTOR, LENGTH, OWN, "AZURE_OPENAI_EMBEDDING_DEPLOYMENT"),
        (Part.VECTOR, refused(400, VECTORIZING), THEIRS, "AZURE_SEARCH_USE_VECTOR_QUERY"),
    ],
)
def test_each_part_that_is_left_out_names_the_setting_and_none_of_the_services_words(
    part: Part, failure: HttpResponseError, shape: Shape, words: str
) -> None:
    notice = refusal(part, failure, shape)
    assert notice.code is NoticeCode.SEARCH_REDUCED
    assert notice.recoverable
    assert words in notice.message
    assert "endpoint" not in notice.message


def test_a_part_is_tried_again_after_a_while() -> None:
    now = 100.0
    left_out = LeftOut(lambda: now)
    notice = reduced("Less.")
    left_out.add(Part.SEMANTIC, notice)
    now += LEFT_OUT_S - 1
    assert left_out.now() == {Part.SEMANTIC: notice}
    now += 1
    assert left_out.now() == {}
