"""What is said when the passages hold no answer: that it was not found, and what was heard, where a word may have been misheard."""

from __future__ import annotations

from collections.abc import Sequence

from .outputs import Passage
from .question import Question
from .standing import nearest
from .words import stems

NOT_FOUND = "I could not find that in the documents."
HEARD_MAX_WORDS = 20
"""Words of a question that are said back; more is a recital."""
KNOWN = 0.8
"""How near a word of the passages must be for a word of the question to be known there."""


def not_found(question: Question, passages: Sequence[Passage], said_before: Sequence[str] = ()) -> tuple[str, ...]:
    """What to say, in one or two sentences. It asks back where the question has a word that no passage knows, and not twice in a row."""
    held = frozenset(word for passage in passages for word in stems(f"{passage.title} {passage.text}"))
    strange = [word for word in question.stems if nearest(word, held) < KNOWN]
    if not strange or any(said.startswith(NOT_FOUND) for said in said_before):
        return (NOT_FOUND,)
    words = question.text.rstrip(" ?.!").split()
    heard = " ".join(words[:HEARD_MAX_WORDS]) + (" and so on" if len(words) > HEARD_MAX_WORDS else "")
    return NOT_FOUND, f"I heard “{heard}”; could you ask it in other words?"
