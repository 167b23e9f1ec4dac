"""An index with a vector field for each metric and one with a vectorizer; and documents in a plane, where nearness is seen at once."""

from __future__ import annotations

from typing import Any

from azure.search.documents.indexes.models import (
    AzureOpenAIVectorizer,
    AzureOpenAIVectorizerParameters,
    ExhaustiveKnnAlgorithmConfiguration,
    ExhaustiveKnnParameters,
    HnswAlgorithmConfiguration,
    HnswParameters,
    SearchableField,
    SearchField,
    SearchIndex,
    SemanticConfiguration,
    SemanticField,
    SemanticPrioritizedFields,
    SemanticSearch,
    SimpleField,
    VectorSearch,
    VectorSearchProfile,
)
from azure.search.documents.models import VectorizableTextQuery, VectorizedQuery

from local_azure.search.schema import Index, read_index

NAME = "plane"
TEXT_DIMENSIONS = 256


def vector_field(name: str, dimensions: int = 2) -> SearchField:
    return SearchField(
        name=name,
        type="Collection(Edm.Single)",
        searchable=True,
        retrievable=True,
        vector_search_dimensions=dimensions,
        vector_search_profile_name=name,
    )


EMBEDDING = AzureOpenAIVectorizerParameters(
    resource_url="https://example.openai.azure.com", deployment_name="embed", model_name="text-embedding-3-small"
)


def plane_index(name: str = NAME, embedding: AzureOpenAIVectorizerParameters = EMBEDDING) -> SearchIndex:
    return SearchIndex(
        name=name,
        fields=[
            SimpleField(name="id", type="Edm.String", key=True, filterable=True, sortable=True),
            SearchableField(name="title", type="Edm.String", analyzer_name="en.lucene"),
            SearchableField(name="text", type="Edm.String", analyzer_name="standard.lucene"),
            SimpleField(name="page", type="Edm.Int32", filterable=True, sortable=True),
            vector_field("angle"),
            vector_field("product"),
            vector_field("distance"),
            vector_field("meaning", TEXT_DIMENSIONS),
        ],
        vector_search=VectorSearch(
            algorithms=[
                HnswAlgorithmConfiguration(name="by-angle"),
                HnswAlgorithmConfiguration(name="by-product", parameters=HnswParameters(metric="dotProduct")),
                ExhaustiveKnnAlgorithmConfiguration(name="by-distance", parameters=ExhaustiveKnnParameters(metric="euclidean")),
            ],
            profiles=[
                VectorSearchProfile(name="angle", algorithm_configuration_name="by-angle"),
                VectorSearchProfile(name="product", algorithm_configuration_name="by-product"),
                VectorSearchProfile(name="distance", algorithm_configuration_name="by-distance"),
                VectorSearchProfile(name="meaning", algorithm_configuration_name="by-angle", vectorizer_name="openai"),
            ],
            vectorizers=[
                AzureOpenAIVectorizer(vectorizer_name="openai", parameters=embedding),
            ],
        ),
        semantic_search=SemanticSearch(
            configurations=[
                SemanticConfiguration(
                    name="default",
                    prioritized_fields=SemanticPrioritizedFields(
                        title_field=SemanticField(field_name="title"), content_fields=[SemanticField(field_name="text")]
                    ),
                )
            ]
        ),
    )


def checked_index() -> Index:
    """The same as the door reads it."""
    return read_index(plane_index().as_dict())


def _document(name: str, page: int, text: str, *vector: float) -> dict[str, Any]:
    return {
        "id": name,
        "title": f"About {name}",
        "text": text,
        "page": page,
        "angle": [*vector],
        "product": [*vector],
        "distance": [*vector],
    }


DOCUMENTS: list[dict[str, Any]] = [
    _document("east", 1, "The harbour lies in the morning sun.", 1, 0),
    _document("north", 2, "The mountain is cold. A hut gives shelter.", 0, 1),
    _document("west", 3, "The sun sets behind the harbour wall.", -1, 0),
    _document("far-east", 4, "An island far away.", 4, 0),
    {"id": "nowhere", "title": "About nothing", "text": "A place without a vector, by the harbour.", "page": 5},
]


def near(vector: list[float], fields: str = "angle", k: int | None = 3, **more: Any) -> VectorizedQuery:
    return VectorizedQuery(vector=vector, k_nearest_neighbors=k, fields=fields, **more)


def about(text: str, k: int = 3, **more: Any) -> VectorizableTextQuery:
    return VectorizableTextQuery(text=text, k_nearest_neighbors=k, fields="meaning", **more)
