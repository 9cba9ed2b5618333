"""Take the canvases of a folder in: each once, with the files that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from forwhom.documents.canvas.file import FILE_NAME, read_canvas_text
from forwhom.errors import ForwhomError, SourceMissing
from forwhom.web.services import Services
from forwhom.workspace.log import Author

#: Files beside a canvas that it may name.
_BESIDE = (".csv", ".yaml", ".yml", ".png", ".jpg", ".jpeg", ".svg", ".webp")


def take_in(
    parts: Services, place: str, who: Author, folder: Path, say: Callable[[str], None]
) -> None:
    """Take in what a folder and the folders in it hold, and say what was taken."""
    if not folder.is_dir():
        raise SourceMissing(f"There is no folder {folder}.", "Name one that holds canvases.")
    known = parts.canvases.first_texts(place)
    for path in _canvases(folder):
        try:
            text = read_canvas_text(path)
            if text in known:
                continue
            made = parts.canvases.create(place, who, text, beside(path))
        except ForwhomError as error:
            say(f"Left out {path}: {error}")
            continue
        say(f"Took in {path}: {made.canvas.title or 'a canvas without a title'}")


def beside(path: Path) -> dict[str, bytes]:
    """Return the files in the folder of a canvas that it may name, by their names."""
    return {
        one.name: one.read_bytes()
        for one in sorted(path.parent.iterdir())
        if one.is_file() and one.suffix.lower() in _BESIDE and one != path
    }


def _canvases(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob(FILE_NAME))
