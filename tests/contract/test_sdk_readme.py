"""The example for the Realtime API in the `openai` SDK's README, as it is installed here: run unmodified against the stand-in's Realtime
door and against our `/v1/realtime`. Only the environment says where, and with which key.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import distribution

import pytest
from tests.whole import Whole

RUN_MAX_S = 120.0
"""Importing the SDK takes 2 s, the answer half a second; the rest is for a busy machine."""


def example() -> str:
    """The code under "Basic text based example" in the README that came with the package."""
    readme = distribution("openai").read_text("METADATA") or ""
    found = re.search(r"Basic text based example:\s+```py\n(.*?)```", readme, re.DOTALL)
    assert found, "the README of the installed openai package has no text example for the Realtime API any more: look what it has now"
    return found[1]


def address_and_key(whole: Whole, door: str) -> tuple[str, str]:
    """What the SDK's users set: `OPENAI_BASE_URL` and `OPENAI_API_KEY`."""
    if door == "ours":
        return f"http://{whole.host}/v1", "a key that nobody asks for on loopback"
    record = whole.stand_in()
    return record["realtime"].replace("ws://", "http://"), record["key"]


@pytest.mark.parametrize("door", ["ours", "stand-in"])
def test_the_readmes_own_example_runs_unmodified(whole: Whole, door: str) -> None:
    address, key = address_and_key(whole, door)
    environment = {**os.environ, "OPENAI_BASE_URL": address, "OPENAI_API_KEY": key}
    ran = subprocess.run(  # noqa: S603 - the example of a package that is installed
        [sys.executable, "-c", example()], env=environment, capture_output=True, text=True, timeout=RUN_MAX_S, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip().endswith((".", "!", "?"))
    assert ran.stderr == ""


def test_the_readmes_example_asks_the_documents_when_it_is_given_a_question(whole: Whole) -> None:
    address, key = address_and_key(whole, "ours")
    question = example().replace("Say hello!", "How many days can I work from abroad?")
    asked = question.replace("AsyncOpenAI()", f"AsyncOpenAI(websocket_base_url={address.replace('http', 'ws')!r}, api_key={key!r})")
    ran = subprocess.run(  # noqa: S603 - as above
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=RUN_MAX_S, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "30 days" in ran.stdout
