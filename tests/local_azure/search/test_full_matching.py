"""Queries in the full syntax against a plain Python evaluation of what was written, on the same documents in SQLite."""

from __future__ import annotations

import fnmatch
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.local_azure.search.test_automaton import distance
from tests.local_azure.search.test_nearness import by_trying

from local_azure.search import catalogue
from local_azure.search.document import read_batch
from local_azure.search.documents import Documents
from local_azure.search.full_tree import Boosted, Clauses, Everything, Fuzzy, Node, Occur, Plain, Quoted, Regex, Wild
from local_azure.search.keyword import by_words, terms_of
from local_azure.search.postings import Postings
from local_azure.search.refusal import Refusal
from local_azure.search.request import read_query
from local_azure.search.schema import read_index
from local_azure.search.words import tokens

INDEX = read_index(
    {
        "name": "full",
        "fields": [
            {"name": "id", "type": "Edm.String", "key": True, "searchable": False},
            {"name": "title", "type": "Edm.String", "analyzer": "standard.lucene"},
            {"name": "text", "type": "Edm.String", "analyzer": "en.lucene"},
            {"name": "code", "type": "Edm.String", "analyzer": "keyword"},
            {"name": "page", "type": "Edm.Int32"},
        ],
    }
)
WORDS = ["hotel", "motel", "hotels", "airport", "the", "near", "full-time", "don't", "wifi", "wife", "life"]
DOCUMENTS: list[dict[str, Any]] = [
    {
        "id": f"d{n}",
        "title": " ".join(WORDS[(n * 3 + m * m) % len(WORDS)] for m in range(n % 4)),
        "text": " ".join(WORDS[(n + m * 5) % len(WORDS)] for m in range(n % 7)),
        "code": [None, "CM-100 v2", "hotel", "CM-200"][n % 4],
        "page": n,
    }
    for n in range(40)
]
Tables = tuple[sqlite3.Connection, Documents, Postings]


@pytest.fixture(scope="module")
def tables() -> Iterator[Tables]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE indexes (id INTEGER PRIMARY KEY, name TEXT, etag TEXT, definition BLOB)")
    stored = catalogue.create(connection, INDEX).documents(connection)
    for action in read_batch({"value": DOCUMENTS}, INDEX):
        assert stored.apply(action).problem is None
    yield connection, stored, Postings()
    connection.close()


def scored(tables: Tables, text: str, *, mode: str = "any", **more: Any) -> dict[str, float]:
    connection, stored, postings = tables
    query = read_query({"search": text, "queryType": "full", "searchMode": mode, **more}, INDEX)
    return {f"d{number - 1}": score for number, score in by_words(connection, stored, query, postings, 0, 1000)[0]}


def words_of(document: dict[str, Any], name: str) -> list[str]:
    return [token.text for token in tokens(INDEX.by_name[name].analyzer, document[name] or "")]


def plainly(name: str, token: str) -> str:
    return bytes.fromhex(token).decode() if name == "code" else token


def holds(node: Node, document: dict[str, Any], every: bool) -> bool | None:
    """What a query means, in Python; None where nothing of it is left."""
    match node:
        case Boosted():
            return holds(node.part, document, every)
        case Everything():
            return True
        case Clauses():
            met = [(occur, one) for occur, part in node.clauses if (one := holds(part, document, every)) is not None]
            must = [one for occur, one in met if occur is Occur.MUST]
            may = [one for occur, one in met if occur is Occur.SHOULD]
            if not met:
                return None
            return (all(must) if must else any(may)) and not any(one for occur, one in met if occur is Occur.NOT)
    names = [node.field] if node.field else ["title", "text", "code"]
    fields = [one for name in names if (one := in_field(node, name, document, every)) is not None]
    return any(fields) if fields else None


def in_field(node: Plain | Quoted | Fuzzy | Wild | Regex, name: str, document: dict[str, Any], every: bool) -> bool | None:
    text = words_of(document, name)
    match node:
        case Plain() | Quoted():
            wanted = [token.text for token in tokens(INDEX.by_name[name].analyzer, node.text)]
            if not wanted:
                return None
            if isinstance(node, Plain):
                return (all if every else any)(word in text for word in wanted)
            return by_trying(text, wanted, node.slop)
        case _:
            return any(fits(node, plainly(name, word)) for word in text)


def fits(node: Fuzzy | Wild | Regex, word: str) -> bool:
    match node:
        case Fuzzy():
            edits = distance(word, node.text)
            return not edits or edits <= min(node.distance, len(word) - 1, len(node.text) - 1)
        case Wild():
            return fnmatch.fnmatchcase(word, "".join("*" if part is None else part or "?" for part in node.parts))
        case Regex():
            return bool(re.fullmatch(node.text, word))


def written(node: Node) -> str:
    """The text of a tree, every group in parentheses."""
    match node:
        case Boosted():
            return f"{written(node.part)}^{node.factor}"
        case Everything():
            return "*:*"
        case Clauses():
            return "(" + " ".join(occur.value + written(part) for occur, part in node.clauses) + ")"
        case Plain():
            bare = node.text
        case Quoted():
            bare = f'"{node.text}"' + (f"~{node.slop}" if node.slop else "")
        case Fuzzy():
            bare = f"{node.text}~{node.distance}"
        case Wild():
            bare = "".join("*" if part is None else part or "?" for part in node.parts)
        case Regex():
            bare = f"/{node.text}/"
    return f"{node.field}:{bare}" if node.field else bare


FIELD = st.sampled_from([None, None, "title", "text", "code"])
PHRASES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(" ".join)
PARTS = st.tuples(st.sampled_from([*"hmwal"]), st.lists(st.sampled_from([*"otelif", "", None]), min_size=1, max_size=5))
EXPRESSIONS = st.sampled_from(["[mh]otel", ".*el", "wif[ei]", "(h|m).{4}", "a.*t?", "CM-[12]00.*", "x*"])
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Plain, st.sampled_from(WORDS), FIELD),
    st.builds(Quoted, PHRASES, st.integers(0, 4), FIELD),
    st.builds(Fuzzy, st.sampled_from(["hotle", "wifo", "lif", "airprot", "ab", "moteels"]), st.integers(0, 2), FIELD),
    PARTS.flatmap(
        lambda parts: st.builds(
            Wild, st.just((parts[0], *parts[1], *(() if any(one is None or not one for one in parts[1]) else (None,)))), FIELD
        )
    ),
    st.builds(Regex, EXPRESSIONS, FIELD),
    st.just(Everything()),
)


def grouped(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    clause = st.tuples(st.sampled_from(list(Occur)), inner)
    clauses = st.lists(clause, min_size=2, max_size=4).map(lambda found: Clauses(tuple(found)))
    return st.one_of(clauses, clauses, st.builds(Boosted, inner.filter(lambda one: not isinstance(one, Boosted)), st.just(2.0)))


TREES = st.recursive(LEAVES, grouped, max_leaves=6)


def agreed(tables: Tables, tree: Node) -> None:
    # With everything beside it, for negations alone may be a group but not a query.
    text = f"+*:* +({written(tree)})"
    meant = {one["id"] for one in DOCUMENTS if holds(Clauses(((Occur.MUST, Everything()), (Occur.MUST, tree))), one, False)}
    assert set(scored(tables, text)) == meant, text


@given(tree=TREES)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_random_query_finds_what_it_means_in_python(tables: Tables, tree: Node) -> None:
    agreed(tables, tree)


@pytest.mark.long
@given(tree=TREES)
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ten_thousand_random_queries_do(tables: Tables, tree: Node) -> None:
    agreed(tables, tree)


def test_a_boost_multiplies_and_scores_add_up(tables: Tables) -> None:
    plain, boosted, both = (scored(tables, text) for text in ("wifi", "wifi^3", "wifi airport^2"))
    assert boosted == pytest.approx({one: 3 * score for one, score in plain.items()})
    airport = scored(tables, "airport")
    assert both == pytest.approx({one: plain.get(one, 0) + 2 * airport.get(one, 0) for one in plain | airport})


def test_words_score_as_in_the_simple_syntax_and_patterns_all_alike(tables: Tables) -> None:
    connection, stored, postings = tables
    query = read_query({"search": "wifi airport"}, INDEX)
    simple = {f"d{number - 1}": score for number, score in by_words(connection, stored, query, postings, 0, 1000)[0]}
    assert scored(tables, "wifi airport") == pytest.approx(simple)
    assert set(scored(tables, "wi*").values()) == set(scored(tables, "/w.*/").values()) == {1.0}


def test_a_fuzzy_word_prefers_what_is_nearer(tables: Tables) -> None:
    found = scored(tables, "title:wifi~1")
    exact = set(scored(tables, "title:wifi")) - set(scored(tables, "title:wife"))
    other = set(scored(tables, "title:wife")) - set(scored(tables, "title:wifi"))
    short = [one for one in exact | other if len(words_of(DOCUMENTS[int(one[1:])], "title")) == 3]
    assert exact & set(short)
    assert other & set(short)
    assert min(found[one] for one in exact & set(short)) > 0


def test_a_filter_and_an_order_hold_here_too(tables: Tables) -> None:
    found = list(scored(tables, "h*", filter="page lt 20", orderby="page desc"))
    assert found == sorted(found, key=lambda one: -int(one[1:]))
    assert set(found) == {one for one in scored(tables, "h*") if int(one[1:]) < 20}


def test_all_words_are_asked_for_in_the_mode_all(tables: Tables) -> None:
    assert set(scored(tables, "wifi airport", mode="all")) == set(scored(tables, "wifi")) & set(scored(tables, "airport"))


@pytest.mark.parametrize("text", ["nothing:a", "page:3", "id:d1", "title:(nothing:a)"])
def test_a_field_that_cannot_be_searched_is_refused(tables: Tables, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        scored(tables, text)
    assert refused.value.status == 400
    assert "not searchable" in refused.value.message


def test_what_patterns_found_is_marked_and_what_must_not_match_is_not(tables: Tables) -> None:
    connection, stored, postings = tables
    query = read_query({"search": "title:h?tel AND wifii~1 -airport", "queryType": "full", "highlight": "title,text"}, INDEX)
    marked = {name: {term.tokens for term in terms} for name, terms in terms_of(connection, stored, query, postings).items()}
    assert marked == {"title": {("hotel",), ("wifi",)}, "text": {("wifi",)}}


def test_a_phrase_that_may_stretch_scores_what_its_words_do_however_common_they_are() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE indexes (id INTEGER PRIMARY KEY, name TEXT, etag TEXT, definition BLOB)")
    stored = catalogue.create(connection, INDEX).documents(connection)
    texts = ["hotel near airport", "hotel near airport hotel near airport", "wifi"]
    for action in read_batch({"value": [{"id": f"d{n}", "title": text} for n, text in enumerate(texts)]}, INDEX):
        assert stored.apply(action).problem is None
    alone = (connection, stored, Postings())
    stretched = scored(alone, 'title:"hotel airport"~1')
    assert stretched == pytest.approx(scored(alone, "title:hotel title:airport"))
    assert min(stretched.values()) > 0.1
    connection.close()
