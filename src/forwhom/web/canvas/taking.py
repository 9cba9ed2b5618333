"""Take in what a folder holds, each once: canvases with the files that they name, segmentations."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from forwhom.documents.canvas.file import FILE_NAME, parse_canvas, read_canvas_text
from forwhom.documents.yamlfile import read_text
from forwhom.errors import ForwhomError, OptionError, SourceMissing
from forwhom.suffixes import YAML
from forwhom.web.server.services import Services
from forwhom.workspace.log import Author

#: Files beside a canvas that it may name.
BESIDE = (".csv", ".yaml", ".yml", ".png", ".jpg", ".jpeg", ".svg", ".webp")

#: Bytes at the beginning of a file that say what it is.
_HEAD = 4096
_IS_CANVAS = re.compile(rb"""\bkind["']?\s*:\s*["']?canvas\b""")
_IS_SEGMENTATION = re.compile(rb'"segmentation"')
_Take = Callable[[Services, str, Author, Path, Collection[str]], str | None]


def check_folder(folder: Path | None) -> None:
    """Refuse a folder that is not there, before anything is made for it."""
    if folder is not None and not folder.is_dir():
        raise SourceMissing(f"There is no folder {folder}.", "Name one that holds canvases.")


def take_in(
    parts: Services, place: str, who: Author, folder: Path, say: Callable[[str], None]
) -> None:
    """Take in what a folder and the folders in it hold, and say what was taken."""
    known = parts.canvases.first_texts(place)
    for path, take in _documents(folder):
        try:
            title = take(parts, place, who, path, known)
        except ForwhomError as error:
            say(f"Left out {path}: {error}")
            continue
        if title is not None:
            say(f"Took in {path}: {title}")


def beside(path: Path) -> dict[str, bytes]:
    """Return the files in the folder of a canvas that it may name, by their names."""
    return {
        one.name: one.read_bytes()
        for one in sorted(path.parent.iterdir())
        if one.is_file() and one.suffix.lower() in BESIDE and one != path
    }


def _documents(folder: Path) -> Iterator[tuple[Path, _Take]]:
    """Yield the canvases and segmentations of a folder, and how each is taken in."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        if path.name == FILE_NAME or (path.suffix.lower()[1:] in YAML and _says(path, _IS_CANVAS)):
            yield path, _canvas
    for path in files:
        if path.suffix.lower() == ".json" and _says(path, _IS_SEGMENTATION):
            yield path, _segmentation


def _says(path: Path, what: re.Pattern[bytes]) -> bool:
    """Whether a file says what it is; what is broken in it is said where it is read."""
    with path.open("rb") as raw:
        return what.search(raw.read(_HEAD)) is not None


def _canvas(
    parts: Services, place: str, who: Author, path: Path, known: Collection[str]
) -> str | None:
    text = read_canvas_text(path)
    if text in known:
        return None
    if path.name != FILE_NAME and (path.parent / FILE_NAME).is_file():
        raise OptionError(
            f"The canvas of its folder is {FILE_NAME}.",
            "Import it in the app, or give it a folder of its own.",
        )
    parse_canvas(text, path)  # what is wrong is told of the file where it lies
    made = parts.canvases.create(place, who, text, beside(path))
    return made.canvas.title or "a canvas without a title"


def _segmentation(
    parts: Services, place: str, who: Author, path: Path, known: Collection[str]
) -> str | None:
    # Who belongs where stays in its file: rows of people are not taken in unasked.
    text = read_text(path, "a segmentation (segmentation.json, written by 'forwhom discover')")
    return None if text in known else parts.segmentations.create(place, who, text).title
