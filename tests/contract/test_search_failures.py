"""The ways in which a search can fail, as one table: each over a real socket, in a conversation.

The model gets an honest output, the person an answer and a notice that names the setting to look at, and the next question is answered too:
a search never ends a call.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.askaloud.knowledge.embedding_model import ScriptedModel, settings_for
from tests.askaloud.knowledge.index_shapes import DEMO, WIZARD
from tests.askaloud.knowledge.search_doors import INDEX, Answer, ScriptedDoor, hit
from tests.contract.house import house, searches
from tests.serving import serving

from askaloud.knowledge.query import SEMANTIC_WAIT_MS
from askaloud.settings import Settings

WORDS = "planted words of the service"
QUESTION = "May I work from abroad?"
UNAVAILABLE, NO_DOCUMENTS, PASSAGE = (
    "The search is unavailable just now",
    "There are no documents to search yet",
    "You can work from abroad",
)
FOUND = Answer({"value": [hit()]})
RANKED = Settings(azure_search_semantic_configuration="default")


def refused(status: int, *details: str, code: str = "", said: str = WORDS, **headers: str) -> Answer:
    """As the service refuses: a code, a sentence, and a narrower code in `details`."""
    error = {"code": code, "message": said, "details": [{"code": each, "message": said} for each in details]}
    return Answer({"error": error}, status, {name.replace("_", "-"): value for name, value in headers.items()})


@dataclass(frozen=True)
class Trouble:
    """What goes wrong, and what comes of it. `script` holds the door's answers by operation; an index is asked for at the start as well."""

    script: Mapping[str, tuple[Answer, ...]]
    code: str | None
    names: str = ""
    """What the notice's sentence says, the setting above all."""
    heard: str = UNAVAILABLE
    settings: Settings = field(default_factory=Settings)
    definition: dict[str, Any] | None = None
    model: ScriptedModel | None = None
    at: str | None = None
    retry_after_ms: int | None = None
    asked: int | None = None
    """How often the door was searched for the one question."""


def search(*answers: Answer) -> dict[str, tuple[Answer, ...]]:
    return {"search": answers}


def index(answer: Answer) -> dict[str, tuple[Answer, ...]]:
    return {"index": (answer,) * 4}


ENDPOINT, KEY, NAME = "AZURE_SEARCH_ENDPOINT", "AZURE_SEARCH_API_KEY", "AZURE_SEARCH_INDEX"
SEMANTIC, EMBEDDING = "AZURE_SEARCH_SEMANTIC_CONFIGURATION", "AZURE_OPENAI_EMBEDDING_DEPLOYMENT"
NOT_ENABLED = refused(400, "SemanticQueriesNotAvailable", code="FeatureNotSupportedInService")
UNKNOWN = refused(400, "UnknownSemanticConfiguration", code="InvalidRequestParameter")
LENGTH = refused(400, "InvalidVectorQuery", code="InvalidRequestParameter")
VECTORIZING = "Could not complete vectorization action. The vectorization endpoint returned status code '404' (NotFound)."
WIZARDS_HIT = Answer({"value": [{"@search.score": 0.03, "chunk_id": "c1", "chunk": f"{PASSAGE} for 30 days.", "title": "h.pdf"}]})
WIZARDS = dict(WIZARD.definition.as_dict())
NO_TEXT = {"name": INDEX, "fields": [{"name": "id", "type": "Edm.String", "key": True}, *DEMO.definition.as_dict()["fields"][3:5]]}

TROUBLE: dict[str, Trouble] = {
    "nobody listens": Trouble({}, "search_down", ENDPOINT, at="127.0.0.1:9"),
    "no such name": Trouble({}, "search_down", f"no search service of this name. Look at {ENDPOINT}", at="search.invalid"),
    "401": Trouble(search(refused(401)), "search_refused", KEY, asked=1),
    "403": Trouble(search(refused(403)), "search_refused", KEY, asked=1),
    "403 to the definition": Trouble(index(refused(403)), "search_refused", "AZURE_SEARCH_IDENTIFIER_FIELD", asked=0),
    "404 of the index": Trouble(index(refused(404)), "search_index_empty", NAME, NO_DOCUMENTS, asked=0),
    "404 of the index, later": Trouble(search(refused(404)), "search_index_empty", NAME, NO_DOCUMENTS, asked=1),
    "429 for a moment": Trouble(search(refused(429, Retry_After="0"), FOUND), None, heard=PASSAGE, asked=2),
    "429 for longer": Trouble(search(refused(429, Retry_After="60")), "search_slow", "too many requests", retry_after_ms=60_000, asked=1),
    "429 without a time, twice": Trouble(search(refused(429), refused(429)), "search_slow", "too many requests", asked=2),
    "503, then well": Trouble(search(refused(503), FOUND), None, heard=PASSAGE, asked=2),
    "503 twice": Trouble(search(refused(503), refused(503)), "search_down", "503", asked=2),
    "500": Trouble(search(refused(500)), "search_down", "500", asked=1),
    "silence": Trouble(search(Answer(hangs=True)), "search_slow", "took too long", asked=1),
    "a page instead of JSON": Trouble(search(Answer(f"<html>{WORDS}</html>")), "search_down", ENDPOINT),
    "half of some JSON": Trouble(search(Answer('{"value": [{"id": "p1"')), "search_down", ENDPOINT),
    "JSON of another kind": Trouble(search(Answer({"value": 7})), "search_down", ENDPOINT),
    "400 for all that is asked": Trouble(search(refused(400), refused(400)), "search_refused", SEMANTIC, settings=RANKED, asked=2),
    "no field is a text": Trouble({}, "search_refused", "AZURE_SEARCH_CONTENT_FIELD", definition=NO_TEXT, asked=0),
    "a setting names no field": Trouble(
        {}, "search_refused", "AZURE_SEARCH_TITLE_FIELD", settings=Settings(azure_search_title_field="headline"), asked=0
    ),
    "no semantic ranker (free tier)": Trouble(search(NOT_ENABLED, FOUND), "search_reduced", SEMANTIC, PASSAGE, RANKED, asked=2),
    "another semantic configuration": Trouble(search(UNKNOWN, FOUND), "search_reduced", SEMANTIC, PASSAGE, RANKED, asked=2),
    "a vector of another length": Trouble(search(LENGTH, FOUND), "search_reduced", EMBEDDING, PASSAGE, model=ScriptedModel(), asked=2),
    "no such embedding deployment": Trouble(
        search(FOUND), "search_reduced", EMBEDDING, PASSAGE, model=ScriptedModel(status=404, body={"error": {"message": WORDS}}), asked=1
    ),
    "embeddings that do not come": Trouble(search(FOUND), "search_reduced", EMBEDDING, PASSAGE, model=ScriptedModel(hangs=True), asked=1),
    "a vectorizer that cannot": Trouble(
        search(refused(400, said=VECTORIZING), WIZARDS_HIT),
        "search_reduced",
        "AZURE_SEARCH_USE_VECTOR_QUERY",
        PASSAGE,
        definition=WIZARDS,
        asked=2,
    ),
    "a vectorizer behind a broken gateway": Trouble(
        search(refused(502, said=VECTORIZING), WIZARDS_HIT), "search_reduced", "vectorizer", PASSAGE, definition=WIZARDS, asked=2
    ),
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE.keys())
async def test_each_failure_has_a_notice_and_an_honest_answer_and_the_conversation_goes_on(
    trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    door = ScriptedDoor(trouble.definition)
    for what, answers in trouble.script.items():
        door.script(what, *answers)
    model = trouble.model or ScriptedModel()
    async with serving(model.app) as embedding:
        settings = trouble.settings
        if trouble.model:
            own = settings_for(embedding)
            settings = replace(own, azure_search_semantic_configuration=settings.azure_search_semantic_configuration)
        async with house(searches, door, settings=settings, search_at=trouble.at) as home, home.visit() as visitor:
            await visitor.ask(QUESTION)
            said = await visitor.hear("response.output_audio_transcript.done")
            await visitor.hear("response.done")
            asked = len(door.bodies("search"))
            await visitor.ask("And now?")
            await visitor.hear("response.done")
    assert trouble.heard in said["transcript"]
    assert visitor.codes()[:1] == ([trouble.code] if trouble.code else [])
    if trouble.code:
        notice = next(event for event in visitor.heard if event["type"] == "askaloud.notice")
        assert trouble.names in notice["message"]
        assert (notice["recoverable"], notice["retry_after_ms"]) == (True, trouble.retry_after_ms)
        assert trouble.code in caplog.text
    assert trouble.asked is None or asked == trouble.asked
    for unfit in (WORDS, VECTORIZING, "Traceback", "<html"):
        assert unfit not in json.dumps(visitor.heard)
        assert unfit not in caplog.text
    assert QUESTION not in caplog.text


async def test_a_search_with_less_is_told_once_and_sources_come_all_the_same() -> None:
    door = ScriptedDoor()
    door.script("search", NOT_ENABLED, FOUND, FOUND)
    async with house(searches, door, settings=RANKED) as home, home.visit() as visitor:
        for _ in range(2):
            await visitor.ask(QUESTION)
            await visitor.hear("askaloud.sources")
            await visitor.hear("response.done")
        assert visitor.codes() == ["search_reduced"]
    first, *others = door.bodies("search")
    assert (first["queryType"], first["semanticErrorHandling"]) == ("semantic", "partial")
    assert first["semanticMaxWaitInMilliseconds"] == SEMANTIC_WAIT_MS
    assert ["queryType" in body for body in others] == [False, False]


def test_the_table_is_as_long_as_was_promised() -> None:
    assert len(TROUBLE) >= 14
