"""What pull mode asks the search service to set up: an index it can fill, a data source, a skillset and an indexer, by their definitions.

Pure. The passages have the fields of `schema.py`, so that they are searched and shown like all others; what the service's own reader cannot
say (page, headings, boxes) they lack. Who sends this, and what becomes of it, stands in `indexers.py`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from azure.search.documents.indexes.models import (
    AzureOpenAIEmbeddingSkill,
    ConditionalSkill,
    IndexingParameters,
    IndexingParametersConfiguration,
    InputFieldMappingEntry,
    NativeBlobSoftDeleteDeletionDetectionPolicy,
    OutputFieldMappingEntry,
    SearchIndex,
    SearchIndexer,
    SearchIndexerDataContainer,
    SearchIndexerDataSourceConnection,
    SearchIndexerIndexProjection,
    SearchIndexerIndexProjectionSelector,
    SearchIndexerIndexProjectionsParameters,
    SearchIndexerSkill,
    SearchIndexerSkillset,
    SplitSkill,
)

from .schema import DIMENSIONS, our_index

PASSAGE_CHARS = 900
"""The longest passage: about the 200 tokens of those that we cut ourselves. The service's splitter counts characters."""

EXTENSIONS = ".pdf,.docx,.pptx,.xlsx,.html,.htm,.md,.markdown,.txt,.csv,.json"
"""The files that the service's reader is to look at: those that we read from a folder."""

KEY_ANALYZER = "keyword"
"""What index projections want of the key field."""

PARENT = "document_id"
"""Where the key of a passage's document stands: projections remove by it what a changed or deleted document had."""

ALL_FAILURES = -1
"""However many documents fail, the others go on; they are reported one by one."""

NAME_CHARS = 60
"""Of the source's name in the names of what is made; the service takes 128 in all."""

PIECE = "/document/pages/*"


@dataclass(frozen=True, slots=True)
class Embedding:
    """The deployment that makes the vectors. `resource` is the https address of Azure OpenAI; no key: the search service's own identity."""

    resource: str
    deployment: str
    model: str
    api_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pull:
    """One source, pulled from a container. `connection` says how the service reaches it: an account's key, a signature, or a resource id
    (then with its own identity); `folder` within the container, or all of it."""

    index: str
    source: str
    connection: str = field(repr=False)
    container: str
    folder: str | None = None
    embedding: Embedding | None = None

    @property
    def name(self) -> str:
        """What data source, skillset and indexer are called: small letters, digits and dashes, as the service wants."""
        readable = re.sub(r"[^a-z0-9]+", "-", f"{self.index} {self.source}".lower()).strip("-")[:NAME_CHARS].strip("-")
        digest = hashlib.sha256(f"{self.index}\0{self.source}".encode()).hexdigest()[:8]
        return f"askaloud-{readable}-{digest}" if readable else f"askaloud-{digest}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown, wherever the service repeats it."""
        keys = re.findall(r"(?:AccountKey|SharedAccessSignature)=([^;]+)", self.connection)
        return tuple(key for key in (self.connection, *keys, self.embedding.api_key if self.embedding else None) if key)


def pulled_index(name: str) -> SearchIndex:
    """Our own index, its key made fit for projections."""
    index = our_index(name)
    for each in index.fields:
        if each.key:
            each.searchable, each.analyzer_name = True, KEY_ANALYZER
    return index


def takes_projections(index: SearchIndex) -> bool:
    """Whether an index that is there already may be filled by an indexer."""
    return any(each.key and each.searchable and each.analyzer_name == KEY_ANALYZER for each in index.fields)


def data_source(pull: Pull) -> SearchIndexerDataSourceConnection:
    """The container; what is deleted in it (softly, which the storage account must be set to) leaves the index."""
    return SearchIndexerDataSourceConnection(
        name=pull.name,
        type="azureblob",
        connection_string=pull.connection,
        container=SearchIndexerDataContainer(name=pull.container, query=pull.folder),
        data_deletion_detection_policy=NativeBlobSoftDeleteDeletionDetectionPolicy(),
    )


def skillset(pull: Pull) -> SearchIndexerSkillset:
    """Cut each document into passages, embed them, and write each passage as a document of the index."""
    skills: list[SearchIndexerSkill] = [_split(), _chosen("title", "metadata_title", "metadata_storage_name"), _source(pull.source)]
    mappings = {
        "text": PIECE,
        "title": "/document/askaloud_title",
        "source": "/document/askaloud_source",
        "path": "/document/metadata_storage_path",
        "modified": "/document/metadata_storage_last_modified",
    }
    if pull.embedding is not None:
        skills.append(_embed(pull.embedding))
        mappings["vector"] = f"{PIECE}/vector"
    selector = SearchIndexerIndexProjectionSelector(
        target_index_name=pull.index,
        parent_key_field_name=PARENT,
        source_context=PIECE,
        mappings=[_in(name, source) for name, source in mappings.items()],
    )
    only_passages = SearchIndexerIndexProjectionsParameters(projection_mode="skipIndexingParentDocuments")
    return SearchIndexerSkillset(
        name=pull.name, skills=skills, index_projection=SearchIndexerIndexProjection(selectors=[selector], parameters=only_passages)
    )


def indexer(pull: Pull) -> SearchIndexer:
    """What runs them. It goes on over documents that it cannot read, and has no timetable."""
    return SearchIndexer(
        name=pull.name,
        data_source_name=pull.name,
        skillset_name=pull.name,
        target_index_name=pull.index,
        parameters=IndexingParameters(
            max_failed_items=ALL_FAILURES,
            max_failed_items_per_batch=ALL_FAILURES,
            configuration=IndexingParametersConfiguration(
                parsing_mode="default",
                data_to_extract="contentAndMetadata",
                indexed_file_name_extensions=EXTENSIONS,
                fail_on_unsupported_content_type=False,
                fail_on_unprocessable_document=False,
                query_timeout=None,
            ),
        ),
    )


def _split() -> SplitSkill:
    return SplitSkill(
        name="split",
        context="/document",
        inputs=[_in("text", "/document/content")],
        outputs=[_out("textItems", "pages")],
        text_split_mode="pages",
        maximum_page_length=PASSAGE_CHARS,
        page_overlap_length=0,
    )


def _embed(embedding: Embedding) -> AzureOpenAIEmbeddingSkill:
    return AzureOpenAIEmbeddingSkill(
        name="embed",
        context=PIECE,
        inputs=[_in("text", PIECE)],
        outputs=[_out("embedding", "vector")],
        resource_url=embedding.resource,
        deployment_name=embedding.deployment,
        model_name=embedding.model,
        dimensions=DIMENSIONS if embedding.model.startswith("text-embedding-3") else None,  # older ones refuse the parameter
        api_key=embedding.api_key,
    )


def _chosen(name: str, first: str, second: str) -> ConditionalSkill:
    """The first of two that a document has."""
    return ConditionalSkill(
        name=name,
        context="/document",
        inputs=[
            _in("condition", f"= $(/document/{first}) == null"),
            _in("whenTrue", f"/document/{second}"),
            _in("whenFalse", f"/document/{first}"),
        ],
        outputs=[_out("output", f"askaloud_{name}")],
    )


def _source(name: str) -> ConditionalSkill:
    """A constant, for a projection knows none: whichever way the condition falls, it is this word."""
    return ConditionalSkill(
        name="source",
        context="/document",
        inputs=[
            _in("condition", "= $(/document/metadata_storage_path) == null"),
            _in("whenTrue", f"= '{name}'"),
            _in("whenFalse", f"= '{name}'"),
        ],
        outputs=[_out("output", "askaloud_source")],
    )


def _in(name: str, source: str) -> InputFieldMappingEntry:
    return InputFieldMappingEntry(name=name, source=source)


def _out(name: str, target: str) -> OutputFieldMappingEntry:
    return OutputFieldMappingEntry(name=name, target_name=target)
