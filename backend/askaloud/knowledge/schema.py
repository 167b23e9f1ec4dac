"""Our own index: its fields, from the first day all that later work needs, and what each may be asked for.

An index that other people made is read by `shape.py`; this module only says what we make.
"""

from __future__ import annotations

from azure.search.documents.indexes.models import (
    HnswAlgorithmConfiguration,
    SearchField,
    SearchFieldDataType,
    SearchIndex,
    SemanticConfiguration,
    SemanticField,
    SemanticPrioritizedFields,
    SemanticSearch,
    VectorSearch,
    VectorSearchProfile,
)

from ..errors import KnowledgeError, Notice, NoticeCode
from ..settings import Settings
from .fields import shape_of

DIMENSIONS = 1536
"""Length of our vectors: the one length that every embedding model of Azure OpenAI can make."""

ANALYZER = "standard.lucene"
"""Splits words in any language; an analyzer of one language would be wrong for all others."""

VECTOR_PROFILE = "vectors"
VECTOR_ALGORITHM = "hnsw"
RANKING = "default"
"""The name of our semantic configuration. Asked for only where AZURE_SEARCH_SEMANTIC_CONFIGURATION names it: ranking costs money."""


def our_index(name: str, *, ranked: bool = True) -> SearchIndex:
    """The definition of an index called `name`; not `ranked`: for a service that takes no semantic configuration."""
    return SearchIndex(
        name=name,
        fields=[
            _plain("id", SearchFieldDataType.STRING, key=True, filterable=True, sortable=True),
            _plain("source", SearchFieldDataType.STRING, filterable=True),
            _plain("path", SearchFieldDataType.STRING, filterable=True),
            _plain("document_id", SearchFieldDataType.STRING, filterable=True),
            _words("title", SearchFieldDataType.STRING),
            _words("headings", _several(SearchFieldDataType.STRING)),
            _plain("page", SearchFieldDataType.INT32, filterable=True),
            _plain("ordinal", SearchFieldDataType.INT32),
            _words("text", SearchFieldDataType.STRING),
            _plain("start", SearchFieldDataType.INT32),
            _plain("end", SearchFieldDataType.INT32),
            _plain("boxes", SearchFieldDataType.STRING),
            _plain("content_hash", SearchFieldDataType.STRING),
            _plain("groups", _several(SearchFieldDataType.STRING), filterable=True),
            _plain("modified", SearchFieldDataType.DATE_TIME_OFFSET, filterable=True),
            SearchField(
                name="vector",
                type=_several(SearchFieldDataType.SINGLE),
                searchable=True,
                retrievable=True,  # so that a moved document need not be embedded again
                vector_search_dimensions=DIMENSIONS,
                vector_search_profile_name=VECTOR_PROFILE,
            ),
        ],
        vector_search=VectorSearch(
            algorithms=[HnswAlgorithmConfiguration(name=VECTOR_ALGORITHM)],
            profiles=[VectorSearchProfile(name=VECTOR_PROFILE, algorithm_configuration_name=VECTOR_ALGORITHM)],
        ),
        semantic_search=_ranking() if ranked else None,
    )


def _ranking() -> SemanticSearch:
    fields = SemanticPrioritizedFields(
        title_field=SemanticField(field_name="title"),
        content_fields=[SemanticField(field_name="text")],
        keywords_fields=[SemanticField(field_name="headings")],
    )
    return SemanticSearch(
        default_configuration_name=RANKING, configurations=[SemanticConfiguration(name=RANKING, prioritized_fields=fields)]
    )


def _several(kind: SearchFieldDataType) -> str:
    return f"Collection({kind.value})"


def check_settings(name: str, settings: Settings) -> None:
    """Raise `KnowledgeError` where the settings name fields that an index of ours does not have: it could be made, and then not be read."""
    try:
        shape_of(our_index(name), settings)
    except KnowledgeError as misfit:
        sentence = f"{misfit.notice.message} It is not there yet, and would be made without it: leave out such settings, or look at"
        raise KnowledgeError(Notice(NoticeCode.SEARCH_REFUSED, f"{sentence} AZURE_SEARCH_INDEX.")) from None


def _plain(
    name: str, kind: SearchFieldDataType | str, *, key: bool = False, filterable: bool = False, sortable: bool = False
) -> SearchField:
    """A field that is kept and perhaps filtered by, never searched: every capability costs room in the index."""
    return SearchField(
        name=name,
        type=kind,
        key=key,
        searchable=False,
        filterable=filterable,
        sortable=sortable,
        facetable=False,
        retrievable=True,
    )


def _words(name: str, kind: SearchFieldDataType | str) -> SearchField:
    return SearchField(
        name=name,
        type=kind,
        searchable=True,
        filterable=False,
        sortable=False,
        facetable=False,
        retrievable=True,
        analyzer_name=ANALYZER,
    )
