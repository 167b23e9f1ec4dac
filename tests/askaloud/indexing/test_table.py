from __future__ import annotations

import pytest

from askaloud.indexing.document import Document, PageWriter
from askaloud.indexing.split import split
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


def test_a_row_of_years_over_a_column_of_words_names_the_columns() -> None:
    years = ["Department", "2023", "2024"]
    assert written(years, *([f"Department {number}", "1", "2"] for number in range(60))).count("Department | 2023 | 2024\n") > 3
    assert written(["", *years[1:]], *([f"Department {number}", "1", "2"] for number in range(60))).count("– | 2023 | 2024\n") > 3


def test_years_that_are_values_name_nothing() -> None:
    people = [[f"Person {number}", "2019", "2023"] for number in range(60)]
    assert written(*people).count("Person 0 | 2019 | 2023") == 1


def test_words_with_an_empty_corner_name_the_columns() -> None:
    blocks = written(["", "Berlin", "Hamburg"], *([f"Allowance {number}", "1", "2"] for number in range(60))).split("\n\n")
    assert len(blocks) > 3
    assert all(block.startswith("– | Berlin | Hamburg\nAllowance ") for block in blocks)


def test_what_the_format_calls_a_head_is_one_whatever_it_says() -> None:
    writer = PageWriter(None)
    write_table(writer, [["1", "1"], *([str(number), "x"] for number in range(90))], heads=1)
    assert writer.page().text.count("1 | 1\n") > 2


def test_where_the_format_says_that_there_is_no_head_words_are_values() -> None:
    writer = PageWriter(None)
    write_table(writer, [["City", "Bonn"], *([f"Name {number}", "x"] for number in range(90))], heads=0)
    assert writer.page().text.count("City | Bonn") == 1


def test_a_head_of_several_rows_is_said_in_one_under_its_caption() -> None:
    writer = PageWriter(None)
    write_table(writer, [["Fees"], ["Grade", "Days", "Days"], ["Grade", "Abroad", "Home"], ["Junior", "", "12"]], heads=3)
    assert writer.page().text == "Fees\n\nGrade | Days Abroad | Days Home\nJunior |  | 12"


@pytest.mark.parametrize("cell", ["4006381333931", "Person of the house", "社員は年に三十日"])
def test_every_passage_of_a_table_has_the_head_over_its_rows(cell: str) -> None:
    for count in (3, 7, 12, 40):
        writer = PageWriter(None)
        write_table(writer, [["Name", "Here", "There"], *([f"{number} {cell}", cell, cell] for number in range(count))])
        pieces = split(Document("", (writer.page(),)))
        assert all(piece.text.startswith("Name | Here | There\n") for piece in pieces)
