"""The whole page in a real browser, with the server in the test's hands. Each test ends with a silent console (see `conftest.py`)."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, Request, expect
from tests.browser.driving import console_of, page_in
from tests.frontend.far_end import SOURCE, FarEnd
from tests.frontend.looking import greeted, in_phase, welcomed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

FIRST_LOAD_MAX_BYTES = 150_000
"""As it travels, packed, with the heads of the answers."""


async def test_what_is_typed_is_bounded(page: Page, far: FarEnd) -> None:
    await welcomed(far)
    box = page.get_by_role("textbox")
    await box.evaluate("(box) => { box.value = 'x'.repeat(7_995); box.focus(); }")
    await page.keyboard.type("yyyyyyyyyy")
    assert await box.evaluate("(box) => box.value.length") == 8_000
    await expect(page.locator(".left")).to_have_text("Characters left: 0")


async def test_a_key_that_ends_a_word_in_the_making_sends_nothing_and_stops_nothing(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    box = page.get_by_role("textbox")
    await box.fill("はい")
    await box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    await expect(box).to_have_value("はい")
    await box.press("Enter")
    await line.heard("response.create")
    assert len(line.of_type("conversation.item.create")) == 1
    await box.dispatch_event("keydown", {"key": "Escape", "keyCode": 229})
    line.answer_begins("r", "a", "Thirty.")
    await expect(page.locator(".answer .text")).to_have_text("Thirty.")  # of what was stopped nothing would be shown
    assert line.of_type("response.cancel") == []


async def test_a_button_whose_name_says_what_a_press_does_has_no_state_beside_it(page: Page, far: FarEnd) -> None:
    await welcomed(far)
    await page.get_by_role("button", name="Talk: open the microphone").click()
    close = page.get_by_role("button", name="Close the microphone")
    await expect(close).to_be_visible()
    assert await close.get_attribute("aria-pressed") is None


async def test_everything_can_be_reached_and_done_with_the_keyboard_alone(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await expect(page.locator("#doors")).to_contain_text("stand-in")
    names = []
    for _ in range(8):
        await page.keyboard.press("Tab")
        names.append(await page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"))
    examples = ["“How many days can I work from abroad?”", "“When is a taxi reimbursed?”", "“How do I set a new password?”"]
    assert names == ["Skip to the question box", "Settings", *examples, "Talk: open the microphone", "Type a question", "Ask"]
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.type("How many?")
    await page.keyboard.press("Enter")
    created = await line.heard("conversation.item.create")
    line.say("askaloud.sources", call_id="k", response_id="r0", user_item_id=created["item"]["id"], sources=[SOURCE])
    await page.wait_for_selector(".card")
    await page.locator(".card").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Handbook")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    assert await page.evaluate("document.activeElement.className") == "card"
    assert line.of_type("response.cancel") == []  # that Escape was the dialog's
    await page.keyboard.press("Escape")
    await line.heard("response.cancel")


async def test_a_notice_of_the_server_is_shown_in_the_pages_words_or_else_in_its_own(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    line.say("askaloud.notice", code="model_quota", message="429", recoverable=True, retry_after_ms=19_500)
    line.say("askaloud.notice", code="from_the_future", message="A sentence of the server.", recoverable=True, retry_after_ms=None)
    notices = page.locator(".notice p")
    await expect(notices.nth(1)).to_contain_text("Please try again in 20 seconds.")
    await expect(notices.nth(0)).to_have_text("A sentence of the server.")
    await page.locator(".notice").nth(0).get_by_role("button", name="Dismiss").click()
    await expect(notices).to_have_count(1)


async def test_a_setting_that_was_refused_is_named_in_the_servers_words_below_the_pages_own(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    named = "AZURE_OPENAI_REALTIME_VOICE_CHOICE was not accepted."
    line.say("askaloud.notice", code="model_refused_setting", message=named, recoverable=True, retry_after_ms=None)
    await expect(page.locator(".notice .sentence")).to_have_text(
        "One of this page’s settings was not accepted and is left out. Everything else works."
    )
    await expect(page.locator(".notice .setting")).to_have_text(f"For whoever runs this page: {named}")
    await expect(page.locator(".notice .named")).to_have_attribute("lang", "en")
    line.say("askaloud.notice", code="search_slow", message="The server's own words.", recoverable=True, retry_after_ms=None)
    other = page.locator('.notice[data-key="search_slow"]')
    await expect(other).to_be_visible()
    await expect(other.locator(".setting")).to_be_hidden()
    await expect(other.locator(".remark")).to_be_hidden()


@pytest.mark.parametrize(
    ("doors", "words"),
    [
        ({"realtime": "stand-in", "search": "stand-in"}, "not Azure"),
        ({"realtime": "stand-in", "search": "azure"}, "Heard and spoken by the built-in stand-in"),
        ({"realtime": "azure", "search": "stand-in"}, "built-in search"),
        ({"realtime": "azure", "search": "azure"}, ""),
    ],
)
async def test_the_page_says_which_door_is_the_stand_in(page: Page, far: FarEnd, doors: dict[str, str], words: str) -> None:
    line = await welcomed(far, doors=doors)
    line.say("askaloud.notice", code="search_slow", message="", recoverable=True, retry_after_ms=None)
    await page.wait_for_selector(".notice")
    await expect(page.locator("#doors")).to_contain_text(words)
    assert bool((await page.locator("#doors").inner_text()).strip()) is bool(words)


async def test_the_chosen_voice_is_asked_for_and_remembered(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Voice of the answers").select_option("marin")
    update = await line.heard("session.update")
    assert update["session"] == {"type": "realtime", "audio": {"output": {"voice": "marin"}}}
    await page.get_by_role("button", name="New conversation").click()
    again = await welcomed(far)
    assert (await again.heard("session.update"))["session"] == update["session"]
    await page.reload()
    third = await welcomed(far)
    assert (await third.heard("session.update"))["session"] == update["session"]


async def test_who_goes_back_to_the_servers_own_voice_hears_that_one(page: Page, far: FarEnd) -> None:
    line = await far.line()
    line.say("session.created", session={"id": "s", "audio": {"output": {"voice": "alloy"}}})
    line.say("askaloud.conversation", conversation_id="c", voices=["alloy", "marin"])
    await page.get_by_role("button", name="Settings").click()
    voice = page.get_by_label("Voice of the answers")
    await voice.select_option("marin")
    await voice.select_option(label="As the server has it")
    back = await line.heard("session.update", 2)
    assert back["session"] == {"type": "realtime", "audio": {"output": {"voice": "alloy"}}}


async def test_a_screen_reader_hears_each_finished_turn_once(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    line.question("u", "How many?")
    line.answer_begins("r", "a", "Thirty")
    line.words("r", "a", " days.")
    line.answer_ends("r", "a")
    line.say("askaloud.heartbeat")
    await expect(page.get_by_role("log").locator("p")).to_have_text(["You: How many?", "Answer: Thirty days."])


async def test_a_new_conversation_leaves_no_words_of_the_old_one_behind(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    line.question("u", "How many?")
    line.answer_begins("r", "a", "Thirty days.")
    line.answer_ends("r", "a")
    await expect(page.get_by_role("log").locator("p")).to_have_count(2)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("button", name="New conversation").click()
    again = await welcomed(far)
    await expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    assert await page.locator("main").evaluate("(main) => /How many\\?|Thirty/.test(main.querySelector('[role=log]').textContent)") is False
    again.question("u", "How many more?")
    await expect(page.get_by_role("log").locator("p")).to_have_text(["You: How many more?"])


@pytest.mark.parametrize("how", ["mouse", "keys"])
async def test_an_example_is_asked_as_if_it_were_typed_and_the_focus_goes_to_its_answer(page: Page, far: FarEnd, how: str) -> None:
    line = await welcomed(far)
    example = page.get_by_role("button", name="When is a taxi reimbursed?")
    if how == "keys":
        await example.focus()
        await page.keyboard.press("Enter")
    else:
        await example.click()
    created = await line.heard("conversation.item.create")
    assert created["item"]["content"] == [{"type": "input_text", "text": "When is a taxi reimbursed?"}]
    await line.heard("response.create")
    await expect(page.locator(".question")).to_have_text("When is a taxi reimbursed?")
    await expect(page.get_by_role("region", name="Conversation")).to_be_focused()


async def test_the_reason_of_an_end_is_one_notice_from_its_first_word_on(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    await page.evaluate(ROWS)
    line.say("askaloud.notice", code="server_going_away", message="", recoverable=False, retry_after_ms=5_000)
    line.close(1001, "server going away")
    await expect(page.locator(".notice").get_by_role("button", name="Start again")).to_be_visible()
    await expect(page.locator(".notice .sentence")).to_have_text("The server is being restarted. Please start again in 5 seconds.")
    assert await page.evaluate("rows") == ["The server is being restarted. Please start again in 5 seconds."]
    await page.locator(".notice").get_by_role("button", name="Start again").click()
    await welcomed(far)
    await expect(page.locator(".notice")).to_have_count(0)


ROWS = """() => {
  window.rows = [];
  const told = (changes) => changes.flatMap(({ addedNodes }) => [...addedNodes])
    .filter((node) => node.className === 'notice').forEach((row) => rows.push(row.querySelector('.sentence').textContent));
  new MutationObserver(told).observe(document.querySelector('ask-notices'), { childList: true, subtree: true });
}"""
"""What a screen reader hears of the messages: each row as it is laid down."""


async def test_a_model_that_cannot_be_reached_is_still_said_after_starting_again(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    line.say("askaloud.notice", code="model_unreachable", message="", recoverable=False, retry_after_ms=None)
    line.close(1011, "the model cannot be reached")
    await page.get_by_role("group", name="Talk or type").get_by_role("button", name="Start again").click()
    again = await welcomed(far)
    await expect(page.locator("ask-controls")).to_have_attribute("data-phase", "idle")
    await expect(page.locator(".notice p")).to_contain_text("The assistant cannot be reached.")
    await page.get_by_role("textbox").fill("How many?")
    await page.keyboard.press("Enter")
    await again.heard("response.create")
    await expect(page.locator(".notice")).to_have_count(0)


NO_STORAGE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });"


async def test_where_the_browser_forbids_storage_a_choice_lasts_as_long_as_the_page(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        with console_of(page) as said:
            await page.add_init_script(NO_STORAGE)
            await page.goto(far.address)
            line = await welcomed(far)
            await page.get_by_role("button", name="Settings").click()
            await page.get_by_label("Voice of the answers").select_option("marin")
            update = await line.heard("session.update")
            await page.get_by_label("Language of this page").select_option("de")
            await expect(page.locator("html")).to_have_attribute("lang", "de")
            await page.get_by_role("button", name="Neues Gespräch").click()
            assert (await (await welcomed(far)).heard("session.update"))["session"] == update["session"]
            assert said == []


async def test_events_that_lack_what_their_types_promise_end_nothing(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address)
        line = await welcomed(far)
        for type_ in BARE:
            line.say(type_)
        line.question("u", "How many?")
        line.answer_begins("r", "a", "Thirty.")
        line.answer_ends("r", "a")
        await expect(page.locator('.answer[data-status="done"] .text')).to_have_text("Thirty.")
        await in_phase(page, "idle")


BARE = (
    *("response.created", "response.output_item.added", "response.output_audio.delta", "response.output_text.delta", "response.done"),
    *("conversation.item.added", "conversation.item.deleted", "conversation.item.input_audio_transcription.completed", "error"),
    *("askaloud.sources", "askaloud.cited", "askaloud.notice", "askaloud.from_the_future"),
)


async def test_several_searches_stand_in_one_line_that_ends_where_the_page_does(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    line.question("u", "How many days?")
    long = "paid days abroad " + "vacation leave holiday absence " * 20
    line.say("askaloud.searching", call_id="k", query="days abroad")
    line.say("askaloud.searching", call_id="k2", query=long)
    query = page.locator(".query:visible")
    await expect(query).to_have_text(f"Looked for “days abroad” and “{long}”")
    height, font = await query.evaluate("(line) => [line.clientHeight, parseFloat(getComputedStyle(line).lineHeight)]")
    assert height < 1.5 * font


async def test_a_query_is_shown_only_where_it_says_something_else_than_the_question(page: Page, far: FarEnd) -> None:
    line = await welcomed(far)
    line.question("u", "How many days?")
    line.say("askaloud.searching", call_id="k", query="days, how many")
    line.question("u2", "And paid?")
    line.say("askaloud.searching", call_id="k2", query="paid days abroad")
    await expect(page.locator(".query:visible")).to_have_text(["Looked for “paid days abroad”"])


async def test_the_door_asks_for_the_key_without_a_script_and_says_when_it_was_wrong(page: Page, far: FarEnd) -> None:
    await greeted(page, far)
    await page.goto(far.address + "enter.html")
    await expect(page.get_by_role("alert")).to_be_hidden()
    await expect(page.get_by_label("Access key")).to_be_focused()
    assert await page.locator("form").evaluate("(form) => [form.method, new URL(form.action).pathname]") == ["post", "/enter"]
    await page.goto(far.address + "enter.html#wrong")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await page.locator("script").count() == 0


async def test_leaving_the_page_says_goodbye(page: Page, far: FarEnd) -> None:
    line = await greeted(page, far)
    await page.goto(far.address + "blank.html")
    await line.gone.wait()


@pytest.mark.parametrize("language", ["en", "ar"])  # and the one whose letters take the most room
async def test_the_first_load_is_small_and_all_from_one_place(browser: Browser, far: FarEnd, language: str) -> None:
    async with page_in(browser, locale=language) as page:
        requests: list[Request] = []
        page.on("request", lambda request: requests.append(request))
        await page.goto(far.address)
        await far.line()  # a slow page may rest for a while before it has all that it begins with
        await page.wait_for_load_state("networkidle")
        assert [request.url for request in requests if not request.url.startswith(far.address)] == []
        assert [request.url.rpartition("/")[2] for request in requests if "/locales/" in request.url] == [f"{language}.json"]
        sizes = [await request.sizes() for request in requests]
        travelled = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
        assert 30_000 < travelled < FIRST_LOAD_MAX_BYTES


@pytest.mark.parametrize("width", [360, 768, 1440])
async def test_nothing_is_wider_than_the_screen(browser: Browser, far: FarEnd, width: int) -> None:
    async with page_in(browser, viewport={"width": width, "height": 740}) as page:
        await page.goto(far.address)
        line = await welcomed(far)
        line.question("u", "W" * 300)
        line.say(
            "askaloud.sources",
            call_id="k",
            response_id="r0",
            user_item_id="u",
            sources=[{**SOURCE, "title": "x" * 200, "excerpt": "y" * 400}],
        )
        line.answer_begins("r", "a", "https://example.com/" + "z" * 300)
        await page.wait_for_selector(".card")
        wide = await page.evaluate(TOO_WIDE)
        assert wide == []


TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.className)"""
