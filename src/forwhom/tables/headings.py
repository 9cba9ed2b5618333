"""Several rows of headings, as survey tools and sheets write them: one name for each column."""

import re
from collections.abc import Sequence

#: What stands under a question that has one column, in the second of two rows of headings.
_ONE_COLUMN = frozenset({"", "response", "open-ended response", "antwort", "réponse", "respuesta"})
#: What a survey program calls a question, or a row of one: Q2_1.
CODE = re.compile(r"[A-Za-z]{1,6}\d{1,4}(?:[_.]\d{1,3})*[a-z]?")
_NUMBERS = re.compile(r"\d")
_NEARLY_ALL = 0.9
#: So many rows of answers must be there to tell headings from the answers of somebody.
_ENOUGH = 10


def merged_headings(header: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Return several rows of headings as one, and how many stand under the first.

    Nothing where there is one row of headings.
    """
    if len(below) < 2:
        return [], 0
    if two := _two_rows(header, below):
        return two, 1
    for rows in (2, 1):
        if stacked := _stacked([header, *below[:rows]], below[rows:]):
            return stacked, rows
    return [], 0


def _two_rows(header: Sequence[str], below: Sequence[Sequence[str]]) -> list[str]:
    """Return questions with the answers under them.

    Survey tools write a question once, and under it the answers that have a column each: where the
    first row is blank the second is not, and it is blank under what the tool wrote down itself.
    """
    first = [*below[0], *[""] * (len(header) - len(below[0]))]
    blank = [i for i, cell in enumerate(header) if i and not cell.strip()]
    filled = [i for i in blank if first[i].strip()]
    numbers = any(cell.strip().replace(".", "").replace(",", "").isdigit() for cell in first)
    if grouped := _grouped(header, first, below[1:]):
        return grouped
    begins = not first[0].strip() and header[0].strip()
    if not blank or len(filled) < _NEARLY_ALL * len(blank) or not begins or numbers:
        return []
    names: list[str] = []
    question = ""
    for asked, answer in zip(header, first, strict=False):
        question = " ".join(asked.split()) or question
        said = " ".join(answer.split())
        one = question if said.casefold() in _ONE_COLUMN else f"{question} - {said}"
        again = sum(other.casefold() == one.casefold() for other in names)
        names.append(f"{one} ({again + 1})" if again else one)
    return names


def _grouped(
    header: Sequence[str], names: Sequence[str], below: Sequence[Sequence[str]]
) -> list[str]:
    """Return names with the group above them: Customer, over No. and Town, is Customer No."""
    filled = [i for i, cell in enumerate(header) if cell.strip()]
    # A title fills the first cells, one after the other.
    apart = bool(filled) and filled[0] == 0 and filled != list(range(len(filled)))
    digits = any(_NUMBERS.search(cell) for cell in [*header, *names])
    full = bool(names) and all(cell.strip() for cell in names)
    numbers = sum(any(_NUMBERS.search(cell) for cell in row) for row in below)
    if not (apart and full and len(filled) < len(header)) or digits or 2 * numbers <= len(below):
        return []
    made: list[str] = []
    group = ""
    for above, name in zip(header, names, strict=False):
        group = " ".join(above.split()) or group
        made.append(f"{group} {' '.join(name.split())}")
    return made if len({one.casefold() for one in made}) == len(made) else []


def _stacked(headings: Sequence[Sequence[str]], answers: Sequence[Sequence[str]]) -> list[str]:
    """Return names that are blank or repeat together with what stands under them.

    Empty where that does not tell the columns apart, or where the rows may be answers.
    """
    width = len(headings[0])
    rows = [[" ".join(cell.split()) for cell in [*row, *[""] * width][:width]] for row in headings]
    filled = [i for i, cell in enumerate(rows[0]) if cell]
    # A title fills the first cells, one after the other.
    titled = len(filled) < width and filled == list(range(len(filled)))
    if _are_apart(rows[0]) or titled or len(answers) < _ENOUGH:
        return []
    if not all(_are_no_answers(row, answers) for row in rows[1:]):
        return []
    spread: list[list[str]] = []
    for row in rows[:-1]:  # what spans several columns stands above the first of them
        spread.append(_spread(row, spread))
    spread.append(rows[-1])
    if all(CODE.fullmatch(cell) for cell in spread[0]) and _are_apart(told := _joined(spread[1:])):
        return told
    return told if _are_apart(told := _joined(spread)) else []


def _spread(row: Sequence[str], above: Sequence[Sequence[str]]) -> list[str]:
    """Let a blank cell say what stands left of it, where both have the same above them."""
    said = list(row)
    for i in range(1, len(said)):
        if not said[i] and all(other[i] == other[i - 1] for other in above):
            said[i] = said[i - 1]
    return said


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    return [" - ".join(dict.fromkeys(filter(None, cells))) for cells in zip(*rows, strict=True)]


def _are_apart(names: Sequence[str]) -> bool:
    """Whether all columns but the first have a name, and each its own."""
    return all(names[1:]) and len({one.casefold() for one in names}) == len(names)


def _are_no_answers(row: Sequence[str], answers: Sequence[Sequence[str]]) -> bool:
    """Whether a row holds words that nobody below says in the same column."""
    said = [i for i, cell in enumerate(row) if cell]
    plain = all(CODE.fullmatch(row[i]) or re.search(r"[^\W\d_]{2}", row[i]) for i in said)
    return bool(said) and plain and not any(
        i < len(other) and other[i].strip() == row[i] for other in answers for i in said
    )  # fmt: skip


def note_of_merged(rows: int, name: str) -> list[str]:
    """Say that several rows were read as one heading."""
    which = {1: "two", 2: "three"}.get(rows)
    return [f"{name}: the first {which} rows were read as one heading."] if which else []
