"""The semantic part of a search request: configuration, captions and answers, each checked against the index.

Pure: JSON in, a frozen `Semantic` out, or a `Refusal` (Microsoft Learn, "Add semantic ranking to queries", "Return a semantic answer";
the documentation of the official client for `captions` and `answers`). It knows no document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .refusal import invalid, invalid_parameter
from .schema import Field, Index

NAMES = (
    "semanticConfiguration", "semanticQuery", "semanticErrorHandling", "semanticMaxWaitInMilliseconds", "captions", "answers",
)  # fmt: skip
"""The properties of a search request that are read here."""

LEAST_WAIT_MS = 700
"""The service's lower bound for `semanticMaxWaitInMilliseconds`; the stand-in never waits so long."""

MAX_QUESTION_CHARS = 32_768
MOST_ANSWERS = 10
DEFAULT_THRESHOLD = 0.7
DEFAULT_CHARS = 600
"""Characters of a caption or an answer where the request does not say: some three sentences."""

MOST_CHARS = 20_000
"""Characters of a document that are read for ranking, captions and answers; the service's limit is about that."""

OPTION = re.compile(r"(highlight|maxcharlength|count|threshold)-([a-z0-9.]{1,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Captions:
    """How captions are wanted."""

    highlight: bool
    most_chars: int


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answers are wanted, and how sure they must be, from 0 to 1."""

    count: int
    threshold: float
    most_chars: int


@dataclass(frozen=True, slots=True)
class Semantic:
    """What to rank by: a question in plain words, and the fields in which to look for what answers it."""

    question: str
    title: Field | None
    contents: tuple[Field, ...]
    keywords: tuple[Field, ...]
    captions: Captions | None
    answers: Answers | None

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields that are read."""
        return tuple(dict.fromkeys([*([self.title] if self.title else []), *self.contents, *self.keywords]))


def read_semantic_query(given: dict[str, Any], index: Index) -> Semantic | None:
    """None where the request asks for no semantic ranking, or says nothing that could be ranked by (`search` is empty or `*`)."""
    wanted = given.get("queryType") == "semantic" or "semanticQuery" in given
    captions, answers = _captions(given.get("captions", "none")), _answers(given.get("answers", "none"))
    _check_patience(given)
    if not wanted:
        if captions or answers:
            raise invalid("'captions' and 'answers' need a semantic query: 'queryType' must be semantic, or 'semanticQuery' be set.")
        return None
    if given.get("orderby"):
        raise invalid("The 'orderby' parameter is not supported when 'queryType' is set to 'semantic'.\r\nParameter name: orderby")
    title, contents, keywords = _configuration(given.get("semanticConfiguration"), index)
    question = _question(given)
    if question in {"", "*"}:
        return None
    return Semantic(question, title, contents, keywords, captions, answers)


def _question(given: dict[str, Any]) -> str:
    text = given.get("semanticQuery", given.get("search", ""))
    if not isinstance(text, str) or len(text) > MAX_QUESTION_CHARS or ("semanticQuery" in given and not text.strip()):
        raise invalid(f"'semanticQuery' must have between 1 and {MAX_QUESTION_CHARS} characters.\r\nParameter name: semanticQuery")
    return text.strip()


def _check_patience(given: dict[str, Any]) -> None:
    if given.get("semanticErrorHandling", "fail") not in ("partial", "fail"):
        raise invalid("'semanticErrorHandling' must be partial or fail.\r\nParameter name: semanticErrorHandling")
    wait = given.get("semanticMaxWaitInMilliseconds", LEAST_WAIT_MS)
    if not isinstance(wait, int) or isinstance(wait, bool) or not LEAST_WAIT_MS <= wait < 2**31:
        raise invalid(f"Value must be at least {LEAST_WAIT_MS}.\r\nParameter name: semanticMaxWaitInMilliseconds")


def _configuration(name: object, index: Index) -> tuple[Field | None, tuple[Field, ...], tuple[Field, ...]]:
    """Title, content and keyword fields of the configuration of that name, or of the default one."""
    section = index.rest["semantic"] or {}
    name = name if name is not None else section.get("defaultConfiguration")
    if name is None:
        raise invalid_parameter(
            "A semantic query needs 'semanticConfiguration', for the index names no default one.",
            "SemanticConfigurationMissing",
            "semanticConfiguration",
        )
    found = next((one for one in section.get("configurations") or [] if one["name"] == name), None)
    if found is None:  # Azure-Samples/aisearch-openai-rag-audio#53 for code and sentence
        raise invalid_parameter(f"Unknown semantic configuration '{name}'.", "UnknownSemanticConfiguration", "semanticConfiguration")
    fields = found["prioritizedFields"]
    title = fields.get("titleField")
    return (
        index.by_name[title["fieldName"]] if title else None,
        _named(fields.get("prioritizedContentFields"), index),
        _named(fields.get("prioritizedKeywordsFields"), index),
    )


def _named(given: list[dict[str, Any]] | None, index: Index) -> tuple[Field, ...]:
    return tuple(index.by_name[one["fieldName"]] for one in given or [])


def _captions(given: object) -> Captions | None:
    """`extractive|highlight-false`, `extractive|maxcharlength-300`."""
    options = _options(given, "captions", {"highlight", "maxcharlength"})
    if options is None:
        return None
    highlight = options.get("highlight", "true")
    if highlight not in {"true", "false"}:
        raise _wrong("captions")
    return Captions(highlight == "true", int(_number(options, "maxcharlength", "captions", DEFAULT_CHARS, 1, MOST_CHARS)))


def _answers(given: object) -> Answers | None:
    """`extractive|count-3`, `extractive|threshold-0.9`; the official client puts a comma before a threshold."""
    options = _options(given, "answers", {"count", "threshold", "maxcharlength"})
    if options is None:
        return None
    return Answers(
        int(_number(options, "count", "answers", 1, 1, MOST_ANSWERS)),
        _number(options, "threshold", "answers", DEFAULT_THRESHOLD, 0, 1),
        int(_number(options, "maxcharlength", "answers", DEFAULT_CHARS, 1, MOST_CHARS)),
    )


def _options(given: object, name: str, known: set[str]) -> dict[str, str] | None:
    if given == "none":
        return None
    kind, *options = re.split(r"[|,]", given) if isinstance(given, str) else [""]
    matches = [OPTION.fullmatch(option.strip()) for option in options]
    if kind != "extractive" or not all(match is not None and match[1] in known for match in matches):
        raise _wrong(name)
    return {match[1]: match[2] for match in matches if match is not None}


def _number(options: dict[str, str], option: str, name: str, default: float, least: float, most: float) -> float:
    try:
        value = float(options.get(option, default)) if option == "threshold" else int(options.get(option, default))
    except ValueError:
        raise _wrong(name) from None
    if not least <= value <= most:
        raise _wrong(name)
    return value


def _wrong(name: str) -> Exception:
    return invalid(f"The value of '{name}' is not valid: none, or extractive with options.\r\nParameter name: {name}")
