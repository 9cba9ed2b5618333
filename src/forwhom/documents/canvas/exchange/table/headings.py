"""The columns of a canvas as a flat table: which key of which kind of row each holds."""

import math
import re
from typing import Any, Literal

from forwhom.documents.canvas.kinds import NeedKind
from forwhom.documents.cells import plain_minus

#: How a cell holds a value: as it is, as a number, or as ids and words with commas between them.
Shape = Literal["text", "number", "list"]
#: Column to the key that it holds, and how.
Fields = dict[str, tuple[str, Shape]]

#: Needs are rows of the kind of need that they are.
NEED_KINDS: tuple[str, ...] = ("job", "want", "fear", "pain", "gain", "outcome")
assert set(NEED_KINDS) == set(NeedKind.__args__)  # type: ignore[attr-defined]

#: The columns, in order. 'card' and 'block' are for people and boards: what a card of this row
#: says, and the heading under which it stands.
COLUMNS = (
    "kind",
    "id",
    "text",
    "detail",
    "card",
    "block",
    "topic",
    "of",
    "segments",
    "status",
    "job",
    "importance",
    "satisfaction",
    "rated_by",
    "need",
    "by",
    "strength",
    "roles",
    "value",
    "target",
    "test",
    "metric",
    "threshold",
    "evidence",
    "source",
    "date",
    "extra",
)

_CITED: Fields = {"evidence": ("evidence", "list")}
_NEED: Fields = {
    "job": ("job", "text"),
    "importance": ("importance", "number"),
    "satisfaction": ("satisfaction", "number"),
    "rated_by": ("rated_by", "text"),
    **_CITED,
}
#: What each kind of row has in columns of its own; the rest of it is in 'extra'.
FIELDS: dict[str, Fields] = {
    "segment": {"status": ("status", "text"), "roles": ("buti", "list")},
    "participant": {"roles": ("roles", "list"), **_CITED},
    **dict.fromkeys(("need", *NEED_KINDS), _NEED),
    "proposition": _CITED,
    "fit": {
        "need": ("need", "text"),
        "by": ("by", "list"),
        "strength": ("strength", "text"),
        **_CITED,
    },
    "claim": _CITED,
    "note": _CITED,
    "hypothesis": {
        "test": ("test", "text"),
        "metric": ("metric", "text"),
        "threshold": ("threshold", "text"),
        "date": ("stated", "text"),
    },
    "kpi": {"value": ("value", "text"), "target": ("target", "text"), "date": ("date", "text")},
    "evidence": {
        "value": ("value", "number"),
        "source": ("source", "text"),
        "date": ("date", "text"),
    },
    "funding": {"value": ("amount", "number"), "date": ("date", "text"), **_CITED},
    "change": {"date": ("date", "text"), "by": ("by", "text")},
    "rating": {"by": ("rater", "text"), "need": ("item", "text"), "value": ("value", "number")},
}
#: Every column that holds a key of some kinds of row and not of others.
OWN = tuple(dict.fromkeys(column for fields in FIELDS.values() for column in fields))


def cell_of(value: Any, shape: Shape) -> str:
    """Return a value as the text of a cell."""
    if shape == "list":
        return ", ".join(value)
    return repr(value).removesuffix(".0") if shape == "number" else str(value)


def value_of(cell: str, shape: Shape) -> Any:
    """Return the value that a cell holds; what is no number stays text, and is refused later."""
    if shape == "list":
        return named(cell)
    if shape == "number":
        try:
            number = float(plain_minus(cell.strip()).replace(",", "."))
        except ValueError:
            return cell
        return number if math.isfinite(number) else cell
    return cell


def named(cell: str) -> list[str]:
    """Return the ids or words that a cell lists."""
    return [one for one in re.split(r"[,;\s]+", cell) if one]


def is_number(cell: str) -> bool:
    """Return whether a cell is only a number, which no spreadsheet takes for a formula."""
    return re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell) is not None
