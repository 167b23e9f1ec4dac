"""What may stand in a script, and what is said of one that cannot be followed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.commands import ROOT

from local_azure.realtime.parts import BreakOff, CallTool, Complain, HangUp, Say
from local_azure.scripted.script import ENDED, FILE_MAX_BYTES, STEPS_MAX, Part, Script, ScriptError, load
from local_azure.scripted.steps import Wait

README = (ROOT / "backend" / "local_azure" / "README.md").read_text(encoding="utf-8")


def script(folder: Path, given: Any) -> Script:
    path = folder / "script.json"
    path.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
    return load(path)


def mistakes(folder: Path, given: Any) -> list[str]:
    """What is said, without the file's name."""
    with pytest.raises(ScriptError) as wrong:
        script(folder, given)
    return [line.removeprefix(f"the script {folder / 'script.json'}").lstrip(", ") for line in str(wrong.value).splitlines()]


def test_every_step_means_what_it_says(tmp_path: Path) -> None:
    steps = [
        {"say": "Let me look. A moment."},
        {"wait": 250},
        {"call": "search", "arguments": {"query": "abroad"}},
        {"call": "clock"},
        {"call": "raw", "arguments": "no { JSON"},
        {"error": "server_error", "message": "Something happened."},
        {"close": 1001, "reason": "going away"},
    ]
    assert script(tmp_path, {"turns": [steps]}).turns == (
        (
            Part(
                (
                    Say("Let me look."),
                    Say(" A moment."),
                    Wait(250),
                    CallTool("search", '{"query": "abroad"}'),
                    CallTool("clock", "{}"),
                    CallTool("raw", "no { JSON"),
                    Complain("server_error", "Something happened."),
                    HangUp(1001, "going away"),
                )
            ),
        ),
    )


def test_a_turn_is_cut_where_a_response_ends(tmp_path: Path) -> None:
    steps = [{"call": "a"}, {"wait": "outputs"}, {"fail": "boom", "type": "odd"}, {"incomplete": "content_filter"}, {"say": "Done."}]
    call, fail, filtered, done = script(tmp_path, {"turns": [steps]}).turns[0]
    assert call == Part((CallTool("a", "{}"),))
    assert fail == Part((BreakOff("failed", "boom", "The script says so.", "odd"),), after_outputs=True)
    assert filtered == Part((BreakOff("incomplete", "content_filter"),))
    assert done == Part((Say("Done."),))


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    read = script(tmp_path, {"turns": []})
    assert read.further == read.beside == (Part((Say(ENDED),)),)
    assert script(tmp_path, {"turns": [[]], "further": [{"say": "So."}]}).beside == (Part((Say("So."),)),)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([{"sey": "x"}], "a step has exactly one of say, call, wait, error, fail, incomplete, close, and this has sey."),
        ([{"say": "a", "wait": 1}], "a step has exactly one of say, call, wait, error, fail, incomplete, close, and this has say, wait."),
        (["say"], "a step has exactly one of say, call, wait, error, fail, incomplete, close and is an object."),
        ([{"say": " "}], "'say' must be a string that is not empty, of at most 100000 characters."),
        ([{"say": "a", "speed": 2}], "'speed' does not belong to 'say'."),
        ([{"call": "f", "arguments": [1]}], "'arguments' must be an object, or a string to be sent as it is."),
        ([{"call": "f" * 129}], "'call' must be a string that is not empty, of at most 128 characters."),
        ([{"wait": -1}], "'wait' must be milliseconds from 0 to 3600000, or \"outputs\"."),
        ([{"wait": True}], "'wait' must be milliseconds from 0 to 3600000, or \"outputs\"."),
        ([{"fail": 7}], "'fail' must be a string that is not empty, of at most 128 characters."),
        ([{"incomplete": "tired"}], "'incomplete' must be max_output_tokens or content_filter."),
        ([{"close": 1006}], "'close' must be a code that a server may send: 1000 to 1003, 1007 to 1014, 3000 to 4999."),
        ([{"close": 1001, "reason": "€" * 42}], "'reason' must be a string of at most 123 bytes."),
        ([{"close": 1001}, {"say": "x"}], "nothing can follow 'close'."),
    ],
)
def test_a_step_that_is_none_is_named_by_its_place(tmp_path: Path, steps: list[Any], said: str) -> None:
    assert mistakes(tmp_path, {"turns": [[], steps]}) == [f"turn 2, step 1: {said}"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    given = {"turns": [[{"say": "x"}, {}], 7], "further": {"say": "x"}, "beside": [{"fail": "x"}, {"say": "y"}], "turn": []}
    places = [re.split(": ", line)[0] for line in mistakes(tmp_path, given)]
    assert places == ["at the top", "turn 1, step 2", "turn 2", "further", "beside"]
    assert len(mistakes(tmp_path, {"turns": [[{"wait": 1}] * (STEPS_MAX + 1)]})) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"turns": [\n  [{"say" "a"}]\n]}', "line 2, column 11"),
        ('{"turns": [[{"say": "a", "say": "b"}]]}', "'say' stands twice in one object"),
        ('{"turns": [[{"call": "a", "arguments": {"x": NaN}}]]}', "NaN is no JSON"),
        ('{"turns": [[{"say": "\\ud800"}]]}', "is not UTF-8"),
        ("[" * 100_000, "cannot be read"),
        ('{"turns": 5}', "a script is"),
        ("5", "a script is"),
        (" " * (FILE_MAX_BYTES + 1), "is larger than"),
    ],
)
def test_a_file_that_holds_no_script_says_where_it_goes_wrong(tmp_path: Path, text: str, said: str) -> None:
    found = mistakes(tmp_path, text)
    assert len(found) == 1
    assert said in found[0]


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read: No such file"):
        load(tmp_path / "nothing.json")
    (tmp_path / "picture.json").write_bytes(b'{"turns": "\xff\xfe\xfa"}')
    with pytest.raises(ScriptError, match="not UTF-8"):
        load(tmp_path / "picture.json")


def test_the_example_of_the_readme_is_a_script(tmp_path: Path) -> None:
    example = re.search(r"```json\n(\{\s*\"turns\".*?)```", README, re.DOTALL)
    assert example
    assert len(script(tmp_path, example[1]).turns) == 3
