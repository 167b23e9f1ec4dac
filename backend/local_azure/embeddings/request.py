"""A request for embeddings: a closed list of properties; nothing is silently ignored.

Pure: JSON in, a frozen `EmbeddingsRequest` out, or an `EmbeddingsError` (`openai/types/embedding_create_params.py` for names and limits;
sentences ours but where a source is named).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .failure import EmbeddingsError, invalid
from .lexical import estimated_tokens

DEFAULT_DIMENSIONS = 1_536
"""Those of the service's smaller models."""

MAX_DIMENSIONS = 4_096
"""More than any model of the service makes, and what the Search door's fields can hold."""

MAX_INPUTS = 2_048
"""Texts in one request, and tokens in a list of tokens; the service's limit."""

MAX_TOKENS = 8_192
"""Tokens of one text, as estimated; the service's limit."""

MAX_TOKENS_TOGETHER = 300_000
"""Tokens of a request, as estimated; the service's limit."""

MAX_CHARS = 400_000
"""Characters of one text, looked at before its tokens are counted."""

MAX_NAME_CHARS = 256

KNOWN = frozenset({"input", "model", "dimensions", "encoding_format", "user", "input_type"})
"""`input_type` is taken and means nothing, as on Azure for OpenAI's own models."""

Input = str | tuple[int, ...]
"""A text, or its tokens."""


@dataclass(frozen=True, slots=True)
class EmbeddingsRequest:
    """One request, ready to be answered. `dimensions` is None where it is left to the model; `tokens` is their estimated number."""

    inputs: tuple[Input, ...]
    model: str
    dimensions: int | None
    as_base64: bool
    tokens: int


def read_request(body: object, deployment: str | None) -> EmbeddingsRequest:
    """Check a request. `deployment` is the name in the address, which counts before the body's model. Raises `EmbeddingsError`."""
    if not isinstance(body, dict):
        raise invalid("We could not parse the JSON body of your request: it must be an object.")
    given = {name: value for name, value in body.items() if value is not None}
    for name in given:
        if name not in KNOWN:
            raise invalid(f"Unrecognized request argument supplied: {name}")
    model = deployment if deployment is not None else given.get("model")
    if not isinstance(model, str) or not model or len(model) > MAX_NAME_CHARS:
        raise invalid("you must provide a model parameter")
    for name in ("user", "input_type"):
        if not isinstance(given.get(name, ""), str):
            raise invalid(f"'{name}' must be a string.", name)
    encoding = given.get("encoding_format", "float")
    if encoding not in ("float", "base64"):
        raise invalid("'encoding_format' must be float or base64.", "encoding_format")
    inputs = _inputs(given.get("input"))
    counts = [estimated_tokens(one) if isinstance(one, str) else len(one) for one in inputs]
    _check_tokens(counts)
    return EmbeddingsRequest(inputs, model, _dimensions(given.get("dimensions")), encoding == "base64", sum(counts))


def _dimensions(given: object) -> int | None:
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= MAX_DIMENSIONS:
        raise invalid(f"'dimensions' must be between 1 and {MAX_DIMENSIONS}.", "dimensions")
    return given


def _inputs(given: object) -> tuple[Input, ...]:
    """One text, several, one list of tokens, or several."""
    if isinstance(given, str):
        return (_text(given),)
    if not isinstance(given, list) or not given:
        raise _no_input()
    if len(given) > MAX_INPUTS:
        raise invalid(f"'input' has {len(given)} entries; at most {MAX_INPUTS} are allowed.", "input")
    if all(isinstance(one, int) for one in given):
        return (_tokens(given),)
    return tuple(_text(one) if isinstance(one, str) else _tokens(one) for one in given)


def _text(given: str) -> str:
    if not given:
        raise _no_input()
    if len(given) > MAX_CHARS:
        raise _too_long()
    return given


def _tokens(given: Any) -> tuple[int, ...]:
    if (
        not isinstance(given, list)
        or not given
        or not all(isinstance(x, int) and not isinstance(x, bool) and 0 <= x < 2**31 for x in given)
    ):
        raise _no_input()
    if len(given) > MAX_TOKENS:
        raise _too_long()
    return tuple(given)


def _check_tokens(counts: list[int]) -> None:
    if max(counts) > MAX_TOKENS:
        raise _too_long()
    if sum(counts) > MAX_TOKENS_TOGETHER:
        raise invalid(f"The inputs have more than {MAX_TOKENS_TOGETHER} tokens together.", "input", "max_tokens_per_request")


def _no_input() -> EmbeddingsError:
    """Azure/azure-sdk-for-js#28253."""
    return invalid("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.")


def _too_long() -> EmbeddingsError:
    return invalid(f"This model's maximum context length is {MAX_TOKENS} tokens, which an input exceeds. Please reduce it.", "input")
