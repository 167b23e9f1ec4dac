"""An answer put together from pieces that come in any way."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_azure.chat.answer import CALLS_MAX, Aloud, Answer
from local_azure.realtime.parts import BreakOff, CallTool, Say

NAME, ARGUMENTS = "look_up", '{"query": "days abroad", "n": [1, 2]}'


def chunk(content: str | None = None, finish: str | None = None, calls: list[Any] | None = None) -> Any:
    delta = SimpleNamespace(content=content, tool_calls=calls)
    return SimpleNamespace(choices=[SimpleNamespace(delta=delta, finish_reason=finish)])


def piece(index: int | None, call_id: str | None, name: str | None, arguments: str | None) -> Any:
    return SimpleNamespace(index=index, id=call_id, function=SimpleNamespace(name=name, arguments=arguments))


def told(*chunks: Any) -> list[Any]:
    answer = Answer()
    return [*(thought for one in chunks for thought in answer.take(one)), *answer.end()]


def cut(text: str, places: list[int]) -> list[str]:
    ends = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


@given(st.lists(st.integers(0, 1000), max_size=20), st.lists(st.integers(0, 1000), max_size=4), st.booleans())
def test_a_call_is_whole_wherever_it_is_cut(places: list[int], in_name: list[int], indexed: bool) -> None:
    index = 0 if indexed else None
    names = [
        piece(index, "x" if indexed or not number else None, part, "") for number, part in enumerate(cut(NAME, in_name if indexed else []))
    ]
    rest = [piece(index, None, None, part) for part in cut(ARGUMENTS, places)]
    pieces = [chunk(calls=[one]) for one in (*names, *rest)]
    assert told(*pieces, chunk(finish="tool_calls")) == [CallTool(NAME, ARGUMENTS)]


@given(st.permutations([(index, part) for index in range(3) for part in range(4)]))
def test_several_calls_may_come_mixed(order: list[tuple[int, int]]) -> None:
    next_part = [0, 0, 0]
    chunks = [chunk(calls=[piece(index, f"id{index}", f"f{index}", "")]) for index in range(3)]
    for index, _ in order:
        chunks.append(chunk(calls=[piece(index, None, None, ['{"a"', ": 1", "2}", ""][next_part[index]])]))
        next_part[index] += 1
    assert told(*chunks, chunk(finish="tool_calls")) == [CallTool(f"f{index}", '{"a": 12}') for index in range(3)]


def test_whole_calls_without_an_index_are_several() -> None:
    by_id = [piece(None, f"id{n}", "f", "{}") for n in range(2)]
    assert told(chunk(calls=by_id), chunk(finish="stop")) == [CallTool("f", "{}")] * 2
    nameless = [piece(None, None, name, "{}") for name in ("f", "g")]
    assert told(chunk(calls=nameless), chunk(finish="stop")) == [CallTool("f", "{}"), CallTool("g", "{}")]


def test_a_call_without_arguments_has_empty_ones_and_one_without_a_name_is_none() -> None:
    assert told(chunk(calls=[piece(0, "x", "f", None), piece(1, "y", None, "{}")]), chunk(finish="stop")) == [CallTool("f", "{}")]


def test_words_stand_before_calls_and_an_unfinished_answer_has_no_calls() -> None:
    call = chunk(calls=[piece(0, "x", "f", "{}")])
    assert told(chunk("Wait. A mo"), call, chunk("ment"), chunk(finish="tool_calls")) == [
        Say("Wait."),
        Say(" A moment"),
        CallTool("f", "{}"),
    ]
    assert told(chunk("Wait"), call) == [Say("Wait")]
    assert told(call, chunk(finish="length")) == [BreakOff("incomplete", "max_output_tokens")]


def test_too_many_calls_are_too_long_an_answer() -> None:
    answer = Answer()
    answer.take(chunk(calls=[piece(number, "x", "f", "{}") for number in range(CALLS_MAX + 1)]))
    assert answer.is_too_long


@pytest.mark.parametrize(
    ("written", "aloud"),
    [
        ("<think>Hm, 5 < 7.</think>\n\nYes.", "Yes."),
        ("\n<think>\n</think>Yes </think>.", "Yes </think>."),
        ("<thin air", "<thin air"),
        ("<th", "<th"),
        ("Yes <think>no</think>", "Yes <think>no</think>"),
        ("<think>for ever", ""),
        ("", ""),
    ],
)
@given(places=st.lists(st.integers(0, 100), max_size=10))
def test_what_a_model_thinks_first_is_not_said_aloud(written: str, aloud: str, places: list[int]) -> None:
    model = Aloud()
    heard = "".join(model.feed(part) for part in cut(written, places)) + model.rest()
    assert heard.strip() == aloud
