"""How fast the stand-in's search door answers over ten thousand passages: median and 95th percentile, beside the goal of 5 ms.

    python3 scripts/bench_search.py [--passages 10000] [--rounds 300]

The passages are sentences of the sample documents in random order with made-up names among them, in an index like our own; the questions
are those of the tests. Each query is timed twice: within the door (from the request's JSON to the answer's) and over a socket, client and
server in one process, so the second holds the work of both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

import aiohttp
import msgspec

from askaloud.knowledge.schema import our_index
from askaloud.serving import Server, bind
from local_azure.app import create_app
from local_azure.search import catalogue
from local_azure.search.document import read_batch
from local_azure.search.hybrid import Memory
from local_azure.search.nearest import Matrices
from local_azure.search.postings import Postings
from local_azure.search.ranking import run
from local_azure.search.request import read_query
from local_azure.search.schema import read_index
from local_azure.search.store import Store

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "scripts" / "sample_documents"
QUESTIONS = ROOT / "tests" / "askaloud" / "questions.json"
GOAL_MS = 5.0
INDEX = "bench"
KEY = "bench"
BATCH = 500
NAMES = 30_000
"""Made-up words; half of a large collection's vocabulary stands in one document only."""
SENTENCES = (5, 9)
"""In one passage; about a hundred words."""
OURS = "(not groups/any()) or groups/any(g: search.in(g, 'sales,board', ','))"
SHOWN = "id,title,headings,text,page,source,path"


def passages(count: int) -> list[dict[str, Any]]:
    """The same passages each time. One in eight may be read by some groups only."""
    chance = random.Random(5)  # noqa: S311 - the same passages each time
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted([*SAMPLES.glob("*.md"), *SAMPLES.glob("*.html")]))
    sentences = [s for s in re.split(r"(?<=[.!?])\s+", re.sub(r"<[^>]*>", " ", text)) if 4 <= len(s.split()) <= 40]
    names = ["".join(chance.choices("aeioubdfgklmnprstvz", k=chance.randint(5, 10))) for _ in range(NAMES)]

    def words() -> str:
        found = " ".join(chance.choices(sentences, k=chance.randint(*SENTENCES))).split()
        for _ in range(len(found) // 10):
            found[chance.randrange(len(found))] = chance.choice(names)
        return " ".join(found)

    return [
        {
            "id": f"p{number:06}",
            "source": f"s{number % 7}",
            "path": f"folder/{number // 50}.md",
            "title": f"{chance.choice(names)} {chance.choice(names)}",
            "headings": [chance.choice(sentences)[:40]],
            "page": number % 50 + 1,
            "text": words(),
            "groups": [] if number % 8 else [chance.choice(["sales", "board", "staff"])],
            "modified": f"2026-{number % 12 + 1:02}-01T00:00:00Z",
        }
        for number in range(count)
    ]


def kinds(questions: list[str], ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The bodies of the searches that are timed, by what they are."""
    shown = {"select": SHOWN, "top": 5}
    return {
        "keyword": [{"search": question, **shown} for question in questions],
        "keyword, highlights": [{"search": question, "highlight": "text-1", **shown} for question in questions],
        "keyword, filter": [{"search": question, "filter": OURS, **shown} for question in questions],
        "keyword, page le 25": [{"search": question, "filter": "page le 25", **shown} for question in questions],
        "keyword, all words": [{"search": question, "searchMode": "all", **shown} for question in questions],
        "keyword, count": [{"search": question, "count": True, **shown} for question in questions],
        "keyword, orderby": [{"search": question, "orderby": "id desc", **shown} for question in questions],
        "filter, orderby": [{"search": "*", "filter": f"source eq 's3' and id gt '{id}'", "orderby": "id", **shown} for id in ids],
        "full syntax": [{"search": in_full(question), "queryType": "full", **shown} for question in questions],
    }


def in_full(question: str) -> str:
    """A phrase that may stretch, a fuzzy word, a field and a prefix, of a question's words."""
    words: list[str] = re.findall(r"\w+", question.lower())
    return f'"{words[-2]} {words[-1]}"~3 OR {max(words, key=len)}~1 title:{words[0][:3]}* -{words[1]}'


async def measure(count: int, rounds: int) -> None:
    """Fill an index, ask, print."""
    documents = passages(count)
    questions = [case["question"] for case in json.loads(QUESTIONS.read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "index.sqlite")
        await store.open()
        began = time.perf_counter()
        await fill(store, documents)
        print(f"{count} passages indexed in {time.perf_counter() - began:.1f} s\n")
        print(f"{'':22} {'in the door':>22}   {'over a socket':>22}")
        print(f"{'':22} {'median':>10} {'p95':>11}   {'median':>10} {'p95':>11}   (goal: median ≤ {GOAL_MS:.0f} ms)")
        listener = bind("127.0.0.1", 0)
        ready = asyncio.Event()
        server = Server(create_app(KEY, store, None), ready.set)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve_at("127.0.0.1", listener))
            await ready.wait()
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            async with aiohttp.ClientSession(address, headers={"api-key": KEY}) as session:
                await ask_all(store, session, kinds(questions, [one["id"] for one in documents[:: max(1, count // 100)]]), rounds)
                await get_all(store, session, documents, rounds)
            server.should_exit = True
        await store.close()


async def fill(store: Store, documents: list[dict[str, Any]]) -> None:
    """Make the index and write the passages in batches, as the client would."""
    index = read_index(our_index(INDEX).as_dict())
    await store.write(lambda connection: catalogue.create(connection, index))
    for start in range(0, len(documents), BATCH):
        actions = read_batch({"value": documents[start : start + BATCH]}, index)
        await store.write(
            lambda connection, actions=actions: [catalogue.find(connection, INDEX).documents(connection).apply(a) for a in actions]  # type: ignore[misc]  # bound now
        )


async def ask_all(store: Store, session: aiohttp.ClientSession, asked: dict[str, list[dict[str, Any]]], rounds: int) -> None:
    """One row for each kind of search."""
    memory = Memory(Postings(), Matrices())
    path = f"/indexes('{INDEX}')/docs/search.post.search?api-version=2026-04-01"

    def anew(body: bytes) -> float:
        """As after every change of the index."""
        return within(body, Memory(Postings(), Matrices()))

    def within(body: bytes, memory: Memory = memory) -> float:
        began = time.perf_counter()
        connection = store._reading  # the bench looks behind the door on purpose
        assert connection is not None  # noqa: S101 - opened above
        connection.execute("BEGIN")
        entry = catalogue.find(connection, INDEX)
        page = run(connection, entry, read_query(msgspec.json.decode(body), entry.index), memory, {})
        msgspec.json.encode(page.documents)
        connection.execute("COMMIT")
        return time.perf_counter() - began

    async def over(body: bytes) -> float:
        began = time.perf_counter()
        async with session.post(path, data=body) as answer:
            await answer.read()
            answer.raise_for_status()
        return time.perf_counter() - began

    show("keyword, all forgotten", [await asyncio.to_thread(anew, json.dumps(body).encode()) for body in asked["keyword"]][:rounds])
    for name, bodies in asked.items():
        encoded = [json.dumps(body).encode() for body in bodies]
        for body in encoded[:20]:
            await over(body)
            await asyncio.to_thread(within, body)
        inside = await asyncio.to_thread(lambda bodies=encoded: [within(bodies[n % len(bodies)]) for n in range(rounds)])  # type: ignore[misc]  # bound now
        outside = [await over(encoded[n % len(encoded)]) for n in range(rounds)]
        show(name, inside, outside)


async def get_all(store: Store, session: aiohttp.ClientSession, documents: list[dict[str, Any]], rounds: int) -> None:
    """The row for single documents."""
    keys = [one["id"] for one in documents[:: max(1, len(documents) // rounds)]][:rounds]

    async def timed(work: Callable[[], Awaitable[Any]]) -> float:
        began = time.perf_counter()
        await work()
        return time.perf_counter() - began

    def read(key: str) -> Callable[[], Awaitable[Any]]:
        async def inside() -> Any:
            return await store.read(lambda connection: _read(connection, key))

        return inside

    def get(key: str) -> Callable[[], Awaitable[Any]]:
        async def outside() -> None:
            async with session.get(f"/indexes('{INDEX}')/docs('{key}')?api-version=2026-04-01") as answer:
                await answer.read()

        return outside

    show("get", [await timed(read(key)) for key in keys], [await timed(get(key)) for key in keys])


def _read(connection: Any, key: str) -> Any:
    entry = catalogue.find(connection, INDEX)
    return entry.documents(connection).read(key, entry.index.fields)


def show(name: str, *columns: list[float]) -> None:
    """One row; a median that misses the goal is marked."""
    figures = []
    for times in columns:
        ordered = sorted(times)
        median, late = statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000
        figures.append(f"{median:>7.2f} ms{'!' if median > GOAL_MS else ' '} {late:>7.2f} ms ")
    print(f"{name:22} {'  '.join(figures)}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=300, help="how many searches of each kind")
    options = parser.parse_args()
    asyncio.run(measure(options.passages, options.rounds))


if __name__ == "__main__":
    main()
