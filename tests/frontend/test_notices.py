"""What a person is told when something is amiss: every code there is, that each is told at all, once, and with when to try again."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.driving import console_of, page_in
from tests.commands import ROOT
from tests.frontend.codes import SENTENCES, codes, told
from tests.frontend.far_end import FRONTEND, RATE, FarEnd, tone
from tests.frontend.looking import in_phase, welcomed

from askaloud import __version__
from askaloud.conversation import refusal
from askaloud.conversation.notices import MODEL_WITHHELD, not_written_down
from askaloud.errors import Notice, NoticeCode

browsing = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HERE = "frontend/test_notices.py"
FAILURES = "contract/test_failures.py::test_each_failure_has_a_code_and_a_sentence_in_the_page_and_the_log_and_an_end"
SEARCHES = "contract/test_search_failures.py::test_each_failure_has_a_notice_and_an_honest_answer_and_the_conversation_goes_on"
MODERATED = "askaloud/conversation/test_turns.py::test_a_typed_message_that_was_not_let_through_never_reaches_the_model"
RETURN = "frontend/test_endings.py::test_a_conversation_that_"
FIRED = {
    "not_allowed": "contract/test_bad_input.py::test_it_is_refused_with_the_protocols_own_error_and_the_conversation_goes_on",
    "bad_event": f"{HERE}::test_an_error_of_the_protocol_is_told_in_the_pages_words",
    "too_fast": "contract/test_bad_input.py::test_sound_at_a_hundred_times_real_time_is_too_fast",
    "too_slow": "askaloud/conversation/test_relay.py::test_a_person_who_never_reads_holds_neither_the_model_nor_a_place_in_the_lobby",
    "too_large": f"{HERE}::test_each_end_has_its_sentence",
    "too_many_conversations": "askaloud/test_app.py::test_who_comes_when_all_places_are_taken_hears_when_to_come_again",
    "wrong_access_key": "askaloud/test_app.py::test_without_the_key_a_page_hears_why_and_is_closed_with_1008",
    "server_going_away": "contract/test_trouble.py::test_a_server_that_goes_away_says_goodbye_to_everybody",
    "internal_error": "askaloud/conversation/test_relay.py::test_a_mistake_of_ours_ends_this_conversation_with_1011_and_no_other",
    **dict.fromkeys(("model_unreachable", "model_refused_key", "model_untrusted", "model_missing", "model_wrong_dialect"), FAILURES),
    **dict.fromkeys(("model_quota", "model_timeout", "model_hung_up", "model_refused_session"), FAILURES),
    "model_refused_setting": "contract/test_session.py::"
    "test_an_optional_field_that_the_model_refuses_is_left_out_once_and_its_setting_named",
    "model_failed": "askaloud/conversation/test_session.py::test_an_answer_that_failed_is_explained",
    **dict.fromkeys(
        ("model_withheld", "model_cut_short"),
        "askaloud/conversation/test_shortfall.py::test_an_answer_that_does_not_come_whole_is_explained_to_the_person_and_in_the_log",
    ),
    "not_written_down": "askaloud/conversation/test_shortfall.py::"
    "test_words_that_nobody_writes_down_are_told_once_with_the_setting_and_the_services_code",
    **dict.fromkeys(("search_down", "search_slow", "search_refused", "search_index_empty"), SEARCHES),
    "search_reduced": "contract/test_search_failures.py::test_a_search_with_less_is_told_once_and_sources_come_all_the_same",
    "tool_failed": "contract/test_trouble.py::test_a_search_that_hangs_holds_up_no_sound_and_ends_in_an_answer",
    "message_refused": MODERATED,
    "message_unchecked": MODERATED,
    "conversation_too_long": "askaloud/conversation/test_session.py::"
    "test_that_the_beginning_of_a_long_conversation_is_forgotten_is_told_once_when_a_new_line_does_not_hear_it",
    "microphone_denied": "frontend/test_talk.py::test_a_microphone_that_is_not_allowed_is_a_sentence_and_typing_goes_on",
    **dict.fromkeys(
        ("microphone_missing", "microphone_busy", "microphone_failed"), f"{HERE}::test_a_microphone_that_does_not_open_says_why"
    ),
    "microphone_lost": "frontend/test_talk.py::test_a_microphone_that_is_lost_in_mid_sentence_lets_the_sentence_end",
    "microphone_replaced": "frontend/audio/test_microphones.py::"
    "test_one_that_is_pulled_out_while_it_is_heard_is_replaced_by_the_usual_one_and_that_is_said",
    "insecure_page": "frontend/audio/test_recorder.py::test_a_page_that_is_not_secure_has_its_code",
    "hold_longer": "frontend/test_push.py::test_a_press_that_is_too_short_is_explained_and_no_turn",
    "audio_blocked": f"{HERE}::test_sound_that_the_browser_holds_back_is_told_and_heard_after_a_press_anywhere",
    "audio_failed": f"{HERE}::test_a_browser_without_sound_says_so_and_the_answer_is_read",
    "answer_too_long": f"{HERE}::test_an_answer_longer_than_the_speaker_holds_is_told",
    "network_lost": f"{HERE}::test_each_end_has_its_sentence",
    "network_away_too_long": "frontend/test_away.py::test_after_the_grace_it_is_over_and_a_new_one_is_offered",
    "network_resumed": f"{RETURN}goes_on_says_so_and_hears_what_it_missed",
    "network_not_resumed": f"{RETURN}was_not_kept_ends_where_it_was_and_a_new_one_begins_under_a_line",
    "server_unreachable": "frontend/test_arriving.py::test_a_page_whose_scripts_do_not_come_says_so_and_talks_to_nobody",
    "version_mismatch": f"{HERE}::test_an_old_page_is_told_to_reload_until_it_was",
    "browser_too_old": f"{HERE}::test_a_browser_that_is_too_old_is_told",
    "refused": f"{HERE}::test_each_end_has_its_sentence",
    "goodbye": f"{HERE}::test_each_end_has_its_sentence",
}
"""For each code the test that makes it happen."""


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_code_has_a_sentence_and_a_test_that_makes_it_happen() -> None:
    assert {str(code) for code in NoticeCode} <= codes()
    assert set(FIRED) == codes()


@pytest.mark.parametrize("code", sorted(FIRED))
def test_the_test_of_a_code_exists_and_its_file_knows_the_code_or_its_sentence(code: str) -> None:
    path, _, name = FIRED[code].partition("::")
    assert name in functions(path)
    text = (ROOT / "tests" / path).read_text(encoding="utf-8")
    words = SENTENCES[f"notice.{code}"].split()
    pieces = (" ".join(words[at : at + PIECE_WORDS]).rstrip(".") for at in range(len(words) - PIECE_WORDS + 1))
    assert any(each in text for each in (code, f"NoticeCode.{code.upper()}", *pieces))


def test_the_page_belongs_to_the_version_of_the_server_that_it_comes_with() -> None:
    assert f'VERSION = "{__version__}"' in (FRONTEND / "version.js").read_text(encoding="utf-8")


NO_SOUND = "AudioContext = class { constructor() { throw new DOMException('', 'NotSupportedError'); } };"
NO_WORKLET = "Object.defineProperty(BaseAudioContext.prototype, 'audioWorklet', { value: undefined });"
"""What a browser gives to a page that is not secure."""
NO_LOOKING_BEHIND = """RegExp = class extends RegExp {
  constructor(pattern, flags) {
    if (String(pattern).includes('(?<=')) throw new SyntaxError('invalid group specifier name');
    super(pattern, flags);
  }
};"""
"""WebKit before 16.4."""
PIECE_WORDS = 3
"""So many words in a row of a sentence that are found in a test are no accident."""


async def ask(page: Page, words: str = "How many?") -> None:
    await page.get_by_role("textbox").fill(words)
    await page.keyboard.press("Enter")


class TestInTheBrowser:
    """What a person is told, and how."""

    pytestmark = browsing

    @pytest.mark.parametrize(("code", "notice"), [("not_allowed", "not_allowed"), ("invalid_value", "bad_event"), (None, "bad_event")])
    async def test_an_error_of_the_protocol_is_told_in_the_pages_words(
        self, page: Page, far: FarEnd, code: str | None, notice: str
    ) -> None:
        line = await welcomed(far)
        line.say("error", error={"type": "invalid_request_error", "code": code, "message": "words of the service"})
        await expect(page.locator(".notice p")).to_have_text(told(notice))

    @pytest.mark.parametrize(
        ("code", "notice"),
        [(1000, "goodbye"), (1008, "refused"), (1009, "too_large"), (1013, "too_many_conversations"), (4321, "network_lost")],
    )
    async def test_each_end_has_its_sentence(self, page: Page, far: FarEnd, code: int, notice: str) -> None:
        line = await welcomed(far)
        line.close(code)
        await expect(page.get_by_role("alert").locator("p")).to_have_text(told(notice))
        await in_phase(page, "error")

    @pytest.mark.parametrize(
        ("name", "notice"),
        [
            ("NotFoundError", "microphone_missing"),
            ("OverconstrainedError", "microphone_missing"),
            ("NotReadableError", "microphone_busy"),
            ("AbortError", "microphone_busy"),
            ("TypeError", "microphone_failed"),
        ],
    )
    async def test_a_microphone_that_does_not_open_says_why(self, page: Page, far: FarEnd, name: str, notice: str) -> None:
        await welcomed(far)
        await page.evaluate("(name) => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); }; }", name)
        await page.get_by_role("button", name="Talk").click()
        await expect(page.get_by_role("status", name="Messages").locator("p")).to_have_text(told(notice))
        await in_phase(page, "idle")

    async def test_sound_that_the_browser_holds_back_is_told_and_heard_after_a_press_anywhere(self, browser: Browser, far: FarEnd) -> None:
        async with page_in(browser) as page:
            await page.add_init_script(HELD_BACK)
            await page.goto(far.address)
            line = await welcomed(far)
            await ask(page)
            line.answer_begins("r", "a", "Thirty.")
            line.sound("r", "a", bytes(2 * RATE * 20))
            await expect(page.locator(".notice p")).to_have_text(told("audio_blocked"))
            await page.evaluate("window.allowed = true")
            await page.locator(".brand").click()
            await in_phase(page, "speaking")
            await expect(page.locator(".notice")).to_have_count(0)

    @pytest.mark.parametrize("script", [NO_SOUND, NO_WORKLET], ids=["no sound", "no worklet"])
    async def test_a_browser_without_sound_says_so_and_the_answer_is_read(self, browser: Browser, far: FarEnd, script: str) -> None:
        async with page_in(browser) as page:
            await page.add_init_script(script)
            await page.goto(far.address)
            line = await welcomed(far)
            await ask(page)
            await expect(page.locator(".notice p")).to_have_text(told("audio_failed"))
            line.answer_begins("r", "a", "Thirty.")
            line.sound("r", "a", tone(1))
            line.answer_ends("r", "a")
            await expect(page.locator('.answer[data-status="done"] .text')).to_have_text("Thirty.")
            await in_phase(page, "idle")  # nothing sounds, so nobody waits for its end,
            await expect(page.locator(".answer .ahead")).to_have_count(0)  # and nothing of it is still to be heard
            await page.get_by_role("button", name="Dismiss").click()
            await ask(page, "And paid?")
            line.answer_begins("r2", "a2", "All.")
            line.sound("r2", "a2", tone(1))
            line.answer_ends("r2", "a2")
            await expect(page.locator('.answer[data-status="done"] .text')).to_have_text(["Thirty.", "All."])
            await in_phase(page, "idle")
            await expect(page.locator(".notice")).to_have_count(0)  # once is enough

    async def test_an_answer_longer_than_the_speaker_holds_is_told(self, page: Page, far: FarEnd) -> None:
        line = await welcomed(far)
        await ask(page)
        line.answer_begins("r", "a", "Thirty.")
        line.sound("r", "a", bytes(2 * RATE * 200), piece=480_000)
        await expect(page.locator(".notice p")).to_have_text(told("answer_too_long"))

    async def test_an_old_page_is_told_to_reload_until_it_was(self, page: Page, far: FarEnd) -> None:
        line = await welcomed(far, version="9.9.9")
        await expect(page.locator(".notice p")).to_have_text(told("version_mismatch"))
        await ask(page)
        await line.heard("response.create")
        await expect(page.locator(".notice p")).to_have_text(told("version_mismatch"))
        await page.get_by_role("button", name="Reload the page").click()
        again = await welcomed(far)
        again.answer_begins("r", "a", "Thirty.")
        await expect(page.locator(".answer .text")).to_have_text("Thirty.")
        await expect(page.locator(".notice")).to_have_count(0)

    @pytest.mark.parametrize("lack", ["a method", "a pattern", "the language of a script"])
    async def test_a_browser_that_is_too_old_is_told(self, browser: Browser, far: FarEnd, lack: str) -> None:
        async with page_in(browser) as page:
            if lack == "a method":
                await page.add_init_script("delete Array.prototype.toReversed;")
            elif lack == "a pattern":
                await page.add_init_script(NO_LOOKING_BEHIND)
            else:
                await page.route("**/turns.js", lambda route: route.fulfill(content_type="text/javascript", body="export of tomorrow;"))
            await page.goto(far.address)
            await expect(page.get_by_role("alert").locator("p:visible")).to_have_text([told("browser_too_old"), "Reload the page"])

    @pytest.mark.parametrize(
        ("language", "after_ms", "words"),
        [
            ("en", 19_500, "in 20 seconds."),
            ("en", 1, "in 1 second."),
            ("en", 89_000, "in 89 seconds."),
            ("en", 100_000, "in 2 minutes."),
            ("de", 19_500, "in 20 Sekunden noch einmal."),
            ("ja", 300_000, "5 分後にもう一度お試しください。"),
        ],
    )
    async def test_when_to_try_again_is_told_in_the_pages_words(
        self, browser: Browser, far: FarEnd, language: str, after_ms: int, words: str
    ) -> None:
        async with page_in(browser, locale=language) as page:
            with console_of(page) as said:
                await page.goto(far.address)
                line = await welcomed(far)
                for code in ("model_quota", "model_timeout"):  # one that has a sentence with the time, and one that has not
                    line.say("askaloud.notice", code=code, message="", recoverable=True, retry_after_ms=after_ms)
                await expect(page.locator(".notice .sentence")).to_contain_text([words, words])
                assert said == []

    @pytest.mark.parametrize(
        "notice",
        [
            refusal.by_status("azure", 401),
            refusal.by_status("azure", 401, signed_in=True),
            refusal.by_status("azure", 404),
            refusal.unreachable("azure", "There is no server of this name"),
            refusal.untrusted("azure"),
            refusal.by_error("azure", "beta_api_shape_disabled", None),
            refusal.too_late("azure"),
            not_written_down(" [DeploymentNotFound]"),
            MODEL_WITHHELD,
        ],
        ids=lambda notice: str(notice.code),
    )
    async def test_below_the_sentence_stands_what_whoever_runs_the_page_should_look_at(
        self, page: Page, far: FarEnd, notice: Notice
    ) -> None:
        line = await welcomed(far)
        line.say("askaloud.notice", code=notice.code, message=notice.message, recoverable=True, retry_after_ms=None)
        await expect(page.locator(".notice .sentence")).to_have_text(told(notice.code))
        await expect(page.locator(".notice .setting")).to_have_text(f"For whoever runs this page: {notice.message}")

    async def test_each_is_told_once_at_once_or_in_a_pause(self, page: Page, far: FarEnd) -> None:
        line = await welcomed(far)
        await page.evaluate(TOLD)
        for code, count in (("search_slow", 1), ("search_slow", 1), ("tool_failed", 2)):
            line.say("askaloud.notice", code=code, message="", recoverable=True, retry_after_ms=None)
            await expect(page.locator(".notice")).to_have_count(count)
        line.say("askaloud.notice", code="server_going_away", message="", recoverable=False, retry_after_ms=None)
        line.close(1001, "server going away")
        await in_phase(page, "error")
        await expect(page.get_by_role("alert").get_by_role("button", name="Start again")).to_be_visible()
        heard: list[dict[str, Any]] = await page.evaluate("told")
        assert heard == [
            {"role": "status", "whole": "false", "words": told("search_slow")},
            {"role": "status", "whole": "false", "words": told("tool_failed")},
            {"role": "alert", "whole": "false", "words": told("server_going_away")},
        ]


HELD_BACK = """
const Real = AudioContext;
AudioContext = class extends Real {
  constructor(wish) { super(wish); void super.suspend(); }
  resume() { return window.allowed ? super.resume() : new Promise(() => undefined); }
};
"""
"""A browser that lets nothing sound before it is `allowed`."""

TOLD = """() => {
  window.told = [];
  const regions = document.querySelectorAll('ask-notices [role]');
  const tell = (changes) => {
    for (const { target, addedNodes } of changes) for (const row of addedNodes) {
      if (row.className !== 'notice') continue;
      const [role, whole] = ['role', 'aria-atomic'].map((name) => target.getAttribute(name));
      told.push({ role, whole, words: row.querySelector('p').textContent });
    }
  };
  for (const region of regions) new MutationObserver(tell).observe(region, { childList: true });
}"""
"""What a screen reader hears: each row as it is laid into a region that is read out, and whether all of the region is read again."""
