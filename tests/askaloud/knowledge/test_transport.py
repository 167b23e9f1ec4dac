from __future__ import annotations

import pytest
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit, scripted


async def test_a_proxy_of_the_company_is_not_asked_for_this_machines_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    door = ScriptedDoor()
    door.script("search", Answer({"value": [hit()]}))
    async with scripted(door) as knowledge:
        assert len(await knowledge.search("abroad")) == 1
