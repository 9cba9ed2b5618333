"""A canvas from any file that holds one: other formats, boards of other tools, and workbooks."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path

from forwhom.documents.canvas.exchange import importing
from forwhom.documents.canvas.exchange.carrying import Imported
from forwhom.documents.canvas.exchange.importing import imported_rows
from forwhom.suffixes import WORKBOOKS, ImportFormat, ends_with


def import_canvas(
    path: str | PathLike[str],
    format: ImportFormat | None = None,  # noqa: A002
) -> Imported:
    r"""Read a canvas from another format, or from a board of another tool.

    Parameters
    ----------
    path
        The file: bmml, JSON (also the items of a Miro board), CSV, Excel, Markdown or plain text
        with headings, a board of Obsidian (``.canvas``), or YAML (a canvas, or bmml).
    format
        "yaml", "bmml", "json", "csv", "markdown", "obsidian" or "xlsx"; left out: what the name of
        the file says.

    Returns
    -------
    Imported
        The canvas, its text as YAML, what a canvas cannot hold, and what was changed. What no block
        takes stands at the end of the text, as comments.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It is not sound; every mistake is listed with file, line and column.
    OptionError
        The name does not say the format.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "board.md"
    >>> _ = path.write_text("# Plan\n## Customers\n- Parents\n## Costs\n- Rent\n")
    >>> canvas = import_canvas(path).canvas
    >>> canvas.title, canvas.segments[0].name, canvas.blocks["cost_structure"][0].text
    ('Plan', 'Parents', 'Rent')
    """
    named = fspath(path) if isinstance(path, str | PathLike) else ""
    name, _, sheet = named.partition("#") if isinstance(named, str) else ("", "", "")
    if name and (format == "xlsx" or (format is None and ends_with(name, WORKBOOKS))):
        from forwhom.tables.workbooks import rows_of_text

        return imported_rows(rows_of_text(Path(name), sheet or None), name)
    return importing.import_canvas(path, format)
