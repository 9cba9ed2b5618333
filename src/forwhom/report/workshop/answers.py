"""The CSV to type the answers in: a line for every number that a rater can circle."""

from __future__ import annotations

import csv
import io

from forwhom.report.workshop.plan import ROUNDS, WorkshopPlan

#: Columns of ratings, in the order of the sheets.
COLUMNS = ("rater", "mode", "segment", "item", "value", "round")

#: A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def answers_csv(plan: WorkshopPlan) -> str:
    """Return the template: codes, segments and items are there, mode and value are empty.

    A line whose value stays empty is an answer that nobody gave.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> from forwhom.report.workshop.plan import plan_workshop
    >>> canvas = parse_canvas('''
    ... forwhom: 1
    ... kind: canvas
    ... segments: [{id: a, name: A, buti: [buyer]}, {id: b, name: B, buti: [user]}]
    ... needs: [{id: n, statement: Sleep well, segments: [a]}]
    ... ''')
    >>> answers_csv(plan_workshop(canvas, raters=1)).splitlines()[:3]
    ['rater,mode,segment,item,value,round', 'R1,,a,n,,1', 'R1,,b,n,,1']
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number in ROUNDS:
        for rater in range(1, plan.raters + 1):
            for segment in plan.segments:
                for item in plan.items:
                    row = (f"R{rater}", "", segment.id, item.id, "", str(number))
                    writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
