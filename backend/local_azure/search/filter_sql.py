"""A filter's tree as an SQL condition over the table `d` of an index's documents.

Owns which comparison a field allows and that a comparison with null is never null itself: OData knows only true and false, so
`not (page gt 5)` holds for a document without a page. It knows no connection.
"""

# ruff: noqa: S608 - SQL is put together from the names of checked fields only; every value is bound

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import assert_never

from . import edm
from .filter_grammar import (
    PARAMETER,
    Both,
    Compare,
    Constant,
    Each,
    Either,
    Literal,
    Name,
    Never,
    Node,
    Truth,
    Within,
    invalid_negation,
    parse,
)
from .refusal import Refusal, invalid_expression, no_property
from .schema import Field, Index

SQL_OPERATORS = {"eq": "IS", "ne": "IS NOT", "gt": ">", "lt": "<", "ge": ">=", "le": "<="}


def column(of: Field) -> str:
    """Where a field's comparable value stands: the table's own column, or the key."""
    return "d.key" if of.key else f"d.c_{of.name}"


@dataclass(slots=True)
class Condition:
    """An SQL condition and its parameters, in order."""

    sql: str
    parameters: list[edm.Comparable]


@dataclass(slots=True)
class _Scope:
    """Where names are looked up: the index's fields, and the variables of the lambdas that enclose this place."""

    index: Index
    variables: dict[str, tuple[Field, str]] = field(default_factory=dict)


def condition(text: str, index: Index) -> Condition:
    """The condition of a `$filter`. Raises `Refusal` for syntax, unknown fields and types that do not compare."""
    parameters: list[edm.Comparable] = []
    return Condition(_sql(parse(text), _Scope(index), parameters), parameters)


def _sql(node: Node, scope: _Scope, parameters: list[edm.Comparable]) -> str:
    match node:
        case Compare():
            return _compare(node, scope, parameters)
        case Within():
            return _within(node, scope, parameters)
        case Truth():
            of, place = _resolved(node.name, scope)
            if of.kind != edm.BOOLEAN:
                raise _incompatible(of.kind, edm.BOOLEAN, "eq", node.name)
            return f"({place} IS 1)"
        case Constant():
            return "1" if node.value else "0"
        case Never():
            return _never(node, scope, parameters)
        case Both():
            return _balanced([_sql(part, scope, parameters) for part in node.parts], "AND")
        case Either():
            return _balanced([_sql(part, scope, parameters) for part in node.parts], "OR")
        case Each():
            return _each(node, scope, parameters)
        case _:
            assert_never(node)


def _never(node: Never, scope: _Scope, parameters: list[edm.Comparable]) -> str:
    if isinstance(node.part, Truth):
        of, _ = _resolved(node.part.name, scope)
        if of.kind != edm.BOOLEAN:
            raise invalid_negation(of.kind, node.part.name.position)
        if node.compared_at is not None:
            raise invalid_expression(
                f"Comparison must be between a field or range variable and a literal value (position {node.compared_at}).", PARAMETER
            )
    return f"(NOT {_sql(node.part, scope, parameters)})"


def _balanced(parts: list[str], word: str) -> str:
    """Joined as a balanced tree: SQLite limits how deep an expression nests, and a flat chain counts as deep."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({_balanced(parts[:middle], word)} {word} {_balanced(parts[middle:], word)})"


def _resolved(name: Name, scope: _Scope, *, collection: bool = False) -> tuple[Field, str]:
    """The field that a name means and its SQL."""
    bound = scope.variables.get(name.text)
    if bound is not None:
        if collection:
            raise invalid_expression(f"'{name.text}' at position {name.position} is no collection.", PARAMETER)
        return bound
    of = scope.index.by_name.get(name.text)
    if of is None:
        raise no_property(name.text, PARAMETER)
    if not of.filterable:
        raise invalid_expression(
            f"'{name.text}' is not a filterable field. Only filterable fields can be used in filter expressions.", PARAMETER
        )
    if of.collection and not collection:
        raise invalid_expression(f"The collection '{name.text}' at position {name.position} can only be used with any or all.", PARAMETER)
    if collection and not of.collection:
        raise invalid_expression(f"'{name.text}' at position {name.position} is no collection: any and all do not apply.", PARAMETER)
    return of, column(of)


def _incompatible(left: str | None, right: str | None, operator: str, name: Name) -> Refusal:
    return invalid_expression(
        f"A binary operator with incompatible types was detected. Found operand types '{left}' and '{right or '<null>'}' "
        f"for operator kind '{operator}' at position {name.position}.",
        PARAMETER,
    )


def _compare(node: Compare, scope: _Scope, parameters: list[edm.Comparable]) -> str:
    of, place = _resolved(node.name, scope)
    literal = node.literal
    if literal.value is None:
        if node.operator not in {"eq", "ne"}:
            raise _incompatible(of.kind, None, node.operator, node.name)
        return f"({place} {SQL_OPERATORS[node.operator]} NULL)"
    if of.kind == edm.BOOLEAN and node.operator not in {"eq", "ne"}:
        raise _incompatible(of.kind, literal.kind, node.operator, node.name)
    value = _comparable(of, literal, node)
    parameters.append(value)
    if node.operator in {"eq", "ne"} or of.key:
        return f"({place} {SQL_OPERATORS[node.operator]} ?)"
    return f"coalesce({place} {SQL_OPERATORS[node.operator]} ?, 0)"


def _comparable(of: Field, literal: Literal, node: Compare) -> edm.Comparable:
    """The literal as the field's column holds values; numbers compare with all numbers, everything else with its like."""
    if literal.kind is None or literal.value is None or (literal.kind != of.kind and not {literal.kind, of.kind} <= edm.NUMBERS):
        raise _incompatible(of.kind, literal.kind, node.operator, node.name)
    value = edm.comparable(literal.kind, literal.value)
    if isinstance(value, int) and value not in edm.INT_RANGES[edm.INT64]:
        return float(value)
    return value


def _within(node: Within, scope: _Scope, parameters: list[edm.Comparable]) -> str:
    of, place = _resolved(node.name, scope)
    if of.kind != edm.STRING:
        raise _incompatible(of.kind, edm.STRING, "search.in", node.name)
    parameters.append(json.dumps(node.values))
    return f"coalesce({place} IN (SELECT value FROM json_each(?)), 0)"


def _each(node: Each, scope: _Scope, parameters: list[edm.Comparable]) -> str:
    of, place = _resolved(node.name, scope, collection=True)
    # Taking a list apart costs more than all else in a filter, and most lists of groups are empty.
    empty = f"coalesce({place}, '[]') = '[]'"
    if node.body is None or node.variable is None:
        return f"(NOT {empty})"
    alias = f"e{len(scope.variables)}"
    member = (of, f"{alias}.value")
    inner = _Scope(scope.index, {**scope.variables, node.variable: member})
    body = _sql(node.body, inner, parameters)
    if node.every:
        return f"({empty} OR NOT EXISTS (SELECT 1 FROM json_each({place}) AS {alias} WHERE NOT {body}))"
    return f"(NOT {empty} AND EXISTS (SELECT 1 FROM json_each({place}) AS {alias} WHERE {body}))"
