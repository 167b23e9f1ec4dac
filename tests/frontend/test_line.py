"""Coming back after a lost network: when, how often, with what, and what is heard only once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, JSHandle, Page
from tests.browser.driving import page_in
from tests.frontend.far_end import FarEnd, Line

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

OPEN = """async (delays) => {
  const [{ Client }, { Line }] = await Promise.all([import('/client.js'), import('/line.js')]);
  const line = new Line(new Client(Client.address(document.baseURI), { silenceMs: 3_600_000, watchMs: 20 }), delays);
  const log = { heard: [], away: 0, settled: 0 };
  line.addEventListener('event', ({ detail }) => log.heard.push(detail));
  line.addEventListener('away', () => log.away += 1);
  line.addEventListener('settled', () => log.settled += 1);
  const closed = new Promise((resolve) => line.addEventListener('closed', ({ detail }) => resolve(detail)));
  line.open();
  return { line, log, closed };
}"""
NO_CODE = 1005
GRACE: dict[str, Any] = {"resume_token": "t1", "grace_ms": 60_000}


async def opened(bench: Page, *delays: int) -> JSHandle:
    return await bench.evaluate_handle(OPEN, list(delays) or [1])


async def come_back(far: FarEnd, *, resumed: bool = True) -> Line:
    """The next socket, greeted as one that comes back."""
    line = await far.line()
    await line.heard("askaloud.resume")
    line.say("session.updated", event_id="s", session={})
    line.say("askaloud.conversation", event_id="c", **{**GRACE, "conversation_id": "conv_1", "resume_token": "t2", "resumed": resumed})
    return line


async def heard(talk: JSHandle, count: int) -> list[dict[str, Any]]:
    """What the page's other rooms heard, once it is so much."""
    await talk.evaluate("async ({ log }, count) => { while (log.heard.length < count) await new Promise((r) => setTimeout(r, 5)); }", count)
    got: list[dict[str, Any]] = await talk.evaluate("({ log }) => log.heard")
    return got


@pytest.mark.parametrize("code", [1001, 1011, 1012])
async def test_a_conversation_that_is_kept_is_come_back_to_with_its_token_and_the_last_event_that_was_heard(
    bench: Page, far: FarEnd, code: int
) -> None:
    talk = await opened(bench)
    line = await far.line()
    line.welcome(**GRACE)
    line.say("response.created", event_id="e1", response={"id": "r"})
    line.say("response.output_audio.delta", event_id="e2", response_id="r", item_id="a", delta="AAAA")
    line.say("askaloud.heartbeat", event_id="e3")
    line.close(code, "for a reason")
    back = await far.line()
    wish = await back.heard("askaloud.resume")
    assert wish == {"type": "askaloud.resume", "conversation_id": "conv_1", "resume_token": "t1", "last_event_id": "e1"}
    assert back.received[0] == wish
    back.say("askaloud.conversation", **{**GRACE, "conversation_id": "conv_1", "resume_token": "t2", "resumed": True})
    back.close(code)
    assert (await (await far.line()).heard("askaloud.resume"))["resume_token"] == "t2"
    assert await talk.evaluate("({ log }) => log.away") == 2
    await talk.evaluate("({ line }) => line.close()")


IMPATIENT = """({ line }) => {
  line.addEventListener('away', () => { line.client.silenceMs = 3_600_000; });
  line.client.silenceMs = 100;
}"""
"""Patient before and after, or a slow machine would be taken for silent, too."""


async def test_a_server_that_falls_silent_is_left_without_a_goodbye_and_come_back_to(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench)
    line = await far.line()
    line.welcome(**GRACE)
    await heard(talk, 2)
    await talk.evaluate(IMPATIENT)
    await come_back(far)
    await line.gone.wait()
    assert line.left_with == NO_CODE
    await talk.evaluate("({ line }) => line.close()")


async def test_what_is_said_again_is_heard_once_until_all_that_was_missed_is_there(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench)
    line = await far.line()
    line.welcome(**GRACE)
    line.say("response.created", event_id="e1", response={"id": "r"})
    line.close(1001)
    back = await come_back(far)
    back.say("response.created", event_id="e1", response={"id": "r"})
    back.say("response.done", event_id="e2", response={"id": "r"})
    back.say("session.updated", event_id="s2", session={})
    back.say("response.created", event_id="e1", response={"id": "a model that counts its events anew"})
    events = await heard(talk, 8)
    assert [event["event_id"] for event in events[2:]] == ["e1", "s", "c", "e2", "s2", "e1"]
    assert await talk.evaluate("({ log }) => log.settled") == 1
    await talk.evaluate("({ line }) => line.close()")


@pytest.mark.parametrize("code", [1000, 1008, 1009, 1013])
async def test_what_is_meant_as_an_end_is_one(bench: Page, far: FarEnd, code: int) -> None:
    talk = await opened(bench)
    line = await far.line()
    line.welcome(**GRACE)
    line.close(code)
    closing = await talk.evaluate("({ closed }) => closed")
    assert (closing["code"], closing["stayedAway"]) == (code, False)
    assert await talk.evaluate("({ log }) => log.away") == 0


async def test_a_model_that_hung_up_for_good_is_no_lost_network(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench)
    line = await far.line()
    line.welcome(**GRACE)
    line.say("askaloud.notice", code="model_hung_up", message="", recoverable=False, retry_after_ms=None)
    line.close(1011, "the model hung up")
    assert (await talk.evaluate("({ closed }) => closed"))["code"] == 1011


async def test_a_server_that_restarts_is_come_back_to_though_it_has_said_that_it_goes(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench)
    line = await far.line()
    line.welcome(**GRACE)
    line.say("askaloud.notice", event_id="e1", code="server_going_away", message="", recoverable=False, retry_after_ms=None)
    line.close(1001)
    (await far.line()).close(1001)
    anew = await come_back(far, resumed=False)
    assert (await heard(talk, 5))[-1]["resumed"] is False
    anew.close(1001)
    assert (await (await far.line()).heard("askaloud.resume"))["last_event_id"] is None  # the other's events were another conversation's
    await talk.evaluate("({ line }) => line.close()")


async def test_a_conversation_that_is_not_kept_is_over_with_its_socket(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench)
    line = await far.line()
    line.welcome(resume_token=None, grace_ms=0)
    line.close(1001)
    assert (await talk.evaluate("({ closed }) => closed"))["code"] == 1001


async def test_after_the_grace_it_is_given_up(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.clock.install()
        await page.goto(far.address + "blank.html")
        talk = await opened(page, 10, 20)
        line = await far.line()
        line.welcome(**GRACE)
        line.close(1001)
        for _ in range(2):
            (await far.line()).close(1001)
        last = await far.line()
        assert await talk.evaluate("({ log }) => log.away") == 1
        await page.clock.fast_forward(GRACE["grace_ms"])
        last.close(1001)
        assert (await talk.evaluate("({ closed }) => closed"))["stayedAway"] is True


async def test_between_attempts_it_waits_longer_and_longer_but_not_when_the_browser_is_online_again(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench, 1, 1, 3_600_000)
    line = await far.line()
    line.welcome(**{**GRACE, "grace_ms": 7_200_000})
    line.close(1001)
    for _ in range(2):
        attempt = await far.line()
        await attempt.heard("askaloud.resume")
        attempt.close(1001)
        await attempt.gone.wait()
    await talk.evaluate(
        """async ({ line }) => {
          while (line.client.ready || !line.waiting) await new Promise((r) => setTimeout(r, 5));
          line.hurry();
        }"""
    )
    await (await far.line()).heard("askaloud.resume")
    await talk.evaluate("({ line }) => line.close()")


async def test_an_attempt_that_went_out_into_nothing_is_not_waited_for_when_the_browser_is_online_again(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench, 1)
    line = await far.line()
    line.welcome(**GRACE)
    await heard(talk, 2)
    await talk.evaluate(INTO_NOTHING)
    line.close(1001)
    await talk.evaluate("async () => { await went; window.WebSocket = Whole; }")
    assert await talk.evaluate("({ line }) => line.waiting") is False
    await talk.evaluate("({ line }) => line.hurry()")
    await (await far.line()).heard("askaloud.resume")
    await talk.evaluate("({ line }) => line.close()")


INTO_NOTHING = """({ line }) => {
  line.client.silenceMs = 3_600_000;
  window.Whole = WebSocket;
  window.went = new Promise((resolve) => {
    window.WebSocket = class {
      readyState = Whole.CONNECTING;
      constructor() { setTimeout(resolve); }
      close() {}
    };
  });
}"""
"""From now on nobody answers, and nobody says so."""


async def test_who_leaves_while_the_network_is_away_does_not_come_back(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench, 3_600_000)
    line = await far.line()
    line.welcome(**{**GRACE, "grace_ms": 7_200_000})
    line.close(1001)
    waiting = await talk.evaluate(
        """async ({ log, line }) => {
          while (!log.away) await new Promise((r) => setTimeout(r, 5));
          const before = line.waiting;
          line.close();
          return [before, line.waiting];
        }"""
    )
    assert waiting == [True, False]
