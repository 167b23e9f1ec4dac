"""The stage on which scenes of the page are played: the page, the server's side of its socket, and what can happen between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page
from tests.frontend.far_end import FarEnd, Line, tone
from tests.frontend.words import Words

KEPT = {"resume_token": "t1", "grace_ms": 60_000, "version": "0.1.0"}


@dataclass(slots=True)
class Stage:
    """The page, the server's side of its socket, and what is talked about."""

    page: Page
    far: FarEnd
    line: Line
    words: Words
    turns: int = 0

    async def welcome(self, **fields: Any) -> None:
        """Greet the page, and wait until it knows."""
        self.line.welcome(**{**KEPT, **fields})
        await self.page.wait_for_selector("#doors:not(:empty)")

    async def ask(self, question: str | None = None) -> str:
        """Type a question as a person does; gives the id of its item, which has arrived."""
        await self.page.locator("#question").fill(question or self.words.question)
        await self.page.keyboard.press("Enter")
        self.turns += 1
        created = await self.line.heard("conversation.item.create", self.turns)
        item = created["item"]
        self.line.say("conversation.item.added", item=item, previous_item_id=None)
        return str(item["id"])

    def search(self, item: str, *, many: int = 4, query: str | None = None) -> None:
        """Tell of a search, and of what it found: `many` passages, none for a search that goes on."""
        self.line.say("askaloud.searching", call_id=f"k{self.turns}", query=query or self.words.query)
        if not many:
            return
        listed = [
            {
                "number": number + 1,
                "id": f"p{number + 1}",
                "title": title,
                "page": leaf,
                "excerpt": excerpt,
                "url": f"/v1/passages/p{number + 1}?s=x",
                "picture": f"/v1/passages/p{number + 1}/page.png?s=x" if leaf == 7 else None,
                "score": 1.0,
            }
            for number in range(many)
            for title, leaf, excerpt in [self.words.passages[number % len(self.words.passages)]]
        ]
        self.line.say("askaloud.sources", call_id=f"k{self.turns}", response_id="r0", user_item_id=item, sources=listed)

    def answer(self, text: str | None = None, *, sounds_s: float = 0.0, ends: bool = True, cited: tuple[str, ...] | None = None) -> str:
        """Answer in words and, if wanted, aloud; gives the answer's item."""
        response, item = f"r{self.turns}", f"a{self.turns}"
        self.line.answer_begins(response, item, text or self.words.answer)
        if sounds_s:
            self.line.sound(response, item, tone(sounds_s), piece=48_000)
        if ends:
            self.line.answer_ends(response, item)
        if cited is not None:
            self.line.say("askaloud.cited", response_id=response, item_id=item, source_ids=list(cited))
        return item

    async def answered(self, count: int = 1) -> None:
        """Wait for the end of as many answers."""
        await self.page.locator('.answer[data-status="done"]').nth(count - 1).wait_for()

    async def notice(self, code: str, *, retry_after_ms: int | None = None, message: str = "") -> None:
        """A notice of the server, on the page."""
        self.line.say("askaloud.notice", code=code, message=message, recoverable=True, retry_after_ms=retry_after_ms)
        await self.page.locator(f'.notice[data-key="{code}"]').wait_for()

    async def talk(self) -> None:
        """Press the round button."""
        await self.page.locator(".talk").click()

    async def settings(self) -> None:
        """Open the settings."""
        await self.page.locator("ask-tools .quiet").last.click()
        await self.page.locator("ask-settings dialog[open]").wait_for()

    async def push(self) -> None:
        """Choose to hold the button."""
        await self.settings()
        await self.page.locator('ask-settings input[value="push"]').check()
        await self.page.keyboard.press("Escape")
        await self.page.locator("ask-settings dialog[open]").wait_for(state="hidden")  # under it nothing can be held
