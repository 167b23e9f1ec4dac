"""Tools of your own, beside the two that search the documents and cite them: write one here, or import it from a module beside this one,
and name it in `FURTHER`. Every conversation has it from then on.

A tool is a schema that the model reads and an async function that answers, as in `tool.py`; `knowledge/tools.py` shows two. The relay
runs it beside the conversation, gives it up after a while and survives whatever it raises; to tell the model what went wrong,
raise `ToolError` with a sentence. What it returns is data to the model: say in it what it is, and keep it short, for it stays in the
conversation.

    async def _menu(call: Call) -> Outcome:
        return Outcome(heard=f"On {call.arguments['day']} the canteen has lentils.")

    MENU = Tool("canteen_menu", "What the canteen serves on a day.", {
        "type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"], "additionalProperties": False,
    }, _menu, query_argument="day")
"""

from __future__ import annotations

from .tool import Tool

FURTHER: tuple[Tool, ...] = ()
