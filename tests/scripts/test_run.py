from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.commands import ROOT, clean_environment


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=clean_environment(data), cwd=data, check=False)  # noqa: S603 - ours


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["test", "--help"]])
def test_help_needs_no_installation(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, data=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: run.py" in done.stdout


@pytest.mark.parametrize("arguments", [[], ["sing"], ["serve", "--port", "many"], ["serve", "--port", "70000"]])
def test_what_cannot_be_meant_is_refused_before_anything_is_installed(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, data=tmp_path)
    assert done.returncode == 2
    assert "usage: run.py" in done.stderr


def test_the_build_machine_runs_the_command_of_the_readme_and_nothing_else() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    commands = [line for line in script.read_text().splitlines() if line and not line.startswith(("#", "set ", "cd ", "export CI="))]
    assert commands == ["exec python3 scripts/run.py test"]
    assert "python3 scripts/run.py test" in (ROOT / "README.md").read_text()
