"""A whole conversation through the service, a chat server thinking behind the stand-in: search, sources, a spoken answer, a follow-up."""

from __future__ import annotations

from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.contract.house import answers, house
from tests.local_azure.chat.far_server import breaks, calls_for, chat_server, says, words
from tests.local_azure.realtime.doubles import EnergyEars, ToneMouth, app_with
from tests.serving import serving

from askaloud.settings import RealtimeDoor
from local_azure.chat.mind import ChatMind


async def test_a_model_searches_answers_fails_and_answers_again() -> None:
    door = ScriptedDoor()
    door.script("search", Answer({"value": [hit()]}))
    replies = (calls_for("search", {"query": "working from abroad"}), says("Twenty days. Ask again."), breaks(words("But. ")), says("Yes."))
    async with chat_server(*replies) as (far, server), ChatMind(server) as mind:
        async with serving(app_with(EnergyEars(), ToneMouth(), mind)) as standing_in:
            realtime = RealtimeDoor(f"ws://{standing_in}/openai/v1", "any", "a key", "stand-in")
            async with house(answers, door, realtime=realtime) as home, home.visit() as visitor:
                await visitor.ask("How many days can I work from abroad?")
                assert (await visitor.hear("askaloud.searching"))["query"] == "working from abroad"
                assert len((await visitor.hear("askaloud.sources"))["sources"]) == 1
                done = await visitor.hear("response.done")
                assert done["response"]["output"][0]["content"][0]["transcript"] == "Twenty days. Ask again."
                await visitor.ask("Really?")
                assert (await visitor.hear("response.done"))["response"]["status"] == "failed"
                await visitor.ask("And on weekends?")
                done = await visitor.hear("response.done")
                assert done["response"]["output"][0]["content"][0]["transcript"] == "Yes."
        first, second, *_, last = far.requests
    assert {tool["function"]["name"] for tool in first["tools"]} >= {"search"}
    assert first["messages"][0]["role"] == "system"
    assert [message["role"] for message in second["messages"]] == ["system", "user", "assistant", "tool"]
    assert "<passage" in second["messages"][-1]["content"]
    assert last["messages"][-1] == {"role": "user", "content": "And on weekends?"}
