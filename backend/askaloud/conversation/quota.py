"""When a model whose quota is used up may be asked again, as far as it has said so itself. Pure; it knows no clock.

Source: `rate_limits.updated`, which comes at the beginning of a response; all its fields are optional.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..errors import Notice
from .notices import MODEL_BUSY
from .refusal import RETRY_MAX_MS

PAID_FOR = "insufficient_quota"
"""No quota will come back by waiting: somebody has to pay."""


@dataclass(slots=True)
class Quota:
    """Owned by one conversation."""

    _again_ms: int | None = None
    """How long it takes until there is quota again, as the model last said."""

    def heard(self, limits: Iterable[dict[str, Any]]) -> None:
        """What the model allows, and when it begins to count anew."""
        told = [(_number(limit.get("remaining")), _number(limit.get("reset_seconds"))) for limit in limits]
        used_up = [reset for remaining, reset in told if remaining is not None and remaining <= 0]
        resets = [reset for reset in used_up or [reset for _, reset in told] if reset is not None and reset > 0]
        self._again_ms = min(math.ceil(max(resets) * 1000), RETRY_MAX_MS) if resets else None

    def used_up(self, code: str | None) -> Notice:
        """What the person is told when an answer failed because there was no quota left; `code` is the service's."""
        return MODEL_BUSY if code == PAID_FOR else replace(MODEL_BUSY, retry_after_ms=self._again_ms)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
