"""Originals in a container of Azure Blob Storage: fetched when a page of one is shown, and kept for a while on this machine's disk.

One request of the storage's REST interface (Get Blob) is all that is needed of it. Which pages are shown to whom is decided elsewhere;
the address's signature (SAS) or the token of Entra ID never leaves this module.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import ssl
import tempfile
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit
from weakref import WeakValueDictionary

import aiohttp
from azure.core.exceptions import AzureError
from yarl import URL

from ..errors import KnowledgeError, Notice, NoticeCode
from ..identity import Identity, entra_id
from ..settings import LOOPBACK_HOSTS, BlobContainer
from .originals import FILE_BYTES, Original, not_there, places
from .passage import Passage

TOKEN_SCOPE = "https://storage.azure.com/.default"  # noqa: S105 - an address, not a secret
API_VERSION = "2023-11-03"
"""Of the storage's REST interface; the oldest that knows Entra ID is from 2017."""

CONNECT_S = 4.0
FETCH_S = 60.0
"""Seconds to connect, and for one file: 300 MB within a data centre. Somebody is waiting for a picture."""

FETCHES_AT_ONCE = 4
FETCHES_WAITING = 32
"""Files that are fetched at one time, and requests that may wait for theirs."""

FRESH_S = 30.0
"""Seconds for which a file that is kept is not asked after: a reader who turns over sources looks at the same few."""

KEPT_FILES = 200
KEPT_BYTES = 1_000_000_000
"""What is kept on disk of files that nobody looks at just now."""

PIECE_BYTES = 1 << 18
"""How much of a file is in memory at one time."""

HINT = "Look at ASKALOUD_DOCUMENTS."


@dataclass(slots=True)
class _Kept:
    """A file that was fetched, as the storage's `etag` names its state; `users` look at it now."""

    place: Path
    etag: str
    size: int
    asked_at: float
    users: int = 0


class Container:
    """Originals in one container. Signs in with the address's own signature, else with Entra ID in the `tenant`."""

    def __init__(self, address: BlobContainer, tenant: str | None = None) -> None:
        self._address = address
        self._credential: Identity | None = None
        self._tenant = tenant
        self._client: aiohttp.ClientSession | None = None
        self._folder: Path | None = None
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._one_by_one: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._turns = asyncio.Semaphore(FETCHES_AT_ONCE)
        self._waiting = 0

    def offers(self, passage: Passage) -> bool:
        """Whether the passage names a file at all: a look into the container would keep the search waiting."""
        return bool(self._names(passage))

    @asynccontextmanager
    async def opened(self, passage: Passage) -> AsyncIterator[Original]:
        """A copy of the blob on this machine's disk."""
        kept = await self._found(passage)
        kept.users += 1
        try:
            yield Original(kept.place, kept.etag)
        finally:
            kept.users -= 1
            if not kept.users and all(kept.place != other.place for other in self._kept.values()):
                kept.place.unlink(missing_ok=True)  # a newer one was fetched meanwhile
            self._forget_much()

    async def close(self) -> None:
        """Close connections and credential, and remove what was kept."""
        if self._client is not None:
            await self._client.close()
        if self._credential is not None:
            await self._credential.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._kept.clear()

    def _names(self, passage: Passage) -> list[str]:
        """The names that the blob may have. Pull mode stores the whole address of a blob as its path."""
        path, begin = passage.path or "", f"{self._address.url}/"
        if path.startswith(begin):
            inner = Passage(passage.id, "", "", path=unquote(path.removeprefix(begin)))
            return [str(place) for place in places(inner)]
        return [] if "://" in path else [str(place) for place in places(passage)]

    async def _found(self, passage: Passage) -> _Kept:
        if self._waiting >= FETCHES_WAITING:
            raise _failed("Too many documents are being fetched just now. Try again in a moment.")
        self._waiting += 1
        try:
            for name in self._names(passage):
                lock = self._one_by_one.setdefault(name, asyncio.Lock())
                async with lock, self._turns:
                    kept = await self._current(name)
                if kept is not None:
                    return kept
        finally:
            self._waiting -= 1
        raise not_there(f"The document is not in the container of the originals. {HINT}")

    async def _current(self, name: str) -> _Kept | None:
        """The file of that name as it is now, or None where there is none (any more)."""
        kept = self._kept.get(name)
        if kept is not None and time.monotonic() - kept.asked_at < FRESH_S:
            self._kept.move_to_end(name)
            return kept
        try:
            async with asyncio.timeout(FETCH_S):
                return await self._fetch(name, kept)
        except TimeoutError as late:
            raise _failed("The storage of the originals took too long. Try again in a moment.") from late
        except (aiohttp.ClientError, OSError) as lost:
            raise _failed(f"The storage of the originals cannot be reached. {HINT}") from lost

    async def _fetch(self, name: str, kept: _Kept | None) -> _Kept | None:
        headers = {"x-ms-version": API_VERSION, **await self._authorization()}
        if kept is not None:
            headers["If-None-Match"] = kept.etag
        client = self._client = self._client or _client(self._address)
        signed = f"?{self._address.sas}" if self._address.sas else ""
        address = URL(f"{self._address.url}/{quote(name)}{signed}", encoded=True)
        async with client.get(address, headers=headers, allow_redirects=False) as answer:
            if answer.status == 304 and kept is not None:
                kept.asked_at = time.monotonic()
                return kept
            if answer.status == 404:
                return None
            if answer.status != 200:
                raise _refused(answer.status, signed=bool(self._address.sas))
            _check_size(answer.content_length or 0)
            return self._keep(name, await self._saved(name, answer))

    async def _authorization(self) -> dict[str, str]:
        if self._address.sas:
            return {}
        self._credential = self._credential or entra_id(self._tenant)
        try:
            token = await self._credential.get_token(TOKEN_SCOPE)
        except AzureError as refused:
            raise _failed(f"Signing in to the storage of the originals with Entra ID failed. {HINT}") from refused
        return {"Authorization": f"Bearer {token.token}"}

    async def _saved(self, name: str, answer: aiohttp.ClientResponse) -> _Kept:
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="askaloud-originals-"))
        etag = answer.headers.get("ETag", "")
        file = self._folder / (hashlib.sha256(f"{name}\0{etag}".encode()).hexdigest() + PurePosixPath(name).suffix.lower()[:8])
        size = 0
        try:
            with file.open("wb") as out:
                async for piece in answer.content.iter_chunked(PIECE_BYTES):
                    size += len(piece)
                    _check_size(size)
                    await asyncio.to_thread(out.write, piece)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return _Kept(file, etag, size, time.monotonic())

    def _keep(self, name: str, kept: _Kept) -> _Kept:
        before = self._kept.pop(name, None)
        if before is not None and before.place != kept.place and not before.users:
            before.place.unlink(missing_ok=True)
        self._kept[name] = kept
        return kept

    def _forget_much(self) -> None:
        """Remove what was looked at longest ago, down to what may be kept."""
        size = sum(kept.size for kept in self._kept.values())
        for name, kept in list(self._kept.items()):
            if len(self._kept) <= KEPT_FILES and size <= KEPT_BYTES:
                return
            if not kept.users:
                kept.place.unlink(missing_ok=True)
                del self._kept[name]
                size -= kept.size


def _client(address: BlobContainer) -> aiohttp.ClientSession:
    loopback = urlsplit(address.url).hostname in LOOPBACK_HOSTS
    timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_S)  # the whole has its own
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context())  # aiohttp's own was made before anybody could name certificates
    return aiohttp.ClientSession(timeout=timeout, connector=connector, trust_env=not loopback, auto_decompress=False)


def _check_size(size: int) -> None:
    if size > FILE_BYTES:
        raise _failed(f"The document is larger than {FILE_BYTES // 1_000_000} MB.")


def _refused(status: int, *, signed: bool) -> KnowledgeError:
    if status in {401, 403}:
        hint = "Its signature may have run out" if signed else "This identity needs the role Storage Blob Data Reader"
        return _failed(f"The storage of the originals refused us. {hint}. {HINT}")
    if status in {429, 503}:
        return _failed("The storage of the originals has too many requests just now. Try again in a moment.")
    return _failed(f"The storage of the originals failed (status {status}). {HINT}")


def _failed(sentence: str) -> KnowledgeError:
    return KnowledgeError(Notice(NoticeCode.TOOL_FAILED, sentence))
