"""The CSV to type the answers in: a line for every number that a rater can circle.

Sheet, number and statement are there for the person who types; reading the answers skips them.
"""

import csv
import io

from forwhom.documents.cells import harmless
from forwhom.report.workshop.plan import ROUNDS, WorkshopPlan

#: Columns of ratings, in the order of the sheets.
COLUMNS = (
    "round", "rater", "mode", "sheet", "no", "statement", "value", "segment", "item",
)  # fmt: skip


def answers_csv(plan: WorkshopPlan) -> str:
    """Return the template: codes, segments and items are there, mode and value are empty.

    A line whose value stays empty is an answer that nobody gave.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number in ROUNDS:
        for rater in range(1, plan.raters + 1):
            for index, segment in enumerate(plan.segments):
                for item in plan.items:
                    row = (
                        str(number), f"R{rater}", "", _sheet(index), str(item.number), item.text,
                        "", segment.id, item.id,
                    )  # fmt: skip
                    writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def _sheet(index: int) -> str:
    """The letter of a rating sheet: A to Z, then AA."""
    above, letter = divmod(index, 26)
    return ("" if above == 0 else _sheet(above - 1)) + chr(ord("A") + letter)


def is_untouched(text: str) -> bool:
    """Return whether a text is a template into which nobody typed a mode or a value."""
    rows = csv.DictReader(io.StringIO(text))
    there = tuple(rows.fieldnames or ())
    return there == COLUMNS and not any(row["mode"] or row["value"] for row in rows)
