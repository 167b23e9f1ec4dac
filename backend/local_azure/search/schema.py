"""An index's definition: its fields, checked as the service checks them, and which changes an existing index allows.

Pure: JSON in, a frozen `Index` out, or a `Refusal`. What the definition says beside fields stands in `configurations`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import edm
from .configurations import check_numbers, check_vector_change, read_semantic, read_vector_search
from .refusal import Refusal, invalid, not_offered
from .words import ANALYZERS, DEFAULT_ANALYZER

INDEX_NAME = re.compile(r"(?=.{1,128}\Z)[a-z0-9]+(?:-+[a-z0-9]+)*", re.ASCII)
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}", re.ASCII)
MIN_INDEX_NAME = 2
"""Characters of an index's name; the service's limit."""

OF_THE_SERVICE = "azureSearch"
"""How no field's name may begin."""

MAX_FIELDS = 1_000
"""Fields in an index; the service's limit on its larger tiers."""

MAX_DIMENSIONS = 4_096
"""Dimensions of a vector; the service's limit."""

FIELD_FLAGS = ("key", "retrievable", "searchable", "filterable", "sortable", "facetable", "stored")
FIELD_PROPERTIES = frozenset(
    {"name", "type", *FIELD_FLAGS, "analyzer", "searchAnalyzer", "indexAnalyzer", "dimensions", "vectorSearchProfile"}
)
NOT_OFFERED_IN_FIELDS = ("normalizer", "vectorEncoding", "synonymMaps", "fields", "permissionFilter", "sensitivityLabel")
INDEX_PROPERTIES = frozenset({"name", "description", "fields", "vectorSearch", "semantic", "similarity", "@odata.etag", "@odata.context"})
NOT_OFFERED_IN_INDEXES = (
    "scoringProfiles", "defaultScoringProfile", "corsOptions", "suggesters", "analyzers", "tokenizers", "tokenFilters", "charFilters",
    "normalizers", "encryptionKey", "permissionFilterOption", "purviewEnabled",
)  # fmt: skip
BM25 = "#Microsoft.Azure.Search.BM25Similarity"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `kind` is the scalar type, also of a collection's members."""

    name: str
    kind: str
    collection: bool
    key: bool
    retrievable: bool
    searchable: bool
    filterable: bool
    sortable: bool
    facetable: bool
    analyzer: str = DEFAULT_ANALYZER
    dimensions: int | None = None
    profile: str | None = None

    @property
    def vector(self) -> bool:
        """Whether it holds a vector: a collection of singles."""
        return self.kind == edm.SINGLE

    @property
    def type_name(self) -> str:
        """The type as the service writes it."""
        return f"Collection({self.kind})" if self.collection else self.kind

    def shown(self) -> dict[str, Any]:
        """The field as a definition that leaves nothing to defaults."""
        flags = {"searchable": self.searchable, "filterable": self.filterable, "retrievable": self.retrievable}
        flags |= {"stored": True, "sortable": self.sortable, "facetable": self.facetable, "key": self.key}
        words = {"analyzer": self.analyzer} if self.searchable and not self.vector else {}
        vector = {"dimensions": self.dimensions, "vectorSearchProfile": self.profile} if self.vector else {}
        return {"name": self.name, "type": self.type_name, **flags, **words, **vector, "synonymMaps": []}


@dataclass(frozen=True)
class Index:
    """A whole definition. `rest` keeps the sections that queries do not need, as they were given."""

    name: str
    fields: tuple[Field, ...]
    rest: dict[str, Any]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def key(self) -> Field:
        """The one key field."""
        return next(field for field in self.fields if field.key)

    @cached_property
    def words(self) -> tuple[Field, ...]:
        """The fields with full-text search."""
        return tuple(field for field in self.fields if field.searchable and not field.vector)

    def shown(self) -> dict[str, Any]:
        """The definition as JSON, without its ETag."""
        return {"name": self.name, "fields": [field.shown() for field in self.fields], **self.rest}


def read_index(body: dict[str, Any]) -> Index:
    """Check a whole definition that somebody sends. Raises `Refusal`: 400 with what is wrong, or the name of what is not offered."""
    index = read_stored(body)
    if len(index.name) < MIN_INDEX_NAME or "--" in index.name:
        raise invalid(
            f"Invalid index name: Index name must have at least {MIN_INDEX_NAME} characters and no consecutive dashes.", code="InvalidName"
        )
    for field in index.fields:
        if field.name.startswith(OF_THE_SERVICE):
            raise invalid(f"The request is invalid. Details: The name of the field '{field.name}' cannot begin with '{OF_THE_SERVICE}'.")
    check_numbers(index.rest["vectorSearch"])
    return index


def read_stored(body: dict[str, Any]) -> Index:
    """A definition that was taken before, perhaps by a version that refused less: only what nothing could be done with is refused."""
    name, given = body.get("name"), body.get("fields")
    if not isinstance(name, str) or not INDEX_NAME.fullmatch(name):
        raise invalid(
            "Invalid index name: Index name must only contain lowercase letters, digits or dashes, "
            "cannot start or end with dashes and is limited to 128 characters.",
            code="InvalidName",
        )
    if not isinstance(given, list) or not given or len(given) > MAX_FIELDS:
        raise invalid(f"The index must have between 1 and {MAX_FIELDS} fields.")
    _refuse_unknown(body, INDEX_PROPERTIES, NOT_OFFERED_IN_INDEXES, "search.index")
    profiles, vector_search = read_vector_search(body.get("vectorSearch"))
    fields = tuple(_read_field(entry, profiles) for entry in given)
    _check_together(fields)
    index = Index(name, fields, {"description": body.get("description"), "similarity": _read_similarity(body.get("similarity"))})
    index.rest["semantic"] = read_semantic(body.get("semantic"), {f.name for f in fields if f.kind == edm.STRING}, set(index.by_name))
    index.rest["vectorSearch"] = vector_search
    return index


def _refuse_unknown(given: dict[str, Any], known: frozenset[str], elsewhere: tuple[str, ...], type_name: str) -> None:
    for name, value in given.items():
        if name in elsewhere:
            if value not in (None, [], {}):
                raise not_offered(f"The property '{name}' of '{type_name}'")
        elif name not in known:
            raise invalid(f"The request is invalid. Details: The property '{name}' does not exist on type 'Microsoft.Azure.{type_name}'.")


def _read_similarity(given: object) -> dict[str, Any]:
    if given not in (None, {"@odata.type": BM25}, {"@odata.type": BM25, "k1": None, "b": None}):
        raise not_offered("A similarity other than BM25 with its default constants")
    return {"@odata.type": BM25}


def _check_together(fields: tuple[Field, ...]) -> None:
    seen: set[str] = set()
    for field in fields:
        if field.name.lower() in seen:
            raise invalid(f"The request is invalid. Details: There is already a field with the name '{field.name}'.")
        seen.add(field.name.lower())
    keys = [field.name for field in fields if field.key]
    if len(keys) != 1:
        raise invalid(f"The request is invalid. Details: Found {len(keys)} key fields; each index must have exactly one.")


def _read_field(given: object, profiles: set[str]) -> Field:
    if not isinstance(given, dict) or not isinstance(given.get("name"), str) or not FIELD_NAME.fullmatch(given["name"]):
        raise invalid("The request is invalid. Details: A field has no valid name: a letter, then letters, digits and underscores.")
    name = given["name"]
    kind, collection = _read_type(name, given.get("type"))
    _refuse_unknown(given, FIELD_PROPERTIES, NOT_OFFERED_IN_FIELDS, "search.field")
    flags = _read_flags(name, given, kind, collection)
    if flags.pop("stored") is False:
        raise not_offered(f"'stored: false' (field '{name}')")
    if flags["key"] and (kind != edm.STRING or collection or not flags["retrievable"]):
        raise invalid(f"The request is invalid. Details: The key field '{name}' must be of type Edm.String and retrievable.")
    dimensions, profile = _read_vector(name, given, kind, profiles)
    analyzer = _read_analyzer(name, given, flags["searchable"] and kind == edm.STRING)
    return Field(name, kind, collection, **flags, analyzer=analyzer, dimensions=dimensions, profile=profile)


def _read_type(name: str, given: object) -> tuple[str, bool]:
    text = given if isinstance(given, str) else ""
    collection = text.startswith("Collection(") and text.endswith(")")
    kind = text[len("Collection(") : -1] if collection else text
    if kind in edm.SCALARS or (kind == edm.SINGLE and collection):
        return kind, collection
    if kind in {"Edm.ComplexType", "Edm.GeographyPoint"} or (collection and kind in {"Edm.Half", "Edm.Int16", "Edm.SByte", "Edm.Byte"}):
        raise not_offered(f"The type '{text}' (field '{name}')")
    raise invalid(f"The request is invalid. Details: The field '{name}' has the unsupported type '{text}'.")


def _read_flags(name: str, given: dict[str, Any], kind: str, collection: bool) -> dict[str, bool]:
    """The seven flags with the service's defaults; contradictions with the type are refused."""
    vector = kind == edm.SINGLE
    simple = not vector
    default = {"key": False, "retrievable": simple, "searchable": vector or kind == edm.STRING, "filterable": simple}
    default |= {"sortable": simple and not collection, "facetable": simple, "stored": True}
    flags: dict[str, bool] = {}
    for flag in FIELD_FLAGS:
        value = given.get(flag)
        flags[flag] = default[flag] if value is None else value
        if not isinstance(flags[flag], bool):
            raise invalid(f"The request is invalid. Details: '{flag}' of the field '{name}' must be true or false.")
    if flags["searchable"] and not default["searchable"]:
        raise invalid(f"The request is invalid. Details: The field '{name}' of type '{kind}' cannot be searchable.")
    if (collection and flags["sortable"]) or (vector and (flags["filterable"] or flags["facetable"])):
        raise invalid(f"The request is invalid. Details: A collection cannot be sortable, nor a vector filterable (field '{name}').")
    return flags


def _read_vector(name: str, given: dict[str, Any], kind: str, profiles: set[str]) -> tuple[int | None, str | None]:
    dimensions, profile = given.get("dimensions"), given.get("vectorSearchProfile")
    if kind != edm.SINGLE:
        if dimensions is not None or profile is not None:
            raise invalid(f"The request is invalid. Details: The field '{name}' is no vector, but has dimensions or a profile.")
        return None, None
    if not isinstance(dimensions, int) or not 2 <= dimensions <= MAX_DIMENSIONS:
        raise invalid(f"The request is invalid. Details: The vector field '{name}' needs 'dimensions' from 2 to {MAX_DIMENSIONS}.")
    if not isinstance(profile, str) or profile not in profiles:
        raise invalid(f"The request is invalid. Details: The vector field '{name}' needs a 'vectorSearchProfile' that the index defines.")
    return dimensions, profile


def _read_analyzer(name: str, given: dict[str, Any], searchable: bool) -> str:
    named = {place: given[place] for place in ("analyzer", "indexAnalyzer", "searchAnalyzer") if given.get(place) is not None}
    if not named:
        return DEFAULT_ANALYZER
    if not searchable:
        raise invalid(f"The request is invalid. Details: The field '{name}' is not searchable and can have no analyzer.")
    if len(set(map(str, named.values()))) > 1 or len(named) == 3:
        raise not_offered(f"Different analyzers for indexing and searching (field '{name}')")
    analyzer = next(iter(named.values()))
    if not isinstance(analyzer, str) or analyzer not in ANALYZERS:
        raise not_offered(f"The analyzer '{analyzer}' (field '{name}')")
    return analyzer


def check_change(old: Index, new: Index) -> None:
    """An existing index takes new fields at the end or between, and `retrievable` may change; what its data rests on stays, as in the
    service. Semantic configurations and vectorizers may change, for they only serve queries."""
    for field in old.fields:
        now = new.by_name.get(field.name)
        if now is None:
            raise Refusal(400, "OperationNotAllowed", f"Existing field(s) '{field.name}' cannot be deleted.")
        ours, theirs = field.shown(), now.shown()
        if any(ours[name] != theirs[name] for name in ours if name != "retrievable"):
            raise Refusal(
                400, "OperationNotAllowed", f"Existing field '{field.name}' cannot be changed.", detail="CannotChangeExistingField"
            )
    used = {field.profile for field in old.fields if field.profile is not None}
    check_vector_change(old.rest["vectorSearch"], new.rest["vectorSearch"], used)
