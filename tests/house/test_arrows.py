from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands import ROOT
from tests.house.arrows import ROOMS, Room, breaches, circles
from tests.house.source import modules


def house(folder: Path, **files: str) -> Path:
    """A small house; `a__b="..."` is the file a/b.py."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_every_arrow_of_the_house_is_allowed() -> None:
    assert breaches(ROOT / "backend") == []


def test_no_module_reaches_itself() -> None:
    assert circles(ROOT / "backend") == []


def test_every_row_is_there_for_a_module_that_exists() -> None:
    from fnmatch import fnmatchcase

    names = modules(ROOT / "backend")
    idle = [pattern for room in ROOMS for pattern in room.names if not any(fnmatchcase(name, pattern) for name in names)]
    assert idle == []


TWO_ROOMS = (Room(("a.low",), shuns=("asyncio",)), Room(("a", "a.*"), ("a.low",)))


@pytest.mark.parametrize(
    "line",
    [
        "from . import high",
        "from .high import x",
        "import a.high",
        "from a import high",
        "def f():\n    from .high import x",
        "import asyncio.events",
    ],
)
def test_a_forbidden_arrow_is_found_however_it_is_written(tmp_path: Path, line: str) -> None:
    found = breaches(house(tmp_path, a__low=line, a__high=""), TWO_ROOMS)
    assert found
    assert all(breach.startswith("a.low -> ") for breach in found)


@pytest.mark.parametrize("line", ["from . import low", "from .low import x", "import a.low", "from a.other import y", "import asyncio"])
def test_an_allowed_arrow_is_none(tmp_path: Path, line: str) -> None:
    assert breaches(house(tmp_path, a____init__="", a__low="", a__high=line, a__other=""), TWO_ROOMS) == []


def test_a_module_without_a_room_is_found(tmp_path: Path) -> None:
    assert breaches(house(tmp_path, b__new=""), TWO_ROOMS) == ["b.new is in no room"]


def test_a_circle_is_found_unless_it_is_only_for_the_type_checker(tmp_path: Path) -> None:
    open_circle = house(tmp_path / "one", a__x="from .y import z", a__y="from . import x")
    assert circles(open_circle) == ["a.x", "a.y"]
    typed = house(tmp_path / "two", a__x="from .y import z", a__y="if TYPE_CHECKING:\n    from . import x")
    assert circles(typed) == []


def test_neither_package_knows_the_other(tmp_path: Path) -> None:
    found = breaches(
        house(tmp_path, askaloud__doors="import local_azure.app", local_azure__app="from askaloud import tool", askaloud__tool="")
    )
    assert "local_azure.app -> askaloud.tool" in found
    assert "askaloud.doors -> local_azure.app" in found
