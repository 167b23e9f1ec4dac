"""Pull mode as an admin types it, against a scripted search service with indexers over a real socket."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
from tests.askaloud.knowledge.indexer_door import IndexerDoor, run, wrong
from tests.commands import ROOT, clean_environment
from tests.planted import secret
from tests.serving import serving

SCRIPT = ROOT / "scripts" / "index_documents.py"
ACCOUNT = f"AccountName=a;AccountKey={secret('account-key')}"
PULL = ("--with-indexer", "--container", "documents/handbooks")


async def command(tmp_path: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), *arguments),
        env=clean_environment(tmp_path / "data", **settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    assert process.returncode is not None
    assert "Traceback" not in said.decode()
    assert "planted-secret" not in (out + said).decode()
    return process.returncode, out.decode(), said.decode()


async def pulled(tmp_path: Path, door: IndexerDoor, *arguments: str, **settings: str) -> tuple[int, str, str]:
    async with serving(door.app) as address:
        service = {"AZURE_SEARCH_ENDPOINT": f"http://{address}", "AZURE_SEARCH_API_KEY": secret("search-key")}
        return await command(tmp_path, *PULL, *arguments, **{"ASKALOUD_STORAGE_CONNECTION": ACCOUNT, **service, **settings})


async def test_a_container_is_indexed_and_what_came_of_it_is_shown(tmp_path: Path) -> None:
    door = IndexerDoor([None, run(1, itemsProcessed=7)])
    code, out, said = await pulled(tmp_path, door, "--json")
    assert code == 0
    assert "container 'documents/handbooks' → source 'handbooks' in the index 'askaloud'" in said
    assert "The indexer looked at 7 documents that were new or changed; 0 failed." in said
    assert "by their words only. They carry no page numbers, and everybody may read them." in said
    told = json.loads(out)
    assert (told["exit_code"], told["run"]["documents"], told["source"]) == (0, 7, "handbooks")
    assert door.sent("/datasources")["container"] == {"name": "documents", "query": "handbooks"}


async def test_documents_that_failed_are_named_and_the_code_says_so(tmp_path: Path) -> None:
    errors = [{"key": "https://a/documents/b [x].pdf", "errorMessage": f"Encrypted: {secret('account-key')}", "statusCode": 400}] * 101
    code, _, said = await pulled(tmp_path, IndexerDoor([None, run(1, itemsProcessed=200, itemsFailed=101, errors=errors)]))
    assert code == 1
    assert said.count("not indexed: https://a/documents/b [x].pdf: Encrypted: …") == 100
    assert "and 1 more." in said
    code, _, said = await pulled(tmp_path, IndexerDoor([None, run(1, "transientFailure", errorMessage="Quota.")]))
    assert (code, "The indexer stopped: Quota. Run the command again" in said) == (1, True)


async def test_documents_of_which_the_service_warns_are_named_though_the_run_went_well(tmp_path: Path) -> None:
    cut = {"key": "https://a/manual.pdf", "message": "Truncated extracted text to 32768 characters.", "name": "", "details": None}
    code, out, said = await pulled(tmp_path, IndexerDoor([None, run(1, itemsProcessed=2, warnings=[cut])]), "--json")
    assert code == 1
    assert "not whole: https://a/manual.pdf: Truncated extracted text to 32768 characters." in said
    assert "2 documents that were new or changed; 0 failed, and the service warns of 1." in said
    assert [each["document"] for each in json.loads(out)["run"]["warnings"]] == ["https://a/manual.pdf"]


async def test_what_keeps_it_from_running_is_a_sentence(tmp_path: Path) -> None:
    refusing = IndexerDoor([None], answers={"/datasources": [wrong(400, "No such container.")]})
    code, _, said = await pulled(tmp_path, refusing)
    assert (code, "The search service did not take the data source: " in said, "No such container." in said) == (2, True, True)
    code, _, said = await pulled(tmp_path, IndexerDoor([None]), ASKALOUD_STORAGE_CONNECTION="")
    assert (code, "ASKALOUD_STORAGE_CONNECTION" in said) == (2, True)


async def test_the_stand_in_has_no_indexers_and_is_not_started_to_say_so(tmp_path: Path) -> None:
    code, _, said = await command(tmp_path, *PULL)
    assert (code, "The stand-in has no indexers: --with-indexer needs Azure AI Search (AZURE_SEARCH_ENDPOINT)." in said) == (2, True)
    assert not (tmp_path / "data").exists()


MISFITS = [
    (("--with-indexer",), "--with-indexer needs --container NAME and no FOLDER"),
    (("--with-indexer", "--container", "/"), "--with-indexer needs --container NAME and no FOLDER"),
    ((*PULL, "."), "--with-indexer needs --container NAME and no FOLDER"),
    ((*PULL, "--groups", "hr"), "everybody may read what it fills"),
    ((*PULL, "--dry-run"), "do not go with --with-indexer"),
    (("--container", "documents", "."), "go with --with-indexer"),
    ((), "a FOLDER is needed, or --with-indexer and --container"),
]


@pytest.mark.parametrize(("arguments", "sentence"), MISFITS)
async def test_options_that_do_not_fit_together_are_refused(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    code, _, said = await command(tmp_path, *arguments)
    assert (code, sentence in " ".join(said.split())) == (2, True)
