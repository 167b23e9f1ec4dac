"""Every line of the check of the setup, well and not, each door a scripted one over a real socket; and the command as an admin types it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from tests.askaloud.conversation.test_entra import Platform
from tests.askaloud.conversation.test_upstream import far_end
from tests.askaloud.indexing.papers import paper, words
from tests.askaloud.knowledge.embedding_model import ScriptedModel as Embedding
from tests.askaloud.knowledge.search_doors import INDEX, KEY, Answer, ScriptedDoor, hit
from tests.commands import ROOT, clean_environment
from tests.planted import overheard, secret
from tests.scripted_model import Line, Script, scripted_model
from tests.serving import serving

import check_setup
from askaloud.conversation.patience import PATIENCE
from askaloud.doors import Doors
from askaloud.knowledge.schema import our_index
from askaloud.settings import BlobContainer, RealtimeDoor, SearchDoor, Settings
from askaloud.settings.addresses import OPENAI_SCOPE

SHORT = replace(PATIENCE, connect_s=10.0, setup_s=1.5, hang_up_s=0.1)
USUAL: dict[str, Any] = {"transcription_model": "our-transcriber"}


async def writes_down(line: Line, *, failing: str | None = None) -> None:
    """Take the change to no voice detection, and write down what is committed."""
    update = await line.read("session.update")
    await line.say("session.updated", session=update["session"])
    await line.read("input_audio_buffer.commit")
    place = {"item_id": "u", "content_index": 0}
    if failing:
        error = {"type": "invalid_request_error", "code": failing, "message": "planted words"}
        await line.say("conversation.item.input_audio_transcription.failed", **place, error=error)
    else:
        await line.say("conversation.item.input_audio_transcription.completed", **place, transcript="")


async def well(line: Line) -> None:
    await line.greet()
    await writes_down(line)


def definition(**more: Any) -> dict[str, Any]:
    """Our index, with something more."""
    return {**our_index(INDEX).as_dict(), **more}


RANKED = {"configurations": [{"name": "ours", "prioritizedFields": {"prioritizedContentFields": [{"fieldName": "text"}]}}]}


def with_vectorizer() -> dict[str, Any]:
    made = definition()
    made["vectorSearch"]["profiles"][0]["vectorizer"] = "theirs"
    made["vectorSearch"]["vectorizers"] = [{"name": "theirs", "kind": "azureOpenAI", "azureOpenAIParameters": {"deploymentId": "d"}}]
    return made


async def tried(
    script: Script = well,
    search: ScriptedDoor | None = None,
    *,
    realtime: RealtimeDoor | None = None,
    search_at: str | None = None,
    key: str | None = KEY,
    **settings: Any,
) -> dict[str, str]:
    """What each line says after its name, with its mark before."""
    search = search or ScriptedDoor()
    said: dict[str, str] = {}
    async with scripted_model(script) as model, serving(search.app) as address:
        door = SearchDoor(f"http://{search_at or address}", INDEX, key, "azure")
        async for line in check_setup.lines(Doors(realtime or model.door, door), Settings(**USUAL | settings), SHORT):
            overheard("the check of the setup", str(line))
            if line.what:
                said[line.what] = f"{line.mark} {line.words}"
    return said


def marks(said: Mapping[str, str]) -> dict[str, str]:
    return {what: words.partition(" ")[0] for what, words in said.items()}


async def test_where_all_is_well_every_line_says_so() -> None:
    search = ScriptedDoor(definition(semantic=RANKED))
    search.script("search", Answer({"value": [hit()]}))
    embedding = Embedding(body={"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": [0.5] * 1536}]})
    async with serving(embedding.app) as address:
        said = await tried(
            well,
            search,
            azure_search_semantic_configuration="ours",
            azure_openai_endpoint=f"http://{address}",
            azure_openai_api_key=secret("embedding-key"),
            azure_openai_embedding_deployment="small",
        )
    assert set(marks(said).values()) == {"ok"}
    assert said["credential"] == "ok a key (AZURE_OPENAI_API_KEY)"
    assert said["deployment"].startswith("ok test-model, GA on Azure, at ws://127.0.0.1:")
    assert said["session"].startswith("ok instructions, tools, voice alloy, turn detection by server_vad")
    assert said["transcription"] == "ok our-transcriber, any language"
    assert said["embedding"] == "ok small: 1,536 numbers, as the field 'vector' wants"
    assert said["semantic ranking"] == "ok by 'ours'"
    assert said["index"].endswith("by a key (AZURE_SEARCH_API_KEY): 7 passages")


async def refuses_speed(line: Line) -> None:
    await line.say("session.created", session={})
    update = await line.read("session.update")
    await line.refuse(update["event_id"], "unknown_parameter", "session.audio.output.speed", message="planted words")
    update = await line.read("session.update")
    assert "speed" not in update["session"]["audio"]["output"]
    await line.say("session.updated", session=update["session"])
    await writes_down(line)


async def refuses_instructions(line: Line) -> None:
    update = await line.read("session.update")
    await line.refuse(update["event_id"], "invalid_value", "session.instructions")


async def knows_only_the_preview(line: Line) -> None:
    update = await line.read("session.update")
    await line.refuse(update["event_id"], "unknown_parameter", "session.type")


async def hangs_up(line: Line) -> None:
    await line.read("session.update")
    await line.connection.close(1011, "planted words")


async def is_silent(line: Line) -> None:
    await line.until_hung_up()


async def cannot_write(line: Line) -> None:
    await line.greet()
    await writes_down(line, failing="DeploymentNotFound")


async def never_writes(line: Line) -> None:
    await line.greet()
    update = await line.read("session.update")
    await line.say("session.updated", session=update["session"])


WRONG_WITH_THE_MODEL: dict[str, tuple[Script, str, str]] = {
    "an optional field is refused": (refuses_speed, "session", "ASKALOUD_SPEED"),
    "instructions are refused": (refuses_instructions, "session", "session.instructions"),
    "the server speaks the preview": (knows_only_the_preview, "session", "ASKALOUD_REALTIME_API_VERSION"),
    "the model hangs up": (hangs_up, "session", "AZURE_OPENAI_REALTIME_DEPLOYMENT"),
    "the model says nothing": (is_silent, "session", "AZURE_OPENAI_ENDPOINT"),
    "the transcriber is not there": (cannot_write, "transcription", "ASKALOUD_TRANSCRIPTION_MODEL (our-transcriber"),
    "the transcriber says nothing": (never_writes, "transcription", "ASKALOUD_TRANSCRIPTION_MODEL (our-transcriber"),
}


@pytest.mark.parametrize(("script", "what", "named"), WRONG_WITH_THE_MODEL.values(), ids=WRONG_WITH_THE_MODEL.keys())
async def test_what_is_wrong_with_the_model_is_said_with_its_setting(script: Script, what: str, named: str) -> None:
    said = await tried(script, speed=1.2)
    assert said[what].startswith("WRONG")
    assert named in said[what]
    assert "planted" not in "".join(said.values())
    assert said["credential"].startswith("ok")
    assert said["index"].startswith("ok")


@pytest.mark.parametrize(
    ("status", "what", "named"),
    [
        (HTTPStatus.UNAUTHORIZED, "credential", "AZURE_OPENAI_API_KEY"),
        (HTTPStatus.FORBIDDEN, "credential", "AZURE_OPENAI_API_KEY"),
        (HTTPStatus.NOT_FOUND, "deployment", "AZURE_OPENAI_REALTIME_DEPLOYMENT"),
        (HTTPStatus.TOO_MANY_REQUESTS, "deployment", "quota"),
        (HTTPStatus.BAD_GATEWAY, "deployment", "AZURE_OPENAI_ENDPOINT"),
    ],
)
async def test_a_handshake_that_is_refused_is_said_with_its_setting(status: HTTPStatus, what: str, named: str) -> None:
    async with far_end(status) as far:
        said = await tried(realtime=far.door(key=secret("model-key")))
    assert said[what].startswith("WRONG")
    assert named in said[what]
    assert f"HTTP {status.value}" in said[what]
    assert [each for each, mark in marks(said).items() if mark == "WRONG"] == [what]
    assert "planted words" not in "".join(said.values())


async def test_a_model_that_nobody_finds_is_said_and_the_index_is_tried_all_the_same() -> None:
    said = await tried(realtime=RealtimeDoor("ws://127.0.0.1:1/openai/v1", "m", secret("model-key"), "azure"))
    assert said["deployment"].startswith("WRONG")
    assert "AZURE_OPENAI_ENDPOINT" in said["deployment"]
    assert said["credential"] == "-- a key (AZURE_OPENAI_API_KEY), not tried"
    assert said["index"].startswith("ok")


async def test_without_a_transcriber_nothing_is_tried_and_the_setting_is_named() -> None:
    said = await tried(transcription_model="")
    assert said["transcription"].startswith("--")
    assert "ASKALOUD_TRANSCRIPTION_MODEL" in said["transcription"]


async def test_signing_in_with_entra_id_says_for_which_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted_model(well) as far, serving(Platform().app()) as address:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://{address}/token")
        monkeypatch.setenv("IDENTITY_HEADER", secret("identity-header"))
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        said = await tried(realtime=replace(far.door, api_key=None))
        assert said["credential"] == f"ok Entra ID, for {OPENAI_SCOPE}"
        assert said["session"].startswith("ok")
        async with far_end(HTTPStatus.FORBIDDEN) as refusing:
            said = await tried(realtime=refusing.door(key=None), entra_scope="https://other/.default")
    assert said["credential"].startswith("WRONG")
    assert "Cognitive Services OpenAI User" in said["credential"]
    assert said["credential"].endswith("The token was for https://other/.default.")


async def test_nobody_signed_in_is_said_without_trying_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    said = await tried(realtime=RealtimeDoor("ws://127.0.0.1:1/openai/v1", "m", None, "azure"))
    assert said["credential"].startswith("WRONG")
    assert "AZURE_OPENAI_API_KEY or the Entra ID login" in said["credential"]
    assert OPENAI_SCOPE in said["credential"]
    assert said["deployment"] == "-- not tried"


def scripted(what: str, *answers: Answer, **definition_of: Any) -> ScriptedDoor:
    door = ScriptedDoor(definition(**definition_of))
    door.script(what, *answers)
    return door


def holding(**fields: Any) -> ScriptedDoor:
    """An index with one passage, of which the trial search finds nothing."""
    door = scripted("search", Answer({"value": []}), Answer({"value": [hit(**fields)]}))
    door.script("read", Answer(hit(**fields)))
    return door


def refused(code: str, words: str, status: int = 400) -> Answer:
    return Answer({"error": {"code": code, "message": words}}, status)


WRONG_WITH_THE_INDEX: dict[str, tuple[ScriptedDoor, dict[str, Any], str, str]] = {
    "the key is refused": (scripted("index", refused("", "planted", 403)), {}, "index", "AZURE_SEARCH_API_KEY"),
    "the index is not there": (scripted("index", refused("", "planted", 404)), {}, "index", "AZURE_SEARCH_INDEX"),
    "the index is empty": (scripted("count", Answer("0", headers={"Content-Type": "text/plain"})), {}, "index", "index_documents.py"),
    "no text is found": (
        scripted("none", fields=[{"name": "id", "type": "Edm.String", "key": True}]),
        {},
        "index",
        "AZURE_SEARCH_CONTENT_FIELD",
    ),
    "a setting names no field": (ScriptedDoor(), {"azure_search_title_field": "headline"}, "index", "AZURE_SEARCH_TITLE_FIELD"),
    "the search is refused": (scripted("search", refused("", "planted", 403)), {}, "search", "AZURE_SEARCH_API_KEY"),
    "no such semantic configuration": (
        scripted("none", semantic=RANKED),
        {"azure_search_semantic_configuration": "theirs"},
        "semantic ranking",
        "AZURE_SEARCH_SEMANTIC_CONFIGURATION names 'theirs', and the index has 'ours'",
    ),
    "the ranker is not switched on": (
        scripted("search", refused("SemanticQueriesNotAvailable", "planted"), semantic=RANKED),
        {"azure_search_semantic_configuration": "ours"},
        "semantic ranking",
        "AZURE_SEARCH_SEMANTIC_CONFIGURATION",
    ),
    "the embeddings have no address": (
        ScriptedDoor(),
        {"azure_openai_embedding_deployment": "small"},
        "embedding",
        "AZURE_OPENAI_ENDPOINT",
    ),
    "the originals are elsewhere": (
        holding(path="leave.pdf", source="handbooks"),
        {},
        "documents",
        "ASKALOUD_DOCUMENTS",
    ),
    "the container is elsewhere": (
        holding(path="leave.pdf", source="handbooks"),
        {"documents": BlobContainer("http://127.0.0.1:1/originals", secret("sig"))},
        "documents",
        "ASKALOUD_DOCUMENTS",
    ),
    "the folder is gone": (ScriptedDoor(), {"documents": Path("/nowhere/at/all")}, "documents", "ASKALOUD_DOCUMENTS"),
}


@pytest.mark.parametrize(("door", "settings", "what", "named"), WRONG_WITH_THE_INDEX.values(), ids=WRONG_WITH_THE_INDEX.keys())
async def test_what_is_wrong_with_the_index_is_said_with_its_setting(
    door: ScriptedDoor, settings: dict[str, Any], what: str, named: str
) -> None:
    said = await tried(well, door, **settings)
    assert said[what].startswith("WRONG")
    assert named in said[what]
    assert [each for each, mark in marks(said).items() if mark == "WRONG"] == [what]
    assert "planted" not in "".join(said.values())


async def test_a_page_of_the_index_is_drawn_whatever_the_trial_search_finds(tmp_path: Path) -> None:
    text = "You can work from abroad for 30 days."
    paper(tmp_path / "leave.pdf", [words(text)])
    door = holding(path="leave.pdf", page=1, text=text)
    said = await tried(well, door, documents=tmp_path)
    assert said["documents"] == f"ok 1 file in {tmp_path}; page 1 of leave.pdf was drawn"
    assert said["search"].startswith("ok found 0 for")


async def test_a_search_service_that_nobody_finds_names_its_setting() -> None:
    said = await tried(search_at="127.0.0.1:1")
    assert said["index"].startswith("WRONG")
    assert "AZURE_SEARCH_ENDPOINT" in said["index"]
    assert said["documents"].startswith("ok")


async def test_a_vectorizer_that_fails_is_said_apart_from_the_rest() -> None:
    door = ScriptedDoor(with_vectorizer())
    door.script("search", refused("InvalidVectorQuery", "planted", 400), Answer({"value": [hit()]}))
    said = await tried(well, door)
    assert said["vectors"].startswith("WRONG The index could not make a vector")
    assert said["search"].startswith("ok found 1 for")
    well_then = await tried(well, ScriptedDoor(with_vectorizer()))
    assert well_then["vectors"] == "ok yes, the index makes the question's vector"


@pytest.mark.parametrize(
    ("embedding", "named"),
    [
        (Embedding(body={"data": [{"object": "embedding", "index": 0, "embedding": [0.5] * 256}]}), "no vectors of 1536 numbers"),
        (
            Embedding(status=404, body={"error": {"code": "DeploymentNotFound", "message": "planted"}}),
            "no embedding deployment of the name",
        ),
        (Embedding(status=401, body={"error": {"message": "planted"}}), "AZURE_OPENAI_API_KEY"),
    ],
)
async def test_an_embedding_deployment_that_does_not_fit_the_index_is_said(embedding: Embedding, named: str) -> None:
    async with serving(embedding.app) as address:
        said = await tried(
            azure_openai_endpoint=f"http://{address}",
            azure_openai_api_key=secret("embedding-key"),
            azure_openai_embedding_deployment="small",
        )
    assert said["embedding"].startswith("WRONG")
    assert named in said["embedding"]
    assert "AZURE_OPENAI_EMBEDDING_DEPLOYMENT" in said["embedding"]


async def command(tmp_path: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """The exit code, what was printed and what went to stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "scripts" / "check_setup.py"),
        *arguments,
        env=clean_environment(tmp_path / "data", **settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complained = await process.communicate()
    overheard("the check of the setup", printed + complained)
    assert process.returncode is not None
    return process.returncode, printed.decode(), complained.decode()


async def test_with_nothing_set_the_stand_in_is_well(tmp_path: Path) -> None:
    code, printed, _ = await command(tmp_path)
    assert code == 0, printed
    lines = [line.split()[:2] for line in printed.splitlines()]
    assert lines[:4] == [["ok", "credential"], ["ok", "deployment"], ["ok", "session"], ["ok", "transcription"]]
    assert lines[-1] == ["ok", "documents"]


async def test_all_settings_that_are_wrong_are_listed_and_the_exit_code_says_so(tmp_path: Path) -> None:
    code, printed, complained = await command(tmp_path, ASKALOUD_SPEED="9", AZURE_OPENAI_ENDPOINT="ftp://there")
    assert code == 1
    assert complained == ""
    assert [line.split()[:3:2] for line in printed.splitlines()] == [["WRONG", "AZURE_OPENAI_ENDPOINT"], ["WRONG", "ASKALOUD_SPEED"]]


async def test_a_door_that_is_wrong_makes_the_exit_code_one(tmp_path: Path) -> None:
    code, printed, complained = await command(
        tmp_path,
        ASKALOUD_REALTIME_URL="ws://127.0.0.1:1/v1",
        ASKALOUD_REALTIME_MODEL="m",
        ASKALOUD_REALTIME_API_KEY=secret("model-key"),
        AZURE_SEARCH_ENDPOINT="http://127.0.0.1:1",
        AZURE_SEARCH_API_KEY=secret("search-key"),
    )
    assert (code, complained) == (1, "")
    assert [line.split()[:2] for line in printed.splitlines() if line.startswith("WRONG")] == [["WRONG", "deployment"], ["WRONG", "index"]]
