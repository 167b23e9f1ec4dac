"""What a tool is: a schema for the model and an async function beside it.

A tool returns what the *model* hears and what the *screen* shows. It knows no event and no socket; `session.py` makes
events of what it returns, and `relay.py` owns the task that runs it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Notice


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `groups` limits which passages a search may return; no groups means: only what everybody may read."""

    id: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One function call of the model, its arguments already decoded from JSON."""

    call_id: str
    arguments: Mapping[str, Any]
    caller: Caller


@dataclass(frozen=True, slots=True)
class Source:
    """One passage as the screen shows it.

    `number` counts the passages of this conversation from 1 and is what the model calls it by. `excerpt` is plain text for the
    card, `text` the whole passage (for matching with the spoken answer; it is not sent to the browser). `page` counts from 1; None where
    the format has no pages. `url` opens the passage and `picture` its page as a picture; each is a path of ours or None.
    """

    number: int
    id: str
    title: str
    page: int | None
    excerpt: str
    text: str
    score: float
    url: str | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: `heard` by the model, `sources` shown on the screen, `cited` the ids of sources that an answer used.

    `notices` are for the person: what went less well than it should, where it went at all.
    """

    heard: str
    sources: tuple[Source, ...] = ()
    cited: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """A schema and the function that answers it.

    `parameters` is a JSON schema, as the Realtime API's `tools[].parameters`. `wants_answer`: the model shall speak after the
    output, even when it spoke before. `query_argument` names the argument that the page may show while the tool runs, if any.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    run: Callable[[Call], Awaitable[Outcome]]
    wants_answer: bool = True
    query_argument: str | None = None

    def schema(self) -> dict[str, Any]:
        """The flat function schema of `session.tools[]` in the GA protocol."""
        return {"type": "function", "name": self.name, "description": self.description, "parameters": dict(self.parameters)}


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The tools of one conversation, by name. Made fresh for each conversation, because its search numbers that one's sources."""

    tools: tuple[Tool, ...] = field(default=())

    def __post_init__(self) -> None:
        """Raises `ValueError` where two tools have the same name: the model could mean only one of them."""
        if len({tool.name for tool in self.tools}) < len(self.tools):
            raise ValueError(f"two tools of the same name: {sorted(tool.name for tool in self.tools)}")

    def named(self, name: str) -> Tool | None:
        """The tool of that name, or None: the model may ask for one that was never registered."""
        return next((tool for tool in self.tools if tool.name == name), None)

    def schemas(self) -> list[dict[str, Any]]:
        """All schemas, in the order in which the tools were given."""
        return [tool.schema() for tool in self.tools]
