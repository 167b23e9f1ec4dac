from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from tests.askaloud.indexing.office import book, replaced

from askaloud.indexing.document import Unreadable
from askaloud.indexing.sheets import CELLS_AT_MOST, read_sheets


def test_each_sheet_is_a_page_under_its_name_and_each_row_a_line(tmp_path: Path) -> None:
    rooms: list[list[Any]] = [["Name", "Room"], ["Anna", 204], ["Bert", 310]]
    document = read_sheets(book(tmp_path / "a.xlsx", {"Rooms": rooms, "Prices": [["Plan", "Price"], ["Basic", 9.5]]}, title="The house"))
    assert [(page.number, page.text) for page in document.pages] == [
        (1, "Rooms\n\nName | Room\nAnna | 204\nBert | 310"),
        (2, "Prices\n\nPlan | Price\nBasic | 9.5"),
    ]
    assert [page.headings[0].text for page in document.pages] == ["Rooms", "Prices"]
    assert document.title == "The house"


def test_values_are_written_as_a_person_would(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append([0.1 + 0.2, True, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30), time(9, 30), 0.25, 12_000_000, None, "=1+1"])
    sheet["F1"].number_format = "0%"
    made.save(tmp_path / "a.xlsx")
    (page,) = read_sheets(tmp_path / "a.xlsx").pages
    assert page.text.endswith("0.3 | yes | 2026-03-01 | 2026-03-01 09:30 | 09:30:00 | 25% | 12000000")


def test_an_empty_row_parts_two_tables(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Name", "Room"], ["Anna", 204], [], ["Plan", "Price"], ["Basic", 9]]
    (page,) = read_sheets(book(tmp_path / "a.xlsx", {"Both": rows})).pages
    assert page.text == "Both\n\nName | Room\nAnna | 204\n\nPlan | Price\nBasic | 9"


def test_a_hidden_or_an_empty_sheet_says_nothing_and_keeps_its_number(tmp_path: Path) -> None:
    document = read_sheets(book(tmp_path / "a.xlsx", {"One": [["a"]], "Secret": [["b"]], "Empty": [], "Four": [["d"]]}, hidden=["Secret"]))
    assert [(page.number, page.text) for page in document.pages] == [(1, "One\n\na"), (2, ""), (3, ""), (4, "Four\n\nd")]


def test_a_sheet_that_claims_every_row_is_read_only_where_it_has_cells(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1"] = "first", "last"
    made.save(tmp_path / "a.xlsx")
    (page,) = read_sheets(tmp_path / "a.xlsx").pages
    assert page.text.startswith("Sheet\n\nfirst | ")
    assert page.text.endswith(" | last")


def test_too_many_cells_are_a_reason(tmp_path: Path) -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("Wide")
    for _ in range(CELLS_AT_MOST // 16_000 + 1):
        sheet.append([*([None] * 15_999), "x"])
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(Unreadable, match="cells"):
        read_sheets(tmp_path / "a.xlsx")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_damaged_part_is_a_reason(tmp_path: Path, part: str) -> None:
    whole = book(tmp_path / "a.xlsx", {"One": [["a"]]})
    with pytest.raises(Unreadable, match="damaged"):
        read_sheets(replaced(tmp_path / "b.xlsx", whole, part, b"<broken"))


def test_no_digit_of_a_whole_number_is_rounded_away(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append([4006381333931, 4915112345678.0, -12345678901234, 1234567890.25, 1234567.895, 2 / 3, 7, 1e300])
    sheet["G1"].number_format = "00000"
    made.save(tmp_path / "a.xlsx")
    (page,) = read_sheets(tmp_path / "a.xlsx").pages
    said = page.text.rsplit("\n", 1)[1]
    assert said == "4006381333931 | 4915112345678 | -12345678901234 | 1234567890.25 | 1234567.895 | 0.666666666667 | 00007 | 1e+300"


def test_a_sheet_that_is_a_chart_has_a_number_of_its_own(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["Name", "Room"])
    sheet.append(["Anna", 204])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2))
    made.create_chartsheet("Chart", 0).add_chart(chart)
    made.save(tmp_path / "a.xlsx")
    pages = read_sheets(tmp_path / "a.xlsx").pages
    assert [(page.number, page.text) for page in pages] == [(1, ""), (2, "Sheet\n\nName | Room\nAnna | 204")]


def test_a_row_of_years_is_a_head(tmp_path: Path) -> None:
    rows = [["Department", 2023, 2024], *([f"Department {number}", number, 2 * number] for number in range(60))]
    (page,) = read_sheets(book(tmp_path / "a.xlsx", {"Budget": rows})).pages
    assert page.text.count("Department | 2023 | 2024\n") > 3
