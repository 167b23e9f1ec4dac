"""The search door as the official client meets it: every route, sync and async, over a real socket."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.search.documents import IndexDocumentsBatch, SearchIndexingBufferedSender
from azure.search.documents.indexes.models import SearchField
from tests.local_azure.search.clients import INDEX, KEY, PASSAGES, Caller, ids, passages_index


@pytest.fixture
async def filled(client: Caller) -> Caller:
    await client.indexes("create_index", passages_index())
    await client.documents("upload_documents", PASSAGES)
    return client


@pytest.fixture
async def passages(one_client: Caller) -> Caller:
    await one_client.indexes("create_index", passages_index())
    await one_client.documents("upload_documents", PASSAGES)
    return one_client


async def raw(address: str, method: str, path: str, **options: Any) -> tuple[int, Any]:
    """A request as no client of Azure would send it."""
    async with aiohttp.request(method, f"{address}{path}", headers={"api-key": KEY, **options.pop("headers", {})}, **options) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_an_index_is_created_read_listed_counted_and_deleted(client: Caller) -> None:
    made = await client.indexes("create_index", passages_index())
    assert made.e_tag
    read = await client.indexes("get_index", INDEX)
    assert [field.name for field in read.fields] == [field.name for field in passages_index().fields]
    assert read.vector_search.profiles[0].algorithm_configuration_name == "hnsw"
    assert read.semantic_search.configurations[0].prioritized_fields.title_field.field_name == "title"
    assert await client.indexes("list_index_names") == [INDEX]
    assert (await client.indexes("get_index_statistics", INDEX))["documentCount"] == 0
    await client.indexes("delete_index", INDEX)
    with pytest.raises(ResourceNotFoundError):
        await client.indexes("get_index", INDEX)


async def test_an_index_cannot_be_created_twice(client: Caller) -> None:
    await client.indexes("create_index", passages_index())
    with pytest.raises(ResourceExistsError):
        await client.indexes("create_index", passages_index())


async def test_a_new_field_is_taken_and_its_words_are_found_in_documents_written_since(filled: Caller) -> None:
    changed = passages_index(INDEX, SearchField(name="summary", type="Edm.String", searchable=True, analyzer_name="en.lucene"))
    await filled.indexes("create_or_update_index", changed)
    await filled.documents("merge_documents", [{"id": "coffee", "summary": "Espresso"}])
    assert ids(await filled.search("espressos")) == ["coffee"]
    assert ids(await filled.search("abroad")) == ["abroad"]
    assert (await filled.documents("get_document", "abroad"))["summary"] is None


async def test_a_field_that_exists_can_be_neither_changed_nor_taken_away(filled: Caller) -> None:
    for change in (lambda fields: fields.pop(), lambda fields: setattr(fields[1], "filterable", False)):
        index = passages_index()
        change(index.fields)
        with pytest.raises(HttpResponseError, match="Existing field") as refused:
            await filled.indexes("create_or_update_index", index)
        assert refused.value.status_code == 400


async def test_an_etag_that_is_out_of_date_changes_and_deletes_nothing(client: Caller) -> None:
    old = await client.indexes("create_index", passages_index())
    new = await client.indexes("create_or_update_index", passages_index())
    assert old.e_tag != new.e_tag
    for method in ("create_or_update_index", "delete_index"):
        with pytest.raises(ResourceModifiedError):
            await client.indexes(method, old, match_condition=MatchConditions.IfNotModified)
    await client.indexes("delete_index", new, match_condition=MatchConditions.IfNotModified)


async def test_documents_come_back_as_they_went_in(filled: Caller) -> None:
    assert await filled.documents("get_document_count") == 3
    found = await filled.documents("get_document", "abroad")
    assert found == PASSAGES[0] | {"modified": "2026-01-02T01:04:05Z", "code": None, "boxes": None}
    assert await filled.documents("get_document", "coffee", selected_fields=["page", "headings", "vector"]) == {
        "page": 1,
        "headings": [],
        "vector": None,
    }


async def test_a_document_that_is_not_there_is_not_found(filled: Caller) -> None:
    for key in ("none", "a/1", "it's"):
        with pytest.raises(ResourceNotFoundError):
            await filled.documents("get_document", key)


async def test_every_action_says_what_became_of_it(filled: Caller) -> None:
    batch = IndexDocumentsBatch()
    batch.add_upload_actions([{"id": "new", "text": "A new passage."}, {"id": "coffee", "text": "Tea."}])
    batch.add_merge_actions([{"id": "abroad", "page": 8}, {"id": "none", "page": 1}])
    batch.add_merge_or_upload_actions([{"id": "doctor", "page": 10}, {"id": "newer", "page": 2}])
    batch.add_delete_actions([{"id": "new"}, {"id": "never"}])
    results = await filled.documents("index_documents", batch)
    assert [(r.key, r.succeeded, r.status_code) for r in results] == [
        ("new", True, 201),
        ("coffee", True, 200),
        ("abroad", True, 200),
        ("none", False, 404),
        ("doctor", True, 200),
        ("newer", True, 201),
        ("new", True, 200),
        ("never", True, 200),
    ]
    assert await filled.documents("get_document_count") == 4
    assert (await filled.documents("get_document", "coffee"))["title"] is None
    merged = await filled.documents("get_document", "abroad")
    assert (merged["page"], merged["text"], merged["vector"]) == (8, PASSAGES[0]["text"], [0.25, 0.5, 1.0])
    assert ids(await filled.search("beans")) == []
    assert ids(await filled.search("tea")) == ["coffee"]


async def test_a_document_that_cannot_be_stored_fails_alone(filled: Caller) -> None:
    bad: list[dict[str, Any]] = [
        {"id": "a/1"},
        {"id": "_a"},
        {"id": ""},
        {"id": "k" * 1025},
        {"id": "short", "vector": [1.0, 2.0]},
        {"id": "long", "source": "x" * 40_000},
        {"id": "cut", "source": "manual\0secret"},
        {"id": "cut-in-a-list", "groups": ["all", "board\0secret"]},
    ]
    results = await filled.documents("upload_documents", [*bad, {"id": "good", "text": "Not to be \0 filtered by."}])
    assert [(r.succeeded, r.status_code) for r in results] == [(False, 400)] * len(bad) + [(True, 201)]
    assert all(r.error_message for r in results[:-1])
    assert await filled.documents("get_document_count") == 4
    assert await filled.search("*", filter="groups/any(g: search.in(g, 'board'))") == []


async def test_a_batch_with_an_unknown_field_or_a_wrong_type_stores_nothing(filled: Caller) -> None:
    for wrong in ({"colour": "red"}, {"page": "seven"}, {"groups": "all"}, {"modified": "yesterday"}, {"vector": "near"}, {"page": 2**31}):
        with pytest.raises(HttpResponseError) as refused:
            await filled.documents("upload_documents", [{"id": "fine"}, {"id": "wrong", **wrong}])
        assert refused.value.status_code == 400
    assert await filled.documents("get_document_count") == 3


async def test_the_buffered_sender_sends(address: str, one_client: Caller) -> None:
    await one_client.indexes("create_index", passages_index())

    def send() -> None:
        from azure.core.credentials import AzureKeyCredential

        with SearchIndexingBufferedSender(address, INDEX, AzureKeyCredential(KEY)) as sender:
            sender.upload_documents([{"id": f"d{n}", "page": n} for n in range(600)])
            sender.flush()

    await asyncio.to_thread(send)
    assert await one_client.documents("get_document_count") == 600


async def test_the_passage_that_answers_comes_first(filled: Caller) -> None:
    found = await filled.search("How many days can I work from abroad?", top=2, select=["id", "page"])
    assert ids(found)[0] == "abroad"
    assert found[0]["page"] == 7
    assert "text" not in found[0]
    scores = [one["@search.score"] for one in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


async def test_the_mode_says_whether_any_word_or_every_word_must_match(filled: Caller) -> None:
    assert set(ids(await filled.search("manager machine", search_mode="any"))) == {"abroad", "doctor", "coffee"}
    assert ids(await filled.search("manager machine", search_mode="all")) == []
    assert ids(await filled.search("manager notes", search_mode="all")) == ["doctor"]


async def test_the_simple_syntax_has_phrases_prefixes_and_operators(filled: Caller) -> None:
    for query, expected in {
        '"work from abroad"': {"abroad"},
        '"abroad work"': set(),
        "desc*": {"coffee"},
        "manager +office": {"doctor"},
        "manager -office": {"abroad"},
        "(office | beans) + (month | days)": {"doctor", "coffee"},
    }.items():
        assert set(ids(await filled.search(query, search_mode="all"))) == expected, query


async def test_a_search_can_be_kept_to_some_fields(filled: Caller) -> None:
    assert set(ids(await filled.search("coffee handbook", search_fields=["title"]))) == {"abroad", "doctor", "coffee"}
    assert ids(await filled.search("handbook", search_fields=["text"])) == []
    assert ids(await filled.search("CM-100*", search_fields=["code"])) == ["coffee"]
    assert ids(await filled.search("100", search_fields=["code"])) == []


async def test_a_filter_keeps_out_what_others_may_not_read(filled: Caller) -> None:
    for text, expected in {
        "groups/any(g: search.in(g, 'hr,board'))": ["abroad"],
        "groups/any(g: g eq 'all') and page gt 7": ["doctor"],
        "not groups/any()": ["coffee"],
        "draft": ["doctor"],
        "draft ne true": ["abroad", "coffee"],
        "length eq null or length lt 2": ["abroad", "coffee"],
        "modified ge 2026-01-02T01:04:05Z and modified lt 2026-02-01T00:00:00+01:00": ["abroad"],
        "source eq 'handbook' and id gt 'abroad'": ["doctor"],
    }.items():
        assert ids(await filled.search("*", filter=text, order_by=["id"])) == expected, text
    assert ids(await filled.search("manager", filter="page lt 9")) == ["abroad"]


async def test_documents_are_ordered_by_fields_and_by_score(filled: Caller) -> None:
    assert ids(await filled.search("*", order_by=["page desc"])) == ["doctor", "abroad", "coffee"]
    assert ids(await filled.search("*", order_by=["length", "id desc"])) == ["coffee", "abroad", "doctor"]
    assert ids(await filled.search("*", order_by=["source desc", "page desc"])) == ["coffee", "doctor", "abroad"]
    assert ids(await filled.search("days manager notes", order_by=["search.score() desc"]))[0] == "doctor"


async def test_the_count_is_of_all_that_match(filled: Caller) -> None:
    assert await filled.counted("*", top=1) == 3
    assert await filled.counted("manager", top=0) == 2
    assert await filled.counted("the of", top=1) == 0


async def test_hits_are_marked(filled: Caller) -> None:
    found = await filled.search("working abroad", highlight_fields="text-1,headings", top=1)
    assert found[0]["@search.highlights"] == {
        "text": ["You may <em>work</em> from <em>abroad</em> for up to 20 days a year."],
        "headings": ["<em>Working</em>", "From <em>abroad</em>"],
    }
    tagged = await filled.search("months", highlight_fields="text", highlight_pre_tag="[", highlight_post_tag="]")
    assert tagged[0]["@search.highlights"] == {"text": ["Descale the machine every [month]."]}


async def test_without_a_top_the_client_gets_everything_page_by_page(one_client: Caller) -> None:
    await one_client.indexes("create_index", passages_index())
    await one_client.documents("upload_documents", [{"id": f"{n:04}", "page": n} for n in range(120)])
    assert ids(await one_client.search("*", order_by=["id desc"], filter="page ge 5")) == [f"{n:04}" for n in range(119, 4, -1)]
    assert len(await one_client.search("*", top=70)) == 70
    assert ids(await one_client.search("*", order_by=["id"], skip=118)) == ["0118", "0119"]


async def test_more_than_a_thousand_come_in_several_pages(one_client: Caller) -> None:
    await one_client.indexes("create_index", passages_index())
    for start in (0, 800):
        await one_client.documents("upload_documents", [{"id": f"{n:04}"} for n in range(start, start + 800)])
    assert ids(await one_client.search("*", order_by=["id"], top=1500)) == [f"{n:04}" for n in range(1500)]
