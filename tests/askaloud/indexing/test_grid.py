from __future__ import annotations

from askaloud.indexing.grid import COLUMNS_AT_MOST, REPEATED_CHARS, Cell, Grid


def grid(*rows: list[Cell]) -> Grid:
    made = Grid()
    for row in rows:
        made.add(row)
    return made


def cells(*texts: str, names: bool = False) -> list[Cell]:
    return [Cell(text, names=names) for text in texts]


def test_what_a_cell_says_holds_in_each_column_that_it_covers() -> None:
    assert grid([Cell("all", across=2), Cell("30")]).rows == [["all", "all", "30"]]


def test_what_a_cell_says_holds_in_each_row_that_it_covers_and_the_others_keep_their_columns() -> None:
    made = grid([Cell("North", down=3), Cell("Bonn"), Cell("x", down=2)], cells("Kiel"), cells("Ulm", "12"), cells("South", "Rome", "15"))
    assert made.rows == [["North", "Bonn", "x"], ["North", "Kiel", "x"], ["North", "Ulm", "12"], ["South", "Rome", "15"]]


def test_a_cell_that_is_one_with_the_cell_above_says_what_that_says() -> None:
    made = grid(cells("North", "Bonn"), [Cell("", goes_on=True), Cell("Kiel")], [Cell("", goes_on=True), Cell("Ulm")])
    assert made.rows == [["North", "Bonn"], ["North", "Kiel"], ["North", "Ulm"]]


def test_a_short_row_leaves_a_gap_before_a_cell_that_reaches_into_it() -> None:
    assert grid([Cell("a"), Cell("b"), Cell("c", down=2)], cells("d")).rows == [["a", "b", "c"], ["d", "", "c"]]


def test_a_line_across_the_table_is_said_once() -> None:
    assert grid([Cell("Managers", across=3)], cells("Anna", "12", "13")).rows == [["Managers"], ["Anna", "12", "13"]]


def test_rows_of_names_at_the_top_are_the_head_and_a_caption_may_stand_among_them() -> None:
    made = grid([Cell("Fees", across=3)], cells("City", "Summer", "Winter", names=True), cells("Bonn", "1", "2"))
    assert made.heads == 2


def test_a_row_with_a_name_of_its_own_is_no_head() -> None:
    assert grid([Cell("City", names=True), Cell("Bonn")], [Cell("Fee", names=True), Cell("")]).heads == 0


def test_an_empty_corner_beside_names_is_part_of_the_head() -> None:
    assert grid([Cell(""), Cell("Berlin", names=True), Cell("Hamburg", names=True)], cells("Rent", "1", "2")).heads == 1


def test_where_nothing_is_said_to_be_a_name_the_words_have_to_tell() -> None:
    assert grid(cells("City", "Fee"), cells("Bonn", "12")).heads is None
    assert grid(cells("City", "Fee"), [Cell("Bonn", names=True), Cell("12")]).heads is None


def test_a_table_does_not_grow_by_what_it_claims() -> None:
    long = "x" * (REPEATED_CHARS + 1)
    assert grid([Cell(long, across=3), Cell("end")]).rows == [[long, "", "", "end"]]
    (row,) = grid([Cell("a"), *[Cell(text, across=9999) for text in "bcd"]]).rows
    assert (len(row), set(row)) == (COLUMNS_AT_MOST + 2, set("abcd"))


def test_a_last_cell_covers_no_more_columns_than_the_table_has() -> None:
    made = grid(cells("City", "Summer", "Winter"), [Cell("Bonn"), Cell("12", across=50)], cells("Kiel", "1", "2"))
    assert made.rows[1] == ["Bonn", "12", "12"]
