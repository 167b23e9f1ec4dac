"""What a wheel holds: the packages and the page, and nothing that only developers need."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest
from hatchling.builders.wheel import WheelBuilder
from tests.commands import ROOT

from askaloud.site import NOT_SERVED, SERVED

LOADED = re.compile(r"""(?:from |import |import\(|href=|src=|new URL\()["'](\.{0,2}/?[\w./-]+\.(?:js|css|svg))["']""")
"""A file of the page that another one names."""


@pytest.fixture(scope="module")
def held() -> dict[PurePosixPath, Path]:
    """The wheel's files, and where each comes from."""
    return {PurePosixPath(file.distribution_path): Path(file.path) for file in WheelBuilder(str(ROOT)).recurse_included_files()}


def test_every_module_is_in_it(held: dict[PurePosixPath, Path]) -> None:
    backend = ROOT / "backend"
    assert {PurePosixPath(path.relative_to(backend).as_posix()) for path in backend.rglob("*.py")} <= held.keys()
    assert {path.parts[0] for path in held} == {"askaloud", "local_azure"}


def test_of_the_frontend_only_what_is_served_is_in_it(held: dict[PurePosixPath, Path]) -> None:
    page = [path.relative_to("askaloud/frontend") for path in held if path.is_relative_to("askaloud/frontend")]
    assert PurePosixPath("index.html") in page
    assert PurePosixPath("locales/en.json") in page
    assert [path for path in page if path.suffix not in SERVED or NOT_SERVED.intersection(path.parts)] == []


def test_every_file_that_the_page_names_is_in_it(held: dict[PurePosixPath, Path]) -> None:
    frontend = ROOT / "frontend"
    page = {path: place for path, place in held.items() if path.suffix in {".html", ".js", ".css"}}
    named = {(place.parent / name).resolve() for place in page.values() for name in LOADED.findall(place.read_text(encoding="utf-8"))}
    assert frontend / "main.js" in named
    assert {place for place in named if place.is_file()} <= {place.resolve() for place in held.values()}
