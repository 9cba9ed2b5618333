"""What the suffix of a file says about its form, in one wording for every command and function."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from forwhom.errors import OptionError, nearest


def suffix_of(path: str | os.PathLike[str], known: Sequence[str], otherwise: str = "") -> str:
    """Return the form that the suffix of a file stands for.

    Parameters
    ----------
    path
        The file.
    known
        Forms that can be written or read there, without their dots.
    otherwise
        What else a person can do than to give it another suffix, as the end of a sentence.

    Returns
    -------
    str
        One of those, in small letters.

    Raises
    ------
    OptionError
        The suffix stands for none of them, or this is no path.

    Examples
    --------
    >>> suffix_of("Board.PDF", ["svg", "pdf"])
    'pdf'
    >>> suffix_of("board.gif", ["svg", "pdf"])
    Traceback (most recent call last):
    forwhom.errors.OptionError: board.gif ends with '.gif', which is no form for this. Let it \
end with .svg or .pdf.
    """
    if not isinstance(path, str | os.PathLike):
        what = "None" if path is None else f"a value of the type {type(path).__name__!r}"
        raise OptionError(f"A file was expected, and this is {what}.", "Give the path of a file.")
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix in known:
        return suffix
    ends = "has no suffix, so nothing says its form"
    if suffix:
        shown = f".{suffix}"[:24]
        ends = f"ends with {shown!r}, which is no form for this"
    wanted = _either([f".{one}" for one in known])
    raise OptionError(f"{path} {ends}.", f"Let it end with {wanted}{otherwise}.")


def unknown_form(name: object, known: Sequence[str]) -> OptionError:
    """Return the error for a form that was named, and is none of those that are known.

    Examples
    --------
    >>> print(unknown_form("gif", ["svg", "png"]))
    There is no form 'gif' for this. Expected svg or png.
    """
    said = name if isinstance(name, str) else type(name).__name__
    advice = nearest(said, known) or f"Expected {_either(known)}."
    return OptionError(f"There is no form {said[:24]!r} for this.", advice)


def _either(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
