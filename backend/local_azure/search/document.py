"""Documents as they come in: each index action checked against the index and made ready to be stored.

Pure. A property that the index does not have, or a value of a wrong type, refuses the whole request, as the service does; a bad
key, a vector of the wrong length and an oversized term fail that one document.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from math import isfinite
from typing import Any

from . import edm
from .refusal import Refusal, invalid, not_offered, too_large
from .schema import Field, Index

MAX_ACTIONS = 1_000
"""Documents in one batch; the service's limit."""

MAX_KEY_CHARS = 1_024
KEY = re.compile(r"[A-Za-z0-9_\-=]+", re.ASCII)

MAX_TERM_BYTES = 32_766
"""UTF-8 bytes of a string that can be filtered, sorted or faceted by; the service's (Lucene's) limit."""

ACTIONS = {"upload": "upload", "merge": "merge", "mergeorupload": "mergeOrUpload", "delete": "delete"}
ACTION_PROPERTY = "@search.action"


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `values` holds every given field but the key, vectors packed; `problem` says why it cannot be done."""

    kind: str
    key: str
    values: dict[str, Any]
    problem: str | None = None


def read_batch(body: object, index: Index) -> list[Action]:
    """The actions of a `docs/search.index` request. Raises `Refusal` for what is wrong with the request as a whole."""
    given = body.get("value") if isinstance(body, dict) else None
    if not isinstance(given, list) or not given:
        raise invalid("The request is invalid. Details: actions : No indexing actions found in the request.")
    if len(given) > MAX_ACTIONS:
        raise too_large(f"Too many indexing actions found in the request: {len(given)}. The limit is {MAX_ACTIONS}.")
    return [_read_action(entry, place, index) for place, entry in enumerate(given)]


def _read_action(given: object, place: int, index: Index) -> Action:
    if not isinstance(given, dict):
        raise invalid(f"The request is invalid. Details: actions : {place}: Each action must be an object.")
    kind = ACTIONS.get(str(given.get(ACTION_PROPERTY, "upload")).lower())
    if kind is None:
        raise invalid(
            f"The request is invalid. Details: actions : {place}: '{ACTION_PROPERTY}' must be upload, merge, mergeOrUpload or delete."
        )
    key = given.get(index.key.name)
    if not isinstance(key, str):
        raise invalid(f"The request is invalid. Details: actions : {place}: Document key cannot be missing or empty.")
    problem = key_problem(key)
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name in {ACTION_PROPERTY, index.key.name}:
            continue
        field = index.by_name.get(name)
        if field is None:
            raise _no_field(name)
        try:
            values[name] = _normal(field, value)
        except _Unfit as unfit:
            problem = problem or str(unfit)
        except ValueError as wrong:
            raise invalid(f"The request is invalid. Details: actions : {place}: {wrong} (property '{name}').") from None
    return Action(kind, key, {} if kind == "delete" else values, problem)


def _no_field(name: str) -> Refusal:
    if name.startswith("@"):
        return not_offered(f"The annotation '{name}' in a document")
    return invalid(
        f"The request is invalid. Details: The property '{name}' does not exist on type 'search.documentFields'. "
        "Make sure to only use property names that are defined by the type."
    )


def key_problem(key: str) -> str | None:
    """Why a key cannot be one, or None."""
    if not key or len(key) > MAX_KEY_CHARS:
        return f"Invalid document key: a key has between 1 and {MAX_KEY_CHARS} characters."
    if not KEY.fullmatch(key):
        return f"Invalid document key: '{key}'. Keys can only contain letters, digits, underscore (_), dash (-), or equal sign (=)."
    if key.startswith("_"):
        return f"Invalid document key: '{key}'. A key cannot begin with an underscore."
    return None


class _Unfit(Exception):  # noqa: N818 - it says what the value is
    """A value of the right type that this one document cannot have."""


def _normal(field: Field, value: object) -> Any:
    if field.vector:
        return _packed(field, value)
    if field.collection:
        if value is None:
            return []
        if not isinstance(value, list):
            raise ValueError(f"A value for a {field.type_name} must be a list")
        return [_fit(field, edm.normal(field.kind, member)) for member in value]
    return None if value is None else _fit(field, edm.normal(field.kind, value))


def _fit(field: Field, value: edm.Scalar) -> edm.Scalar:
    if field.filterable and isinstance(value, str) and "\0" in value:
        # SQLite's JSON functions end a string at U+0000: "board\0secret" in a collection would pass a filter for "board".
        raise _Unfit(f"Field '{field.name}' contains the character U+0000, which this local stand-in does not filter by.")
    whole = field.filterable or field.sortable or field.facetable or (field.searchable and field.analyzer == "keyword")
    if whole and isinstance(value, str) and len(value) * 4 > MAX_TERM_BYTES and len(value.encode()) > MAX_TERM_BYTES:
        raise _Unfit(
            f"Field '{field.name}' contains a term that is too large to process. The max length for UTF-8 encoded terms is "
            f"{MAX_TERM_BYTES} bytes. The most likely cause of this error is that filtering, sorting, and/or faceting are enabled."
        )
    return value


def _packed(field: Field, value: object) -> bytes | None:
    """A vector as 32-bit floats; None where there is none."""
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in value):
        raise ValueError(f"A value for a {field.type_name} must be a list of numbers")
    if len(value) != field.dimensions:
        raise _Unfit(
            f"There's a mismatch in vector dimensions. The vector field '{field.name}' expects a length of '{field.dimensions}'. "
            f"However, the provided vector has a length of '{len(value)}'."
        )
    try:
        return packed(value)
    except OverflowError:
        raise _Unfit(f"The vector field '{field.name}' holds a number beyond the range of a 32-bit float.") from None


def packed(numbers: list[int | float]) -> bytes:
    """A vector as 32-bit floats. Raises `OverflowError` where a number is beyond their range."""
    singles = array("f", numbers)
    if not all(map(isfinite, singles)):
        raise OverflowError
    return singles.tobytes()


def unpacked(packed: bytes) -> list[float]:
    """The numbers of a stored vector."""
    numbers = array("f")
    numbers.frombytes(packed)
    return numbers.tolist()
