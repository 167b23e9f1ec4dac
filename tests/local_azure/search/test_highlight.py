from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from local_azure.search.highlight import FRAGMENT_CHARS, Tags, fragments
from local_azure.search.matching import Term

TEXT = "You may work from abroad. Ask first.\nWork days are counted; working from a train is work abroad too."


def marked(*terms: Term, limit: int = 5, text: str = TEXT) -> list[str]:
    return fragments(text, "en.lucene", list(terms), Tags("[", "]"), limit)


def test_the_fragment_with_the_most_different_hits_comes_first() -> None:
    assert marked(Term(("work",)), Term(("abroad",)), Term(("train",))) == [
        "[Work] days are counted; [working] from a [train] is [work] [abroad] too.",
        "You may [work] from [abroad].",
    ]
    assert len(marked(Term(("work",)), limit=1)) == 1


def test_a_phrase_is_marked_only_where_it_stands_whole() -> None:
    assert marked(Term(("work", "from"))) == [
        "You may [work] [from] abroad.",
        "Work days are counted; [working] [from] a train is work abroad too.",
    ]
    assert marked(Term(("work", "first"))) == []


def test_a_prefix_marks_every_word_that_begins_so() -> None:
    assert marked(Term(("ab",), prefix=True))[0] == "You may work from [abroad]."


def test_nothing_hit_gives_nothing() -> None:
    assert marked(Term(("coffee",))) == []
    assert marked() == []


@given(st.lists(st.sampled_from(["work", "abroad", "x" * 70, ".", "\n", "ö", "it's"]), max_size=60).map(" ".join))
def test_fragments_are_pieces_of_the_text_and_not_much_longer_than_they_should_be(text: str) -> None:
    for fragment in fragments(text, "en.lucene", [Term(("work",))], Tags("", ""), 50):
        assert fragment in text
        assert len(fragment) <= FRAGMENT_CHARS + 75
