"""Read any table and say what is in it. DuckDB lives here and nowhere else.

Names are loaded when they are first used: whoever needs only columns in memory does not wait for
the table engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forwhom.tables.collecting import collect_columns as collect_columns
    from forwhom.tables.columns import Column as Column
    from forwhom.tables.columns import unseen_notes as unseen_notes
    from forwhom.tables.frames import Table as Table
    from forwhom.tables.frames import collect as collect
    from forwhom.tables.frames import fingerprint as fingerprint
    from forwhom.tables.frames import held as held
    from forwhom.tables.frames import join_left as join_left
    from forwhom.tables.frames import kinds as kinds
    from forwhom.tables.frames import row_count as row_count
    from forwhom.tables.frames import table_of as table_of
    from forwhom.tables.inference import Inference as Inference
    from forwhom.tables.inference import Summary as Summary
    from forwhom.tables.inference import infer as infer
    from forwhom.tables.profile import TableProfile as TableProfile
    from forwhom.tables.profile import VariableProfile as VariableProfile
    from forwhom.tables.profile import profile_table as profile_table
    from forwhom.tables.rules import evaluate_rules as evaluate_rules
    from forwhom.tables.sources import open_table as open_table

_HOME = {
    "Column": "columns",
    "Inference": "inference",
    "Summary": "inference",
    "Table": "frames",
    "TableProfile": "profile",
    "VariableProfile": "profile",
    "collect": "frames",
    "collect_columns": "collecting",
    "evaluate_rules": "rules",
    "fingerprint": "frames",
    "held": "frames",
    "infer": "inference",
    "join_left": "frames",
    "kinds": "frames",
    "open_table": "sources",
    "profile_table": "profile",
    "row_count": "frames",
    "table_of": "frames",
    "unseen_notes": "columns",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'forwhom.tables' has no attribute {name!r}")
    found = getattr(import_module(f"forwhom.tables.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
