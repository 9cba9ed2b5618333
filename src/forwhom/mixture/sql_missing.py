"""The table as the SQL reads it: columns by their names in it, with NULL for codes of no answer."""

from __future__ import annotations

from collections.abc import Sequence

from forwhom.documents.base import is_number
from forwhom.documents.models import KMeansModel, MixtureModel, RFMModel
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.study import Study, StudyVariable
from forwhom.mixture.scoring import rfm_variables
from forwhom.mixture.sql_text import identifier, level_code, level_text, number
from forwhom.tables.never import ever_of

#: What the table is called within the query on it.
_SOURCE = "forwhom_source"


def answered_table(segmentation: Segmentation, table: str) -> str:
    """Return the table, or a query on it where columns have codes for no answer or other names,
    or numbers that say never.
    """
    codes, never = _codes(segmentation), _never(segmentation)
    names, ids = _read(segmentation), [segmentation.id_column] if segmentation.id_column else []
    there = {here: old for source in segmentation.sources for here, old in source.renamed.items()}
    made = {ever_of(column): column for column in never}
    if not any(codes.get(name) for name in names) and not {*there, *made} & {*names, *ids}:
        return table
    measures = {v.name: v.measure for v in segmentation.variables}
    columns = []
    for name in (*ids, *names):
        source = made.get(name, name)
        # Of the table and not of this query, so that a database says which column is not there.
        column, own = f"{_SOURCE}.{identifier(there.get(source, source))}", codes.get(name, ())
        if name in made:
            said = (
                f"CASE WHEN CAST({column} AS DOUBLE) IN ({_numbers(never[source])}) THEN 'false' "
                f"WHEN {column} IS NOT NULL THEN 'true' END"
            )
        elif not own:
            said = column
        elif is_number(measures.get(name)):
            said = (
                f"CASE WHEN CAST({column} AS DOUBLE) IN ({_numbers(own)}) THEN NULL "
                f"ELSE {column} END"
            )
        else:
            # However the column prints a code: as a whole number, a decimal or text.
            told = level_code(
                level_text(there.get(source, source), own), own, ["1"] * len(own), "0"
            )
            said = f"CASE WHEN {told} = 1 THEN NULL ELSE {column} END"
        columns.append(f"{said} AS {identifier(name)}")
    return f"(SELECT {', '.join(columns)} FROM {table} AS {_SOURCE}) AS forwhom_answered"


def _numbers(codes: Sequence[str | float]) -> str:
    return ", ".join(number(float(code)) for code in codes)


def _never(segmentation: Segmentation) -> dict[str, list[int | float]]:
    """Return the numbers that say never, by column."""
    if not segmentation.study:
        return {}
    study = Study.model_validate(segmentation.study)
    several = [*([] if study.customers is None else [study.customers]), *study.tables]
    return {column: codes for spec in several for column, codes in spec.never.items()}


def _codes(segmentation: Segmentation) -> dict[str, tuple[str, ...]]:
    if not segmentation.study:
        return {}
    study = Study.model_validate(segmentation.study)
    everywhere = [] if study.customers is None else study.customers.missing
    found, never = {}, _never(segmentation)
    for variable in segmentation.variables:
        own = study.variables.get(variable.name, StudyVariable()).missing or []
        measured = is_number(variable.measure)
        every = [
            f"{code:g}" if isinstance(code, float) else str(code)
            for code in (*everywhere, *own, *never.get(variable.name, ()))
        ]
        kept = (code for code in every if not measured or _is_number(code))
        found[variable.name] = tuple(dict.fromkeys(kept))
    return found


def _is_number(code: str) -> bool:
    try:
        float(code)
    except ValueError:
        return False
    return True


def _read(segmentation: Segmentation) -> list[str]:
    """Return the variables that the query reads."""
    model = segmentation.model
    if isinstance(model, MixtureModel):
        return list(dict.fromkeys(name for item in model.items for name in item.names))
    if isinstance(model, KMeansModel):
        return list(model.variables)
    if isinstance(model, RFMModel):
        return list(rfm_variables(model))
    conditions = " ".join(rule.when for rule in model.rules)
    return [v.name for v in segmentation.variables if v.name in conditions]
