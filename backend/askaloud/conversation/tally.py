"""What the conversation has cost so far: tokens by modality, of the turn and of the whole. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KINDS = ("input_text", "input_audio", "input_cached", "output_text", "output_audio")


def _none() -> dict[str, int]:
    return dict.fromkeys(KINDS, 0)


@dataclass(slots=True)
class Tally:
    """Owned by one conversation."""

    turn: dict[str, int] = field(default_factory=_none)
    conversation: dict[str, int] = field(default_factory=_none)

    def new_turn(self) -> None:
        """The person said something."""
        self.turn = _none()

    def add(self, usage: dict[str, Any] | None) -> None:
        """Count one response's `usage` (`input_token_details`, `output_token_details`), as far as it is there."""
        for side in ("input", "output"):
            details = (usage or {}).get(f"{side}_token_details")
            if not isinstance(details, dict):
                continue
            for kind in KINDS:
                name = f"{kind.removeprefix(side + '_')}_tokens"
                count = details.get(name)
                if kind.startswith(side) and isinstance(count, int):
                    self.turn[kind] += count
                    self.conversation[kind] += count
