from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.commands import ROOT

from askaloud.doors import azure_base_url, open_doors, realtime_door, search_door
from askaloud.errors import DoorError
from askaloud.settings import Settings, is_loopback

STAND_IN = (sys.executable, str(ROOT / "tests" / "scripted_stand_in.py"), "well")

CUSTOM: dict[str, Any] = {"realtime_url": "wss://somewhere.example/v1", "realtime_model": "theirs", "realtime_api_key": "custom-key"}
AZURE: dict[str, Any] = {
    "azure_openai_endpoint": "https://r.openai.azure.com",
    "azure_openai_realtime_deployment": "ours",
    "azure_openai_api_key": "azure-key",
}
OPENAI: dict[str, Any] = {"openai_api_key": "openai-key", "realtime_model": "gpt-realtime"}
SEARCH: dict[str, Any] = {
    "azure_search_endpoint": "https://s.search.windows.net",
    "azure_search_api_key": "search-key",
    "azure_search_index": "docs",
}


@pytest.mark.parametrize(
    ("settings", "kind", "base_url", "model", "key"),
    [
        ({**CUSTOM, **AZURE, "openai_api_key": "k"}, "custom", "wss://somewhere.example/v1", "theirs", "custom-key"),
        ({**AZURE, **OPENAI}, "azure", "wss://r.openai.azure.com/openai/v1", "ours", "azure-key"),
        (OPENAI, "openai", "wss://api.openai.com/v1", "gpt-realtime", "openai-key"),
    ],
)
def test_the_first_realtime_address_that_is_set_counts(settings: dict[str, Any], kind: str, base_url: str, model: str, key: str) -> None:
    door = realtime_door(Settings(**settings))
    assert door
    assert (door.kind, door.base_url, door.model, door.api_key) == (kind, base_url, model, key)


def test_a_stray_openai_key_is_no_address() -> None:
    assert realtime_door(Settings(openai_api_key="stray")) is None


def test_a_custom_address_may_be_written_to_its_end() -> None:
    door = realtime_door(Settings(**{**CUSTOM, "realtime_url": "wss://somewhere.example/v1/realtime"}))
    assert door
    assert door.base_url == "wss://somewhere.example/v1"


def test_no_key_is_left_to_entra_id() -> None:
    settings = Settings(azure_search_endpoint="https://s.search.windows.net")
    door = search_door(settings)
    assert door
    assert door.api_key is None


@pytest.mark.parametrize(
    ("endpoint", "base_url"),
    [
        ("https://r.openai.azure.com", "wss://r.openai.azure.com/openai/v1"),
        ("wss://r.openai.azure.com", "wss://r.openai.azure.com/openai/v1"),
        ("https://r.openai.azure.com/openai", "wss://r.openai.azure.com/openai/v1"),
        ("https://r.openai.azure.com/openai/v1", "wss://r.openai.azure.com/openai/v1"),
        ("https://r.openai.azure.com/openai/v1/realtime", "wss://r.openai.azure.com/openai/v1"),
        ("http://127.0.0.1:9000", "ws://127.0.0.1:9000/openai/v1"),
        ("https://gateway.example/team/openai/v1", "wss://gateway.example/team/openai/v1"),
    ],
)
def test_an_azure_endpoint_may_be_written_in_every_usual_way(endpoint: str, base_url: str) -> None:
    assert azure_base_url(endpoint) == base_url


@pytest.mark.parametrize(
    ("endpoint", "preview", "base_url"),
    [
        ("https://r.openai.azure.com/", None, "wss://r.openai.azure.com/openai/v1"),
        ("https://r.openai.azure.com/openai/v1/", "2024-12-17", "wss://r.openai.azure.com/openai"),
        ("wss://r.openai.azure.com/openai/realtime", "2024-12-17", "wss://r.openai.azure.com/openai"),
        ("https://r.services.ai.azure.com/api/projects/ours", None, "wss://r.services.ai.azure.com/openai/v1"),
        ("https://gateway.example/api/projects/ours", None, "wss://gateway.example/api/projects/ours/openai/v1"),
    ],
)
def test_an_azure_address_is_that_of_the_flavour(endpoint: str, preview: str | None, base_url: str) -> None:
    assert azure_base_url(endpoint, preview) == base_url


@pytest.mark.parametrize("settings", [CUSTOM, AZURE])
def test_a_version_of_the_preview_is_the_doors(settings: dict[str, Any]) -> None:
    door = realtime_door(Settings(**settings, realtime_api_version="2024-12-17"))
    assert door
    assert door.preview == "2024-12-17"


async def test_the_stand_in_speaks_the_preview_too(tmp_path: Path) -> None:
    async with open_doors(Settings(data=tmp_path, realtime_api_version="2024-12-17"), command=STAND_IN) as doors:
        assert doors.realtime.base_url.endswith("/openai")
        assert doors.realtime.preview == "2024-12-17"


@pytest.mark.parametrize(
    ("host", "only_us"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("LOCALHOST", True)]
)
def test_loopback_is_recognised(host: str, only_us: bool) -> None:
    assert is_loopback(host) is only_us


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "server.example", ""])
def test_everything_else_counts_as_open_to_others(host: str) -> None:
    assert not is_loopback(host)


async def test_both_doors_are_the_stand_ins_where_nothing_is_set(tmp_path: Path) -> None:
    async with open_doors(Settings(data=tmp_path), command=STAND_IN) as doors:
        assert doors.realtime.kind == doors.search.kind == "stand-in"
        assert doors.realtime.base_url.startswith("ws://127.0.0.1:")
        assert doors.realtime.base_url.endswith("/openai/v1")
        assert doors.realtime.api_key == doors.search.api_key
        assert doors.search.index == "askaloud"


@pytest.mark.parametrize(("given", "kinds"), [(AZURE, ("azure", "stand-in")), (SEARCH, ("stand-in", "azure"))])
async def test_one_door_may_be_azures_and_the_other_the_stand_ins(tmp_path: Path, given: dict[str, Any], kinds: tuple[str, str]) -> None:
    async with open_doors(Settings(data=tmp_path, **given), command=STAND_IN) as doors:
        assert (doors.realtime.kind, doors.search.kind) == kinds


async def test_no_stand_in_is_started_where_both_are_set(tmp_path: Path) -> None:
    async with open_doors(Settings(data=tmp_path, **AZURE, **SEARCH), command=("/nonexistent/program",)) as doors:
        assert (doors.realtime.kind, doors.search.kind) == ("azure", "azure")
    assert not (tmp_path / "askaloud.lock").exists()


async def test_each_door_is_said_in_one_line_without_its_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "askaloud")
    async with open_doors(Settings(data=tmp_path, **AZURE), command=STAND_IN) as doors:
        assert doors.search.api_key
        said = [record.getMessage() for record in caplog.records]
        assert len([line for line in said if line.startswith("Realtime door: azure at wss://r.openai.azure.com/openai/v1")]) == 1
        assert len([line for line in said if line.startswith("Search door: stand-in at http://127.0.0.1:")]) == 1
        assert doors.search.api_key not in caplog.text
        assert "azure-key" not in caplog.text


OPEN = Settings(**AZURE, **SEARCH, access_key="sixteen-letters-long")


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ({"azure_openai_endpoint": None}, "AZURE_OPENAI_ENDPOINT"),
        ({"azure_search_endpoint": None}, "AZURE_SEARCH_ENDPOINT"),
        ({"access_key": None}, "ASKALOUD_ACCESS_KEY"),
    ],
)
async def test_others_may_come_in_only_when_everything_is_set(tmp_path: Path, missing: dict[str, Any], named: str) -> None:
    with pytest.raises(DoorError, match=named):
        async with open_doors(replace(OPEN, data=tmp_path, **missing), host="0.0.0.0", command=STAND_IN):
            pass
    assert not (tmp_path / "journal").exists()


async def test_others_may_come_in_when_everything_is_set(tmp_path: Path) -> None:
    async with open_doors(replace(OPEN, data=tmp_path), host="0.0.0.0") as doors:
        assert doors.realtime.kind == "azure"
