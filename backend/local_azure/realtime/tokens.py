"""How many tokens something is. An estimate, and said to be one: four characters a text token, and the service's rates for audio.

The rates: one token per 100 ms of a person's audio, one per 50 ms of the assistant's (OpenAI's "Managing costs" of the Realtime API).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from .items import Item

CHARS_PER_TOKEN = 4
INPUT_MS_PER_TOKEN = 100
OUTPUT_MS_PER_TOKEN = 50


@dataclass(slots=True)
class Tokens:
    """Tokens by modality."""

    text: int = 0
    audio: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.text + self.audio


def of_text(words: str) -> int:
    """The tokens of a text; none for an empty one."""
    return -(-len(words) // CHARS_PER_TOKEN)


def of_speech(audio_ms: int) -> int:
    """The tokens of the assistant's own audio."""
    return -(-audio_ms // OUTPUT_MS_PER_TOKEN)


def of_input(instructions: str, tools: list[dict[str, Any]], items: Iterable[Item]) -> Tokens:
    """All that a response is made from."""
    count = Tokens(text=of_text(instructions) + (of_text(msgspec.json.encode(tools).decode()) if tools else 0))
    for item in items:
        count.text += of_text(item.arguments) + of_text(item.output) + of_text(item.name)
        for part in item.content:
            if part.kind == "input_audio":
                count.audio += -(-part.audio_ms // INPUT_MS_PER_TOKEN)
            elif part.kind == "output_audio":
                count.audio += of_speech(part.audio_ms)
                count.text += of_text(part.words or "")
            else:
                count.text += of_text(part.words or "")
    return count


def usage(taken: Tokens, given: Tokens) -> dict[str, Any]:
    """`response.usage`; nothing is ever cached here."""
    return {
        "total_tokens": taken.total + given.total,
        "input_tokens": taken.total,
        "output_tokens": given.total,
        "input_token_details": {
            "text_tokens": taken.text,
            "audio_tokens": taken.audio,
            "image_tokens": 0,
            "cached_tokens": 0,
            "cached_tokens_details": {"text_tokens": 0, "audio_tokens": 0, "image_tokens": 0},
        },
        "output_token_details": {"text_tokens": given.text, "audio_tokens": given.audio},
    }
