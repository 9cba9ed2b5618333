"""The error tree: what went wrong, and when to catch which.

::

    ForwhomError                     anything forwhom raises on purpose
     ├── SourceError (ValueError)    a table cannot be opened or read
     │    └── SourceMissing (FileNotFoundError)
     ├── DataError (ValueError)      the table is read, but its content cannot be used
     │    ├── ColumnMissing (KeyError)
     │    └── DataTypeError (TypeError)
     ├── DocumentError (ValueError)  a study or segmentation file is wrong: file, line, column
     ├── OptionError (ValueError)    an argument or an option has no usable value
     ├── OutputError (OSError)       a result cannot be written, or would overwrite another
     └── DriverMissing (ImportError) an optional package is needed for this source

A message says what is wrong, where, what was expected and what to do. ``problem`` holds the
first two, ``advice`` the last two; ``str(error)`` joins them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ForwhomError(Exception):
    """The root of every error that forwhom raises on purpose.

    Parameters
    ----------
    problem
        What is wrong and where, in one sentence.
    advice
        What was expected and what to do about it.
    """

    def __init__(self, problem: str, advice: str = "") -> None:
        self.problem = problem
        self.advice = advice
        super().__init__(f"{problem} {advice}".strip())

    def __str__(self) -> str:
        # KeyError would print the repr of its argument; every child prints the sentence.
        return f"{self.problem} {self.advice}".strip()


class SourceError(ForwhomError, ValueError):
    """A table cannot be opened or read."""


class SourceMissing(SourceError, FileNotFoundError):
    """The file, folder or database table does not exist."""


class DataError(ForwhomError, ValueError):
    """The table can be read, but what it holds cannot be used for this."""


class ColumnMissing(DataError, KeyError):
    """A column that was asked for is not in the table."""

    @classmethod
    def of(
        cls, column: str, table: str, available: Iterable[str], where: str = ""
    ) -> ColumnMissing:
        """Build the error, with the nearest existing name as advice."""
        names = list(available)
        return cls(
            f"{where + ': ' if where else ''}there is no column {column!r} in {table}.",
            nearest(column, names) or f"It has: {', '.join(names[:20])}.",
        )


class DataTypeError(DataError, TypeError):
    """What was given as data is of a type that is no table, or holds what is no value."""


class DocumentError(ForwhomError, ValueError):
    """A study or segmentation file is wrong; the message starts with file:line:column."""


class OptionError(ForwhomError, ValueError):
    """An argument or an option has no usable value."""


class OutputError(ForwhomError, OSError):
    """A result cannot be written, or would overwrite something a person may need."""


class DriverMissing(ForwhomError, ImportError):
    """An optional package is needed to read this source; the message names it."""


class LettersMissing(UserWarning):
    """A picture or a page has empty boxes: no font has the letters that the message names."""


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Return ``"Did you mean 'x'?"`` for the closest candidate, or an empty string."""
    by_lower = {c.lower(): c for c in candidates}
    close = difflib.get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    return f"Did you mean {by_lower[close[0]]!r}?" if close else ""
