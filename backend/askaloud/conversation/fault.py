"""Where a mistake of ours happened, for the log: our own lines, never what stood in them."""

from __future__ import annotations

PLACES_SHOWN = 4
"""The innermost places of a traceback; further out it is always the same."""


def places(broken: BaseException | None) -> str:
    """The innermost places of a traceback, as file:line."""
    found: list[str] = []
    trace = broken.__traceback__ if broken is not None else None
    while trace is not None:
        found.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(found[-PLACES_SHOWN:])
