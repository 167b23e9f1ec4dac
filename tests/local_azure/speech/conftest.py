"""What several tests of this room share: utterances spoken once, by a real voice."""

from __future__ import annotations

import asyncio

import pytest
from tests.local_azure.speech.sounds import joined

from local_azure.speech.mouth import Engine, WorkerMouth

Spoken = dict[tuple[Engine, str], bytes]

SENTENCES = (
    "The train to the city leaves at nine in the morning.",
    "Where can I buy a ticket for the museum?",
    "Please close the window before you leave the room.",
    "How much does the small red bicycle cost?",
)


@pytest.fixture(scope="session")
def spoken() -> Spoken:
    """Each of the sentences in both engines' first voice."""

    async def speak() -> Spoken:
        made: Spoken = {}
        for engine in ("flite", "espeak"):
            mouth = WorkerMouth(engine)
            for sentence in SENTENCES:
                made[engine, sentence] = await joined(mouth.speak(sentence, voice="cedar", speed=1.0))
            await mouth.close()
        return made

    return asyncio.run(speak())
