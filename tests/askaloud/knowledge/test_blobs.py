"""Originals in a container, behind a scripted storage over a real socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from quart import Quart, request
from tests.askaloud.indexing.papers import paper, words
from tests.askaloud.knowledge.blob_door import NAME, BlobDoor
from tests.contract.test_failures import self_made_certificate
from tests.planted import secret
from tests.serving import serving

from askaloud.errors import KnowledgeError, PassageNotFound
from askaloud.knowledge import blobs
from askaloud.knowledge.blobs import Container
from askaloud.knowledge.originals import FILE_BYTES
from askaloud.knowledge.pages import Pictures
from askaloud.knowledge.passage import Box, Passage
from askaloud.settings import BlobContainer

SAS = f"sv=2023-11-03&sp=r&sig={secret('signature')}%3D"
WORDS = "You can work from abroad for thirty days in a calendar year, and only working days count towards these days."
PASSAGE = Passage("p1", WORDS, "Leave", 1, source="handbooks", path="rules/leave.pdf", boxes=(Box(0.05, 0.02, 0.95, 0.1),))
PLACE = "handbooks/rules/leave.pdf"


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    return paper(tmp_path / "made.pdf", [words(WORDS)]).read_bytes()


@asynccontextmanager
async def container(door: BlobDoor, sas: str = SAS) -> AsyncIterator[Container]:
    async with serving(door.app) as address:
        made = Container(BlobContainer(f"http://{address}/{NAME}", sas))
        try:
            yield made
        finally:
            await made.close()


async def content(made: Container, passage: Passage = PASSAGE) -> bytes:
    async with made.opened(passage) as original:
        return original.place.read_bytes()


async def test_a_page_is_drawn_from_a_blob(pdf: bytes) -> None:
    door = BlobDoor({PLACE: pdf})
    async with serving(door.app) as address:
        pictures = Pictures(BlobContainer(f"http://{address}/{NAME}", SAS))
        try:
            assert pictures.offers(PASSAGE)
            assert (await pictures.picture(PASSAGE) or b"").startswith(b"\x89PNG")
        finally:
            await pictures.close()
    (asked,) = door.asked
    assert (asked.raw, asked.query) == (f"/{NAME}/{PLACE}", SAS)
    assert asked.headers["X-Ms-Version"] == blobs.API_VERSION
    assert "Authorization" not in asked.headers


async def test_a_source_that_was_the_whole_container_is_found_too_and_so_is_the_address_that_pull_mode_stores() -> None:
    door = BlobDoor({"rules/leave.pdf": b"whole", "Ürlaub und #1.pdf": b"pulled"})
    async with container(door) as made:
        assert await content(made) == b"whole"
        pulled = replace(PASSAGE, path=f"{made._address.url}/%C3%9Crlaub%20und%20%231.pdf", source="anything")
        assert await content(made, pulled) == b"pulled"
        elsewhere = replace(PASSAGE, path="https://other.blob.core.windows.net/originals/a.pdf")
        assert not made.offers(elsewhere)
        with pytest.raises(PassageNotFound):
            await content(made, elsewhere)
    assert door.asked[-1].raw == f"/{NAME}/%C3%9Crlaub%20und%20%231.pdf"


async def test_a_file_is_fetched_once_and_asked_after_when_it_is_no_longer_fresh() -> None:
    door = BlobDoor({PLACE: b"first"})
    async with container(door) as made:
        assert [await content(made), await content(made)] == [b"first", b"first"]
        assert len(door.asked) == 1
        made._kept[PLACE].asked_at -= blobs.FRESH_S
        assert await content(made) == b"first"
        assert door.asked[-1].headers["If-None-Match"]
        door.blobs[PLACE] = b"second"
        made._kept[PLACE].asked_at -= blobs.FRESH_S
        assert await content(made) == b"second"
        assert len(list(_folder(made).iterdir())) == 1


async def test_a_file_stays_as_long_as_somebody_looks_at_it() -> None:
    door = BlobDoor({PLACE: b"first"})
    async with container(door) as made:
        async with made.opened(PASSAGE) as before:
            made._kept[PLACE].asked_at -= blobs.FRESH_S
            door.blobs[PLACE] = b"second"
            async with made.opened(PASSAGE) as after:
                assert (before.place.read_bytes(), after.place.read_bytes()) == (b"first", b"second")
                assert before.state != after.state
        assert [file.read_bytes() for file in _folder(made).iterdir()] == [b"second"]


async def test_many_who_want_the_same_file_fetch_it_once() -> None:
    door = BlobDoor({PLACE: b"x" * 1000})
    async with container(door) as made:
        assert await asyncio.gather(*(content(made) for _ in range(20))) == [b"x" * 1000] * 20
    assert len(door.asked) == 1


async def test_no_more_wait_for_their_files_than_may() -> None:
    door = BlobDoor({PLACE: b"x"}, gate=asyncio.Event())
    async with container(door) as made:
        waiting = [asyncio.create_task(content(made)) for _ in range(blobs.FETCHES_WAITING)]
        await door.arrived.wait()
        with pytest.raises(KnowledgeError, match="Too many documents"):
            await content(made)
        assert door.gate is not None
        door.gate.set()
        assert await asyncio.gather(*waiting) == [b"x"] * blobs.FETCHES_WAITING


async def test_no_more_is_kept_than_may_and_nothing_when_the_service_ends() -> None:
    door = BlobDoor({f"handbooks/{number}.pdf": b"x" for number in range(blobs.KEPT_FILES + 5)})
    async with container(door) as made:
        for number in range(blobs.KEPT_FILES + 5):
            await content(made, replace(PASSAGE, path=f"{number}.pdf"))
        folder = _folder(made)
        assert len(list(folder.iterdir())) == blobs.KEPT_FILES
        assert "handbooks/0.pdf" not in made._kept
    assert not folder.exists()


@pytest.mark.parametrize("path", ["../secret.pdf", "/etc/secret.pdf", "a/../../secret.pdf", "a\\..\\b.pdf", "a\0.pdf"])
async def test_nothing_outside_the_container_is_asked_for(path: str) -> None:
    door = BlobDoor({"secret.pdf": b"x"})
    async with container(door) as made:
        for source in ("handbooks", "..", None):
            with pytest.raises(PassageNotFound):
                await content(made, replace(PASSAGE, path=path, source=source))
        beyond = replace(PASSAGE, path=f"{made._address.url}/%2e%2e/other/secret.pdf", source=None)
        with pytest.raises(PassageNotFound):
            await content(made, beyond)
    assert door.asked == []


TROUBLE = [
    (403, "refused us. Its signature may have run out"),
    (401, "refused us"),
    (302, "failed (status 302)"),
    (500, "failed (status 500)"),
    (503, "too many requests"),
]


@pytest.mark.parametrize(("status", "sentence"), TROUBLE)
async def test_a_storage_in_trouble_is_a_sentence_without_the_address(status: int, sentence: str) -> None:
    door = BlobDoor({PLACE: b"x"}, status=status, headers={"Location": f"/{NAME}/elsewhere"})
    async with container(door) as made:
        with pytest.raises(KnowledgeError) as raised:
            await content(made)
        door.status = 200
        assert await content(made) == b"x"
    assert sentence in raised.value.notice.message
    assert not isinstance(raised.value, PassageNotFound)
    assert secret("signature") not in repr(raised.value) + repr(made._address)


async def test_a_storage_that_is_not_there_is_a_sentence() -> None:
    made = Container(BlobContainer(f"http://127.0.0.1:9/{NAME}", SAS))
    with pytest.raises(KnowledgeError, match="cannot be reached"):
        await content(made)
    await made.close()


ANSWERS = [
    (f"Content-Length: {FILE_BYTES + 1}\r\n\r\n", "larger than 300 MB"),
    ("Content-Length: 100\r\n\r\nhalf", "cannot be reached"),
    ("Content-Length: no\r\n\r\n", "cannot be reached"),
]


@pytest.mark.parametrize(("answer", "sentence"), ANSWERS)
async def test_a_file_that_is_too_large_or_breaks_off_is_not_kept(answer: str, sentence: str) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + answer.encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    made = Container(BlobContainer(f"http://{host}:{port}/{NAME}", SAS))
    try:
        with pytest.raises(KnowledgeError, match=sentence):
            await content(made)
        assert made._kept == {}
        assert made._folder is None or list(made._folder.iterdir()) == []
    finally:
        await made.close()
        server.close()
        await server.wait_closed()


def _folder(made: Container) -> Path:
    assert made._folder is not None
    return made._folder


# Entra ID

TOKEN = secret("storage-token")


def platform(asked: list[str]) -> Quart:
    """The end of a platform that gives managed identities their tokens, as App Service has it."""
    app = Quart(__name__)

    @app.get("/token")
    async def token() -> dict[str, str]:
        asked.append(request.args["resource"])
        return {"access_token": TOKEN, "expires_on": str(int(time.time()) + 86_400), "resource": "r", "token_type": "Bearer"}

    return app


async def test_without_a_signature_a_managed_identity_signs_in_over_https(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, door, asked = tmp_path / "chain.pem", BlobDoor({PLACE: b"x"}), list[str]()
    self_made_certificate(chain)
    async with serving(platform(asked)) as identity, serving(door.app, ssl_certfile=str(chain)) as address:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://{identity}/token")
        monkeypatch.setenv("IDENTITY_HEADER", secret("identity-header"))
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        stranger = Container(BlobContainer(f"https://{address}/{NAME}"))
        with pytest.raises(KnowledgeError, match="cannot be reached"):
            await content(stranger)
        await stranger.close()
        assert door.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(chain))
        made = Container(BlobContainer(f"https://{address}/{NAME}"))
        try:
            assert await content(made) == b"x"
            door.status = 403
            with pytest.raises(KnowledgeError, match="Storage Blob Data Reader"):
                await content(made, replace(PASSAGE, path="other.pdf"))
        finally:
            await made.close()
    assert set(asked) == {"https://storage.azure.com"}
    assert {each.headers["Authorization"] for each in door.asked} == {f"Bearer {TOKEN}"}
    assert {each.query for each in door.asked} == {""}


async def test_where_nobody_can_sign_in_the_storage_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    made = Container(BlobContainer(f"https://127.0.0.1:9/{NAME}"))
    with pytest.raises(KnowledgeError, match="Signing in"):
        await content(made)
    await made.close()
