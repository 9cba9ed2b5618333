"""The table as the SQL reads it: columns by their names in it, with NULL for codes of no answer."""

from __future__ import annotations

from forwhom.documents.base import is_number
from forwhom.documents.models import KMeansModel, MixtureModel, RFMModel
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.study import Study, StudyVariable
from forwhom.mixture.scoring import rfm_variables
from forwhom.mixture.sql_text import identifier, number, text


def answered_table(segmentation: Segmentation, table: str) -> str:
    """Return the table, or a query on it where columns have codes for no answer or other names."""
    codes = _codes(segmentation)
    names, ids = _read(segmentation), [segmentation.id_column] if segmentation.id_column else []
    there = {here: old for source in segmentation.sources for here, old in source.renamed.items()}
    if not any(codes.get(name) for name in names) and not there.keys() & {*names, *ids}:
        return table
    measures = {v.name: v.measure for v in segmentation.variables}
    columns = []
    for name in (*ids, *names):
        column, own = identifier(there.get(name, name)), codes.get(name, ())
        if not own:
            columns.append(column if name not in there else f"{column} AS {identifier(name)}")
        elif is_number(measures.get(name)):
            listed = ", ".join(number(float(code)) for code in own)
            columns.append(
                f"CASE WHEN CAST({column} AS DOUBLE) IN ({listed}) THEN NULL ELSE {column} END "
                f"AS {identifier(name)}"
            )
        else:
            # A code may be written as a whole number, a decimal or text.
            listed = ", ".join(text(way) for code in own for way in (code, f"{code}.0"))
            columns.append(
                f"CASE WHEN CAST({column} AS VARCHAR) IN ({listed}) THEN NULL ELSE {column} END "
                f"AS {identifier(name)}"
            )
    return f"(SELECT {', '.join(columns)} FROM {table}) AS forwhom_answered"


def _codes(segmentation: Segmentation) -> dict[str, tuple[str, ...]]:
    if not segmentation.study:
        return {}
    study = Study.model_validate(segmentation.study)
    everywhere = [] if study.customers is None else study.customers.missing
    found = {}
    for variable in segmentation.variables:
        own = study.variables.get(variable.name, StudyVariable()).missing or []
        measured = is_number(variable.measure)
        every = [
            f"{code:g}" if isinstance(code, float) else str(code) for code in (*everywhere, *own)
        ]
        found[variable.name] = tuple(c for c in every if not measured or _is_number(c))
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
