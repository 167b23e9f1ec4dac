"""The table of voices."""

from __future__ import annotations

import typing

import pytest
from openai.types.realtime import RealtimeAudioConfigOutput

from local_azure.speech import voices
from local_azure.speech.flite import VOICES

TABLES = pytest.mark.parametrize("table", [voices.FLITE, voices.ESPEAK], ids=["flite", "espeak"])


def names_of_the_service() -> set[str]:
    def literals(kind: object) -> set[str]:
        parts = typing.get_args(kind)
        return {part for part in parts if isinstance(part, str)}.union(*(literals(part) for part in parts if not isinstance(part, str)))

    return literals(RealtimeAudioConfigOutput.model_fields["voice"].annotation)


@TABLES
def test_every_voice_of_the_service_has_one_here(table: dict[str, voices.Voice]) -> None:
    assert names_of_the_service() >= {"alloy", "marin", "cedar"}
    assert names_of_the_service() <= table.keys()
    assert voices.DEFAULT in table


@TABLES
def test_no_two_names_sound_the_same(table: dict[str, voices.Voice]) -> None:
    assert len({(voice.name, voice.pitch) for voice in table.values()}) == len(table)


def test_flite_is_asked_only_for_voices_that_debian_installs() -> None:
    assert {voice.name for voice in voices.FLITE.values()} <= set(VOICES)
