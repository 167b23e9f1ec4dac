"""Ways to sign in with Entra ID for tests: an `azd` and an `az` of the test's own on PATH, and the end of a platform with identities."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from quart import Quart, request

TENANT = "00000000-0000-0000-0000-000000000001"
SCOPE = "https://cognitiveservices.azure.com/.default"
EXPIRED = "ERROR: fetching token: AADSTS700082: The refresh token has expired due to inactivity."
LONG = "2099-01-01T00:00:00Z"


class CommandLine:
    """A program of that name, first on PATH: it gives a token, or says what it is told to and ends with 1."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "azd") -> None:
        self._asked, self._gate, self._program = folder / f"{name}.asked", folder / f"{name}.gate", folder / name
        self._monkeypatch = monkeypatch
        self._monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        self.says({"token": name, "expiresOn": LONG})

    def says(self, token: dict[str, Any]) -> None:
        """From now on it gives this token."""
        self._write(f"print({json.dumps(token)!r})")

    def fails(self, words: str = EXPIRED) -> None:
        """From now on it fails."""
        self._write(f"sys.stderr.write({words!r}); sys.exit(1)")

    def hangs(self) -> None:
        """From now on it waits for `goes_on` before it does what it was told last."""
        os.mkfifo(self._gate)

    async def goes_on(self) -> None:
        """Let the one that hangs go on, once it was started."""
        gate = await asyncio.to_thread(self._gate.open, "w")
        gate.close()

    @property
    def asked(self) -> list[list[str]]:
        """The arguments of each call, in order."""
        return [json.loads(line) for line in self._asked.read_text().splitlines()] if self._asked.exists() else []

    def _write(self, end: str) -> None:
        lines = [
            f"#!{sys.executable}",
            "import json, os, sys",
            f"open({str(self._asked)!r}, 'a').write(json.dumps(sys.argv) + '\\n')",
            f"os.path.exists({str(self._gate)!r}) and open({str(self._gate)!r}).read()",
            end,
        ]
        self._program.write_text("\n".join(lines) + "\n")
        self._program.chmod(0o700)


def platform(asked: list[dict[str, Any]]) -> Quart:
    """The end of a platform that gives managed identities their tokens, as App Service has it."""
    app = Quart(__name__)

    @app.get("/token")
    async def token() -> dict[str, str]:
        asked.append(dict(request.args))
        return {"access_token": "managed", "expires_on": str(int(time.time()) + 86_400), "resource": "r", "token_type": "Bearer"}

    return app
