"""The scoring of a segmentation as one SQL statement, to run where the data live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from forwhom.documents.base import expect, has_levels
from forwhom.documents.models import KMeansModel, MixtureModel, RFMModel, Rule, RulesModel
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.errors import DocumentError, OptionError, nearest
from forwhom.mixture.scoring import rfm_variables
from forwhom.mixture.sql_missing import answered_table
from forwhom.mixture.sql_mixture import mixture_sql
from forwhom.mixture.sql_text import (
    added,
    identifier,
    level_code,
    level_text,
    number,
    share_unmatched,
    statement,
    table_name,
    text,
    usable_number,
    when,
)

#: Languages that sqlglot knows but that are not SQL for tables.
_NOT_SQL = {"", "dax", "prql", "solr", "tableau"}

_ZERO, _ONE = number(0.0), number(1.0)
_NO_FIT = "CAST(NULL AS DOUBLE)"


def scoring_sql(
    segmentation: Segmentation, table: str, *, dialect: str = "duckdb", view: str | None = None
) -> str:
    """Write the scoring of new customers as one SQL statement.

    The result has one row per customer: the id (the row number when the segmentation has no
    id), ``segment`` (0 is none of these), ``p1`` … ``pK``, ``certainty`` (the probability of the
    segment; 0 for none of these), ``fit`` and, where segments are bands of a scale or have one in
    common, ``scale``, the same as `forwhom.score` gives. NULL and NaN are missing, and so are
    unknown levels and values that a measure cannot have.

    Levels are recognized in a column of any type, as `forwhom.score` recognizes them: yes and no
    in a boolean, 0 and 1, ``t`` and ``f``; codes as whole numbers, decimals or text. Where there
    are levels, the last column, ``unmatched``, is the share of the customer's answers that are
    none of them: its mean is 0 where the table is written as the segmentation knows it.

    Parameters
    ----------
    segmentation
        What customers are placed into.
    table
        The table to read, such as ``customers`` or ``crm.customers``; its columns are named as
        the variables. All names are quoted: they are taken exactly as they are written.
    dialect
        The SQL to write: ``duckdb``, ``postgres``, ``bigquery``, ``snowflake``, ``spark``, … The
        statement uses only LN, EXP, SQRT, POWER, ABS, FLOOR, GREATEST, LOWER, TRIM and LENGTH.
    view
        Create a view of this name, such as ``crm.segments``, which places the customers that are
        in the table whenever it is read; left out, the statement is a query. A view that is there
        is not replaced.

    Raises
    ------
    OptionError
        If the dialect is not known, the table or the view has no name, both are the same, or the
        model has a block of more than four correlated variables.
    DocumentError
        If a rule is not one SQL condition.
    """
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    known = sql_dialects()
    if dialect not in known:
        raise OptionError(
            f"There is no SQL dialect {dialect!r}.",
            f"{nearest(dialect, known)} Known are: {', '.join(known)}.".strip(),
        )
    statement_sql = written(segmentation, table_name(table))
    beginning = view_of(view, [table], dialect)
    if dialect == "duckdb":
        return beginning + statement_sql
    parsed: Any = sqlglot.parse_one(statement_sql, read="duckdb")
    if dialect == "oracle":
        parsed = parsed.transform(comparable, copy=False)
    return beginning + str(parsed.sql(dialect, copy=False, pretty=True))


def view_of(view: str | None, tables: Sequence[str], dialect: str) -> str:
    """Return what turns a query of these tables into a view; nothing where none is wanted."""
    if view is None:
        return ""
    if not isinstance(view, str) or not view.strip():
        raise OptionError("The view has no name.", "Give the name that it should have.")
    name = table_name(view)
    if name.casefold() in {table_name(table).casefold() for table in tables}:
        raise OptionError(
            f"The view {view!r} would read itself.", "Give it another name than the table has."
        )
    if dialect == "duckdb":
        return f"CREATE VIEW {name} AS\n"
    query: Any = sqlglot.parse_one(f"SELECT 1 FROM {name}", read="duckdb")
    return f"CREATE VIEW {query.find(exp.Table).sql(dialect, identify=True)} AS\n"


def sql_dialects() -> list[str]:
    """Return the SQL dialects that `scoring_sql` can write."""
    return sorted(name for name in Dialect.classes if name not in _NOT_SQL)


def comparable(node: Any) -> Any:
    """Give text a length: without one it is a CLOB in Oracle, which cannot be compared."""
    if isinstance(node, exp.DataType) and node.is_type("varchar", "text"):
        return exp.DataType.build("varchar(4000)")
    return node


def written(segmentation: Segmentation, table: str) -> str:
    """Write the scoring in DuckDB's SQL; the name of the table is quoted already."""
    model, table = segmentation.model, answered_table(segmentation, table)
    name = segmentation.id_column
    id_sql = identifier(name) if name else "ROW_NUMBER() OVER ()"
    id_name = identifier(name or "row")
    if isinstance(model, MixtureModel):
        return mixture_sql(model, id_sql, id_name, table)
    if isinstance(model, KMeansModel):
        return _kmeans(model, id_sql, id_name, table)
    if isinstance(model, RFMModel):
        return _rfm(model, id_sql, id_name, table)
    return _rules(model, segmentation.variables, id_sql, id_name, table)


def _certain(id_name: str, k: int, fit: str) -> list[str]:
    """Write the result of a method whose probabilities are 0 and 1."""
    return [
        f"id AS {id_name}",
        "segment",
        *(f"{when(f'segment = {s}', _ONE, _ZERO)} AS p{s}" for s in range(1, k + 1)),
        f"{when('segment = 0', _ZERO, _ONE)} AS certainty",
        f"{fit} AS fit",
    ]


def _numbers(variables: list[str] | tuple[str, ...]) -> tuple[list[str], list[str]]:
    names = [f"v{j}" for j in range(1, len(variables) + 1)]
    read = [
        f"CAST({identifier(variable)} AS DOUBLE) AS {name}"
        for variable, name in zip(variables, names, strict=True)
    ]
    return read, [f"{usable_number(name)} AS {name}" for name in names]


def _kmeans(model: KMeansModel, id_sql: str, id_name: str, table: str) -> str:
    read, usable = _numbers(model.variables)
    d, k = len(model.variables), len(model.centers)
    names = [f"v{j}" for j in range(1, d + 1)]
    z = [
        when(f"{name} IS NULL", _ZERO, f"({name} - {number(mean)}) / {number(sd)}") + f" AS {name}"
        for name, mean, sd in zip(names, model.means, model.sds, strict=True)
    ]
    known = " OR ".join(f"{name} IS NOT NULL" for name in names)
    distances = [
        added([f"POWER({name} - {number(c)}, 2)" for name, c in zip(names, center, strict=True)])
        for center in model.centers
    ]
    all_distances = [f"d{s}" for s in range(1, k + 1)]
    least = all_distances[0] if k == 1 else f"LEAST({', '.join(all_distances)})"
    choice = " ".join(f"WHEN {name} <= {least} THEN {s}" for s, name in enumerate(all_distances, 1))
    steps = [
        ("forwhom_read", [f"{id_sql} AS id", *read], table),
        ("forwhom_usable", ["id", *usable], "forwhom_read"),
        ("forwhom_z", ["id", f"{when(known, '1', '0')} AS known", *z], "forwhom_usable"),
        (
            "forwhom_distances",
            ["id", "known", *(f"{sql} AS d{s}" for s, sql in enumerate(distances, 1))],
            "forwhom_z",
        ),
        (
            "forwhom_segments",
            [
                "id",
                f"CASE {choice} END AS segment",
                f"CASE WHEN known = 1 THEN -SQRT({least} / {number(d)}) END AS fit",
            ],
            "forwhom_distances",
        ),
    ]
    return statement(steps, _certain(id_name, k, "fit"))


def _rfm(model: RFMModel, id_sql: str, id_name: str, table: str) -> str:
    variables = rfm_variables(model)
    read, usable = _numbers(variables)
    scores = []
    for j, variable in enumerate(variables, 1):
        cuts = model.cuts[variable]
        # The most recent customers have the lowest recency and the highest score.
        values = range(1, len(cuts) + 2)
        order = list(values)[::-1] if variable == model.recency else list(values)
        cases = " ".join(
            f"WHEN v{j} <= {number(cut)} THEN {value}"
            for cut, value in zip(cuts, order[:-1], strict=True)
        )
        scores.append(f"CASE WHEN v{j} IS NULL THEN 0 {cases} ELSE {order[-1]} END AS g{j}")
    cells = " ".join(
        "WHEN "
        + " AND ".join(f"g{j} = {int(part)}" for j, part in enumerate(cell.split("-"), 1))
        + f" THEN {segment}"
        for cell, segment in model.cells.items()
    )
    steps = [
        ("forwhom_read", [f"{id_sql} AS id", *read], table),
        ("forwhom_usable", ["id", *usable], "forwhom_read"),
        ("forwhom_scores", ["id", *scores], "forwhom_usable"),
        ("forwhom_segments", ["id", f"CASE {cells} ELSE 0 END AS segment"], "forwhom_scores"),
    ]
    return statement(steps, _certain(id_name, max(model.cells.values()), _NO_FIT))


def _rules(
    model: RulesModel, variables: Sequence[Variable], id_sql: str, id_name: str, table: str
) -> str:
    by_name = {variable.name.lower(): variable for variable in variables}
    conditions = [_condition(rule, by_name) for rule in model.rules]
    k = len(model.rules) + 1
    cases = " ".join(f"WHEN {one} THEN {s}" for s, one in enumerate(conditions, 1))
    choice = f"CASE {cases} ELSE {k} END" if cases else str(k)
    codes = [
        level_code(level_text(variable.name, variable.levels), variable.levels)
        for variable in variables
        if variable.levels and any(identifier(variable.name) in one for one in conditions)
    ]
    unmatched = [f"{share_unmatched(codes)} AS unmatched"] if codes else []
    columns = [f"{id_sql} AS id", f"{choice} AS segment", *unmatched]
    final = [*_certain(id_name, k, _NO_FIT), *(["unmatched"] if codes else [])]
    return statement([("forwhom_segments", columns, table)], final)


def _condition(rule: Rule, variables: Mapping[str, Variable]) -> str:
    """Return the rule as one condition, rewritten from its parse so that nothing else slips in."""
    advice = "A rule is one SQL condition on the variables, such as 'orders >= 3 AND spend > 100'."
    try:
        parsed: Any = sqlglot.parse_one(rule.when, read="duckdb")
    except SqlglotError as error:
        raise DocumentError(f"The rule {rule.name!r} cannot be read as SQL.", advice) from error
    allowed = isinstance(parsed, exp.Condition) and parsed.find(exp.Query, exp.Command) is None
    if not allowed:
        raise DocumentError(f"The rule {rule.name!r} is more than a condition.", advice)
    read = parsed.transform(lambda node: _as_evaluated(node, variables), copy=False)
    return f"({read.sql('duckdb', copy=False, comments=False)})"


def _as_evaluated(node: Any, variables: Mapping[str, Variable]) -> Any:
    """Read a variable as the library evaluates rules: NaN is missing, levels are text."""
    if not isinstance(node, exp.Column) or node.name.lower() not in variables:
        return node
    variable = variables[node.name.lower()]
    name = identifier(variable.name)
    if variable.levels:
        # However the column writes a level, the rule names it as the segmentation does.
        levels = [text(level) for level in variable.levels]
        written = level_text(variable.name, variable.levels)
        read = level_code(written, variable.levels, levels, "NULL")
    elif has_levels(variable.measure):
        read = f"CAST({name} AS VARCHAR)"
    else:
        read = f"({usable_number(name)})"
    return sqlglot.parse_one(read, read="duckdb")
