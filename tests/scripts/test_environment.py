"""A tiny project with a build backend of its own, so that pip has everything it needs on the spot."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.commands import ROOT

from environment import Environment
from machine import SetupError

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1"
dependencies = [{dependencies}]

[project.optional-dependencies]
local = []
test = []

[tool.lint]
strict = {strict}
"""

BACKEND = """
import zipfile

METADATA = "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\nProvides-Extra: local\\nProvides-Extra: test\\n"

def build_editable(folder, settings=None, metadata=None):
    requires = open("requires").read() if __import__("os").path.exists("requires") else ""
    with zipfile.ZipFile(f"{folder}/tiny-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.dist-info/METADATA", METADATA + requires)
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: tiny\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "")
    return "tiny-1-py3-none-any.whl"
"""

SCRIPT = """
import sys
from environment import in_environment

if __name__ == "__main__":
    in_environment("local")
    print(sys.prefix, sys.argv[1:])
"""


def write_project(folder: Path, *, dependencies: str = "", strict: str = "true") -> None:
    (folder / "pyproject.toml").write_text(PROJECT.format(dependencies=dependencies, strict=strict))


def new_project(folder: Path) -> Path:
    (folder / "scripts").mkdir(parents=True)
    write_project(folder)
    (folder / "backend.py").write_text(BACKEND)
    for name in ("environment.py", "machine.py"):
        shutil.copy(ROOT / "scripts" / name, folder / "scripts")
    (folder / "scripts" / "show.py").write_text(SCRIPT)
    return folder


def show(project: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(project / "scripts" / "show.py"), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - a script of ours


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose environment two scripts have made at the same time."""
    project = new_project(tmp_path_factory.mktemp("made") / "the project").resolve()
    both = [show(project, "--name", "two words"), show(project, "--name", "two words")]
    said = []
    for process in both:
        stdout, stderr = process.communicate()
        assert process.returncode == 0, stderr
        assert stdout == f"{project / '.venv'} ['--name', 'two words']\n"
        said.append(stderr)
    (project / "said").write_text("".join(said))
    return project


@pytest.fixture
def project(made: Path) -> Path:
    """That project, as it was when it was made."""
    write_project(made)
    return made


def test_of_two_commands_at_once_one_makes_it_and_both_run_inside(project: Path) -> None:
    said = (project / "said").read_text()
    assert said.count("Making .venv") == 1
    assert said.count("Installed in") == 1


def test_a_second_start_finds_it_ready_and_says_nothing(project: Path) -> None:
    assert Environment(project).is_ready(["local"])
    process = show(project)
    stdout, stderr = process.communicate()
    assert (stdout, stderr) == (f"{project / '.venv'} []\n", "")


def test_new_dependencies_or_extras_make_it_unready_and_a_lint_rule_does_not(project: Path) -> None:
    assert not Environment(project).is_ready(["local", "test"])
    write_project(project, strict="false")
    assert Environment(project).is_ready(["local"])
    write_project(project, dependencies='"pip"')
    assert not Environment(project).is_ready(["local"])


def test_a_folder_that_was_moved_is_not_ready(project: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(project, moved, symlinks=True)
    assert not Environment(moved).is_ready(["local"])


def test_an_interrupted_installation_is_finished_without_making_it_anew(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / ".venv" / "askaloud.json").unlink()
    assert not Environment(project).is_ready(["local"])
    Environment(project).prepare(["local"])
    assert Environment(project).is_ready(["local"])
    assert "Making .venv" not in capfd.readouterr().err


def test_extras_that_were_installed_once_stay_wanted(project: Path) -> None:
    Environment(project).prepare(["test"])
    assert Environment(project).is_ready(["local", "test"])
    assert json.loads((project / ".venv" / "askaloud.json").read_text())["extras"] == ["local", "test"]


def test_a_package_that_cannot_be_had_is_told_with_pips_last_words_and_leaves_it_unready(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    write_project(project, dependencies='"no-such-package-of-ours"')
    (project / "requires").write_text("Requires-Dist: no-such-package-of-ours\n")
    with pytest.raises(SetupError, match=r"(?s)could not be installed.*no-such-package-of-ours"):
        Environment(project).prepare(["local"])
    assert not Environment(project).is_ready(["local"])
    (project / "requires").unlink()
    write_project(project)
    Environment(project).prepare(["local"])
    assert Environment(project).is_ready(["local"])


def test_no_network_is_told_as_such(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    write_project(project, dependencies='"no-such-package-of-ours"')
    (project / "requires").write_text("Requires-Dist: no-such-package-of-ours\n")
    with pytest.raises(SetupError, match="the package index did not answer"):
        Environment(project).prepare(["local"])
    (project / "requires").unlink()
    write_project(project)
    Environment(project).prepare(["local"])


def test_a_ruin_is_made_anew(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / ".venv" / "bin" / "python").unlink()
    assert not Environment(project).is_ready(["local"])
    Environment(project).prepare(["local"])
    assert Environment(project).is_ready(["local"])
    assert "Making .venv" in capfd.readouterr().err
