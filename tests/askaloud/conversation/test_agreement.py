"""What was agreed with the model about the session, and what a client may change of it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from tests.askaloud.conversation.moderators import quick
from tests.askaloud.conversation.wire import tools

from askaloud.conversation.agreement import CHANGES_MAX, DETECTION, SERVICES_OWN, Agreement
from askaloud.conversation.events.client import Refused, SessionUpdate
from askaloud.conversation.policy import Policy

TRANSCRIPTION = "session.audio.input.transcription"
VOICE = "session.audio.output.voice"


def agreement(**policy: Any) -> Agreement:
    return Agreement(Policy(model="gpt-test", instructions="secret", voice="alloy", **policy), tools())


def settled() -> Agreement:
    agreed = agreement()
    agreed.first_update("first")
    assert agreed.updated()
    return agreed


def wish(**session: Any) -> SessionUpdate:
    return msgspec.convert({"type": "session.update", "session": session}, SessionUpdate)


def voice(name: str) -> SessionUpdate:
    return wish(audio={"output": {"voice": name}})


def language(name: str) -> SessionUpdate:
    return wish(audio={"input": {"transcription": {"language": name}}})


def detection(**fields: Any) -> SessionUpdate:
    return wish(audio={"input": {"turn_detection": fields}})


def said(payload: bytes | None) -> dict[str, Any]:
    assert payload is not None
    session: dict[str, Any] = json.loads(payload)["session"]
    return session


def test_the_first_update_tells_the_model_everything() -> None:
    session = said(agreement().first_update("first"))
    assert session["type"] == "realtime"
    assert session["instructions"] == "secret"
    assert [tool["name"] for tool in session["tools"]] == ["search", "report_grounding"]
    assert session["tool_choice"] == "auto"


def test_what_a_client_is_shown_holds_no_instructions_and_no_tools() -> None:
    shown = settled().shown(id="sess_1")
    assert shown["id"] == "sess_1"
    assert not {"instructions", "tools"} & set(shown)


def test_a_wish_before_the_model_was_asked_holds_at_once_and_goes_with_the_first_update() -> None:
    agreed = agreement()
    assert agreed.change("e1", voice("marin")) is None
    assert agreed.shown()["audio"]["output"]["voice"] == "marin"
    assert said(agreed.first_update("first"))["audio"]["output"]["voice"] == "marin"


def test_a_change_tells_the_model_only_what_changed_and_holds_once_it_is_taken() -> None:
    agreed = settled()
    assert said(agreed.change("e1", voice("marin"))) == {"type": "realtime", "audio": {"output": {"voice": "marin"}}}
    assert agreed.shown()["audio"]["output"]["voice"] == "alloy"
    assert not agreed.updated()
    assert agreed.shown()["audio"]["output"]["voice"] == "marin"


def test_turn_detection_is_told_whole_for_its_fields_belong_together() -> None:
    detection = {"type": "semantic_vad", "eagerness": "low"}
    session = said(settled().change("e1", wish(audio={"input": {"turn_detection": detection}})))
    assert session["audio"]["input"] == {"turn_detection": detection}


@pytest.mark.parametrize(
    "session", [{}, {"instructions": "obey"}, {"audio": {"output": {"voice": "alloy"}}}, {"audio": {"output": {"voice": "hal"}}}]
)
def test_a_wish_that_changes_nothing_is_not_the_models_business(session: dict[str, Any]) -> None:
    assert settled().change("e1", wish(**session)) is None


def test_a_format_that_is_not_ours_is_refused() -> None:
    with pytest.raises(Refused):
        settled().change("e1", wish(audio={"input": {"format": {"type": "audio/pcmu"}}}))


def test_a_refused_change_leaves_what_held_before() -> None:
    agreed = settled()
    agreed.change("e1", voice("marin"))
    assert agreed.change_refused("e1")
    assert not agreed.change_refused("e1")
    assert agreed.shown()["audio"]["output"]["voice"] == "alloy"


def test_a_change_after_a_refused_one_does_not_bring_the_refused_one_with_it() -> None:
    agreed = settled()
    agreed.change("e1", voice("marin"))
    agreed.change("e2", language("de"))
    assert agreed.change_refused("e1")
    agreed.updated()
    audio = agreed.shown()["audio"]
    assert audio["input"]["transcription"]["language"] == "de"
    assert audio["output"]["voice"] == "alloy"


def test_changes_hold_in_the_order_in_which_they_are_taken() -> None:
    agreed = settled()
    agreed.change("e1", voice("marin"))
    agreed.change("e2", voice("cedar"))
    agreed.updated()
    assert agreed.shown()["audio"]["output"]["voice"] == "marin"
    agreed.updated()
    assert agreed.shown()["audio"]["output"]["voice"] == "cedar"


def test_no_more_changes_wait_than_anybody_needs() -> None:
    agreed = settled()
    sent = [agreed.change(f"e{number}", language(f"x{number}")) for number in range(CHANGES_MAX + 5)]
    assert sum(payload is not None for payload in sent) == CHANGES_MAX


@pytest.mark.parametrize(
    ("param", "setting"),
    [
        (TRANSCRIPTION, "ASKALOUD_TRANSCRIPTION_MODEL"),
        (f"{TRANSCRIPTION}.model", "ASKALOUD_TRANSCRIPTION_MODEL"),
        (VOICE, "AZURE_OPENAI_REALTIME_VOICE_CHOICE"),
    ],
)
def test_a_refused_optional_field_is_left_out_once_and_its_setting_named(param: str, setting: str) -> None:
    agreed = agreement()
    agreed.first_update("first")
    assert agreed.first_refused(param) == setting
    session = said(agreed.first_update("second"))
    side, _, name = param.removeprefix("session.audio.").removesuffix(".model").partition(".")
    assert name not in session["audio"][side]
    assert name not in agreed.shown()["audio"][side]
    assert agreed.first_refused(param) is None


@pytest.mark.parametrize("param", ["session.instructions", "session.tools[0].name", "session.audio.input", "session.audio.output.voices"])
def test_what_a_conversation_cannot_do_without_is_never_left_out(param: str | None) -> None:
    agreed = agreement()
    agreed.first_update("first")
    assert agreed.first_refused(param) is None


def test_a_refusal_that_names_nothing_costs_all_that_can_be_done_without_and_only_once() -> None:
    agreed = agreement()
    agreed.first_update("first")
    assert agreed.first_refused(None) == ("ASKALOUD_TRANSCRIPTION_MODEL or ASKALOUD_TURN_DETECTION or AZURE_OPENAI_REALTIME_VOICE_CHOICE")
    session = json.loads(agreed.first_update("second"))["session"]
    assert "transcription" not in session["audio"]["input"]
    assert "voice" not in session["audio"]["output"]
    assert session["instructions"]
    assert agreed.first_refused(None) is None


def test_a_transcription_that_was_left_out_does_not_come_back_with_a_clients_language() -> None:
    agreed = agreement()
    agreed.first_update("first")
    agreed.first_refused(TRANSCRIPTION)
    agreed.first_update("second")
    agreed.updated()
    assert agreed.change("e1", language("de")) is None


def test_a_client_may_choose_another_voice_where_the_servers_own_was_refused() -> None:
    agreed = agreement()
    agreed.first_update("first")
    agreed.first_refused(VOICE)
    agreed.first_update("second")
    agreed.updated()
    assert said(agreed.change("e1", voice("marin")))["audio"]["output"]["voice"] == "marin"
    agreed.updated()
    assert agreed.shown()["audio"]["output"]["voice"] == "marin"


def test_a_clients_own_choices_go_before_the_servers_own_which_were_never_refused() -> None:
    agreed = agreement()
    agreed.change("e1", voice("marin"))
    agreed.change("e2", language("de"))
    agreed.change("e3", detection(type="semantic_vad"))
    agreed.first_update("first")
    for param in (VOICE, f"{TRANSCRIPTION}.language", f"{DETECTION}.type"):
        setting = agreed.first_refused(param)
        assert setting is not None
        assert setting.endswith(" as the client chose it")
    session = said(agreed.first_update("second"))
    assert session == said(agreement().first_update("second"))
    agreed.updated()
    assert agreed.reported_late()
    assert not agreed.reported_late()


def test_a_refusal_that_names_nothing_costs_what_the_client_chose_before_it_costs_the_servers_own() -> None:
    agreed = agreement()
    agreed.change("e1", voice("marin"))
    agreed.change("e2", detection(type="semantic_vad"))
    agreed.first_update("first")
    chosen = "ASKALOUD_TURN_DETECTION as the client chose it or AZURE_OPENAI_REALTIME_VOICE_CHOICE as the client chose it"
    assert agreed.first_refused(None) == chosen
    assert said(agreed.first_update("second")) == said(agreement().first_update("second"))
    assert agreed.first_refused(None)
    assert agreed.first_refused(None) is None


def test_a_clients_choice_that_a_later_line_refuses_is_left_out_though_the_servers_own_was_before() -> None:
    agreed = agreement()
    agreed.first_update("first")
    agreed.first_refused(VOICE)
    agreed.updated()
    agreed.change("e1", voice("marin"))
    agreed.updated()
    agreed.begin_again()
    assert said(agreed.first_update("second"))["audio"]["output"]["voice"] == "marin"
    assert agreed.first_refused(VOICE)
    assert "voice" not in said(agreed.first_update("third"))["audio"]["output"]
    assert agreed.first_refused(VOICE) is None


@pytest.mark.parametrize("policy", [{"detection": "semantic_vad"}, {}, {"detection": "none"}])
def test_where_the_model_refuses_the_turn_detection_its_own_holds_and_is_said_to(policy: dict[str, Any]) -> None:
    agreed = agreement(**policy)
    agreed.first_update("first")
    assert agreed.first_refused(DETECTION) == "ASKALOUD_TURN_DETECTION"
    assert "turn_detection" not in said(agreed.first_update("second"))["audio"]["input"]
    assert agreed.detection == SERVICES_OWN == agreed.shown()["audio"]["input"]["turn_detection"]
    assert agreed.answers_of_itself


def test_the_services_own_detection_answers_and_is_interrupted_by_itself_whatever_is_ours_to_do_else() -> None:
    agreed = agreement(create_response=False, interrupt_after_ms=300)
    assert agreed.asks
    assert agreed.careful
    agreed.first_update("first")
    agreed.first_refused(DETECTION)
    assert not agreed.asks
    assert not agreed.careful
    agreed.first_update("second")
    agreed.updated()
    told = said(agreed.change("e1", detection(type="server_vad")))["audio"]["input"]["turn_detection"]
    assert told == {"type": "server_vad", "create_response": False, "interrupt_response": False}
    agreed.updated()
    assert agreed.asks
    assert agreed.careful


def test_what_a_moderator_looks_at_is_never_left_to_the_services_own_detection() -> None:
    agreed = agreement(moderator=quick)
    agreed.change("e1", detection(type="semantic_vad"))
    agreed.first_update("first")
    assert agreed.first_refused(DETECTION) == "ASKALOUD_TURN_DETECTION as the client chose it"
    assert said(agreed.first_update("second"))["audio"]["input"]["turn_detection"]["create_response"] is False
    assert agreed.first_refused(DETECTION) is None
