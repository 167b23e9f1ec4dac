from __future__ import annotations

import pytest

from local_azure.mind.manners import manner


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("stop, thank you", "stop"),
        ("okay stop", "stop"),
        ("Could you please stop talking?", "stop"),
        ("that's enough, thanks", "stop"),
        ("never mind", "nothing"),
        ("no thanks", "nothing"),
        ("hold on", "wait"),
        ("just a second please", "wait"),
        ("say that again", "again"),
        ("sorry, I didn't catch that", "again"),
        ("what?", "again"),
        ("louder please", "voice"),
        ("can you speak a bit slower", "voice"),
        ("Hello, can you hear me?", "present"),
        ("what can you do", "self"),
        ("thank you, bye", "goodbye"),
        ("okay great thank you", "thanks"),
        ("yes", "yes"),
        ("um", "silence"),
    ],
)
def test_a_word_to_the_assistant_is_known_for_what_it_is(said: str, kind: str) -> None:
    assert manner(said) == kind


@pytest.mark.parametrize(
    "said",
    [
        "how do I stop the machine",
        "how do I stop it?",
        "thank you, and when is the taxi reimbursed?",
        "is that enough?",
        "can I cancel?",
        "can I get it again?",
        "is it too loud?",
        "how long should I wait",
        "wait, how long?",
        "what time is it again",
        "stop button",
        "no smoking",
        "and at night",
        "okay and where",
        "what now",
        "Does the bus stop here?",
        "the second",
    ],
)
def test_what_asks_about_the_matter_is_a_question_whatever_its_words(said: str) -> None:
    assert manner(said) == "question"
