"""The OData filter language as Azure AI Search reads it: text in, a tree out.

Pure, by recursive descent. It knows no field: whether a name exists and what it may be compared with is decided where the tree
becomes SQL. Every error says where in the text it stands (Microsoft Learn, "OData expression syntax reference").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import edm
from .refusal import Refusal, invalid_expression, not_offered

MAX_DEPTH = 100
"""Nested parentheses, `not` and lambdas; deeper ones are no filter anybody wrote, and the parser recurses."""

MAX_CLAUSES = 3_000
"""Comparisons in a filter; the service gives up at about as many."""

MAX_INT_CHARS = 20
"""Of the longest Edm.Int64, its sign included."""

PARAMETER = "$filter"
COMPARISONS = frozenset({"eq", "ne", "gt", "lt", "ge", "le"})
LEXICON = re.compile(
    r"""\s*(?:
      (?P<date>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))
    | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<string>'(?:[^'\x00]|'')*')  # no U+0000: SQLite's JSON functions end a string there, so it could match what it is not
    | (?P<name>[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<mark>[(),:/])
    | (?P<end>\Z)
    )""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A field, or inside a lambda its variable, and where it stands."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `kind` is an EDM type; null has none."""

    kind: str | None
    value: edm.Scalar | None


@dataclass(frozen=True, slots=True)
class Compare:
    """`name operator literal`; a literal on the left has been turned round."""

    name: Name
    operator: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class Within:
    """`search.in(name, 'a,b', ',')`."""

    name: Name
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """A Boolean field standing alone."""

    name: Name


@dataclass(frozen=True, slots=True)
class Constant:
    """`true` or `false` standing alone."""

    value: bool


@dataclass(frozen=True, slots=True)
class Both:
    """`and`, of two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """`or`, of two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """`not`. `compared_at` is where a bare name stands that is compared (`not page gt 5`): `not` binds tighter and is about that name."""

    part: Node
    compared_at: int | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """`collection/any(variable: body)` or `/all(...)`; `any()` alone has no body and means: not empty."""

    name: Name
    every: bool
    variable: str | None
    body: Node | None


Node = Compare | Within | Truth | Constant | Both | Either | Never | Each


@dataclass(frozen=True, slots=True)
class _Lexeme:
    sort: str
    text: str
    position: int


def invalid_negation(kind: str, position: int) -> Refusal:
    """`not` before what is not Boolean; the service's sentence (Microsoft Learn, "OData expression syntax reference"), and where."""
    return invalid_expression(
        f"A unary operator with an incompatible type was detected. Found operand type '{kind}' for operator kind 'Not'. "
        f"(position {position})",
        PARAMETER,
    )


def parse(text: str) -> Node:
    """The tree of a filter. Raises `Refusal` with the position of the first error."""
    parser = _Parser(text)
    tree = parser.disjunction(0)
    parser.expect("end", "")
    return tree


class _Parser:
    """One filter being read; looks one lexeme ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._clauses = 0
        self._next = self._lexeme(0)

    def _lexeme(self, start: int) -> _Lexeme:
        match = LEXICON.match(self._text, start)
        if match is None or match.lastgroup is None:
            rest = self._text[start:]
            raise self._error(start + len(rest) - len(rest.lstrip()))
        sort = match.lastgroup
        self._after = match.end()
        return _Lexeme(sort, match.group(sort), match.start(sort))

    def _error(self, position: int) -> Refusal:
        return invalid_expression(f"Syntax error at position {position} in '{self._text}'.", PARAMETER)

    def _take(self) -> _Lexeme:
        taken = self._next
        if taken.sort != "end":
            self._next = self._lexeme(self._after)
        return taken

    def _sees(self, sort: str, text: str) -> bool:
        return self._next.sort == sort and self._next.text == text

    def _took(self, sort: str, text: str) -> bool:
        return self._sees(sort, text) and bool(self._take())

    def expect(self, sort: str, text: str) -> _Lexeme:
        """The next lexeme, which must be of this sort and, unless it is empty, of this text."""
        if self._next.sort != sort or (text and self._next.text != text):
            raise self._error(self._next.position)
        return self._take()

    def disjunction(self, depth: int) -> Node:
        """`a or b or c`."""
        if depth > MAX_DEPTH:
            raise invalid_expression(f"The filter is nested more than {MAX_DEPTH} deep.", PARAMETER)
        return self._joined("or", Either, lambda: self._conjunction(depth))

    def _conjunction(self, depth: int) -> Node:
        return self._joined("and", Both, lambda: self._negation(depth))

    def _joined(self, word: str, join: type[Both] | type[Either], part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self._took("name", word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else join(tuple(parts))

    def _negation(self, depth: int) -> Node:
        turns = 0
        while self._took("name", "not"):
            turns += 1
        if self._took("mark", "("):
            inner = self.disjunction(depth + 1)
            self.expect("mark", ")")
        else:
            start = self._next
            inner = self._clause(depth)
            if turns and isinstance(inner, Compare):
                return self._not_compared(inner, start)
        return Never(inner) if turns % 2 else inner

    def _not_compared(self, clause: Compare, start: _Lexeme) -> Node:
        """`not` before a comparison without parentheses: it is about the left side alone."""
        if start.position == clause.name.position:
            return Never(Truth(clause.name), compared_at=start.position)
        kind, value = clause.literal.kind, clause.literal.value
        if kind is None or kind == edm.BOOLEAN:
            raise self._error(start.position)
        small = isinstance(value, int) and value in edm.INT_RANGES[edm.INT32]
        raise invalid_negation(edm.INT32 if small else kind, start.position)

    def _clause(self, depth: int) -> Node:
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise invalid_expression(f"The filter has more than {MAX_CLAUSES} clauses.", PARAMETER)
        if self._next.sort != "name" or self._next.text in {"true", "false", "null", "NaN", "INF"}:
            return self._literal_first()
        name = self._take()
        if self._sees("mark", "("):
            return self._call(name)
        if self._took("mark", "/"):
            return self._each(name, depth)
        return self._compared(Name(name.text, name.position))

    def _literal_first(self) -> Node:
        start = self._next.position
        literal = self._literal()
        if self._next.sort == "name" and self._next.text in COMPARISONS:
            operator = self._take().text
            name = self.expect("name", "")
            turned = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge"}.get(operator, operator)
            return Compare(Name(name.text, name.position), turned, literal)
        if literal.kind == edm.BOOLEAN:
            return Constant(bool(literal.value))
        raise self._error(start)

    def _compared(self, name: Name) -> Node:
        if self._next.sort == "name" and self._next.text in COMPARISONS:
            operator = self._take().text
            if self._next.sort == "name" and self._next.text not in {"true", "false", "null", "NaN", "INF"}:
                raise invalid_expression(
                    f"Comparison must be between a field or range variable and a literal value (position {self._next.position}).", PARAMETER
                )
            return Compare(name, operator, self._literal())
        return Truth(name)

    def _literal(self) -> Literal:
        lexeme = self._take()
        if lexeme.sort == "string":
            return Literal(edm.STRING, lexeme.text[1:-1].replace("''", "'"))
        if lexeme.sort == "number":
            # What is longer than any number of the type is only compared, so its last digits do not matter.
            whole = not any(mark in lexeme.text for mark in ".eE") and len(lexeme.text) <= MAX_INT_CHARS
            return Literal(edm.INT64, int(lexeme.text)) if whole else Literal(edm.DOUBLE, float(lexeme.text))
        if lexeme.sort == "date":
            try:
                return Literal(edm.DATE, edm.date_text(edm.read_date(lexeme.text)))
            except ValueError as wrong:
                raise invalid_expression(f"{wrong} (position {lexeme.position}).", PARAMETER) from None
        if lexeme.sort == "name" and lexeme.text in {"true", "false"}:
            return Literal(edm.BOOLEAN, lexeme.text == "true")
        if lexeme.sort == "name" and lexeme.text == "null":
            return Literal(None, None)
        if lexeme.sort == "name" and lexeme.text in {"NaN", "INF"}:
            raise not_offered(f"The literal {lexeme.text} in a filter")
        raise self._error(lexeme.position)

    def _call(self, function: _Lexeme) -> Node:
        if function.text.startswith(("geo.", "search.ismatch", "search.score")):
            raise not_offered(f"The function '{function.text}' in a filter")
        if function.text != "search.in":
            raise self._error(function.position)
        self.expect("mark", "(")
        name = self.expect("name", "")
        self.expect("mark", ",")
        listed = self.expect("string", "").text
        delimiters = self.expect("string", "").text[1:-1].replace("''", "'") if self._took("mark", ",") else " ,"
        self.expect("mark", ")")
        values = (
            re.split(f"[{re.escape(delimiters)}]", listed[1:-1].replace("''", "'")) if delimiters else [listed[1:-1].replace("''", "'")]
        )
        return Within(Name(name.text, name.position), tuple(value for value in values if value))

    def _each(self, name: _Lexeme, depth: int) -> Node:
        word = self.expect("name", "")
        if word.text not in {"any", "all"}:
            raise not_offered(f"A path into a complex field ('{name.text}/{word.text}') in a filter")
        self.expect("mark", "(")
        variable: str | None = None
        body: Node | None = None
        if not self._sees("mark", ")"):
            variable = self.expect("name", "").text
            self.expect("mark", ":")
            body = self.disjunction(depth + 1)
        elif word.text == "all":
            raise self._error(self._next.position)
        self.expect("mark", ")")
        return Each(Name(name.text, name.position), word.text == "all", variable, body)
