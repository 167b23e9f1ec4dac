"""Every test file lies where its source lies and is called like it. (Not every module has one: some are proved through their room.)"""

from __future__ import annotations

from pathlib import Path

from tests.commands import ROOT

MIRRORS = (
    ("tests/askaloud", "backend/askaloud", "py"),
    ("tests/local_azure", "backend/local_azure", "py"),
    ("tests/scripts", "scripts", "py"),
)

NOT_FILES = {
    "tests/askaloud/conversation/test_dead_line.py": "a dead line, through session, line and what is unheard together",
    "tests/askaloud/conversation/test_orders.py": "whole conversations in random orders, over several lines to a model of the rules",
    "tests/askaloud/conversation/test_resting.py": "a conversation at rest, through session, agreement and line together",
    "tests/askaloud/conversation/test_sequencing.py": "random conversations through sequencer, rounds and answers together",
    "tests/askaloud/conversation/test_spoken_over.py": "speech over an answer, through session, answers and sequencer together",
    "tests/askaloud/conversation/test_too_late.py": "what comes of an earlier line or absence, through relay and session together",
    "tests/local_azure/realtime/test_random_frames.py": "random frames at the Realtime door of the whole program",
    "tests/local_azure/realtime/test_twenty.py": "twenty conversations at one time, through the door and the mind together",
    "tests/local_azure/search/test_random_requests.py": "random requests at every route of the search door of the whole program",
    "tests/scripts/test_samples.py": "what the sample documents promise, whichever script made them",
}
"""Tests of something that is no module, with what it is."""


def without_source(root: Path) -> list[str]:
    found = []
    for tests, source, suffix in MIRRORS:
        for test in sorted((root / tests).rglob("test_*.py")):
            place = root / source / test.parent.relative_to(root / tests)
            name = test.stem.removeprefix("test_")
            package = place if name == place.name else place / name
            candidates = (place / f"{name}.{suffix}", place / f"__{name}__.{suffix}", package / f"__init__.{suffix}")
            path = str(test.relative_to(root))
            if path not in NOT_FILES and not any(candidate.exists() for candidate in candidates):
                found.append(path)
    return found


def test_every_test_file_has_the_file_it_tests() -> None:
    assert without_source(ROOT) == []


def test_an_orphaned_test_file_is_found(tmp_path: Path) -> None:
    for path in ("tests/askaloud/test_main.py", "tests/askaloud/test_gone.py", "backend/askaloud/__main__.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert without_source(tmp_path) == ["tests/askaloud/test_gone.py"]


def test_every_exception_is_still_there() -> None:
    assert [path for path in NOT_FILES if not (ROOT / path).exists()] == []
