"""The routes that are not the conversation: the page and its files, who may enter, health, and the sources that were shown.

Knows requests and answers. What a passage is and how its page is drawn is asked of the objects that `app.py` hands in.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import re
import time
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import cast

from quart import Blueprint, Response, jsonify, make_response, redirect, request
from quart.typing import ResponseReturnValue

from .access.door import COOKIE, COOKIE_S, Door, bearer
from .access.signature import Signatures
from .errors import KnowledgeError, PassageNotFound
from .knowledge.base import KnowledgeBase
from .knowledge.pages import Pictures
from .knowledge.passage import Passage
from .knowledge.surroundings import Surroundings
from .readiness import Readiness
from .wording import languages, preferred, worded

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}
"""On every answer: nothing inline, nothing from elsewhere, no frame around us, no address told to others."""
SERVED = frozenset({".html", ".css", ".js", ".json", ".svg", ".png"})
"""Kinds of files that make up the page; whatever else lies in the folder is not for visitors."""
NOT_SERVED = frozenset({"node_modules", "package.json", "package-lock.json", "tsconfig.json"})
"""What only developers need."""
OPEN_TO_ALL = frozenset({"/health", "/ready", "/enter", "/enter.html", "/icon.svg"})
"""Paths without a key: how else would one come in."""
UNDER_ANY_NAME = frozenset({"/health", "/ready"})
"""Asked by probes, which know this machine by a number that nobody foresees; they tell nothing of anybody."""
PACKED = frozenset({".html", ".css", ".js", ".json", ".svg"})
"""Kinds of files that are text: they travel at a third of their size."""
ETAG_CHARS = 32
"""Half of a SHA-256: two versions of a file never look alike."""
FORM_MAX_BYTES = 4_096
"""A key and its field name."""
OFFSET = re.compile(r"[0-9]{1,7}")
"""A position in a text: no passage has ten million characters."""

SPANS_AT_MOST = 40
"""Parts of one passage that are marked: more than an answer has sentences, or a table cells in the rows that were used."""


def frontend_folder() -> Path:
    """Where the page's files are: beside the packages in a checkout, inside the package once installed."""
    installed = Path(__file__).parent / "frontend"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / "frontend"


def guard(door: Door) -> ResponseReturnValue | None:
    """What refuses a request before any route sees it; None lets it pass."""
    refused = None if request.path in UNDER_ANY_NAME else door.names.refuse_name(request.headers.get("Host"))
    refused = refused or door.names.refuse_page(request.headers.get("Origin"))
    if refused is not None:
        return refused, 403
    open_to_all = request.path in OPEN_TO_ALL or request.path.startswith("/styles/")
    if open_to_all or door.lets_in(
        bearer(request.headers.get("Authorization"), request.headers.get("api-key")), request.cookies.get(COOKIE)
    ):
        return None
    if request.method == "GET" and request.path == "/":
        return redirect("/enter.html", 303)
    return "The access key is missing or wrong.\n", 401


def site(folder: Path, door: Door, readiness: Readiness) -> Blueprint:
    """The page, its files, the way in, and health."""
    blueprint = Blueprint("site", __name__)

    @blueprint.get("/")
    async def index() -> ResponseReturnValue:
        return await _file(folder, "index.html")

    @blueprint.get("/<path:name>")
    async def file(name: str) -> ResponseReturnValue:
        return await _file(folder, name)

    @blueprint.get("/health")
    async def health() -> ResponseReturnValue:
        return jsonify(alive=True)

    @blueprint.get("/ready")
    async def ready() -> ResponseReturnValue:
        report = await readiness.report()
        return jsonify(report), 200 if report["ready"] else 503

    @blueprint.get("/enter")
    async def follow_link() -> ResponseReturnValue:
        if request.method == "HEAD":  # what looks at links in mails before their readers do must not use them up
            return "", 200
        answer = await _entered(door, door.redeem(request.args.get("ticket", "")))
        if COOKIE in answer.headers.get("Set-Cookie", ""):
            # A redirect would still count as coming from where the link stood, and a strict cookie would stay behind.
            answer.status_code = 200
            answer.headers["Refresh"] = "0; url=/"
        return answer

    @blueprint.post("/enter")
    async def give_key() -> ResponseReturnValue:
        if (request.content_length or 0) > FORM_MAX_BYTES:
            return "That is no key.\n", 413
        return await _entered(door, door.try_key((await request.form).get("key", "")))

    @blueprint.post("/v1/links")
    async def make_link() -> ResponseReturnValue:
        return jsonify(path=f"/enter?ticket={door.ticket()}"), 201

    return blueprint


def sources(knowledge: KnowledgeBase, pictures: Pictures, signatures: Signatures) -> Blueprint:
    """The passages that a conversation was shown: their text, and their page as a picture. A signature opens one, nothing else does."""
    blueprint = Blueprint("sources", __name__)

    @blueprint.get("/v1/passages/<id>")
    async def passage(id: str) -> ResponseReturnValue:
        if signatures.check(request.args.get("s", ""), id, time.time()) is None:
            return jsonify(error="This address is not valid any more."), 403
        found = await knowledge.read(id)
        around = Surroundings() if pictures.offers(found) else await _around(knowledge, found)
        told = {
            "id": found.id,
            "title": found.title,
            "page": found.page,
            "headings": list(found.headings),
            "before": around.before,
            "text": found.text,
            "after": around.after,
            "top": min((box.top for box in found.boxes), default=None),  # in heights of the page, from its upper edge
            "path": found.path,
        }
        return await _private(jsonify(told))

    @blueprint.get("/v1/passages/<id>/page.png")
    async def picture(id: str) -> ResponseReturnValue:
        """Each pair of `from` and `to` marks only these of the text's characters (in code points), as far as they are found on the page."""
        if signatures.check(request.args.get("s", ""), id, time.time()) is None:
            return jsonify(error="This address is not valid any more."), 403
        found = await knowledge.read(id)
        try:
            spans = _spans(request.args.getlist("from"), request.args.getlist("to"), len(found.text))
        except ValueError:
            return jsonify(
                error=f"from and to must be whole numbers in order, within the passage's text, in at most {SPANS_AT_MOST} pairs."
            ), 400
        png = await pictures.picture(found, spans)
        if png is None:
            return jsonify(error="This document has no pages."), 404
        return await _private(Response(png, content_type="image/png"))

    @blueprint.errorhandler(KnowledgeError)
    async def failed(error: KnowledgeError) -> ResponseReturnValue:
        return jsonify(error=error.notice.message, code=error.notice.code), 404 if isinstance(error, PassageNotFound) else 503

    return blueprint


async def _around(knowledge: KnowledgeBase, passage: Passage) -> Surroundings:
    """Nothing where it cannot be had just now: the passage itself is what was asked for."""
    try:
        return await knowledge.around(passage)
    except KnowledgeError:
        return Surroundings()


def _spans(begins: list[str], ends: list[str], length: int) -> tuple[tuple[int, int], ...]:
    """Which characters of a text to mark; none: all of it. They come from a browser. Raises ValueError where there are no such."""
    spans = tuple(zip(map(_offset, begins), map(_offset, ends), strict=True))
    after = 0
    for first, last in spans:
        if not after <= first < last <= length:
            raise ValueError("no such characters")
        after = last
    if len(spans) > SPANS_AT_MOST:
        raise ValueError("too many")
    return spans


def _offset(given: str) -> int:
    return int(given) if OFFSET.fullmatch(given) else -1


async def _file(folder: Path, name: str) -> ResponseReturnValue:
    place = PurePosixPath(name)
    hidden = any(part.startswith(".") or part in NOT_SERVED for part in place.parts)
    if hidden or place.suffix not in SERVED:
        return "Not found.\n", 404
    path = _inside(folder, place)
    if path is None:
        return "Not found.\n", 404
    # Read whole, for they are small: a file that is sent in pieces stays open when the network breaks in between.
    words = await asyncio.to_thread(path.read_bytes)
    if path.suffix == ".html":
        language = preferred(list(request.accept_languages.values()), languages(folder))
        words = worded(words.decode(), folder, language).encode()
    packs = path.suffix in PACKED and request.accept_encodings.quality("gzip") > 0
    if packs:
        words = packed(words)
    answer = Response(words, mimetype=mimetypes.guess_type(path.name)[0] or "application/octet-stream")
    answer.set_etag(hashlib.sha256(words).hexdigest()[:ETAG_CHARS])
    answer.headers["Cache-Control"] = "no-cache"
    if packs:
        answer.content_encoding = "gzip"
    if path.suffix in PACKED:
        answer.vary.add("Accept-Encoding")
    if path.suffix == ".html":
        answer.vary.add("Accept-Language")
    return await answer.make_conditional(request)


@lru_cache(maxsize=256)
def packed(words: bytes) -> bytes:
    """A file of the page as it travels. Every visitor gets the same, so it is packed once; the page has some fifty files of some kB."""
    return gzip.compress(words, mtime=0)


def _inside(folder: Path, place: PurePosixPath) -> Path | None:
    """The file, if there is one and no link leads out of the folder."""
    try:
        path = (folder / place).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):  # a name that no file system has: too long, or with a NUL in it
        return None


async def _entered(door: Door, known: bool) -> Response:
    answer = cast(Response, await make_response(redirect("/" if known else "/enter.html#wrong", 303)))
    if not known:
        return answer
    secure = request.scheme == "https" or request.headers.get("X-Forwarded-Proto") == "https"
    answer.set_cookie(COOKIE, door.cookie(), max_age=COOKIE_S, httponly=True, samesite="Strict", secure=secure)
    return answer


async def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
