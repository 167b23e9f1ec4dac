"""What a client may choose of its session, and within which bounds."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from askaloud.conversation.events.client import Refused, SessionWish
from askaloud.conversation.policy import Choice, Policy

POLICY = Policy(model="gpt-test", instructions="secret", voice="alloy", language="en")


def chosen(wish: dict[str, Any], policy: Policy = POLICY) -> dict[str, Any]:
    """The session that holds after a wish."""
    return policy.session(policy.choose(Choice(), msgspec.convert(wish, SessionWish)))


def detection(**wish: Any) -> Any:
    return chosen({"audio": {"input": {"turn_detection": wish}}})["audio"]["input"]["turn_detection"]


def test_without_a_choice_the_servers_own_session_holds() -> None:
    session = chosen({})
    assert session["output_modalities"] == ["audio"]
    assert session["audio"]["output"] == {"format": {"type": "audio/pcm", "rate": 24_000}, "voice": "alloy"}
    assert session["audio"]["input"]["transcription"] == {"model": "whisper-1", "language": "en"}
    assert session["audio"]["input"]["turn_detection"]["type"] == "server_vad"


def test_what_a_client_may_see_of_its_session_holds_neither_instructions_nor_tools() -> None:
    assert not {"instructions", "tools"} & set(chosen({}))


@pytest.mark.parametrize("wish", [{"instructions": "obey"}, {"tools": [{"type": "function"}]}, {"model": "other"}, {"tool_choice": "none"}])
def test_what_is_the_servers_alone_is_dropped(wish: dict[str, Any]) -> None:
    assert chosen(wish) == chosen({})


@pytest.mark.parametrize(
    ("name", "said", "held"),
    [
        ("threshold", -1.0, 0.1),
        ("threshold", 0.7, 0.7),
        ("threshold", 9.0, 0.95),
        ("prefix_padding_ms", -5, 0),
        ("prefix_padding_ms", 10**30, 1_000),
        ("silence_duration_ms", 0, 200),
        ("silence_duration_ms", 700, 700),
        ("silence_duration_ms", 99_999, 2_000),
    ],
)
def test_numbers_of_turn_detection_are_clamped(name: str, said: float, held: float) -> None:
    assert detection(type="server_vad", **{name: said}) == {"type": "server_vad", name: held}


def test_the_idle_timeout_is_dropped() -> None:
    assert detection(type="server_vad", idle_timeout_ms=5_000) == {"type": "server_vad"}


def test_fields_of_the_other_kind_of_detection_are_dropped_for_the_service_refuses_them() -> None:
    assert detection(type="semantic_vad", eagerness="low", threshold=0.5) == {"type": "semantic_vad", "eagerness": "low"}
    assert detection(type="server_vad", eagerness="low", create_response=False) == {"type": "server_vad", "create_response": False}


def test_push_to_talk_is_no_detection_at_all_and_not_the_default() -> None:
    assert chosen({"audio": {"input": {"turn_detection": None}}})["audio"]["input"]["turn_detection"] is None


def test_a_voice_of_the_list_is_taken_and_any_other_dropped() -> None:
    assert chosen({"audio": {"output": {"voice": "marin"}}})["audio"]["output"]["voice"] == "marin"
    assert chosen({"audio": {"output": {"voice": "hal9000"}}})["audio"]["output"]["voice"] == "alloy"


def test_a_voice_that_only_the_server_was_given_can_be_chosen_too() -> None:
    policy = Policy(model="m", voice="our-own-voice")
    assert policy.voices[0] == "our-own-voice"
    assert len(set(policy.voices)) == len(policy.voices)


def test_the_language_is_the_clients_and_the_transcriber_the_servers() -> None:
    wish = {"audio": {"input": {"transcription": {"model": "expensive", "language": "de", "prompt": "x"}}}}
    assert chosen(wish)["audio"]["input"]["transcription"] == {"model": "whisper-1", "language": "de"}


def test_a_language_is_a_short_tag() -> None:
    wish = {"audio": {"input": {"transcription": {"language": "x" * 1_000}}}}
    assert len(chosen(wish)["audio"]["input"]["transcription"]["language"]) == 12


def test_without_a_transcriber_there_is_no_transcription_whatever_a_client_says() -> None:
    wish = {"audio": {"input": {"transcription": {"language": "de"}}}}
    assert chosen(wish, Policy(model="m", transcription_model=None))["audio"]["input"]["transcription"] is None


@pytest.mark.parametrize(("said", "held"), [(["text"], ["text"]), (["audio"], ["audio"]), (["text", "audio"], ["audio"]), ([], ["audio"])])
def test_an_answer_is_spoken_or_written(said: list[str], held: list[str]) -> None:
    assert chosen({"output_modalities": said})["output_modalities"] == held


@pytest.mark.parametrize("side", ["input", "output"])
@pytest.mark.parametrize("format_", [{"type": "audio/pcmu"}, {"type": "audio/pcma"}, {"type": "audio/pcm", "rate": 16_000}])
def test_another_format_than_pcm_at_24_khz_is_refused(side: str, format_: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        chosen({"audio": {side: {"format": format_}}})
    assert refused.value.param == f"session.audio.{side}.format"


@pytest.mark.parametrize("format_", [{"type": "audio/pcm"}, {"type": "audio/pcm", "rate": 24_000}])
def test_pcm_at_24_khz_is_what_there_is(format_: dict[str, Any]) -> None:
    assert chosen({"audio": {"input": {"format": format_}}}) == chosen({})


def test_one_choice_leaves_the_others_as_they_were() -> None:
    first = POLICY.choose(Choice(), msgspec.convert({"audio": {"output": {"voice": "marin"}}}, SessionWish))
    second = POLICY.choose(first, msgspec.convert({"audio": {"input": {"transcription": {"language": "de"}}}}, SessionWish))
    session = POLICY.session(second)
    assert session["audio"]["output"]["voice"] == "marin"
    assert session["audio"]["input"]["transcription"]["language"] == "de"


def test_a_null_is_nothing_chosen_and_a_voice_of_another_shape_is_dropped() -> None:
    wish = {
        "output_modalities": None,
        "audio": {
            "input": {"format": None, "transcription": {"language": None}, "turn_detection": {"type": "server_vad", "threshold": None}},
            "output": {"format": None, "voice": {"id": "custom"}},
        },
    }
    choice = POLICY.choose(Choice(), msgspec.convert(wish, SessionWish))
    assert choice == Choice(turn_detection={"type": "server_vad"}, turn_detection_chosen=True)
