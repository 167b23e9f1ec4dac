"""Which voice speaks for which of the service's voice names. A table; knows neither engine.

The service's voices are people; these are not. The table keeps apart what a listener should tell apart: women, men, high, low.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """An engine's voice, how much higher than it was made to sound (as a faster tape), and how much louder."""

    name: str
    pitch: float = 1.0
    gain: float = 1.0


DEFAULT = "alloy"
"""Speaks where a name is unknown: a client may name any voice of the service's, also one that came after this table."""

FLITE = {
    "alloy": Voice("slt", 1.0, 0.7),
    "marin": Voice("slt", 0.95, 0.7),
    "sage": Voice("slt", 0.91, 0.7),
    "coral": Voice("slt", 1.04, 0.7),
    "shimmer": Voice("slt", 1.08, 0.7),
    "cedar": Voice("rms", 1.0, 1.3),
    "ash": Voice("rms", 0.94, 1.3),
    "echo": Voice("rms", 1.06, 1.3),
    "verse": Voice("rms", 1.12, 1.3),
    "ballad": Voice("awb", 1.0, 1.2),
}

ESPEAK = {
    "alloy": Voice("en-us+f2", 0.95, 1.3),
    "marin": Voice("en-us+f2", 1.0, 1.3),
    "sage": Voice("en-us+f2", 0.9, 1.3),
    "coral": Voice("en-us+f2", 1.05, 1.3),
    "shimmer": Voice("en-us+f1", 1.05, 1.3),
    "cedar": Voice("en-us", 1.0, 1.3),
    "ash": Voice("en-us+m1", 0.94, 1.3),
    "echo": Voice("en-us+m1", 1.0, 1.3),
    "verse": Voice("en-us", 1.08, 1.3),
    "ballad": Voice("en-us+m3", 1.0, 1.3),
}
"""Those in front are the ones that the stand-in's own ears understand best."""
