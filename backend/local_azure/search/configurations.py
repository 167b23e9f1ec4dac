"""The sections of an index's definition beside its fields: vector search and semantic ranking.

They are checked and kept; what a query may do with them is decided elsewhere. Pure.
"""

from __future__ import annotations

from typing import Any

from .refusal import Refusal, invalid, not_offered

ALGORITHMS = {"hnsw": "hnswParameters", "exhaustiveKnn": "exhaustiveKnnParameters"}
PARAMETERS: dict[str, dict[str, Any]] = {
    "hnswParameters": {"m": 4, "efConstruction": 400, "efSearch": 500, "metric": "cosine"},
    "exhaustiveKnnParameters": {"metric": "cosine"},
}
"""With their defaults (Microsoft Learn, "Create a vector index")."""

RANGES = {"m": (4, 10), "efConstruction": (100, 1_000), "efSearch": (100, 1_000)}
"""The least and the most (the same page). Vectors are compared one by one here, so the numbers change no answer."""

METRICS = ("cosine", "euclidean", "dotProduct")
VECTORIZER = {"name", "kind", "azureOpenAIParameters"}
MODEL = {"resourceUri", "deploymentId", "modelName", "apiKey", "authIdentity"}


def _named(given: object, section: str) -> list[dict[str, Any]]:
    """A list of objects with different names."""
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in given):
        raise invalid(f"The request is invalid. Details: '{section}' must be a list of objects with names.")
    if len({one["name"] for one in given}) != len(given):
        raise invalid(f"The request is invalid. Details: Two entries of '{section}' have the same name.")
    return given


def _only(given: dict[str, Any], known: set[str], where: str) -> None:
    for name, value in given.items():
        if name not in known and value not in (None, [], {}):
            raise not_offered(f"The property '{name}' of '{where}'")


def _is_one(name: object, known: set[str]) -> bool:
    """Whether it is a name, and one of these."""
    return isinstance(name, str) and name in known


def read_vector_search(given: object) -> tuple[set[str], dict[str, Any] | None]:
    """The names of the profiles that fields may use, and the section as it is kept."""
    if given is None:
        return set(), None
    if not isinstance(given, dict):
        raise invalid("The request is invalid. Details: 'vectorSearch' must be an object.")
    _only(given, {"algorithms", "profiles", "vectorizers"}, "vectorSearch")
    algorithms = {one["name"]: _algorithm(one) for one in _named(given.get("algorithms"), "algorithms")}
    vectorizers = {one["name"] for one in _named(given.get("vectorizers"), "vectorizers") if _check_vectorizer(one)}
    profiles = _named(given.get("profiles"), "profiles")
    for profile in profiles:
        _only(profile, {"name", "algorithm", "vectorizer"}, "profiles")
        if not _is_one(profile.get("algorithm"), set(algorithms)):
            raise invalid(f"The request is invalid. Details: The profile '{profile['name']}' names an algorithm that is not defined.")
        if profile.get("vectorizer") is not None and not _is_one(profile["vectorizer"], vectorizers):
            raise invalid(f"The request is invalid. Details: The profile '{profile['name']}' names a vectorizer that is not defined.")
    return {profile["name"] for profile in profiles}, {
        **given,
        "algorithms": list(algorithms.values()),
        "vectorizers": [_without_key(one) for one in given.get("vectorizers") or []],
    }


def _without_key(vectorizer: dict[str, Any]) -> dict[str, Any]:
    """A key of somebody's model is not kept."""
    return {**vectorizer, "azureOpenAIParameters": {**vectorizer["azureOpenAIParameters"], "apiKey": None}}


def _algorithm(given: dict[str, Any]) -> dict[str, Any]:
    """The algorithm with nothing left to defaults, as the service shows it."""
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in ALGORITHMS:
        raise invalid(f"The request is invalid. Details: The algorithm '{given['name']}' must be of kind hnsw or exhaustiveKnn.")
    section = ALGORITHMS[kind]
    _only(given, {"name", "kind", section}, "algorithms")
    parameters = given.get(section) or {}
    if not isinstance(parameters, dict):
        raise invalid(f"The request is invalid. Details: '{section}' must be an object.")
    _only(parameters, set(PARAMETERS[section]), section)
    if parameters.get("metric") is not None and parameters["metric"] not in METRICS:
        raise not_offered(f"The metric of the algorithm '{given['name']}'")
    said = {name: value for name, value in parameters.items() if value is not None}
    return {"name": given["name"], "kind": kind, section: PARAMETERS[section] | said}


def check_numbers(section: dict[str, Any] | None) -> None:
    """Every number of the algorithms of a `vectorSearch` section, as it was read, is within its range."""
    for algorithm in _algorithms(section).values():
        parameters = algorithm[ALGORITHMS[algorithm["kind"]]]
        for name, (least, most) in RANGES.items():
            value = parameters.get(name, least)
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                raise invalid(
                    f"The request is invalid. Details: '{name}' of the algorithm '{algorithm['name']}' must be from {least} to {most}."
                )


def check_vector_change(old: dict[str, Any] | None, new: dict[str, Any] | None, used: set[str]) -> None:
    """Algorithms may be added; one that exists stays as it is, and so does that of each profile in `used`: its fields hold vectors."""
    later = _algorithms(new)
    for name, algorithm in _algorithms(old).items():
        if name not in later:
            # The service's own sentence: Azure/azure-sdk-for-python#38203.
            raise Refusal(400, "OperationNotAllowed", "Algorithm name cannot be updated.\r\nParameters: definition")
        if later[name] != algorithm:
            raise Refusal(400, "OperationNotAllowed", f"Existing algorithm '{name}' cannot be changed.\r\nParameters: definition")
    before, after = ({one["name"]: one["algorithm"] for one in (section or {}).get("profiles") or []} for section in (old, new))
    for name in sorted(used):
        if before.get(name) != after.get(name):
            raise Refusal(400, "OperationNotAllowed", f"The algorithm of the profile '{name}' cannot be changed while fields use it.")


def _algorithms(section: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """The algorithms of a section as it is kept, by name."""
    return {one["name"]: one for one in section["algorithms"]} if section else {}


def _check_vectorizer(given: dict[str, Any]) -> bool:
    if given.get("kind") != "azureOpenAI":
        raise not_offered(f"A vectorizer of another kind than azureOpenAI ('{given['name']}')")
    _only(given, VECTORIZER, "vectorizers")
    model = given.get("azureOpenAIParameters")
    if not isinstance(model, dict):
        raise invalid(f"The request is invalid. Details: The vectorizer '{given['name']}' needs 'azureOpenAIParameters'.")
    _only(model, MODEL, "azureOpenAIParameters")
    return True


def read_semantic(given: object, texts: set[str], fields: set[str]) -> dict[str, Any] | None:
    """The section as it is kept, every field that it names looked up.

    A field need not be searchable: azure-search-openai-demo names one as its title that is only filterable.
    """
    if given is None:
        return None
    if not isinstance(given, dict):
        raise invalid("The request is invalid. Details: 'semantic' must be an object.")
    _only(given, {"defaultConfiguration", "configurations"}, "semantic")
    configurations = _named(given.get("configurations"), "configurations")
    for configuration in configurations:
        _only(configuration, {"name", "prioritizedFields", "rankingOrder"}, "configurations")
        for name in _prioritized(configuration):
            if name not in fields:
                raise invalid(f"The request is invalid. Details: The semantic configuration names the unknown field '{name}'.")
            if name not in texts:
                raise invalid(f"The request is invalid. Details: The semantic configuration names '{name}', which holds no text.")
    default = given.get("defaultConfiguration")
    if default is not None and not _is_one(default, {one["name"] for one in configurations}):
        raise invalid("The request is invalid. Details: 'defaultConfiguration' names a semantic configuration that is not defined.")
    return given


def _prioritized(configuration: dict[str, Any]) -> list[str]:
    """The names of all fields of one semantic configuration."""
    given = configuration.get("prioritizedFields")
    if not isinstance(given, dict):
        raise invalid(f"The request is invalid. Details: '{configuration['name']}' needs 'prioritizedFields'.")
    _only(given, {"titleField", "prioritizedContentFields", "prioritizedKeywordsFields"}, "prioritizedFields")
    several = [given.get(name) or [] for name in ("prioritizedContentFields", "prioritizedKeywordsFields")]
    if not all(isinstance(listed, list) for listed in several):
        raise invalid(f"The request is invalid. Details: The content and keywords of '{configuration['name']}' must be lists.")
    entries = [given.get("titleField"), *several[0], *several[1]]
    named = [entry.get("fieldName") for entry in entries if isinstance(entry, dict)]
    if len(named) != len([entry for entry in entries if entry is not None]) or not all(isinstance(name, str) for name in named):
        raise invalid(f"The request is invalid. Details: Each prioritized field of '{configuration['name']}' needs a 'fieldName'.")
    return [name for name in named if isinstance(name, str)]
