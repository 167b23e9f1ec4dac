"""Every environment variable, in one table: its name, type, default and one sentence.

Reads a mapping (the environment, over `.env`) and reports all mistakes at once. It opens no connection and knows no room; the addresses of
the two doors are described here because both `doors` and the rooms behind the doors need the words.
"""

from __future__ import annotations

from .addresses import BlobContainer, RealtimeDoor, SearchDoor, resource_of, token_scope
from .loading import IDENTITY, load_settings, read_settings
from .reading import LOOPBACK_HOSTS, ROOT, Instructions, is_loopback, root_of
from .table import EMPTY_MEANS_NONE, TABLE, Setting
from .values import Settings

__all__ = [
    "EMPTY_MEANS_NONE",
    "IDENTITY",
    "LOOPBACK_HOSTS",
    "ROOT",
    "TABLE",
    "BlobContainer",
    "Instructions",
    "RealtimeDoor",
    "SearchDoor",
    "Setting",
    "Settings",
    "is_loopback",
    "load_settings",
    "read_settings",
    "resource_of",
    "root_of",
    "token_scope",
]
