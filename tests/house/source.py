"""The house as `ast` sees it: modules, what they import, how long they are. It knows no rule; the tests beside it hold the rules."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python. `name` is dotted, from the folder that holds its package."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """Its length."""
        return self.text.count("\n")

    def functions(self) -> Iterator[tuple[str, int]]:
        """Every function's name and its length in lines, without the functions inside it."""
        for node in ast.walk(self.tree):
            if isinstance(node, FunctionNode) and node.end_lineno is not None:
                inner = sum(_length(child) for child in _inner_functions(node))
                yield f"{self.name}.{node.name}", _length(node) - inner

    def imports(self, *, at_run_time: bool = False) -> set[str]:
        """Dotted names that it imports, relative ones made whole: `from .a import b` gives both `package.a` and `package.a.b`.

        `at_run_time` leaves out what stands under `if TYPE_CHECKING` or inside a function.
        """
        nodes = _run_time_nodes(self.tree) if at_run_time else ast.walk(self.tree)
        return {name for node in nodes for name in self._names(node)}

    def _names(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = self._package(node.level) + ([node.module] if node.module else [])
            yield ".".join(base)
            yield from (".".join([*base, alias.name]) for alias in node.names)

    def _package(self, level: int) -> list[str]:
        if level == 0:
            return []
        parts = self.name.split(".")
        is_package = self.path.name == "__init__.py"
        return parts[: len(parts) - level + is_package]


@functools.cache
def modules(folder: Path) -> Mapping[str, Module]:
    """Every module under `folder` by its name, as it was when first asked for."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        found[name] = Module(name, path, text, ast.parse(text))
    return found


def _length(node: FunctionNode) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _inner_functions(node: ast.AST) -> Iterator[FunctionNode]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FunctionNode):
            yield child
        else:
            yield from _inner_functions(child)


def _run_time_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FunctionNode) or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            continue
        yield child
        yield from _run_time_nodes(child)
