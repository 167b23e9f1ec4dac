"""The tables in the stand-in's README, and the names of the tests that hold their rows."""

from __future__ import annotations

import ast
import re

from tests.commands import ROOT

README = (ROOT / "backend" / "local_azure" / "README.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")
MARKER = re.compile(r"SDK|MS|Lucene|assumed|ours|[\w./-]+#\d+")


def rows(section: str) -> list[list[str]]:
    """The rows of all tables with tests below a heading: what, how, evidence, tests."""
    text = README.split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|-")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[-1] != "tests"]


def names_of_tests(*patterns: str) -> set[str]:
    """Without `test_`, of all files that fit but those about tables."""
    found = set()
    for path in (path for pattern in patterns for path in ROOT.glob(pattern) if path.name != "test_tables.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name.removeprefix("test_") for name in found if name.startswith("test_")}


def named(row: list[str]) -> set[str]:
    """The tests that a row names."""
    return set(CODE.findall(row[3]))


def what_is_wrong(section: str, conformance: str, *rooms: str) -> list[str]:
    """A sentence for each row and each conformance test that does not fit the other.

    A row whose evidence is the stand-in's own (it begins with "ours") may be held by tests of the stand-in alone: no service could answer.
    """
    asked = names_of_tests(conformance)
    known = asked | names_of_tests(*rooms)
    wrong: list[str] = []
    for row in rows(section):
        if len(row) != 4:
            wrong.append(f"{row[0]}: {len(row)} cells")
            continue
        wrong += [] if MARKER.search(row[2]) else [f"{row[0]}: no evidence"]
        wrong += [f"{row[0]}: there is no test {name}" for name in sorted(named(row) - known)]
        if not named(row):
            wrong.append(f"{row[0]}: no test")
        elif not row[2].startswith("ours") and not named(row) & asked:
            wrong.append(f"{row[0]}: no test that the service could answer")
    held = {name for row in rows(section) for name in named(row)}
    return wrong + [f"{name}: no row" for name in sorted(asked - held)]
