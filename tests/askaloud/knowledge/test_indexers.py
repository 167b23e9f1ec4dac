"""The indexer of a search service that answers nonsense or not at all; all else is held in `indexing/test_pull.py`."""

from __future__ import annotations

import pytest
from tests.askaloud.knowledge.indexer_door import IndexerDoor
from tests.askaloud.knowledge.test_indexer import PULL
from tests.planted import secret
from tests.serving import serving

from askaloud.errors import KnowledgeError
from askaloud.knowledge.indexers import Indexers
from askaloud.settings import SearchDoor

KEY = secret("search-key")


async def test_a_service_that_is_not_there_is_a_sentence() -> None:
    indexers = Indexers.open(SearchDoor("http://127.0.0.1:9", "handbook", KEY, "azure"), None)
    with pytest.raises(KnowledgeError, match="AZURE_SEARCH_ENDPOINT"):
        await indexers.last_run(PULL)
    await indexers.close()


@pytest.mark.parametrize("answer", [(200, "nonsense"), (200, {"lastResult": 7}), (302, None), (500, {})])
async def test_an_answer_of_another_shape_is_a_sentence_too(answer: tuple[int, object]) -> None:
    door = IndexerDoor([None], answers={"/indexers": [answer]})
    async with serving(door.app) as address:
        indexers = Indexers.open(SearchDoor(f"http://{address}", "handbook", KEY, "azure"), None)
        with pytest.raises(KnowledgeError):
            await indexers.last_run(PULL)
        await indexers.close()


async def test_an_indexer_that_never_ran_has_no_run() -> None:
    door = IndexerDoor([None], answers={"/indexers": [(200, {"name": "x", "status": "running", "executionHistory": [], "limits": {}})]})
    async with serving(door.app) as address:
        indexers = Indexers.open(SearchDoor(f"http://{address}", "handbook", KEY, "azure"), None)
        assert await indexers.last_run(PULL) is None
        assert await indexers.last_run(PULL) is None
        await indexers.close()
