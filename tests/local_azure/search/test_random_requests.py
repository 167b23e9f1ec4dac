"""Random requests at every route of the search door and of embeddings: whatever comes is answered, in the service's shape, and nothing
fails within.

The stand-in runs as a process of its own, so that its log and its memory are those of the program that people run.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from tests.local_azure.search.clients import API, PASSAGES, passages_index
from tests.stand_in import StandIn, stand_in
from yarl import URL

WAIT_S = 60.0
"""For one answer; longer is a hang."""
SHORT = 800
LONG_S = 60.0
AT_ONCE = 8
SEED = 20_261_121
GROWTH_MAX_BYTES = 200 * 1024 * 1024
"""In the whole minute, above what the first requests left: the indexes that random definitions make, and what is remembered of them and of
words. Some 50 MiB were seen."""

SOURCE = Path(__file__).parents[3] / "backend" / "local_azure"
FILES = [*(SOURCE / "search").glob("*.py"), *(SOURCE / "embeddings").glob("*.py")]
WORDS = sorted({word for path in FILES for word in re.findall(r'"([A-Za-z.@][A-Za-z0-9_.@]{1,30})"', path.read_text("utf-8"))})
"""Every word of the doors' own grammar, as names and as values."""
PIECES = [
    *"()'\"*+-|!~^:/\\[]{}?,. \x00\u2028é",
    "AND ",
    "OR ",
    "NOT ",
    " eq ",
    " and ",
    " or ",
    "not ",
    "/any(g: ",
    "search.in(",
    "null",
    "1",
    "2.5",
]
PIECES += ["page", "text", "groups", "title:", "coffee", "2026-01-01T00:00:00Z", "/[a-z]*/", "~1", "^2", "id desc", "search.score()"]
NAMES = ["passages", "other", "a" * 129, "é", "x'y", "..", "%00"]
KEYS = ["coffee", "none", "a/b", "it''s", "\x00", "k" * 2_000]
PATHS: tuple[str, ...] = (
    "/indexes",
    "/indexes('{n}')",
    "/indexes/{n}",
    "/indexes('{n}')/search.stats",
    "/indexes('{n}')/docs",
    "/indexes('{n}')/docs('{k}')",
)
PATHS += (
    "/indexes('{n}')/docs/$count",
    "/indexes('{n}')/docs/search.index",
    "/indexes('{n}')/search.analyze",
    "/indexers('{n}')/search.run",
)
PATHS += ("/indexes('{n}')/docs/search.post.search",) * 4 + ("/indexes/{n}/docs/search", "/indexes/{n}/docs/index", "/datasources", "/{k}")
PATHS += ("/openai/v1/embeddings", "/openai/deployments/{n}/embeddings") * 2
SEARCH = "search filter orderby select searchFields highlight top skip count queryType searchMode vectorQueries facets captions answers"


class Sender:
    """Makes requests from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - requests that can be made again, no secret

    def request(self) -> tuple[str, str, bytes, dict[str, str]]:
        """Method, path, body and headers."""
        one = self._random
        path = one.choice(PATHS).format(n=quote(one.choice(["passages"] * 6 + NAMES), safe="'"), k=quote(one.choice(KEYS), safe="'"))
        version = one.choice([API] * 9 + ["", "api-version=1", f"{API}&$select={quote(self._text())}"])
        headers = {"If-Match": self._header()} if one.random() < 0.1 else {"If-None-Match": self._header()} if one.random() < 0.1 else {}
        asks = path.endswith(("search", "index", "analyze", "run", "embeddings"))
        right = "POST" if asks or path == "/indexes" else "PUT" if path.endswith(("')", "passages")) and "docs" not in path else "GET"
        method = one.choice(["GET", "DELETE", "PUT", "PATCH", "POST"]) if one.random() < 0.2 else right
        if method == "DELETE" and "passages" in path:
            method = "GET"  # or there would soon be nothing left to ask
        return method, f"{path}?{version}", self._body(path), headers

    def _header(self) -> str:
        return self._random.choice(["*", '"0x0"', "é", ""])

    def _body(self, path: str) -> bytes:
        kind = self._random.randrange(10)
        if kind == 0:
            return self._random.randbytes(self._random.randrange(200))
        body = self._anything(5)
        if kind > 3 and "search" in path:
            body = {name: self._value(name) for name in self._random.sample(SEARCH.split(), self._random.randrange(1, 6))}
        elif kind > 3 and path.endswith("index"):
            body = {"value": [self._document() for _ in range(self._random.randrange(4))]}
        elif kind > 3 and path.endswith("embeddings"):
            body = self._embedding()
        elif kind > 3:
            body = self._definition()
        text = bytearray(json.dumps(body).encode())
        if kind == 9:
            text[self._random.randrange(len(text))] = self._random.randrange(256)
        return bytes(text)

    def _value(self, name: str) -> Any:
        if self._random.random() < 0.05:
            return self._anything(3)
        fitting: dict[str, list[Any]] = {
            "top": [0, 1, 5, 2_000], "skip": [0, 2, 100_000], "count": [True, False], "searchMode": ["any", "all"],
            "queryType": ["simple", "full", "full", "semantic"], "facets": [[]], "captions": ["extractive"], "answers": ["none"],
            "filter": ["page gt 1", "groups/any(g: g eq 'all')", self._text()], "orderby": ["page desc", "search.score()", self._text()],
            "select": ["id,page", "*", self._text()], "searchFields": ["text", "title,headings", self._text()],
            "highlight": ["text-2", "title", self._text()],
            "vectorQueries": [[{"kind": "vector", "vector": [1, 0, 0], "fields": "vector", "k": 2}], [{"kind": "text"}]],
        }  # fmt: skip
        return self._random.choice(fitting[name]) if name in fitting else self._text()

    def _embedding(self) -> Any:
        one = self._random
        texts: list[Any] = [self._text() or "a" for _ in range(one.randrange(1, 4))]
        body: dict[str, Any] = {"model": "m", "input": one.choice([texts, texts[0], [1, 2], [[3], [4, 5]], ["a"] * 300])}
        body |= {"dimensions": one.choice([1, 8, 1536, 4096]), "encoding_format": one.choice(["float", "base64"])}
        for _ in range(one.choice([0, 0, 1, 2])):
            body[one.choice([*body, "user", *WORDS])] = self._anything(3)
        return body

    def _text(self) -> str:
        return "".join(self._random.choice([*PIECES, self._random.choice(WORDS)]) for _ in range(self._random.randrange(12)))

    def _document(self) -> Any:
        document = dict(self._random.choice(PASSAGES)) | {
            "@search.action": self._random.choice([*["upload", "merge", "delete"] * 3, "odd", None])
        }
        for _ in range(self._random.choice([0, 0, 0, 1, 2])):
            document[self._random.choice([*document, *WORDS])] = self._anything(3)
        return document

    def _definition(self) -> Any:
        definition: dict[str, Any] = passages_index().as_dict()
        place: Any = definition
        for _ in range(self._random.randrange(1, 4)):
            inner = self._random.choice(list(place)) if isinstance(place, dict) and place else None
            if isinstance(place, list) and place:
                inner = self._random.randrange(len(place))
            if inner is None:
                break
            if not isinstance(place[inner], dict | list) or self._random.random() < 0.3:
                place[inner] = self._anything(3)
            place = place[inner]
        return definition

    def _anything(self, depth: int) -> Any:
        one = self._random
        kind = one.randrange(7 if depth else 5)
        if kind < 2:
            return one.choice([*WORDS, self._text()])
        if kind < 5:
            return one.choice([None, True, False, 0, 1, -1, 3, 0.5, 2**31, 2**63, -(2**70), 10**400, -1e308, "", "é\u0000", "\ud800"])
        if kind == 5:
            return [self._anything(depth - 1) for _ in range(one.randrange(4))]
        return {one.choice(WORDS): self._anything(depth - 1) for _ in range(one.randrange(5))}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("random")) as program:
        yield program


async def bombard(session: aiohttp.ClientSession, address: str, sender: Sender, times: int) -> None:
    """Request after request; each must be answered in time and in shape."""
    for _ in range(times):
        method, path, body, headers = sender.request()
        async with (
            asyncio.timeout(WAIT_S),
            session.request(method, URL(address + path, encoded=True), data=body, headers=headers) as answer,
        ):
            text = await answer.read()
        told = f"{method} {path} {headers} {body!r} -> {answer.status} {text[:300]!r}"
        assert answer.status < 500, told
        if answer.status >= 400:
            assert set(json.loads(text)["error"]) >= {"code", "message"}, told


async def assault(running: StandIn, seeds: list[int], times: int) -> None:
    """Several senders at the same time, at an index that exists."""
    headers = {"api-key": running.key, "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        definition = json.dumps(passages_index().as_dict()).encode()
        await (await session.put(f"{running.search}/indexes('passages')?{API}", data=definition)).read()
        documents = json.dumps({"value": PASSAGES}).encode()
        await (await session.post(f"{running.search}/indexes('passages')/docs/search.index?{API}", data=documents)).read()
        await asyncio.gather(*(bombard(session, running.search, Sender(seed), times) for seed in seeds))
    said = running.said()
    assert "Traceback" not in said, said[-4_000:]
    assert " ERROR " not in said, said[-4_000:]


def memory(pid: int) -> int:
    """Resident bytes of a process (Linux), 0 elsewhere."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) * 1024 if found else 0


async def test_random_requests_are_all_answered(running: StandIn) -> None:
    await assault(running, [SEED, SEED + 1], SHORT // 2)


@pytest.mark.long
async def test_a_minute_of_random_requests_is_too_in_bounded_memory(running: StandIn) -> None:
    await assault(running, [SEED], SHORT)  # what is remembered of words and definitions is there from now on
    before, ends, rounds = memory(running.pid), time.monotonic() + LONG_S, 0
    while time.monotonic() < ends:
        seeds = [random.SystemRandom().getrandbits(64) for _ in range(AT_ONCE)]
        print("seeds", seeds)  # noqa: T201 - shown where the test fails, to be tried again
        await assault(running, seeds, SHORT // AT_ONCE)
        rounds += 1
        grown = memory(running.pid) - before
        print(f"{rounds} rounds, {grown / 1024 / 1024:.0f} MiB more")  # noqa: T201 - as above
        assert grown < GROWTH_MAX_BYTES
