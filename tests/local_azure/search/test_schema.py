from __future__ import annotations

from typing import Any

import pytest

from local_azure.search.refusal import NOT_OFFERED, Refusal
from local_azure.search.schema import check_change, read_index, read_stored

KEY = {"name": "id", "type": "Edm.String", "key": True}
VECTORS = {"algorithms": [{"name": "h", "kind": "hnsw"}], "profiles": [{"name": "p", "algorithm": "h"}]}


def numbered(**numbers: Any) -> dict[str, Any]:
    return {"algorithms": [{"name": "h", "kind": "hnsw", "hnswParameters": numbers}]}


def index(*fields: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"name": "one", "fields": [KEY, *fields], **rest}


def test_defaults_are_the_services() -> None:
    known = read_index(
        index(
            {"name": "text", "type": "Edm.String"}, {"name": "groups", "type": "Collection(Edm.String)"}, {"name": "n", "type": "Edm.Int32"}
        )
    )
    text, groups, number = (known.by_name[name].shown() for name in ("text", "groups", "n"))
    assert (text["searchable"], text["filterable"], text["sortable"], text["retrievable"]) == (True, True, True, True)
    assert (groups["searchable"], groups["sortable"], groups["facetable"]) == (True, False, True)
    assert (number["searchable"], number["sortable"]) == (False, True)
    assert text["analyzer"] == "standard.lucene"


def test_a_definition_that_is_shown_can_be_read_again() -> None:
    known = read_index(
        index(
            {"name": "text", "type": "Edm.String", "analyzer": "en.lucene"},
            {"name": "v", "type": "Collection(Edm.Single)", "dimensions": 3, "vectorSearchProfile": "p", "retrievable": True},
            vectorSearch=VECTORS,
            semantic={"configurations": [{"name": "s", "prioritizedFields": {"prioritizedContentFields": [{"fieldName": "text"}]}}]},
        )
    )
    again = read_index(known.shown())
    assert again == known
    check_change(known, again)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Upper", "fields": [KEY]},
        {"name": "a_b", "fields": [KEY]},
        {"name": "-a", "fields": [KEY]},
        {"name": "a", "fields": [KEY]},
        {"name": "a--b", "fields": [KEY]},
        {"name": "a" * 129, "fields": [KEY]},
        {"name": "one"},
        {"name": "one", "fields": []},
        {"name": "one", "fields": [{"name": "text", "type": "Edm.String"}]},
        index(KEY),
        index({"name": "ID", "type": "Edm.String"}),
        index({"name": "1a", "type": "Edm.String"}),
        index({"name": "azureSearchX", "type": "Edm.String"}),
        index({"name": "a", "type": "Edm.Strange"}),
        index({"name": "a", "type": "Edm.Int32", "searchable": True}),
        index({"name": "a", "type": "Edm.Int32", "analyzer": "keyword"}),
        index({"name": "a", "type": "Collection(Edm.String)", "sortable": True}),
        index({"name": "a", "type": "Edm.String", "filterable": "yes"}),
        index({"name": "a", "type": "Edm.String", "colour": "red"}),
        index({"name": "a", "type": "Edm.String", "dimensions": 3}),
        index({"name": "v", "type": "Collection(Edm.Single)", "dimensions": 3}),
        index({"name": "v", "type": "Collection(Edm.Single)", "dimensions": 3, "vectorSearchProfile": "q"}, vectorSearch=VECTORS),
        index({"name": "v", "type": "Collection(Edm.Single)", "dimensions": 0, "vectorSearchProfile": "p"}, vectorSearch=VECTORS),
        index(vectorSearch={"profiles": [{"name": "p", "algorithm": "none"}]}),
        index(vectorSearch={"algorithms": [{"name": "h", "kind": "other"}]}),
        index(vectorSearch=[]),
        *(
            index(vectorSearch=numbered(**{name: odd}))
            for name in ("m", "efConstruction", "efSearch")
            for odd in (0, 3, 1_001, True, "4", 4.5)
        ),
        index(semantic={"defaultConfiguration": "none"}),
        index(semantic={"configurations": [{"name": "s", "prioritizedFields": {"titleField": {"fieldName": "none"}}}]}),
        index(colour="red"),
    ],
    ids=str,
)
def test_a_definition_that_makes_no_sense_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        read_index(body)
    assert refused.value.status == 400
    assert refused.value.code != NOT_OFFERED


@pytest.mark.parametrize(
    "body",
    [
        index({"name": "a", "type": "Edm.ComplexType", "fields": []}),
        index({"name": "a", "type": "Edm.GeographyPoint"}),
        index({"name": "a", "type": "Collection(Edm.Half)"}),
        index({"name": "a", "type": "Edm.String", "analyzer": "de.lucene"}),
        index({"name": "a", "type": "Edm.String", "indexAnalyzer": "keyword", "searchAnalyzer": "standard.lucene"}),
        index({"name": "a", "type": "Edm.String", "synonymMaps": ["m"]}),
        index({"name": "a", "type": "Edm.String", "normalizer": "lowercase"}),
        index(
            {"name": "v", "type": "Collection(Edm.Single)", "dimensions": 3, "vectorSearchProfile": "p", "stored": False},
            vectorSearch=VECTORS,
        ),
        index(suggesters=[{"name": "s"}]),
        index(scoringProfiles=[{"name": "s"}]),
        index(corsOptions={"allowedOrigins": ["*"]}),
        index(similarity={"@odata.type": "#Microsoft.Azure.Search.ClassicSimilarity"}),
        index(vectorSearch={**VECTORS, "compressions": [{"name": "c"}]}),
        index(vectorSearch={"algorithms": [{"name": "h", "kind": "hnsw", "hnswParameters": {"metric": "hamming"}}]}),
        index(vectorSearch={"vectorizers": [{"name": "w", "kind": "customWebApi"}]}),
    ],
    ids=str,
)
def test_what_the_service_has_and_the_stand_in_has_not_is_named(body: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        read_index(body)
    assert refused.value.code == NOT_OFFERED


def test_empty_sections_and_nulls_are_as_if_they_were_not_there() -> None:
    empty: dict[str, Any] = {"suggesters": [], "scoringProfiles": None, "corsOptions": None, "vectorSearch": None, "semantic": None}
    field: dict[str, Any] = {"name": "a", "type": "Edm.String", "synonymMaps": [], "normalizer": None, "analyzer": None}
    assert read_index(index(field, **empty)) == read_index(index({"name": "a", "type": "Edm.String"}))


def test_a_semantic_configuration_may_name_any_text_and_nothing_else() -> None:
    def definition(kind: str) -> dict[str, Any]:
        named = {"titleField": {"fieldName": "page"}, "prioritizedContentFields": [{"fieldName": "text"}]}
        page = {"name": "page", "type": kind, "searchable": False, "filterable": True}
        text = {"name": "text", "type": "Edm.String"}
        return index(page, text, semantic={"configurations": [{"name": "s", "prioritizedFields": named}]})

    assert read_index(definition("Edm.String"))
    with pytest.raises(Refusal) as refused:
        read_index(definition("Edm.Int32"))
    assert "holds no text" in str(refused.value.body())


def test_the_key_of_a_vectorizers_model_is_not_kept() -> None:
    model = {"resourceUri": "https://example.com", "deploymentId": "d", "modelName": "m", "apiKey": "secret"}
    section = {**VECTORS, "vectorizers": [{"name": "w", "kind": "azureOpenAI", "azureOpenAIParameters": model}]}
    assert "secret" not in str(read_index(index(vectorSearch=section)).shown())


@pytest.mark.parametrize("odd", [{"a": 1}, ["h"], 7, True])
@pytest.mark.parametrize("place", ["algorithm", "vectorizer", "metric", "defaultConfiguration", "prioritizedContentFields"])
def test_a_value_where_a_name_belongs_is_refused(place: str, odd: Any) -> None:
    profile = {"name": "p", "algorithm": "h"} | ({place: odd} if place in {"algorithm", "vectorizer"} else {})
    algorithm = {"name": "h", "kind": "hnsw", "hnswParameters": {"metric": odd if place == "metric" else None}}
    content = {"titleField": {"fieldName": "id"}} | ({place: odd} if place == "prioritizedContentFields" else {})
    semantic = {"configurations": [{"name": "s", "prioritizedFields": content}]} | ({place: odd} if place == "defaultConfiguration" else {})
    with pytest.raises(Refusal) as refused:
        read_index(index(vectorSearch={"algorithms": [algorithm], "profiles": [profile]}, semantic=semantic))
    assert refused.value.status == 400


VECTOR = {"name": "v", "type": "Collection(Edm.Single)", "dimensions": 3, "vectorSearchProfile": "p"}
HNSW: dict[str, Any] = {"name": "h", "kind": "hnsw"}
OTHER: dict[str, Any] = {"name": "g", "kind": "exhaustiveKnn"}


def searched(*algorithms: dict[str, Any], uses: str = "h", **more: Any) -> dict[str, Any]:
    return index(VECTOR, vectorSearch={"algorithms": [*algorithms], "profiles": [{"name": "p", "algorithm": uses, **more}]})


@pytest.mark.parametrize(
    "changed",
    [
        searched(OTHER, uses="g"),
        searched({**HNSW, "kind": "exhaustiveKnn"}),
        searched({**HNSW, "hnswParameters": {"metric": "dotProduct"}}),
        searched({**HNSW, "hnswParameters": {"metric": "euclidean"}}),
        *(searched({**HNSW, "hnswParameters": {name: value}}) for name, value in (("m", 5), ("efConstruction", 401), ("efSearch", 501))),
        searched(HNSW, OTHER, uses="g"),
    ],
    ids=str,
)
def test_an_algorithm_that_exists_is_neither_taken_away_nor_changed(changed: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        check_change(read_index(searched(HNSW)), read_index(changed))
    assert (refused.value.status, refused.value.code) == (400, "OperationNotAllowed")


def test_what_an_algorithm_leaves_to_defaults_may_be_said_and_another_one_and_a_vectorizer_may_come() -> None:
    old = read_index(searched(HNSW))
    said = {**HNSW, "hnswParameters": {"m": 4, "efConstruction": 400, "efSearch": 500, "metric": "cosine"}}
    assert old.shown()["vectorSearch"]["algorithms"] == [said]
    vectorizer = {"name": "w", "kind": "azureOpenAI", "azureOpenAIParameters": {}}
    new = searched(said, OTHER, vectorizer="w")
    new["vectorSearch"]["vectorizers"] = [vectorizer]
    new["vectorSearch"]["profiles"].append({"name": "q", "algorithm": "g"})
    check_change(old, read_index(new))


def test_an_index_that_was_made_when_less_was_refused_can_still_be_read() -> None:
    old = searched({**HNSW, "hnswParameters": {"m": 99}}) | {"name": "a--b"}
    assert read_stored(old).name == "a--b"
    with pytest.raises(Refusal):
        read_index(old)
