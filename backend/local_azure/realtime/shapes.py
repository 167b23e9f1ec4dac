"""A small grammar for what a client may send: each check takes a value and its path, and gives the value to keep or raises `Refused`.

The codes (`unknown_parameter`, `missing_required_parameter`, `invalid_type`, `invalid_value`, `…_above_max_…`) and the paths are the
service's, as clients' issue trackers quote them. Knows no particular event.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from .wire import Refused, not_offered

Check = Callable[[Any, str], Any]

_NAMES = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", int: "an integer", float: "a number", type(None): "null"}


def _wrong_type(path: str, expected: str, value: Any) -> Refused:
    got = _NAMES.get(type(value), "something else")
    return Refused("invalid_type", f"Invalid type for '{path}': expected {expected}, but got {got} instead.", path)


def text(max_chars: int) -> Check:
    """A string of at most so many characters."""

    def check(value: Any, path: str) -> str:
        if not isinstance(value, str):
            raise _wrong_type(path, "a string", value)
        if len(value) > max_chars:
            message = f"Invalid '{path}': string too long. Expected a string with maximum length {max_chars}, but got {len(value)} instead."
            raise Refused("string_above_max_length", message, path)
        return value

    return check


def boolean(value: Any, path: str) -> bool:
    """True or false; null is neither."""
    if not isinstance(value, bool):
        raise _wrong_type(path, "a boolean", value)
    return value


def integer(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any, path: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong_type(path, "an integer", value)
        if value < least:
            raise Refused("integer_below_min_value", f"Invalid '{path}': integer below minimum value {least}.", path)
        if value > most:
            raise Refused("integer_above_max_value", f"Invalid '{path}': integer above maximum value {most}.", path)
        return value

    return check


def number(least: float, most: float) -> Check:
    """A number within bounds."""

    def check(value: Any, path: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise _wrong_type(path, "a number", value)
        if value < least:
            raise Refused("decimal_below_min_value", f"Invalid '{path}': decimal below minimum value {least}.", path)
        if value > most:
            raise Refused("decimal_above_max_value", f"Invalid '{path}': decimal above maximum value {most}.", path)
        return float(value)

    return check


def choice(*values: str) -> Check:
    """One of these words."""

    def check(value: Any, path: str) -> str:
        if not isinstance(value, str):
            raise _wrong_type(path, "a string", value)
        if value not in values:
            shown = ", ".join(f"'{word}'" for word in values)
            raise Refused("invalid_value", f"Invalid value: '{value[:64]}'. Supported values are: {shown}.", path)
        return value

    return check


def nullable(inner: Check) -> Check:
    """Null, or what the inner check takes."""
    return lambda value, path: None if value is None else inner(value, path)


def either(*checks: Check) -> Check:
    """What the first fitting check makes of it; the last one's refusal where none fits."""

    def check(value: Any, path: str) -> Any:
        for candidate in checks[:-1]:
            try:
                return candidate(value, path)
            except Refused:
                continue
        return checks[-1](value, path)

    return check


def listing(inner: Check, most: int, least: int = 0) -> Check:
    """An array; each element is checked under its index."""

    def check(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise _wrong_type(path, "an array", value)
        if len(value) > most:
            raise Refused("array_above_max_length", f"Invalid '{path}': array too long. Expected at most {most} elements.", path)
        if len(value) < least:
            raise Refused("array_below_min_length", f"Invalid '{path}': array too short. Expected at least {least} elements.", path)
        return [inner(element, f"{path}[{index}]") for index, element in enumerate(value)]

    return check


def json_object(max_bytes: int) -> Check:
    """Any JSON object up to a size, kept as it is: a function's `parameters`."""

    def check(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _wrong_type(path, "an object", value)
        if len(msgspec.json.encode(value)) > max_bytes:
            raise Refused("string_above_max_length", f"Invalid '{path}': larger than {max_bytes} bytes.", path)
        return value

    return check


def unoffered(what: str) -> Check:
    """A field that the service has and this stand-in refuses; null and absent are fine."""

    def check(value: Any, path: str) -> None:
        if value is not None:
            raise not_offered(what, path)

    return check


def record(fields: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    """An object with these fields and no others. Only the fields that were sent come back: absent and null differ."""

    def check(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _wrong_type(path, "an object", value)
        prefix = f"{path}." if path else ""
        for name in required:
            if name not in value:
                raise Refused("missing_required_parameter", f"Missing required parameter: '{prefix}{name}'.", prefix + name)
        for name in value:
            if name not in fields:
                raise Refused("unknown_parameter", f"Unknown parameter: '{prefix}{name}'.", prefix + name)
        return {name: fields[name](value[name], prefix + name) for name in value}

    return check


def tagged(tag: str, members: Mapping[str, Check]) -> Check:
    """An object whose `tag` says which of the members it is."""
    names = choice(*members)

    def check(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise _wrong_type(path, "an object", value)
        if tag not in value:
            raise Refused("missing_required_parameter", f"Missing required parameter: '{path}.{tag}'.", f"{path}.{tag}")
        return members[names(value[tag], f"{path}.{tag}")](value, path)

    return check
