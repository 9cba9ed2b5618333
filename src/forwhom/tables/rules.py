from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.errors import OptionError, nearest
from forwhom.tables.columns import Column
from forwhom.tables.engine import first_line

if TYPE_CHECKING:
    from forwhom.documents.models import Rule


def evaluate_rules(columns: Mapping[str, Column], rules: Sequence[Rule]) -> NDArray[np.int32]:
    """Return for each row which rule takes it: the first whose condition holds.

    ``len(rules)`` stands where none holds. A condition on a missing value does not hold.
    """
    n = len(next(iter(columns.values())))
    codes = np.full(n, len(rules), dtype=np.int32)
    table = pa.table({name: _arrow(column) for name, column in columns.items()})
    # The conditions come from a file: this connection can reach no other file and no network.
    with duckdb.connect(config={"enable_external_access": "false"}) as closed:
        rows = closed.from_arrow(table)
        for index in range(len(rules) - 1, -1, -1):
            holds = _holds(rows, rules[index], list(columns))
            if len(holds) != n:  # such as unnest, which makes several rows of one
                raise OptionError(
                    f"rule {rules[index].name!r}: the condition {rules[index].when!r} gives "
                    f"{len(holds)} answers for {n} rows.",
                    "Write a comparison, such as visits >= 10.",
                )
            codes[holds] = index
    return codes


def _holds(rows: duckdb.DuckDBPyRelation, rule: Rule, names: Sequence[str]) -> NDArray[np.bool_]:
    where = f"rule {rule.name!r}: the condition {rule.when!r}"
    try:
        answer = rows.select(duckdb.SQLExpression(rule.when).alias("holds"))
        if str(answer.types[0]) != "BOOLEAN":
            raise OptionError(
                f"{where} gives a {str(answer.types[0]).lower()}, not yes or no.",
                "Write a comparison, such as visits >= 10.",
            )
        holds = answer.fetchnumpy()["holds"]
    except duckdb.Error as error:
        raise OptionError(f"{where} is wrong: {first_line(error)}", _advice(error, names)) from None
    return np.asarray(np.ma.filled(holds, False), dtype=np.bool_)


def _advice(error: Exception, names: Sequence[str]) -> str:
    quoted = str(error).split('"')
    guess = nearest(quoted[1], names) if len(quoted) > 2 else ""
    return guess or f"Write SQL on these variables: {', '.join(list(names)[:20])}."


def _arrow(column: Column) -> pa.Array:
    if column.levels is None:
        return pa.array(column.values, from_pandas=True)
    codes = pa.array(column.values, mask=column.missing)
    return pa.DictionaryArray.from_arrays(codes, list(column.levels)).cast(pa.string())
