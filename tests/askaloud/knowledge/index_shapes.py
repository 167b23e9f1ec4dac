"""Indexes as other people make them, written down by hand from what their projects publish, and the same few passages for each of them.

VoiceRAG: `setup_intvect.py` of Azure-Samples/aisearch-openai-rag-audio. The demo: `searchmanager.py` of its neighbour
azure-search-openai-demo with access control and without integrated vectorization, as it was before it compressed its vectors. The wizard:
what the portal's "Import and vectorize data" leaves behind, as many repositories have exported it. None was read from a service.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from azure.search.documents.indexes.models import (
    AzureOpenAIVectorizer,
    AzureOpenAIVectorizerParameters,
    HnswAlgorithmConfiguration,
    HnswParameters,
    SearchableField,
    SearchField,
    SearchFieldDataType,
    SearchIndex,
    SemanticConfiguration,
    SemanticField,
    SemanticPrioritizedFields,
    SemanticSearch,
    SimpleField,
    VectorSearch,
    VectorSearchProfile,
)
from tests.askaloud.knowledge.records import record

from askaloud.knowledge.schema import our_index
from askaloud.settings import Settings

NOWHERE = "https://openai.example"
"""Where the vectorizers point. The stand-in embeds by itself."""


@dataclass(frozen=True)
class Written:
    """One passage of a document, before it goes into any index."""

    file: str
    page: int
    text: str


PASSAGES = (
    Written("handbook.pdf", 7, "You may work from abroad for up to 20 days in a calendar year. Tell your manager two weeks before."),
    Written("handbook.pdf", 9, "A day of parental leave is paid in full. Ask the people team for the form."),
    Written("handbook.pdf", 12, "Travel by train is booked in second class; first class needs the consent of your manager."),
    Written("facilities.pdf", 2, "The car park opens at six in the morning. Bicycles stand in the basement."),
    Written("facilities.pdf", 4, "Descale the coffee machine every month; the tablets are in the cupboard above it."),
    Written("security.pdf", 1, "Report a lost laptop to the service desk at once, at any hour of the day."),
)

QUESTIONS = {
    "How many days may I work from abroad?": ("handbook.pdf", 7),
    "Is parental leave paid?": ("handbook.pdf", 9),
    "When does the car park open?": ("facilities.pdf", 2),
    "How often is the coffee machine descaled?": ("facilities.pdf", 4),
    "Where do I report a lost laptop?": ("security.pdf", 1),
}


@dataclass(frozen=True)
class IndexShape:
    """One way to make an index. `document` writes a passage as its makers do; `title` and `page` say what of it we can know again."""

    definition: SearchIndex
    settings: Settings
    vector: tuple[str, int]
    document: Callable[[Written], dict[str, Any]]
    has_page: bool

    @property
    def name(self) -> str:
        """Of the index."""
        return str(self.definition.name)

    def filled(self, vectors: Sequence[Sequence[float]]) -> list[dict[str, Any]]:
        """All passages as documents of this index."""
        pairs = zip(PASSAGES, vectors, strict=True)
        return [self.document(passage) | {self.vector[0]: list(vector)} for passage, vector in pairs]


def _vectors(profile: str, algorithm: str, vectorizer: str | None) -> VectorSearch:
    parameters = AzureOpenAIVectorizerParameters(
        resource_url=NOWHERE, deployment_name="text-embedding-3-large", model_name="text-embedding-3-large"
    )
    return VectorSearch(
        algorithms=[HnswAlgorithmConfiguration(name=algorithm, parameters=HnswParameters(metric="cosine"))],
        profiles=[VectorSearchProfile(name=profile, algorithm_configuration_name=algorithm, vectorizer_name=vectorizer)],
        vectorizers=[AzureOpenAIVectorizer(vectorizer_name=vectorizer, parameters=parameters)] if vectorizer else [],
    )


def _semantic(name: str, title: str, text: str) -> SemanticSearch:
    fields = SemanticPrioritizedFields(title_field=SemanticField(field_name=title), content_fields=[SemanticField(field_name=text)])
    return SemanticSearch(default_configuration_name=name, configurations=[SemanticConfiguration(name=name, prioritized_fields=fields)])


def _vector(name: str, dimensions: int, profile: str, **more: Any) -> SearchField:
    kind = "Collection(Edm.Single)"
    return SearchField(
        name=name, type=kind, searchable=True, vector_search_dimensions=dimensions, vector_search_profile_name=profile, **more
    )


def _chunk(passage: Written) -> dict[str, Any]:
    """A key of the indexer: a hash, the parent's address in base 64, a number; equals signs and all."""
    parent = f"aHR0cHM6Ly9zdG9yZS5leGFtcGxlL2RvY3Mv{passage.file.removesuffix('.pdf')}LnBkZg=="
    return {"chunk_id": f"c0ffee_{parent}_pages_{passage.page}", "parent_id": parent, "title": passage.file, "chunk": passage.text}


VOICERAG = IndexShape(
    SearchIndex(
        name="voicerag-intvect",
        fields=[
            SearchableField(name="chunk_id", key=True, analyzer_name="keyword", sortable=True),
            SimpleField(name="parent_id", type=SearchFieldDataType.STRING, filterable=True),
            SearchableField(name="title"),
            SearchableField(name="chunk"),
            _vector("text_vector", 3072, "vp", stored=True, hidden=False),
        ],
        vector_search=_vectors("vp", "algo", "openai_vectorizer"),
        semantic_search=_semantic("default", "title", "chunk"),
    ),
    Settings(  # the lines of its .env
        azure_search_index="voicerag-intvect",
        azure_search_semantic_configuration="default",
        azure_search_identifier_field="chunk_id",
        azure_search_content_field="chunk",
        azure_search_title_field="title",
        azure_search_embedding_field="text_vector",
        azure_search_use_vector_query=True,
    ),
    ("text_vector", 3072),
    _chunk,
    has_page=False,
)


def _section(passage: Written) -> dict[str, Any]:
    name = passage.file.replace(".", "_")
    return {
        "id": f"file-{name}-{passage.file.encode().hex().upper()}-page-{passage.page}",
        "content": passage.text,
        "category": None,
        "sourcepage": f"{passage.file}#page={passage.page}",
        "sourcefile": passage.file,
        "oids": [],
        "groups": [],
    }


DEMO = IndexShape(
    SearchIndex(
        name="gptkbindex",
        fields=[
            SimpleField(name="id", type="Edm.String", key=True),
            SearchableField(name="content", analyzer_name="en.microsoft"),
            _vector("embedding", 1024, "embedding-profile", hidden=False, filterable=False, sortable=False, facetable=False),
            SimpleField(name="category", type="Edm.String", filterable=True, facetable=True),
            SimpleField(name="sourcepage", type="Edm.String", filterable=True, facetable=True),
            SimpleField(name="sourcefile", type="Edm.String", filterable=True, facetable=True),
            SimpleField(name="oids", type="Collection(Edm.String)", filterable=True),
            SimpleField(name="groups", type="Collection(Edm.String)", filterable=True),
        ],
        vector_search=_vectors("embedding-profile", "hnsw_config", None),
        semantic_search=_semantic("default", "sourcepage", "content"),
    ),
    Settings(azure_search_index="gptkbindex", azure_openai_embedding_deployment="text-embedding-3-large"),
    ("embedding", 1024),
    _section,
    has_page=True,
)

WIZARD_NAME = "vector-1747834207201"
WIZARD = IndexShape(
    SearchIndex(
        {
            "name": WIZARD_NAME,
            "fields": [
                {"name": "chunk_id", "type": "Edm.String", "key": True, "searchable": True, "filterable": False, "retrievable": True}
                | {"stored": True, "sortable": True, "facetable": False, "analyzer": "keyword", "synonymMaps": []},
                {"name": "parent_id", "type": "Edm.String", "searchable": False, "filterable": True, "retrievable": True, "stored": True}
                | {"sortable": False, "facetable": False, "key": False, "synonymMaps": []},
                {"name": "chunk", "type": "Edm.String", "searchable": True, "filterable": False, "retrievable": True, "stored": True}
                | {"sortable": False, "facetable": False, "key": False, "synonymMaps": []},
                {"name": "title", "type": "Edm.String", "searchable": True, "filterable": False, "retrievable": True, "stored": True}
                | {"sortable": False, "facetable": False, "key": False, "synonymMaps": []},
                {"name": "text_vector", "type": "Collection(Edm.Single)", "searchable": True, "filterable": False, "retrievable": True}
                | {"stored": True, "sortable": False, "facetable": False, "key": False, "dimensions": 1536, "synonymMaps": []}
                | {"vectorSearchProfile": f"{WIZARD_NAME}-azureOpenAi-text-profile"},
            ],
            "scoringProfiles": [],
            "suggesters": [],
            "analyzers": [],
            "similarity": {"@odata.type": "#Microsoft.Azure.Search.BM25Similarity"},
            "semantic": {
                "defaultConfiguration": f"{WIZARD_NAME}-semantic-configuration",
                "configurations": [
                    {
                        "name": f"{WIZARD_NAME}-semantic-configuration",
                        "prioritizedFields": {
                            "titleField": {"fieldName": "title"},
                            "prioritizedContentFields": [{"fieldName": "chunk"}],
                            "prioritizedKeywordsFields": [],
                        },
                    }
                ],
            },
            "vectorSearch": {
                "algorithms": [
                    {
                        "name": f"{WIZARD_NAME}-algorithm",
                        "kind": "hnsw",
                        "hnswParameters": {"metric": "cosine", "m": 4, "efConstruction": 400, "efSearch": 500},
                    }
                ],
                "profiles": [
                    {
                        "name": f"{WIZARD_NAME}-azureOpenAi-text-profile",
                        "algorithm": f"{WIZARD_NAME}-algorithm",
                        "vectorizer": f"{WIZARD_NAME}-azureOpenAi-text-vectorizer",
                    }
                ],
                "vectorizers": [
                    {
                        "name": f"{WIZARD_NAME}-azureOpenAi-text-vectorizer",
                        "kind": "azureOpenAI",
                        "azureOpenAIParameters": {
                            "resourceUri": NOWHERE,
                            "deploymentId": "text-embedding-3-small",
                            "modelName": "text-embedding-3-small",
                        },
                    }
                ],
                "compressions": [],
            },
        }
    ),
    Settings(azure_search_index=WIZARD_NAME),
    ("text_vector", 1536),
    _chunk,
    has_page=False,
)


def _of_ours(passage: Written) -> dict[str, Any]:
    id = f"{passage.file.removesuffix('.pdf')}-{passage.page}"
    made = record(id, passage.text, title=passage.file, path=passage.file, page=passage.page, headings=(), boxes=())
    return replace(made, content_hash=id).document()


OURS = IndexShape(
    our_index("handbooks"),
    Settings(azure_search_index="handbooks", azure_openai_embedding_deployment="text-embedding-3-small"),
    ("vector", 1536),
    _of_ours,
    has_page=True,
)

SHAPES = {"VoiceRAG's": VOICERAG, "azure-search-openai-demo's": DEMO, "the portal wizard's": WIZARD, "our own": OURS}
