"""A folder on its way into an index whose services are in trouble."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from quart import Quart, Response, jsonify, request
from tests.askaloud.indexing.troubled_door import KeepingDoor, keeping
from tests.askaloud.knowledge.embedding_model import ScriptedModel, settings_for
from tests.askaloud.knowledge.search_doors import Answer
from tests.serving import serving

from askaloud.errors import KnowledgeError
from askaloud.indexing.persistence import ATTEMPTS, Persistence
from askaloud.indexing.sync import Report, sync
from askaloud.knowledge.base import KnowledgeBase

FILES = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("documents")
    for number in range(FILES):
        (made / f"{number}.txt").write_text(f"Rule number {number} says that one may work from abroad for {number} days in a year.")
    return made


async def synced(folder: Path, knowledge: KnowledgeBase) -> Report:
    return await sync(folder, "docs", knowledge, persistence=Persistence(pause_s=0.0))


def busy(status: int, *, wait: str = "0") -> Answer:
    return Answer({"error": {"code": "", "message": "busy"}}, status, {"Retry-After": wait})


async def test_a_door_that_is_busy_at_first_gets_everything_and_the_report_says_so(folder: Path) -> None:
    door = KeepingDoor()
    door.script("search", busy(503))
    door.script("write", busy(429), busy(503), busy(500))
    async with keeping(door) as knowledge:
        report = await synced(folder, knowledge)
    assert (len(door.kept), report.done.written, report.failed) == (FILES, FILES, False)
    assert dict(report.retries) == {"429": 1, "503": 1, "500": 1}


async def test_single_passages_that_are_refused_for_a_while_are_sent_again(folder: Path) -> None:
    door = KeepingDoor()
    door.takes_one = True
    async with keeping(door) as knowledge:
        report = await synced(folder, knowledge)
    assert (len(door.kept), report.failed, dict(report.retries)) == (FILES, False, {"207": 1})


@pytest.mark.parametrize("most", [20, 7, 1])
async def test_a_batch_that_is_too_large_for_the_door_is_sent_in_parts(folder: Path, most: int) -> None:
    door = KeepingDoor(most=most)
    async with keeping(door) as knowledge:
        report = await synced(folder, knowledge)
    assert (len(door.kept), report.done.written, report.failed) == (FILES, FILES, False)
    assert set(report.retries) == {"413"}


async def test_a_passage_that_is_too_large_by_itself_is_refused_and_the_others_are_written(folder: Path) -> None:
    door = KeepingDoor(most=0)
    async with keeping(door) as knowledge:
        report = await synced(folder, knowledge)
    assert (len(report.refused), report.done.written, report.failed) == (FILES, 0, True)


@pytest.mark.parametrize("way", ["lost", "unanswered"])
async def test_a_connection_that_is_cut_costs_nothing_whether_the_door_had_heard_or_not(folder: Path, way: str) -> None:
    door = KeepingDoor(most=10)
    cuts: dict[str, Any] = {way: {1, 3, 4}}
    async with keeping(door, **cuts) as knowledge:
        report = await synced(folder, knowledge)
        again = await synced(folder, knowledge)
    assert (len(door.kept), report.failed) == (FILES, False)
    assert report.retries["connection lost"] >= 2
    assert again.prepared.plan.empty


async def test_a_door_that_stays_away_is_an_error_after_all_attempts(folder: Path) -> None:
    door = KeepingDoor()
    door.script("write", *[busy(500)] * ATTEMPTS)
    async with keeping(door) as knowledge:
        with pytest.raises(KnowledgeError):
            await synced(folder, knowledge)
    assert len(door.bodies("write")) == ATTEMPTS


async def test_what_is_no_matter_of_time_is_not_tried_again(folder: Path) -> None:
    door = KeepingDoor()
    door.script("write", Answer({"error": {"code": "", "message": "no"}}, 403))
    async with keeping(door) as knowledge:
        with pytest.raises(KnowledgeError):
            await synced(folder, knowledge)
    assert len(door.bodies("write")) == 1


async def test_no_write_is_larger_than_the_service_takes(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(
        "\n\n".join(f"Paragraph {number} of a long document about leave and pay. " * 12 for number in range(900))
    )
    door = KeepingDoor()
    async with keeping(door) as knowledge:
        report = await synced(tmp_path, knowledge)
    assert report.done.written == len(door.kept) > 800
    assert max(len(body["value"]) for body in door.bodies("write")) <= 1000


class BusyModel:
    """An embedding deployment that refuses some of the first requests, by their number from 1."""

    def __init__(self, refuses: dict[int, int]) -> None:
        self.asked: list[list[str]] = []
        self.at_once = self.most_at_once = 0
        self.app = Quart(__name__)
        self._refuses = refuses
        self.app.add_url_rule("/openai/v1/embeddings", view_func=self._answer, methods=["POST"])

    async def _answer(self) -> Response:
        asked = await request.get_json()
        self.asked.append(asked["input"])
        status = self._refuses.get(len(self.asked), 200)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if status != 200:
            refusal = jsonify({"error": {"message": "slow down", "code": str(status)}})
            refusal.status_code = status
            refusal.headers["Retry-After"] = "0"
            return refusal
        rows = [{"object": "embedding", "index": at, "embedding": [0.5] * 1536} for at in range(len(asked["input"]))]
        return jsonify({"object": "list", "model": "m", "data": rows, "usage": {"prompt_tokens": 1, "total_tokens": 1}})


async def test_an_embedding_deployment_over_its_quota_is_asked_again_and_every_passage_gets_its_vector(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.txt").write_text(f"Rule number {number} says that one may work from abroad for {number} days.")
    door, model = KeepingDoor(), BusyModel({1: 429, 2: 429, 4: 503})
    async with serving(model.app) as address, keeping(door, settings_for(address)) as knowledge:
        report = await synced(tmp_path, knowledge)
    assert (report.retries["429"], report.retries["503"]) == (2, 1)
    assert (len(door.kept), report.failed) == (300, False)
    assert all(len(row["vector"]) == 1536 for row in door.kept.values())
    assert model.most_at_once <= 8


async def test_a_deployment_that_refuses_the_key_ends_the_run_at_once(folder: Path) -> None:
    door, model = KeepingDoor(), BusyModel(dict.fromkeys(range(1, 99), 401))
    async with serving(model.app) as address, keeping(door, settings_for(address)) as knowledge:
        with pytest.raises(KnowledgeError, match="AZURE_OPENAI_API_KEY"):
            await synced(folder, knowledge)
    assert len(model.asked) == 1


class ChoosyModel(ScriptedModel):
    """Takes no text that holds a word."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word

    async def _answer(self) -> Response:
        if any(self._word in text for text in (await request.get_json())["input"]):
            return Response('{"error": {"code": "content_filter", "message": "no"}}', 400, content_type="application/json")
        return await super()._answer()


async def test_a_text_that_the_deployment_does_not_take_keeps_no_other_out(folder: Path) -> None:
    door, model = KeepingDoor(), ChoosyModel("number 17 ")
    async with serving(model.app) as address, keeping(door, settings_for(address)) as knowledge:
        report = await synced(folder, knowledge)
    assert (len(door.kept), len(report.refused), report.failed) == (FILES - 1, 1, True)
    assert not any("number 17 " in row["text"] for row in door.kept.values())


async def test_a_deployment_that_takes_nothing_at_all_ends_the_run(folder: Path) -> None:
    door, model = KeepingDoor(), ChoosyModel("Rule")
    async with serving(model.app) as address, keeping(door, settings_for(address)) as knowledge:
        with pytest.raises(KnowledgeError, match="status 400"):
            await synced(folder, knowledge)
    assert door.kept == {}


async def test_vectors_go_with_their_words_where_names_are_exchanged_and_numbers_move_on(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(
            f"A chapter of {'so ' * (number + 10)}many words, which is long enough to be a passage of its own."
        )
    door, model = KeepingDoor(), ScriptedModel()
    async with serving(model.app) as address, keeping(door, settings_for(address)) as knowledge:
        await synced(tmp_path, knowledge)
        for number in reversed(range(3, 6)):  # a chapter is put in, and the first two change places
            (tmp_path / f"{number}.txt").rename(tmp_path / f"{number + 1}.txt")
        (tmp_path / "3.txt").write_text(
            "The new chapter, which nobody has read so far and which is long enough to be a passage of its own."
        )
        (tmp_path / "0.txt").rename(tmp_path / "x.txt")
        (tmp_path / "1.txt").rename(tmp_path / "0.txt")
        (tmp_path / "x.txt").rename(tmp_path / "1.txt")
        model.asked.clear()
        report = await synced(tmp_path, knowledge)
    embedded = {text for asked in model.asked for text in asked["input"]}
    assert len(embedded) == 1
    assert (len(door.kept), report.done.written) == (7, 6)
    assert all(row["vector"][0] == len(row["text"]) for row in door.kept.values())


async def test_who_asks_to_stop_gets_the_batch_in_hand_finished_and_the_rest_left_for_the_next_run(tmp_path: Path) -> None:
    long(tmp_path / "long.txt", 2600)
    (tmp_path / "gone.txt").write_text("This one will be gone by the time of the second run, but must stay until all others are written.")
    door = KeepingDoor()
    stop = asyncio.Event()

    def progress(doing: str, done: int, _: int) -> None:
        if doing == "writing" and done:
            stop.set()

    async with keeping(door) as knowledge:
        await sync(tmp_path, "docs", knowledge)
        everything = set(door.kept)
        door.kept = {id: row for id, row in door.kept.items() if row["path"] == "gone.txt"}
        gone = set(door.kept)
        (tmp_path / "gone.txt").unlink()
        report = await sync(tmp_path, "docs", knowledge, may_remove_much=True, persistence=Persistence(stop), progress=progress)
        assert report.done.stopped
        assert 0 < report.done.written < report.prepared.plan.written
        assert (len(door.kept), report.done.removed) == (report.done.written + 1, 0)
        rest = await sync(tmp_path, "docs", knowledge, may_remove_much=True)
        assert (rest.done.written, rest.done.removed) == (report.prepared.plan.written - report.done.written, 1)
        assert set(door.kept) == everything - gone


def long(path: Path, passages: int) -> None:
    """A text that is cut into so many passages, about."""
    path.write_text("\n\n".join(f"Paragraph {number} of a long document about leave and pay. " * 12 for number in range(passages)))
