"""The ways in which the model's side can fail, as one table: each over a real socket, each with a code, a sentence that names the setting
to look at for the page and in the log, and an end of the conversation. The browser is never left connected to nothing.
"""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import json
import logging
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.contract.house import answers, house
from tests.planted import secret
from tests.scripted_model import Line, scripted_model
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from askaloud.conversation.patience import PATIENCE, Patience
from askaloud.settings import RealtimeDoor

NOT_REACHED, NOT_ANSWERED = replace(PATIENCE, connect_s=0.4), replace(PATIENCE, setup_s=0.4)
"""For the rows in which somebody waits in vain. The others wait for an answer that comes, on a busy machine late."""
UNREACHED, HUNG_UP, REFUSED = "the model cannot be reached", "the model hung up", "the model refused the session"
WORDS = "planted words of the service"

FarEnd = Callable[[], AbstractAsyncContextManager[str]]
"""Something at an address, which is given up to the part before `/realtime`."""


def says(status: int, body: Any = WORDS, **headers: str) -> FarEnd:
    """A server that answers the handshake with this status."""

    def answer(connection: ServerConnection, request: Request) -> Response:
        response = connection.respond(status, body if isinstance(body, str) else json.dumps(body))
        response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return response

    async def never(connection: ServerConnection) -> None:
        raise AssertionError("the handshake was refused")

    @asynccontextmanager
    async def far_end() -> AsyncIterator[str]:
        async with serve(never, "127.0.0.1", 0, process_request=answer) as server:
            yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/openai/v1"

    return far_end


def error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": WORDS}}


def talks(script: Callable[[Line], Awaitable[None]]) -> FarEnd:
    """A server that takes the call and then does as it is told."""

    @asynccontextmanager
    async def far_end() -> AsyncIterator[str]:
        async with scripted_model(script) as far:
            yield far.door.base_url

    return far_end


def closes(code: int, reason: str = WORDS) -> FarEnd:
    """A server that hangs up as soon as it has taken the call."""

    async def script(line: Line) -> None:
        await line.connection.close(code, reason)

    return talks(script)


async def _breaks(line: Line) -> None:
    line.connection.transport.abort()


def refuses(code: str, param: str | None = None, *, names_event: bool = True) -> FarEnd:
    """A server that answers every session of ours with this error."""

    async def script(line: Line) -> None:
        await line.say("session.created", session={})
        while True:
            update = await line.read("session.update")
            await line.refuse(update["event_id"] if names_event else None, code, param, WORDS)

    return talks(script)


def port(answer: bytes | None, scheme: str = "ws") -> FarEnd:
    """A port at which something else listens; it says this to whatever it is told, or nothing at all."""

    @asynccontextmanager
    async def far_end() -> AsyncIterator[str]:
        async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1 if answer is not None else -1)
            if answer is not None:
                writer.write(answer)
            writer.close()

        async with await asyncio.start_server(visit, "127.0.0.1", 0) as server:
            yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/openai/v1"

    return far_end


def nowhere(address: str) -> FarEnd:
    """An address where nobody is."""

    @asynccontextmanager
    async def far_end() -> AsyncIterator[str]:
        yield address

    return far_end


HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


def self_made_certificate(chain: Path, of: x509.GeneralName = HERE) -> None:
    """Write a key and a certificate for this name that is signed by that key alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a stranger")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([of]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))


@asynccontextmanager
async def stranger() -> AsyncIterator[str]:
    """A server with TLS whose certificate nobody has signed but itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        self_made_certificate(Path(folder) / "chain.pem")
        context.load_cert_chain(Path(folder) / "chain.pem")

    async def never(connection: ServerConnection) -> None:
        raise AssertionError("our client trusted a stranger")

    async with serve(never, "127.0.0.1", 0, ssl=context) as server:
        yield f"wss://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/openai/v1"


@dataclass(frozen=True)
class Failure:
    """What is at the address, and what the person hears of it."""

    far_end: FarEnd
    code: str
    settings: tuple[str, ...]
    """What the sentence names."""
    reason: str = UNREACHED
    retry_after_ms: int | None = None
    preview: str | None = None
    key: str | None = secret("model-key")
    detail: str = ""
    """What the log says besides."""
    patience: Patience = PATIENCE


ENDPOINT, KEY, DEPLOYMENT = "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_REALTIME_DEPLOYMENT"
VERSION = "ASKALOUD_REALTIME_API_VERSION"
OLD = "2025-04-01-preview"

FAILURES: dict[str, Failure] = {
    "401": Failure(says(401, error("401")), "model_refused_key", (KEY,), detail="HTTP 401, 401"),
    "403": Failure(says(403), "model_refused_key", (KEY,), detail="HTTP 403"),
    "404 of a deployment": Failure(says(404, error("DeploymentNotFound")), "model_missing", (DEPLOYMENT,), detail="DeploymentNotFound"),
    "404 of a path": Failure(says(404, "<html>"), "model_missing", (ENDPOINT, VERSION)),
    "400 of a model that is no realtime model": Failure(says(400, error("OperationNotSupported")), "model_missing", (DEPLOYMENT,)),
    "400": Failure(says(400), "model_unreachable", (ENDPOINT,)),
    "429": Failure(says(429, Retry_After="7"), "model_quota", (), retry_after_ms=7_000),
    "429 without a time": Failure(says(429), "model_quota", ()),
    "500": Failure(says(500), "model_unreachable", (ENDPOINT,)),
    "503 with a time": Failure(says(503, Retry_After="20"), "model_unreachable", (ENDPOINT,), retry_after_ms=20_000),
    "a redirect": Failure(says(307, Location="ws://127.0.0.1:9/"), "model_unreachable", (ENDPOINT,), detail="HTTP 307"),
    "a page": Failure(says(200, "<html>Sign in</html>"), "model_unreachable", (ENDPOINT,), detail="HTTP 200"),
    "another protocol": Failure(port(b"220 mail.example ESMTP\r\n"), "model_unreachable", (ENDPOINT,)),
    "nobody": Failure(nowhere("ws://127.0.0.1:9/v1"), "model_unreachable", (ENDPOINT,), detail="ConnectionRefusedError"),
    "no such name": Failure(nowhere("wss://resource.invalid/openai/v1"), "model_unreachable", (ENDPOINT,), detail="gaierror"),
    "a name that can be none": Failure(nowhere(f"wss://{'a' * 70}.invalid/openai/v1"), "model_unreachable", (ENDPOINT,)),
    "a certificate of its own": Failure(stranger, "model_untrusted", (ENDPOINT,), detail="CERTIFICATE_VERIFY_FAILED"),
    "no TLS where there should be": Failure(port(b"HTTP/1.1 400 Bad Request\r\n\r\n", "wss"), "model_untrusted", (ENDPOINT,)),
    "silence": Failure(port(None), "model_timeout", (ENDPOINT,), patience=NOT_REACHED),
    "silence after the handshake": Failure(
        talks(lambda line: line.say("session.created", session={})),
        "model_timeout",
        (ENDPOINT,),
        "the model did not answer",
        patience=NOT_ANSWERED,
    ),
    "1001 at once": Failure(closes(1001), "model_hung_up", (ENDPOINT, DEPLOYMENT), HUNG_UP, detail="close-code-1001"),
    "1011 at once": Failure(closes(1011), "model_hung_up", (ENDPOINT, DEPLOYMENT), HUNG_UP, detail="close-code-1011"),
    "1013 at once": Failure(closes(1013), "model_quota", (), HUNG_UP),
    "a broken line at once": Failure(talks(_breaks), "model_hung_up", (ENDPOINT, DEPLOYMENT), HUNG_UP, detail="close-code-1006"),
    "the preview is off": Failure(
        refuses("beta_api_shape_disabled", names_event=False), "model_wrong_dialect", (VERSION,), REFUSED, preview=OLD
    ),
    "the preview is off, said in the close": Failure(closes(4000, "beta_api_shape_disabled"), "model_wrong_dialect", (VERSION,), HUNG_UP),
    "GA to a preview server": Failure(refuses("unknown_parameter", "session.type"), "model_wrong_dialect", (VERSION,), REFUSED),
    "the preview to a GA server": Failure(
        refuses("missing_required_parameter", "session.type"), "model_wrong_dialect", (VERSION,), REFUSED, preview=OLD
    ),
    "a wrong key, said after the handshake": Failure(refuses("invalid_api_key", names_event=False), "model_refused_key", (KEY,), REFUSED),
    "no quota, said after the handshake": Failure(refuses("insufficient_quota"), "model_quota", (), REFUSED),
    "no model, said after the handshake": Failure(refuses("model_not_found"), "model_missing", (DEPLOYMENT,), REFUSED),
    "instructions that are not taken": Failure(
        refuses("invalid_value", "session.instructions"), "model_refused_session", (), REFUSED, detail="invalid_value, session.instructions"
    ),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_each_failure_has_a_code_and_a_sentence_in_the_page_and_the_log_and_an_end(
    failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "askaloud")
    async with failure.far_end() as base_url:
        door = RealtimeDoor(base_url, "our-model", failure.key, "azure", failure.preview)
        async with house(answers, realtime=door, patience=failure.patience) as home, home.visit() as visitor:
            await visitor.ask("Words of the person?")
            assert await visitor.end() == (1011, failure.reason)
            await home.empty()
    notice = [event for event in visitor.heard if event["type"] == "askaloud.notice"][-1]
    assert (notice["code"], notice["recoverable"], notice["retry_after_ms"]) == (failure.code, False, failure.retry_after_ms)
    log = [line for line in caplog.text.splitlines() if failure.code in line][-1]
    for setting in failure.settings:
        assert setting in notice["message"]
        assert setting in log
    assert failure.detail in log
    for unfit in (WORDS, "Words of the person", "Traceback", "<html"):
        assert unfit not in json.dumps(visitor.heard)
        assert unfit not in caplog.text


def test_the_table_is_as_long_as_was_promised() -> None:
    assert len(FAILURES) >= 14
