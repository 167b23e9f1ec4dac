"""The only place where the rooms meet: makes the application out of settings and doors.

Opens what lives as long as the process (the knowledge base, the lobby, the drawing of pages) and closes it again; everything else
belongs to a conversation.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from functools import partial
from urllib.parse import quote

from quart import Quart, Response, websocket
from quart.typing import ResponseReturnValue, ResponseTypes

from . import __version__, configured
from .access.door import COOKIE, Door, bearer
from .access.names import Names
from .access.signature import Signatures
from .conversation import upstream
from .conversation.browser import Browser, DirectConnection, DirectWebsocket
from .conversation.entra import Entra
from .conversation.events import own
from .conversation.lobby import Closed, Full, Lobby, new_id
from .conversation.notices import GOING_AWAY, INTERNAL, TOO_MANY, WRONG_KEY
from .conversation.patience import Patience
from .conversation.session import Session
from .conversation.teller import Identity
from .doors import Doors
from .errors import AskAloudError, Notice
from .further_tools import FURTHER
from .identity import entra_id
from .indexing.sync import sync_samples
from .knowledge.base import KnowledgeBase
from .knowledge.pages import Pictures
from .knowledge.passage import Passage
from .knowledge.tools import toolbox
from .readiness import Readiness
from .settings import Settings
from .site import HEADERS, frontend_folder, guard, site, sources
from .tool import Caller, Tool, Toolbox

log = logging.getLogger(__name__)

REQUEST_MAX_BYTES = 64 * 1024
"""No route takes more than a form with a key."""
SOURCE_S = 4 * 3600
"""How long the address of a shown source opens it: a page that stays open over an afternoon keeps its sources."""

SAMPLES_PAUSES_S = (1.0, 4.0, 16.0)
"""Seconds before the samples are tried again: where everything starts at once on a busy machine, the first call may come too early."""


class AskAloud(Quart):
    """The application, with what lives as long as it."""

    asgi_websocket_class = DirectConnection
    websocket_class = DirectWebsocket

    def __init__(self, settings: Settings, doors: Doors, door: Door, patience: Patience, further: Sequence[Tool]) -> None:
        super().__init__(__name__, static_folder=None)
        self.config["MAX_CONTENT_LENGTH"] = REQUEST_MAX_BYTES
        self.settings = settings
        self.doors = doors
        self.door = door
        self.signatures = Signatures()
        self.pictures = Pictures(settings.documents, settings.azure_tenant_id)
        self.entra = None if doors.realtime.api_key or doors.realtime.kind != "azure" else Entra(doors.realtime, settings)
        if not doors.search.api_key:
            entra_id(settings.azure_tenant_id)  # now, while a variable that cannot be right ends the start with a sentence
        self.policy = configured.policy(settings, doors.realtime)
        self.patience = patience
        self.further = tuple(further)
        self.lobby = Lobby(partial(upstream.reach, doors.realtime, self.entra.token if self.entra else None, patience), patience=patience)
        self.knowledge: KnowledgeBase
        self.readiness: Readiness
        self._index: asyncio.Task[None] | None = None

    async def drain(self) -> None:
        """The server is about to stop: every conversation hears goodbye."""
        await self.lobby.drain()

    async def open(self) -> None:
        """Before the first visitor: make the clients. Waits for nobody, but begins to look at the index, and to fill the stand-in's."""
        for name, value in configured.table(self.settings, self.doors.realtime, self.entra.scope if self.entra else None):
            log.info("in use: %-20s %s", name, value)
        if caution := self.door.names.caution():
            log.warning(caution)
        self.knowledge = await KnowledgeBase.open(self.doors.search, self.settings, deadline_s=configured.search_s(self.settings))
        self.readiness = Readiness(partial(upstream.knock, self.doors.realtime), self.knowledge)
        self.register_blueprint(sources(self.knowledge, self.pictures, self.signatures))
        self.register_blueprint(site(frontend_folder(), self.door, self.readiness))
        if self.doors.search.kind == "stand-in":
            self.readiness.samples = "The sample documents are being indexed."
        self._index = asyncio.create_task(self._look_at_index())

    async def close(self) -> None:
        """After the last visitor."""
        await self.lobby.drain()
        if self._index is not None:
            self._index.cancel()
            await asyncio.gather(self._index, return_exceptions=True)
        await self.pictures.close()
        await self.knowledge.close()
        if self.entra is not None:
            await self.entra.close()

    async def _look_at_index(self) -> None:
        """Say in the log what the index has and offers; where it is the stand-in's, once the samples are in it."""
        if self.doors.search.kind == "stand-in":
            await self._index_samples()
        try:
            for name, value in await self.knowledge.inventory():
                log.info("index: %-20s %s", name, value)
        except AskAloudError as failed:
            log.warning("index: %s", failed)

    async def _index_samples(self) -> None:
        """Until it is done, or no more is to be hoped for."""
        try:
            for pause_s in SAMPLES_PAUSES_S:
                if await self._are_samples_indexed():
                    return
                await asyncio.sleep(pause_s)
            await self._are_samples_indexed()
        except Exception:
            self.readiness.samples = "The sample documents could not be indexed; the log says why."
            log.exception("Indexing the sample documents failed")

    async def _are_samples_indexed(self) -> bool:
        """Fill the stand-in's index if nobody has filled it, or finish what was begun; elsewhere the samples never go."""
        try:
            if await sync_samples(self.knowledge) is not None:
                log.info("The sample documents are indexed")
        except AskAloudError as failed:
            self.readiness.samples = f"The sample documents could not be indexed: {failed}"
            log.error(self.readiness.samples)  # noqa: TRY400 - the sentence says it all
            return False
        self.readiness.samples = None
        return True

    def session(self, caller: Caller, *, own_events: bool) -> Session:
        """A fresh conversation: its tools number its own sources."""
        conversation_id = new_id()
        identity = Identity(
            conversation_id=conversation_id,
            caller=caller,
            version=__version__,
            doors={"realtime": self.doors.realtime.kind, "search": self.doors.search.kind},
            own_events=own_events,
        )
        documents = toolbox(self.knowledge, address=partial(self._address, conversation_id))
        return Session(self.policy, Toolbox((*documents.tools, *self.further)), identity, self.patience)

    def _address(self, conversation_id: str, passage: Passage) -> tuple[str | None, str | None]:
        """Where this conversation may open a passage, and the picture of its page."""
        path = f"/v1/passages/{quote(passage.id, safe='')}"
        signature = self.signatures.sign(passage.id, conversation_id, int(time.time()) + SOURCE_S)
        picture = f"{path}/page.png?s={signature}" if self.pictures.offers(passage) else None
        return f"{path}?s={signature}", picture


def create_app(
    settings: Settings, doors: Doors, *, host: str, port: int, patience: Patience | None = None, further: Sequence[Tool] = FURTHER
) -> AskAloud:
    """The application that serves at this address. Nothing is opened before it starts to serve. `patience`: not the settings' own;
    `further`: the tools besides those of the documents.
    """
    door = Door(Names(host, port, settings.allowed_hosts, settings.allowed_origins), settings.access_key)
    app = AskAloud(settings, doors, door, patience or configured.patience(settings), further)
    app.before_serving(app.open)
    app.after_serving(app.close)

    @app.before_request
    async def check_request() -> ResponseReturnValue | None:
        return guard(app.door)

    @app.after_request
    async def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.before_websocket
    async def check_websocket() -> ResponseReturnValue | None:
        names, headers = app.door.names, websocket.headers
        refused = names.refuse_name(headers.get("Host")) or names.refuse_page(headers.get("Origin"))
        return None if refused is None else (refused, 403)

    @app.after_websocket
    async def add_headers_to_refusal(response: ResponseTypes | None) -> ResponseTypes | None:
        if response is not None:
            response.headers.update(HEADERS)
        return response

    @app.websocket("/v1/realtime")
    async def realtime() -> None:
        await _converse(app)

    return app


async def _converse(app: AskAloud) -> None:
    """One browser's visit. Everything from here on is said in close codes: a refusal before accept would show a browser none."""
    await websocket.accept()
    browser = Browser(websocket._get_current_object())  # type: ignore[attr-defined]  # the proxy would be resolved for each frame
    key = bearer(websocket.headers.get("Authorization"), websocket.headers.get("api-key"))
    own_events = websocket.args.get("askaloud") == "1"
    if not app.door.lets_in(key, websocket.cookies.get(COOKIE)):
        await _turn_away(browser, WRONG_KEY, own_events, 1008, "wrong key")
        return
    try:
        if own_events and websocket.args.get("resume") == "1" and await _came_back(app, browser):
            return
        await app.lobby.converse(app.session(Caller(id="anonymous"), own_events=own_events), browser)
    except Full:
        await _turn_away(browser, TOO_MANY, own_events, 1013, "too many conversations")
    except Closed:
        await _turn_away(browser, GOING_AWAY, own_events, 1001, "server going away")
    except Exception as broken:
        log.error("a conversation failed with %s", type(broken).__name__)  # noqa: TRY400 - its message may hold words
        await _turn_away(browser, INTERNAL, own_events, 1011, "internal error")


async def _came_back(app: AskAloud, browser: Browser) -> bool:
    """Take a page back into its conversation, if its first frame says which and shows the token; else it begins a new one.

    True also where it has gone before it said which: nobody is there for whom another might begin.
    """
    try:
        async with asyncio.timeout(app.patience.setup_s):
            frame = await browser.receive()
    except TimeoutError:
        return False
    if frame is None:
        return True
    wish = own.resume(frame)
    return wish is not None and await app.lobby.resume(wish.conversation_id, wish.resume_token, wish.last_event_id, browser)


async def _turn_away(browser: Browser, notice: Notice, own_events: bool, code: int, reason: str) -> None:
    """Say why, then close."""
    told = (
        own.notice("askaloud_0", notice) if own_events else own.error("askaloud_0", notice.message, code=notice.code, kind="server_error")
    )
    await browser.send(told.decode())
    await browser.close(code, reason)
