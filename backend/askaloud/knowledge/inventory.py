"""What an index was found to have and to offer, in rows for a person: which field is which, which kinds of search, what could not be found
and which setting names it.

It only puts into words what `fields.py` decided, and shows no key.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..settings import Settings
from .shape import Shape


def inventory(shape: Shape, settings: Settings, *, embeds: bool) -> Iterator[tuple[str, str]]:
    """Pairs of what and how, in the order in which they are read. `embeds`: there is a deployment that makes vectors."""
    if shape.semantic is None:
        yield "definition", "not for us to read: the fields are those that the settings name"
    yield "key", shape.key
    yield "text", shape.text
    yield "title", shape.title or "not found: the key is shown instead (AZURE_SEARCH_TITLE_FIELD)"
    yield "page", shape.page or _none(settings.search_page_field, "sources have no page", "ASKALOUD_SEARCH_PAGE_FIELD")
    yield "vector", _vector(shape)
    yield "readers, by group", shape.groups or _none(settings.search_groups_field, "limits nothing", "ASKALOUD_SEARCH_GROUPS_FIELD")
    yield "readers, by person", shape.people or _none(settings.search_people_field, "limits nothing", "ASKALOUD_SEARCH_PEOPLE_FIELD")
    for name in shape.unlimiting:
        yield "careful", f"the field {name!r} cannot be filtered by, so it protects nothing: everybody may read what it would limit"
    yield "search by words", "yes" if shape.words else "no: no field is searchable"
    yield "search by vector", _by_vector(shape, settings, embeds=embeds)
    yield "both at once", "yes" if shape.words and _searches_by_vector(shape, settings, embeds=embeds) else "no"
    yield "semantic ranking", _semantic(shape, settings)
    yield "passages", f"at most {settings.search_top}{_least(settings)}"


def _none(told: str | None, meaning: str, setting: str) -> str:
    return f"none, as {setting} says: {meaning}" if told == "" else f"not found: {meaning} ({setting})"


def _vector(shape: Shape) -> str:
    if shape.vector is None:
        return "not found (AZURE_SEARCH_EMBEDDING_FIELD)"
    length = f", {shape.vector.dimensions} numbers" if shape.vector.dimensions else ""
    return f"{shape.vector.name}{length}, {'with' if shape.vector.vectorizer else 'without'} a vectorizer of the index's own"


def _searches_by_vector(shape: Shape, settings: Settings, *, embeds: bool) -> bool:
    able = shape.vector is not None and (shape.vector.vectorizer or embeds)
    return able and (settings.azure_search_use_vector_query or not shape.words)


def _by_vector(shape: Shape, settings: Settings, *, embeds: bool) -> str:
    if shape.vector is None:
        return "no: there is no field of vectors"
    if not shape.vector.vectorizer and not embeds:
        return "no: nothing makes a vector of the question (AZURE_OPENAI_EMBEDDING_DEPLOYMENT)"
    if not _searches_by_vector(shape, settings, embeds=embeds):
        return "no: AZURE_SEARCH_USE_VECTOR_QUERY says so"
    return "yes, the index makes the question's vector" if shape.vector.vectorizer else "yes, with vectors of our embedding deployment"


def _semantic(shape: Shape, settings: Settings) -> str:
    named, there = settings.azure_search_semantic_configuration, shape.semantic
    offered = ", ".join(repr(each) for each in there or ())
    if named is None:
        return (
            f"no, though the index has {offered} (AZURE_SEARCH_SEMANTIC_CONFIGURATION)" if offered else "no: the index has no configuration"
        )
    if there is not None and named not in there:
        has = offered or "none"
        return f"no: AZURE_SEARCH_SEMANTIC_CONFIGURATION names {named!r}, and the index has {has}"
    return f"by {named!r}, where the service has the ranker switched on"


def _least(settings: Settings) -> str:
    if settings.search_min_score is None:
        return ""
    kind = "the semantic ranker's score" if settings.azure_search_semantic_configuration else "the search's own score"
    return f", with at least {settings.search_min_score:g} as {kind}"
