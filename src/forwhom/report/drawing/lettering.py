"""How wide text is, where its lines break, and from which side it is read.

A drawing has no font at hand. A board asks for its fonts, and goes by the larger widths of two of
them, so that what fits by this measure fits on it. A chart is also set in the fonts of the page
around it, whatever they are on the machine of the reader: it goes by an average, and cuts.
"""

import functools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from forwhom.wording import clean

#: Families that a drawing asks for, in this order.
SANS = ("Helvetica", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans")
SERIF = ("Georgia", "Noto Serif", "Liberation Serif", "DejaVu Serif")

#: Hundredths of the size of the font, and the characters that are that wide.
_REGULAR = {
    22: "'", 26: "ijl", 28: " !,.:;", 33: "()-[]`", 34: "If", 36: "t", 37: "/\\", 38: "{}",
    41: '"r', 50: "Jcsz", 51: "vy", 53: "kx", 55: "*|", 56: "?L_ae", 57: "$0123456789^",
    58: "+<=>~", 60: "o", 61: "FTZbdgpq", 62: "hnu", 65: "#", 67: "ABEKPSVXY", 72: "CR",
    73: "&DU", 74: "H", 76: "N", 78: "GOQ", 79: "w", 89: "%", 91: "M", 93: "m", 94: "W", 102: "@",
}  # fmt: skip
_BOLD = {
    27: "'", 28: " ,.", 30: "ijl", 33: "!-:;[]", 34: "()", 36: "`", 39: "If{}", 41: "/\\",
    43: "t", 45: "r", 47: '"', 50: "z", 54: "*", 55: "|", 56: "J_cs", 57: "$0123456789vy",
    58: "+<=>^x~", 59: "e", 60: "a", 61: "?FLTZ", 62: "ko", 63: "bdgpq", 65: "#", 66: "hnu",
    67: "EPSVXY", 72: "ABCKR", 74: "D", 75: "&", 76: "HU", 78: "G", 80: "OQ", 81: "N", 86: "w",
    90: "%", 94: "M", 97: "W", 98: "@m",
}  # fmt: skip
_TABLES = tuple({c: w / 100 for w, cs in t.items() for c in cs} for t in (_REGULAR, _BOLD))
#: Letters of other writing systems, by the first word of their Unicode name.
_SCRIPTS = {
    "GREEK": 0.66, "CYRILLIC": 0.72, "HEBREW": 0.6, "ARABIC": 0.66, "DEVANAGARI": 0.7,
    "THAI": 0.66, "MALAYALAM": 1.05, "MYANMAR": 0.95, "SINHALA": 0.95, "TELUGU": 0.9,
    "KANNADA": 0.88, "TAMIL": 0.95, "KHMER": 0.85,
}  # fmt: skip
_OTHER = 0.75


@dataclass(frozen=True)
class Line:
    """One line of text, and whether it is read from the right."""

    text: str
    right_to_left: bool = False


@functools.cache
def _advance(character: str, bold: bool) -> float:
    known = _TABLES[bold].get(character)
    if known is not None:
        return known
    kind = unicodedata.category(character)
    if kind in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.2 if kind == "So" else 1.0
    base = unicodedata.normalize("NFD", character)[0]
    if base != character:
        return _advance(base, bold)
    script = unicodedata.name(character, "").split(" ")[0]
    if kind in ("So", "Sm"):
        return 1.1
    return _SCRIPTS.get(script, 1.0 if character in "…—‰" else 0.6 if kind[0] == "P" else _OTHER)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return how wide text is at most, in pixels."""
    return sum(_advance(c, bold) for c in text) * size


def right_to_left(text: str, mirrored: bool = False) -> bool:
    """Return whether text is read from the right."""
    sides = [side for c in text if (side := unicodedata.bidirectional(c)) in ("L", "R", "AL")]
    if mirrored:
        return not sides or any(side != "L" for side in sides)
    return bool(sides) and sides[0] != "L"


def lines_of(
    text: str,
    width: float,
    size: float,
    *,
    first: float | None = None,
    bold: bool = False,
    mirrored: bool = False,
) -> list[Line]:
    """Return text as lines that are no wider than ``width``; nothing is left out."""
    made: list[Line] = []
    for paragraph in text.splitlines():
        said = clean(paragraph)
        side = right_to_left(said, mirrored)
        least = width if made or first is None else first
        made += [Line(row, side) for row in _rows(said, width, least, size, bold) if row]
    return made


def _rows(text: str, width: float, first: float, size: float, bold: bool) -> list[str]:
    rows: list[str] = [""]
    used, space = 0.0, text_width(" ", size, bold)
    for word, spaced, wide in _pieces(text, width, first, size, bold):
        gap = space if spaced and rows[-1] else 0.0
        if rows[-1] and used + gap + wide > (width if len(rows) > 1 else first):
            rows.append(word)
            used = wide
        else:
            rows[-1] += f" {word}" if gap else word
            used += gap + wide
    return rows


def _pieces(
    text: str, width: float, first: float, size: float, bold: bool
) -> Iterator[tuple[str, bool, float]]:
    """Yield what stays together on a line, whether a space goes before it, and its width."""
    for index, word in enumerate(text.split()):
        spaced = True
        for part in _parts(word):
            wide = text_width(part, size, bold)
            # The first word has to begin on the first line, or nothing would stand there.
            if wide <= (width if index else first):
                yield part, spaced, wide
            else:
                for one in _characters(part):
                    yield one, spaced, text_width(one, size, bold)
                    spaced = False
            spaced = False


def _parts(word: str) -> Iterator[str]:
    """Yield a word whole, or in parts where its writing has no spaces or it holds a slash."""
    if word.isascii() and len(word) <= 20:
        yield word
        return
    part = ""
    for one in _characters(word):
        if _wide(one) and part:
            yield part
            part = ""
        part += one
        if _wide(one) or (one in "/_" and len(word) > 20):
            yield part
            part = ""
    if part:
        yield part


def _wide(characters: str) -> bool:
    return unicodedata.east_asian_width(characters[0]) in "WF"


def _characters(text: str) -> Iterator[str]:
    """Yield what a reader takes for one character: a letter with its marks, a joined emoji."""
    one = ""
    for character in text:
        joins = unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
        if one and not joins and not one.endswith("\u200d"):
            yield one
            one = ""
        one += character
    if one:
        yield one


def wrapped(text: str, width: float, size: float, lines: int) -> list[str]:
    """Return text in at most ``lines`` lines of about ``width`` pixels, shortened with “…”."""
    rows: list[str] = [""]
    for word in clean(text).split():
        candidate = f"{rows[-1]} {word}".strip()
        if rows[-1] and rough_width(candidate, size) > width:
            rows.append(word)
        else:
            rows[-1] = candidate
    kept = rows[:lines]
    if len(rows) > lines:
        kept[-1] += "…"
    return [_shortened(row, width, size) for row in kept]


def _shortened(text: str, width: float, size: float) -> str:
    if rough_width(text, size) <= width:
        return text
    text = text.rstrip("…")
    # Letter by letter from the start: a word of ten thousand letters is not measured as often.
    room = width / size - _rough_advance("…")
    for length, character in enumerate(text):
        room -= _rough_advance(character)
        if room < 0:
            return f"{text[:length]}…"
    return f"{text}…"


def rough_width(text: str, size: float) -> float:
    """Return about how wide text is, in pixels; no font is at hand to measure it."""
    return sum(_rough_advance(c) for c in text) * size


def _rough_advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.68 if character.isupper() else 0.54
