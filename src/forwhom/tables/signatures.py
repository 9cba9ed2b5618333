"""What a file really is, whatever its name says: told by its first bytes."""

from pathlib import Path

from forwhom.errors import SourceError
from forwhom.languages.catalog import later
from forwhom.suffixes import TABLE

#: First bytes of a file compressed with gzip.
GZIP = b"\x1f\x8b"

_EXPECTED = f"Give {TABLE}."
_DOWNLOAD = "It may be a page that asks for a password; download the table again."
_EXPORT = "Export it as CSV or Parquet."
_SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", later("a picture"), _EXPECTED),
    (b"\xff\xd8\xff", later("a picture"), _EXPECTED),
    (b"GIF8", later("a picture"), _EXPECTED),
    (b"%PDF-", later("a PDF document"), _EXPECTED),
    (b"PK\x03\x04", later("a ZIP archive or an Excel file"),
     "Unpack it, or let its name end in .xlsx where Excel wrote it."),
    (b"PK\x05\x06", later("an empty ZIP archive"), _EXPECTED),
    (b"\xd0\xcf\x11\xe0", later("an old Office file"),
     "Let its name end in .xls where Excel wrote it."),
    (b"ARROW1", later("an Arrow file"), _EXPORT),
    (b"SQLite format 3", later("a SQLite database"), _EXPORT),
    (b"<!doctype html", later("a web page"), _DOWNLOAD),
    (b"<html", later("a web page"), _DOWNLOAD),
    (b"<?xml", later("an XML document"), _EXPORT),
    (b'{"', later("a JSON document"), _EXPORT),
    (b"[{", later("a JSON document"), _EXPORT),
)  # fmt: skip


def refuse_other_kinds(path: Path, block: bytes) -> None:
    """Refuse a file that is known to be something else than text with rows and columns."""
    start = block[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    compact = b"".join(start.split())
    for sign, kind, advice in _SIGNS:
        if start.startswith(sign.lower()) or compact.startswith(sign.lower()):
            raise SourceError(f"{path} is {kind}, not a table.", advice)


def is_gzip(path: Path) -> bool:
    """Return whether a file is compressed with gzip."""
    with path.open("rb") as raw:
        return raw.read(2) == GZIP
