"""Secrets that tests plant, and the search for them where they must never be: in logs, in what programs print, in what is said on sockets.

A plugin of pytest: `secret` makes a key or a token that nobody can mistake, and every test, whatever it is about, fails where one comes to
light. What is said on the sockets of scripted far ends and visitors is handed in with `overheard`.
"""

from __future__ import annotations

import logging
from collections.abc import Generator

import pytest

MARK = "planted-secret-"
"""No text but a leaked secret holds this."""
_known: set[str] = {MARK}
_overheard: list[tuple[str, str]] = []


def secret(name: str) -> str:
    """A key or a token for a test."""
    return f"{MARK}{name}"


def known(value: str) -> str:
    """A secret that was made elsewhere, as the stand-in's key is; from now on it must not be seen either."""
    _known.add(value)
    return value


def overheard(where: str, said: str | bytes) -> None:
    """Something was said on a socket of a test. Only what holds a secret is kept."""
    text = said if isinstance(said, str) else said.decode("utf-8", "replace")
    if found := _held(text):
        _overheard.append((where, found))


def _held(text: str) -> str | None:
    """The surroundings of the first secret in a text."""
    at = min((place for value in _known if (place := text.find(value)) >= 0), default=-1)
    return None if at < 0 else text[max(0, at - 40) : at + 40]


class _Watch(logging.Handler):
    """Sees every line that is logged, at whatever level."""

    def emit(self, record: logging.LogRecord) -> None:
        """Look at it as it would be printed, with its traceback."""
        overheard(f"the log of {record.name}", logging.Formatter("%(message)s").format(record))


def pytest_configure(config: pytest.Config) -> None:
    """From now on."""
    watch = _Watch(logging.DEBUG)
    for name in ("askaloud", "local_azure"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(watch)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that is over has leaked nothing; else it has failed."""
    report = yield
    leaks = [f"{where}: {text}" for where, text in _overheard]
    _overheard.clear()
    leaks += [f"{where}: {text}" for where, said in report.sections if (text := _held(said))]
    if leaks and report.outcome != "failed":
        report.outcome = "failed"
        report.longrepr = "A planted secret came to light:\n" + "\n".join(leaks)
    return report
