"""What a conversation keeps for a new upstream: in order, bounded, and nothing that was never heard."""

from __future__ import annotations

from askaloud.conversation.memory import CALLS_KEPT, MESSAGES_KEPT, PASSAGES_KEPT, WORDS_MAX_CHARS, Memory


def text_of(memory: Memory) -> list[tuple[str, str]]:
    items, _ = memory.replay()
    return [(item["role"], item["content"][0].get("text", "")) for item in items if item["type"] == "message"]


def typed(memory: Memory, item_id: str, text: str) -> None:
    memory.typed(item_id, [text])


def test_both_sides_are_told_again_in_their_order_with_what_was_looked_up_between_them() -> None:
    memory = Memory()
    typed(memory, "item_1", "How many days?")
    memory.called("call_1", "search", '{"query":"days"}', passages=True)
    memory.found("call_1", '<passage id="1">30 days</passage>')
    memory.answered("item_2", "Thirty days.")
    items, again = memory.replay()
    assert [item["type"] for item in items] == ["message", "function_call", "function_call_output", "message"]
    assert items[0] == {"type": "message", "id": "item_1", "role": "user", "content": [{"type": "input_text", "text": "How many days?"}]}
    assert items[1] == {"type": "function_call", "call_id": "call_1", "name": "search", "arguments": '{"query":"days"}'}
    assert items[2] == {"type": "function_call_output", "call_id": "call_1", "output": '<passage id="1">30 days</passage>'}
    assert items[3]["content"] == [{"type": "output_text", "text": "Thirty days."}]
    assert again == {"item_2"}, "the typed message has not come back from the model, so the client has yet to hear of it"


def test_an_item_that_came_from_the_model_is_known_when_it_comes_again() -> None:
    memory = Memory()
    typed(memory, "item_1", "Hello")
    memory.appeared("item_1")
    assert memory.replay()[1] == {"item_1"}


def test_a_spoken_turn_is_its_sound_until_its_words_are_known() -> None:
    memory = Memory()
    memory.spoken("item_1", "AAAA")
    assert memory.replay()[0][0]["content"] == [{"type": "input_audio", "audio": "AAAA"}]
    memory.written_down("item_1", "how many days")
    assert text_of(memory) == [("user", "how many days")]


def test_the_sound_of_one_turn_is_kept_and_no_more() -> None:
    memory = Memory()
    memory.spoken("item_1", "AAAA")
    memory.spoken("item_2", "BBBB")
    items, _ = memory.replay()
    assert [item["id"] for item in items] == ["item_2"]


def test_what_nobody_heard_was_not_said() -> None:
    memory = Memory()
    memory.answered("item_1", "You can work from abroad for up to 30 days in a year.")
    memory.cut_short("item_1", 0.5)
    assert text_of(memory) == [("assistant", "You can work from abroad …")]
    memory.cut_short("item_1", 0.0)
    assert text_of(memory) == []


def test_words_that_come_after_it_was_told_how_much_was_heard_are_cut_too() -> None:
    memory = Memory()
    memory.cut_short("item_1", 0.5)
    memory.answered("item_1", "You can work from abroad for up to 30 days in a year.")
    assert text_of(memory) == [("assistant", "You can work from abroad …")]


def test_a_call_that_still_runs_is_told_without_an_output() -> None:
    memory = Memory()
    memory.called("call_1", "search", "{}", passages=True)
    assert [item["type"] for item in memory.replay()[0]] == ["function_call"]


def test_a_report_of_sources_is_not_told_again_once_it_was_answered() -> None:
    memory = Memory()
    memory.called("call_1", "report", "{}", passages=False)
    memory.found("call_1", "Shown.")
    assert memory.replay()[0] == []


def test_the_latest_passages_are_kept_and_the_oldest_messages_go() -> None:
    memory = Memory()
    for number in range(CALLS_KEPT + 5):
        memory.called(f"call_{number}", "search", "{}", passages=True)
        memory.found(f"call_{number}", str(number))
    outputs = [item["output"] for item in memory.replay()[0] if item["type"] == "function_call_output"]
    assert outputs == [str(number) for number in range(CALLS_KEPT + 5 - PASSAGES_KEPT, CALLS_KEPT + 5)]
    for number in range(MESSAGES_KEPT + 5):
        typed(memory, f"item_{number}", str(number))
    assert text_of(memory) == [("user", str(number)) for number in range(5, MESSAGES_KEPT + 5)]
    assert memory.shortened


def test_a_short_conversation_is_told_again_whole() -> None:
    memory = Memory()
    for number in range(MESSAGES_KEPT):
        typed(memory, f"item_{number}", str(number))
    assert len(text_of(memory)) == MESSAGES_KEPT
    assert not memory.shortened


def test_all_words_together_are_bounded() -> None:
    memory = Memory()
    for number in range(10):
        typed(memory, f"item_{number}", "x" * (WORDS_MAX_CHARS // 4))
    assert len(text_of(memory)) == 4
    assert memory.shortened


def test_what_was_taken_back_is_forgotten() -> None:
    memory = Memory()
    memory.answered("item_1", "Half an ans")
    memory.forget("item_1")
    assert memory.replay() == ([], set())


def test_an_id_too_long_for_the_service_is_another_one_and_known_again() -> None:
    memory = Memory()
    memory.answered("item_" + "x" * 60, "Yes.")
    items, again = memory.replay()
    assert len(items[0]["id"]) <= 32
    assert again == {items[0]["id"]}
