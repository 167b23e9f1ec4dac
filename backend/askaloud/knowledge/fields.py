"""Which field of an index is which, whoever made it: decided from the index's definition and the settings, which override every guess.

It asks nothing of the service itself. What is made of the fields then stands in `shape.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from azure.search.documents.indexes.models import SearchField, SearchIndex, SemanticConfiguration

from ..errors import KnowledgeError, Notice, NoticeCode
from ..settings import Settings
from .shape import Shape, VectorField

TEXT_NAMES = ("text", "chunk", "content", "page_content", "chunk_content", "content_text", "body")
TITLE_NAMES = ("title", "sourcefile", "document_title", "metadata_storage_name", "filename", "file_name", "name")
PAGE_NAMES = ("page", "page_number", "pagenumber", "page_num", "source_page", "sourcepage")
GROUP_NAMES = ("groups", "group_ids")
PEOPLE_NAMES = ("oids", "user_ids")
"""Names that people give to these fields, the surest first. Compared without regard to capitals."""

OURS = frozenset({"content_hash", "document_id", "boxes", "source", "path"})
"""Who has all of these was made by `schema.py`."""

Fields = Mapping[str, SearchField]


def shape_of(index: SearchIndex, settings: Settings) -> Shape:
    """What an index's definition and the settings say together. Raises `KnowledgeError` (search_refused) naming the setting that helps."""
    fields = {field.name: field for field in index.fields or []}
    _check_names(fields, settings, index.name)
    ranked = _default(index)
    key = settings.azure_search_identifier_field or next((name for name, field in fields.items() if field.key), None)
    title = _title(fields, settings, ranked)
    text = settings.azure_search_content_field or _text(fields, {key, title}, ranked)
    if key is None or text is None:
        raise _refused(f"No field of the index {index.name!r} looks like a passage's text: name it in AZURE_SEARCH_CONTENT_FIELD.")
    vector = _vector(index, fields, settings.azure_search_embedding_field)
    words = any(_searched(field) for field in fields.values())
    if not words and vector is None:
        raise _refused(f"No field of the index {index.name!r} can be searched, neither by words nor by vector: look at AZURE_SEARCH_INDEX.")
    ours = fields.keys() >= OURS
    return Shape(
        key=key,
        text=text,
        title=title,
        page=_unless_none(settings.search_page_field, lambda: _first(fields, PAGE_NAMES, _is_page)),
        headings="headings" if ours else None,
        source="source" if ours else None,
        path="path" if ours else None,
        document_id="document_id" if ours else None,
        boxes="boxes" if ours else None,
        groups=_unless_none(settings.search_groups_field, lambda: _first(fields, GROUP_NAMES, _limits)),
        people=_unless_none(settings.search_people_field, lambda: _first(fields, PEOPLE_NAMES, _limits)),
        vector=vector,
        words=words,
        highlighted=_searched(fields[text]),
        hidden=frozenset(name for name, field in fields.items() if not _is_readable(field)),
        semantic=tuple(each.name for each in _configurations(index)),
        unlimiting=tuple(_unlimiting(fields, settings)),
        ours=ours,
    )


def shape_from_settings(settings: Settings) -> Shape | None:
    """What can be said of an index whose definition our key may not read (a query key); None where the settings do not name enough.

    Who may read what is among it: fields that nobody could look for must not be taken for absent ones, for everybody would read everything.
    """
    key, text = settings.azure_search_identifier_field, settings.azure_search_content_field
    if key is None or text is None or settings.search_groups_field is None or settings.search_people_field is None:
        return None
    vector = settings.azure_search_embedding_field
    return Shape(
        key=key,
        text=text,
        title=settings.azure_search_title_field,
        page=settings.search_page_field or None,
        groups=settings.search_groups_field or None,
        people=settings.search_people_field or None,
        vector=VectorField(vector, dimensions=None, vectorizer=settings.azure_openai_embedding_deployment is None) if vector else None,
        semantic=None,
    )


def _check_names(fields: Fields, settings: Settings, index: str) -> None:
    """What a setting names must be there, and fit what it is named for."""
    named: tuple[tuple[str, str | None, Callable[[SearchField], bool], str], ...] = (
        ("AZURE_SEARCH_IDENTIFIER_FIELD", settings.azure_search_identifier_field, lambda field: bool(field.key), "is not its key"),
        ("AZURE_SEARCH_CONTENT_FIELD", settings.azure_search_content_field, _is_text, "is no text that can be read"),
        ("AZURE_SEARCH_TITLE_FIELD", settings.azure_search_title_field, _is_text, "is no text that can be read"),
        ("AZURE_SEARCH_EMBEDDING_FIELD", settings.azure_search_embedding_field, _is_vector, "holds no vectors that can be searched"),
        ("ASKALOUD_SEARCH_PAGE_FIELD", settings.search_page_field, _is_page, "is neither a number nor a text that can be read"),
        ("ASKALOUD_SEARCH_GROUPS_FIELD", settings.search_groups_field, _limits, "is no list of texts that can be filtered by"),
        ("ASKALOUD_SEARCH_PEOPLE_FIELD", settings.search_people_field, _limits, "is no list of texts that can be filtered by"),
    )
    for setting, name, fits, otherwise in named:
        if name and name not in fields:
            raise _refused(f"{setting} names the field {name!r}, which the index {index!r} does not have.")
        if name and not fits(fields[name]):
            raise _refused(f"{setting} names the field {name!r} of the index {index!r}, which {otherwise}.")


def _title(fields: Fields, settings: Settings, ranked: SemanticConfiguration | None) -> str | None:
    told = ranked.prioritized_fields.title_field if ranked and ranked.prioritized_fields else None
    return (
        settings.azure_search_title_field
        or _first(fields, TITLE_NAMES, _is_text)
        or _first(fields, [told.field_name if told else ""], _is_text)
    )


def _text(fields: Fields, taken: set[str | None], ranked: SemanticConfiguration | None) -> str | None:
    """By its name; else what the index's own semantic configuration ranks by; else the only text that can be searched and read."""
    named = _first(fields, TEXT_NAMES, _is_text)
    told = (ranked.prioritized_fields.content_fields if ranked and ranked.prioritized_fields else None) or []
    alone = [name for name, field in fields.items() if _is_text(field) and _searched(field) and name not in taken]
    return named or _first(fields, [each.field_name for each in told], _is_text) or (alone[0] if len(alone) == 1 else None)


def _vector(index: SearchIndex, fields: Fields, named: str | None) -> VectorField | None:
    """The field that is named; else the first with vectors, those of pictures last."""
    able = [field for field in fields.values() if _is_vector(field)]
    found = [field for field in able if field.name == named] if named else sorted(able, key=lambda field: "image" in field.name.lower())
    if not found:
        return None
    profiles = (index.vector_search.profiles if index.vector_search else None) or []
    profile = next((each for each in profiles if each.name == found[0].vector_search_profile_name), None)
    return VectorField(found[0].name, found[0].vector_search_dimensions, bool(profile and profile.vectorizer_name))


def _unlimiting(fields: Fields, settings: Settings) -> Iterator[str]:
    """Fields that are named as if they said who may read, and cannot be filtered by: they protect nothing."""
    for names, told in ((GROUP_NAMES, settings.search_groups_field), (PEOPLE_NAMES, settings.search_people_field)):
        if told is None:
            yield from (name for name, field in fields.items() if name.lower() in names and not _limits(field))


def _configurations(index: SearchIndex) -> list[SemanticConfiguration]:
    return (index.semantic_search.configurations if index.semantic_search else None) or []


def _default(index: SearchIndex) -> SemanticConfiguration | None:
    """The semantic configuration that the index itself prefers: it names title and text."""
    named = index.semantic_search.default_configuration_name if index.semantic_search else None
    found = _configurations(index)
    return next((each for each in found if each.name == named), found[0] if found else None)


def _unless_none(told: str | None, guess: Callable[[], str | None]) -> str | None:
    """What a setting says, an empty one being none; a guess where it says nothing."""
    return guess() if told is None else told or None


def _first(fields: Fields, names: Sequence[str], fits: Callable[[SearchField], bool]) -> str | None:
    by_small_name = {name.lower(): field for name, field in fields.items()}
    found = (by_small_name.get(name.lower()) for name in names)
    return next((field.name for field in found if field is not None and fits(field)), None)


def _is_readable(field: SearchField) -> bool:
    return field.retrievable is not False


def _is_text(field: SearchField) -> bool:
    return field.type == "Edm.String" and _is_readable(field)


def _is_page(field: SearchField) -> bool:
    return field.type in ("Edm.String", "Edm.Int32", "Edm.Int64") and _is_readable(field)


def _is_vector(field: SearchField) -> bool:
    return bool(field.vector_search_dimensions and field.vector_search_profile_name) and field.searchable is not False


def _limits(field: SearchField) -> bool:
    return field.type == "Collection(Edm.String)" and field.filterable is not False


def _searched(field: SearchField) -> bool:
    """Whether words are looked for in it, or in a field within it."""
    if field.fields:
        return any(_searched(inner) for inner in field.fields)
    return field.type in ("Edm.String", "Collection(Edm.String)") and field.searchable is not False


def _refused(sentence: str) -> KnowledgeError:
    return KnowledgeError(Notice(NoticeCode.SEARCH_REFUSED, sentence))
