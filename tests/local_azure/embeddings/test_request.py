from __future__ import annotations

from typing import Any

import pytest

from local_azure.embeddings.failure import EmbeddingsError
from local_azure.embeddings.request import MAX_CHARS, MAX_INPUTS, MAX_TOKENS, read_request

GOOD: dict[str, Any] = {"input": "a bicycle", "model": "small"}
WRONG: list[Any] = [
    None,
    [],
    GOOD | {"model": None},
    GOOD | {"model": ""},
    GOOD | {"model": 7},
    GOOD | {"model": "x" * 300},
    GOOD | {"input": None},
    GOOD | {"input": ""},
    GOOD | {"input": []},
    GOOD | {"input": [""]},
    GOOD | {"input": {}},
    GOOD | {"input": 7},
    GOOD | {"input": ["a", 1]},
    GOOD | {"input": [[]]},
    GOOD | {"input": [["a"]]},
    GOOD | {"input": [True]},
    GOOD | {"input": [-1]},
    GOOD | {"input": [2**31]},
    GOOD | {"input": ["a"] * (MAX_INPUTS + 1)},
    GOOD | {"input": "word " * (MAX_TOKENS + 1)},
    GOOD | {"input": ["word " * 8000] * 40},
    GOOD | {"input": "x" * (MAX_CHARS + 1)},
    GOOD | {"input": [[1] * (MAX_TOKENS + 1)]},
    GOOD | {"dimensions": 0},
    GOOD | {"dimensions": 4097},
    GOOD | {"dimensions": "3"},
    GOOD | {"dimensions": True},
    GOOD | {"encoding_format": "hex"},
    GOOD | {"user": 1},
    GOOD | {"oddity": 1},
]


@pytest.mark.parametrize("body", WRONG, ids=lambda body: str(body)[:70])
def test_what_is_no_request_for_embeddings_is_refused_in_openais_shape(body: Any) -> None:
    with pytest.raises(EmbeddingsError) as refused:
        read_request(body, None)
    error = refused.value.body()["error"]
    assert (refused.value.status, error["type"]) == (400, "invalid_request_error")
    assert set(error) == {"message", "type", "param", "code"}
    assert len(error["message"]) < 200


def test_one_text_several_texts_and_tokens_are_taken() -> None:
    assert read_request(GOOD, None).inputs == ("a bicycle",)
    assert read_request(GOOD | {"input": ["a", "b"]}, None).inputs == ("a", "b")
    assert read_request(GOOD | {"input": [1, 2]}, None).inputs == ((1, 2),)
    assert read_request(GOOD | {"input": [[1, 2], [3]]}, None).inputs == ((1, 2), (3,))
    asked = read_request(GOOD | {"dimensions": 3, "encoding_format": "base64", "user": "u", "input_type": "query", "tokens": None}, None)
    assert (asked.dimensions, asked.as_base64, asked.tokens) == (3, True, 3)


def test_the_deployment_in_the_address_is_the_model() -> None:
    assert read_request({"input": "a"}, "embed").model == "embed"
    assert read_request(GOOD, "embed").model == "embed"
