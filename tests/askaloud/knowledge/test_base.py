"""The knowledge base through the official client: against the stand-in's search door, and against a door in trouble."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path

import pytest
from quart import Quart
from tests.askaloud.knowledge.index_shapes import WIZARD
from tests.askaloud.knowledge.records import record
from tests.askaloud.knowledge.search_doors import INDEX, KEY, Answer, ScriptedDoor, hit, scripted, standing_in
from tests.serving import serving

from askaloud.errors import KnowledgeError, NoticeCode, PassageNotFound
from askaloud.knowledge.base import LIST_AT_ONCE, KnowledgeBase
from askaloud.knowledge.passage import Box, Passage
from askaloud.settings import SearchDoor, Settings

SHORT_S, LATE_S = 0.3, 2.0  # the second where another search must not come too late, on a machine that does much else
QUESTION = "a question that nobody may log"


async def failing(door: ScriptedDoor, *, deadline_s: float = 5.0) -> KnowledgeError:
    async with scripted(door, deadline_s=deadline_s) as knowledge:
        with pytest.raises(KnowledgeError) as raised:
            await knowledge.search(QUESTION)
    return raised.value


async def test_what_is_put_is_found_read_counted_and_removed(tmp_path: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        await knowledge.create()
        written = await knowledge.put(
            [record("p1", "You can work from abroad for 30 days."), record("p2", "Lunch.", page=None, headings=())]
        )
        assert (written.taken, written.refused) == (2, ())
        (found,) = await knowledge.search("work from abroad")
        assert found.id == "p1"
        assert found.score > 0
        assert found.excerpt == "You can work from abroad for 30 days."
        read = await knowledge.read("p1")
        assert read == Passage(
            id="p1",
            text="You can work from abroad for 30 days.",
            title="Handbook",
            page=7,
            headings=("Leave", "Abroad"),
            source="handbooks",
            path="handbook.pdf",
            document_id="d1",
            boxes=(Box(0.1, 0.2, 0.9, 0.25),),
            excerpt="You can work from abroad for 30 days.",
        )
        assert (await knowledge.read("p2")).page is None
        assert await knowledge.count() == 2
        await knowledge.check()
        assert (await knowledge.remove(["p1", "never-there"])).refused == ()
        with pytest.raises(PassageNotFound):
            await knowledge.read("p1")


async def test_putting_again_replaces(tmp_path: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        await knowledge.put([record("p1", "Old words.")])
        await knowledge.put([record("p1", "New words.")])
        assert await knowledge.count() == 1
        assert (await knowledge.read("p1")).text == "New words."


async def test_headings_and_titles_are_searched_too(tmp_path: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        await knowledge.put([record("p1", "Ask your manager.", headings=("Sabbatical",)), record("p2", "Ask the desk.", title="Parking")])
        assert [each.id for each in await knowledge.search("sabbatical")] == ["p1"]
        assert [each.id for each in await knowledge.search("parking")] == ["p2"]


async def test_only_what_the_callers_groups_may_read_is_found(tmp_path: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        await knowledge.put(
            [
                record("open", "Salary bands are public."),
                record("board", "Salary of the board.", groups=("board", "owners")),
                record("people", "Salary of everybody.", groups=("people's team",)),
            ]
        )

        async def found(*groups: str) -> set[str]:
            return {each.id for each in await knowledge.search("salary", groups=groups)}

        assert await found() == {"open"}
        assert await found("board") == {"open", "board"}
        assert await found("people's team", "elsewhere") == {"open", "people"}
        assert await found("boar") == {"open"}


async def test_a_source_is_listed_whole_and_alone_however_long(tmp_path: Path) -> None:
    many = [record(f"p{number:05}", f"Words {number}.") for number in range(LIST_AT_ONCE + 7)]
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        await knowledge.put([*many, record("other", source="d'autres")])
        listed = [each async for each in knowledge.listed("handbooks")]
        assert [each.id for each in listed] == [each.id for each in many]
        assert listed[0].path == "handbook.pdf"
        assert listed[0].content_hash == "hash of Words 0."
        assert [each.id async for each in knowledge.listed("d'autres")] == ["other"]


async def test_a_vector_that_was_put_can_be_read_back(tmp_path: Path) -> None:
    vector = tuple(0.5 if number % 2 else -0.25 for number in range(1536))
    async with standing_in(tmp_path) as knowledge:
        await knowledge.create()
        await knowledge.put([record("p1", vector=vector), record("p2")])
        words = record("p1").content_hash
        assert await knowledge.vector("p1", words) == vector
        assert [await knowledge.vector(*other) for other in (("p1", "of other words"), ("p2", words), ("p3", words))] == [None] * 3


async def test_an_empty_index_is_told_from_one_that_has_nothing_fitting(tmp_path: Path) -> None:
    async with standing_in(tmp_path) as knowledge:
        with pytest.raises(KnowledgeError) as missing:
            await knowledge.search("anything")
        await knowledge.create()
        with pytest.raises(KnowledgeError) as empty:
            await knowledge.search("anything")
        with pytest.raises(KnowledgeError) as unready:
            await knowledge.check()
        await knowledge.put([record("p1", "Lunch is at noon.")])
        assert await knowledge.search("zebra") == []
    for raised in (missing, empty, unready):
        assert raised.value.notice.code is NoticeCode.SEARCH_EMPTY
        assert INDEX in raised.value.notice.message


async def test_creating_never_touches_an_index_of_other_people() -> None:
    theirs = {"name": INDEX, "fields": [{"name": "id", "type": "Edm.String", "key": True}, {"name": "content", "type": "Edm.String"}]}
    door = ScriptedDoor(theirs)
    async with scripted(door) as knowledge:
        with pytest.raises(KnowledgeError, match="made by others"):
            await knowledge.create()
    assert door.bodies("create") == []


async def test_what_is_sent_for_a_question_is_what_the_service_expects() -> None:
    door = ScriptedDoor()
    door.script("search", Answer({"value": [hit(**{"@search.highlights": {"text": ["<em>work</em> from abroad"]}})]}))
    async with scripted(door) as knowledge:
        (found,) = await knowledge.search("work abroad", groups=("board",), top=3)
    assert found.excerpt == "You can work from abroad for 30 days."
    assert door.bodies("search") == [
        {
            "search": "work abroad",
            "top": 3,
            "select": "id,text,title,page,headings,source,path,document_id,boxes,groups",
            "filter": "(not groups/any()) or groups/any(g: search.in(g, 'board', ','))",
            "highlight": "text-1",
        }
    ]
    assert {each.headers["Api-Key"] for each in door.asked} == {KEY}
    assert all("api-version=2026-04-01" in each.path for each in door.asked)


async def test_the_definition_is_asked_for_once_and_only_one_page_of_results() -> None:
    door = ScriptedDoor()
    more = {"value": [hit()], "@odata.nextLink": "x", "@search.nextPageParameters": {"search": "again", "skip": 1}}
    door.script("search", Answer(more), Answer(more))
    async with scripted(door) as knowledge:
        await knowledge.search("one")
        await knowledge.search("two")
    assert [each.what for each in door.asked] == ["index", "search", "search"]


async def test_semantic_ranking_is_asked_for_where_a_configuration_is_named() -> None:
    door = ScriptedDoor()
    captioned = hit(**{"@search.rerankerScore": 3.2, "@search.captions": [{"text": "Thirty days.", "highlights": ""}]})
    door.script("search", Answer({"value": [captioned]}))
    async with scripted(door, Settings(azure_search_semantic_configuration="default")) as knowledge:
        (found,) = await knowledge.search("abroad")
    (sent,) = door.bodies("search")
    assert sent["queryType"] == "semantic"
    assert sent["semanticConfiguration"] == "default"
    assert sent["captions"] == "extractive|highlight-false"
    assert sent["semanticErrorHandling"] == "partial"
    assert (found.excerpt, found.score) == ("Thirty days.", 3.2)


async def test_a_query_key_that_may_not_read_the_definition_works_with_the_fields_named() -> None:
    door = ScriptedDoor()
    door.script("index", Answer({"error": {"code": "Forbidden", "message": "no"}}, 403))
    door.script("search", Answer({"value": [{"@search.score": 1, "chunk_id": "c1", "chunk": "Words.", "title": "T"}]}))
    settings = Settings(
        azure_search_identifier_field="chunk_id", azure_search_content_field="chunk", search_groups_field="none", search_people_field="none"
    )
    async with scripted(door, settings) as knowledge:
        (found,) = await knowledge.search("words")
    assert (found.id, found.text) == ("c1", "Words.")


async def test_a_key_that_may_not_read_the_definition_is_told_what_to_name_instead() -> None:
    door = ScriptedDoor()
    door.script("index", Answer({"error": {"code": "Forbidden", "message": "no"}}, 403))
    failure = await failing(door)
    assert failure.notice.code is NoticeCode.SEARCH_REFUSED
    for field in (
        "AZURE_SEARCH_IDENTIFIER_FIELD",
        "AZURE_SEARCH_CONTENT_FIELD",
        "ASKALOUD_SEARCH_GROUPS_FIELD",
        "ASKALOUD_SEARCH_PEOPLE_FIELD",
    ):
        assert field in failure.notice.message


async def test_an_index_that_was_made_anew_is_looked_at_again_after_a_refusal() -> None:
    door = ScriptedDoor()
    door.script("search", Answer("no such field", 400), Answer({"value": [{"@search.score": 1, "chunk_id": "c1", "chunk": "Words."}]}))
    async with scripted(door) as knowledge:
        with pytest.raises(KnowledgeError):
            await knowledge.search("words")
        door.definition = WIZARD.definition.as_dict()
        assert [each.id for each in await knowledge.search("words")] == ["c1"]


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (400, NoticeCode.SEARCH_REFUSED, "AZURE_SEARCH_SEMANTIC_CONFIGURATION"),
        (401, NoticeCode.SEARCH_REFUSED, "AZURE_SEARCH_API_KEY"),
        (403, NoticeCode.SEARCH_REFUSED, "AZURE_SEARCH_API_KEY"),
        (404, NoticeCode.SEARCH_EMPTY, "AZURE_SEARCH_INDEX"),
        (413, NoticeCode.SEARCH_REFUSED, "too large"),
        (500, NoticeCode.SEARCH_DOWN, "500"),
        (502, NoticeCode.SEARCH_DOWN, "502"),
    ],
)
async def test_a_refusal_is_a_notice_and_is_not_asked_again(status: int, code: NoticeCode, hint: str) -> None:
    door = ScriptedDoor()
    door.script("search", Answer({"error": {"code": "X", "message": f"about {QUESTION}"}}, status))
    failure = await failing(door)
    assert failure.notice.code is code
    assert hint in failure.notice.message
    assert QUESTION not in str(failure)
    assert len(door.bodies("search")) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_service_that_is_busy_for_a_moment_is_asked_once_more(status: int) -> None:
    door = ScriptedDoor()
    door.script("search", Answer("busy", status, {"Retry-After": "0"}), Answer({"value": [hit()]}))
    async with scripted(door) as knowledge:
        assert [each.id for each in await knowledge.search("abroad")] == ["p1"]
    assert len(door.bodies("search")) == 2


@pytest.mark.parametrize(("status", "code"), [(429, NoticeCode.SEARCH_SLOW), (503, NoticeCode.SEARCH_DOWN)])
async def test_a_service_that_stays_busy_is_asked_twice_and_no_more(status: int, code: NoticeCode) -> None:
    door = ScriptedDoor()
    door.script("search", *[Answer("busy", status, {"Retry-After": "0"})] * 3)
    assert (await failing(door)).notice.code is code
    assert len(door.bodies("search")) == 2


async def test_a_pause_longer_than_the_deadline_is_not_waited_for_but_told() -> None:
    door = ScriptedDoor()
    door.script("search", Answer("busy", 429, {"Retry-After": "60"}))
    assert (await failing(door)).notice.retry_after_ms == 60_000
    assert len(door.bodies("search")) == 1


async def test_a_service_that_hangs_is_given_up_at_the_deadline() -> None:
    door = ScriptedDoor()
    door.script("search", Answer(hangs=True))
    assert (await failing(door, deadline_s=SHORT_S)).notice.code is NoticeCode.SEARCH_SLOW


async def test_after_a_failure_the_next_question_is_answered() -> None:
    door = ScriptedDoor()
    door.script("index", Answer("down", 500))
    door.script("search", Answer(hangs=True), Answer({"value": [hit()]}))
    async with scripted(door, deadline_s=LATE_S) as knowledge:
        for _ in range(2):
            with pytest.raises(KnowledgeError):
                await knowledge.search("abroad")
        assert len(await knowledge.search("abroad")) == 1


@pytest.mark.parametrize(
    "body",
    ["<html><body>Sign in to the hotel's network</body></html>", "", "null", "[]", "7", '"words"', "{}", '{"value": 7}', '{"value": [7]}',
     '{"value": [{"@search.score": 1}]}', '{"value": [{"id": "p1", "text": 7}]}', '{"value": [{"id": "p1"', "\x00\x01"],
)  # fmt: skip
@pytest.mark.parametrize("what", ["index", "search"])
async def test_garbage_with_status_200_is_a_notice(what: str, body: str) -> None:
    door = ScriptedDoor()
    door.script(what, Answer(body))
    failure = await failing(door)
    assert failure.notice.code in {NoticeCode.SEARCH_DOWN, NoticeCode.SEARCH_REFUSED}
    assert "AZURE_SEARCH_" in failure.notice.message


async def test_a_count_that_is_no_number_is_a_notice() -> None:
    door = ScriptedDoor()
    door.script("count", Answer("<html>", 200))
    async with scripted(door) as knowledge:
        with pytest.raises(KnowledgeError):
            await knowledge.count()


async def test_an_address_where_nobody_listens_is_a_notice() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    knowledge = await KnowledgeBase.open(SearchDoor(f"http://127.0.0.1:{port}", INDEX, KEY, "azure"), Settings())
    try:
        for ask in (lambda: knowledge.search("x"), knowledge.check, knowledge.count, knowledge.create):
            with pytest.raises(KnowledgeError) as raised:
                await ask()
            assert raised.value.notice.code is NoticeCode.SEARCH_DOWN
    finally:
        await knowledge.close()


async def test_a_connection_dropped_in_mid_answer_is_a_notice() -> None:
    async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"value": [')
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(drop, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        knowledge = await KnowledgeBase.open(SearchDoor(f"http://127.0.0.1:{port}", INDEX, KEY, "azure"), Settings())
        with pytest.raises(KnowledgeError) as raised:
            await knowledge.search("x")
        await knowledge.close()
    assert raised.value.notice.code is NoticeCode.SEARCH_DOWN


async def test_our_key_is_not_carried_to_where_a_redirect_points() -> None:
    elsewhere = ScriptedDoor()
    door = ScriptedDoor()
    async with serving(elsewhere.app) as address:
        door.script("index", Answer("moved", 307, {"Location": f"http://{address}/indexes('{INDEX}')"}))
        failure = await failing(door)
    assert failure.notice.code is NoticeCode.SEARCH_DOWN
    assert elsewhere.asked == []


async def test_neither_question_nor_key_nor_address_of_a_request_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="askaloud")
    caplog.set_level(logging.INFO)
    door = ScriptedDoor()
    door.script("search", Answer({"error": {"code": "X", "message": QUESTION}}, 400), Answer({"value": [hit()]}))
    await failing(door)
    async with scripted(door) as knowledge:
        await knowledge.search(QUESTION)
    logged = "\n".join(each.getMessage() for each in caplog.records)
    assert "status 400" in logged
    assert QUESTION not in logged
    assert KEY not in logged


@pytest.mark.parametrize("id", ["", "x" * 1025])
async def test_an_id_that_no_passage_can_have_is_not_asked_for(id: str) -> None:
    door = ScriptedDoor()
    async with scripted(door) as knowledge:
        with pytest.raises(PassageNotFound):
            await knowledge.read(id)
    assert door.asked == []


@pytest.mark.parametrize("id", ["../../etc", "p') or ('", "é", "a/b?c#d%2e"])
async def test_an_id_that_was_guessed_asks_for_that_key_and_nothing_else(id: str) -> None:
    door = ScriptedDoor()
    async with scripted(door) as knowledge:
        with pytest.raises(PassageNotFound):
            await knowledge.read(id)
    assert [each.what for each in door.asked] == ["index", "read"]


async def test_two_questions_at_once_share_one_look_at_the_definition() -> None:
    door = ScriptedDoor()
    async with scripted(door) as knowledge:
        await asyncio.gather(*(knowledge.search(f"question {number}") for number in range(5)))
    assert [each.what for each in door.asked].count("index") == 1
    assert len(door.bodies("search")) == 5


async def test_a_door_that_is_another_server_altogether_is_a_notice() -> None:
    async with serving(Quart("nothing here")) as address:
        knowledge = await KnowledgeBase.open(SearchDoor(f"http://{address}", INDEX, KEY, "azure"), Settings())
        with pytest.raises(KnowledgeError):
            await knowledge.check()
        await knowledge.close()
