from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from local_azure.run_file import RUN_FILE, FolderTaken, Running, announced, sole_tenant

HERE = Running("ws://127.0.0.1:1/openai/v1", "http://127.0.0.1:1", "key", os.getpid())


def test_a_folder_has_one_tenant_at_a_time(tmp_path: Path) -> None:
    with sole_tenant(tmp_path / "new" / "folder"), pytest.raises(FolderTaken), sole_tenant(tmp_path / "new" / "folder"):
        pass
    with sole_tenant(tmp_path / "new" / "folder"):
        pass


def test_the_run_file_tells_where_it_is_while_it_runs_and_only_then(tmp_path: Path) -> None:
    with announced(tmp_path, HERE):
        told = json.loads((tmp_path / RUN_FILE).read_text())
        assert told == {"realtime": HERE.realtime, "search": HERE.search, "key": "key", "pid": os.getpid()}
        if sys.platform != "win32":
            assert stat.S_IMODE((tmp_path / RUN_FILE).stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == []


def test_the_run_file_of_another_is_left_alone(tmp_path: Path) -> None:
    other = json.dumps({"pid": os.getpid() + 1})
    with announced(tmp_path, HERE):
        (tmp_path / RUN_FILE).write_text(other)
    assert (tmp_path / RUN_FILE).read_text() == other


def test_a_run_file_that_was_left_behind_is_replaced(tmp_path: Path) -> None:
    (tmp_path / RUN_FILE).write_text("left behind")
    with announced(tmp_path, HERE):
        assert json.loads((tmp_path / RUN_FILE).read_text())["key"] == "key"


def test_what_is_announced_is_not_shown_with_its_key() -> None:
    assert "a-planted-key" not in repr(Running("ws://r", "http://s", "a-planted-key", 1))
