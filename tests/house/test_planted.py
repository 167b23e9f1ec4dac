"""The search for planted secrets can fail: it finds one in every place that it watches, and takes nothing else for one."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from tests.commands import ROOT

CASES = """
import logging, subprocess, sys
from tests.planted import known, overheard, secret

def test_logs_it():
    logging.getLogger("askaloud.somewhere").debug("the key is %s", secret("one"))

def test_logs_a_traceback_with_it():
    try:
        raise ValueError(secret("two"))
    except ValueError:
        logging.getLogger("elsewhere").exception("failed")

def test_prints_it():
    print(secret("three"))

def test_starts_a_program_that_prints_it():
    subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write(sys.argv[1])", secret("four")], check=True)

def test_hears_it_on_a_line():
    overheard("a line", '{"type":"error","message":"%s"}' % secret("five"))

def test_hears_one_that_was_made_elsewhere():
    overheard("a line", b"..." + known("c0ffee-made-elsewhere").encode())

def test_keeps_it_to_itself():
    logging.getLogger("askaloud.somewhere").info("a key was used")
    overheard("a line", "nothing to see")
    print(len(secret("six")))
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """How each of the cases ended in a test run of its own."""
    cases = tmp_path_factory.mktemp("planted") / "test_cases.py"
    cases.write_text(CASES)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.planted",
        "-p",
        "no:cacheprovider",
        "-v",
        "--rootdir",
        str(cases.parent),
        str(cases),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    ran = subprocess.run(  # noqa: S603 - written above
        [*command, "-c", os.devnull, "--rootdir", str(cases.parent), str(cases)],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return dict(re.findall(r"::test_(\w+) (PASSED|FAILED)", ran.stdout))


@pytest.mark.parametrize("case", re.findall(r"def test_(\w+)", CASES))
def test_a_test_fails_where_a_secret_comes_to_light_and_only_there(outcomes: dict[str, str], case: str) -> None:
    assert outcomes[case] == ("PASSED" if case == "keeps_it_to_itself" else "FAILED")


def test_this_very_run_is_watched(request: pytest.FixtureRequest) -> None:
    assert request.config.pluginmanager.has_plugin("planted")
