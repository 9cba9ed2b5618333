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
    from forwhom.tables.inference import infer as infer
    from forwhom.tables.profile import TableProfile as TableProfile
    from forwhom.tables.profile import VariableProfile as VariableProfile
    from forwhom.tables.profile import profile_table as profile_table
    from forwhom.tables.rules import evaluate_rules as evaluate_rules
    from forwhom.tables.sources import is_called_table as is_called_table
    from forwhom.tables.sources import open_table as open_table
    from forwhom.tables.summaries import Summary as Summary

#: The names of each module.
_NAMES = {
    "collecting": "collect_columns",
    "columns": "Column unseen_notes",
    "frames": "Table collect fingerprint held join_left kinds row_count table_of",
    "inference": "infer",
    "profile": "TableProfile VariableProfile profile_table",
    "rules": "evaluate_rules",
    "sources": "is_called_table open_table",
    "summaries": "Summary",
}
_HOME = dict(sorted((name, module) for module, some in _NAMES.items() for name in some.split()))

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'forwhom.tables' has no attribute {name!r}")
    found = getattr(import_module(f"forwhom.tables.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
