"""How the model's door is opened, and how it refuses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.utils import accept_key

from askaloud.conversation import upstream
from askaloud.conversation.patience import PATIENCE, Patience
from askaloud.conversation.refusal import RETRY_MAX_MS
from askaloud.conversation.upstream import reach
from askaloud.errors import UpstreamError
from askaloud.settings import RealtimeDoor

SHORT = replace(PATIENCE, connect_s=0.1)
LEFT_MAX_S = 60.0
"""A bound for a broken test."""


@dataclass
class FarEnd:
    """A door that remembers who knocked."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    heard: list[str | bytes] = field(default_factory=list)
    first_words: tuple[str | bytes, ...] = ()

    def door(self, kind: str = "azure", key: str | None = "the key", model: str = "gpt-test") -> RealtimeDoor:
        return RealtimeDoor(f"ws://127.0.0.1:{self.port}/openai/v1", model, key, kind)


@asynccontextmanager
async def far_end(
    status: HTTPStatus | None = None, headers: dict[str, str] | None = None, first_words: tuple[str | bytes, ...] = ()
) -> AsyncIterator[FarEnd]:
    far = FarEnd(first_words=first_words)

    def knock(connection: ServerConnection, request: Request) -> Response | None:
        far.requests.append(request)
        if status is None:
            return None
        refusal = connection.respond(status, "planted words of the service\n")
        refusal.headers.update(headers or {})
        return refusal

    async def talk(connection: ServerConnection) -> None:
        for word in far.first_words:
            await connection.send(word)
        async for frame in connection:
            far.heard.append(frame)

    async with serve(talk, "127.0.0.1", 0, process_request=knock, compression=None) as server:
        far.port = next(iter(server.sockets)).getsockname()[1]
        yield far


async def refusal(door: RealtimeDoor, token: upstream.Token | None = None, patience: Patience = PATIENCE) -> UpstreamError:
    with pytest.raises(UpstreamError) as refused:
        await reach(door, token, patience, lambda frame: None)
    assert not refused.value.notice.recoverable
    return refused.value


async def token() -> str:
    return "a token"


@pytest.mark.parametrize(
    ("kind", "key", "header", "value"),
    [
        ("azure", "the key", "api-key", "the key"),
        ("stand-in", "the key", "api-key", "the key"),
        ("openai", "the key", "Authorization", "Bearer the key"),
        ("custom", "the key", "Authorization", "Bearer the key"),
        ("azure", None, "Authorization", "Bearer a token"),
    ],
)
async def test_each_kind_of_door_gets_its_key_as_it_wants_it(kind: str, key: str | None, header: str, value: str) -> None:
    async with far_end() as far:
        model = await reach(far.door(kind, key), token, PATIENCE, lambda frame: None)
        await model.close()
        (request,) = far.requests
        assert request.headers[header] == value
        assert ("api-key" in request.headers) != ("Authorization" in request.headers)
        assert request.path == "/openai/v1/realtime?model=gpt-test"


async def test_a_models_name_is_quoted() -> None:
    async with far_end() as far:
        await (await reach(far.door(model="a b&c=d/é"), None, PATIENCE, lambda frame: None)).close()
        assert far.requests[0].path == "/openai/v1/realtime?model=a%20b%26c%3Dd%2F%C3%A9"


async def test_frames_are_heard_whole_and_in_order_whatever_their_kind() -> None:
    words: tuple[str | bytes, ...] = ("first", *(b"binary" for _ in range(100)), "x" * 200_000, "last")
    heard: list[bytes] = []
    all_heard = asyncio.Event()

    def hear(frame: bytes) -> None:
        heard.append(frame)
        if frame == b"last":
            all_heard.set()

    async with far_end(first_words=words) as far:
        model = await reach(far.door(), None, PATIENCE, hear)
        async with asyncio.timeout(LEFT_MAX_S):
            await all_heard.wait()
        await model.close()
        assert heard == [word.encode() if isinstance(word, str) else word for word in words]


async def test_what_is_sent_arrives_as_text() -> None:
    async with far_end() as far:
        model = await reach(far.door(), None, PATIENCE, lambda frame: None)
        assert model.send_now(b'{"a":1}')
        await model.send(b'{"b":2}')
        await model.close()
        await model.closed()
        assert far.heard == ['{"a":1}', '{"b":2}']
        assert not model.send_now(b"too late")
        await model.send(b"too late")


@pytest.mark.parametrize(
    ("status", "code", "setting"),
    [
        (HTTPStatus.UNAUTHORIZED, "model_refused_key", "AZURE_OPENAI_API_KEY"),
        (HTTPStatus.FORBIDDEN, "model_refused_key", "AZURE_OPENAI_API_KEY"),
        (HTTPStatus.NOT_FOUND, "model_missing", "AZURE_OPENAI_REALTIME_DEPLOYMENT"),
        (HTTPStatus.TOO_MANY_REQUESTS, "model_quota", ""),
        (HTTPStatus.INTERNAL_SERVER_ERROR, "model_unreachable", "AZURE_OPENAI_ENDPOINT"),
        (HTTPStatus.OK, "model_unreachable", "AZURE_OPENAI_ENDPOINT"),
    ],
)
async def test_each_refusal_is_a_sentence_that_names_the_setting_to_look_at(status: HTTPStatus, code: str, setting: str) -> None:
    async with far_end(status) as far:
        notice = (await refusal(far.door())).notice
        assert notice.code == code
        assert setting in notice.message
        assert "planted" not in notice.message


@pytest.mark.parametrize(
    ("kind", "setting"), [("openai", "OPENAI_API_KEY"), ("custom", "ASKALOUD_REALTIME_API_KEY"), ("stand-in", "ASKALOUD_DATA")]
)
async def test_the_setting_is_that_of_the_door(kind: str, setting: str) -> None:
    async with far_end(HTTPStatus.UNAUTHORIZED) as far:
        assert setting in (await refusal(far.door(kind))).notice.message


@pytest.mark.parametrize(
    ("said", "waits"),
    [("7", 7_000), (" 7 ", 7_000), ("999999", RETRY_MAX_MS), ("soon", None), ("-1", None), ("Fri, 01 Jan 2027 00:00:00 GMT", None)],
)
async def test_a_used_up_quota_says_when_to_come_back(said: str, waits: int | None) -> None:
    async with far_end(HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": said}) as far:
        assert (await refusal(far.door())).notice.retry_after_ms == waits


async def test_a_redirect_is_not_followed_for_our_key_would_go_with_it() -> None:
    async with far_end() as elsewhere:
        address = f"ws://127.0.0.1:{elsewhere.port}/openai/v1/realtime"
        async with far_end(HTTPStatus.TEMPORARY_REDIRECT, {"Location": address}) as far:
            assert (await refusal(far.door())).notice.code == "model_unreachable"
        assert elsewhere.requests == []


async def test_a_door_that_nobody_opens_is_unreachable() -> None:
    assert (await refusal(RealtimeDoor("ws://127.0.0.1:9/openai/v1", "m", "k", "azure"))).notice.code == "model_unreachable"


@asynccontextmanager
async def port(answer: bytes | None) -> AsyncIterator[RealtimeDoor]:
    """Something that answers with these bytes to whatever it is told, or never."""
    parted = asyncio.Event()

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer is None:
            await reader.read()
        else:
            await reader.read(1)
            writer.write(answer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        parted.set()

    async with await asyncio.start_server(visit, "127.0.0.1", 0) as server:
        yield RealtimeDoor(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", "m", "k", "azure")
        await parted.wait()


async def test_a_door_that_speaks_another_language_is_unreachable() -> None:
    async with port(b"220 mail.example ESMTP\r\n") as door:
        assert (await refusal(door)).notice.code == "model_unreachable"


async def test_a_door_that_never_answers_is_given_up() -> None:
    async with port(None) as door:
        assert (await refusal(door, patience=SHORT)).notice.code == "model_timeout"


async def test_a_login_that_fails_or_hangs_is_told_as_such() -> None:
    async def fails() -> str:
        raise RuntimeError("planted words")

    async def hangs() -> str:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets that event")

    for login in (fails, hangs):
        notice = (await refusal(RealtimeDoor("ws://127.0.0.1:9/v1", "m", None, "azure"), login, SHORT)).notice
        assert notice.code == "model_refused_key"
        assert "planted" not in notice.message


async def test_a_model_that_does_not_answer_our_close_is_left() -> None:
    async def shake_hands_and_freeze(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        key = next(line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
        accept = f"Sec-WebSocket-Accept: {accept_key(key.decode())}"
        writer.write(
            "\r\n".join(["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", accept, "", ""]).encode()
        )
        await reader.read()  # until the other side gives up
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        parted.set()

    parted = asyncio.Event()
    async with await asyncio.start_server(shake_hands_and_freeze, "127.0.0.1", 0) as server:
        door = RealtimeDoor(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", "m", "k", "azure")
        model = await reach(door, None, replace(PATIENCE, hang_up_s=0.1), lambda frame: None)
        async with asyncio.timeout(LEFT_MAX_S):
            await model.close()
            await model.closed()
            await parted.wait()


@asynccontextmanager
async def proxy() -> AsyncIterator[str]:
    """A proxy that lets nobody through who does not sign in."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("written", ["http://{}", "http://person:planted@{}", "socks5://{}", "gopher://person:planted@{}"])
async def test_a_proxy_that_does_not_lead_to_the_model_is_told_by_the_variables_that_name_it(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with proxy() as address:
        monkeypatch.setenv("HTTPS_PROXY", written.format(address))
        refused = await refusal(RealtimeDoor("wss://resource.invalid/openai/v1", "m", "the key", "azure"))
    assert refused.notice.code == "model_unreachable"
    assert "HTTPS_PROXY" in refused.notice.message
    assert "planted" not in str(refused)
