from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.highlight import Tags
from local_azure.search.sentences import marked, piece, sentences

TEXT = 'You may work from abroad. Ask first ("please."). It takes 3.5 days!\n\nA heading\n\nNo end here'


def cut(text: str) -> list[str]:
    return [text[one.start : one.end].strip() for one in sentences(text, "en.lucene")]


def test_a_sentence_ends_with_its_mark_and_what_closes_behind_it_or_with_an_empty_line() -> None:
    assert cut(TEXT) == ["You may work from abroad.", 'Ask first ("please.").', "It takes 3.5 days!", "A heading", "No end here"]
    assert cut("...  !?") == cut("") == []


def test_a_sentence_knows_its_stems_and_no_stop_words() -> None:
    assert sentences("The days of working.", "en.lucene")[0].words == {"dai", "work"}


def test_a_piece_holds_whole_sentences_where_they_fit_and_ends_with_a_word_where_none_does() -> None:
    first, second, *_ = sentences(TEXT, "en.lucene")
    assert TEXT[slice(*piece(first, 30))] == "You may work from abroad."
    assert TEXT[slice(*piece(second, 50))] == 'Ask first ("please."). It takes 3.5 days!\n\n'
    assert TEXT[slice(*piece(first, 12))] == "You may work"
    assert TEXT[slice(*piece(first, 2))] == "Yo"


def test_hits_are_marked_and_nothing_is_said_where_there_is_none() -> None:
    assert marked("Days off work.", 0, 14, "en.lucene", {"dai", "work"}, Tags("[", "]")) == "[Days] off [work]."
    assert marked("Days off work.", 0, 14, "en.lucene", {"holidai"}, Tags()) == ""


@given(st.text(max_size=200), st.integers(1, 50))
def test_every_piece_is_verbatim_and_no_longer_than_it_may_be(text: str, most: int) -> None:
    for sentence in sentences(text, "en.lucene"):
        start, end = piece(sentence, most)
        assert sentence.start <= start < end <= len(text)
        assert end - start <= most
        shown = marked(text, start, end, "en.lucene", sentence.words, Tags("", ""))
        assert shown in ("", text[start:end].rstrip())
