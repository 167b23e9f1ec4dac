"""Whether the doors are open, as a load balancer asks."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, scripted
from tests.askaloud.visiting import visiting
from tests.contract.test_failures import self_made_certificate

from askaloud.conversation.upstream import knock
from askaloud.knowledge.base import KnowledgeBase
from askaloud.readiness import Readiness
from askaloud.settings import RealtimeDoor


class Port:
    """Something that listens, with TLS where it has a certificate, counts, and says nothing."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.visits = 0
        self._tls = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[RealtimeDoor]:
        async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.visits += 1
            assert await reader.read() == b"", "a probe opens no session"
            writer.close()

        async with await asyncio.start_server(visit, "127.0.0.1", 0, ssl=self._tls) as server:
            yield RealtimeDoor(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/openai/v1", "m", "k", "azure")


class Proxy:
    """A company's proxy, the only way out of its network: leads to one place on this machine, or nowhere."""

    def __init__(self, leads_to: RealtimeDoor | None) -> None:
        self.asked: list[str] = []
        self._port = urlsplit(leads_to.base_url).port if leads_to else None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        async with await asyncio.start_server(self._visit, "127.0.0.1", 0) as server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode().partition("\r\n")[0])
        if self._port is None:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        else:
            there, onward = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(passed_on(reader, onward), passed_on(there, writer))
        writer.close()


async def passed_on(here: asyncio.StreamReader, there: asyncio.StreamWriter) -> None:
    while some := await here.read(65_536):
        there.write(some)
    there.close()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes this proxy that of the environment."""
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return lambda address: monkeypatch.setenv("HTTPS_PROXY", address)


NOWHERE = RealtimeDoor("ws://127.0.0.1:9/openai/v1", "m", "k", "azure")


def readiness(door: RealtimeDoor, knowledge: KnowledgeBase) -> Readiness:
    return Readiness(partial(knock, door), knowledge)


async def test_it_is_ready_when_the_model_can_be_reached_and_the_index_holds_something() -> None:
    async with Port().open() as model, scripted(ScriptedDoor()) as knowledge:
        assert await readiness(model, knowledge).report() == {"ready": True, "realtime": "ok", "search": "ok"}


async def test_it_says_which_door_is_shut() -> None:
    async with scripted(ScriptedDoor()) as knowledge:
        report = await readiness(NOWHERE, knowledge).report()
        assert (report["ready"], report["search"]) == (False, "ok")
        assert report["realtime"] == "The model cannot be reached. Somebody should look at AZURE_OPENAI_ENDPOINT."


async def test_behind_a_proxy_the_model_is_looked_for_through_it_with_tls_to_the_model_itself(
    network: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    self_made_certificate(tmp_path / "chain.pem", x509.DNSName("resource.invalid"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "chain.pem"))
    port = Port(tmp_path / "chain.pem")
    async with port.open() as model, scripted(ScriptedDoor()) as knowledge:
        proxy = Proxy(model)
        async with proxy.open() as address:
            network(address)
            report = await readiness(replace(model, base_url="wss://resource.invalid/openai/v1"), knowledge).report()
            another = await readiness(replace(model, base_url="wss://another.invalid/openai/v1"), knowledge).report()
    assert report == {"ready": True, "realtime": "ok", "search": "ok"}
    assert "did not prove who it is" in another["realtime"]
    assert proxy.asked == ["CONNECT resource.invalid:443 HTTP/1.1", "CONNECT another.invalid:443 HTTP/1.1"]
    assert port.visits == 1


async def test_a_proxy_that_leads_nowhere_is_told_from_a_model_that_is_not_there(network: Callable[[str], None]) -> None:
    proxy = Proxy(None)
    async with proxy.open() as address, scripted(ScriptedDoor()) as knowledge:
        network(address)
        report = await readiness(RealtimeDoor("wss://resource.invalid/openai/v1", "m", "k", "azure"), knowledge).report()
    assert not report["ready"]
    assert "HTTPS_PROXY" in report["realtime"]
    assert len(proxy.asked) == 1


async def test_what_is_on_this_machine_is_not_looked_for_through_a_proxy(network: Callable[[str], None]) -> None:
    proxy = Proxy(None)
    async with proxy.open() as address, Port().open() as model, scripted(ScriptedDoor()) as knowledge:
        network(address)
        assert (await readiness(model, knowledge).report())["ready"]
    assert proxy.asked == []


async def test_an_empty_index_is_not_ready() -> None:
    door = ScriptedDoor()
    door.script("count", Answer("0", headers={"Content-Type": "text/plain"}))
    async with Port().open() as model, scripted(door) as knowledge:
        report = await readiness(model, knowledge).report()
        assert not report["ready"]
        assert report["search"].endswith(".")


async def test_it_asks_once_in_a_while_however_many_ask_it() -> None:
    port, door = Port(), ScriptedDoor()
    async with port.open() as model, scripted(door) as knowledge:
        doors = readiness(model, knowledge)
        reports = await asyncio.gather(*(doors.report() for _ in range(20)))
        asked = len(door.asked)
        assert await doors.report() == reports[0]
        assert len(door.asked) == asked


async def test_it_is_not_ready_while_the_samples_are_indexed_and_says_so_no_longer_than_that() -> None:
    async with Port().open() as model, scripted(ScriptedDoor()) as knowledge:
        doors = readiness(model, knowledge)
        doors.samples = "The sample documents are being indexed."
        report = await doors.report()
        assert (report["ready"], report["search"]) == (False, "The sample documents are being indexed.")
        doors.samples = None
        assert (await doors.report())["ready"]


async def test_ready_and_health_are_two_questions() -> None:
    door = ScriptedDoor()
    door.script("count", Answer({"error": {"code": "", "message": "planted"}}, 500))
    async with visiting(search=door) as service:
        ready = await service.get("/ready")
        assert ready.status == 503
        assert json.loads(ready.body)["realtime"] == "ok"
        assert b"planted" not in ready.body
        assert (await service.get("/health")).status == 200
