from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.commands import ROOT
from tests.house.source import modules

OURS = (".ci", ".github", "backend", "frontend", "scripts", "tests")
NOT_OURS = ("node_modules", "__pycache__")
TEXT = (".py", ".js", ".ts", ".css", ".html", ".json", ".md", ".toml", ".txt", ".yaml", ".yml", "")

FORBIDDEN = tuple(
    "".join(halves)
    for halves in (
        ("/wo", "rk/"),
        ("/ro", "ot/"),
        ("/t", "mp/"),
        ("/opt/", "py"),
        ("../sha", "red"),
        ("pypi.", "org"),
        ("python", "hosted"),
        ("npm", "js."),
        ("yarn", "pkg"),
    )
)
"""Paths of one machine, and hosts of package registries, which are everybody's own choice. In halves: this file is searched too."""

EMPTY_NAMES = ("util", "utils", "helper", "helpers", "core", "manager", "service", "common", "misc")
"""Names that say nothing of what is inside."""

PRIVATE_PLACES = re.compile(r"(?:AccountKey|api[-_]?key|password|secret)\s*[=:]\s*[\"']?[A-Za-z0-9+/]{40,}", re.IGNORECASE)
"""What a key looks like when somebody has pasted one."""


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Every text of ours with its path, whether git knows it or not."""
    places = [root / name for name in OURS]
    files = [path for path in root.iterdir() if path.is_file() and path.name not in {".env", ".venv.lock"}]
    for place in places:
        for folder, inner, names in os.walk(place):
            inner[:] = [name for name in inner if name not in NOT_OURS]
            files += [Path(folder) / name for name in names]
    for path in sorted(files):
        if path.suffix in TEXT:
            yield str(path.relative_to(root)), path.read_text(encoding="utf-8")


def forbidden_words(root: Path) -> list[str]:
    return [f"{name}: {word}" for name, text in texts(root) for word in FORBIDDEN if word in text]


def test_no_text_holds_a_path_of_one_machine_or_the_host_of_a_registry() -> None:
    assert forbidden_words(ROOT) == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_forbidden_word_is_found(tmp_path: Path, word: str) -> None:
    (tmp_path / "scripts" / "node_modules").mkdir(parents=True)
    (tmp_path / "scripts" / "make.py").write_text(f"# see {word}\n")
    (tmp_path / "scripts" / "node_modules" / "theirs.js").write_text(word)
    assert forbidden_words(tmp_path) == [f"scripts/make.py: {word}"]


def test_no_text_holds_what_looks_like_a_key() -> None:
    assert [name for name, text in texts(ROOT) if PRIVATE_PLACES.search(text)] == []
    assert PRIVATE_PLACES.search("api-key: " + "0123456789abcdef" * 4)


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = [name for folder in ("backend", "scripts", "tests") for name in modules(ROOT / folder)]
    assert [name for name in names if set(name.split(".")) & set(EMPTY_NAMES)] == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        name for folder in ("backend", "scripts") for name, module in modules(ROOT / folder).items() if not ast.get_docstring(module.tree)
    ]
    assert silent == []


def test_every_exception_to_a_rule_carries_its_reason() -> None:
    exception = re.compile(r"#\s*(noqa|type:\s*ignore)")
    reasoned = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+ - \S|type: ignore\[[a-z, -]+\]\s+# \S)|#\s*noqa: [A-Z0-9, ]+\s+# \S")
    bare = [
        f"{name}:{number}"
        for name, text in texts(ROOT)
        if name.endswith(".py") and name != "tests/house/test_words.py"
        for number, line in enumerate(text.splitlines(), 1)
        if exception.search(line) and not reasoned.search(line)
    ]
    assert bare == []
