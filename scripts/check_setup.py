"""Tries every configured door, and says of each that it is well, or what is wrong with it and which setting to change.

    python3 scripts/check_setup.py

One line each: credential, deployment, session, transcription, index, search, vectors, semantic ranking, documents. Writes nothing and asks
for no answer. Ends with 0 when all is well, with 1 when something is wrong.
"""

from __future__ import annotations

if __name__ == "__main__":
    from environment import in_environment

    in_environment()

import argparse
import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from askaloud import configured
from askaloud.conversation import refusal
from askaloud.conversation.agreement import Agreement
from askaloud.conversation.entra import Entra
from askaloud.conversation.patience import Patience
from askaloud.conversation.upstream import address
from askaloud.doors import Doors, open_doors
from askaloud.errors import AskAloudError, IndexingError, KnowledgeError, NoticeCode, SettingsError, UpstreamError
from askaloud.indexing.files import files_of
from askaloud.knowledge.base import KnowledgeBase
from askaloud.knowledge.pages import FORMATS, Pictures
from askaloud.knowledge.passage import Passage
from askaloud.knowledge.search import SLOW_DEPLOYMENT, SLOW_SIGN_IN, Found
from askaloud.knowledge.shape import Shape
from askaloud.knowledge.tools import toolbox
from askaloud.settings import RealtimeDoor, SearchDoor, Settings, load_settings
from trial import Trial, TrialError, trial

ALL_WELL, WRONG_SOMEWHERE = 0, 1
ROOT = Path(__file__).resolve().parents[1]
EMBEDDING_MAX_S = 15.0
"""Seconds for one vector: an embedding deployment that nobody has used for a while is slow at first."""
QUESTION = "How do I get help?"
"""What is searched for. It may find nothing; it shows which kinds of search the service takes."""
LOOKED_AT = 1000
"""Passages among which one of a page is sought: one request's worth, in no order that follows documents."""
SEARCH_KEY = "AZURE_SEARCH_API_KEY"
TRANSCRIBER = "ASKALOUD_TRANSCRIPTION_MODEL"
SEMANTIC = "AZURE_SEARCH_SEMANTIC_CONFIGURATION"


@dataclass(frozen=True, slots=True)
class Line:
    """`mark`: ok, WRONG, or -- for what is not in use or could not be tried."""

    mark: str
    what: str
    words: str

    def __str__(self) -> str:
        return f"{self.mark:<6}{self.what:<18}{self.words}"


def ok(what: str, words: str) -> Line:
    """It was tried, and is well."""
    return Line("ok", what, words)


def wrong(what: str, words: str) -> Line:
    """It was tried, and is not."""
    return Line("WRONG", what, words)


def unused(what: str, words: str) -> Line:
    """It was not tried, which is nothing wrong in itself."""
    return Line("--", what, words)


def main(arguments: Sequence[str]) -> int:
    """Try everything; gives the exit code."""
    argparse.ArgumentParser(prog="check_setup.py", description="Try every configured door.").parse_args(arguments)
    logging.basicConfig(level=logging.CRITICAL)  # what goes wrong is said in the lines
    try:
        return asyncio.run(_run())
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return WRONG_SOMEWHERE


async def _run() -> int:
    code = ALL_WELL
    async for line in _all_lines():
        print(line, flush=True)
        if line.mark == "WRONG":
            code = WRONG_SOMEWHERE
    return code


async def _all_lines() -> AsyncIterator[Line]:
    try:
        settings = load_settings()
    except SettingsError as failed:
        for problem in failed.problems:
            yield wrong("settings", problem)
        return
    try:
        async with open_doors(settings) as doors:
            async for line in lines(doors, settings):
                yield line
    except AskAloudError as failed:
        yield wrong("stand-in", str(failed))


async def lines(doors: Doors, settings: Settings, patience: Patience | None = None) -> AsyncIterator[Line]:
    """One line after the other, as soon as it is known; none takes longer than half a minute. `patience`: not the settings' own."""
    door = doors.realtime
    try:
        knowledge = await KnowledgeBase.open(doors.search, settings)
        entra = None if door.api_key or door.kind != "azure" else Entra(door, settings)
    except SettingsError as failed:  # of signing in
        yield wrong("credential", str(failed))
        return
    try:
        async for line in _model(door, entra, settings, knowledge, patience or configured.patience(settings)):
            yield line
        async for line in _search(knowledge, settings):
            yield line
    finally:
        await knowledge.close()


# the model's side


async def _model(
    door: RealtimeDoor, entra: Entra | None, settings: Settings, knowledge: KnowledgeBase, patience: Patience
) -> AsyncIterator[Line]:
    try:
        refused = await _sign_in(entra, patience)
        if refused is not None:
            yield refused
            yield unused("deployment", "not tried")
            return
        agreement = Agreement(configured.policy(settings, door), toolbox(knowledge, address=lambda passage: (None, None)))
        credential = _credential(door, entra)
        try:
            async with trial(door, agreement, patience, entra.token if entra else None) as session:
                yield credential
                yield ok("deployment", f"{door.model or '(no name)'}, {door.flavour}, at {address(door)}")
                async for line in _session(session, agreement, dict(configured.table(settings, door, None))):
                    yield line
        except UpstreamError as failed:
            for line in _not_reached(failed, credential, entra):
                yield line
    finally:
        if entra is not None:
            await entra.close()


async def _sign_in(entra: Entra | None, patience: Patience) -> Line | None:
    """What is wrong with signing in with Entra ID, where no key is set."""
    if entra is None:
        return None
    try:
        async with asyncio.timeout(patience.connect_s):
            await entra.token()
    except Exception as failed:  # azure-identity raises whatever its many ways raise; their words may name accounts
        return wrong("credential", f"{refusal.not_signed_in('azure').message} [{type(failed).__name__}, for {entra.scope}]")
    return None


async def _session(session: Trial, agreement: Agreement, used: Mapping[str, str]) -> AsyncIterator[Line]:
    try:
        refused = await session.agree()
    except TrialError as failed:
        yield wrong("session", str(failed))
        return
    for setting in refused:
        yield wrong("session", f"The service does not take {setting}. Conversations go on without it.")
    if not refused:
        yield ok("session", f"instructions, tools, voice {used['voice']}, turn detection by {used['turn detection']}")
    if agreement.policy.transcription_model is None:
        yield unused("transcription", used["transcription"])
    elif not any(TRANSCRIBER in setting for setting in refused):
        try:
            await session.write_down()
        except TrialError as failed:
            yield wrong("transcription", f"{failed} Look at {TRANSCRIBER} ({used['transcription']}).")
        else:
            yield ok("transcription", used["transcription"])


def _not_reached(failed: UpstreamError, credential: Line, entra: Entra | None) -> Iterator[Line]:
    told = str(failed).partition(": ")[2]
    if failed.notice.code is NoticeCode.MODEL_REFUSED_KEY:
        yield wrong("credential", told + (f" The token was for {entra.scope}." if entra else ""))
        yield unused("deployment", "not tried")
        return
    yield credential if entra else unused("credential", f"{credential.words}, not tried")
    yield wrong("deployment", told)


def _credential(door: RealtimeDoor, entra: Entra | None) -> Line:
    if entra is not None:
        return ok("credential", f"Entra ID, for {entra.scope}")
    if door.kind == "stand-in":
        return ok("credential", "the stand-in's own key")
    setting = refusal.SETTINGS[door.kind].key
    return ok("credential", f"a key ({setting})") if door.api_key else unused("credential", f"none ({setting})")


# the index's side


async def _search(knowledge: KnowledgeBase, settings: Settings) -> AsyncIterator[Line]:
    passages: list[Passage] = []
    try:
        shape = await knowledge.shape()
        count = await knowledge.count()
        yield _index(knowledge.door, count)
        rows = await knowledge.inventory()
        for name, value in rows:
            yield Line("", "", f"{name:<20}{value}")
        yield await _embedding(knowledge, shape, settings)
        if count:
            found = await _tried(knowledge)
            passages = await _drawable(knowledge)
            for line in [found] if isinstance(found, Line) else _ways(found, shape, settings, dict(rows)):
                yield line
    except KnowledgeError as failed:
        if knowledge.door.kind == "stand-in" and failed.notice.code is NoticeCode.SEARCH_EMPTY:
            yield unused("index", f"{knowledge.door.index!r} is not there yet: serve makes it and fills it with the samples")
        else:
            yield wrong("index", failed.notice.message)
    yield await _documents(passages, settings)


async def _drawable(knowledge: KnowledgeBase) -> list[Passage]:
    """The first passage of a page that can be drawn; not by a question, for nobody here knows what the index is about."""
    looked_at = 0
    async for row in knowledge.contents():
        if row.page is not None and Path(row.document).suffix.lower() in FORMATS:
            return [await knowledge.read(row.id)]
        if (looked_at := looked_at + 1) >= LOOKED_AT:
            break
    return []


async def _tried(knowledge: KnowledgeBase) -> Found | Line:
    try:
        return await knowledge.find(QUESTION)
    except KnowledgeError as failed:
        return wrong("search", failed.notice.message)


def _index(door: SearchDoor, count: int) -> Line:
    where = f"{door.index!r} at {door.endpoint}, by {f'a key ({SEARCH_KEY})' if door.api_key else 'Entra ID'}"
    if door.kind == "stand-in":
        where = f"{door.index!r} of the stand-in"
    if count or door.kind == "stand-in":
        return ok("index", f"{where}: {_counted(count, 'passage')}")
    return wrong("index", f"{where}: there is nothing in it. Fill it with scripts/index_documents.py, or look at AZURE_SEARCH_INDEX.")


async def _embedding(knowledge: KnowledgeBase, shape: Shape, settings: Settings) -> Line:
    """The deployment that makes vectors: of questions where the index cannot, and of passages in every case."""
    named = settings.azure_openai_embedding_deployment
    if named is None:
        return unused("embedding", "none (AZURE_OPENAI_EMBEDDING_DEPLOYMENT): nothing of ours makes vectors")
    if knowledge.embedder is None:
        return wrong("embedding", "AZURE_OPENAI_EMBEDDING_DEPLOYMENT is set, but not AZURE_OPENAI_ENDPOINT, where it would be.")
    if shape.vector is None:
        return unused("embedding", f"{named}: the index has no field for its vectors (AZURE_SEARCH_EMBEDDING_FIELD)")
    try:
        async with asyncio.timeout(EMBEDDING_MAX_S):
            ((*numbers,),) = await knowledge.embedder.vectors([QUESTION], shape.vector.dimensions)
    except TimeoutError:
        return wrong("embedding", SLOW_SIGN_IN if knowledge.embedder.signing_in else SLOW_DEPLOYMENT)
    except KnowledgeError as failed:
        return wrong("embedding", failed.notice.message)
    return ok("embedding", f"{named}: {len(numbers):,} numbers, as the field {shape.vector.name!r} wants")


def _ways(found: Found, shape: Shape, settings: Settings, rows: Mapping[str, str]) -> Iterator[Line]:
    """How the trial search went: by words, by vector, ranked. The service's refusals are told apart by the setting that they name."""
    refused = {SEMANTIC in notice.message: notice.message for notice in found.notices}
    yield ok("search", f"found {len(found.passages)} for {QUESTION!r}")
    vectors = rows["search by vector"]
    if False in refused:
        yield wrong("vectors", refused[False])
    else:
        yield (ok if vectors.startswith("yes") else unused)("vectors", vectors)
    ranking = rows["semantic ranking"]
    if True in refused:
        yield wrong("semantic ranking", refused[True])
    elif settings.azure_search_semantic_configuration is None:
        yield unused("semantic ranking", ranking)
    elif shape.semantic is not None and settings.azure_search_semantic_configuration not in shape.semantic:
        yield wrong("semantic ranking", ranking)
    else:
        yield ok("semantic ranking", f"by {settings.azure_search_semantic_configuration!r}")


# the originals


async def _documents(passages: Sequence[Passage], settings: Settings) -> Line:
    """Whether pages can be shown: the first of these is drawn."""
    originals = settings.documents
    where = _shown(originals) if isinstance(originals, Path) else originals.url
    pictures = Pictures(originals, settings.azure_tenant_id)
    try:
        if isinstance(originals, Path):
            files, _ = await asyncio.to_thread(files_of, originals)
            where = f"{_counted(len(files), 'file')} in {where}"
        paged = [each for each in passages if each.page is not None and each.path and Path(each.path).suffix.lower() in FORMATS]
        shown = next(filter(pictures.offers, paged), None)
        if shown is not None:
            await pictures.picture(shown)
            return ok("documents", f"{where}; page {shown.page} of {shown.path} was drawn")
    except (IndexingError, KnowledgeError) as failed:
        said = failed.notice.message if isinstance(failed, KnowledgeError) else str(failed)
        return wrong("documents", said if "ASKALOUD_DOCUMENTS" in said else f"{said} Look at ASKALOUD_DOCUMENTS.")
    finally:
        await pictures.close()
    if paged:
        return wrong(
            "documents", f"{paged[0].path} was found, but is not there, so no page can be shown: {where}. Look at ASKALOUD_DOCUMENTS."
        )
    return (ok if isinstance(originals, Path) else unused)("documents", f"{where}; no page to draw was found")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def _shown(folder: Path) -> Path:
    """As short as it can be said."""
    return folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
