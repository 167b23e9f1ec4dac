from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.askaloud.knowledge.embedding_model import ScriptedModel, settings_for
from tests.askaloud.knowledge.records import record
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit, scripted, standing_in
from tests.askaloud.signing_in import TENANT, CommandLine
from tests.serving import serving

from askaloud.errors import KnowledgeError
from askaloud.knowledge.embed import TEXTS_AT_ONCE, embeddings_base, open_embedder
from askaloud.settings import Settings


def test_without_a_deployment_or_an_endpoint_there_is_no_embedder() -> None:
    assert open_embedder(replace(settings_for("127.0.0.1:9"), azure_openai_endpoint=None)) is None
    assert open_embedder(replace(settings_for("127.0.0.1:9"), azure_openai_embedding_deployment=None)) is None


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://r.openai.azure.com",
        "https://r.openai.azure.com/",
        "wss://r.openai.azure.com/openai",
        "https://r.openai.azure.com/openai/v1",
    ],
)
def test_the_address_is_found_however_the_endpoint_is_written(endpoint: str) -> None:
    assert embeddings_base(endpoint) == "https://r.openai.azure.com/openai/v1"


@pytest.mark.parametrize("endpoint", ["https://r.services.ai.azure.com/api/projects/p", "wss://r.services.ai.azure.com/openai/v1/realtime"])
def test_a_project_of_foundry_is_asked_at_its_resource(endpoint: str) -> None:
    assert embeddings_base(endpoint) == "https://r.services.ai.azure.com/openai/v1"


async def test_texts_become_vectors_in_their_order_in_requests_of_a_bounded_size() -> None:
    model = ScriptedModel()
    async with serving(model.app) as address:
        embedder = open_embedder(settings_for(address))
        assert embedder is not None
        made = await embedder.vectors(["x" * length for length in range(TEXTS_AT_ONCE + 3)], None)
        await embedder.close()
    assert [vector[0] for vector in made] == list(range(TEXTS_AT_ONCE + 3))
    assert [len(asked["input"]) for asked in model.asked] == [TEXTS_AT_ONCE, 3]
    assert {asked["model"] for asked in model.asked} == {"small"}


async def test_the_length_is_named_only_where_the_models_own_is_another() -> None:
    model = ScriptedModel()
    async with serving(model.app) as address:
        embedder = open_embedder(settings_for(address))
        assert embedder is not None
        assert len((await embedder.vectors(["a"], 4))[0]) == 4
        assert "dimensions" not in model.asked[0]
        assert len((await embedder.vectors(["a"], 8))[0]) == 8
        assert len((await embedder.vectors(["b"], 8))[0]) == 8
        await embedder.close()
    assert [asked.get("dimensions") for asked in model.asked] == [None, None, 8, 8]


@pytest.mark.parametrize("body", [{"data": []}, {"data": [{"embedding": [1.0], "index": 0}] * 2}, {}, [], {"data": [{"index": 0}]}])
async def test_garbage_is_a_notice_that_names_the_setting(body: Any) -> None:
    model = ScriptedModel(body=body)
    async with serving(model.app) as address:
        embedder = open_embedder(settings_for(address))
        assert embedder is not None
        with pytest.raises(KnowledgeError, match="AZURE_OPENAI_EMBEDDING_DEPLOYMENT"):
            await embedder.vectors(["a"], 4)
        await embedder.close()


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "AZURE_OPENAI_API_KEY"), (404, "no embedding deployment of the name"), (400, "status 400")]
)
async def test_a_refusal_is_a_notice_without_the_services_words(status: int, reason: str) -> None:
    model = ScriptedModel(status=status, body={"error": {"message": "planted words", "code": "DeploymentNotFound"}})
    async with serving(model.app) as address:
        embedder = open_embedder(settings_for(address))
        assert embedder is not None
        with pytest.raises(KnowledgeError, match=reason) as raised:
            await embedder.vectors(["a"], 4)
        await embedder.close()
    assert "AZURE_OPENAI_EMBEDDING_DEPLOYMENT" in raised.value.notice.message
    assert "planted" not in str(raised.value)


async def test_a_login_that_fails_is_a_notice_that_names_it_and_not_the_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureDeveloperCliCredential")
    CommandLine(tmp_path, monkeypatch).fails()
    embedder = open_embedder(replace(settings_for("127.0.0.1:9"), azure_openai_api_key=None, azure_tenant_id=TENANT))
    assert embedder is not None
    with pytest.raises(KnowledgeError, match="Entra ID") as raised:
        await embedder.vectors(["a"], 4)
    await embedder.close()
    assert "AADSTS" not in str(raised.value)
    assert "AZURE_OPENAI_EMBEDDING_DEPLOYMENT" not in str(raised.value)


async def test_a_search_goes_by_words_and_by_the_vector_of_the_question() -> None:
    model, door = ScriptedModel(), ScriptedDoor()
    door.script("search", Answer({"value": [hit()]}))
    async with serving(model.app) as address, scripted(door, settings_for(address)) as knowledge:
        await knowledge.search("abroad")
    (sent,) = door.bodies("search")
    assert sent["search"] == "abroad"
    (query,) = sent["vectorQueries"]
    assert (query["kind"], query["fields"], query["vector"][0], len(query["vector"])) == ("vector", "vector", 6.0, 1536)


async def test_vectors_can_be_switched_off() -> None:
    model, door = ScriptedModel(), ScriptedDoor()
    async with serving(model.app) as address:
        settings = replace(settings_for(address), azure_search_use_vector_query=False)
        async with scripted(door, settings) as knowledge:
            await knowledge.search("abroad")
    assert model.asked == []
    assert "vectorQueries" not in door.bodies("search")[0]


@pytest.mark.parametrize("model", [ScriptedModel(status=400, body={"error": {"message": "no"}}), ScriptedModel(hangs=True)])
async def test_a_search_goes_on_by_words_alone_when_there_is_no_vector(model: ScriptedModel) -> None:
    door = ScriptedDoor()
    door.script("search", Answer({"value": [hit()]}))
    async with serving(model.app) as address, scripted(door, settings_for(address), deadline_s=3.0) as knowledge:
        assert [found.id for found in await knowledge.search("abroad")] == ["p1"]
    assert "vectorQueries" not in door.bodies("search")[0]


async def test_a_service_that_refuses_vectors_is_asked_by_words_from_then_on() -> None:
    model, door = ScriptedModel(), ScriptedDoor()
    door.script("search", Answer({"error": {"code": "", "message": "no vectors here"}}, 400), *[Answer({"value": [hit()]})] * 2)
    async with serving(model.app) as address, scripted(door, settings_for(address)) as knowledge:
        for _ in range(2):
            assert [found.id for found in await knowledge.search("abroad")] == ["p1"]
    assert ["vectorQueries" in body for body in door.bodies("search")] == [True, False, False]


async def test_one_refusal_that_the_words_alone_meet_too_says_nothing_about_vectors() -> None:
    model, door = ScriptedModel(), ScriptedDoor()
    refusal = Answer({"error": {"code": "", "message": "not this"}}, 400)
    door.script("search", refusal, refusal, Answer({"value": [hit()]}))
    async with serving(model.app) as address, scripted(door, settings_for(address)) as knowledge:
        with pytest.raises(KnowledgeError):
            await knowledge.search("abroad")
        assert [found.id for found in await knowledge.search("abroad")] == ["p1"]
    assert ["vectorQueries" in body for body in door.bodies("search")] == [True, False, True]


async def test_an_index_with_a_vectorizer_is_left_to_embed_the_question_itself() -> None:
    model = ScriptedModel()
    door = ScriptedDoor(
        {
            "name": "askaloud",
            "fields": [
                {"name": "chunk_id", "type": "Edm.String", "key": True},
                {"name": "chunk", "type": "Edm.String", "searchable": True},
                {"name": "v", "type": "Collection(Edm.Single)", "dimensions": 4, "vectorSearchProfile": "p", "searchable": True},
            ],
            "vectorSearch": {"profiles": [{"name": "p", "algorithm": "a", "vectorizer": "z"}]},
        }
    )
    async with serving(model.app) as address, scripted(door, settings_for(address)) as knowledge:
        await knowledge.search("abroad")
    assert door.bodies("search")[0]["vectorQueries"] == [{"kind": "text", "text": "abroad", "k": 50, "fields": "v"}]
    assert model.asked == []


def test_what_is_embedded_carries_its_title_and_headings() -> None:
    from askaloud.indexing.plan import embedded_text

    assert embedded_text(record("p1", "Thirty days.")) == "Handbook\nLeave\nAbroad\nThirty days."


async def test_the_stand_in_embeds_passages_and_questions_so_that_a_misspelt_word_is_found(tmp_path: Path) -> None:
    texts = {"a": "Descale the coffee machine every month.", "b": "You may work from abroad for 20 days."}
    async with standing_in(tmp_path, Settings(azure_openai_embedding_deployment="any")) as knowledge:
        await knowledge.create()
        assert knowledge.embedder is not None
        made = await knowledge.embedder.vectors(list(texts.values()), 1536)
        records = [record(id, text, headings=(), vector=vector) for (id, text), vector in zip(texts.items(), made, strict=True)]
        assert (await knowledge.put(records)).taken == 2
        assert [passage.id for passage in await knowledge.search("deskaling koffee", top=1)] == ["a"]
        assert [passage.id for passage in await knowledge.search("workers abroad", top=1)] == ["b"]
