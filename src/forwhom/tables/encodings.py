"""Encodings of text that is no Unicode: told by the words of its headings."""

from forwhom.tables.scripts import words_known

#: What spreadsheets of a country write where they do not write Unicode.
_TRIED = (
    "cp1251", "cp1253", "cp1255", "cp1256", "cp1250", "cp932", "cp949", "gb18030", "big5",
    "koi8-r", "cp874", "cp1258",
)  # fmt: skip
_NAMES = {"utf-8-sig": "utf-8", "cp932": "Shift JIS", "cp949": "EUC-KR", "gb18030": "GB 18030"}
#: So many words of headings are no chance.
_ENOUGH = 2


def encoding_of(block: bytes) -> str | None:
    """Return the encoding in which most words of headings are known; ``None`` where few are."""
    found = []
    for encoding in _TRIED:
        try:
            head = block.decode(encoding).split("\n", 1)[0]
        except UnicodeDecodeError:
            continue
        found.append((words_known(head), encoding))
    known, best = max(found, key=lambda one: one[0], default=(0, ""))
    return best if known >= _ENOUGH else None


def name_of(encoding: str) -> str:
    """Return how people call an encoding.

    Examples
    --------
    >>> name_of("cp1251"), name_of("cp932"), name_of("utf-16")
    ('Windows-1251', 'Shift JIS', 'utf-16')
    """
    if encoding.startswith("cp12"):
        return encoding.replace("cp", "Windows-")
    return _NAMES.get(encoding, encoding)
