"""What the service offers and the stand-in does not, each asked for with the official client: refused by name, never ignored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError
from azure.search.documents.indexes import SearchIndexerClient
from azure.search.documents.indexes.aio import SearchIndexerClient as AsyncSearchIndexerClient
from azure.search.documents.indexes.models import (
    AnalyzeTextOptions,
    ComplexField,
    CorsOptions,
    CustomAnalyzer,
    KnowledgeBase,
    ScoringProfile,
    SearchableField,
    SearchAlias,
    SearchField,
    SearchIndex,
    SearchIndexer,
    SearchIndexerDataContainer,
    SearchIndexerDataSourceConnection,
    SearchIndexerSkillset,
    SearchSuggester,
    SimpleField,
    SynonymMap,
)
from tests.conformance.search.desk import Desk, SearchPlace, caller_of
from tests.local_azure.search.clients import PASSAGES, passages_index
from tests.stand_in import StandIn


@pytest.fixture(params=["sync", "async"])
async def here(request: pytest.FixtureRequest, running_stand_in: StandIn) -> AsyncIterator[Desk]:
    """The stand-in alone."""
    place, name = SearchPlace(running_stand_in.search, running_stand_in.key), "askaloud-test-refused"
    caller = caller_of(request.param, place, name)
    await caller.indexes("create_index", passages_index(name))
    await caller.documents("upload_documents", PASSAGES)
    yield Desk(place, name, request.param, caller)
    await caller.indexes("delete_index", name)
    await caller.close()


def check(refused: pytest.ExceptionInfo[HttpResponseError], name: str) -> None:
    assert refused.value.status_code == 400
    assert refused.value.error is not None
    assert refused.value.error.code == "NotOfferedByStandIn"
    assert name in str(refused.value.message)


SEARCHES: dict[str, dict[str, Any]] = {
    "facets": {"facets": ["page"]},
    "scoringProfile": {"scoring_profile": "mine"},
    "scoringParameters": {"scoring_parameters": ["a-b"]},
    "debug": {"debug": "all"},
    "geo.distance": {"order_by": ["geo.distance(place, geography'POINT(1 1)')"]},
    "search.ismatch": {"filter": "search.ismatch('coffee')"},
    "geo.intersects": {"filter": "geo.intersects(place, geography'POLYGON((0 0, 1 0, 1 1, 0 0))')"},
    "address/city": {"filter": "address/city eq 'Hamburg'"},
    "NaN": {"filter": "length eq NaN"},
    "A range in a query": {"search_text": "title:[a TO b]", "query_type": "full"},
    "in a regular expression": {"search_text": "/a<1-9>/", "query_type": "full"},
}


@pytest.mark.parametrize(("name", "asked"), SEARCHES.items(), ids=SEARCHES)
async def test_a_search_with_what_is_not_offered_is_refused_by_name(here: Desk, name: str, asked: dict[str, Any]) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await here.ids(**{"search_text": "coffee", **asked})
    check(refused, name)


ODD = "askaloud-test-odd"
KEY = SimpleField(name="id", type="Edm.String", key=True)
FIELDS: dict[str, SearchField] = {
    "Edm.ComplexType": ComplexField(name="address", fields=[SimpleField(name="city", type="Edm.String")]),
    "Edm.GeographyPoint": SimpleField(name="place", type="Edm.GeographyPoint"),
    "fr.lucene": SearchableField(name="text", type="Edm.String", analyzer_name="fr.lucene"),
    "Different analyzers": SearchableField(
        name="text", type="Edm.String", index_analyzer_name="standard.lucene", search_analyzer_name="keyword"
    ),
    "synonymMaps": SearchableField(name="text", type="Edm.String", synonym_map_names=["mine"]),
    "normalizer": SearchField(name="text", type="Edm.String", filterable=True, normalizer_name="lowercase"),
    "Edm.Half": SearchField(
        name="v", type="Collection(Edm.Half)", searchable=True, vector_search_dimensions=3, vector_search_profile_name="vectors"
    ),
}
SECTIONS: dict[str, dict[str, Any]] = {
    "scoringProfiles": {"scoring_profiles": [ScoringProfile(name="mine")]},
    "suggesters": {"suggesters": [SearchSuggester(name="mine", source_fields=["id"])]},
    "analyzers": {"analyzers": [CustomAnalyzer(name="mine", tokenizer_name="whitespace")]},
    "corsOptions": {"cors_options": CorsOptions(allowed_origins=["*"])},
}


@pytest.mark.parametrize(("name", "field"), FIELDS.items(), ids=FIELDS)
async def test_a_field_of_what_is_not_offered_is_refused_by_name(here: Desk, name: str, field: SearchField) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await here.caller.indexes("create_index", SearchIndex(name=ODD, fields=[KEY, field]))
    check(refused, name)


@pytest.mark.parametrize(("name", "section"), SECTIONS.items(), ids=SECTIONS)
async def test_a_section_of_what_is_not_offered_is_refused_by_name(here: Desk, name: str, section: dict[str, Any]) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await here.caller.indexes("create_index", SearchIndex(name=ODD, fields=[KEY], **section))
    check(refused, name)


async def test_a_rebuild_is_refused_by_name(here: Desk) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await here.caller.indexes("create_or_update_index", passages_index(here.index), allow_index_downtime=True)
    check(refused, "allowIndexDowntime")


ELSEWHERE: dict[str, tuple[str, tuple[Any, ...]]] = {
    "synonymmaps": ("create_synonym_map", (SynonymMap(name="mine", synonyms=["a, b"]),)),
    "aliases": ("create_alias", (SearchAlias(name="mine", indexes=["a"]),)),
    "knowledgebases": ("create_knowledge_base", (KnowledgeBase(name="mine", knowledge_sources=[]),)),
    "servicestats": ("get_service_statistics", ()),
    "search.analyze": ("analyze_text", ("askaloud-test-refused", AnalyzeTextOptions(text="a", analyzer_name="keyword"))),
}


@pytest.mark.parametrize(("name", "called"), ELSEWHERE.items(), ids=ELSEWHERE)
async def test_the_rest_of_the_service_is_refused_by_name(here: Desk, name: str, called: tuple[str, tuple[Any, ...]]) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await here.caller.indexes(called[0], *called[1])
    check(refused, name)


@pytest.mark.parametrize("method", ["suggest", "autocomplete"])
async def test_suggestions_are_refused_by_name(here: Desk, method: str) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await here.caller.documents(method, "cof", "mine")
    check(refused, method)


PIPELINE: dict[str, tuple[str, Any]] = {
    "datasources": (
        "create_data_source_connection",
        SearchIndexerDataSourceConnection(
            name="mine", type="azureblob", connection_string="none", container=SearchIndexerDataContainer(name="a")
        ),
    ),
    "skillsets": ("create_skillset", SearchIndexerSkillset(name="mine", skills=[])),
    "indexers": ("create_indexer", SearchIndexer(name="mine", data_source_name="a", target_index_name="b")),
}


@pytest.mark.parametrize(("name", "called"), PIPELINE.items(), ids=PIPELINE)
async def test_indexers_and_what_they_need_are_refused_by_name(here: Desk, name: str, called: tuple[str, Any]) -> None:
    method, given = called
    with pytest.raises(HttpResponseError) as refused:
        await asked(here, method, given)
    check(refused, name)


async def asked(here: Desk, method: str, given: Any) -> None:
    credential = AzureKeyCredential(here.place.key)
    if here.form == "async":
        async with AsyncSearchIndexerClient(here.place.endpoint, credential, retry_total=0) as client:
            await getattr(client, method)(given)
    else:
        with SearchIndexerClient(here.place.endpoint, credential, retry_total=0) as blocking:
            getattr(blocking, method)(given)
