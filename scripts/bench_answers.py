"""How often a typed question finds its page and hears its answer: every question of the tests, over a fresh stand-in with the documents.

    python3 scripts/bench_answers.py [--each] [--half tune] [--list samples]

Three lists: the samples asked about in plain questions; the samples asked about otherwise (short, colloquial, as a recogniser writes it,
within a conversation); and other documents than the samples. Each question is a conversation of its own, with what was asked `before` it:
the stand-in's mind, the tools that a conversation has, the real search door over a socket. The half `tune` was looked at while the mind
was made. The half `report` asks for facts that no question of `tune` asks for, in no list, which a test holds. All but 21, 19 and 14 of its
questions with an answer, in the lists' order, are later than the mind, were written before they were first asked, and never changed to
suit a result; after their first count, of which the shares alone were read, a hundred tuned questions were added and learned from, and
later 133 more, written before any of them was asked. The shares of `report` were then counted twice, once midway: how many off the topic
were answered there made the bar for an answer be looked at again, and raised. Beside each share stands its goal, where there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

from askaloud.doors import open_doors
from askaloud.indexing.sync import sync
from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.passage import Passage
from askaloud.knowledge.tools import toolbox
from askaloud.settings import Settings
from askaloud.tool import Call, Caller, Source
from local_azure.mind import NOT_FOUND, ONLY_LOOKS_UP, QuotingMind
from local_azure.realtime.parts import Called, CallTool, Item, Moment, Returned, Said, Say

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "scripts" / "sample_documents"
TESTS = ROOT / "tests"
LISTS = {
    "samples": (SAMPLES, TESTS / "askaloud" / "questions.json"),
    "otherwise": (SAMPLES, TESTS / "local_azure" / "mind" / "asked_otherwise.json"),
    "others": (TESTS / "local_azure" / "mind" / "documents", TESTS / "local_azure" / "mind" / "documents.json"),
}
"""Each list of questions, with the folder of documents that it is asked over."""
HALVES = ("tune", "report")
ROUNDS_MAX = 4
"""Thoughts of one answer: a search, the answer with its report, and two to spare."""


@dataclass
class Answer:
    """What came of one question: the queries, the passages of the last search, what was said and what was cited."""

    case: dict[str, Any]
    queries: list[str] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    passages: dict[str, Passage] = field(default_factory=dict)
    said: str = ""
    cited: tuple[str, ...] = ()

    @property
    def document_first(self) -> bool:
        """Whether the first passage is from the right document."""
        return bool(self.sources) and self._path(self.sources[0]) == self.case["document"]

    @property
    def page_first(self) -> bool:
        """Whether it is from the right page too; a document without pages is right as a whole."""
        return self.document_first and self.sources[0].page == self.case["page"]

    @property
    def among_five(self) -> bool:
        """Whether the passage that answers is among those found."""
        return any(self._holds(source.text) for source in self.sources if self._path(source) == self.case["document"])

    @property
    def told(self) -> bool:
        """Whether the words that answer were said."""
        return self._holds(self.said)

    @property
    def shown(self) -> bool:
        """Whether the card of a cited source shows them."""
        return any(self._holds(source.excerpt) for source in self.sources if source.id in self.cited)

    @property
    def refused(self) -> bool:
        """Whether it said that the documents do not answer this."""
        return self.said.startswith((NOT_FOUND, ONLY_LOOKS_UP))

    def _path(self, source: Source) -> str | None:
        return self.passages[source.id].path

    def _holds(self, text: str) -> bool:
        return _plain(self.case["phrase"]) in _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


async def ask(case: dict[str, Any], knowledge: KnowledgeBase) -> Answer:
    """One question after those before it, the mind's calls served by the tools of a fresh conversation."""
    passages: dict[str, Passage] = {}

    def address(passage: Passage) -> tuple[str | None, str | None]:
        passages[passage.id] = passage
        return None, None

    tools = toolbox(knowledge, address=address)
    items: list[Item] = []
    for question in case.get("before", []):
        await _turn(question, tools, items, Answer(case))
    answer = Answer(case, passages=passages)
    await _turn(case["question"], tools, items, answer)
    return answer


async def _turn(question: str, tools: Any, items: list[Item], answer: Answer) -> None:
    """One thing said and what came of it, written to `items` and to `answer`."""
    items.append(Said("user", question))
    for _ in range(ROUNDS_MAX):
        for thought in QuotingMind().thoughts(Moment(tuple(items), tools=tuple(tools.schemas()))):
            if isinstance(thought, Say):
                answer.said = f"{answer.said} {thought.sentence}".strip()
                continue
            call_id = f"call_{len(items)}"
            items += [Called(call_id, thought.name, thought.arguments), Returned(call_id, await _served(thought, tools, call_id, answer))]
        if answer.said:
            items.append(Said("assistant", answer.said))
            return


async def _served(thought: CallTool, tools: Any, call_id: str, answer: Answer) -> str:
    arguments = json.loads(thought.arguments)
    tool = tools.named(thought.name)
    if tool.query_argument is not None:
        answer.queries.append(arguments[tool.query_argument])
    outcome = await tool.run(Call(call_id, arguments, Caller("bench")))
    answer.sources = outcome.sources or answer.sources
    answer.cited += outcome.cited
    return str(outcome.heard)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: of which questions it is a share, and the goal in per cent where there is one."""

    name: str
    on_topic: bool
    is_so: Callable[[Answer], bool]
    goal: int | None = None
    at_most: bool = False


ROWS = (
    Row("right document first", True, lambda answer: answer.document_first),
    Row("right page first", True, lambda answer: answer.page_first, 95),
    Row("passage in the top 5", True, lambda answer: answer.among_five),
    Row("answering words spoken", True, lambda answer: answer.told, 85),
    Row("answering words on a cited card", True, lambda answer: answer.shown),
    Row("wrongly refused", True, lambda answer: answer.refused, 5, at_most=True),
    Row("off-topic refused", False, lambda answer: answer.refused, 95),
)


def show(answers: dict[str, list[Answer]]) -> None:
    """The table, one column a half."""
    print(f"{'':34}" + "".join(f"{half:>18}" for half in answers) + "   goal")
    for row in ROWS:
        cells, missed = "", []
        for half, given in answers.items():
            asked = [answer for answer in given if (answer.case["document"] is not None) == row.on_topic]
            count = sum(row.is_so(answer) for answer in asked)
            share = 100 * count / len(asked)
            cells += f"{f'{count}/{len(asked)}':>10} {share:5.0f} %"
            if row.goal is not None and (share > row.goal if row.at_most else share < row.goal):
                missed.append(half)
        goal = "" if row.goal is None else f"   {'≤' if row.at_most else '≥'} {row.goal} %"
        print(f"{row.name:34}{cells}{goal}{'   missed: ' if missed else ''}{', '.join(missed)}")


def show_each(answers: list[Answer]) -> None:
    """What fell short, question by question."""
    for answer in answers:
        short = [row.name for row in ROWS if row.on_topic and answer.case["document"] and row.is_so(answer) == row.at_most]
        if not answer.case["document"] and not answer.refused:
            short = ["not refused"]
        if short:
            print(f"{answer.case['question']}\n    short of: {', '.join(short)}\n    query:    {' | '.join(answer.queries)}")
            first = answer.sources[0] if answer.sources else None
            print(f"    first:    {first.title if first else None} {first.page if first else None}\n    said:     {answer.said}")


async def measure(name: str, halves: list[str], each: bool) -> None:
    """Index a list's documents afresh, ask everything, print."""
    folder, questions = LISTS[name]
    cases = json.loads(questions.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data=Path(data))
        async with open_doors(settings) as doors:
            knowledge = await KnowledgeBase.open(doors.search, settings)
            try:
                await sync(folder, folder.name, knowledge)
                answers = {half: [await ask(case, knowledge) for case in cases if case["set"] == half] for half in halves}
            finally:
                await knowledge.close()
    if each:
        for given in answers.values():
            show_each(given)
    print(f"{name}: questions of {questions.relative_to(ROOT)} over {folder.relative_to(ROOT)}")
    show(answers)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", action="store_true", help="print every question that fell short")
    parser.add_argument("--half", choices=HALVES, help="ask this half alone (default: both)")
    parser.add_argument("--list", choices=LISTS, help="ask this list alone (default: all)")
    options = parser.parse_args()
    for name in [options.list] if options.list else list(LISTS):
        asyncio.run(measure(name, [options.half] if options.half else list(HALVES), options.each))


if __name__ == "__main__":
    main()
