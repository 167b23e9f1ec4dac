"""Every state of the page, each a scene that can be played before a camera or the accessibility checker: the far end says what leads there,
and the scene ends when the page shows it. Scenes know elements by what they are, not by their words, so that they play in every language.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable

from tests.commands import ROOT
from tests.frontend.far_end import RATE
from tests.frontend.looking import in_phase, prompts
from tests.frontend.stage import KEPT, Stage
from tests.frontend.words import ENGLISH

from askaloud.knowledge.draw import draw
from askaloud.knowledge.pages import Wanted

LONG_TURNS = 50
"""Turns of a long conversation."""
TAP = (
    "() => { for (const name of ['keydown', 'keyup']) document.body.dispatchEvent(new KeyboardEvent(name, { key: ' ', bubbles: true })); }"
)
"""The space bar down and up at once, however busy the machine is."""
REFUSED = "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); }; }"
"""The person does not allow the microphone."""
SPEAKING_S = 30
"""How long the answer sounds in scenes that end while it is heard."""


Play = Callable[[Stage], Awaitable[None]]
SCENES: dict[str, Play] = {}
"""By name, in the order in which a person may meet them."""


def scene(play: Play) -> Play:
    """Put a scene into the list, by its name."""
    SCENES[getattr(play, "__name__", "").replace("_", "-")] = play
    return play


@functools.cache
def leaf() -> bytes:
    """Page 7 of the handbook, drawn as the service draws it, with its first passage marked."""
    text = ENGLISH.passages[0][2]
    handbook = ROOT / "scripts" / "sample_documents" / "employee-handbook.pdf"
    drawn = draw(Wanted(str(handbook), 7, text, [(0.05, 0.05, 0.95, 0.6)], ((0, len(text)),)))
    assert not drawn.problem
    return drawn.png


@scene
async def first_visit(stage: Stage) -> None:
    await stage.welcome()


@scene
async def asking_for_the_microphone(stage: Stage) -> None:
    await prompts(stage.page)
    await stage.welcome()
    await stage.talk()
    await in_phase(stage.page, "connecting")


@scene
async def listening(stage: Stage) -> None:
    await stage.welcome()
    await stage.talk()
    await in_phase(stage.page, "listening")


@scene
async def hearing(stage: Stage) -> None:
    await listening(stage)
    stage.line.say("input_audio_buffer.speech_started", item_id="u", audio_start_ms=0)
    await in_phase(stage.page, "hearing")


@scene
async def writing_down(stage: Stage) -> None:
    await listening(stage)
    stage.line.question("u", None)
    await in_phase(stage.page, "thinking")


@scene
async def thinking(stage: Stage) -> None:
    await listening(stage)
    stage.line.question("u", stage.words.question)
    await in_phase(stage.page, "thinking")


@scene
async def searching(stage: Stage) -> None:
    await stage.welcome()
    stage.search(await stage.ask(), many=0)
    await stage.page.locator(".place").wait_for()


@scene
async def searching_for_long(stage: Stage) -> None:
    await searching(stage)
    await stage.page.locator("ask-controls[data-lasting]").wait_for()


@scene
async def found(stage: Stage) -> None:
    await stage.welcome()
    stage.search(await stage.ask())
    await stage.page.locator(".card").nth(3).wait_for()


@scene
async def answering(stage: Stage) -> None:
    await stage.welcome()
    stage.search(await stage.ask())
    stage.answer(sounds_s=SPEAKING_S)
    await in_phase(stage.page, "speaking")
    await stage.page.wait_for_function("() => document.querySelector('.answer .heard')?.textContent.length > 15")


@scene
async def answering_with_an_open_microphone(stage: Stage) -> None:
    await listening(stage)
    stage.search(await stage.ask())
    stage.answer(sounds_s=SPEAKING_S, cited=("p1",))
    await in_phase(stage.page, "speaking")
    await stage.page.locator("li[data-cited]").wait_for()


@scene
async def stopped(stage: Stage) -> None:
    await answering(stage)
    await stage.page.keyboard.press("Escape")
    await stage.page.locator('.answer[data-status="interrupted"]').wait_for()


@scene
async def cited(stage: Stage) -> None:
    await stage.welcome()
    stage.search(await stage.ask())
    stage.answer(cited=("p1",))
    await stage.answered()
    await stage.page.locator("li[data-cited]").wait_for()


@scene
async def follow_up(stage: Stage) -> None:
    await cited(stage)
    stage.search(await stage.ask(stage.words.follow_up), many=2)
    stage.answer(stage.words.follow_up_answer, cited=("p2",))
    await stage.answered(2)


@scene
async def not_found(stage: Stage) -> None:
    await stage.welcome()
    stage.search(await stage.ask(stage.words.not_found), many=3)
    stage.answer(stage.words.not_found_answer, cited=())
    await stage.answered()
    await stage.page.locator("ask-sources[data-judged]").wait_for()


@scene
async def source_as_picture(stage: Stage) -> None:
    _tell_passage(stage, "p1", stage.words.passages[0])
    stage.far.passages["p1/page.png"] = (200, "image/png", leaf())
    await cited(stage)
    await stage.page.locator(".card").first.click()
    await stage.page.wait_for_function("() => document.querySelector('ask-passage img')?.naturalWidth > 0")


@scene
async def source_in_full_size(stage: Stage) -> None:
    await source_as_picture(stage)
    await stage.page.locator(".size").click()
    await stage.page.locator("figure[data-large]").wait_for()


@scene
async def source_as_words(stage: Stage) -> None:
    _tell_passage(stage, "p2", stage.words.passages[1])
    await cited(stage)
    await stage.page.locator(".card").nth(1).click()
    await stage.page.locator("ask-passage mark").first.wait_for()


@scene
async def source_as_table(stage: Stage) -> None:
    _tell_passage(stage, "p3", stage.words.passages[2])
    await cited(stage)
    await stage.page.locator(".card").nth(2).click()
    await stage.page.locator("ask-passage table").wait_for()


def _tell_passage(stage: Stage, id: str, passage: tuple[str, int | None, str]) -> None:
    title, page, text = passage
    told = {"id": id, "title": title, "page": page, "headings": ["5 Working from abroad"], "text": text, "path": "handbook.pdf", "top": 0.2}
    stage.far.passages[id] = (200, "application/json", json.dumps(told).encode())


@scene
async def push_to_talk(stage: Stage) -> None:
    await stage.welcome()
    await stage.push()
    await stage.page.locator("ask-controls[data-pushing]").wait_for()


@scene
async def push_to_talk_held(stage: Stage) -> None:
    await push_to_talk(stage)
    await stage.page.locator(".talk").focus()
    await stage.page.keyboard.down(" ")
    await in_phase(stage.page, "hearing")


@scene
async def typing(stage: Stage) -> None:
    await cited(stage)
    await stage.page.locator("#question").fill(f"{stage.words.follow_up} {stage.words.question} {stage.words.answer} " * 2)


@scene
async def typing_to_the_limit(stage: Stage) -> None:
    await stage.welcome()
    await stage.page.locator("#question").fill("x " * 3_900)
    await stage.page.locator(".left:not(:empty)").wait_for()


@scene
async def reading_instead_of_hearing(stage: Stage) -> None:
    await stage.welcome()
    await stage.settings()
    await stage.page.locator("ask-settings input[type=checkbox]").first.check()
    await stage.page.keyboard.press("Escape")
    stage.search(await stage.ask())
    stage.answer(cited=("p1",))
    await stage.answered()
    await stage.page.locator("li[data-cited]").wait_for()


@scene
async def settings(stage: Stage) -> None:
    await stage.welcome()
    await stage.settings()


@scene
async def trying_the_microphone(stage: Stage) -> None:
    await settings(stage)
    await stage.page.locator(".trial button").click()
    await stage.page.locator(".trial button[data-trying]").wait_for()
    await stage.page.locator(".trial [role=status]:not(:empty)").wait_for()


@scene
async def settings_after_an_answer(stage: Stage) -> None:
    await cited(stage)
    await stage.settings()


@scene
async def notice_with_a_time(stage: Stage) -> None:
    await cited(stage)
    await stage.notice("search_down", retry_after_ms=20_000)


@scene
async def notice_of_a_setting(stage: Stage) -> None:
    await stage.welcome()
    await stage.notice("model_refused_setting", message="AZURE_OPENAI_REALTIME_VOICE_CHOICE was not accepted.")


@scene
async def notice_of_the_microphone(stage: Stage) -> None:
    await stage.page.evaluate(REFUSED)
    await stage.welcome()
    await stage.talk()
    await stage.page.locator('.notice[data-key="microphone_denied"]').wait_for()


@scene
async def three_notices(stage: Stage) -> None:
    await cited(stage)
    await stage.notice("search_slow")
    await stage.notice("model_quota", retry_after_ms=12_000)
    await stage.notice("model_untrusted")


@scene
async def hold_longer(stage: Stage) -> None:
    await push_to_talk_held(stage)
    await stage.line.heard_audio(RATE)
    await stage.page.keyboard.up(" ")
    await stage.line.heard("response.create")
    await stage.page.evaluate(TAP)
    await stage.page.locator('.notice[data-key="hold_longer"]').wait_for()


@scene
async def network_lost(stage: Stage) -> None:
    await cited(stage)
    stage.line.close(1001)
    await in_phase(stage.page, "reconnecting")


@scene
async def network_back(stage: Stage) -> None:
    await network_lost(stage)
    again = await stage.far.line()
    await again.heard("askaloud.resume")
    again.say("askaloud.conversation", event_id="s2", **KEPT, conversation_id="conv_1", resumed=True, voices=["alloy"])
    await stage.page.locator('.notice[data-key="network_resumed"]').wait_for()


@scene
async def conversation_over(stage: Stage) -> None:
    await cited(stage)
    stage.line.say("askaloud.notice", code="model_hung_up", message="", recoverable=False, retry_after_ms=None)
    stage.line.close(1011, "the model hung up")
    await in_phase(stage.page, "error")


@scene
async def a_new_conversation_under_the_old(stage: Stage) -> None:
    await conversation_over(stage)
    await stage.talk()
    stage.line, stage.turns = await stage.far.line(), 0
    await stage.welcome()
    await stage.ask(stage.words.follow_up)
    stage.turns = 9  # ids of its own
    stage.answer(stage.words.follow_up_answer)
    await stage.answered(2)


@scene
async def no_server(stage: Stage) -> None:
    stage.line.close(1013, "too many conversations")
    await in_phase(stage.page, "error")


@scene
async def long_words_and_many_sources(stage: Stage) -> None:
    await stage.welcome()
    item = await stage.ask("Donaudampfschifffahrtsgesellschaftskapitän" * 6)
    stage.search(item, many=12, query="Donaudampfschifffahrtsgesellschaft " * 12)
    stage.answer("https://example.com/" + "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz/" * 4, cited=("p1", "p3"))
    await stage.answered()
    await stage.page.locator(".card").nth(11).wait_for()


@scene
async def long_conversation(stage: Stage) -> None:
    await stage.welcome()
    for number in range(LONG_TURNS // 2):
        stage.turns += 1
        stage.line.question(f"q{number}", stage.words.question if number % 2 else stage.words.follow_up)
        stage.answer(stage.words.answer if number % 2 else stage.words.follow_up_answer)
    await stage.answered(LONG_TURNS // 2)
