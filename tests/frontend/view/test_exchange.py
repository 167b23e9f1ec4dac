"""A question with its answers and cards on the page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

DRAW = """async (change) => {
  const { loadLocale } = await import('/locale.js');
  const { BEGINNING } = await import('/conversation.js');
  const { makeExchange, updateExchange } = await import('/view/exchange.js');
  const { exchanges } = await import('/turns.js');
  await import('/view/sources.js');
  await loadLocale('en');
  const turn = { role: 'assistant', status: 'done', responseId: 'r', spoken: true, kept: true };
  const turns = [{ ...turn, id: 'u', role: 'user', text: 'How many?' }, { ...turn, id: 'a', text: 'Thirty days.' }];
  const before = { ...BEGINNING, turns };
  const article = makeExchange();
  document.body.replaceChildren(article);
  const draw = (state, heard) => updateExchange(article, exchanges(state)[0], state, undefined, new Map(heard));
  draw(before, []);
  for (const place of ['.question', '.answer .text']) article.querySelector(place).textContent = 'SCRIBBLED';
  const { turns: changed, heard, language, ...state } = change;
  if (language) await loadLocale(language);
  draw({ ...before, ...state, turns: turns.map((each) => (changed?.[each.id] ? { ...each, ...changed[each.id] } : each)) }, heard ?? []);
  await loadLocale('en');
  const places = ['.question', '.answer .text', '.heard', '.mark', '.card .title'];
  return places.map((place) => article.querySelector(place)?.textContent ?? null);
}"""


async def drawn_again(bench: Page, **change: Any) -> list[str | None]:
    """Draw an exchange, scribble over it, and draw it after a change; gives the words it then shows."""
    got: list[str | None] = await bench.evaluate(DRAW, change)
    return got


async def test_an_exchange_of_which_nothing_changed_is_left_alone(bench: Page) -> None:
    others: tuple[dict[str, Any], ...] = (
        {},
        {"hearing": True},
        {"searches": ["k"]},
        {"speaking": "another"},
        {"heard": [["another", 3]]},
        {"cards": {"other": []}},
    )
    for elsewhere in others:
        assert (await drawn_again(bench, **elsewhere))[:2] == ["SCRIBBLED", "SCRIBBLED"], elsewhere


async def test_an_exchange_is_drawn_again_for_whatever_it_shows(bench: Page) -> None:
    asked, told = "How many?", "Thirty days."
    card = {"id": "p", "number": 1, "title": "Handbook", "page": 7, "excerpt": "Thirty.", "url": "/p", "picture": None, "cited": True}
    assert await drawn_again(bench, turns={"a": {"text": "Forty days."}}) == [asked, "Forty days.", None, "", None]
    assert await drawn_again(bench, turns={"u": {"text": "How few?"}}) == ["How few?", told, None, "", None]
    assert await drawn_again(bench, cards={"u": [card]}) == [asked, told, None, "", "Handbook"]
    assert await drawn_again(bench, heard=[["a", 3]]) == [asked, told, "Thirty", "", None]
    assert (await drawn_again(bench, turns={"a": {"status": "interrupted"}}))[3] == "Stopped before its end was spoken"
    assert (await drawn_again(bench, turns={"a": {"status": "interrupted"}}, language="de"))[3] not in (
        "",
        "Stopped before its end was spoken",
    )
    for same_words in ({"language": "de"}, {"queries": {"u": ["days abroad"]}}, {"judged": {"u": True}}, {"speaking": "a"}):
        assert (await drawn_again(bench, **same_words))[:2] == [asked, told], same_words
