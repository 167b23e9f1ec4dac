"""How our clients of the search service travel: one pool of connections each, no surprises on the way.

Retries are ours (`base.py`), for the client's own would outlast the patience of somebody who is listening.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from azure.core.pipeline.policies import AsyncRetryPolicy, SansIOHTTPPolicy
from azure.core.pipeline.transport import AioHttpTransport

from ..settings import LOOPBACK_HOSTS

CONNECT_TIMEOUT_S = 4.0
"""Seconds to connect; a search has its own, longer deadline around it."""

READ_TIMEOUT_S = 60.0
"""Seconds of silence in the midst of an answer, for writes; a search has its own, shorter deadline around it."""


def client_options(endpoint: str) -> dict[str, Any]:
    """Keyword arguments for `SearchClient` and `SearchIndexClient`."""
    loopback = urlsplit(endpoint).hostname in LOOPBACK_HOSTS
    return {
        "transport": AioHttpTransport(
            connection_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            use_env_settings=not loopback,  # a company's proxy cannot see this machine's loopback
        ),
        "retry_policy": AsyncRetryPolicy.no_retries(),
        "permit_redirects": False,  # the client would carry our key to whatever address it is sent to
        "http_logging_policy": SansIOHTTPPolicy(),  # the client's own would write every request into our log
    }
