"""The socket: what it sends, what it drops, and how it tells that the other side is gone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import JSHandle, Page
from tests.frontend.far_end import FarEnd

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

OPEN = """async (times) => {
  const { Client } = await import('/client.js');
  const client = new Client(Client.address(document.baseURI), times);
  const log = { heard: [], closed: null };
  client.addEventListener('event', ({ detail }) => log.heard.push(detail));
  const closed = new Promise((resolve) => client.addEventListener('closed', ({ detail }) => resolve(detail)));
  const opened = new Promise((resolve) => client.addEventListener('open', resolve));
  client.open();
  return { client, log, closed, opened };
}"""


async def opened(bench: Page, **times: int) -> JSHandle:
    return await bench.evaluate_handle(OPEN, times)


async def closing(talk: JSHandle) -> dict[str, Any]:
    got: dict[str, Any] = await talk.evaluate("({ closed }) => closed")
    return got


@pytest.mark.parametrize(
    ("page", "socket"),
    [
        ("http://127.0.0.1:8765/", "ws://127.0.0.1:8765/v1/realtime?askaloud=1"),
        ("https://ask.example/?x=1", "wss://ask.example/v1/realtime?askaloud=1"),
        ("https://ask.example/library/", "wss://ask.example/library/v1/realtime?askaloud=1"),
    ],
)
async def test_the_socket_goes_to_where_the_page_came_from(bench: Page, page: str, socket: str) -> None:
    assert await bench.evaluate("async (page) => (await import('/client.js')).Client.address(page)", page) == socket


async def test_events_go_both_ways_and_what_is_no_event_is_ignored(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench)
    line = await far.line()
    for frame in ("not json", "[1]", "null", '{"no": "type"}', b"\x00\x01", '{"type": 5}'):
        line.say_raw(frame)
    line.say("askaloud.heartbeat")
    await talk.evaluate("({ opened }) => opened")
    assert await talk.evaluate("({ client }) => client.send({ type: 'response.cancel' })")
    assert await line.heard("response.cancel") == {"type": "response.cancel"}
    line.close(1000)
    await closing(talk)
    assert await talk.evaluate("({ log }) => log.heard.map(({ type }) => type)") == ["askaloud.heartbeat"]


async def test_nothing_is_sent_where_there_is_no_socket(bench: Page) -> None:
    assert await bench.evaluate("async () => new (await import('/client.js')).Client('ws://x').send({ type: 'response.cancel' })") is False


@pytest.mark.parametrize("code", [1001, 1008, 1009, 1011, 1013])
async def test_a_close_is_told_with_its_code_and_reason(bench: Page, far: FarEnd, code: int) -> None:
    talk = await opened(bench)
    (await far.line()).close(code, "for a reason")
    assert await closing(talk) == {"code": code, "reason": "for a reason", "opened": True, "lost": False}


async def test_a_server_that_falls_silent_is_given_up(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench, watchMs=20)
    line = await far.line()
    await talk.evaluate("({ opened }) => opened")
    line.welcome()
    await talk.evaluate("({ client }) => { client.silenceMs = 300; }")  # only now: it might open later than that
    assert await closing(talk) == {"code": 1006, "reason": "", "opened": True, "lost": True}
    await line.gone.wait()


AS_SOON_AS_IT_TAKES = """async ({ client }) => {
  while (!client.sendAudio('AgAC')) await new Promise((r) => setTimeout(r, 5));
  client.close();
}"""


async def test_sound_is_dropped_while_more_than_a_second_of_it_waits(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench)
    line = await far.line()
    await talk.evaluate("({ opened }) => opened")
    dropped = await talk.evaluate(
        """({ client }) => {
          const first = client.sendAudio('AAAA');
          client.send({ type: 'response.cancel', padding: 'x'.repeat(200_000) }); // nothing of it has left the browser yet
          const sent = [first, client.sendAudio('AQAB')];
          return { sent, count: client.dropped };
        }"""
    )
    await line.heard("response.cancel")
    await talk.evaluate(AS_SOON_AS_IT_TAKES)  # the browser hears a little later than the server that all has left
    await line.gone.wait()
    assert dropped == {"sent": [True, False], "count": 1}
    assert [event["audio"] for event in line.of_type("input_audio_buffer.append")] == ["AAAA", "AgAC"]


async def test_a_new_socket_leaves_the_old_one_without_a_word(bench: Page, far: FarEnd) -> None:
    talk = await opened(bench)
    first = await far.line()
    await talk.evaluate("({ opened }) => opened")
    await talk.evaluate("({ client }) => client.open()")
    second = await far.line()
    await first.gone.wait()
    second.close(1011)
    assert (await closing(talk))["code"] == 1011
