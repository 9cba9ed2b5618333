"""Scoring SQL over customers that a query makes first: from purchases to features to segments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.eliminate_subqueries import eliminate_subqueries

from forwhom.documents.segmentation import Segmentation
from forwhom.errors import OptionError, nearest
from forwhom.mixture.sql import comparable, view_of, written

#: The table of customers, and the end of the observed time, as steps of the statement.
CUSTOMERS, END = "forwhom_customers", "forwhom_end"
#: Dialects in which days, hours and sequences are known to be written.
DIALECTS = (
    "bigquery", "clickhouse", "databricks", "duckdb", "mysql", "oracle", "postgres", "redshift",
    "snowflake", "spark", "sqlite", "trino", "tsql",
)  # fmt: skip
#: Those of them that have a median over the rows of a group.
WITH_MEDIAN = frozenset(
    {"clickhouse", "databricks", "duckdb", "oracle", "postgres", "redshift", "snowflake", "spark"}
)
#: What could end the line of a comment.
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_STRFTIME = {"hour": "%H", "minute": "%M", "second": "%S", "year": "%Y", "month": "%m"}


@dataclass(frozen=True)
class Made:
    """How the table of customers is made, by queries in DuckDB's SQL."""

    #: step -> query; the last is ``CUSTOMERS``
    queries: Mapping[str, str]
    #: table, as queries call it -> what is read: a quoted name, or a query in parentheses
    tables: Mapping[str, str]
    #: number that stands in the queries -> what is meant, a query of one value in parentheses
    values: Mapping[int, str]
    heading: Sequence[str]  # what the statement needs, in lines
    reads: Sequence[str] = ()  # names of the tables of the database
    view: str | None = None  # name of the view that is created; None: the statement is a query


def check_dialect(dialect: str) -> None:
    """Refuse a dialect in which features cannot be written."""
    if dialect not in DIALECTS:
        raise OptionError(
            f"Features cannot be written in the SQL dialect {dialect!r}.",
            f"{nearest(dialect, DIALECTS)} Known are: {', '.join(DIALECTS)}.".strip(),
        )


def statement_of(made: Made, dialect: str, segmentation: Segmentation | None = None) -> str:
    """Write one statement that makes the table of customers, and places them into segments."""
    query = f'SELECT * FROM "{CUSTOMERS}"'
    if segmentation is not None:
        query = written(segmentation, f'"{CUSTOMERS}"')
    last: Any = sqlglot.parse_one(query, read="duckdb")
    steps = [(cte.alias, cte.this) for cte in last.ctes]
    made_of = [
        step for name, one in made.queries.items() for step in _steps(name, one, made, dialect)
    ]
    last.set("with_", None)
    for name, one in [*made_of, *steps]:
        last = last.with_(exp.to_identifier(name, quoted=True), as_=one, copy=False)
    if dialect == "oracle":
        last = last.transform(comparable, copy=False)
    heading = "".join(f"-- {_UNPRINTED.sub(' ', line)}\n" for line in made.heading)
    beginning = view_of(made.view, made.reads, dialect)
    return heading + beginning + str(last.sql(dialect, copy=False, pretty=True, identify=True))


def _steps(name: str, query: str, made: Made, dialect: str) -> list[tuple[str, Any]]:
    """Return the steps of a query, each as it is written in the dialect."""
    parsed: Any = sqlglot.parse_one(query, read="duckdb")
    parsed = eliminate_subqueries(parsed)
    inner = {cte.alias: f"{name}_{i}" for i, cte in enumerate(parsed.ctes, 1)}
    steps = [(inner[cte.alias], cte.this) for cte in parsed.ctes]
    parsed.set("with_", None)
    return [
        (step, one.transform(lambda node: _written(node, inner, made, dialect), copy=False))
        for step, one in [*steps, (name, parsed)]
    ]


def _written(node: Any, inner: Mapping[str, str], made: Made, dialect: str) -> Any:
    if isinstance(node, exp.Table):
        return _table(node, inner, made)
    if isinstance(node, exp.Literal) and not node.is_string and node.this.isdigit():
        meant = made.values.get(int(node.this))
        return node if meant is None else sqlglot.parse_one(meant, read="duckdb")
    return _portable(node, dialect)


def _table(node: Any, inner: Mapping[str, str], made: Made) -> Any:
    """Point a table to the step, or to the table of the database, that it stands for."""
    step = inner.get(node.name)
    if step is None and node.name not in made.tables:
        return node
    found: Any
    if step is not None:
        found = exp.Table(this=exp.to_identifier(step, quoted=True))
    else:
        query: Any = sqlglot.parse_one(f"SELECT 1 FROM {made.tables[node.name]}", read="duckdb")
        found = query.find(exp.Subquery) or query.find(exp.Table)
    # Only the two sides of a join are called by their alias.
    alias = node.alias if node.alias in ("lhs", "rhs") else "forwhom_read"
    return exp.alias_(found, exp.to_identifier(alias, quoted=True), table=True)


def _portable(node: Any, dialect: str) -> Any:
    """Write what dialects have in common, where the engine's own way is known to few."""
    if isinstance(node, exp.Group) and node.args.get("all"):
        return None  # one row for all
    if isinstance(node, exp.Cast) and node.this.is_string and node.this.this == "NaN":
        return exp.null()  # of a root of something negative, which does not occur
    if isinstance(node, exp.Count) and node.this is None:
        return exp.Count(this=exp.Star())
    if isinstance(node, exp.WindowSpec) and str(node.args.get("end")) == "0":
        node.set("end", "CURRENT ROW")
        node.set("end_side", None)
    if isinstance(node, exp.Round) and dialect == "postgres":
        node.set("decimals", None)  # with decimals, it takes exact numbers alone
    if isinstance(node, exp.Hour | exp.Minute | exp.Second | exp.Year | exp.Month):
        return _part(node, type(node).__name__.lower(), dialect)
    if isinstance(node, exp.DateDiff) and dialect == "oracle":
        day: Any = sqlglot.parse_one("TRUNC(a) - DATE '1900-01-01'", read="oracle")
        return exp.paren(day.transform(lambda n: node.this if _is_a(n) else n))
    return node


def _is_a(node: Any) -> bool:
    return isinstance(node, exp.Column) and node.name == "a"


def _part(node: Any, part: str, dialect: str) -> Any:
    if dialect == "sqlite":
        given = [exp.Literal.string(_STRFTIME[part]), node.this.copy()]
        return exp.cast(exp.Anonymous(this="STRFTIME", expressions=given), "int")
    return exp.Extract(this=exp.var(part.upper()), expression=node.this.copy())
