"""A tool's plain facts as a sentence: names of fields as words, their units spelt out, what was asked for first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .question import Question
from .words import nearness, stem, stems

FACTS_MAX = 5
"""Facts in one sentence; a listener keeps no more."""
SENTENCE_WORDS = 5
"""A text of so many words speaks for itself."""

_UNITS = {
    "c": "degrees Celsius",
    "celsius": "degrees Celsius",
    "f": "degrees Fahrenheit",
    "fahrenheit": "degrees Fahrenheit",
    "kmh": "kilometres per hour",
    "kph": "kilometres per hour",
    "mph": "miles per hour",
    "km": "kilometres",
    "m": "metres",
    "kg": "kilograms",
    "pct": "percent",
    "percent": "percent",
    "eur": "euros",
    "usd": "dollars",
    "gbp": "pounds",
    "min": "minutes",
    "minutes": "minutes",
    "seconds": "seconds",
    "hours": "hours",
    "days": "days",
    "mm": "millimetres",
}


def tell(facts: Mapping[str, Any], question: Question, arguments: Mapping[str, Any]) -> str:
    """The facts in one sentence. `arguments` are the call's own: what only repeats them says what the facts are about."""
    flat = _flat(facts)
    asked = [value for value in arguments.values() if isinstance(value, str) and len(value.split()) <= SENTENCE_WORDS]
    subject = next((value for value in flat.values() if isinstance(value, str) and value.lower() in {word.lower() for word in asked}), None)
    told = {name: value for name, value in flat.items() if value != subject}
    for value in told.values():
        if isinstance(value, str) and len(value.split()) >= SENTENCE_WORDS:
            return value if value.rstrip().endswith((".", "!", "?")) else f"{value.rstrip()}."
    ordered = sorted(told.items(), key=lambda fact: -_asked_for(fact[0], question))[:FACTS_MAX]
    parts = [_fact(name, value) for name, value in ordered]
    if not parts:
        return "It returned nothing more than I asked it."
    listed = ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else parts[0]
    lead = f"For {subject}, {listed}." if subject else f"{listed}."
    return lead[0].upper() + lead[1:]


def _flat(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping):
            flat |= _flat({str(inner): deep for inner, deep in value.items()}, f"{prefix}{name} ")
        elif isinstance(value, list):
            flat[f"{prefix}{name}"] = ", ".join(str(one) for one in value if not isinstance(one, dict | list))
        else:
            flat[f"{prefix}{name}"] = value
    return {name: value for name, value in flat.items() if value not in (None, "")}


def _asked_for(name: str, question: Question) -> float:
    words = stems(re.sub(r"[_-]", " ", name))
    return max((nearness(word, asked) for word in words for asked in question.stems), default=0.0)


def _fact(name: str, value: Any) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[_-]+", " ", name)).lower().split()
    if isinstance(value, bool) and words[0] in ("is", "has") and len(words) > 1:
        return f"it {words[0]} {'' if value else 'not '}{' '.join(words[1:])}"
    unit = ""
    if len(words) > 1 and isinstance(value, int | float) and not isinstance(value, bool) and words[-1] in _UNITS:
        unit = f" {_UNITS[words.pop()]}"
    shown = ("yes" if value else "no") if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
    verb = "are" if stem(words[-1]) != words[-1] and words[-1].endswith("s") and not words[-1].endswith("ss") else "is"
    return f"the {' '.join(words)} {verb} {shown}{unit}"
