"""How long one session may last: the service's own hour, or what the environment says."""

from __future__ import annotations

from collections.abc import Mapping

VARIABLE = "LOCAL_AZURE_SESSION_MAX_S"
SESSION_MAX_S = 60 * 60.0
"""The service's own maximum, and the default."""
LONGEST_S = 24 * 60 * 60.0
"""A day: more would only hide a client that never comes back."""


def session_max_s(environment: Mapping[str, str]) -> float:
    """Seconds. Raises `ValueError`, whose message is fit to be printed, for what is no number of seconds above 0 and up to a day."""
    given = environment.get(VARIABLE, "").strip()
    if not given:
        return SESSION_MAX_S
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_S:
        raise ValueError(f"{VARIABLE} must be a number of seconds above 0 and at most {LONGEST_S:.0f}.")
    return seconds
