"""How much of a conversation one response is made from: all of it, or as much as the session's `truncation` leaves of what is too long.

Source: `openai/types/realtime/realtime_truncation*.py`. Takes nothing out of the conversation itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import tokens
from .items import Item
from .wire import Refused

INPUT_MAX_TOKENS = 28_224
"""What a model with a context of 32,000 tokens takes beside 4,096 of output, by the SDK's own reckoning of a session's `truncation`."""


@dataclass(frozen=True, slots=True)
class Window:
    """`keep`: the share of the limit that is left when it was exceeded; None: nothing may be left out."""

    keep: float | None = 1.0
    limit: int = INPUT_MAX_TOKENS

    @classmethod
    def of(cls, truncation: Any) -> Window:
        """From a session's field: `auto`, `disabled`, or a `retention_ratio` object."""
        if isinstance(truncation, dict):
            limit = (truncation.get("token_limits") or {}).get("post_instructions") or INPUT_MAX_TOKENS
            return cls(truncation["retention_ratio"], limit)
        return cls(None) if truncation == "disabled" else cls()

    def check(self, items: Sequence[Item]) -> None:
        """Raise `Refused` where something would have to be left out and nothing may be."""
        if self.keep is None and (total := _tokens(items)) > self.limit:
            message = f"The conversation has {total} tokens, above the limit of {self.limit}, and its truncation is disabled."
            raise Refused("context_length_exceeded", message)

    def fit(self, items: Sequence[Item]) -> list[Item]:
        """The newest items that fit; the last one always stays."""
        kept = list(items)
        total = _tokens(kept)
        if self.keep is None or total <= self.limit:
            return kept
        gone = 0
        while gone < len(kept) - 1 and total > self.limit * self.keep:
            total -= _tokens(kept[gone : gone + 1])
            gone += 1
        return kept[gone:]


def _tokens(items: Sequence[Item]) -> int:
    return tokens.of_input("", [], items).total
