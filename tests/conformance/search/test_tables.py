"""The tables of the search door in the stand-in's README: no row without its tests, no conformance test without its row."""

from __future__ import annotations

import ast
import re

from tests.commands import ROOT

from local_azure.search.words import ANALYZERS

README = (ROOT / "backend" / "local_azure" / "README.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")
MARKER = re.compile(r"SDK|MS|Lucene|assumed|ours|[\w./-]+#\d+")
CONFORMANCE = "tests/conformance/search/test_*.py"
ROOMS = ("tests/local_azure/search/test_*.py", "tests/local_azure/embeddings/test_*.py")


def rows() -> list[list[str]]:
    section = README.split("## The Search door\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|") and not line.startswith("|-")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[-1] != "tests"]


def names_of_tests(*patterns: str) -> set[str]:
    found = set()
    for path in (path for pattern in patterns for path in ROOT.glob(pattern) if path.name != "test_tables.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name.removeprefix("test_") for name in found if name.startswith("test_")}


def test_there_are_rows_and_each_has_what_its_table_has() -> None:
    assert len(rows()) > 50
    assert [row for row in rows() if len(row) != 4] == []


def test_every_row_names_its_evidence() -> None:
    assert [row[0] for row in rows() if not MARKER.search(row[2])] == []


def test_every_row_names_tests_that_exist() -> None:
    known = names_of_tests(CONFORMANCE, *ROOMS)
    assert [row[0] for row in rows() if not CODE.findall(row[3])] == []
    assert sorted({name for row in rows() for name in CODE.findall(row[3])} - known) == []


def test_every_conformance_test_has_a_row() -> None:
    assert sorted(names_of_tests(CONFORMANCE) - {name for row in rows() for name in CODE.findall(row[3])}) == []


def test_every_analyzer_has_its_row() -> None:
    named = " ".join(cell for row in rows() for cell in row[:2])
    assert [name for name in ANALYZERS if f"`{name}`" not in named and name != "standard"] == []
