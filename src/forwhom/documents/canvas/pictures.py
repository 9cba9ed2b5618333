"""Pictures that a canvas names: read only from its own folder, and only what is a picture."""

from __future__ import annotations

from typing import Literal

from forwhom.documents.canvas.file import named_file
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.personas import Image
from forwhom.documents.yamlfile import Location
from forwhom.errors import DocumentError

#: Kinds of pictures that can be shown; drawings that could load or run something are none.
PictureKind = Literal["png", "jpg", "webp"]
#: A page holds its pictures; a photo that is larger was never made smaller for a screen.
LARGEST = 8_000_000


def lies_in_a_folder(canvas: Canvas) -> bool:
    """Whether a canvas has a folder; one that was made in memory has none to read from."""
    return canvas._origin.path is not None


def read_picture(canvas: Canvas, image: Image, place: Location) -> tuple[PictureKind, bytes]:
    """Read a picture that a canvas names at a place; what cannot be shown is refused."""
    location = (*place, "file")
    where = canvas.place(*location)
    with named_file(canvas, image.file, *location) as path:
        if not path.is_file():
            raise DocumentError(f"{where}: {path} is no file.", "Name a PNG, JPEG or WebP.")
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    if size > LARGEST:
        raise DocumentError(
            f"{where}: {image.file!r} has {size / 1e6:,.1f} MB, and a page holds its pictures.",
            f"Make it smaller than {LARGEST / 1e6:,.0f} MB; 1,200 pixels across are enough.",
        )
    kind = picture_kind(content)
    if kind is None:
        raise DocumentError(
            f"{where}: {image.file!r} is no whole picture.",
            "Expected a PNG, JPEG or WebP; save it again from a program that shows it.",
        )
    return kind, content


def picture_kind(content: bytes) -> PictureKind | None:
    """Return what kind of picture this is, by its first and last bytes; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content.rstrip(b"\0")[-12:-4] == _PNG_END:
        return "png"
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-64:]:
        return "jpg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        whole = int.from_bytes(content[4:8], "little") + 8
        return "webp" if len(content) >= whole else None
    return None


#: The last chunk of a PNG: no data, and its name.
_PNG_END = b"\0\0\0\0IEND"
