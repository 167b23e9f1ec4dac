"""Several calls in one response: they run side by side, and the model is asked to go on once, when it has the output of each."""

from __future__ import annotations

import asyncio

from tests.askaloud.conversation.room import room, tools
from tests.scripted_model import Line

from askaloud.tool import Call, Outcome

CALLS = ("c1", "c2", "c3")


async def test_calls_of_one_response_run_side_by_side_and_are_answered_together() -> None:
    all_run, last_first = asyncio.Barrier(len(CALLS)), {call_id: asyncio.Event() for call_id in CALLS}
    order: list[str] = []

    async def search(call: Call) -> Outcome:
        await all_run.wait()  # nobody comes past before the last one was started
        if call.call_id != CALLS[-1]:
            await last_first[CALLS[CALLS.index(call.call_id) + 1]].wait()
        order.append(call.call_id)
        last_first[call.call_id].set()
        return Outcome(f"found by {call.call_id}")

    async def script(line: Line) -> None:
        await line.greet()
        await line.read("response.create")
        await line.calls("r1", *((call_id, "search", {"query": call_id}) for call_id in CALLS))
        await line.read("response.create")
        before = [event for event in line.heard if event["type"] == "conversation.item.create"][-len(CALLS) :]
        told = {event["item"].get("call_id"): event["item"].get("output") for event in before}
        assert told == {call_id: f"found by {call_id}" for call_id in CALLS}
        await line.answer("r2", "a2", "Thirty days.")
        await line.read("input_audio_buffer.clear")
        assert sum(event["type"] == "response.create" for event in line.heard) == 2, "the person's, and one for all the calls"
        await line.say("input_audio_buffer.cleared")

    async with room(script, tools(search)) as here, here.visit() as page:
        await page.ask("How many days?")
        await page.hear("response.done")
        await page.say("input_audio_buffer.clear")
        await page.hear("input_audio_buffer.cleared")
    assert order == ["c3", "c2", "c1"], "whichever is ready goes first"
