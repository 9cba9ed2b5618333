"""The variable by which an SPSS file weighs its rows, which its reader does not say."""

import struct
from pathlib import Path

#: Magic, product, layout, size of a case, compression, and then the weight; 176 bytes in all.
_HEADER, _WEIGHT_AT = 176, 76
_VARIABLE, _CONTINUED = 2, -1
#: More variables than this, and something else is read.
_MOST = 100_000


def weight_of(path: Path) -> str:
    """Return the short name of the variable that weighs the rows of a file; empty for none."""
    with path.open("rb") as file:
        head = file.read(_HEADER)
        if len(head) < _HEADER or head[:4] not in (b"$FL2", b"$FL3"):
            return ""
        order = "<" if struct.unpack("<i", head[64:68])[0] in (2, 3) else ">"
        (weight,) = struct.unpack(f"{order}i", head[_WEIGHT_AT : _WEIGHT_AT + 4])
        if not 0 < weight < _MOST:
            return ""
        for _ in range(weight):
            record = file.read(32)
            if len(record) < 32 or struct.unpack(f"{order}i", record[:4])[0] != _VARIABLE:
                return ""
            _, label, missing, _, _ = struct.unpack(f"{order}5i", record[4:24])
            if label == 1:
                (length,) = struct.unpack(f"{order}i", file.read(4))
                file.seek((length + 3) // 4 * 4, 1)
            file.seek(8 * abs(missing), 1)
        return str(record[24:32], "ascii", "replace").strip()
