from __future__ import annotations

from askaloud.indexing.document import PageWriter
from askaloud.indexing.table import BLOCK_CHARS, one_line, write_table


def written(*rows: list[str]) -> str:
    writer = PageWriter(None)
    write_table(writer, rows)
    return writer.page().text


def test_a_row_is_a_line_and_a_cell_stands_between_bars() -> None:
    assert written(["Name", "Room"], ["Anna", "204"], ["Bert", "310", ""]) == "Name | Room\nAnna | 204\nBert | 310"


def test_a_long_table_repeats_its_head_over_each_block_of_rows() -> None:
    blocks = written(["Name", "Room"], *([f"Person {number}", str(number)] for number in range(100))).split("\n\n")
    assert len(blocks) > 3
    assert all(block.startswith("Name | Room\nPerson ") and len(block) <= BLOCK_CHARS + 60 for block in blocks)
    assert sum(block.count("\n") for block in blocks) == 100


def test_a_wide_table_names_each_value() -> None:
    head = [f"A rather long name of a column {number}" for number in range(5)]
    assert written(head, ["a", "", "c", "d", "e", "f"]).startswith(f"{head[0]}: a; {head[2]}: c; ")
    assert written(head, ["a", "", "c", "d", "e", "f"]).endswith(": e; f")
    assert written(head) == "; ".join(head)


def test_a_first_row_that_names_nothing_is_a_row_as_any_other() -> None:
    assert written(["2026", "204"], ["2027", "310"]) == "2026 | 204\n2027 | 310"
    assert written(["Anna"], ["Bert"]) == "Anna\nBert"


def test_a_caption_stands_over_its_table() -> None:
    assert written(["Rooms of the house"], ["Name", "Room"], ["Anna", "204"]) == "Rooms of the house\n\nName | Room\nAnna | 204"


def test_empty_rows_are_left_out_and_a_table_without_rows_says_nothing() -> None:
    assert written(["", ""], ["Name", "Room"], ["", " "], ["Anna", "204"]) == "Name | Room\nAnna | 204"
    assert written(["Name", "Room"]) == "Name | Room"
    assert written() == written([""]) == ""


def test_an_empty_cell_keeps_its_place() -> None:
    assert written(["Name", "Room", "Phone"], ["Anna", "", "17"]) == "Name | Room | Phone\nAnna |  | 17"


def test_a_cell_is_one_line_and_a_bar_in_it_does_not_end_it() -> None:
    assert one_line(" a\n b | c ") == "a b / c"
