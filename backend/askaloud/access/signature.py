"""Signatures in the addresses of sources: what a conversation was shown, it may open for a while, and nobody else may.

Decides nothing about conversations or passages; it only knows that three words were put together by this process.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass

SECRET_BYTES = 32
"""Made anew for each process: after a restart no conversation is left that an old address could belong to."""

MAC_BYTES = 16
"""128 bits of the digest: nobody guesses them, and addresses stay short."""

SIGNATURE_CHARS = 400
"""Longer ones are not looked at."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a genuine signature says: the conversation that the passage was shown to, and until when (seconds since 1970)."""

    conversation: str
    expires: int


class Signatures:
    """Signs and checks with one secret."""

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secret or secrets.token_bytes(SECRET_BYTES)

    def sign(self, passage: str, conversation: str, expires: int) -> str:
        """The `s` of a passage's address: expiry, conversation and HMAC, in characters that need no quoting in an address."""
        return f"{expires:x}.{_written(conversation.encode())}.{_written(self._mac(passage, conversation, expires))}"

    def check(self, signature: str, passage: str, now: float) -> Signed | None:
        """What the signature says, or None where it is forged, for another passage, or expired at `now` (seconds since 1970)."""
        parts = signature.split(".")
        if len(parts) != 3 or len(signature) > SIGNATURE_CHARS or not signature.isascii():
            return None
        try:
            expires = int(parts[0], 16)
            conversation = _read(parts[1]).decode()
            mac = _read(parts[2])
        except ValueError:
            return None
        genuine = hmac.compare_digest(mac, self._mac(passage, conversation, expires))
        return Signed(conversation, expires) if genuine and now < expires else None

    def _mac(self, passage: str, conversation: str, expires: int) -> bytes:
        """Each word goes in with its length, so that no two triples read the same."""
        words = (passage.encode(), conversation.encode(), str(expires).encode())
        message = b"".join(len(word).to_bytes(4, "big") + word for word in words)
        return hmac.digest(self._secret, message, hashlib.sha256)[:MAC_BYTES]


def _written(word: bytes) -> str:
    return base64.urlsafe_b64encode(word).rstrip(b"=").decode()


def _read(written: str) -> bytes:
    try:
        return base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
    except binascii.Error as wrong:
        raise ValueError("not base64") from wrong
