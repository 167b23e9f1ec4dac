"""Documents and questions of the tests' own, which the code has never seen, and a conversation with a mind over them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from local_azure.mind import QuotingMind
from local_azure.realtime.parts import Called, CallTool, Item, Moment, Returned, Said, Say

Schema = dict[str, Any]

PASSAGES = (
    (
        "Allotment Rules",
        "Every plot must be dug over once by the end of March. A plot that stays fallow for a whole season is given to the next "
        "person on the waiting list. The yearly rent is 84 euros for a full plot and 45 euros for half a plot.",
    ),
    (
        "Allotment Rules",
        "Watering\nWater may be drawn from the pumps between 6:00 and 10:00 in the morning. Sprinklers are forbidden because the "
        "well yields only 900 litres an hour. Each member does six hours of common work a year; those who cannot come pay 12 euros an hour."
        " Or they send somebody.",
    ),
    (
        "Allotment Rules",
        "Bees\nUp to three hives may stand on the eastern meadow. The beekeeper Miriam Osei checks them in April and has to agree "
        "before a new hive is set up. Chickens and rabbits are not allowed on any plot.",
    ),
    (
        "Ferry Handbook",
        "The ferry leaves Brask at 7:40 and takes 55 minutes to the island of Torsay. In winter it does not sail when the wind is "
        "stronger than 17 metres per second. Tickets are sold on board, by card only.",
    ),
    (
        "Ferry Handbook",
        "Bicycles travel free of charge. A car costs 23.50 euros each way, and vehicles longer than six metres need a reservation "
        "two days ahead. Dogs must be kept on a lead on the open deck.",
    ),
    (
        "Ferry Handbook",
        "Life jackets are stored under the benches of the upper deck. If the alarm sounds seven short times and once long, go to "
        "your assembly station, which is printed on your ticket.",
    ),
    (
        "Choir Guide",
        "Rehearsals take place on Tuesdays at 19:30 in the hall of the old fire station. New singers may try out for four weeks before "
        "they decide. The membership fee is 15 euros a month, and pupils pay half of it.",
    ),
    (
        "Choir Guide",
        "To borrow sheet music, write your name and the number of the score in the green book beside the cupboard. Scores must be "
        "returned within three weeks after the concert. A lost score is charged at 9 euros.",
    ),
    (
        "Choir Guide",
        "The conductor is Henrik Dahl. He is away in August, and rehearsals are led by his deputy during that time. The summer concert "
        "moved to the park because the church roof is being repaired.",
    ),
    (
        "Kiln Manual",
        "Before the first firing, let the kiln dry for 48 hours with its lid open. The highest temperature is 1280 degrees. Never open "
        "the lid above 120 degrees, or the glaze will crack.",
    ),
    (
        "Kiln Manual",
        "To start a firing:\n1. Close the lid and turn the lever to the left.\n2. Choose a program with the round dial.\n3. Hold the start "
        "button for three seconds.\nThe lamp turns orange while the kiln heats.",
    ),
    (
        "Kiln Manual",
        "The heating coils last for about 150 firings. Replacement coils can be ordered from the workshop in Lund by quoting the serial "
        "number on the back plate. The warranty covers the electronics for two years but not the coils.",
    ),
)


@dataclass(frozen=True)
class Fact:
    question: str
    phrase: str


FACTS = (
    Fact("When does a plot have to be dug over?", "by the end of March"),
    Fact("What does half a plot cost per year?", "45 euros for half a plot"),
    Fact("At what hours may I draw water?", "between 6:00 and 10:00"),
    Fact("Why are sprinklers forbidden?", "the well yields only 900 litres"),
    Fact("How many hours of common work does each member do?", "six hours of common work"),
    Fact("How many hives may stand on the meadow?", "Up to three hives"),
    Fact("Who checks the hives?", "Miriam Osei"),
    Fact("Can I keep rabbits on my plot?", "not allowed on any plot"),
    Fact("How long does the ferry take to Torsay?", "55 minutes"),
    Fact("When does the ferry leave Brask?", "7:40"),
    Fact("Is the ferry cancelled when the wind is strong?", "does not sail"),
    Fact("How do I pay for a ticket on the ferry?", "by card only"),
    Fact("How much is it for a car?", "23.50 euros"),
    Fact("Do bicycles cost anything?", "free of charge"),
    Fact("Where are the life jackets?", "under the benches"),
    Fact("Where do rehearsals take place?", "the old fire station"),
    Fact("How long may new singers try out?", "four weeks"),
    Fact("What is the membership fee?", "15 euros a month"),
    Fact("How do I borrow sheet music?", "in the green book"),
    Fact("When must scores be returned?", "within three weeks"),
    Fact("Who is the conductor?", "Henrik Dahl"),
    Fact("Why did the summer concert move to the park?", "church roof"),
    Fact("How long should the kiln dry before the first firing?", "48 hours"),
    Fact("What is the highest temperature of the kiln?", "1280 degrees"),
    Fact("How do I start a firing?", "Close the lid"),
    Fact("How many firings do the coils last?", "150 firings"),
    Fact("How long is the warranty for the electronics?", "two years"),
    Fact("Where can I order replacement coils?", "the workshop in Lund"),
)

SEARCH: Schema = {
    "type": "function",
    "name": "search",
    "description": "Search the documents. Always use it before answering a question about facts.",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
}
REPORT: Schema = {
    "type": "function",
    "name": "report_grounding",
    "description": "Report which passages the answer is based on.",
    "parameters": {"type": "object", "properties": {"sources": {"type": "array", "items": {"type": "integer"}}}, "required": ["sources"]},
}
RENAMED_SEARCH: Schema = {
    "type": "function",
    "name": "zork",
    "parameters": {"type": "object", "properties": {"blip": {"type": "string"}}, "required": ["blip"]},
}
RENAMED_REPORT: Schema = {
    "type": "function",
    "name": "quux",
    "parameters": {"type": "object", "properties": {"floops": {"type": "array", "items": {"type": "string"}}}, "required": ["floops"]},
}


def as_elements(passages: Sequence[tuple[str, str]]) -> str:
    return "\n".join(
        f'<passage id="{number}" title={quoteattr(title)} page="1">{escape(text)}</passage>'
        for number, (title, text) in enumerate(passages, 1)
    )


def as_json(passages: Sequence[tuple[str, str]]) -> str:
    return json.dumps([{"nr": number, "heading": title, "snippet": text} for number, (title, text) in enumerate(passages, 1)])


def found(query: str, passages: Sequence[tuple[str, str]] = PASSAGES, top: int = 5) -> list[tuple[str, str]]:
    """The passages that share most words with a query: as good a search as a test needs."""
    words = {word.strip("?,.").lower()[:5] for word in query.split() if len(word) > 3}
    return sorted(passages, key=lambda passage: -sum(word in f"{passage[0]} {passage[1]}".lower() for word in words))[:top]


@dataclass
class Dialogue:
    """A client that answers the mind's searches out of its passages."""

    tools: tuple[Schema, ...] = (SEARCH, REPORT)
    spelt: Callable[[Sequence[tuple[str, str]]], str] = as_elements
    passages: Sequence[tuple[str, str]] = PASSAGES
    items: list[Item] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    reported: list[Any] = field(default_factory=list)
    mind: QuotingMind = field(default_factory=QuotingMind)

    def think(self, tool_choice: str = "auto") -> list[Say | CallTool]:
        return self.mind.thoughts(Moment(tuple(self.items), tools=self.tools, tool_choice=tool_choice))

    def ask(self, question: str) -> str:
        """The spoken answer to a question, the calls in between served."""
        self.items.append(Said("user", question))
        thoughts = self.think()
        if isinstance(thoughts[0], CallTool):
            self.queries.append(next(iter(json.loads(thoughts[0].arguments).values())))
            self.items.append(Called("call", thoughts[0].name, thoughts[0].arguments))
            self.items.append(Returned("call", self.spelt(found(self.queries[-1], self.passages))))
            thoughts = self.think()
        sentences = [thought.sentence for thought in thoughts if isinstance(thought, Say)]
        for thought in thoughts:
            if isinstance(thought, CallTool):
                self.reported.append(next(iter(json.loads(thought.arguments).values())))
        assert 1 <= len(sentences) <= 2
        self.items.append(Said("assistant", " ".join(sentences)))
        return " ".join(sentences)


def returned(question: str, output: str, *tools: Schema, arguments: str = "{}", name: str = "search") -> list[Say | CallTool]:
    """What the mind makes of one output."""
    items = (Said("user", question), Called("call", name, arguments), Returned("call", output))
    return QuotingMind().thoughts(Moment(items, tools=tools or (SEARCH, REPORT)))


def spoken(thoughts: Sequence[Say | CallTool]) -> str:
    return " ".join(thought.sentence for thought in thoughts if isinstance(thought, Say))
