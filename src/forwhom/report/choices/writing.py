"""Write a result in the form that the name of the file asks for."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import get_args

from forwhom.documents.base import expect
from forwhom.documents.files import check_output, write_bytes_atomically
from forwhom.documents.results import Choices
from forwhom.documents.suffixes import suffix_of
from forwhom.report.choices.markdown import choices_markdown
from forwhom.report.choices.page import choices_html, choices_svg
from forwhom.report.typesetting import picture_of

_FORMS: dict[str, Callable[[Choices], bytes]] = {
    "html": lambda found: choices_html(found).encode(),
    "svg": lambda found: choices_svg(found).encode(),
    "png": lambda found: picture_of(choices_svg(found), "png"),
    "pdf": lambda found: picture_of(choices_svg(found), "pdf"),
    "md": lambda found: choices_markdown(found).encode(),
    "json": lambda found: (found.model_dump_json(indent=2) + "\n").encode(),
}
#: What a result can be written as.
FORMS = tuple(_FORMS)


def write_choices(found: Choices, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a result as a page, a drawing, a picture or data, by the ending of the file.

    Parameters
    ----------
    found
        What `rank_needs`, `assess_fit`, `compare_curves` or `decide_segments` returned.
    path
        Where to write: ``.html``, ``.md``, ``.svg``, ``.png``, ``.pdf`` or ``.json``; its folder
        must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        This is none of these results, or the file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    DriverMissing
        PNG or PDF without typst.
    DocumentError
        There is nothing to draw.
    """
    functions = "forwhom.rank_needs, assess_fit, compare_curves or decide_segments"
    expect(found, get_args(Choices), "A choice", functions)
    form = suffix_of(path, FORMS)
    check_output(path, overwrite=overwrite)
    return write_bytes_atomically(path, _FORMS[form](found), overwrite=overwrite)
