"""How much a client may send: a bucket that refills at a steady rate. Pure; time comes with the question."""

from __future__ import annotations

from dataclasses import dataclass

AUDIO_BURST_BYTES = 120 * 48_000
"""120 s of sound at once: SDKs send whole recordings as fast as they can."""
AUDIO_REFILL_BYTES_PER_S = 2 * 48_000
"""Twice real time: a microphone uses half of it."""
EVENTS_BURST = 12_000
"""120 s of sound in frames of 20 ms make 6,000 events; twice that."""
EVENTS_REFILL_PER_S = 200
"""A microphone with frames of 10 ms, and as much again."""


@dataclass(slots=True)
class Allowance:
    """One client's bucket, full at first."""

    burst: float
    refill_per_s: float
    left: float
    at: float | None = None

    @classmethod
    def of(cls, burst: float, refill_per_s: float) -> Allowance:
        """A full bucket."""
        return cls(burst, refill_per_s, burst)

    def take(self, amount: float, now: float) -> bool:
        """Whether so much may pass now (`now` in seconds, from any steady clock)."""
        if self.at is not None:
            self.left = min(self.burst, self.left + (now - self.at) * self.refill_per_s)
        self.at = now
        if amount > self.left:
            return False
        self.left -= amount
        return True
