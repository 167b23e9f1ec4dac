"""The `vectorQueries` of a search request: a closed list of properties, each checked against the index.

Pure: JSON in, frozen queries out, or a `Refusal` in the service's words (Microsoft Learn, "Documents - Search Post"; the issues named
beside the sentences). It knows no distance and no stored vector.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .document import packed
from .refusal import Refusal, invalid, invalid_parameter, not_offered
from .schema import Field, Index

DEFAULT_K = 50
"""Neighbours where the request does not say; what the semantic ranker looks at."""

MAX_K = 10_000
"""Neighbours of one query; the service's bound on what it recalls for a fusion."""

MAX_QUERIES = 10
"""Vector queries in one request; each reads a whole field."""

MAX_TEXT_CHARS = 32_768
"""Characters of a text to be embedded; as many as a query of words may have."""

FILTER_MODES = ("preFilter", "postFilter", "strictPostFilter")
"""With one shard, which the stand-in is, the last two mean the same: the best k are found first, then filtered."""

KNOWN = frozenset({"kind", "k", "fields", "weight", "exhaustive", "oversampling", "vector", "text"})
ELSEWHERE = frozenset({"threshold", "filterOverride", "perDocumentVectorLimit", "queryRewrites", "url", "base64Image"})
"""Properties that the service has, some of them in preview, and the stand-in has not."""

PARAMETER = "vectorQueries"


@dataclass(frozen=True, slots=True)
class VectorQuery:
    """One vector query: exactly one of `vector` (32-bit floats, packed) and `text` is set. `weight` counts in a fusion."""

    fields: tuple[Field, ...]
    k: int
    weight: float
    vector: bytes | None
    text: str | None


def read_vector_queries(given: object, index: Index) -> tuple[VectorQuery, ...]:
    """The queries in order. Raises `Refusal`."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise invalid("The request is invalid. Details: parameters : 'vectorQueries' must be a list of objects.")
    if len(given) > MAX_QUERIES:
        raise invalid(f"The request is invalid. Details: parameters : There can be at most {MAX_QUERIES} vector queries.")
    return tuple(_read({name: value for name, value in one.items() if value is not None}, index) for one in given)


def read_filter_mode(given: object) -> bool:
    """Whether filters are applied after the neighbours were found."""
    if given not in FILTER_MODES:
        raise invalid(f"The request is invalid. Details: parameters : 'vectorFilterMode' must be one of {', '.join(FILTER_MODES)}.")
    return given != FILTER_MODES[0]


def _read(given: dict[str, Any], index: Index) -> VectorQuery:
    for name in given:
        if name in ELSEWHERE:
            raise not_offered(f"The property '{name}' of a vector query")
        if name not in KNOWN:
            raise invalid(f"The request is invalid. Details: parameters : The property '{name}' does not exist on a vector query.")
    kind = given.get("kind")
    if kind in ("imageUrl", "imageBinary"):
        raise not_offered(f"A vector query of the kind '{kind}'")
    if kind not in ("vector", "text"):
        raise invalid("The request is invalid. Details: parameters : 'kind' of a vector query must be vector or text.")
    other = "text" if kind == "vector" else "vector"
    if other in given:
        raise invalid(f"The request is invalid. Details: parameters : A vector query of the kind '{kind}' has no '{other}'.")
    fields = _fields(given.get("fields"), index)
    _check_flags(given)
    return VectorQuery(
        fields=fields,
        k=_k(given.get("k", DEFAULT_K)),
        weight=_weight(given.get("weight", 1.0)),
        vector=_vector(given.get("vector"), fields) if kind == "vector" else None,
        text=_text(given.get("text"), fields, index) if kind == "text" else None,
    )


def _fields(given: object, index: Index) -> tuple[Field, ...]:
    names = [name.strip() for name in given.split(",")] if isinstance(given, str) else []
    if not names or not all(names):
        raise invalid("The request is invalid. Details: parameters : 'fields' of a vector query must name at least one field.")
    return tuple(_field(name, index) for name in dict.fromkeys(names))


def _field(name: str, index: Index) -> Field:
    """MuleSoft-AI-Chain-Project/mule-vectors-connector#94; microsoft/azurechat#319."""
    field = index.by_name.get(name)
    if field is None:
        raise invalid_parameter(f"Unknown field '{name}' in vector field list.", "UnknownField")
    if not field.vector or not field.searchable:
        raise invalid_parameter(
            f"The field '{name}' in the vector field list is not a vector field.", "FieldNotSearchable", "vector.fields"
        )
    return field


def _vector(given: object, fields: tuple[Field, ...]) -> bytes:
    """Azure/GPT-RAG#110 for the sentence about lengths."""
    if not isinstance(given, list) or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in given):
        raise invalid("The request is invalid. Details: parameters : 'vector' of a vector query must be a list of numbers.")
    for field in fields:
        if len(given) != field.dimensions:
            raise wrong_length(field, len(given))
    try:
        return packed(given)
    except OverflowError:
        raise invalid("The request is invalid. Details: parameters : 'vector' holds a number beyond a 32-bit float.") from None


def wrong_length(field: Field, length: int) -> Refusal:
    """A query's vector is not as long as those of the field."""
    return invalid_parameter(
        f"The vector query's length ({length}) must match the dimensionality of the field '{field.name}' in the vector field list "
        f"({field.dimensions}).",
        "InvalidVectorQuery",
        PARAMETER,
    )


def _text(given: object, fields: tuple[Field, ...], index: Index) -> str:
    """Azure-Samples/azure-search-openai-demo#2679 for the sentence about vectorizers."""
    if not isinstance(given, str) or not given.strip() or len(given) > MAX_TEXT_CHARS:
        raise invalid(f"The request is invalid. Details: parameters : 'text' must have between 1 and {MAX_TEXT_CHARS} characters.")
    for field in fields:
        if profile(field, index).get("vectorizer") is None:
            sentence = f"Field '{field.name}' does not have a vectorizer defined in it's vector profile."
            raise invalid_parameter(sentence, "InvalidVectorQuery", PARAMETER)
    return given


def _check_flags(given: dict[str, Any]) -> None:
    """Every search is exhaustive here, whether it asks for it or not; nothing is compressed."""
    if not isinstance(given.get("exhaustive", False), bool):
        raise invalid("The request is invalid. Details: parameters : 'exhaustive' must be true or false.")
    if "oversampling" in given:
        sentence = "'oversampling' is only permitted when a compression method is used on the underlying vector field."
        raise invalid_parameter(sentence, "InvalidVectorQuery", PARAMETER)


def _k(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= MAX_K:
        raise invalid(f"Value must be between 1 and {MAX_K}.\r\nParameter name: vectorQueries.k")
    return given


def _weight(given: object) -> float:
    """The service asks for a positive number; one that no float can hold would leave no order."""
    if not isinstance(given, int | float) or isinstance(given, bool) or not 0 < given <= 1e9 or not math.isfinite(given):
        raise invalid("Value must be a positive number.\r\nParameter name: vectorQueries.weight")
    return float(given)


def profile(field: Field, index: Index) -> dict[str, Any]:
    """The vector profile of a field."""
    section = index.rest["vectorSearch"] or {}
    found: dict[str, Any] = next(one for one in section["profiles"] if one["name"] == field.profile)
    return found


def metric(field: Field, index: Index) -> str:
    """How near two vectors of a field are to each other is measured: cosine where the algorithm does not say."""
    wanted = profile(field, index)["algorithm"]
    algorithm = next(one for one in index.rest["vectorSearch"]["algorithms"] if one["name"] == wanted)
    parameters = algorithm.get("hnswParameters") or algorithm.get("exhaustiveKnnParameters") or {}
    return str(parameters.get("metric") or "cosine")
