"""Read any table, say what is in it, and hand columns to those who need arrays."""

from forwhom.tables.collecting import collect_columns
from forwhom.tables.columns import Column, unseen_notes
from forwhom.tables.frames import (
    Table,
    collect,
    computed,
    fingerprint,
    join_left,
    kinds,
    read_sql,
    row_count,
    table_of,
    write_parquet,
)
from forwhom.tables.inference import Inference, Summary, infer
from forwhom.tables.profile import TableProfile, VariableProfile, profile_table
from forwhom.tables.rules import evaluate_rules
from forwhom.tables.sources import open_table
from forwhom.tables.summaries import summarize_array

__all__ = [
    "Column",
    "Inference",
    "Summary",
    "Table",
    "TableProfile",
    "VariableProfile",
    "collect",
    "collect_columns",
    "computed",
    "evaluate_rules",
    "fingerprint",
    "infer",
    "join_left",
    "kinds",
    "open_table",
    "profile_table",
    "read_sql",
    "row_count",
    "summarize_array",
    "table_of",
    "unseen_notes",
    "write_parquet",
]
