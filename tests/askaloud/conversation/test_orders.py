"""Whole conversations in random legal orders, over several lines to a model of the service's rules: what must hold whatever happens.

Beyond `test_sequencing.py`: the far end is a machine of its own (`rules.py`) with items that begin, go on and end; what the client is
told is read by one that believes in the protocol (`onlooker.py`); lines are lost, come near their end and rest; words come late; turns are
ended by voice detection in each of its manners, or by the client; a moderator looks at them, soon, late or never (`desk.py`); somebody
coughs; the page is away for a while. Taken as given: a response lasts longer than a message travels.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings, strategies
from tests.askaloud.conversation.around import BUSY, LOSSES_MAX, Around
from tests.askaloud.conversation.desk import Demand, Message
from tests.askaloud.conversation.moderators import quick

from askaloud.conversation.interruption import LISTENED, MEANT
from askaloud.conversation.line import FORCE, REST, SETUP, TAKE_OVER
from askaloud.conversation.notices import MODEL_HUNG_UP
from askaloud.conversation.policy import Policy

SHORT_EXAMPLES = 400
LONG_EXAMPLES = 20_000
STEPS_MAX = 100
LOUD = base64.b64encode((2_000).to_bytes(2, "little") * 480).decode()
MANNERS: dict[str, dict[str, Any] | None] = {
    "answers and interrupts": {"type": "server_vad"},
    "waits for the client": {"type": "server_vad", "create_response": False},
    "does not interrupt": {"type": "server_vad", "interrupt_response": False},
    "only listens": {"type": "server_vad", "interrupt_response": False, "create_response": False},
    "push to talk": None,
    "leaves it to us to ask": {"type": "server_vad"},
    "is careful": {"type": "server_vad"},
    "is moderated": {"type": "server_vad"},
    "is careful and moderated": {"type": "server_vad"},
    "is moderated and waits for the client": {"type": "server_vad", "create_response": False},
    "is moderated and does not interrupt": {"type": "server_vad", "interrupt_response": False},
    "is moderated push to talk": None,
}
PLAIN = Policy(model="gpt-test", instructions="the secret instructions")
MODERATED = replace(PLAIN, moderator=quick)
POLICIES = {
    "leaves it to us to ask": replace(PLAIN, create_response=False),
    "is careful": replace(PLAIN, interrupt_after_ms=300),
    "is careful and moderated": replace(MODERATED, interrupt_after_ms=300),
    **{manner: MODERATED for manner in MANNERS if manner.startswith("is moderated")},
}
VERDICTS = (True, True, True, False, "Not here.", None)
AT_THE_MODERATOR_MAX = 12
"""More at once are refused, which other tests are about."""
CALLS = [("search", '{"query": "days"}')] * 3 + [("report_grounding", '{"sources": [1]}'), ("unknown", "{}"), ("search", "{nonsense")]
ENDS = ["completed"] * 5 + ["incomplete", "failed"]


def has_room(at: Around) -> bool:
    return len(at.desk.waiting) < AT_THE_MODERATOR_MAX


def model_says(at: Around, how: int) -> None:
    assert at.line
    assert at.line.active
    if how % 2 or at.line.active.no_tools:
        at.line.speaks()
    else:
        at.line.calls(*CALLS[how // 2 % len(CALLS)])


def model_ends(at: Around, how: int) -> None:
    at.settle()  # it has lasted longer than what was on its way travels
    if at.line and at.line.active:
        at.line.ends(ENDS[how % len(ENDS)])


def model_searches_once_more(at: Around, how: int) -> None:
    """A whole round, so that many come in a row."""
    model_says(at, 0)
    model_ends(at, 0)
    at.settle()
    while at.tools:
        at.tool_ends(0, well=True)
    at.settle()


def service_speaks_beside(at: Around, how: int) -> None:
    assert at.line
    at.line.remarks()


def service_is_busy(at: Around, how: int) -> None:
    assert at.line
    at.line.refuses = BUSY


def person_begins_to_speak(at: Around, how: int) -> None:
    assert at.line
    if at.line.active and at.line.detection.get("interrupt_response", True):
        at.settle()
    if at.line and at.line.sound and not at.line.speaking:
        at.line.hears_speech()


def person_has_spoken(at: Around, how: int) -> None:
    assert at.line
    at.line.hears_its_end()


def words_are_written_down(at: Around, how: int) -> None:
    assert at.line
    at.line.writes_down(well=how % 4 > 0)


def tool_ends(at: Around, how: int) -> None:
    at.tool_ends(how // 4, well=how % 4 > 0)


def client_sends_sound(at: Around, how: int) -> None:
    at.say("input_audio_buffer.append", audio=LOUD)


def client_ends_turn(at: Around, how: int) -> None:
    commit = f"commit{next(at.names)}"
    if how % 4:
        at.say("input_audio_buffer.append", audio=LOUD)
    if at.moderated:
        at.desk.lay(Message(None, commit=commit))
    at.say("input_audio_buffer.commit", event_id=commit)
    client_asks(at, how)


def client_clears(at: Around, how: int) -> None:
    at.say("input_audio_buffer.clear")


def client_asks(at: Around, how: int) -> None:
    demands = at.desk.waiting[-1].demands if at.desk.waiting else at.demands
    demands.append(Demand(next(at.clock), "the client"))
    at.say("response.create")


def client_writes(at: Around, how: int) -> None:
    item_id = f"q{next(at.names)}"
    text = f"Question {item_id}"
    at.page.written.add(item_id)
    if at.moderated:
        at.desk.lay(Message(item_id, text))
    else:
        at.typed.append(text)
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}], "id": item_id}
    at.say("conversation.item.create", item=item)
    if how % 4:
        client_asks(at, how)


def client_stops(at: Around, how: int) -> None:
    at.waived = next(at.clock)
    for round_ in at.rounds.values():
        round_.served = True
    if at.current is not None:
        at.rounds[at.current].dropped = True
    for message in at.desk.waiting:
        message.demands.clear()
    at.say("response.cancel")


def client_truncates(at: Around, how: int) -> None:
    said = [item_id for reply in at.page.replies.values() for item_id in reply.items]
    if said:
        at.truncated.add(said[how % len(said)])
        at.say("conversation.item.truncate", item_id=said[how % len(said)], content_index=0, audio_end_ms=how)


def line_is_lost(at: Around, how: int) -> None:
    at.losses += 1
    at.perform(at.talk.model_closed(1001, "session expired") if at.line else at.talk.model_failed(MODEL_HUNG_UP))


def service_ends_the_session(at: Around, how: int) -> None:
    """It says so before it hangs up, and what is said to it in between is lost with it."""
    assert at.line
    at.line.expires()
    at.we_hear(len(at.line.said))
    if how % 2 and has_room(at):
        client_writes(at, how)
    line_is_lost(at, how)


def line_is_not_up_in_time(at: Around, how: int) -> None:
    at.losses += 1
    at.perform(at.talk.woke(SETUP))


def line_comes_near_its_end(at: Around, how: int) -> None:
    at.perform(at.talk.woke((TAKE_OVER, FORCE)[how % 2]))


def nobody_says_anything_for_long(at: Around, how: int) -> None:
    at.settle()
    if at.line and not (at.line.active or at.tools or at.line.speaking):
        at.perform(at.talk.woke(REST))


def moderator_says(at: Around, how: int) -> None:
    at.verdict(how // len(VERDICTS), VERDICTS[how % len(VERDICTS)])


def words_do_not_come(at: Around, how: int) -> None:
    at.wakes(list(at.desk.timers)[how % len(at.desk.timers)])


def speech_goes_on(at: Around, how: int) -> None:
    at.settle()  # it takes longer than a message travels
    if MEANT in at.timers:
        at.wakes(MEANT)


@dataclass(frozen=True)
class Move:
    """Something that may happen, how often beside the others, and when."""

    makes: Callable[[Around, int], None]
    often: int
    legal: Callable[[Around], Any] = lambda at: True


MOVES = (
    Move(lambda at, how: at.line_opens(), 8, lambda at: at.opening),
    Move(lambda at, how: at.service_reads(how % 6 + 1), 6, Around.writable),
    Move(lambda at, how: at.we_hear(how % 12 + 1), 8, lambda at: at.line and at.line.said),
    Move(lambda at, how: at.settle(), 4),
    Move(model_says, 6, lambda at: at.line and at.line.active),
    Move(model_ends, 3, lambda at: at.line and at.line.active),
    Move(model_searches_once_more, 4, lambda at: at.line and at.line.active),
    Move(service_speaks_beside, 1, lambda at: at.line and at.line.settled),
    Move(service_is_busy, 1, lambda at: at.line),
    Move(person_begins_to_speak, 3, lambda at: at.line and at.manner and at.line.sound and not at.line.speaking),
    Move(person_has_spoken, 4, lambda at: at.line and at.line.speaking),
    Move(words_are_written_down, 1, lambda at: at.line and at.line.untold),
    Move(tool_ends, 4, lambda at: at.tools),
    Move(client_sends_sound, 2),
    Move(client_ends_turn, 2, lambda at: at.manner is None and has_room(at)),
    Move(client_clears, 1),
    Move(client_asks, 1),
    Move(client_writes, 1, lambda at: has_room(at)),
    Move(client_stops, 1),
    Move(client_truncates, 1, lambda at: at.page.replies),
    Move(line_is_lost, 1, lambda at: at.ever_up and (at.line or at.opening) and at.losses < LOSSES_MAX),
    Move(service_ends_the_session, 1, lambda at: at.ever_up and at.line and at.losses < LOSSES_MAX),
    Move(line_is_not_up_in_time, 1, lambda at: at.ever_up and not at.gate and SETUP in at.timers and at.losses < LOSSES_MAX),
    Move(line_comes_near_its_end, 1, lambda at: at.gate),
    Move(nobody_says_anything_for_long, 1, lambda at: at.gate),
    Move(lambda at, how: at.comes_and_goes(), 1),
    Move(moderator_says, 5, lambda at: at.desk.judges),
    Move(words_do_not_come, 1, lambda at: at.desk.timers),
    Move(speech_goes_on, 3, lambda at: MEANT in at.timers),
    Move(lambda at, how: at.wakes(LISTENED), 2, lambda at: LISTENED in at.timers),
)


def converse(manner: str, steps: bytes) -> None:
    """One conversation: two bytes for each step, which of the moves that are legal then and how."""
    at = Around(MANNERS[manner], POLICIES.get(manner))
    for which, how in zip(steps[::2], steps[1::2], strict=False):
        legal = [move for move in MOVES for _ in range(move.often) if move.legal(at)]
        move = legal[which % len(legal)]
        note(f"{getattr(move.makes, '__name__', move)} {MOVES.index(move)} {how}")
        move.makes(at, how)
    comes_to_a_good_end(at)


def comes_to_a_good_end(at: Around) -> None:
    at.come_to_rest()
    if at.manner and not at.manner.get("create_response", True):
        client_asks(at, 0)  # it serves whoever waited for the end of what the person said
        at.come_to_rest()
    assert not [demand.why for demand in at.waiting() if demand.at > at.waived], "left without an answer"
    assert all(given for round_ in at.rounds.values() for given in round_.calls.values()), "a started call without its output"
    assert not at.page.unfinished(), "a beginning without an end"
    assert not at.desk.waiting, "nobody has decided about it"
    assert at.page.paused is None, "the page waits for ever"
    replies = len(at.page.replies)
    client_writes(at, 1)
    at.come_to_rest()
    assert len(at.page.replies) > replies, "the way to the model is blocked"
    remembers(at)


def remembers(at: Around) -> None:
    """The line that is up in the end knows all that was said, once, and every call of its own has its output."""
    assert at.line
    items = at.line.items.values()
    written = [part["text"] for item in items for part in item.get("content", ()) if part["type"] == "input_text"]
    assert [text for text in written if text in at.typed] == at.typed, "what was written is not known, or not in order"
    assert not {*at.page.standing()} - {*at.line.items} - at.truncated, "an answer on the page is not known"
    assert not at.page.coughs & {*at.line.items}, "a cough is not forgotten"
    if at.moderated:
        users = {item_id for item_id, item in at.line.items.items() if item.get("role") == "user"}
        assert not users - at.desk.allowed, "the model knows what nobody has let through"
        assert not at.desk.refused & {*at.page.items, *at.page.written} - at.page.deleted, "what was refused stands on the page"
    started = {call_id for round_ in at.rounds.values() for call_id in round_.calls}
    assert not [call_id for call_id, outputs in at.line.outputs.items() if call_id in started and outputs != 1]


def proof(count: int) -> Callable[[], None]:
    many = settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    orders = given(strategies.sampled_from(list(MANNERS)), strategies.binary(min_size=20, max_size=2 * STEPS_MAX))
    return many(orders(converse))


def test_whatever_the_order_each_is_answered_once_nothing_hidden_is_told_and_nothing_is_forgotten() -> None:
    proof(SHORT_EXAMPLES)()


@pytest.mark.long
def test_so_it_is_in_twenty_thousand_conversations() -> None:
    proof(LONG_EXAMPLES)()
