"""A search request: a closed list of properties, each checked against the index; nothing is silently ignored.

Pure: JSON in, a frozen `Query` out, or a `Refusal` that names what is wrong or not offered (Microsoft Learn, "Documents - Search Post").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import edm
from .filter_sql import Condition, column, condition
from .full_syntax import parse_full
from .full_tree import FullQuery
from .highlight import MAX_FRAGMENTS, Tags
from .refusal import invalid, invalid_expression, no_property, not_offered
from .schema import Field, Index
from .semantic import NAMES, Semantic, read_semantic_query
from .simple_syntax import Asked, parse
from .vectors import VectorQuery, read_filter_mode, read_vector_queries

DEFAULT_PAGE = 50
"""Documents in a page where `top` is not given; the service's default."""

MAX_PAGE = 1_000
"""Documents in one page; more come by continuation, as from the service."""

MAX_SKIP = 100_000
MAX_ORDER_CLAUSES = 32
MAX_SEARCH_CHARS = 100_000
"""Characters of a query; the service's limit."""

HIGHLIGHT = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(?:-([1-9]\d{0,3}))?", re.ASCII)
ORDER = re.compile(r"\s*(search\.score\(\)|[A-Za-z][A-Za-z0-9_/]*)(?:\s+(asc|desc))?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Query:
    """One search, ready to be run. `top` is None where the request sets no end."""

    asked: Asked | FullQuery | None
    everything: bool
    every: bool
    fields: tuple[Field, ...]
    condition: Condition | None
    order: tuple[str, ...]
    shown: tuple[Field, ...]
    highlights: tuple[tuple[Field, int], ...]
    tags: Tags
    top: int | None
    skip: int
    count: bool
    coverage: bool
    vectors: tuple[VectorQuery, ...]
    filter_after: bool
    semantic: Semantic | None
    given: dict[str, Any]


def _words(*allowed: str) -> Callable[[str, object], None]:
    def check(name: str, value: object) -> None:
        if value not in allowed:
            raise not_offered(f"'{name}: {value}' in a search")

    return check


def _absent(name: str, value: object) -> None:
    if value != []:
        raise not_offered(f"The parameter '{name}' of a search")


PLAIN_NAMES = """
search count filter highlight highlightPreTag highlightPostTag minimumCoverage orderby searchFields searchMode select sessionId skip top
vectorQueries vectorFilterMode
"""
ABSENT_NAMES = """
facets scoringParameters scoringProfile queryLanguage speller semanticFields queryRewrites hybridSearch
"""
PLAIN = frozenset([*PLAIN_NAMES.split(), *NAMES])
RESTRICTED: dict[str, Callable[[str, object], None]] = {
    "queryType": _words("simple", "full", "semantic"),
    "scoringStatistics": _words("local", "global"),
    "debug": _words("disabled"),
    **dict.fromkeys(ABSENT_NAMES.split(), _absent),
}
"""Known to the service, offered here only with these values. Statistics are global and local at once, for there is one shard."""


def read_query(body: object, index: Index) -> Query:
    """Check a search request. Raises `Refusal`."""
    if not isinstance(body, dict):
        raise invalid("The request is invalid. Details: The body must be a JSON object.")
    given = {name: value for name, value in body.items() if value is not None}
    _refuse_unknown(given)
    text, mode = _text(given, "search"), given.get("searchMode", "any")
    if mode not in ("any", "all"):
        raise invalid("The request is invalid. Details: 'searchMode' must be any or all.")
    if len(text) > MAX_SEARCH_CHARS:
        raise invalid(f"The request is invalid. Details: 'search' is longer than {MAX_SEARCH_CHARS} characters.")
    everything = text.strip() in {"", "*"}
    filtered = _text(given, "filter")
    return Query(
        asked=None if everything else (parse_full if given.get("queryType") == "full" else parse)(text, every=mode == "all"),
        everything=everything,
        every=mode == "all",
        fields=_search_fields(given, index),
        condition=condition(filtered, index) if filtered.strip() else None,
        order=_order(given, index),
        shown=shown_fields(_text(given, "select"), index),
        highlights=_highlights(given, index),
        tags=_tags(given),
        top=_number(given, "top", 2**31 - 1),
        skip=_number(given, "skip", MAX_SKIP) or 0,
        count=_flag(given, "count"),
        coverage=_coverage(given),
        vectors=read_vector_queries(given.get("vectorQueries", []), index),
        filter_after=read_filter_mode(given.get("vectorFilterMode", "preFilter")),
        semantic=read_semantic_query(given, index),
        given=given,
    )


def _refuse_unknown(given: dict[str, Any]) -> None:
    for name, value in given.items():
        if name in RESTRICTED:
            RESTRICTED[name](name, value)
        elif name not in PLAIN:
            raise invalid(
                f"The request is invalid. Details: parameters : The parameter '{name}' in the request payload "
                "is not a valid parameter for the operation 'search'."
            )


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise invalid(f"The request is invalid. Details: parameters : '{name}' must be a string.")
    return value


def _flag(given: dict[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise invalid(f"The request is invalid. Details: parameters : '{name}' must be true or false.")
    return value


def _number(given: dict[str, Any], name: str, most: int) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise invalid(f"Value must be between 0 and {most}.\r\nParameter name: ${name}")
    return value


def _coverage(given: dict[str, Any]) -> bool:
    """Whether the answer says how much of the index was searched; here always all of it."""
    value = given.get("minimumCoverage")
    if value is None:
        return False
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 100:
        raise invalid("Value must be between 0 and 100.\r\nParameter name: minimumCoverage")
    return True


def _named(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def shown_fields(select: str, index: Index) -> tuple[Field, ...]:
    """The fields that `$select` names, or all that may be retrieved."""
    names = _named(select)
    if not names or names == ["*"]:
        return tuple(field for field in index.fields if field.retrievable)
    for name in names:
        if name not in index.by_name:
            raise no_property(name, "$select")
        if not index.by_name[name].retrievable:
            raise invalid_expression(f"'{name}' is not a retrievable field.", "$select")
    return tuple(index.by_name[name] for name in dict.fromkeys(names))


def _searchable(name: str, index: Index, parameter: str) -> Field:
    field = index.by_name.get(name)
    if field is None:
        raise no_property(name, parameter)
    if field not in index.words:
        raise invalid(f"The field '{name}' in the list of search fields is not searchable.\r\nParameter name: {parameter}")
    return field


def _search_fields(given: dict[str, Any], index: Index) -> tuple[Field, ...]:
    names = _named(_text(given, "searchFields"))
    return tuple(_searchable(name, index, "searchFields") for name in dict.fromkeys(names)) if names else index.words


def _highlights(given: dict[str, Any], index: Index) -> tuple[tuple[Field, int], ...]:
    """Pairs of a field and how many fragments of it are wanted: `text-3` means three."""
    chosen = []
    for name in _named(_text(given, "highlight")):
        match = HIGHLIGHT.fullmatch(name)
        if match is None:
            raise invalid(f"Invalid highlight '{name}'.\r\nParameter name: highlight")
        chosen.append((_searchable(match[1], index, "highlight"), int(match[2] or MAX_FRAGMENTS)))
    return tuple(chosen)


def _tags(given: dict[str, Any]) -> Tags:
    if ("highlightPreTag" in given) != ("highlightPostTag" in given):
        raise invalid("'highlightPreTag' and 'highlightPostTag' must be set together.")
    return Tags(_text(given, "highlightPreTag"), _text(given, "highlightPostTag")) if "highlightPreTag" in given else Tags()


def _order(given: dict[str, Any], index: Index) -> tuple[str, ...]:
    """The SQL terms of `orderby`. Nulls come first ascending and last descending, in the service and in SQLite."""
    text = _text(given, "orderby")
    if "geo.distance" in text:
        raise not_offered("The function 'geo.distance' in 'orderby'")
    terms = []
    for clause in _named(text):
        match = ORDER.fullmatch(clause)
        if match is None:
            raise invalid_expression(f"Syntax error in '{clause}'.", "$orderby")
        name, direction = match[1], (match[2] or "asc").upper()
        terms.append(f"{'score' if name == 'search.score()' else _sortable(name, index)} {direction}")
    if len(terms) > MAX_ORDER_CLAUSES:
        raise invalid_expression(f"There can be at most {MAX_ORDER_CLAUSES} clauses.", "$orderby")
    return tuple(terms)


def _sortable(name: str, index: Index) -> str:
    field = index.by_name.get(name)
    if field is None:
        raise no_property(name, "$orderby")
    if not field.sortable or field.kind not in edm.SCALARS:
        raise invalid_expression(f"'{name}' is not a sortable field. Only sortable fields can be used in $orderby expressions.", "$orderby")
    return column(field)
