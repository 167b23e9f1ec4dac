"""Where the conformance tests knock: at the stand-in always, and at an account of Azure's with `ASKALOUD_TEST_AZURE=1`.

The account's addresses are read from `ASKALOUD_TEST_AZURE_…`, never from the settings of the service; where one is missing, the tests that
want it are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.conformance.realtime_client import VERSION, Place
from tests.contract.account import given
from tests.stand_in import StandIn, stand_in

from askaloud.doors import azure_base_url


@pytest.fixture(scope="session")
def running_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One stand-in for all tests that look at it from outside."""
    with stand_in(tmp_path_factory.mktemp("stand-in")) as running:
        yield running


def _here(running: StandIn) -> Place:
    return Place(running.realtime, running.preview, running.key, "gpt-realtime", "whisper-1")


def _account() -> Place:
    said = given("OPENAI_ENDPOINT", "OPENAI_API_KEY", "REALTIME_DEPLOYMENT", "TRANSCRIPTION_DEPLOYMENT")
    ga, preview = (azure_base_url(said["OPENAI_ENDPOINT"], version) for version in (None, VERSION))
    return Place(ga, preview, said["OPENAI_API_KEY"], said["REALTIME_DEPLOYMENT"], said["TRANSCRIPTION_DEPLOYMENT"])


@pytest.fixture(params=["stand-in", pytest.param("azure", marks=pytest.mark.azure)])
def place(request: pytest.FixtureRequest) -> Place:
    """A Realtime door, whosever it is."""
    return _here(request.getfixturevalue("running_stand_in")) if request.param == "stand-in" else _account()


@pytest.fixture
def stand_in_place(running_stand_in: StandIn) -> Place:
    """The stand-in's door alone: for what it refuses and the service offers."""
    return _here(running_stand_in)
