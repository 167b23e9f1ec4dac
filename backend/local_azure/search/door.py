"""The Search door: the routes of Azure AI Search that concern indexes and documents, over one store.

Owns paths, statuses and shapes of answers (Microsoft Learn, "Azure AI Search REST API", 2026-04-01; paths as the official client
builds them, and in the documentation's own form beside it). Who may come in was decided before.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from quart import Blueprint, Response, request

from . import catalogue
from .catalogue import Entry, Precondition
from .document import read_batch
from .documents import Result
from .hybrid import Memory
from .nearest import Matrices
from .postings import Postings
from .ranking import Page, run
from .refusal import Refusal, invalid, not_offered
from .request import read_query, shown_fields
from .schema import read_index
from .store import Store
from .stored_vectors import count_change
from .vectorizing import Embed, embedded, has_texts

_log = logging.getLogger(__name__)
T = TypeVar("T")
Handler = Callable[..., Awaitable[Response]]

API_VERSIONS = ("2020-06-30", "2023-11-01", "2024-07-01", "2025-09-01", "2026-04-01")
"""The stable versions that azure-search-documents 12 knows; between them, what is offered here does not differ."""

ELSEWHERE = (
    "datasources", "indexers", "skillsets", "synonymmaps", "aliases", "knowledgebases", "knowledgesources", "agents", "servicestats",
)  # fmt: skip
"""The first words of paths that the service has and the stand-in has not."""


def blueprint(store: Store, embed: Embed) -> Blueprint:
    """The door over `store`, which the caller opens and closes. `embed` makes vectors of the texts of queries."""
    door = Blueprint("search", __name__)
    routes = _Routes(store, embed)
    for rule, methods, handler in routes.table():
        door.add_url_rule(rule, f"{handler.__name__} {rule} {methods}".replace(".", "_"), _guarded(handler), methods=methods.split())
    for word in ELSEWHERE:
        for rule in (f"/{word}", f"/{word}(<path:rest>", f"/{word}/<path:rest>"):
            door.add_url_rule(rule, f"elsewhere {rule}", _guarded(_refused(word)), methods=["GET", "POST", "PUT", "DELETE"])
    door.errorhandler(Refusal)(_answer_refusal)
    door.errorhandler(sqlite3.Error)(_answer_trouble)
    return door


def _answer(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, content_type="application/json; charset=utf-8")


async def _answer_refusal(refusal: Refusal) -> Response:
    return _answer(refusal.body(), refusal.status)


async def _answer_trouble(trouble: sqlite3.Error) -> Response:
    """The disk is full, or the file was damaged. SQLite's own words may hold a path or a query; they stay out of answer and log."""
    _log.error("the index file failed: %s", getattr(trouble, "sqlite_errorname", type(trouble).__name__))
    return _answer(Refusal(500, "InternalServerError", "The index file could not be read or written.").body(), 500)


def _guarded(handler: Handler) -> Handler:
    """Every route asks for an api-version that exists."""

    async def checked(**names: str) -> Response:
        version = request.args.get("api-version")
        if version is None:
            raise invalid(
                "The api-version query parameter (?api-version=) is required for all requests.", code="MissingApiVersionParameter"
            )
        if version not in API_VERSIONS:
            raise invalid(
                f"Invalid or unsupported api-version '{version}'. Offered: {', '.join(API_VERSIONS)}.", code="InvalidApiVersionParameter"
            )
        return await handler(**names)

    return checked


def _refused(feature: str) -> Handler:
    async def refuse(**_: str) -> Response:
        raise not_offered(f"'/{feature}'")

    return refuse


async def _body() -> Any:
    try:
        return msgspec.json.decode(await request.get_data())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid("The request is invalid. Details: The body is no valid JSON.") from None


def _parameters(*known: str) -> dict[str, str]:
    """The query parameters beside api-version; one that is not known is refused."""
    given = {name: value for name, value in request.args.items() if name != "api-version"}
    for name in given:
        if name not in known:
            raise not_offered(f"The query parameter '{name}' here")
    return given


def _precondition() -> Precondition:
    none = request.headers.get("If-None-Match")
    if none not in (None, "*"):
        raise not_offered("An If-None-Match other than '*'")
    return Precondition(request.headers.get("If-Match"), none)


class _Routes:
    """The handlers; each reads its request whole before it touches the store."""

    def __init__(self, store: Store, embed: Embed) -> None:
        self._store, self._embed = store, embed
        self._memory = Memory(Postings(), Matrices())

    def table(self) -> list[tuple[str, str, Handler]]:
        """Rule, methods, handler: first the form of the official client, then that of the documentation."""
        routes: list[tuple[str, str, Handler]] = [("/indexes", "GET", self.list_indexes), ("/indexes", "POST", self.create_index)]
        for one in ("/indexes('<name>')", "/indexes/<name>"):
            routes += [
                (one, "PUT", self.put_index),
                (one, "GET", self.get_index),
                (one, "DELETE", self.delete_index),
                (f"{one}/docs/$count", "GET", self.count),
            ]
            routes += [(f"{one}/{path}", "GET", self.statistics) for path in ("search.stats", "stats")]
            routes += [(f"{one}/docs/{path}", "POST", self.search) for path in ("search.post.search", "search")]
            routes += [(f"{one}/docs/{path}", "POST", self.index_documents) for path in ("search.index", "index")]
            routes += [(f"{one}/docs{path}", "GET", self.get_document) for path in ("('<path:key>')", "/<path:key>")]
            routes += [(f"{one}/docs/{path}", "GET POST", _refused(f"docs/{path}")) for path in UNANSWERED]
            routes += [(f"{one}/docs", "GET", _refused("docs?search=")), (f"{one}/search.analyze", "POST", _refused("search.analyze"))]
        return routes

    async def _with_index(self, name: str, work: Callable[[sqlite3.Connection, Entry], T]) -> T:
        return await self._store.read(lambda connection: work(connection, catalogue.find(connection, name)))

    async def list_indexes(self) -> Response:
        """GET /indexes."""
        chosen = [part.strip() for part in _parameters("$select").get("$select", "*").split(",")]
        shown = await self._store.read(lambda connection: [entry.shown() for entry in catalogue.listed(connection)])
        return _answer({"value": shown if chosen == ["*"] else [{k: v for k, v in one.items() if k in chosen} for one in shown]})

    async def create_index(self) -> Response:
        """POST /indexes: 201."""
        _parameters()
        index = read_index(_an_object(await _body()))
        entry = await self._store.write(lambda connection: catalogue.create(connection, index))
        return _answer(entry.shown(), 201)

    async def put_index(self, name: str) -> Response:
        """PUT /indexes('name'): 201 when new, else 200."""
        if _parameters("allowIndexDowntime").get("allowIndexDowntime", "false").lower() != "false":
            raise not_offered("'allowIndexDowntime=true'")
        body, demand = _an_object(await _body()), _precondition()
        if body.setdefault("name", name) != name:
            raise invalid(f"The request is invalid. Details: The name in the body is not '{name}'.")
        index = read_index(body)
        entry, new = await self._store.write(lambda connection: catalogue.put(connection, index, demand))
        return _answer(entry.shown(), 201 if new else 200)

    async def get_index(self, name: str) -> Response:
        """GET /indexes('name')."""
        _parameters()
        return _answer(await self._with_index(name, lambda _, entry: entry.shown()))

    async def delete_index(self, name: str) -> Response:
        """DELETE /indexes('name'): 204."""
        _parameters()
        demand = _precondition()
        await self._store.write(lambda connection: catalogue.remove(connection, name, demand), changes=name)
        return Response(b"", 204)

    async def statistics(self, name: str) -> Response:
        """GET /indexes('name')/search.stats."""
        _parameters()
        count, (size, vectors) = await self._with_index(name, lambda c, entry: (entry.documents(c).count(), entry.documents(c).sizes()))
        return _answer({"documentCount": count, "storageSize": size, "vectorIndexSize": vectors})

    async def count(self, name: str) -> Response:
        """GET /indexes('name')/docs/$count: the number as text."""
        _parameters()
        count = await self._with_index(name, lambda connection, entry: entry.documents(connection).count())
        return Response(str(count), 200, content_type="text/plain; charset=utf-8")

    async def get_document(self, name: str, key: str) -> Response:
        """GET /indexes('name')/docs('key')?$select=…; a quote in a key is doubled, as in all of OData."""
        select = _parameters("$select").get("$select", "")
        key = key.replace("''", "'")
        found = await self._with_index(name, lambda c, entry: entry.documents(c).read(key, shown_fields(select, entry.index)))
        if found is None:
            raise Refusal(404, "", f"No document with the key '{key}' was found in the index '{name}'.")
        return _answer(found)

    async def index_documents(self, name: str) -> Response:
        """POST docs/search.index: 200, or 207 when single documents failed."""
        _parameters()
        body = await _body()

        def apply(connection: sqlite3.Connection) -> list[Result]:
            entry = catalogue.find(connection, name)
            actions, documents = read_batch(body, entry.index), entry.documents(connection)
            count_change(connection, entry.id)
            return [documents.apply(action) for action in actions]

        results = await self._store.write(apply, changes=name)
        failed = any(result.problem is not None for result in results)
        return _answer({"value": [result.shown() for result in results]}, 207 if failed else 200)

    async def search(self, name: str) -> Response:
        """POST docs/search.post.search."""
        _parameters()
        body = await _body()
        vectors: dict[tuple[str, int], bytes] = {}
        if has_texts(body):
            query = await self._with_index(name, lambda _, entry: read_query(body, entry.index))
            vectors = await embedded(query.vectors, self._embed)
        page = await self._with_index(
            name, lambda connection, entry: run(connection, entry, read_query(body, entry.index), self._memory, vectors)
        )
        return _answer(_page(page, name, coverage=isinstance(body, dict) and body.get("minimumCoverage") is not None))


UNANSWERED = ("search.post.suggest", "search.suggest", "search.post.autocomplete", "search.autocomplete", "suggest", "autocomplete")
"""Parts of the documents' paths that belong to suggesters."""


def _an_object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise invalid("The request is invalid. Details: The body must be a JSON object.")
    return body


def _page(page: Page, name: str, *, coverage: bool) -> dict[str, Any]:
    """A page in the service's shape."""
    shown: dict[str, Any] = {} if page.answers is None else {"@search.answers": page.answers}
    if page.total is not None:
        shown["@odata.count"] = page.total
    if coverage:
        shown["@search.coverage"] = 100.0
    if page.rest is not None:
        shown["@search.nextPageParameters"] = page.rest
    shown["value"] = page.documents
    if page.rest is not None:
        shown["@odata.nextLink"] = f"{request.host_url}indexes('{name}')/docs/search.post.search?api-version={request.args['api-version']}"
    return shown
