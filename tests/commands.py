"""Commands of ours as real processes, for tests: where the project is, and an environment without anybody's account or `.env`."""

from __future__ import annotations

import os
from pathlib import Path

from askaloud.settings import EMPTY_MEANS_NONE, TABLE

ROOT = Path(__file__).resolve().parents[1]


def clean_environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment for a command of ours. Empty values go before those of `.env` and count as not set; `data` is its data folder."""
    unset = {setting.name: "" for setting in TABLE if setting.name not in EMPTY_MEANS_NONE}
    return {**os.environ, **unset, "ASKALOUD_DATA": str(data), "ASKALOUD_TRANSCRIPTION_MODEL": "whisper-1", **settings}
