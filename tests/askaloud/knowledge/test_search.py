"""One search at a scripted door: with everything that is offered, with less after a refusal, and down to the least score."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.askaloud.knowledge.embedding_model import ScriptedModel, settings_for
from tests.askaloud.knowledge.index_shapes import DEMO, WIZARD
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit, scripted
from tests.askaloud.signing_in import TENANT, CommandLine
from tests.serving import serving

from askaloud.errors import KnowledgeError, NoticeCode
from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.schema import our_index
from askaloud.settings import Settings

RANKED = Settings(azure_search_semantic_configuration="default")
FOUND = Answer({"value": [hit()]})


def refused(message: str, status: int = 400, *details: str) -> Answer:
    return Answer({"error": {"code": "", "message": message, "details": [{"code": each, "message": message} for each in details]}}, status)


@asynccontextmanager
async def hybrid(door: ScriptedDoor, settings: Settings = RANKED, model: ScriptedModel | None = None) -> AsyncIterator[KnowledgeBase]:
    """A knowledge base that searches by words and by our own vectors, ranked semantically."""
    model = model or ScriptedModel()
    async with serving(model.app) as address:
        own = settings_for(address)
        settings = replace(
            settings,
            azure_openai_endpoint=own.azure_openai_endpoint,
            azure_openai_api_key=own.azure_openai_api_key,
            azure_openai_embedding_deployment=own.azure_openai_embedding_deployment,
        )
        async with scripted(door, settings) as knowledge:
            yield knowledge


def parts(door: ScriptedDoor) -> list[str]:
    """What each search was made of."""
    names = {"vectorQueries": "vector", "semanticConfiguration": "semantic"}
    return [" ".join(["words", *(name for key, name in names.items() if key in body)]) for body in door.bodies("search")]


async def test_everything_that_is_offered_is_used_at_once() -> None:
    door = ScriptedDoor()
    door.script("search", FOUND)
    async with hybrid(door) as knowledge:
        assert (await knowledge.find("abroad")).notices == ()
    assert parts(door) == ["words vector semantic"]


@pytest.mark.parametrize(
    ("refusal", "following"),
    [
        (refused("no", 400, "SemanticQueriesNotAvailable"), "words vector"),
        (refused("no", 400, "InvalidVectorQuery"), "words semantic"),
        (refused("no"), "words"),
    ],
)
async def test_only_what_was_refused_is_left_out_and_not_asked_for_again(refusal: Answer, following: str) -> None:
    door = ScriptedDoor()
    door.script("search", refusal, FOUND, FOUND)
    async with hybrid(door) as knowledge:
        first, second = await knowledge.find("abroad"), await knowledge.find("abroad")
    assert parts(door) == ["words vector semantic", following, following]
    assert first.notices == second.notices
    assert {notice.code for notice in first.notices} == {NoticeCode.SEARCH_REDUCED}
    assert [len(each.passages) for each in (first, second)] == [1, 1]


async def test_two_parts_may_be_refused_one_after_the_other() -> None:
    door = ScriptedDoor()
    door.script("search", refused("no", 400, "SemanticQueriesNotAvailable"), refused("no", 400, "InvalidVectorQuery"), FOUND)
    async with hybrid(door) as knowledge:
        found = await knowledge.find("abroad")
    assert parts(door) == ["words vector semantic", "words vector", "words"]
    assert len(found.notices) == 2


async def test_what_is_refused_without_a_part_too_was_not_refused_for_it() -> None:
    door = ScriptedDoor()
    door.script("search", refused("no"), refused("no"), FOUND)
    async with hybrid(door) as knowledge:
        with pytest.raises(KnowledgeError):
            await knowledge.find("abroad")
        assert (await knowledge.find("abroad")).notices == ()
    assert parts(door)[-1] == "words vector semantic"


async def test_a_part_comes_back_when_its_time_is_over() -> None:
    door = ScriptedDoor()
    door.script("search", refused("no", 400, "SemanticQueriesNotAvailable"), FOUND, FOUND)
    async with scripted(door, RANKED) as knowledge:
        now = 0.0
        knowledge._search.left_out = type(knowledge._search.left_out)(lambda: now)
        await knowledge.find("abroad")
        now = 1e6
        assert (await knowledge.find("abroad")).notices == ()
    assert parts(door) == ["words semantic", "words", "words semantic"]


def of_vectors_alone(**profile: str) -> ScriptedDoor:
    """A door of an index in which no words can be looked for."""
    fields = [
        {"name": "id", "type": "Edm.String", "key": True, "searchable": False},
        {"name": "text", "type": "Edm.String", "searchable": False},
        {"name": "v", "type": "Collection(Edm.Single)", "dimensions": 4, "vectorSearchProfile": "p", "searchable": True},
    ]
    profiles = [{"name": "p", "algorithm": "a", **profile}]
    return ScriptedDoor({"name": "askaloud", "fields": fields, "vectorSearch": {"profiles": profiles}})


async def test_an_index_of_vectors_alone_is_searched_by_them_and_not_without_them() -> None:
    door = of_vectors_alone(vectorizer="z")
    door.script("search", FOUND, refused("no", 400, "InvalidVectorQuery"))
    async with scripted(door) as knowledge:
        assert len(await knowledge.search("abroad")) == 1
        with pytest.raises(KnowledgeError):
            await knowledge.find("abroad")
    assert [("search" in body, "vectorQueries" in body) for body in door.bodies("search")] == [(False, True)] * 2


async def test_an_index_of_vectors_alone_is_not_searched_for_everything_when_there_is_no_vector() -> None:
    door = of_vectors_alone()
    async with scripted(door) as knowledge:
        with pytest.raises(KnowledgeError, match="AZURE_OPENAI_EMBEDDING_DEPLOYMENT"):
            await knowledge.find("abroad")
    model = ScriptedModel(status=404, body={})
    async with hybrid(door, Settings(), model) as knowledge:
        for _ in range(2):
            with pytest.raises(KnowledgeError, match="no embedding deployment"):
                await knowledge.find("abroad")
    assert len(model.asked) == 2
    assert door.bodies("search") == []


def scored(id: str, score: float, ranked: float | None = None) -> dict[str, Any]:
    return hit(id, **{"@search.score": score}, **({} if ranked is None else {"@search.rerankerScore": ranked}))


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        (Settings(), ["a", "b", "c"]),
        (Settings(search_min_score=1.5), ["a", "b"]),
        (replace(RANKED, search_min_score=1.5), ["b", "c"]),  # the ranker did not come to c: nothing is known against it
        (Settings(search_min_score=9), []),
        (Settings(search_top=2), ["a", "b"]),
    ],
)
async def test_what_scores_too_low_is_left_away_by_the_rankers_score_or_else_the_searchs(settings: Settings, kept: list[str]) -> None:
    door = ScriptedDoor()
    ranked = settings.azure_search_semantic_configuration
    rows = [scored("a", 2.0, 1.0 if ranked else None), scored("b", 1.5, 3.0 if ranked else None), scored("c", 0.5)]
    door.script("search", Answer({"value": rows}))
    async with scripted(door, settings) as knowledge:
        assert [each.id for each in await knowledge.search("abroad")] == kept


RANKER_OUT = refused("no", 400, "SemanticQueriesNotAvailable")
VECTOR_OUT = refused("no", 400, "InvalidVectorQuery")
NOT_COUNTED = "ASKALOUD_SEARCH_MIN_SCORE does not count meanwhile"


@pytest.mark.parametrize(
    ("settings", "answers", "measured"),
    [
        (replace(RANKED, search_min_score=1.5), [RANKER_OUT, Answer({"value": [scored("a", 0.03)]})], False),
        (replace(RANKED, search_min_score=1.5), [VECTOR_OUT, Answer({"value": [scored("a", 0.03, 0.1)]})], True),
        (Settings(search_min_score=1.5), [VECTOR_OUT, Answer({"value": [scored("a", 0.03)]})], False),
        (Settings(search_min_score=1.5), [Answer({"value": [scored("a", 0.03)]})], True),
    ],
)
async def test_the_least_score_counts_unless_what_is_left_out_changes_the_scale(
    settings: Settings, answers: list[Answer], *, measured: bool
) -> None:
    door = ScriptedDoor()
    door.script("search", *answers)
    async with hybrid(door, settings) as knowledge:
        found = await knowledge.find("abroad")
    assert [each.id for each in found.passages] == ([] if measured else ["a"])
    assert [NOT_COUNTED in notice.message for notice in found.notices] == [not measured] * (len(answers) - 1)


async def test_without_an_embedding_deployment_the_rankers_least_score_still_counts() -> None:
    door, model = ScriptedDoor(), ScriptedModel(status=404, body={})
    door.script("search", *[Answer({"value": [scored("a", 0.03, 0.1), scored("b", 0.02, 2.5)]})] * 2)
    async with hybrid(door, replace(RANKED, search_min_score=2.0), model) as knowledge:
        for _ in range(2):
            found = await knowledge.find("abroad")
            assert [each.id for each in found.passages] == ["b"]
            (notice,) = found.notices
            assert NOT_COUNTED not in notice.message
    assert parts(door) == ["words semantic"] * 2


async def test_a_slow_login_costs_the_search_at_hand_its_vector_and_no_other_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door, model, azd = ScriptedDoor(), ScriptedModel(), CommandLine(tmp_path, monkeypatch)
    door.script("search", FOUND, FOUND)
    azd.hangs()
    async with serving(model.app) as address:
        settings = replace(settings_for(address), azure_openai_api_key=None, azure_tenant_id=TENANT)
        async with scripted(door, settings, deadline_s=4.0) as knowledge:
            (notice,) = (await knowledge.find("abroad")).notices
            assert notice.code is NoticeCode.SEARCH_REDUCED
            assert "Entra ID login" in notice.message
            assert "AZURE_OPENAI_EMBEDDING_DEPLOYMENT" not in notice.message
            await azd.goes_on()
            assert knowledge.embedder
            assert knowledge.embedder._credential
            await asyncio.wait([each.task for each in knowledge.embedder._credential._coming.values()])
            assert (await knowledge.find("abroad")).notices == ()
    assert parts(door) == ["words", "words vector"]
    assert len(azd.asked) == 1


async def test_the_token_for_the_embeddings_is_fetched_before_the_first_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door, azd = ScriptedDoor(), CommandLine(tmp_path, monkeypatch)
    azd.hangs()
    settings = replace(settings_for("127.0.0.1:9"), azure_openai_api_key=None, azure_tenant_id=TENANT)
    async with scripted(door, settings) as knowledge:
        await knowledge.shape()
        await azd.goes_on()  # it was started
        assert knowledge.embedder
        assert knowledge.embedder._credential
        await asyncio.wait([each.task for each in knowledge.embedder._credential._coming.values()])
    assert len(azd.asked) == 1


@pytest.mark.parametrize("definition", [our_index("askaloud"), DEMO.definition, WIZARD.definition])
async def test_a_key_that_looks_like_an_address_is_read_as_it_is(definition: Any) -> None:
    door = ScriptedDoor(dict(definition.as_dict()))
    key = "https://store.example/a b/ä'ö?c=1#page=2%41"
    async with scripted(door) as knowledge:
        shape = await knowledge.shape()
        door.script("read", Answer({shape.key: key, shape.text: "Words."}))
        assert (await knowledge.read(key)).id == key
    (asked,) = (each for each in door.asked if each.what == "read")
    assert unquote(asked.raw) == f"/indexes('askaloud')/docs('{key}')"
    assert asked.raw.count("/") == 2
    assert "?" not in asked.raw
