"""A tool that somebody adds, on its way from the list of further tools to the person's ear."""

from __future__ import annotations

import re

import pytest
from tests.contract.house import house
from tests.scripted_model import Line

from askaloud import further_tools
from askaloud.further_tools import FURTHER
from askaloud.tool import Call, Outcome, Tool, Toolbox

EXAMPLE = re.compile(r"(?:^|\n)((?:    .*\n|\n)+)\Z")


def example() -> Tool:
    """The one in the module's own words, so that whoever copies it copies something that works."""
    found = EXAMPLE.search(further_tools.__doc__ or "")
    assert found is not None
    code = "\n".join(line.removeprefix("    ") for line in found[1].splitlines())
    known: dict[str, object] = {"Tool": Tool, "Outcome": Outcome, "Call": Call}
    exec(code, known)  # noqa: S102 - our own words
    made = known["MENU"]
    assert isinstance(made, Tool)
    return made


async def test_a_further_tool_is_offered_to_the_model_beside_the_others_run_and_answered_from() -> None:
    offered: list[str] = []

    async def asks_for_the_menu(line: Line) -> None:
        session = await line.greet()
        offered.extend(tool["name"] for tool in session["tools"])
        await line.read("response.create")
        await line.calls("r1", ("c1", "canteen_menu", {"day": "Monday"}))
        output = await line.read("conversation.item.create")
        await line.read("response.create")
        await line.answer("r2", "a2", output["item"]["output"])

    async with house(asks_for_the_menu, further=[*FURTHER, example()]) as here, here.visit() as visitor:
        await visitor.say("response.create")
        assert (await visitor.hear("askaloud.searching"))["query"] == "Monday"
        assert (await visitor.hear("response.output_audio_transcript.done"))["transcript"] == "On Monday the canteen has lentils."
    assert offered == ["search", "report_grounding", *(tool.name for tool in FURTHER), "canteen_menu"]


def test_no_two_tools_have_one_name() -> None:
    with pytest.raises(ValueError, match="same name"):
        Toolbox((example(), example()))
