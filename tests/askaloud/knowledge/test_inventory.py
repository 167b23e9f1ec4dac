from __future__ import annotations

from dataclasses import replace

import pytest

from askaloud.knowledge.inventory import inventory
from askaloud.knowledge.shape import Shape, VectorField
from askaloud.settings import Settings

BARE = Shape("id", "content")
OWN = VectorField("v", 1024, vectorizer=False)
RANKED = replace(BARE, semantic=("default", "other"))


def rows(shape: Shape, settings: Settings | None = None, *, embeds: bool = False) -> dict[str, str]:
    return dict(inventory(shape, settings or Settings(), embeds=embeds))


@pytest.mark.parametrize(
    ("row", "setting"),
    [
        ("title", "AZURE_SEARCH_TITLE_FIELD"),
        ("page", "ASKALOUD_SEARCH_PAGE_FIELD"),
        ("vector", "AZURE_SEARCH_EMBEDDING_FIELD"),
        ("readers, by group", "ASKALOUD_SEARCH_GROUPS_FIELD"),
        ("readers, by person", "ASKALOUD_SEARCH_PEOPLE_FIELD"),
    ],
)
def test_what_was_not_found_is_told_with_the_setting_that_names_it(row: str, setting: str) -> None:
    assert rows(BARE)[row].startswith("not found")
    assert setting in rows(BARE)[row]


def test_what_a_setting_denies_is_not_called_missing() -> None:
    assert rows(BARE, Settings(search_groups_field=""))["readers, by group"] == "none, as ASKALOUD_SEARCH_GROUPS_FIELD says: limits nothing"


@pytest.mark.parametrize(
    ("shape", "settings", "embeds", "by_vector", "both"),
    [
        (BARE, Settings(), True, "no: there is no field of vectors", "no"),
        (replace(BARE, vector=OWN), Settings(), False, "no: nothing makes a vector of the question", "no"),
        (replace(BARE, vector=OWN), Settings(), True, "yes, with vectors of our embedding deployment", "yes"),
        (replace(BARE, vector=replace(OWN, vectorizer=True)), Settings(), False, "yes, the index makes", "yes"),
        (replace(BARE, vector=OWN), Settings(azure_search_use_vector_query=False), True, "no: AZURE_SEARCH_USE_VECTOR_QUERY", "no"),
        (replace(BARE, vector=OWN, words=False), Settings(azure_search_use_vector_query=False), True, "yes, with vectors", "no"),
    ],
)
def test_which_kinds_of_search_there_are(shape: Shape, settings: Settings, embeds: bool, by_vector: str, both: str) -> None:
    told = rows(shape, settings, embeds=embeds)
    assert told["search by vector"].startswith(by_vector)
    assert told["both at once"] == both
    assert told["search by words"].startswith("yes" if shape.words else "no")


@pytest.mark.parametrize(
    ("shape", "named", "told"),
    [
        (BARE, None, "no: the index has no configuration"),
        (RANKED, None, "no, though the index has 'default', 'other' (AZURE_SEARCH_SEMANTIC_CONFIGURATION)"),
        (RANKED, "default", "by 'default', where the service has the ranker switched on"),
        (RANKED, "defualt", "no: AZURE_SEARCH_SEMANTIC_CONFIGURATION names 'defualt', and the index has 'default', 'other'"),
        (BARE, "default", "no: AZURE_SEARCH_SEMANTIC_CONFIGURATION names 'default', and the index has none"),
        (replace(BARE, semantic=None), "default", "by 'default', where the service has the ranker switched on"),
    ],
)
def test_how_it_is_ranked(shape: Shape, named: str | None, told: str) -> None:
    assert rows(shape, Settings(azure_search_semantic_configuration=named))["semantic ranking"] == told


def test_what_protects_nothing_is_pointed_out() -> None:
    assert "'groups' cannot be filtered by, so it protects nothing" in rows(replace(BARE, unlimiting=("groups",)))["careful"]
    assert "careful" not in rows(BARE)


def test_a_definition_that_is_not_ours_to_read_is_told() -> None:
    assert "the settings name" in rows(replace(BARE, semantic=None))["definition"]
    assert "definition" not in rows(BARE)


def test_the_least_score_says_which_score_it_is_about() -> None:
    assert rows(BARE)["passages"] == "at most 5"
    floor = Settings(search_top=3, search_min_score=1.5)
    assert rows(BARE, floor)["passages"] == "at most 3, with at least 1.5 as the search's own score"
    ranked = replace(floor, azure_search_semantic_configuration="default")
    assert rows(RANKED, ranked)["passages"] == "at most 3, with at least 1.5 as the semantic ranker's score"
