"""The full query syntax: Lucene's classic query parser as Azure AI Search offers it, text in, a tree out.

Pure. Unlike the simple syntax it refuses what it cannot read, with the place (Microsoft Learn, "Lucene query syntax"; how `AND`, `OR`
and the signs make clauses that must or may match is Lucene's own `QueryParserBase.addClause`). It knows no field and no index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .full_tree import Boosted, Clauses, Everything, FullQuery, Fuzzy, Leaf, Node, Occur, Plain, Quoted, Regex, Wild
from .refusal import Refusal, invalid_parameter, not_offered
from .simple_syntax import check_prefix

MAX_CLAUSES = 1_024
"""Words, phrases and groups in one query; Lucene's limit of clauses."""

MAX_PATTERNS = 32
"""Fuzzy words, wildcards and expressions in one query; each reads the whole vocabulary of the index."""

MAX_DEPTH = 50
"""Nested parentheses; more are no query anybody wrote, and the parser recurses."""

MAX_BOOST = 1e6
"""A factor that turns every order round; beyond it scores lose their decimals."""

MAX_SLOP = 10_000
"""Places that the words of a phrase may be moved; longer than any passage."""

MAX_EDITS = 2
"""The service's limit for fuzzy words."""

HELP = "See https://aka.ms/azure-search-full-query for supported syntax."

BLANK = " \t\n\r\u3000"
START = rf"[^{BLANK}+\-!():^\[\]\"{{}}~*?\\/]|\\."
WORD = rf"(?:{START}|[*?])(?:{START}|[-+*?])*"
LEXICON = re.compile(
    rf"""(?P<blank>[{BLANK}]+)
    | (?P<bare>[-+!])(?=[{BLANK}])
    | (?P<word>{WORD})
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<regex>/(?:[^/\\]|\\.)*/)
    | (?P<slop>~(?:\d+(?:\.\d+)?)?)
    | (?P<boost>\^(?:\d+(?:\.\d+)?))
    | (?P<range>[\[\]{{}}])
    | (?P<mark>[-+!():])
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
CONJUNCTIONS = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR"}
MODIFIERS = {"+": Occur.MUST, "-": Occur.NOT, "!": Occur.NOT, "NOT": Occur.NOT}


@dataclass(frozen=True, slots=True)
class _Lexeme:
    sort: str
    text: str
    place: int


def parse_full(text: str, *, every: bool) -> FullQuery:
    """The tree of a query; `every` is `searchMode: all`. `Refusal` in the service's words for what is no such query."""
    return FullQuery(_Parser(text, every).whole())


def wrong_syntax(told: str) -> Refusal:
    """400 as the service says it (azure-sdk-for-net#48174)."""
    return invalid_parameter(told, "InvalidSearchSyntax")


def unescaped(text: str) -> str:
    """The letters that are meant: a backslash takes the next one as it is, or four hexadecimal digits after `u`."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


class _Group:
    """The clauses of one level, as Lucene adds them one by one."""

    def __init__(self, every: bool) -> None:
        self._every = every
        self._clauses: list[tuple[Occur, Node]] = []

    def add(self, conjunction: str | None, modifier: Occur | None, node: Node | None) -> None:
        """An `AND` makes the clause before it a demand too; with `searchMode: all` an `OR` takes that back."""
        turned = {"AND": Occur.MUST, "OR": Occur.SHOULD if self._every else None}.get(conjunction or "")
        if turned is not None and self._clauses and self._clauses[-1][0] is not Occur.NOT:
            self._clauses[-1] = (turned, self._clauses[-1][1])
        if node is None:
            return
        demanded = conjunction != "OR" if self._every else conjunction == "AND" or modifier is Occur.MUST
        self._clauses.append((Occur.NOT if modifier is Occur.NOT else Occur.MUST if demanded else Occur.SHOULD, node))

    def node(self) -> Node | None:
        """The level as one node."""
        if len(self._clauses) == 1 and self._clauses[0][0] is not Occur.NOT:
            return self._clauses[0][1]
        return Clauses(tuple(self._clauses)) if self._clauses else None


class _Parser:
    """Reads one query, two lexemes ahead."""

    def __init__(self, text: str, every: bool) -> None:
        self._text, self._every = text, every
        self._lexemes = self._all()
        self._place = self._terms = self._patterns = 0

    def _all(self) -> list[_Lexeme]:
        found, place = [], 0
        while place < len(self._text):
            match = LEXICON.match(self._text, place)
            if match is None or match.lastgroup is None:
                raise self._error(place)
            if match.lastgroup != "blank":
                found.append(_Lexeme(match.lastgroup, match.group(), place))
            place = match.end()
        return [*found, _Lexeme("end", "", place)]

    def _error(self, place: int, why: str = "") -> Refusal:
        before = self._text[:place]
        where = f"at line {before.count(chr(10)) + 1}, column {place - before.rfind(chr(10))}"
        return wrong_syntax(f"Failed to parse query string {where}. {why}{HELP}")

    @property
    def _next(self) -> _Lexeme:
        return self._lexemes[self._place]

    def _take(self) -> _Lexeme:
        taken = self._next
        self._place += taken.sort != "end"
        return taken

    def whole(self) -> Node | None:
        """The whole text."""
        node = self._query(None, 0)
        if self._next.sort != "end":
            raise self._error(self._next.place)
        if isinstance(node, Clauses) and all(occur is Occur.NOT for occur, _ in node.clauses):
            raise self._error(0, "A query cannot consist of negations alone. ")
        return node

    def _query(self, field: str | None, depth: int) -> Node | None:
        if depth > MAX_DEPTH:
            raise self._error(self._next.place, f"The query is nested more than {MAX_DEPTH} deep. ")
        group = _Group(self._every)
        while self._next.sort != "end" and self._next.text != ")":
            conjunction = self._conjunction() if group.node() is not None else None
            group.add(conjunction, self._modifier(), self._clause(field, depth))
        return group.node()

    def _conjunction(self) -> str | None:
        return CONJUNCTIONS[self._take().text] if self._next.sort == "word" and self._next.text in CONJUNCTIONS else None

    def _modifier(self) -> Occur | None:
        return MODIFIERS[self._take().text] if self._next.sort in {"word", "mark"} and self._next.text in MODIFIERS else None

    def _clause(self, field: str | None, depth: int) -> Node | None:
        self._terms += 1
        if self._terms > MAX_CLAUSES:
            raise self._error(self._next.place, f"The query has more than {MAX_CLAUSES} clauses. ")
        name = self._next
        if name.sort == "word" and self._lexemes[self._place + 1].text == ":" and name.text not in {*CONJUNCTIONS, "NOT"}:
            self._place += 2
            field = unescaped(name.text)
        if self._next.sort == "mark" and self._next.text == "(":
            return self._parenthesis(field, depth)
        return self._boosted(self._leaf(field))

    def _parenthesis(self, field: str | None, depth: int) -> Node | None:
        opened = self._take()
        inner = self._query(field, depth + 1)
        if self._take().text != ")" or self._lexemes[self._place - 1].place == opened.place + 1:
            raise self._error(self._next.place)
        return self._boosted(inner)

    def _boosted(self, node: Node | None) -> Node | None:
        if self._next.sort != "boost":
            return node
        place, factor = self._next.place, float(self._take().text[1:])
        if not 0 < factor <= MAX_BOOST:
            raise self._error(place, f"A boost is above 0 and at most {MAX_BOOST:.0f}. ")
        return None if node is None else Boosted(node, factor)

    def _leaf(self, field: str | None) -> Leaf | None:
        lexeme = self._take()
        if lexeme.sort == "quoted":
            slop = self._slop()
            return Quoted(unescaped(lexeme.text[1:-1]), min(int(slop or 0), MAX_SLOP), field)
        if lexeme.sort == "regex":
            self._count_pattern(lexeme.place)
            return Regex(lexeme.text[1:-1], field)
        if lexeme.sort == "range":
            raise not_offered("A range in a query (the service has it in 'filter' only)")
        if lexeme.sort == "bare":
            return None
        if lexeme.sort != "word" or lexeme.text in {*CONJUNCTIONS, "NOT"}:
            raise self._error(lexeme.place)
        return self._word(lexeme, field)

    def _word(self, lexeme: _Lexeme, field: str | None) -> Leaf:
        parts = _parts(lexeme.text)
        wild = any(part is None or not part for part in parts)
        if lexeme.text == "*" and field == "*":
            return Everything()
        if wild:
            check_prefix(lexeme.text)
            self._count_pattern(lexeme.place)
            if not parts[0]:
                raise self._error(lexeme.place, "'*' or '?' is not allowed as the first character of a word. ")
            return Wild(parts, field)
        text, fuzzy = unescaped(lexeme.text), self._next
        slop = self._slop()
        if slop is None:
            return Plain(text, field)
        self._count_pattern(fuzzy.place)
        if slop > 1 and slop % 1:
            raise self._error(fuzzy.place, "An edit distance is a whole number. ")
        return Fuzzy(text, min(int(slop if slop >= 1 or not slop else (1 - slop) * len(text)), MAX_EDITS), field)

    def _slop(self) -> float | None:
        """The number after `~`; without one it is 2. None where no `~` follows."""
        if self._next.sort != "slop":
            return None
        return float(self._take().text[1:] or MAX_EDITS)

    def _count_pattern(self, place: int) -> None:
        self._patterns += 1
        if self._patterns > MAX_PATTERNS:
            raise self._error(place, f"The query has more than {MAX_PATTERNS} fuzzy words, wildcards and expressions. ")


def _parts(text: str) -> tuple[str | None, ...]:
    """A word letter by letter, with None for `*` and an empty string for `?`; what is escaped is a letter."""
    found: list[str | None] = []
    place = 0
    while place < len(text):
        escaped = ESCAPED.match(text, place)
        if escaped:
            found.append(unescaped(escaped.group()))
            place = escaped.end()
            continue
        found.append({"*": None, "?": ""}.get(text[place], text[place]))
        place += 1
    return tuple(found)
