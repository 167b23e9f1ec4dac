"""Pull mode against a scripted search service: every request that the official client makes for it, and every way in which it can end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.askaloud.knowledge.indexer_door import IndexerDoor, run, wrong
from tests.planted import secret
from tests.serving import serving

from askaloud.errors import IndexingError, KnowledgeError
from askaloud.indexing.pull import Pulled, pull, pull_of
from askaloud.knowledge.indexers import Failed
from askaloud.knowledge.schema import our_index
from askaloud.settings import SearchDoor, Settings

KEY = secret("search-key")
ACCOUNT = f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={secret('account-key')};EndpointSuffix=core.windows.net"
SETTINGS = Settings(
    azure_openai_endpoint="wss://mine.openai.azure.com/openai/v1",
    azure_openai_api_key=secret("openai-key"),
    azure_openai_embedding_deployment="our-text-embedding-3-large",
    storage_connection=ACCOUNT,
)
AZURE = SearchDoor("https://x.search.windows.net", "askaloud", KEY, "azure")


async def pulled(
    door: IndexerDoor, settings: Settings = SETTINGS, told: list[tuple[str, int, int]] | None = None, **options: Any
) -> Pulled:
    async with serving(door.app) as address:
        search = SearchDoor(f"http://{address}", "askaloud", KEY, "azure")
        wanted = pull_of(search, settings, "rules", "documents/handbooks")
        progress = (lambda *now: told.append(now)) if told is not None else (lambda *_: None)
        return await pull(wanted, search, settings, progress=progress, look_every_s=0.0, **options)


async def test_everything_is_set_up_run_and_waited_for_in_order() -> None:
    door = IndexerDoor([None, None, run(1, "inProgress", itemsProcessed=3), run(1, itemsProcessed=7)])
    told: list[tuple[str, int, int]] = []
    result = await pulled(door, told=told)
    name = result.pull.name
    assert door.calls() == [
        f"GET /indexers('{name}')/search.status",
        "GET /indexes('askaloud')",
        "POST /indexes",
        f"PUT /datasources('{name}')",
        f"PUT /skillsets('{name}')",
        f"PUT /indexers('{name}')",
        f"POST /indexers('{name}')/search.run",
        f"GET /indexers('{name}')/search.status",
    ]
    assert {each.headers["Api-Key"] for each in door.asked} == {KEY}
    assert {each.path.partition("?")[2] for each in door.asked} == {"api-version=2026-04-01"}
    assert (result.run.documents, result.run.failed, result.failed) == (7, 0, False)
    assert told == [("setting up", 0, 1), ("setting up", 1, 1), ("indexing", 3, 0), ("indexing", 7, 0)]


async def test_the_data_source_is_the_folder_of_the_container_and_notices_what_is_deleted() -> None:
    door = IndexerDoor([None, run(1)])
    name = (await pulled(door)).pull.name
    assert door.sent("/datasources") == {
        "name": name,
        "type": "azureblob",
        "credentials": {"connectionString": ACCOUNT},
        "container": {"name": "documents", "query": "handbooks"},
        "dataDeletionDetectionPolicy": {"@odata.type": "#Microsoft.Azure.Search.NativeBlobSoftDeleteDeletionDetectionPolicy"},
    }


async def test_the_skillset_cuts_embeds_and_writes_passages_of_our_shape() -> None:
    door = IndexerDoor([None, run(1)])
    await pulled(door)
    sent = door.sent("/skillsets")
    skills = {skill["name"]: skill for skill in sent["skills"]}
    split, embed, source, title = (skills[name] for name in ("split", "embed", "source", "title"))
    assert (split["@odata.type"], split["textSplitMode"]) == ("#Microsoft.Skills.Text.SplitSkill", "pages")
    assert split["inputs"] == [{"name": "text", "source": "/document/content"}]
    assert split["outputs"] == [{"name": "textItems", "targetName": "pages"}]
    assert {key: value for key, value in embed.items() if key not in {"inputs", "outputs"}} == {
        "@odata.type": "#Microsoft.Skills.Text.AzureOpenAIEmbeddingSkill",
        "name": "embed",
        "context": "/document/pages/*",
        "resourceUri": "https://mine.openai.azure.com",
        "deploymentId": "our-text-embedding-3-large",
        "modelName": "text-embedding-3-large",
        "dimensions": 1536,
        "apiKey": secret("openai-key"),
    }
    assert {each["source"] for each in source["inputs"]} == {"= $(/document/metadata_storage_path) == null", "= 'rules'"}
    assert [each["source"] for each in title["inputs"]][1:] == ["/document/metadata_storage_name", "/document/metadata_title"]
    (selector,) = sent["indexProjections"]["selectors"]
    fields = {field.name for field in our_index("x").fields}
    assert (selector["targetIndexName"], selector["parentKeyFieldName"]) == ("askaloud", "document_id")
    assert selector["sourceContext"] == "/document/pages/*"
    assert {each["name"]: each["source"] for each in selector["mappings"]} == {
        "text": "/document/pages/*",
        "vector": "/document/pages/*/vector",
        "title": "/document/askaloud_title",
        "source": "/document/askaloud_source",
        "path": "/document/metadata_storage_path",
        "modified": "/document/metadata_storage_last_modified",
    }
    assert {each["name"] for each in selector["mappings"]} <= fields
    assert sent["indexProjections"]["parameters"] == {"projectionMode": "skipIndexingParentDocuments"}


async def test_the_indexer_goes_on_over_documents_that_fail_and_the_index_takes_projections() -> None:
    door = IndexerDoor([None, run(1)])
    name = (await pulled(door)).pull.name
    sent = door.sent("/indexers")
    assert (sent["dataSourceName"], sent["skillsetName"], sent["targetIndexName"]) == (name, name, "askaloud")
    assert (sent["parameters"]["maxFailedItems"], sent["parameters"]["maxFailedItemsPerBatch"]) == (-1, -1)
    assert sent["parameters"]["configuration"]["failOnUnprocessableDocument"] is False
    assert "schedule" not in sent
    (key,) = (field for field in door.sent("/indexes")["fields"] if field.get("key"))
    assert (key["name"], key["searchable"], key["analyzer"]) == ("id", True, "keyword")


async def test_without_a_deployment_nothing_is_embedded() -> None:
    door = IndexerDoor([None, run(1)])
    result = await pulled(door, replace(SETTINGS, azure_openai_embedding_deployment=None))
    sent = door.sent("/skillsets")
    assert "embed" not in {skill["name"] for skill in sent["skills"]}
    assert "vector" not in {each["name"] for each in sent["indexProjections"]["selectors"][0]["mappings"]}
    assert result.pull.embedding is None


async def test_a_run_of_before_is_not_taken_for_this_one_and_one_under_way_is_waited_for() -> None:
    index = dict(our_index("askaloud").as_dict())
    index["fields"][0] |= {"searchable": True, "analyzer": "keyword"}
    door = IndexerDoor([run(1, itemsProcessed=99), run(1, itemsProcessed=99), run(2, itemsProcessed=4)], index)
    assert (await pulled(door)).run.documents == 4
    assert "POST /indexes" not in door.calls()
    door = IndexerDoor([run(1, "inProgress"), run(1, "inProgress"), run(1, itemsProcessed=5)], index)
    assert (await pulled(door)).run.documents == 5


async def test_an_indexer_that_runs_already_need_not_be_started() -> None:
    door = IndexerDoor([None, run(1)])
    name = (await pulled(door)).pull.name
    again = IndexerDoor([None, run(1)], answers={f"/indexers('{name}')/search.run": [wrong(409)]})
    assert (await pulled(again)).run.well


async def test_each_document_that_failed_is_told_with_its_reason_and_without_our_keys() -> None:
    errors = [
        {"key": "a.pdf", "errorMessage": f"The document is encrypted. {secret('account-key')}", "statusCode": 400},
        {"key": None, "errorMessage": "Too large.\n" + "x" * 1000, "statusCode": 413},
    ]
    door = IndexerDoor([None, run(1, itemsProcessed=9, itemsFailed=2, errors=errors)])
    result = await pulled(door)
    first, second = result.run.failures
    assert result.failed
    assert first == Failed("a.pdf", "The document is encrypted. …")
    assert (second.document, len(second.reason)) == ("a document", 301)


async def test_a_run_that_fails_as_a_whole_says_why() -> None:
    door = IndexerDoor([None, run(1, "transientFailure", errorMessage="The container was not found.")])
    result = await pulled(door)
    assert (result.failed, result.run.well, result.run.reason) == (True, False, "The container was not found.")


REFUSED = [("/datasources(", "the data source"), ("/skillsets(", "the skillset"), ("/indexers('{name}')?", "the indexer")]


@pytest.mark.parametrize(("path", "what"), REFUSED)
async def test_a_part_that_is_not_taken_is_named_with_the_reason_and_without_our_keys(path: str, what: str) -> None:
    name = pull_of(AZURE, SETTINGS, "rules", "documents").name
    door = IndexerDoor([None, run(1)], answers={path.format(name=name): [wrong(400, f"Credentials {ACCOUNT} are wrong")]})
    with pytest.raises(KnowledgeError) as raised:
        await pulled(door)
    assert raised.value.notice.message.startswith(f"The search service did not take {what}: ")
    assert "Credentials … are wrong" in raised.value.notice.message
    assert secret("account-key") not in str(raised.value)


async def test_an_index_that_was_made_for_folders_is_not_filled() -> None:
    door = IndexerDoor([None], dict(our_index("askaloud").as_dict()))
    with pytest.raises(KnowledgeError, match="name another with --index"):
        await pulled(door)
    assert [call for call in door.calls() if not call.startswith("GET")] == []


async def test_a_wrong_key_and_a_busy_service_are_what_they_are_elsewhere() -> None:
    with pytest.raises(KnowledgeError, match="AZURE_SEARCH_API_KEY"):
        await pulled(IndexerDoor([None], answers={"/": [wrong(403)]}))
    busy = IndexerDoor([None, run(1)], answers={"/skillsets": [wrong(503)]})
    assert (await pulled(busy)).run.well


async def test_a_run_without_end_is_a_sentence() -> None:
    with pytest.raises(IndexingError, match="is still running"):
        await pulled(IndexerDoor([None, run(1, "inProgress")]), wait_at_most_s=0.2)


def test_what_is_missing_is_said_before_anything_is_asked() -> None:
    with pytest.raises(IndexingError, match="The stand-in has no indexers"):
        pull_of(replace(AZURE, kind="stand-in"), SETTINGS, "rules", "documents")
    with pytest.raises(IndexingError, match="ASKALOUD_STORAGE_CONNECTION"):
        pull_of(AZURE, replace(SETTINGS, storage_connection=None), "rules", "documents")
    with pytest.raises(IndexingError, match="a quote or a backslash"):
        pull_of(AZURE, SETTINGS, "people's rules", "documents")
    unnamed = replace(SETTINGS, azure_openai_embedding_deployment="embedder")
    with pytest.raises(IndexingError, match="--embedding-model"):
        pull_of(AZURE, unnamed, "rules", "documents")
    made = pull_of(AZURE, unnamed, "rules", "/documents/", "text-embedding-ada-002")
    assert made.embedding is not None
    assert (made.container, made.folder, made.embedding.model) == ("documents", None, "text-embedding-ada-002")


def test_what_is_secret_is_not_shown() -> None:
    made = pull_of(AZURE, SETTINGS, "rules", "documents")
    assert "planted-secret" not in repr(made) + repr(SETTINGS)
