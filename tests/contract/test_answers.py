"""Must show 4: however the model reports its sources, each question ends in exactly one spoken answer that names the right ones."""

from __future__ import annotations

import json
from typing import Any

from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.contract.house import Visitor, house
from tests.scripted_model import Line

ANSWER = "You can work from abroad for 30 days."
FOUND = Answer({"value": [hit("p1", text=ANSWER), hit("p2", text="The canteen opens at noon on weekdays.")]})


def finding() -> ScriptedDoor:
    door = ScriptedDoor()
    door.script("search", FOUND)
    return door


async def asked(line: Line) -> None:
    await line.greet()
    await line.read("response.create")


async def answered(page: Visitor) -> None:
    """Until the turn's last event; then whatever else was said before a question that the model leaves alone."""
    await page.hear("askaloud.usage")
    await page.say("input_audio_buffer.clear")
    await page.hear("input_audio_buffer.cleared")


async def clears(line: Line) -> None:
    """The end of the script: nothing came up meanwhile but what is counted."""
    await line.read("input_audio_buffer.clear")
    await line.say("input_audio_buffer.cleared")


def of(page: Visitor, *kinds: str) -> list[dict[str, Any]]:
    """What was heard of these types, in order."""
    return [event for event in page.heard if event["type"] in kinds]


def order(page: Visitor, *kinds: str) -> list[str]:
    return [event["type"] for event in of(page, *kinds)]


def creates(line: Line) -> int:
    return sum(event["type"] == "response.create" for event in line.heard)


async def test_grounding_reported_alone_is_followed_by_one_spoken_answer_that_it_is_about() -> None:
    async def script(line: Line) -> None:
        await asked(line)
        await line.calls("r1", ("c1", "search", {"query": "work from abroad"}))
        await line.output()
        await line.read("response.create")
        await line.calls("r2", ("c2", "report_grounding", {"sources": [1]}))
        await line.output()
        await line.read("response.create")
        await line.answer("r3", "i3", "Thirty.")
        await clears(line)

    async with house(script, finding()) as home, home.visit() as page:
        await page.ask("How many days can I work from abroad?")
        await answered(page)
        (line,) = home.model.lines
        assert creates(line) == 3, "the client's, and one for each round of calls"
        assert [event["response"]["id"] for event in of(page, "response.created", "response.done")] == ["r3", "r3"]
        (cited,) = of(page, "askaloud.cited")
        assert (cited["response_id"], cited["item_id"], cited["source_ids"]) == ("r3", "i3", ["p1"])


async def test_grounding_reported_together_with_the_search_is_followed_by_one_spoken_answer() -> None:
    async def script(line: Line) -> None:
        await asked(line)
        await line.calls("r1", ("c1", "search", {"query": "abroad"}), ("c2", "report_grounding", {"sources": [1]}))
        await line.output()
        await line.output()
        await line.read("response.create")
        await line.answer("r2", "i2", ANSWER)
        await clears(line)

    async with house(script, finding()) as home, home.visit() as page:
        await page.ask("How many days can I work from abroad?")
        await answered(page)
        assert creates(home.model.lines[0]) == 2
        assert [event["response"]["id"] for event in of(page, "response.created", "response.done")] == ["r2", "r2"]
        (cited,) = of(page, "askaloud.cited")
        assert (cited["response_id"], cited["item_id"], cited["source_ids"]) == ("r2", "i2", ["p1"])


async def test_grounding_reported_beside_speech_costs_no_turn() -> None:
    async def script(line: Line) -> None:
        await asked(line)
        await line.calls("r1", ("c1", "search", {"query": "abroad"}))
        await line.output()
        await line.read("response.create")
        await line.begin("r2")
        await line.speak("r2", "i2", "Thirty.")
        await line.call("r2", "c2", "report_grounding", {"sources": [2, 1]})
        await line.output()
        await line.end("r2")
        await clears(line)

    async with house(script, finding()) as home, home.visit() as page:
        await page.ask("How many days can I work from abroad?")
        await answered(page)
        assert creates(home.model.lines[0]) == 2, "none for the report"
        assert [event["response"]["id"] for event in of(page, "response.created", "response.done")] == ["r2", "r2"]
        (cited,) = of(page, "askaloud.cited")
        assert (cited["response_id"], cited["item_id"], cited["source_ids"]) == ("r2", "i2", ["p2", "p1"])
        assert order(page, "response.done", "askaloud.cited", "askaloud.usage") == ["response.done", "askaloud.cited", "askaloud.usage"]


async def test_an_answer_without_a_report_is_matched_with_the_passages_by_its_words() -> None:
    async def script(line: Line) -> None:
        await asked(line)
        await line.calls("r1", ("c1", "search", {"query": "abroad"}))
        await line.output()
        await line.read("response.create")
        await line.answer("r2", "i2", "From abroad you can work for 30 days.")
        await clears(line)

    async with house(script, finding()) as home, home.visit() as page:
        await page.ask("How many days can I work from abroad?")
        await answered(page)
        (cited,) = of(page, "askaloud.cited")
        assert (cited["response_id"], cited["source_ids"]) == ("r2", ["p1"])


async def test_sources_reach_the_page_before_the_first_sound_of_the_answer() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("input_audio_buffer.append")
        await line.user_said("u1", "How many days can I work from abroad?")
        await line.calls("r1", ("c1", "search", {"query": "work from abroad"}))
        output = await line.output()
        assert output["call_id"] == "c1"
        assert '<passage id="1" title="Handbook" page="7"' in output["output"]
        await line.read("response.create")
        await line.answer("r2", "i2", ANSWER)

    async with house(script, finding()) as home, home.visit() as page:
        await page.say("input_audio_buffer.append", audio="AAAAAAAA")
        await page.hear("askaloud.usage")
        turn = [
            "input_audio_buffer.speech_started",
            "input_audio_buffer.speech_stopped",
            "input_audio_buffer.committed",
            "conversation.item.input_audio_transcription.completed",
            "askaloud.searching",
            "askaloud.sources",
            "response.created",
            "response.output_item.added",
            "response.output_audio.delta",
            "response.done",
            "askaloud.cited",
            "askaloud.usage",
        ]
        assert order(page, *turn) == turn
        (searching,) = of(page, "askaloud.searching")
        assert (searching["call_id"], searching["query"]) == ("c1", "work from abroad")
        (sources,) = of(page, "askaloud.sources")
        assert (sources["call_id"], sources["response_id"], sources["user_item_id"]) == ("c1", "r1", "u1")
        assert [(one["number"], one["id"], one["title"], one["page"]) for one in sources["sources"]] == [
            (1, "p1", "Handbook", 7),
            (2, "p2", "Handbook", 7),
        ]
        assert sources["sources"][0]["url"].startswith("/v1/passages/p1?s=")
        assert "text" not in sources["sources"][0]


async def test_a_plain_client_hears_one_response_whose_usage_is_that_of_the_whole_turn() -> None:
    async def script(line: Line) -> None:
        await asked(line)
        await line.calls("r1", ("c1", "search", {"query": "abroad"}), tokens=100)
        await line.output()
        await line.read("response.create")
        await line.answer("r2", "i2", ANSWER, tokens=10)

    async with house(script, finding()) as home, home.visit(own_events=False) as page:
        await page.ask("How many days can I work from abroad?")
        done = await page.hear("response.done")
        assert [event["response"]["id"] for event in of(page, "response.created", "response.done")] == ["r2", "r2"]
        usage = done["response"]["usage"]
        assert (usage["total_tokens"], usage["input_token_details"]["text_tokens"]) == (220, 110)
        assert not [event for event in page.heard if event["type"].startswith("askaloud.")]
        assert not any(hidden in json.dumps(page.heard) for hidden in ("function_call", "search"))


async def test_items_point_past_hidden_calls_to_what_the_client_can_see() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        await line.read("conversation.item.create")
        user = {"id": "u1", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "How many?"}]}
        await line.say("conversation.item.added", item=user, previous_item_id=None)
        await line.say("conversation.item.done", item=user, previous_item_id=None)
        call = {"id": "item_c1", "type": "function_call", "call_id": "c1", "name": "search", "arguments": "{}"}
        await line.say("conversation.item.added", item=call, previous_item_id="u1")
        output = {"id": "item_o1", "type": "function_call_output", "call_id": "c1", "output": "found"}
        await line.say("conversation.item.added", item=output, previous_item_id="item_c1")
        await line.begin("r2")
        await line.speak("r2", "i2", ANSWER, previous="item_o1")
        await line.end("r2")

    async with house(script) as home, home.visit() as page:
        await page.ask("How many?")
        await page.hear("response.done")
        shown = [(event["item"]["id"], event["previous_item_id"]) for event in of(page, "conversation.item.added")]
        assert shown == [("u1", None), ("i2", "u1")]


async def test_after_four_rounds_of_tools_the_model_must_answer() -> None:
    door = ScriptedDoor()
    door.script("search", *[FOUND] * 5)

    async def script(line: Line) -> None:
        await asked(line)
        for round_ in range(1, 6):
            await line.calls(f"r{round_}", (f"c{round_}", "search", {"query": f"try {round_}"}))
            await line.output()
            if round_ < 5:
                create = await line.read("response.create")
                assert create.get("response", {}).get("tool_choice") == ("none" if round_ == 4 else None)
        await line.say("input_audio_buffer.cleared")

    async with house(script, door) as home, home.visit() as page:
        await page.ask("How many?")
        await page.hear("input_audio_buffer.cleared")
        done = [event["response"]["id"] for event in of(page, "response.created", "response.done")]
        assert done == ["r5", "r5"], "a model that calls tools all the same is shown to have said nothing"
        assert creates(home.model.lines[0]) == 5


async def test_two_people_at_once_see_neither_each_others_events_nor_numbers() -> None:
    async def script(line: Line) -> None:
        await line.greet()
        name = (await line.read("conversation.item.create"))["item"]["content"][0]["text"]
        for turn in ("1", "2"):
            await line.calls(f"r{turn}-{name}", (f"c{turn}-{name}", "search", {"query": f"{name} {turn}"}))
            heard = (await line.output())["output"]
            assert f"Words for {name} {turn}" in heard
            assert f'<passage id="{turn}"' in heard
            assert heard.count("<passage ") == 1
            await line.read("response.create")
        await line.answer(f"r3-{name}", f"i-{name}", f"Words for {name}.")

    class Echo(ScriptedDoor):
        def _usual(self, what: str, body: object) -> Answer:
            if what == "search" and isinstance(body, dict):
                query = str(body["search"])
                return Answer({"value": [hit(f"p-{query.replace(' ', '-')}", text=f"Words for {query}, thirty days.")]})
            return super()._usual(what, body)

    async with house(script, Echo()) as home, home.visit() as anna, home.visit() as berta:
        await anna.ask("anna")
        await berta.ask("berta")
        await berta.hear("askaloud.usage")
        await anna.hear("askaloud.usage")
        for page, name, other in ((anna, "anna", "berta"), (berta, "berta", "anna")):
            assert other not in json.dumps(page.heard)
            assert [source["number"] for event in of(page, "askaloud.sources") for source in event["sources"]] == [1, 2]
            assert of(page, "response.done")[0]["response"]["id"] == f"r3-{name}"
