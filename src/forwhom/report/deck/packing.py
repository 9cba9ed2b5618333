"""The same deck as the same bytes: a file of Office is an archive, and an archive knows times."""

import io
import re
import zipfile

#: The earliest time that an archive can hold.
_THEN = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def packed(content: bytes) -> bytes:
    """Return an archive without the time at which it was made, also in the archives inside it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            inside = given.read(name)
            if name.endswith(".xlsx"):
                inside = packed(inside)
            elif name == "docProps/core.xml":
                inside = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\2", inside)
            entry = zipfile.ZipInfo(name, _THEN)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            made.writestr(entry, inside)
    return out.getvalue()
