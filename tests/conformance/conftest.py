"""Where the conformance tests knock: at the stand-in always, and at an account of Azure's with `ASKALOUD_TEST_AZURE=1`.

The account's addresses are read from `ASKALOUD_TEST_AZURE_…`, never from the settings of the service.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.conformance.realtime_client import Place
from tests.stand_in import StandIn, stand_in


@pytest.fixture(scope="session")
def running_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One stand-in for all tests that look at it from outside."""
    with stand_in(tmp_path_factory.mktemp("stand-in")) as running:
        yield running


def _here(running: StandIn) -> Place:
    return Place(running.realtime, running.preview, running.key, "gpt-realtime", "whisper-1")


def _account() -> Place:
    def given(name: str) -> str:
        return os.environ[f"ASKALOUD_TEST_AZURE_{name}"].rstrip("/")

    base = given("OPENAI_ENDPOINT").replace("https://", "wss://")
    return Place(
        f"{base}/openai/v1", f"{base}/openai", given("OPENAI_API_KEY"), given("REALTIME_DEPLOYMENT"), given("TRANSCRIPTION_DEPLOYMENT")
    )


@pytest.fixture(params=["stand-in", pytest.param("azure", marks=pytest.mark.azure)])
def place(request: pytest.FixtureRequest) -> Place:
    """A Realtime door, whosever it is."""
    return _here(request.getfixturevalue("running_stand_in")) if request.param == "stand-in" else _account()


@pytest.fixture
def stand_in_place(running_stand_in: StandIn) -> Place:
    """The stand-in's door alone: for what it refuses and the service offers."""
    return _here(running_stand_in)
