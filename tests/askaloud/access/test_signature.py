from __future__ import annotations

import re

import pytest

from askaloud.access.signature import Signatures, Signed

SIGNATURES = Signatures(b"s" * 32)
GENUINE = SIGNATURES.sign("p1", "conversation-1", 1_000)


def test_what_was_signed_opens_its_passage_until_it_expires() -> None:
    assert SIGNATURES.check(GENUINE, "p1", 999.9) == Signed("conversation-1", 1_000)
    assert SIGNATURES.check(GENUINE, "p1", 1_000) is None


def test_it_opens_no_other_passage() -> None:
    assert SIGNATURES.check(GENUINE, "p2", 0) is None


def test_another_process_has_another_secret() -> None:
    assert Signatures().check(Signatures().sign("p1", "c", 1_000), "p1", 0) is None


def test_no_later_expiry_and_no_other_conversation_can_be_written_into_it() -> None:
    expires, conversation, mac = GENUINE.split(".")
    other = SIGNATURES.sign("p9", "conversation-2", 1_000).split(".")[1]
    assert SIGNATURES.check(f"{0xFFFFFF:x}.{conversation}.{mac}", "p1", 0) is None
    assert SIGNATURES.check(f"{expires}.{other}.{mac}", "p1", 0) is None


def test_no_two_triples_are_signed_alike() -> None:
    mac = SIGNATURES.sign("p1", "1c", 1_000).split(".")[2]
    assert SIGNATURES.sign("p11", "c", 1_000).split(".")[2] != mac


@pytest.mark.parametrize("at", range(len(GENUINE)))
def test_a_signature_with_one_letter_changed_opens_nothing(at: int) -> None:
    changed = GENUINE[:at] + ("A" if GENUINE[at] != "A" else "B") + GENUINE[at + 1 :]
    found = SIGNATURES.check(changed, "p1", 0)
    assert found is None or changed[-1] != GENUINE[-1]  # the last letter of base64 holds bits that mean nothing


@pytest.mark.parametrize("written", ["", ".", "..", "...", "zz.a.b", "1.é.b", "1.a.b", "x" * 5000, "1.!!.AA", "٣.a.b", "-1.YQ.AAAA"])
def test_what_is_no_signature_opens_nothing_and_raises_nothing(written: str) -> None:
    assert SIGNATURES.check(written, "p1", 0) is None


def test_it_needs_no_quoting_in_an_address() -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+", SIGNATURES.sign("p1", "any/conversation?&#ü", 2_000_000_000))
