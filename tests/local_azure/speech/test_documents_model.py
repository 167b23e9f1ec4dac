"""Learning in the background: built once, kept, made anew where it is broken, and never in the way."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.local_azure.speech.sounds import silence

from local_azure.speech.documents_model import DocumentsModel
from local_azure.speech.model_worker import LANGUAGE_MODEL
from local_azure.speech.recogniser import Recogniser

FIRST = ["The kettle boils at ninety six degrees.", "Descale the kettle every month."]
MANY = ["\n".join(f"The kettle of room {number} boils at {number * 7} degrees." for number in range(20_000))]
"""So much that it is not learned yet when the recogniser has started, however busy the machine is with either."""
STOCK, LEARNED = "pocketsphinx with its stock language model", "pocketsphinx with the documents' language model"


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name != "language_models"]


@pytest.fixture
async def recogniser() -> AsyncIterator[Recogniser]:
    made = Recogniser()
    yield made
    await made.close()


async def test_a_model_is_built_once_used_and_found_again(recogniser: Recogniser, tmp_path: Path) -> None:
    documents = DocumentsModel(recogniser, tmp_path / "data")
    documents.learn(FIRST)
    assert await recogniser.started() == STOCK
    await documents.learned()
    assert await recogniser.started() == LEARNED
    (model,) = (tmp_path / "data" / "language_models").iterdir()
    built = (model / LANGUAGE_MODEL).stat()

    restarted = Recogniser()
    again = DocumentsModel(restarted, tmp_path / "data")
    again.learn(iter(FIRST))
    await again.learned()
    assert await restarted.started() == LEARNED
    assert (model / LANGUAGE_MODEL).stat().st_mtime_ns == built.st_mtime_ns
    await again.close()
    await restarted.close()
    await documents.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the first documents' model."""
    data = tmp_path_factory.mktemp("built")

    async def build() -> None:
        recogniser = Recogniser()
        documents = DocumentsModel(recogniser, data)
        documents.learn(FIRST)
        await documents.learned()
        await recogniser.close()

    asyncio.run(build())
    return data


async def test_a_broken_model_is_thrown_away_and_the_stock_model_stays(
    recogniser: Recogniser, built: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    (model,) = (tmp_path / "language_models").iterdir()
    (model / LANGUAGE_MODEL).write_text("nonsense")
    documents = DocumentsModel(recogniser, tmp_path)
    with caplog.at_level(logging.WARNING):
        documents.learn(FIRST)
        await documents.learned()
    assert await recogniser.started() == STOCK
    assert not model.exists()
    assert "the one in use stays" in caplog.text
    assert "kettle" not in caplog.text


async def test_what_a_killed_build_left_behind_and_old_models_are_removed(recogniser: Recogniser, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    documents = DocumentsModel(recogniser, tmp_path)
    folder = tmp_path / "language_models"
    (made,) = folder.iterdir()
    (folder / "unfinished-1").mkdir()
    for number in range(3):
        shutil.copytree(made, folder / f"{number:032x}", copy_function=shutil.copy)
    documents.learn(FIRST)
    await documents.learned()
    assert list(folder.iterdir()) == [made]


async def test_closing_in_the_middle_of_learning_leaves_nothing_unfinished(recogniser: Recogniser, tmp_path: Path) -> None:
    documents = DocumentsModel(recogniser, tmp_path)
    documents.learn(MANY)
    await recogniser.started()
    assert files_below(tmp_path), "it is in the middle of it"
    await documents.close()
    assert files_below(tmp_path) == []


async def test_no_documents_are_nothing_to_learn(recogniser: Recogniser, tmp_path: Path) -> None:
    documents = DocumentsModel(recogniser, tmp_path)
    documents.learn(["", " \n"])
    await documents.learned()
    assert files_below(tmp_path) == []


async def test_where_no_document_is_left_the_stock_model_comes_back_and_nothing_of_the_documents_stays(
    recogniser: Recogniser, built: Path, tmp_path: Path
) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    documents = DocumentsModel(recogniser, tmp_path)
    documents.learn(FIRST)
    await documents.learned()
    assert await recogniser.started() == LEARNED
    documents.learn([])
    await documents.learned()
    assert await recogniser.started() == STOCK
    assert files_below(tmp_path) == []
    pid = recogniser.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert await recogniser.transcribe(silence(200)) == ""
    assert await recogniser.started() == STOCK


async def test_models_of_documents_that_had_gone_before_the_start_are_removed(recogniser: Recogniser, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    documents = DocumentsModel(recogniser, tmp_path)
    documents.learn([])
    await documents.learned()
    assert files_below(tmp_path) == []
    assert recogniser.pid is None
