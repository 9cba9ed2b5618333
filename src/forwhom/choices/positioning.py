"""A positioning statement from the parts that a canvas holds; what is missing stays a gap.

For [target] who [need], [product] is a [category] that [benefit]. Unlike [alternative],
[difference]. The form is Geoffrey Moore's.
"""

import re
from collections.abc import Sequence

from forwhom.choices.pronouns import job_of_others
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.kinds import NeedKind
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.value import Positioning, Proposition
from forwhom.documents.results import (
    AnsweredNeed,
    PositioningPart,
    PositioningPiece,
    PositioningStatement,
)
from forwhom.documents.results.fits import PartName, Strength
from forwhom.wording import lowered

_STRENGTH: tuple[Strength, ...] = ("none", "unknown", "partial", "full")
#: How a need is said when it is not a job, with the words of the canvas as they are.
_WHO: dict[NeedKind, str] = {
    "job": "who say",
    "want": "who want",
    "fear": "who fear",
    "pain": "who suffer from",
    "gain": "who hope for",
    "outcome": "who want to",
}


def position(
    canvas: Canvas,
    segment: CanvasSegment,
    proposition: Proposition,
    needs: Sequence[AnsweredNeed],
) -> PositioningStatement:
    """Put the positioning statement of a proposition for a segment together."""
    given = proposition.positioning or Positioning()
    parts = [
        PositioningPart(
            part="target", text=_plain(proposition.target_market) or _plain(segment.name)
        ),
        _need(canvas, needs),
        PositioningPart(part="product", text=_product(canvas, proposition)),
        PositioningPart(part="category", text=_plain(given.category)),
        PositioningPart(
            part="benefit", text=_plain(given.benefit), could_be=_benefits(proposition, given)
        ),
        PositioningPart(
            part="alternative",
            text=_plain(given.alternative),
            could_be=[] if given.alternative.strip() else [c.name for c in canvas.competitors],
        ),
        PositioningPart(part="difference", text=_plain(given.difference)),
    ]
    pieces = _pieces(canvas, parts)
    return PositioningStatement(
        text="".join(piece.text for piece in pieces), pieces=pieces, parts=parts
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".;, ")


def _product(canvas: Canvas, proposition: Proposition) -> str:
    """Return what we offer with our name, unless it says our name already."""
    name, ours = _plain(proposition.name), next((_plain(n) for n in canvas.names.ours if n), "")
    known = not ours or any(own.casefold() in name.casefold() for own in canvas.names.ours)
    if known or canvas.language.lower().split("-")[0] != "en":
        return name
    return f"{name} by {ours}"


def _benefits(proposition: Proposition, given: Positioning) -> list[str]:
    if given.benefit.strip():
        return []
    said = proposition.statement.benefits if proposition.statement else []
    return list(dict.fromkeys([*said, *(offer.text for offer in proposition.benefits)]))


def _need(canvas: Canvas, needs: Sequence[AnsweredNeed]) -> PositioningPart:
    answered = [need for need in needs if need.strength != "none"]
    if not answered:
        return PositioningPart(part="need", could_be=[need.statement for need in needs])

    def weight(need: AnsweredNeed) -> tuple[int, bool, float]:
        return _STRENGTH.index(need.strength), need.kind == "job", need.importance or 0.0

    # max keeps the first of equals, which is the first in the canvas.
    best = max(answered, key=weight)
    return PositioningPart(part="need", text=_who(best, canvas.language))


def _who(need: AnsweredNeed, language: str) -> str:
    """Return the need as what stands after the target: 'who need to teach their children'."""
    statement = _plain(need.statement)
    job = job_of_others(statement, language) if need.kind == "job" else None
    if job is not None:
        return f"who need to {job}"
    return f"{_WHO[need.kind]} “{statement}”"


def _pieces(canvas: Canvas, parts: Sequence[PositioningPart]) -> list[PositioningPiece]:
    english = canvas.language.lower().split("-")[0] == "en"
    text = {part.part: part.text for part in parts}
    if english:
        names = (*canvas.names.ours, *canvas.names.brands, *canvas.names.features)
        if not text["benefit"].startswith(names):
            text["benefit"] = lowered(text["benefit"])
        if re.search(r"\b(who|that|which)\b", text["target"]):
            text["need"] = re.sub(r"^who ", "and ", text["need"])
    article = _article(text["category"] or "category") if english else ""
    frame: list[tuple[str, PartName | None]] = [
        ("For ", "target"),
        (" " if text["need"] else " who need ", "need"),
        (", ", "product"),
        (f" is {article}", "category"),
        (" that ", "benefit"),
        (". Unlike ", "alternative"),
        (", ", "difference"),
        (".", None),
    ]
    pieces = []
    for before, part in frame:
        pieces.append(PositioningPiece(text=before, missing=False))
        if part is not None:
            said = text[part]
            pieces.append(PositioningPiece(text=said or f"[{part}]", missing=not said))
    return pieces


def _article(category: str) -> str:
    """Return the article that the category needs, by its first sound."""
    word = category.lower()
    if word.split(" ", 1)[0] in ("a", "an", "the"):
        return ""
    silent = word.startswith(("hour", "honest", "heir", "honor"))
    spoken = word.startswith(("uni", "use", "usa", "eu", "one"))
    return "an " if silent or (word[:1] in "aeiou" and not spoken) else "a "
