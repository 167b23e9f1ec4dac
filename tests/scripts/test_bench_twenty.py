"""The bench of twenty runs the program, and tells right answers from wrong ones. The figures themselves are no test."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.commands import ROOT

from bench_twenty import DISHES, passages, price


def test_no_two_people_pay_the_same_for_anything() -> None:
    prices = [price(person, number) for person in range(1, 101) for number in range(len(DISHES))]
    assert len(set(prices)) == len(prices)
    assert all(
        f"{price(7, number)} euros" in passages(7) and f"{price(7, number)} euros" not in passages(8) for number in range(len(DISHES))
    )


def test_it_prints_the_waits_of_one_and_of_all_and_how_many_answers_were_wrong() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "bench_twenty.py"), "--people", "2", "--turns", "2"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout  # noqa: S603 - our own script
    lines = re.findall(r"^ *(\d+) at one time, +(\d+) questions: first sound after a median of +\d+ ms.*; wrong (\d+)$", told, re.MULTILINE)
    assert lines == [("1", "2", "0"), ("2", "4", "0")]
