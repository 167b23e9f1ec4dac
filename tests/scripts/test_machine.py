from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from tests.commands import ROOT

from machine import SetupError, check_python, find_browser, install_packages, on_build_machine

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole path: only what a test puts there can be found."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return folder


def program(folder: Path, name: str, lines: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{lines}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("name", ["run", "environment", "machine"])
def test_an_old_python_can_read_what_tells_it_that_it_is_old(name: str) -> None:
    ast.parse((ROOT / "scripts" / f"{name}.py").read_text(), feature_version=(3, 8))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1)])
def test_a_new_enough_python_passes(version: tuple[int, ...]) -> None:
    check_python(["scripts/run.py"], version)


@pytest.mark.usefixtures("programs")
def test_an_old_python_is_told_what_is_needed() -> None:
    with pytest.raises(SetupError, match=r"needs Python 3\.11 or newer; this is Python 3\.9\.6 .*\nInstall a newer Python"):
        check_python(["scripts/run.py", "serve"], (3, 9, 6))


def test_an_old_python_is_told_of_a_newer_one_that_works(programs: Path) -> None:
    program(programs, "python3.13", "exit 127")
    program(programs, "python3.12", "exit 0")
    with pytest.raises(SetupError, match=r"type: python3\.12 scripts/run\.py serve"):
        check_python(["scripts/run.py", "serve"], (3, 9, 6))


@pytest.mark.usefixtures("programs")
def test_without_apt_get_the_sentence_says_what_to_look_for() -> None:
    with pytest.raises(SetupError, match=r"It needs a thing\. Install it with your system's packages .*: thing\)"):
        install_packages(["thing"], "It needs a thing")


def test_packages_are_installed_when_that_is_ours_to_do_and_else_the_sentence_says_what_to_type(programs: Path) -> None:
    program(programs, "apt-get", f'echo "$@" >> {programs}/journal')
    if not IS_ROOT:
        with pytest.raises(SetupError, match="sudo apt-get install one two"):
            install_packages(["one", "two"], "It needs things")
        return
    install_packages(["one", "two"], "It needs things")
    assert (programs / "journal").read_text() == "update\ninstall --yes --no-install-recommends one two\n"


@pytest.mark.skipif(not IS_ROOT, reason="only root may install")
def test_packages_that_cannot_be_installed_are_told_with_the_last_words(programs: Path) -> None:
    program(programs, "apt-get", 'echo "E: no such package"; exit 100')
    with pytest.raises(SetupError, match=r"could not install one.*\n    E: no such package"):
        install_packages(["one"], "It needs a thing")


def test_a_browser_that_starts_is_found_and_one_that_only_points_elsewhere_is_not(programs: Path) -> None:
    program(programs, "chromium-browser", "echo requires another store; exit 1")
    assert find_browser() != str(programs / "chromium-browser")
    program(programs, "chromium", "echo Chromium 1")
    assert find_browser() == str(programs / "chromium")


def test_a_browser_may_be_named(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(programs, "chromium", "echo Chromium 1")
    program(tmp_path, "mine", "echo Chromium 2")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "mine"))
    assert find_browser() == str(tmp_path / "mine")


BUILDS = {"true": True, "1": True, "woodpecker": True, "": False, "0": False, "False": False}


@pytest.mark.parametrize(("value", "meant"), BUILDS.items())
def test_a_build_machine_is_one_where_ci_says_so(value: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", value)
    assert on_build_machine() is meant


def test_a_machine_without_a_word_about_ci_is_none_and_the_build_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert not on_build_machine()
    assert 'export CI="${CI:-true}"' in (ROOT / ".ci" / "run").read_text()


def test_nobody_else_reads_ci_by_a_rule_of_their_own() -> None:
    readers = [path for folder in ("scripts", "tests") for path in (ROOT / folder).rglob("*.py") if 'environ.get("CI' in path.read_text()]
    assert [path.name for path in readers if path != Path(__file__)] == ["machine.py"]
