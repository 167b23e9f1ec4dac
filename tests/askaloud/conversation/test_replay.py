"""What a browser that comes back is told: all that it missed, in order, without sound, bounded."""

from __future__ import annotations

import json

from askaloud.conversation.actions import ToBrowser
from askaloud.conversation.replay import BYTES_KEPT, EVENTS_KEPT, Replay


def event(event_id: str, size: int = 0, *, spaced: bool = False) -> bytes:
    separators = None if spaced else (",", ":")
    return json.dumps({"type": "test", "event_id": event_id, "pad": "x" * size}, separators=separators).encode()


def ids(payloads: list[bytes]) -> list[str]:
    return [json.loads(payload)["event_id"] for payload in payloads]


def replay(*payloads: bytes) -> Replay:
    made = Replay()
    for payload in payloads:
        made.record(ToBrowser(payload))
    return made


def test_what_came_after_the_last_event_that_was_heard() -> None:
    made = replay(event("a"), event("b"), event("c"))
    assert ids(made.after("b")) == ["c"]
    assert ids(made.after("c")) == []
    assert ids(made.after("a")) == ["b", "c"]


def test_an_event_is_found_however_it_was_written() -> None:
    assert ids(replay(event("a", spaced=True), event("b")).after("a")) == ["b"]


def test_after_an_event_that_nobody_knows_all_there_is() -> None:
    made = replay(event("a"), event("b"))
    assert ids(made.after("z")) == ids(made.after(None)) == ["a", "b"]


def test_no_id_is_taken_for_the_end_of_a_longer_one_or_for_words() -> None:
    made = replay(event("xa"), json.dumps({"type": "t", "event_id": "b", "said": 'event_id:"a"'}).encode(), event("c"))
    assert ids(made.after("a")) == ["xa", "b", "c"]


def test_sound_and_what_is_worth_nothing_later_are_not_kept() -> None:
    made = Replay()
    made.record(ToBrowser(event("sound"), audio_ms=20.0))
    made.record(ToBrowser(event("heartbeat"), fleeting=True))
    assert made.after(None) == []


def test_the_oldest_go_when_there_are_too_many_or_too_much() -> None:
    many = replay(*(event(f"e{number}") for number in range(EVENTS_KEPT + 10)))
    assert ids(many.after(None))[0] == "e10"
    much = replay(*(event(f"e{number}", BYTES_KEPT // 4) for number in range(10)))
    assert sum(map(len, much.after(None))) <= BYTES_KEPT
    assert ids(much.after(None))[-1] == "e9"
