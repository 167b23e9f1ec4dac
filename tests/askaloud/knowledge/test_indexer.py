"""Names and secrets. What is sent to the service is held in `indexing/test_pull.py`, by the requests of the official client."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from askaloud.knowledge.indexer import Embedding, Pull, pulled_index, takes_projections
from askaloud.knowledge.schema import our_index

PULL = Pull("handbook", "rules", "BlobEndpoint=https://a;SharedAccessSignature=sig%3Dx", "documents")


@pytest.mark.parametrize("source", ["rules", "Rules & Regulations (2026)", "Правила", "-", "x" * 200])
def test_every_source_has_a_name_that_the_service_takes(source: str) -> None:
    name = replace(PULL, source=source).name
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name)
    assert len(name) <= 128


def test_two_sources_never_share_a_name() -> None:
    names = {replace(PULL, index=index, source=source).name for index, source in (("a", "b-c"), ("a-b", "c"), ("a", "B C"), ("a", "Ж"))}
    assert len(names) == 4


def test_all_that_is_secret_is_known_as_such() -> None:
    embedding = Embedding("https://x", "d", "text-embedding-3-small", "the-key")
    assert replace(PULL, embedding=embedding).secrets == (PULL.connection, "sig%3Dx", "the-key")
    assert "sig%3Dx" not in repr(PULL)


def test_only_an_index_with_a_key_for_projections_takes_them() -> None:
    assert takes_projections(pulled_index("x"))
    assert not takes_projections(our_index("x"))
    assert [field.name for field in pulled_index("x").fields] == [field.name for field in our_index("x").fields]
