"""Worked examples that a canvas can begin from: those of ``examples/``, which the wheel brings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from forwhom.documents.canvas.file import FILE_NAME, read_canvas, read_canvas_text

#: Folders of those that are canvases of a whole case.
NAMES = ("penny-path", "clinic-notes", "shared-harvest")


@cache
def titles() -> dict[str, str]:
    """Return what the examples that are here are called, by their names."""
    found = {name: _folder() / name / FILE_NAME for name in NAMES}
    return {name: read_canvas(path).title for name, path in found.items() if path.is_file()}


def contents(name: str) -> tuple[str, dict[str, bytes]]:
    """Return the text of an example, and the files that it names."""
    folder = _folder() / name
    files = {one.name: one.read_bytes() for one in sorted(folder.glob("*.csv"))}
    return read_canvas_text(folder / FILE_NAME), files


def _folder() -> Path:
    """Return where the examples lie: in the wheel beside the web app, in a checkout at its top."""
    web = Path(__file__).parents[1]
    packed = web / "examples"
    return packed if packed.is_dir() else web.parents[2] / "examples"
