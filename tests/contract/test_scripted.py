"""A model that misbehaves as a script says, on the far side of the service: the stand-in's own protocol code, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.contract.house import HEARD_MAX_S, House, answers, house
from tests.local_azure.realtime.doubles import EnergyEars, ToneMouth, app_with
from tests.serving import serving

from askaloud.settings import RealtimeDoor
from local_azure.scripted.mind import ScriptedMind
from local_azure.scripted.script import load


@asynccontextmanager
async def house_with(folder: Path, *turns: Any, search: ScriptedDoor | None = None) -> AsyncIterator[House]:
    """Our service with a scripted stand-in behind it."""
    path = folder / "script.json"
    path.write_text(json.dumps({"turns": turns}))
    async with serving(app_with(EnergyEars(), ToneMouth(), ScriptedMind(load(path)))) as far:
        door = RealtimeDoor(f"ws://{far}/openai/v1", "any", "a key", "stand-in")
        async with house(answers, search, realtime=door) as home:
            yield home


async def test_a_model_that_fails_in_the_middle_is_told_and_the_next_question_is_answered(tmp_path: Path) -> None:
    failing = [{"say": "I was about"}, {"fail": "server_error", "message": "planted words"}]
    async with house_with(tmp_path, failing, [{"say": "Twenty days."}]) as home, home.visit() as visitor:
        await visitor.ask("How many days?")
        done = await visitor.hear("response.done")
        assert done["response"]["status"] == "failed"
        await visitor.ask("And now?")
        done = await visitor.hear("response.done")
        assert done["response"]["output"][0]["content"][0]["transcript"] == "Twenty days."
        assert "planted words" not in json.dumps(visitor.heard)


async def test_a_model_that_calls_an_unknown_tool_hears_so_and_goes_on(tmp_path: Path) -> None:
    steps = [{"call": "no_such_tool", "arguments": {"x": 1}}, {"call": "search", "arguments": "no JSON"}, {"wait": "outputs"}]
    async with house_with(tmp_path, [*steps, {"say": "I went on."}]) as home, home.visit() as visitor:
        await visitor.ask("How many days?")
        done = await visitor.hear("response.done")
        assert done["response"]["output"][0]["content"][0]["transcript"] == "I went on."
        assert "no_such_tool" not in json.dumps(visitor.heard)


async def test_a_model_that_searches_twice_in_one_response_is_given_both(tmp_path: Path) -> None:
    door = ScriptedDoor()
    door.script("search", Answer({"value": [hit()]}), Answer({"value": [hit()]}))
    calls = [{"call": "search", "arguments": {"query": query}} for query in ("abroad", "trains")]
    async with house_with(tmp_path, [*calls, {"wait": "outputs"}, {"say": "Both."}], search=door) as home, home.visit() as visitor:
        await visitor.ask("Where and how?")
        done = await visitor.hear("response.done")
        assert done["response"]["output"][0]["content"][0]["transcript"] == "Both."
        assert visitor.kinds().count("askaloud.sources") == 2
        assert visitor.kinds().count("response.done") == 1


async def test_a_model_that_says_goodbye_in_the_middle_is_heard_to_its_last_word_and_then_missed(tmp_path: Path) -> None:
    async with house_with(tmp_path, [{"say": "I must go."}, {"close": 1001, "reason": "planted words"}]) as home, home.visit() as visitor:
        await visitor.ask("Are you there?")
        said = ""
        while not said.endswith("go."):
            said += (await visitor.hear("response.output_audio_transcript.delta"))["delta"]
        assert (await visitor.hear("askaloud.notice"))["code"].startswith("model_")
        assert "planted words" not in json.dumps(visitor.heard)


async def test_the_official_client_hears_the_script_through_the_service(tmp_path: Path) -> None:
    async with house_with(tmp_path, [{"say": "Hello there."}, {"error": "odd", "message": "planted words"}, {"say": "Bye."}]) as home:
        client = AsyncOpenAI(api_key="none", websocket_base_url=f"ws://{home.address}/v1")
        async with client, client.realtime.connect(model="any") as connection, asyncio.timeout(HEARD_MAX_S):
            await connection.conversation.item.create(
                item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
            )
            await connection.response.create()
            words = ""
            async for event in connection:
                words += event.delta if event.type == "response.output_audio_transcript.delta" else ""
                if event.type == "response.done":
                    break
    assert words == "Hello there. Bye."
