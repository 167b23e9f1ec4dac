"""No test may touch a real account: every address and key is removed before anything of ours is imported, and `.env` is not read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from tests.whole import Whole

for _name in list(os.environ):
    if _name.startswith(("AZURE_", "OPENAI_", "ASKALOUD_", "LOCAL_AZURE_")) and not _name.startswith("ASKALOUD_TEST_AZURE"):
        del os.environ[_name]


hypothesis.settings.register_profile("short", deadline=None, derandomize=True)  # a fixed seed, and no test is about time
hypothesis.settings.register_profile("long", deadline=None)
hypothesis.settings.load_profile("short")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` runs the full count of the slow proofs."""
    parser.addoption("--long", action="store_true", help="run the full count of slow proofs")


def pytest_configure(config: pytest.Config) -> None:
    """Look for planted secrets everywhere; the full count of the slow proofs takes another seed each time."""
    from tests import planted  # only now: the environment is clean

    config.pluginmanager.register(planted, "planted")
    if config.getoption("--long"):
        hypothesis.settings.load_profile("long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say why a test does not run."""
    for item in items:
        if item.get_closest_marker("long") and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="full count of a slow proof: run.py test --long"))
        if item.get_closest_marker("azure") and os.environ.get("ASKALOUD_TEST_AZURE") != "1":
            item.add_marker(pytest.mark.skip(reason="no account: set ASKALOUD_TEST_AZURE=1"))
    items[:] = _woven(items)


def _woven(items: list[pytest.Item]) -> list[pytest.Item]:
    """The same, file by file: those with a browser spread evenly among the others, for with one in each of the processes side by side
    sound would not come in time; and those of the commands, which take longest, not at the end.
    """
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    seeing = [file for file, inside in files.items() if any(item.get_closest_marker("browser") for item in inside)]
    others = sorted(files.keys() - set(seeing), key=lambda file: (not file.startswith("tests/scripts"), file))
    places = {file: (at + 0.5) / len(group) for group in (seeing, others) for at, file in enumerate(group)}
    return [item for file in sorted(places, key=lambda file: (places[file], file)) for item in files[file]]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The whole program as one process for all tests that look at it from outside; started by the first of them."""
    from tests.whole import whole_program  # only now: the environment is clean

    with whole_program(tmp_path_factory.mktemp("whole")) as running:
        yield running
