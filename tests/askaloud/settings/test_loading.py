"""What is well in itself and does not fit the rest; and every mistake of a session told at once, by the program itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands import askaloud
from tests.planted import secret

from askaloud.errors import SettingsError
from askaloud.settings import read_settings

WRONG = {
    "AZURE_OPENAI_ENDPOINT": "http://far.example",
    "ASKALOUD_REALTIME_API_VERSION": "2024-06-01",
    "ASKALOUD_ENTRA_SCOPE": "everything",
    "ASKALOUD_TURN_DETECTION": "always",
    "ASKALOUD_VAD_THRESHOLD": "1",
    "ASKALOUD_VAD_PREFIX_PADDING_MS": "-1",
    "ASKALOUD_VAD_SILENCE_MS": "soon",
    "ASKALOUD_VAD_EAGERNESS": "very",
    "ASKALOUD_CREATE_RESPONSE": "perhaps",
    "ASKALOUD_INTERRUPT_AFTER_MS": "50",
    "ASKALOUD_MODERATOR": "moderator",
    "ASKALOUD_NOISE_REDUCTION": "near",
    "ASKALOUD_MAX_OUTPUT_TOKENS": "5000",
    "ASKALOUD_SPEED": "2",
    "ASKALOUD_REASONING_EFFORT": "some",
    "ASKALOUD_TRUNCATION": "old",
    "ASKALOUD_TEMPERATURE": "2",
    "ASKALOUD_INSTRUCTIONS_FILE": "nowhere.txt",
}


async def test_the_program_tells_every_mistake_at_once_and_repeats_no_value_and_does_not_start(tmp_path: Path) -> None:
    async with askaloud(tmp_path, **WRONG, AZURE_OPENAI_API_KEY=secret("model-key")) as command:
        assert await command.process.wait() == 2
    said = command.said().splitlines()
    assert sorted(line.split()[0] for line in said) == sorted(WRONG)
    assert all(line.endswith(".") for line in said)
    assert "Traceback" not in command.said()


def test_openai_itself_has_turned_the_preview_off() -> None:
    openai = {"OPENAI_API_KEY": secret("openai-key"), "ASKALOUD_REALTIME_MODEL": "gpt-realtime"}
    version = {"ASKALOUD_REALTIME_API_VERSION": "2025-04-01-preview"}
    with pytest.raises(SettingsError, match=r"^ASKALOUD_REALTIME_API_VERSION does not go with OpenAI itself"):
        read_settings({**openai, **version})
    azure = {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com", "AZURE_OPENAI_REALTIME_DEPLOYMENT": "ours"}
    assert read_settings({**openai, **version, **azure}).realtime_api_version == "2025-04-01-preview"
    assert read_settings(version).realtime_api_version == "2025-04-01-preview"


def test_the_sdks_version_of_other_apis_is_not_ours() -> None:
    """Whoever uses other parts of Azure OpenAI has it in the environment; it must not choose the protocol."""
    assert read_settings({"AZURE_OPENAI_API_VERSION": "2025-04-01-preview"}).realtime_api_version is None
