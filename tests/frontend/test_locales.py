"""The page's languages: each says everything, in its own words, and the page speaks the one that a person reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import console_of, page_in
from tests.frontend.codes import SENTENCES
from tests.frontend.far_end import FRONTEND, SOURCE, FarEnd, Line
from tests.frontend.looking import welcomed

LANGUAGES = sorted(path.stem for path in (FRONTEND / "locales").glob("*.json"))
OTHERS = [language for language in LANGUAGES if language != "en"]
SCRIPTS = [path for path in sorted(FRONTEND.rglob("*.js")) if "node_modules" not in path.parts]
browsing = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

THE_SAME_EVERYWHERE = {
    "app.name": "a name",
    "settings.version": "a name and a number",
    "language.direction": "no sentence",
    "talk.stop.key": "what stands on the key of most keyboards",
}
THE_SAME = {
    "fr": {
        "source.page": "the same word in French",
        "transcript.label": "the same word in French",
        "notice.label": "the same word in French",
        "export.sources": "the same word in French",
    },
    "id": {
        "empty.example": "the same quotation marks",
        "turn.query.quoted": "the same quotation marks",
        "source.number": "the same abbreviation",
    },
    "ja": {"source.number": "the abbreviation is usual in Japanese"},
    "pt": {"empty.example": "the same quotation marks", "turn.query.quoted": "the same quotation marks"},
    "zh": {"empty.example": "the same quotation marks", "turn.query.quoted": "the same quotation marks"},
}
"""What a language says as English does, and why that is no oversight."""

FOR_DEVELOPERS = {
    "noopener noreferrer": "for the browser",
    "the page has no ${selector}": "an error of ours, for the console",
    "no sentences: ${answer.status}": "an error of ours, for the console",
}
"""Words in the scripts that no person reads."""


def sentences(language: str) -> dict[str, str]:
    loaded: dict[str, str] = json.loads((FRONTEND / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_places(language: str) -> None:
    def places(table: dict[str, str]) -> dict[str, list[str]]:
        return {key: sorted(re.findall(r"\{\w+\}", sentence)) for key, sentence in table.items()}

    assert places(sentences(language)) == places(SENTENCES)
    assert [key for key, sentence in sentences(language).items() if not sentence.strip()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_was_left_in_english(language: str) -> None:
    same = {key for key, sentence in sentences(language).items() if sentence == SENTENCES[key]}
    explained = {*THE_SAME_EVERYWHERE, *THE_SAME.get(language, {})}
    assert same - explained == set()
    assert {*THE_SAME.get(language, {})} - same == set(), "explained though it differs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_says_what_stands_on_the_stop_button_means_that_button(language: str) -> None:
    said = sentences(language)
    assert said["talk.stop"].lower() in said["talk.stop.label"].lower()  # WCAG 2.5.3


def test_no_sentence_is_there_in_vain() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*SCRIPTS, *FRONTEND.glob("*.html")])
    built = ("notice.", "state.", "hint.", "empty.kind.")
    idle = [key for key in SENTENCES if f'"{key}"' not in source and not key.startswith(built)]
    assert idle == []


def literals(script: str) -> list[str]:
    """The strings of a script that read like words to a person: two words with a blank between them, or one word with a capital
    that is set into the page by itself. Comments, and what is no sentence by its look (selectors, class lists), are left out."""
    bare = re.sub(r"/\*.*?\*/", "", script, flags=re.DOTALL)
    bare = re.sub(r"(?<![:\"'`\\])//[^\n]*", "", bare)
    found = [literal[1:-1] for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`', bare)]
    return [
        each for each in found if re.search(r"[A-Za-z]{2,}[,.!?]? [a-z]{2,}", each) and not re.match(r"^[^A-Z ]*[.#:>\[,][^A-Z]*$", each)
    ]


def test_no_sentence_stands_in_a_script() -> None:
    found = {f"{path.name}: {each}" for path in SCRIPTS for each in literals(path.read_text(encoding="utf-8"))}
    assert {each for each in found if each.partition(": ")[2] not in FOR_DEVELOPERS} == set()


def test_a_sentence_in_a_script_would_be_found_and_class_lists_and_comments_would_not() -> None:
    script = '/** Says it. */ say(node, "Please try again"); // "not this one"\nfind(".card, .title button"); t("app.skip"); `${a} of ${b}`'
    assert literals(script) == ["Please try again"]


def test_nothing_on_the_page_is_inline_or_from_elsewhere() -> None:
    for path in FRONTEND.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|data:|//", page), path.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), path.name


@pytest.mark.parametrize("path", sorted((FRONTEND / "styles").glob("*.css")), ids=lambda path: path.name)
def test_the_page_is_laid_out_by_the_lines_beginning_and_end_not_by_left_and_right(path: Path) -> None:
    styles = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    sided = re.findall(r"[\w-]*(?:left|right)[\w-]*\s*:[^;]*;|(?<!origin):\s*(?:left|right)\s*;", styles)
    uneven = [
        declaration for declaration, right, left in re.findall(r"((?:padding|margin): \S+ (\S+) \S+ (\S+);)", styles) if right != left
    ]
    assert sided + uneven == []


class TestInTheBrowser:
    """What a person sees and hears of it."""

    pytestmark = browsing

    async def test_every_language_has_its_own_name_and_its_own_file(self, bench: Page) -> None:
        names = await bench.evaluate("async () => (await import('/locale.js')).LANGUAGES")
        assert sorted(names) == LANGUAGES
        assert len(set(names.values())) == len(LANGUAGES)

    @pytest.mark.parametrize(
        ("chosen", "wanted", "language"),
        [
            (None, ["pt-BR", "en"], "pt"),
            (None, ["fi", "zh-Hant-TW"], "zh"),
            ("de", ["ja"], "de"),
            ("xx", ["ja"], "ja"),
            ("constructor", [], "en"),
            (None, [], "en"),
        ],
    )
    async def test_the_choice_counts_then_the_browser(self, bench: Page, chosen: str | None, wanted: list[str], language: str) -> None:
        assert await bench.evaluate("async (of) => (await import('/locale.js')).preferred(...of)", [chosen, wanted]) == language

    @pytest.mark.parametrize("language", ["de", "ar", "ja"])
    async def test_a_language_that_is_chosen_in_mid_conversation_counts_everywhere_at_once_and_is_remembered(
        self, browser: Browser, far: FarEnd, language: str
    ) -> None:
        async with page_in(browser) as page:
            with console_of(page) as said:
                await page.goto(far.address)
                line = await welcomed(far)
                await asked(page, line)
                await page.get_by_role("button", name="Settings").click()
                await page.get_by_label("Language of this page").select_option(language)
                await expect(page.locator("html")).to_have_attribute("lang", language)
                await expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
                await expect(page.locator("#settings-title")).to_have_text(sentences(language)["settings.title"])
                await expect(page.locator("#microphone option")).not_to_have_count(1)  # they are looked for when the settings open
                switched = await page.evaluate(WORDS)
                assert line.of_type("session.update") == []
                await page.reload()
                line = await welcomed(far)
                await asked(page, line)
                await page.locator("ask-tools button").last.click()
                await expect(page.locator("#settings-title")).to_have_text(sentences(language)["settings.title"])
                await expect(page.locator("#microphone option")).not_to_have_count(1)
                fresh = await page.evaluate(WORDS)
                assert switched == fresh
                assert said == []

    async def test_of_two_that_are_chosen_in_a_breath_the_last_counts_however_late_the_first_comes(self, bench: Page) -> None:
        assert await bench.evaluate(TWO_AT_ONCE) == ["fr", "fr", sentences("fr")["settings.close"]]

    async def test_a_language_that_does_not_come_leaves_all_as_it_was_and_a_sentence_says_so(self, browser: Browser, far: FarEnd) -> None:
        async with page_in(browser) as page:
            await page.route("**/locales/fr.json", lambda route: route.abort())
            await page.goto(far.address)
            await welcomed(far)
            await page.get_by_role("button", name="Settings").click()
            await page.get_by_label("Language of this page").select_option("fr")
            await expect(page.locator(".notice .sentence")).to_contain_text("The server does not answer.")
            await expect(page.get_by_label("Language of this page")).to_have_value("en")

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_nothing_is_wider_than_a_telephone_in_any_language(self, browser: Browser, far: FarEnd, language: str) -> None:
        async with page_in(browser, viewport={"width": 360, "height": 740}, locale=language) as page:
            await page.goto(far.address)
            line = await welcomed(far)
            await expect(page.locator("html")).to_have_attribute("lang", language)
            assert await page.evaluate(OUTSIDE) == []
            await asked(page, line)
            line.say("askaloud.notice", code="model_unreachable", message="", recoverable=False, retry_after_ms=60_000)
            await page.wait_for_selector(".notice")
            await page.locator("ask-tools button").last.click()
            await page.wait_for_selector("dialog[open]")
            assert await page.evaluate(OUTSIDE) == []


TWO_AT_ONCE = """async () => {
  const { language, loadLocale, t } = await import('/locale.js');
  const whole = window.fetch;
  let come = () => {};
  const late = new Promise((resolve) => { come = resolve; });
  window.fetch = async (address) => {
    const answer = await whole(address);
    if (String(address).endsWith('/de.json')) await late;
    return answer;
  };
  const first = loadLocale('de');
  await loadLocale('fr');
  come();
  await first;
  const said = [language(), localStorage.getItem('askaloud.language'), t('settings.close')];
  window.fetch = whole;
  await loadLocale('en');
  localStorage.clear();
  return said;
}"""
"""German, whose sentences are long on their way, and then French."""


async def asked(page: Page, line: Line) -> None:
    """A question with sources, of which one was used, and an answer that was cut short."""
    line.question("u", "How many?")
    line.say("askaloud.searching", call_id="k", query="days abroad")
    sources = [SOURCE, {**SOURCE, "number": 2, "id": "p2", "page": None}]
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id="u", sources=sources)
    line.answer_begins("r", "a", "Thirty days.")
    line.say("askaloud.cited", response_id="r", item_id="a", source_ids=["p1"])
    line.answer_ends("r", "a", status="cancelled")
    line.say("askaloud.notice", code="model_quota", message="", recoverable=True, retry_after_ms=20_000)
    await page.wait_for_selector(".notice")
    await page.wait_for_selector('.answer[data-status="interrupted"]')
    await page.wait_for_selector("li[data-cited] .card")


WORDS = """() => {
  const told = [];
  const apart = 'svg, svg *, [role=log], [role=log] *, .countdown, noscript, .halted, .halted *';
  for (const each of document.querySelectorAll(`body *:not(${apart})`)) {
    const named = ['aria-label', 'title', 'placeholder', 'alt'].filter((name) => each.hasAttribute(name));
    told.push(...named.map((name) => `${name}: ${each.getAttribute(name)}`));
    for (const node of each.childNodes) if (node.nodeType === Node.TEXT_NODE && node.data.trim()) told.push(node.data);
  }
  return told;
}"""
"""Every word of the page, seen or only heard; but for what the log has told already, what counts down, and what stands ready in the
server's words."""

OUTSIDE = """() => [...document.querySelectorAll('body *:not(.unseen, .unseen *, svg, svg *)')]
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width && (box.left < -1 || box.right > innerWidth + 1))
  .map(([each, box]) => `${each.tagName}.${each.className}: ${box.left} to ${box.right}`)"""
