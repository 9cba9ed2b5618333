from __future__ import annotations

from os import PathLike
from pathlib import Path

from forwhom.documents.canvas import AnyCanvas
from forwhom.documents.canvas.comparing import CanvasComparison, comparison_of
from forwhom.languages.catalog import speaking_all
from forwhom.report.comparison.sections import outline_of
from forwhom.report.forms import Forms, as_json
from forwhom.report.outline import outline_html, outline_markdown, outline_text


def comparison_text(found: CanvasComparison, width: int = 80) -> str:
    """Return what two versions differ in as plain text, for a terminal with so many columns."""
    with speaking_all(found.language):
        return outline_text(outline_of(found), width)


def comparison_markdown(found: CanvasComparison) -> str:
    """Return what two versions differ in as Markdown."""
    with speaking_all(found.language):
        return outline_markdown(outline_of(found))


def comparison_html(found: CanvasComparison) -> str:
    """Return what two versions differ in as one HTML page that loads nothing."""
    with speaking_all(found.language):
        return outline_html(outline_of(found), "choices/page.css")


#: What it can be written as.
FORMS = Forms(
    html=lambda found, **_: comparison_html(found),
    md=lambda found, **_: comparison_markdown(found),
    txt=lambda found, **_: comparison_text(found),
    json=as_json,
)


def write_comparison(
    before: AnyCanvas, after: AnyCanvas, path: str | PathLike[str], *, overwrite: bool = False
) -> Path:
    r"""Write what two versions of a canvas differ in, by the ending of the file.

    Parameters
    ----------
    before, after
        The earlier and the later canvas, or the paths of their files or folders.
    path
        Where to write: ``.html``, ``.md``, ``.txt`` or ``.json``; its folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        One of them is no canvas, or the file has another ending.
    SourceMissing
        There is no such canvas.
    DocumentError
        One of them is not a sound canvas.
    OutputError
        The file exists and may not be replaced, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from forwhom.documents.canvas import parse_canvas
    >>> head = "forwhom: 1\nkind: canvas\ntitle: Penny Path\nblocks: "
    >>> before = parse_canvas(head + "{channels: [{text: School news}]}\n")
    >>> after = parse_canvas(head + "{key_activities: [{text: School news}]}\n")
    >>> page = write_comparison(before, after, Path(tempfile.mkdtemp()) / "changes.md")
    >>> print(page.read_text())
    # Penny Path: What changed between two versions
    <BLANKLINE>
    - One difference: 1 moved.
    <BLANKLINE>
    ## Notes
    <BLANKLINE>
    - Note “School news” moved from Channels to Key activities
    <BLANKLINE>
    """
    return FORMS.write(comparison_of(before, after), path, overwrite=overwrite)
