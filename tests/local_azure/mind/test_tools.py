from __future__ import annotations

import json
from typing import Any

import pytest
from tests.local_azure.mind.library import RENAMED_REPORT, RENAMED_SEARCH, REPORT, SEARCH, returned, spoken

from local_azure.mind import QuotingMind
from local_azure.mind.question import understand
from local_azure.mind.tools import chosen, tools_of
from local_azure.realtime.parts import Called, CallTool, Moment, Returned, Said, Say


def function(name: str, description: str = "", required: tuple[str, ...] = (), **properties: dict[str, Any]) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return {"type": "function", "name": name, "description": description, "parameters": parameters}


WEATHER = function(
    "get_weather", "Get the current weather for a city.", ("city",), city={"type": "string", "description": "The name of the city."}
)
CLOCK = function("clock", "Tells what time it is now.")
ROOMS = function(
    "free_rooms",
    "Which meeting rooms are free on a floor.",
    ("floor", "size"),
    floor={"type": "integer"},
    size={"type": "string", "enum": ["small", "large"]},
)


@pytest.mark.parametrize(
    ("schema", "purpose"),
    [(SEARCH, "asks"), (RENAMED_SEARCH, "asks"), (REPORT, "reports"), (RENAMED_REPORT, "reports"), (WEATHER, "does"), (ROOMS, "does")],
)
def test_a_tools_purpose_is_read_from_its_schema(schema: dict[str, Any], purpose: str) -> None:
    assert [tool.purpose for tool in tools_of([schema])] == [purpose]


@pytest.mark.parametrize(
    ("question", "name", "arguments"),
    [
        ("What is the weather in Paris today?", "get_weather", {"city": "Paris"}),
        ("how is the weather in new york", "get_weather", {"city": "new york"}),
        ("What time is it now?", "clock", {}),
        ("Which large meeting rooms are free on floor 3?", "free_rooms", {"floor": 3, "size": "large"}),
        ("How many days of leave do I get?", "search", {"query": "How many days of leave do I get"}),
        ("Which meeting rooms are free?", "search", {"query": "Which meeting rooms are free"}),
    ],
)
def test_the_tool_that_fits_a_question_is_called_with_what_it_requires(question: str, name: str, arguments: dict[str, Any]) -> None:
    call = chosen(tools_of([SEARCH, REPORT, WEATHER, CLOCK, ROOMS]), understand([question]))
    assert call is not None
    assert (call[0].name, json.loads(call[1])) == (name, arguments)


@pytest.mark.parametrize(
    ("said", "query"),
    [
        (["How do I descale the coffee machine?"], "descale coffee machine"),
        (["When must the water filter be replaced?", "And how much does it cost?"], "cost water filter replaced"),
        (["What is it?"], "What is it"),
    ],
)
def test_a_tool_that_takes_key_words_is_asked_without_the_words_that_only_ask(said: list[str], query: str) -> None:
    told = {"type": "string", "description": "What to look for, as a question or key words."}
    schema = {**SEARCH, "parameters": {"type": "object", "properties": {"query": told}, "required": ["query"]}}
    (tool,) = tools_of([schema])
    assert json.loads(tool.asking(understand(said))) == {"query": query}


def test_a_foreign_tool_alone_is_called_and_what_it_returned_is_told() -> None:
    question = Said("user", "What's the weather like in Oslo?")
    mind = QuotingMind()
    assert mind.thoughts(Moment((question,), tools=(WEATHER,))) == [CallTool("get_weather", '{"city": "Oslo"}')]
    output = '{"city": "Oslo", "temperature_c": 4, "sky": "cloudy"}'
    items = (question, Called("c", "get_weather", '{"city": "Oslo"}'), Returned("c", output))
    assert mind.thoughts(Moment(items, tools=(WEATHER,))) == [Say("For Oslo, the temperature is 4 degrees Celsius and the sky is cloudy.")]


def test_a_foreign_tool_is_not_called_for_what_it_is_not_about() -> None:
    thoughts = QuotingMind().thoughts(Moment((Said("user", "Who is the mayor of Oslo?"),), tools=(WEATHER,)))
    assert all(isinstance(thought, Say) for thought in thoughts)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("Sunny and 21 degrees in Paris.", "Sunny and 21 degrees in Paris."),
        ('{"summary": "It is sunny and warm in Paris"}', "It is sunny and warm in Paris."),
        ('{"is_raining": false, "wind_kmh": 12.5}', "It is not raining and the wind is 12.5 kilometres per hour."),
        ("18", "The result is 18."),
    ],
)
def test_what_a_foreign_tool_returned_is_told_in_a_sentence(output: str, told: str) -> None:
    assert spoken(returned("What is the weather in Paris?", output, WEATHER, name="get_weather")) == told


def test_ids_are_reported_in_the_type_that_the_schema_asks_for() -> None:
    tools = tools_of([REPORT, RENAMED_REPORT])
    assert [json.loads(tool.reporting([3])) for tool in tools] == [{"sources": [3]}, {"floops": ["3"]}]
