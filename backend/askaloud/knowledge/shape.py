"""Which fields an index has, whoever made it, and how a found document becomes a passage.

Decides from the index's definition and from the settings, which override every guess. It asks nothing of the service itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure.search.documents.indexes.models import SearchField, SearchIndex

from ..errors import KnowledgeError, Notice, NoticeCode
from ..settings import Settings
from .excerpt import EXCERPT_CHARS, excerpt, shortened
from .passage import Passage, read_boxes

TEXT_NAMES = ("text", "chunk", "content", "page_content", "chunk_content", "body")
TITLE_NAMES = ("title", "sourcefile", "document_title", "metadata_storage_name", "filename", "file_name", "name")
PAGE_NAMES = ("page", "page_number", "pagenumber", "page_num", "sourcepage")
GROUP_NAMES = ("groups", "group_ids")
"""Names that people give to these fields, the surest first. Compared without regard to capitals."""

PAGE_IN_ADDRESS = re.compile(r"#page=(\d{1,6})\b")
"""`handbook.pdf#page=7`: how indexes made for citing by address write the page."""


@dataclass(frozen=True, slots=True)
class VectorField:
    """A field of vectors. `dimensions` is None where it is not known; `vectorizer`: the service embeds the query's text itself."""

    name: str
    dimensions: int | None
    vectorizer: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields to query and to read, by their names in the index; None where the index has no such field.

    `ours`: made by `schema.py`, so that every field of a `PassageRecord` is there. `highlighted`: the text field may be highlighted.
    """

    key: str
    text: str
    title: str | None = None
    page: str | None = None
    headings: str | None = None
    source: str | None = None
    path: str | None = None
    document_id: str | None = None
    boxes: str | None = None
    groups: str | None = None
    vector: VectorField | None = None
    highlighted: bool = True
    ours: bool = False

    def selected(self) -> list[str]:
        """The fields to ask for: all that a `Passage` needs, never the vector."""
        names = (
            self.key,
            self.text,
            self.title,
            self.page,
            self.headings,
            self.source,
            self.path,
            self.document_id,
            self.boxes,
            self.groups,
        )
        return list(dict.fromkeys(name for name in names if name is not None))

    def passage(self, found: Mapping[str, Any], query: str = "") -> Passage:
        """A document of the index as a passage, its excerpt about `query`. Raises TypeError where it lacks key or text."""
        identifier, text = found.get(self.key), found.get(self.text)
        if not isinstance(identifier, str) or not isinstance(text, str | None):
            raise TypeError("a document without a key or with a text that is none")
        words = text or ""
        return Passage(
            id=identifier,
            text=words,
            title=_string(found, self.title) or "",
            page=_page(found, self.page),
            headings=_strings(found, self.headings),
            source=_string(found, self.source),
            path=_string(found, self.path),
            document_id=_string(found, self.document_id),
            boxes=read_boxes(found.get(self.boxes)) if self.boxes else (),
            groups=_strings(found, self.groups),
            score=_score(found),
            excerpt=_caption(found) or excerpt(words, query, _highlights(found, self.text)),
        )


def shape_of(index: SearchIndex, settings: Settings) -> Shape:
    """What an index's definition and the settings say together. Raises `KnowledgeError` (search_refused) naming the setting that helps."""
    fields = {field.name: field for field in index.fields or []}
    key = settings.azure_search_identifier_field or next((name for name, field in fields.items() if field.key), None)
    text = settings.azure_search_content_field or _first(fields, TEXT_NAMES, _is_text)
    chosen = {
        "AZURE_SEARCH_IDENTIFIER_FIELD": key,
        "AZURE_SEARCH_CONTENT_FIELD": text,
        "AZURE_SEARCH_TITLE_FIELD": settings.azure_search_title_field,
        "AZURE_SEARCH_EMBEDDING_FIELD": settings.azure_search_embedding_field,
    }
    for setting, name in chosen.items():
        if name is not None and name not in fields:
            raise _refused(f"{setting} names the field {name!r}, which the index {index.name!r} does not have.")
    if key is None or text is None:
        raise _refused(f"No field of the index {index.name!r} looks like a passage's text: name it in AZURE_SEARCH_CONTENT_FIELD.")
    ours = {"content_hash", "document_id", "boxes", "source", "path"} <= fields.keys()
    return Shape(
        key=key,
        text=text,
        title=settings.azure_search_title_field or _first(fields, TITLE_NAMES, _is_text),
        page=_first(fields, PAGE_NAMES, _is_readable),
        headings="headings" if ours else None,
        source="source" if ours else None,
        path="path" if ours else None,
        document_id="document_id" if ours else None,
        boxes="boxes" if ours else None,
        groups=_first(fields, GROUP_NAMES, _is_group),
        vector=_vector(index, fields, settings.azure_search_embedding_field),
        highlighted=bool(fields[text].searchable),
        ours=ours,
    )


def shape_from_settings(settings: Settings) -> Shape | None:
    """What can be said of an index whose definition our key may not read (a query key); None where the settings do not name enough."""
    key, text = settings.azure_search_identifier_field, settings.azure_search_content_field
    if key is None or text is None:
        return None
    vector = settings.azure_search_embedding_field
    return Shape(
        key=key,
        text=text,
        title=settings.azure_search_title_field,
        vector=VectorField(vector, dimensions=None, vectorizer=settings.azure_openai_embedding_deployment is None) if vector else None,
    )


def _vector(index: SearchIndex, fields: Mapping[str, SearchField], named: str | None) -> VectorField | None:
    name = named or next(
        (field.name for field in fields.values() if field.vector_search_dimensions and field.vector_search_profile_name), None
    )
    if name is None:
        return None
    profiles = (index.vector_search.profiles if index.vector_search else None) or []
    profile = next((each for each in profiles if each.name == fields[name].vector_search_profile_name), None)
    return VectorField(name, fields[name].vector_search_dimensions, bool(profile and profile.vectorizer_name))


def _first(fields: Mapping[str, SearchField], names: tuple[str, ...], fits: Any) -> str | None:
    by_small_name = {name.lower(): field for name, field in fields.items()}
    return next((by_small_name[name].name for name in names if name in by_small_name and fits(by_small_name[name])), None)


def _is_readable(field: SearchField) -> bool:
    return field.retrievable is not False


def _is_text(field: SearchField) -> bool:
    return field.type == "Edm.String" and _is_readable(field)


def _is_group(field: SearchField) -> bool:
    return field.type == "Collection(Edm.String)" and field.filterable is not False


def _string(found: Mapping[str, Any], name: str | None) -> str | None:
    value = found.get(name) if name else None
    return value if isinstance(value, str) and value else None


def _strings(found: Mapping[str, Any], name: str | None) -> tuple[str, ...]:
    value = found.get(name) if name else None
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _page(found: Mapping[str, Any], name: str | None) -> int | None:
    value = found.get(name) if name else None
    if isinstance(value, str):
        address = PAGE_IN_ADDRESS.search(value)
        value = int(address[1]) if address else int(value) if value.isdecimal() and len(value) <= 6 else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _score(found: Mapping[str, Any]) -> float:
    for name in ("@search.reranker_score", "@search.score"):
        value = found.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return 0.0


def _caption(found: Mapping[str, Any]) -> str:
    """What the semantic ranker thinks answers, as plain text; "" where it said nothing."""
    captions = found.get("@search.captions")
    return shortened(captions[0].text, EXCERPT_CHARS) if captions and isinstance(captions[0].text, str) else ""


def _highlights(found: Mapping[str, Any], text: str) -> list[str]:
    highlights = found.get("@search.highlights")
    pieces = highlights.get(text) if isinstance(highlights, Mapping) else None
    return [piece for piece in pieces if isinstance(piece, str)] if isinstance(pieces, list) else []


def _refused(sentence: str) -> KnowledgeError:
    return KnowledgeError(Notice(NoticeCode.SEARCH_REFUSED, sentence))
