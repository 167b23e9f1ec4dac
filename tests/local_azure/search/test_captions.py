from __future__ import annotations

from typing import Any

from tests.local_azure.search.clients import passages_index

from local_azure.search.captions import reranked
from local_azure.search.highlight import Tags
from local_azure.search.schema import read_index
from local_azure.search.semantic import MOST_CHARS, Semantic, read_semantic_query

INDEX = read_index(passages_index().as_dict())
FIELDS: dict[str, Any] = {"id": "a", "title": None, "text": None}


def asked(question: str, **more: Any) -> Semantic:
    given = {"queryType": "semantic", "search": question, "captions": "extractive", "answers": "extractive", **more}
    found = read_semantic_query(given, INDEX)
    assert found is not None
    return found


def test_a_document_without_text_has_no_caption_and_no_answer_but_a_score() -> None:
    found = reranked(asked("coffee?"), [FIELDS], "id", Tags())
    assert (found.order, found.answers) == ([0], [])
    assert found.shown[0]["@search.captions"] == []
    assert found.shown[0]["@search.rerankerScore"] >= 0


def test_a_caption_begins_with_the_sentence_that_fits_best() -> None:
    text = "Welcome. Descale the coffee machine monthly. Use vinegar."
    (shown,) = reranked(asked("descaling the machine"), [FIELDS | {"text": text}], "id", Tags()).shown
    assert shown["@search.captions"][0]["text"] == "Descale the coffee machine monthly. Use vinegar."


def test_no_more_of_a_document_is_read_than_its_first_part() -> None:
    far = FIELDS | {"text": "Filler. " * (MOST_CHARS // 8) + "Coffee here."}
    near = FIELDS | {"id": "b", "text": "Coffee here. " + "Filler. " * (MOST_CHARS // 8)}
    found = reranked(asked("coffee?"), [far, near], "id", Tags())
    assert found.order == [1, 0]
    assert found.answers is not None
    assert [one["key"] for one in found.answers] == ["b"]


def test_a_field_of_several_texts_is_read_as_one() -> None:
    index = passages_index().as_dict()
    index["semantic"]["configurations"][0]["prioritizedFields"]["prioritizedContentFields"] = [{"fieldName": "headings"}]
    semantic = read_semantic_query({"queryType": "semantic", "search": "illness"}, read_index(index))
    assert semantic is not None
    found = reranked(
        semantic, [{"id": "a", "title": "", "headings": []}, {"id": "b", "title": "", "headings": ["Leave", "Illness"]}], "id", Tags()
    )
    assert found.order == [1, 0]
    assert found.answers is None
