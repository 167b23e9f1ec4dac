"""The tables of the Realtime door in the stand-in's README: no row without its tests, no test without its row, no event left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from openai.types.beta.realtime import RealtimeClientEvent as PreviewClientEvent
from openai.types.beta.realtime import RealtimeServerEvent as PreviewServerEvent
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from tests.commands import ROOT
from tests.conformance.realtime_client import types_of

README = (ROOT / "backend" / "local_azure" / "README.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")
MARKER = re.compile(r"SDK|MS|recorded|assumed|ours|quoted|[\w./-]+#\d+")


def section() -> str:
    return README.split("## The Realtime door\n", 1)[1].split("\n## ", 1)[0]


def rows() -> list[list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in section().splitlines() if line.startswith("| ")]
    return [row for row in cells if row[-1] != "tests |" and row[-1] != "tests"]


def names_of_tests(*patterns: str) -> set[str]:
    files = [path for pattern in patterns for path in ROOT.glob(pattern)]
    assert files
    nodes = [node for path in files for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8")))]
    found = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name.removeprefix("test_") for name in found if name.startswith("test_")}


def own() -> set[str]:
    """The tests of this file, which are about the rows and not in them."""
    return names_of_tests("tests/conformance/test_realtime_tables.py")


def test_there_are_rows_and_each_has_what_its_table_has() -> None:
    assert len(rows()) > 50
    assert [row for row in rows() if len(row) != 4] == []


def test_every_row_names_its_evidence() -> None:
    assert [row[0] for row in rows() if not MARKER.search(row[2])] == []


def test_every_row_names_tests_that_exist() -> None:
    known = names_of_tests("tests/conformance/test_realtime_*.py", "tests/local_azure/realtime/test_*.py") - own()
    named = {row[0]: set(CODE.findall(row[3])) for row in rows()}
    assert [row for row, names in named.items() if not names] == []
    assert sorted({name for names in named.values() for name in names} - known) == []


def test_every_row_has_a_conformance_test_but_those_that_are_ours_alone() -> None:
    conformance = names_of_tests("tests/conformance/test_realtime_*.py")
    assert [row[0] for row in rows() if not row[2].startswith("ours") and not conformance & set(CODE.findall(row[3]))] == []


def test_every_conformance_test_has_a_row() -> None:
    named = {name for row in rows() for name in CODE.findall(row[3])}
    assert sorted(names_of_tests("tests/conformance/test_realtime_*.py") - own() - named) == []


@pytest.mark.parametrize("union", [RealtimeClientEvent, RealtimeServerEvent, PreviewClientEvent, PreviewServerEvent])
def test_every_event_that_the_sdk_types_has_a_row(union: object) -> None:
    named = {name for row in rows() for cell in row[:2] for name in CODE.findall(cell)}
    assert sorted(types_of(union) - named) == []
