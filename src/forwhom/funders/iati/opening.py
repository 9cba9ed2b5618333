"""Open an XML file safely: compressed or not, watched, and refused when it declares entities."""

import gzip
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from forwhom.errors import SourceError, SourceMissing

ROOT = "iati-activities"

_BLOCK = 1 << 16
#: Comments before the first element are shorter than this, in any honest file.
_LONGEST_PROLOG = 1 << 20
#: No activity is larger, so that no file can fill the memory.
LARGEST_ACTIVITY = 256 * 1024 * 1024

# Encodings in which "<" and "!" cannot hide behind other bytes.
_ENCODINGS = re.compile(
    r"(utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-8859-\d+|windows-125\d)", re.IGNORECASE
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_ELEMENT = re.compile(r"<([^\s<>/!?]+)")


class WatchedFile:
    """A file that the parser reads, which says how far it is and refuses endless activities."""

    def __init__(self, path: Path, told: Callable[[int], None] | None = None) -> None:
        self.name = str(path)
        self._told = told
        self._since = 0
        self._raw = _opened(path)
        start = self._raw.read(2)
        self._raw.seek(0)
        self._compressed = start == b"\x1f\x8b"
        if start == b"PK":
            self.close()
            raise SourceError(
                f"{path}: this is a ZIP archive.", "Unpack it, and give the XML file."
            )
        self._file: IO[bytes] = (
            gzip.GzipFile(fileobj=self._raw) if self._compressed else self._raw  # type: ignore[assignment]
        )
        self._ahead = b""

    def look_ahead(self, size: int) -> bytes:
        """Return the first bytes, as many as asked for where there are so many; none is used up."""
        while len(self._ahead) < size:
            block = self._read(size - len(self._ahead))
            if not block:
                break
            self._ahead += block
        return self._ahead

    def read(self, size: int = _BLOCK) -> bytes:
        """Return the next bytes; lxml calls it."""
        if self._ahead:
            block, self._ahead = self._ahead[:size], self._ahead[size:]
        else:
            block = self._read(size)
        self._since += len(block)
        if self._since > LARGEST_ACTIVITY:
            raise SourceError(
                f"{self.name}: {LARGEST_ACTIVITY >> 20} MB without the end of an activity.",
                "Expected a list of iati-activity elements; is the file damaged?",
            )
        if self._told is not None:
            self._told(self._raw.tell())
        return block

    def activity_ended(self) -> None:
        """Remember that an activity is complete."""
        self._since = 0

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def _read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            if not self._compressed:
                raise SourceError(
                    f"{self.name} cannot be read: {error}.", "Check the disk and the permissions."
                ) from error
            raise SourceError(
                f"{self.name}: the compressed file is damaged or ends too early, "
                f"after {self._raw.tell():,} of its bytes.",
                "Copy or download it again.",
            ) from error


def _opened(path: Path) -> IO[bytes]:
    if not path.exists():
        raise SourceMissing(f"There is no file {path}.", "Check the path.")
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {error.strerror or error}.", "Check its permissions."
        ) from error


def check_prolog(file: WatchedFile) -> None:
    """Refuse a file that is no IATI activity XML, or that declares a document type or entities.

    Nothing is parsed yet: what stands before the first element is looked at as text, so that no
    declaration can do anything.
    """
    size = 4096
    while True:
        content = file.look_ahead(size)
        root = _root(_decoded(content, file.name), file.name)
        if root is not None:
            break
        if len(content) < size:
            raise SourceError(
                f"{file.name}: this is not XML: it has no element.",
                f"Expected an IATI activity file that begins with <{ROOT}>.",
            )
        if size >= _LONGEST_PROLOG:
            raise SourceError(
                f"{file.name}: no element in the first {size >> 10} kB.",
                f"Expected an IATI activity file that begins with <{ROOT}>.",
            )
        size *= 4
    if root == "iati-organisations":
        raise SourceError(
            f"{file.name}: this is an IATI organisation file.",
            "Funding flows stand in activity files; give one of those.",
        )
    if root != ROOT:
        raise SourceError(
            f"{file.name}: this is not an IATI activity file: its first element is <{root[:60]}>.",
            f"Expected <{ROOT}>, as IATI 2.03 has it, or a CSV of flows.",
        )


def _decoded(content: bytes, name: str) -> str:
    """Return the start of a file as text."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\x00\x00\x00<", "utf-32"),
        (b"<\x00\x00\x00", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"<\x00", "utf-16-le"),
        (b"\x00<", "utf-16-be"),
    ):
        if content.startswith(mark):
            if encoding == "utf-32":
                raise _unknown_encoding("UTF-32", name)
            return content.decode(encoding, "replace")
    declared = _DECLARED.match(content)
    if declared is not None:
        encoding = declared[1].decode("latin-1").strip()
        if not _ENCODINGS.fullmatch(encoding) or encoding.lower().startswith("utf-16"):
            raise _unknown_encoding(encoding[:40], name)
    # Whatever the bytes above 127 mean, markup is the same in all of these encodings.
    return content.decode("latin-1")


def _unknown_encoding(encoding: str, name: str) -> SourceError:
    return SourceError(
        f"{name}:1:1: files in the encoding {encoding!r} are not read.", "Save it as UTF-8."
    )


def _root(text: str, name: str) -> str | None:
    """Return the name of the first element; ``None`` when it comes later."""
    at = 0
    while True:
        at += len(text[at:]) - len(text[at:].lstrip())
        if text.startswith(("<!--", "<?"), at):
            closing = "-->" if text.startswith("<!--", at) else "?>"
            end = text.find(closing, at + 2)
            if end < 0:
                return None
            at = end + len(closing)
        elif at + 4 > len(text):
            return None
        elif text.startswith("<!", at):
            raise _declared(text, at, name)
        else:
            found = _ELEMENT.match(text, at)
            if found is None:
                line, column = _place(text, at)
                raise SourceError(
                    f"{name}:{line}:{column}: this is not XML.",
                    f"Expected an IATI activity file that begins with <{ROOT}>, or a CSV of flows.",
                )
            return found[1] if found.end() < len(text) else None


def _declared(text: str, at: int, name: str) -> SourceError:
    line, column = _place(text, at)
    return SourceError(
        f"{name}:{line}:{column}: the file declares a document type (<!DOCTYPE …>), "
        "which can hold entities that fill the memory or read other files.",
        "IATI needs none: remove the declaration, if you trust the file.",
    )


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
