from __future__ import annotations

from askaloud.indexing.document import PageWriter, unpaged


def test_blocks_stand_apart_and_items_of_one_kind_follow_each_other() -> None:
    writer = PageWriter(None)
    for text, kind in (
        ("A", "paragraph"),
        ("B", "paragraph"),
        ("1", "item"),
        ("2", "item"),
        ("r", "row"),
        ("s", "row"),
        ("C", "paragraph"),
    ):
        writer.block(text, kind)
    assert writer.page().text == "A\n\nB\n\n1\n2\n\nr\ns\n\nC"


def test_words_and_headings_know_where_they_stand() -> None:
    writer = PageWriter(3)
    writer.word("Big", (0, 0, 0.5, 0.1))
    writer.add(" ")
    writer.word("title", (0.5, 0, 1, 0.1))
    writer.call_heading(1, 0)
    writer.heading(2, "Small")
    page = writer.page()
    assert page.number == 3
    assert [(each.level, page.text[each.start : each.end], each.text) for each in page.headings] == [
        (1, "Big title", "Big title"),
        (2, "Small", "Small"),
    ]
    assert [page.text[word.start : word.end] for word in page.words] == ["Big", "title"]


def test_the_first_of_the_highest_headings_is_the_title_of_a_document_that_names_none() -> None:
    writer = PageWriter(None)
    for level, text in ((2, "Low"), (1, "First"), (1, "Second")):
        writer.heading(level, text)
    assert unpaged(writer, "").title == "First"
    assert unpaged(writer, " Named \n so ").title == "Named so"
    assert unpaged(PageWriter(None), "").title == ""
