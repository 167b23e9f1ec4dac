from __future__ import annotations

import asyncio
from collections.abc import Sequence

from local_azure.lessons import Lessons

QUIET_S = 0.05


class Pupil:
    """Has texts to be learned from, and keeps what it was given."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.asked = 0
        self.learned: asyncio.Queue[list[str]] = asyncio.Queue()
        self.is_ill = False

    async def give(self) -> Sequence[str]:
        self.asked += 1
        return list(self.texts)

    async def learn(self, texts: Sequence[str]) -> None:
        if self.is_ill:
            self.is_ill = False
            self.learned.put_nowait(["ill"])
            raise RuntimeError
        self.learned.put_nowait(list(texts))

    async def lesson(self) -> list[str]:
        async with asyncio.timeout(10):
            return await self.learned.get()


async def test_documents_from_last_time_are_learned_at_the_start() -> None:
    pupil = Pupil("old")
    lessons = Lessons(pupil.give, pupil.learn, quiet_s=QUIET_S)
    lessons.begin()
    assert await pupil.lesson() == ["old"]
    await lessons.end()


async def test_many_changes_make_one_lesson() -> None:
    pupil = Pupil("old")
    lessons = Lessons(pupil.give, pupil.learn, quiet_s=QUIET_S)
    lessons.begin()
    assert await pupil.lesson() == ["old"]
    for number in range(20):
        pupil.texts = [f"new {number}"]
        lessons.changed("index")
        await asyncio.sleep(0)  # lets the lessons run; nothing is waited for
    assert await pupil.lesson() == ["new 19"]
    assert pupil.asked == 2
    await lessons.end()


async def test_a_lesson_that_fails_does_not_end_the_lessons() -> None:
    pupil = Pupil("old")
    pupil.is_ill = True
    lessons = Lessons(pupil.give, pupil.learn, quiet_s=QUIET_S)
    lessons.begin()
    assert await pupil.lesson() == ["ill"]
    lessons.changed("index")
    assert await pupil.lesson() == ["old"]
    await lessons.end()


async def test_changes_without_an_end_are_learned_all_the_same() -> None:
    pupil = Pupil("old")
    lessons = Lessons(pupil.give, pupil.learn, quiet_s=60.0, unrest_s=QUIET_S)
    lessons.begin()
    assert await pupil.lesson() == ["old"]
    pupil.texts = ["new"]
    lessons.changed("index")
    assert await pupil.lesson() == ["new"]
    await lessons.end()


async def test_that_no_document_is_left_is_a_lesson_too() -> None:
    pupil = Pupil("only")
    lessons = Lessons(pupil.give, pupil.learn, quiet_s=QUIET_S)
    lessons.begin()
    assert await pupil.lesson() == ["only"]
    pupil.texts = []
    lessons.changed("index")
    assert await pupil.lesson() == []
    await lessons.end()


async def test_lessons_that_never_began_can_end() -> None:
    pupil = Pupil()
    await Lessons(pupil.give, pupil.learn).end()
