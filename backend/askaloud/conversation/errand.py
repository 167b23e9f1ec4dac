"""One call of a tool, carried out: whatever the tool does, an outcome or a sentence for the model comes of it, and in time.

Knows no socket and no event. The task in which a tool runs belongs to the relay, and a tool ends with it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict

import msgspec

from ..errors import ToolError
from ..tool import Call, Outcome, Tool
from .notices import TOOL_FAILED, TOOL_SLOW

log = logging.getLogger(__name__)

TOOLS_MAX = 16
"""Tools that may run at once in one conversation: two rounds of the most calls that one response may start."""


class Errands:
    """The tools of one conversation that run; owned by its relay."""

    def __init__(self, conversation_id: str, tool_s: float) -> None:
        self._conversation_id = conversation_id
        self._tool_s = tool_s
        self._running = 0

    async def run(self, tool: Tool, call: Call) -> Outcome | ToolError:
        """What came of it. Raises nothing but the cancellation of the task that waits here."""
        if self._running >= TOOLS_MAX:
            return ToolError("Too many things are being looked up at once.")
        self._running += 1
        try:
            async with asyncio.timeout(self._tool_s):
                outcome = await tool.run(call)
        except ToolError as refused:
            return refused
        except TimeoutError:
            return ToolError("That took too long. Say that it could not be looked up just now.", TOOL_SLOW)
        except asyncio.CancelledError as cancelled:
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise  # the conversation is over; otherwise it is only what the tool waited for
            return self._failed(tool, cancelled)
        except Exception as broken:
            return self._failed(tool, broken)
        finally:
            self._running -= 1
        return usable(outcome) or ToolError("That gave no usable result.", TOOL_FAILED)

    def _failed(self, tool: Tool, broken: BaseException) -> ToolError:
        # The kind alone: what the exception says may hold words.
        log.error("conversation %s: tool %s raised %s", self._conversation_id, tool.name, type(broken).__name__)
        return ToolError("That failed. Say that it could not be looked up just now.", TOOL_FAILED)


def usable(given: object) -> Outcome | None:
    """An outcome all of whose parts are what they should be; None for whatever else a tool may have given."""
    if not isinstance(given, Outcome):
        return None
    try:
        return msgspec.convert(asdict(given), Outcome)
    except (TypeError, ValueError):  # something is of another kind, or of one that cannot even be looked at
        return None
