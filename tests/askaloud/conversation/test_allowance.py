"""The bucket that bounds how much a client may send."""

from __future__ import annotations

from askaloud.conversation.allowance import AUDIO_BURST_BYTES, AUDIO_REFILL_BYTES_PER_S, Allowance


def test_a_full_bucket_lets_its_burst_through_and_not_one_more() -> None:
    bucket = Allowance.of(burst=10, refill_per_s=1)
    assert bucket.take(10, now=100.0)
    assert not bucket.take(1, now=100.0)


def test_it_refills_with_the_time_that_passes() -> None:
    bucket = Allowance.of(burst=10, refill_per_s=2)
    assert bucket.take(10, now=100.0)
    assert not bucket.take(5, now=102.0)
    assert bucket.take(4, now=102.0)


def test_it_never_holds_more_than_its_burst() -> None:
    bucket = Allowance.of(burst=10, refill_per_s=2)
    assert bucket.take(1, now=0.0)
    assert not bucket.take(11, now=1_000_000.0)
    assert bucket.take(10, now=1_000_000.0)


def test_what_is_refused_costs_nothing() -> None:
    bucket = Allowance.of(burst=10, refill_per_s=0)
    assert not bucket.take(11, now=0.0)
    assert bucket.take(10, now=0.0)


def test_a_microphone_may_talk_for_hours() -> None:
    bucket = Allowance.of(AUDIO_BURST_BYTES, AUDIO_REFILL_BYTES_PER_S)
    assert all(bucket.take(4_800, now=tenth / 10) for tenth in range(3 * 3600 * 10))


def test_a_recording_of_two_minutes_may_come_at_once_and_one_of_two_minutes_and_a_sample_may_not() -> None:
    bytes_per_s = 48_000
    assert Allowance.of(AUDIO_BURST_BYTES, AUDIO_REFILL_BYTES_PER_S).take(120 * bytes_per_s, now=0.0)
    assert not Allowance.of(AUDIO_BURST_BYTES, AUDIO_REFILL_BYTES_PER_S).take(120 * bytes_per_s + 2, now=0.0)
