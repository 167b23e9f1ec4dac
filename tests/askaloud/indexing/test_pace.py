from __future__ import annotations

import asyncio

from askaloud.indexing.pace import AT_FIRST, AT_ONCE_MAX, Pace


def test_more_go_at_a_time_while_all_goes_well_up_to_a_bound() -> None:
    pace = Pace()
    assert pace.at_once == AT_FIRST
    for _ in range(1000):
        pace.went_well()
    assert pace.at_once == AT_ONCE_MAX


def test_a_busy_service_gets_half_as_many_and_never_none() -> None:
    pace = Pace()
    for _ in range(1000):
        pace.went_well()
    pace.was_busy()
    assert pace.at_once == AT_ONCE_MAX // 2
    for _ in range(10):
        pace.was_busy()
    assert pace.at_once == 1


async def test_no_more_are_on_their_way_than_may_be() -> None:
    pace = Pace(3)
    away = most = 0

    async def go() -> None:
        nonlocal away, most
        async with pace.turn():
            away += 1
            most = max(most, away)
            await asyncio.sleep(0)
            away -= 1
            pace.went_well()

    await asyncio.gather(*(go() for _ in range(50)))
    assert (away, most) == (0, 3)
