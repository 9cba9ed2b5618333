"""What a source itself says about its columns: the question of a survey, a comment, a label."""

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa

from forwhom.tables.headings import CODE, merged_headings

#: What fields of Arrow and Parquet call it, the most telling first.
_KEYS = (b"label", b"question", b"description", b"comment")
#: A row of the export of a survey tool that is for the tool alone.
_OF_THE_TOOL = '{"ImportId"'
#: What a survey tool adds to a question that has a text beside it.
_SELECTED = " - Selected Choice"
_NUMBERS = re.compile(r"\d")
#: A column may be called by a year, a month or a quarter.
_PERIOD = re.compile(r"(?:19|20)\d\d(?:[-/. ]?(?:0?[1-9]|1[0-2]|[Qq][1-4]))?")
#: Rows of answers that must be there to tell questions from the answers of somebody.
_ENOUGH = 10
_NEARLY_ALL = 0.9
#: What the last row of a table is called where it adds up those above, in small letters.
_TOTALS = re.compile(
    r"(?:(?:grand|sub|overall|report|general)[ -]?)?(?:totals?|sum)(?: (?:général|general|generale|"
    r"geral|amount|sales))?|(?:gesamt|end|zwischen)?summe|gesamt(?:betrag|ergebnis)?|insgesamt|"
    r"somme|totaux|suma(?: końcowa)?|totales|totais|totale|totali|somma|(?:eind|sub)?totaal|razem|"
    r"łącznie|ogółem|celkem|összesen|summa|totalt|i alt|yhteensä|toplam|итого|всего|"
    r"разом|усього|общо|σύνολο|סה\"כ|سرجمع|الإجمالي|المجموع|合计|合計|总计|總計|小计|小計|합계|총계|"
    r"tổng(?: cộng)?|jumlah|ukupno|รวม|कुल"
)
#: So many rows at most stand below a table.
MOST_BELOW = 3
#: With fewer rows, or columns, nothing tells a title from names.
_FEW, _NARROW = 3, 3
#: So many rows at most stand above the names, which fill this share of the columns.
_MOST_ABOVE, _NAMED = 20, 0.7


def told_by_fields(schema: pa.Schema) -> dict[str, str]:
    """Return the labels that the fields of a schema carry."""
    found = {}
    for field in schema:
        told = field.metadata or {}
        said = next((told[key].decode("utf-8", "replace") for key in _KEYS if key in told), "")
        if said.strip():
            found[field.name] = " ".join(said.split())
    return found


def told_by_row(names: Sequence[str], row: Sequence[str] = ()) -> dict[str, str]:
    """Return the labels that the row under the names gives to columns."""
    said = {
        name: " ".join(cell.split()).removesuffix(_SELECTED)
        for name, cell in zip(names, row, strict=False)
    }
    return {name: label for name, label in said.items() if label and label != name}


def rows_above(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows stand above the names of the columns, such as a title and a date.

    They fill less than half of the columns that the rows below have, and the names fill most.
    """
    if len(rows) <= _FEW or merged_headings(rows[0], rows[1:])[1]:
        return 0
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    # Of an order, the first line alone may be full.
    usual = sorted(filled)[9 * len(filled) // 10]
    if usual < _NARROW or 2 * filled[0] > usual:
        return 0
    first = next((i for i, n in enumerate(filled[:_MOST_ABOVE]) if 2 * n > usual), 0)
    enough = filled[first] >= _NAMED * usual
    return first if first and enough and _are_names(rows[first], rows[first + 1 :]) else 0


def _are_names(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether cells are names of columns: each once, and without the numbers that stand below."""
    said = [cell.strip() for cell in names if cell.strip()]

    def is_plain(i: int) -> bool:
        cell = names[i].strip()
        if not _NUMBERS.search(cell) or _PERIOD.fullmatch(cell):
            return bool(cell)
        under = [row[i].strip() for row in below if i < len(row) and row[i].strip()]
        if CODE.fullmatch(cell):  # Q2_1 above answers; but not P12 above P7
            return not any(CODE.fullmatch(one) for one in under)
        # Line 2, above numbers.
        numbers = sum(bool(re.match(r"\W*\d", one)) for one in under)
        return bool(re.match(r"[^\W\d_]{2}", cell)) and 2 * numbers > len(under)

    plain = [i for i in range(len(names)) if is_plain(i)]
    of_numbers = any(
        2 * sum(bool(_NUMBERS.search(row[i])) for row in below if i < len(row)) > len(below)
        for i in plain
    )
    return len(set(said)) == len(said) and 2 * len(plain) > len(said) and of_numbers


def rows_below(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return how many of the last rows are no rows of the table: totals, and remarks at its end."""
    found = 0
    for row in reversed(rows):
        cells = [cell.strip() for cell in row]
        if any(cells) and not _is_total(cells, width) and not _is_remark(cells, width):
            break
        found += 1
    return found


def _is_total(cells: Sequence[str], width: int) -> bool:
    """Whether a row says that it adds up, and holds nothing else but numbers."""
    first, *others = [cell for cell in cells if cell]
    numbers = all(re.fullmatch(r"[^A-Za-z]*\d[^A-Za-z]*(?:[A-Z]{3})?", cell) for cell in others)
    called = _TOTALS.fullmatch(first.casefold().rstrip(": "))
    return bool(called) and bool(others) and numbers and len(others) + 1 < width


def _is_remark(cells: Sequence[str], width: int) -> bool:
    """Whether a row is one sentence in its first cell."""
    filled = [cell for cell in cells if cell]
    return width >= _NARROW and bool(cells[0]) and len(filled) == 1 and len(cells[0].split()) > 2


def note_of_below(below: int, name: str) -> list[str]:
    """Say that rows below the table were left out."""
    if not below:
        return []
    if below == 1:
        return [f"{name}: the last row is a total or a remark and is left out."]
    return [f"{name}: the last {below} rows are totals or remarks and are left out."]


def note_of_above(above: int, name: str) -> list[str]:
    """Say that rows above the names were left out."""
    if not above:
        return []
    if above == 1:
        return [f"{name}: the first row stands above the names of the columns and is left out."]
    return [
        f"{name}: the first {above} rows stand above the names of the columns and are left out."
    ]


def rows_of_labels(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows under the names say what columns mean, instead of holding answers.

    Survey tools write the questions there, and some a second row for themselves.
    """
    if len(rows) > 1 and sum(c.startswith(_OF_THE_TOOL) for c in rows[1]) > len(rows[1]) / 2:
        return 2
    first, *answers = rows or [[]]
    if len(answers) >= _ENOUGH and _are_questions(first, answers):
        return 1
    asked = [i for i, cell in enumerate(first) if len(cell.split()) > 2]
    if len(answers) < _ENOUGH or len(asked) < max(3, len(first) / 2):
        return 0
    longest = sum(
        all(len(row[i]) < len(first[i]) for row in answers if i < len(row)) for i in asked
    )
    return 1 if longest >= _NEARLY_ALL * len(asked) else 0


def _are_questions(first: Sequence[str], answers: Sequence[Sequence[str]]) -> bool:
    """Whether a row has no number where all below have one, and says what no row below says."""
    said = [i for i, cell in enumerate(first) if cell.strip()]
    if first[:1] != [""] or len(said) < max(_NARROW, len(first) / 2):
        return False
    if not all(row and re.match(r"\W*\d", row[0]) for row in answers):
        return False
    again = any(i < len(row) and row[i] == first[i] for row in answers for i in said)
    return not again and not any(re.match(r"\W*\d", first[i]) for i in said)


def note_of(labels: Mapping[str, str], rows: int, name: str) -> list[str]:
    """Say that rows under the names were taken for labels."""
    if not rows:
        return []
    which = "the row under the names says" if rows == 1 else "the two rows under the names say"
    return [f"{name}: {which} what {len(labels)} columns mean; it is their label, and no answer."]
