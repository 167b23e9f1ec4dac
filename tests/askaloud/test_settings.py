from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from askaloud.errors import SettingsError
from askaloud.settings import (
    EMPTY_MEANS_NONE,
    IDENTITY,
    ROOT,
    TABLE,
    RealtimeDoor,
    SearchDoor,
    Settings,
    read_settings,
    root_of,
)

AZURE = {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com", "AZURE_OPENAI_REALTIME_DEPLOYMENT": "gpt-realtime"}


def problems_of(**environment: str) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        read_settings(environment)
    return wrong.value.problems


def test_every_setting_fills_one_field_and_every_field_has_a_setting() -> None:
    assert sorted(setting.field for setting in TABLE) == sorted(field.name for field in fields(Settings))


def test_every_setting_has_a_sentence_and_stands_once_in_the_table() -> None:
    assert all(setting.sentence.endswith(".") and setting.sentence[0].isupper() for setting in TABLE)
    assert len({setting.name for setting in TABLE}) == len(TABLE)


def test_nothing_set_means_every_default() -> None:
    assert read_settings({}) == Settings()


def test_an_empty_value_counts_as_not_set() -> None:
    assert read_settings({setting.name: " " for setting in TABLE if setting.name not in EMPTY_MEANS_NONE}) == Settings()


def test_transcription_is_turned_off_by_an_empty_value() -> None:
    assert read_settings({"ASKALOUD_TRANSCRIPTION_MODEL": ""}).transcription_model == ""


def test_the_env_file_of_voicerag_works_unchanged() -> None:
    settings = read_settings(
        {
            "AZURE_OPENAI_ENDPOINT": "wss://r.openai.azure.com",
            "AZURE_OPENAI_REALTIME_DEPLOYMENT": "gpt-4o-realtime-preview",
            "AZURE_OPENAI_REALTIME_VOICE_CHOICE": "alloy",
            "AZURE_OPENAI_API_KEY": "",
            "AZURE_SEARCH_ENDPOINT": "https://s.search.windows.net",
            "AZURE_SEARCH_INDEX": "voicerag-intvect",
            "AZURE_SEARCH_API_KEY": "",
            "AZURE_SEARCH_SEMANTIC_CONFIGURATION": "default",
            "AZURE_SEARCH_IDENTIFIER_FIELD": "chunk_id",
            "AZURE_SEARCH_CONTENT_FIELD": "chunk",
            "AZURE_SEARCH_EMBEDDING_FIELD": "text_vector",
            "AZURE_SEARCH_TITLE_FIELD": "title",
            "AZURE_SEARCH_USE_VECTOR_QUERY": "true",
            "AZURE_TENANT_ID": "00000000-0000-0000-0000-000000000000",
        }
    )
    assert settings.azure_search_identifier_field == "chunk_id"
    assert settings.azure_search_use_vector_query is True
    assert settings.azure_openai_api_key is None


def test_all_mistakes_are_told_at_once_each_beginning_with_its_setting() -> None:
    problems = problems_of(AZURE_SEARCH_ENDPOINT="nonsense", AZURE_SEARCH_USE_VECTOR_QUERY="perhaps", ASKALOUD_LOG_LEVEL="loud")
    assert [problem.split()[0] for problem in problems] == ["AZURE_SEARCH_ENDPOINT", "AZURE_SEARCH_USE_VECTOR_QUERY", "ASKALOUD_LOG_LEVEL"]


@pytest.mark.parametrize(
    "address",
    [
        "http://r.openai.azure.com",
        "ws://r.openai.azure.com",
        "ftp://r.openai.azure.com",
        "https://",
        "https://somebody:secret@r.openai.azure.com",
        "https://r.openai.azure.com?key=1",
        "https://r.openai.azure.com:port",
        "r.openai.azure.com",
    ],
)
def test_an_address_that_would_leak_a_key_or_leads_nowhere_is_refused(address: str) -> None:
    problems = problems_of(**{**AZURE, "AZURE_OPENAI_ENDPOINT": address})
    assert problems[0].startswith("AZURE_OPENAI_ENDPOINT must be")
    assert "secret" not in " ".join(problems)


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "localhost:9000", "[::1]:9000"])
def test_unencrypted_is_allowed_to_loopback(host: str) -> None:
    assert read_settings({**AZURE, "AZURE_OPENAI_ENDPOINT": f"http://{host}"}).azure_openai_endpoint == f"http://{host}"


def test_a_deployment_or_a_model_is_needed_with_its_address() -> None:
    assert problems_of(AZURE_OPENAI_ENDPOINT="https://r.openai.azure.com") == [
        "AZURE_OPENAI_REALTIME_DEPLOYMENT is needed with AZURE_OPENAI_ENDPOINT."
    ]
    assert problems_of(ASKALOUD_REALTIME_URL="wss://r.example/v1") == ["ASKALOUD_REALTIME_MODEL is needed with ASKALOUD_REALTIME_URL."]


def test_an_access_key_that_could_be_guessed_is_refused_and_not_repeated() -> None:
    problems = problems_of(ASKALOUD_ACCESS_KEY="short")
    assert problems == ["ASKALOUD_ACCESS_KEY must have at least 16 characters."]


def test_documents_must_be_a_folder_that_is_there(tmp_path: Path) -> None:
    assert problems_of(ASKALOUD_DOCUMENTS=str(tmp_path / "nowhere")) == ["ASKALOUD_DOCUMENTS is no folder."]
    assert read_settings({"ASKALOUD_DOCUMENTS": str(tmp_path)}).documents == tmp_path


def test_in_a_checkout_the_root_is_the_checkout_and_for_an_installed_program_the_working_directory(tmp_path: Path) -> None:
    module = tmp_path / "backend" / "askaloud" / "settings.py"
    assert root_of(module) == Path.cwd()
    (tmp_path / "pyproject.toml").touch()
    assert root_of(module) == tmp_path


def test_a_relative_folder_is_meant_from_the_projects_root() -> None:
    assert read_settings({"ASKALOUD_DATA": "elsewhere"}).data == ROOT / "elsewhere"
    assert read_settings({"ASKALOUD_DATA": "/var/lib/askaloud"}).data == Path("/var/lib/askaloud")


def test_lists_are_separated_by_commas() -> None:
    assert read_settings({"ASKALOUD_ALLOWED_HOSTS": " Ask.Example.com , ,b:8443"}).allowed_hosts == ("ask.example.com", "b:8443")


def test_settings_show_no_key() -> None:
    secrets = {setting.name: "a-planted-secret-of-ours" for setting in TABLE if setting.name.endswith("_KEY")}
    settings = read_settings(secrets)
    assert len(secrets) >= 5
    assert "a-planted-secret-of-ours" not in repr(settings)
    assert settings.access_key == "a-planted-secret-of-ours"


def identity_after_loading(folder: Path, env_file: str, **environment: str) -> dict[str, str]:
    """What a process of its own has in its environment for azure-identity once its settings are loaded."""
    (folder / ".env").write_text(env_file)
    looked = """
import json, os, pathlib, sys
from askaloud.settings import IDENTITY, load_settings
load_settings(pathlib.Path(sys.argv[1]))
print(json.dumps({name: os.environ[name] for name in (*IDENTITY, "AZURE_SEARCH_API_KEY") if name in os.environ}))
"""
    bare = {name: value for name, value in os.environ.items() if name not in IDENTITY}
    command = [sys.executable, "-c", looked, str(folder)]
    ended = subprocess.run(command, check=True, capture_output=True, env={**bare, **environment})  # noqa: S603 - written above
    return dict(json.loads(ended.stdout))


def test_what_the_env_file_says_of_the_identity_reaches_the_environment_and_nothing_else_does(tmp_path: Path) -> None:
    lines = "".join(f"{name}=planted-{number}\n" for number, name in enumerate(IDENTITY))
    assert identity_after_loading(tmp_path, f"{lines}AZURE_SEARCH_API_KEY=not-for-all\n") == {
        name: f"planted-{number}" for number, name in enumerate(IDENTITY)
    }


def test_the_environments_identity_goes_before_that_of_the_env_file_and_an_empty_one_is_none(tmp_path: Path) -> None:
    found = identity_after_loading(tmp_path, "AZURE_CLIENT_ID=from-file\nAZURE_CLIENT_SECRET=\nAZURE_USERNAME\n", AZURE_CLIENT_ID="real")
    assert found == {"AZURE_CLIENT_ID": "real"}


def test_every_variable_of_the_identity_is_one_that_azure_identity_reads() -> None:
    from azure.identity._constants import EnvironmentVariables

    assert set(IDENTITY) <= {value for value in vars(EnvironmentVariables).values() if isinstance(value, str)}


def test_a_door_shows_its_address_and_no_key() -> None:
    for door in (
        RealtimeDoor("wss://r.example/v1", "m", "a-planted-key", "azure"),
        SearchDoor("https://r.example", "i", "a-planted-key", "azure"),
    ):
        assert "r.example" in repr(door)
        assert "a-planted-key" not in f"{door} {door!r}"
