from __future__ import annotations

import statistics
from pathlib import Path

import pytest
from tests.commands import ROOT
from tests.house.source import modules

MODULE_MAX_LINES = {"backend": 350, "scripts": 350, "tests": 400}
MODULE_MEDIAN_MAX_LINES = 140
"""What reads best elsewhere has a median of 90 to 140 lines."""
FUNCTION_MAX_LINES = {"backend": 40, "scripts": 40, "tests": 50}
FUNCTION_95TH_MAX_LINES = 30
PAGE_MAX_LINES = {"*.js": 350, "*.css": 450}


def too_long(folder: Path, module_max: int, function_max: int) -> list[str]:
    found = []
    for module in modules(folder).values():
        if module.lines > module_max:
            found.append(f"{module.name}: {module.lines} lines")
        found += [f"{name}: {lines} lines" for name, lines in module.functions() if lines > function_max]
    return found


@pytest.mark.parametrize("folder", MODULE_MAX_LINES)
def test_no_module_and_no_function_is_too_long_to_hold_in_the_head(folder: str) -> None:
    assert too_long(ROOT / folder, MODULE_MAX_LINES[folder], FUNCTION_MAX_LINES[folder]) == []


def test_the_median_module_and_nearly_every_function_are_short() -> None:
    house = modules(ROOT / "backend").values()
    assert statistics.median(module.lines for module in house if module.path.name != "__init__.py") <= MODULE_MEDIAN_MAX_LINES
    lengths = sorted(lines for module in house for _, lines in module.functions())
    assert lengths[int(len(lengths) * 0.95)] <= FUNCTION_95TH_MAX_LINES


@pytest.mark.parametrize("kind", PAGE_MAX_LINES)
def test_no_file_of_the_page_is_too_long(kind: str) -> None:
    files = [path for path in (ROOT / "frontend").rglob(kind) if "node_modules" not in path.parts]
    assert files
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > PAGE_MAX_LINES[kind]} == {}


def test_a_long_module_and_a_long_function_are_found_and_an_inner_function_counts_for_itself(tmp_path: Path) -> None:
    body = "\n".join(["        pass"] * 6)
    (tmp_path / "long.py").write_text(f"def outer():\n    def inner():\n{body}\n    pass\n\n\n\ndef much():\n{body}\n")
    assert too_long(tmp_path, module_max=10, function_max=6) == ["long: 19 lines", "long.much: 7 lines", "long.inner: 7 lines"]
    assert too_long(tmp_path, module_max=19, function_max=7) == []
