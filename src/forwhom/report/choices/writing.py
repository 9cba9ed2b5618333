"""Write a result in the form that the name of the file asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from forwhom.documents.choices import Choices
from forwhom.documents.files import check_output, write_bytes_atomically
from forwhom.errors import OptionError
from forwhom.report.choices.page import choices_html, choices_svg
from forwhom.report.typesetting import picture_of

_FORMS: dict[str, Callable[[Choices], bytes]] = {
    ".html": lambda found: choices_html(found).encode(),
    ".svg": lambda found: choices_svg(found).encode(),
    ".png": lambda found: picture_of(choices_svg(found), "png"),
    ".pdf": lambda found: picture_of(choices_svg(found), "pdf"),
    ".json": lambda found: (found.model_dump_json(indent=2) + "\n").encode(),
}


def write_choices(found: Choices, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a result as a page, a drawing, a picture or data, by the ending of the file.

    Parameters
    ----------
    found
        What `rank_needs`, `assess_fit`, `compare_curves` or `decide_segments` returned.
    path
        Where to write: ``.html``, ``.svg``, ``.png``, ``.pdf`` or ``.json``; its folder must
        exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        The file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    DriverMissing
        PNG or PDF without typst.
    DocumentError
        There is nothing to draw.
    """
    place = Path(path)
    check_form(place)
    check_output(place, overwrite=overwrite)
    return write_bytes_atomically(place, _FORMS[place.suffix.lower()](found), overwrite=overwrite)


def check_form(path: Path) -> None:
    """Refuse an ending that stands for no form, before long work is done for it.

    Raises
    ------
    OptionError
        The ending is not one of those that can be written.
    """
    if path.suffix.lower() not in _FORMS:
        raise OptionError(
            f"{path} ends in {path.suffix or 'nothing'!r}, which stands for no form.",
            f"Expected one of: {', '.join(_FORMS)}.",
        )
