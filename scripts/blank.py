"""The environment of somebody who has set nothing, for commands of ours that a benchmark or a test starts: nobody's account is asked, even
where a `.env` lies in the project's folder. It must not know what is started.
"""

from __future__ import annotations

import os
from pathlib import Path

from askaloud.settings import EMPTY_MEANS_NONE, IDENTITY, TABLE

OF_THE_STAND_IN = "LOCAL_AZURE_"
"""How the stand-in's own variables begin. It reads them from the environment alone, so that it is enough to leave them out."""


def clean_environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment for a command of ours. Empty values go before those of `.env` and count as not set; `data` is its data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_STAND_IN)}
    unset = {name: "" for name in (*IDENTITY, *(setting.name for setting in TABLE)) if name not in EMPTY_MEANS_NONE}
    return {**kept, **unset, "ASKALOUD_DATA": str(data), "ASKALOUD_TRANSCRIPTION_MODEL": "whisper-1", **settings}
