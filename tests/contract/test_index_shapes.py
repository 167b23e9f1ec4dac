"""Four indexes as different people make them, each made by the official client from its published definition at the stand-in's search door:
the same questions find the right document in each of them, through the tool that the model calls, and over real sockets.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.search.documents.aio import SearchClient
from azure.search.documents.indexes.aio import SearchIndexClient
from openai import AsyncOpenAI
from tests.askaloud.knowledge.index_shapes import DEMO, OURS, PASSAGES, QUESTIONS, SHAPES, VOICERAG, WIZARD, IndexShape
from tests.askaloud.knowledge.search_doors import KEY
from tests.serving import serving

from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.passage import Passage
from askaloud.knowledge.tools import toolbox
from askaloud.settings import SearchDoor, Settings
from askaloud.tool import Call, Caller, Outcome
from local_azure.app import create_app
from local_azure.search.store import Store

ROWS = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())


@dataclass(frozen=True)
class Made:
    """An index that was made and filled, and the address of its door."""

    address: str
    shape: IndexShape

    @asynccontextmanager
    async def opened(self, settings: Settings | None = None) -> AsyncIterator[KnowledgeBase]:
        """Our knowledge base over it."""
        door = SearchDoor(f"http://{self.address}", self.shape.name, KEY, "stand-in")
        knowledge = await KnowledgeBase.open(door, settings or self.shape.settings)
        try:
            yield knowledge
        finally:
            await knowledge.close()


@asynccontextmanager
async def made(folder: Path, shape: IndexShape) -> AsyncIterator[Made]:
    """The index, made and filled by the official clients as its makers would."""
    store = Store(folder / "index.sqlite")
    await store.open()
    try:
        async with serving(create_app(KEY, store, None)) as address:
            async with AsyncOpenAI(base_url=f"http://{address}/openai/v1", api_key=KEY) as model:
                texts = [passage.text for passage in PASSAGES]
                answer = await model.embeddings.create(input=texts, model="text-embedding-3-large", dimensions=shape.vector[1])
            async with SearchIndexClient(f"http://{address}", AzureKeyCredential(KEY)) as indexes:
                await indexes.create_index(shape.definition)
            async with SearchClient(f"http://{address}", shape.name, AzureKeyCredential(KEY)) as documents:
                taken = await documents.upload_documents(shape.filled([each.embedding for each in answer.data]))
            assert all(each.succeeded for each in taken)
            yield Made(address, shape)
    finally:
        await store.close()


async def asked(knowledge: KnowledgeBase, question: str) -> Outcome:
    def address(passage: Passage) -> tuple[str | None, str | None]:
        return None, None

    search = toolbox(knowledge, address=address).named("search")
    assert search is not None
    return await search.run(Call("call_1", {"query": question}, Caller("anonymous")))


@ROWS
async def test_the_same_questions_find_the_right_document_and_page(tmp_path: Path, shape: IndexShape) -> None:
    async with made(tmp_path, shape) as index, index.opened() as knowledge:
        for question, (file, page) in QUESTIONS.items():
            outcome = await asked(knowledge, question)
            best = outcome.sources[0]
            text = next(passage.text for passage in PASSAGES if (passage.file, passage.page) == (file, page))
            assert (best.title, best.text) == (file, text), question
            assert best.page == (page if shape.has_page else None)
            assert best.excerpt in text
            assert outcome.notices == ()


@ROWS
async def test_each_passage_is_read_again_by_its_key(tmp_path: Path, shape: IndexShape) -> None:
    async with made(tmp_path, shape) as index, index.opened() as knowledge:
        for question in QUESTIONS:
            (found, *_) = await knowledge.search(question)
            read = await knowledge.read(found.id)
            assert (read.id, read.text, read.title, read.page) == (found.id, found.text, found.title, found.page)
    assert any("=" in document[shape.definition.fields[0].name] for document in shape.filled([[0.0]] * len(PASSAGES))) is not shape.has_page


@ROWS
async def test_words_that_are_misspelt_are_found_by_vector(tmp_path: Path, shape: IndexShape) -> None:
    async with made(tmp_path, shape) as index:
        async with index.opened() as knowledge:
            assert [each.title for each in await knowledge.search("deskaling koffee masheen", top=1)] == ["facilities.pdf"]
        async with index.opened(replace(shape.settings, azure_search_use_vector_query=False)) as knowledge:
            assert await knowledge.search("deskaling koffee masheen") == []


def test_the_wizards_index_needs_no_setting_but_its_name() -> None:
    usual = Settings()
    changed = {each.name for each in fields(Settings) if getattr(WIZARD.settings, each.name) != getattr(usual, each.name)}
    assert changed == {"azure_search_index"}


FOUND = {
    "VoiceRAG's": (VOICERAG, "text_vector, 3072 numbers, with a vectorizer of the index's own", "by 'default'", "not found: sources"),
    "azure-search-openai-demo's": (
        DEMO,
        "embedding, 1024 numbers, without a vectorizer of the index's own",
        "no, though the index has 'default' (AZURE_SEARCH_SEMANTIC_CONFIGURATION)",
        "sourcepage",
    ),
    "the portal wizard's": (WIZARD, "text_vector, 1536 numbers, with", "no, though the index has", "not found: sources have no page"),
    "our own": (OURS, "vector, 1536 numbers, without", "no, though the index has 'default'", "page"),
}


@pytest.mark.parametrize(("shape", "vector", "semantic", "page"), FOUND.values(), ids=FOUND.keys())
async def test_what_was_found_is_told_with_the_setting_that_names_what_was_not(
    tmp_path: Path, shape: IndexShape, vector: str, semantic: str, page: str
) -> None:
    async with made(tmp_path, shape) as index, index.opened() as knowledge:
        rows = dict(await knowledge.inventory())
    assert rows["vector"].startswith(vector)
    assert rows["semantic ranking"].startswith(semantic)
    assert rows["page"].startswith(page)
    assert rows["both at once"] == "yes"


async def test_what_names_groups_or_people_is_found_by_them_alone(tmp_path: Path) -> None:
    readers = {1: {"groups": ["board"]}, 2: {"oids": ["me"]}, 4: {"oids": ["me"], "groups": ["board"]}}
    async with made(tmp_path, DEMO) as index, index.opened() as knowledge:
        async with SearchClient(f"http://{index.address}", DEMO.name, AzureKeyCredential(KEY)) as documents:
            rows = [DEMO.document(passage) for passage in PASSAGES]
            changes = [{"id": row["id"], **readers.get(passage.page, {})} for row, passage in zip(rows, PASSAGES, strict=True)]
            await documents.merge_documents(changes)

        async def pages(**reader: str) -> set[int | None]:
            groups = (reader["group"],) if "group" in reader else ()
            words = "laptop car park coffee machine abroad parental leave train"
            return {each.page for each in (await knowledge.find(words, groups=groups, person=reader.get("person"), top=20)).passages}

        everybody: set[int | None] = {7, 9, 12}
        assert await pages() == everybody
        assert await pages(person="anonymous") == everybody
        assert await pages(group="board") == everybody | {1, 4}
        assert await pages(person="me") == everybody | {2, 4}
        assert await pages(person="me", group="board") == everybody | {1, 2, 4}
