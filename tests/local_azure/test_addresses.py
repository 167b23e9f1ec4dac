"""Which addresses of other people's servers are taken."""

from __future__ import annotations

import pytest

from local_azure.addresses import what_is_wrong


@pytest.mark.parametrize(
    "address", ["https://models.example/v1", "http://127.0.0.1:11434/v1", "http://localhost:8000", "http://[::1]:1/v1"]
)
def test_encrypted_or_on_loopback_is_well(address: str) -> None:
    assert what_is_wrong("IT", address) is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://models.example/v1", "IT must be encrypted"),
        ("127.0.0.1:11434", "IT must be a plain address"),
        ("http://", "IT must be a plain address"),
        ("https://me:secret@models.example", "IT must be a plain address"),
        ("https://models.example?key=secret", "IT must be a plain address"),
        ("http://127.0.0.1:99999", "IT is no address"),
        ("http://[", "IT is no address"),
    ],
)
def test_what_would_leak_a_key_or_leads_nowhere_is_not(address: str, said: str) -> None:
    wrong = what_is_wrong("IT", address)
    assert wrong is not None
    assert wrong.startswith(said)
    assert "secret" not in wrong
