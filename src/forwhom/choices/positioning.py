"""A positioning statement from the parts that a canvas holds; what is missing stays a gap.

For [target] who [need], [product] is a [category] that [benefit]. Unlike [alternative],
[difference]. The form is Geoffrey Moore's.
"""

import re
from collections.abc import Sequence
from string import Formatter

from forwhom.choices.pronouns import job_of_others
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.keynames import POSITIONING
from forwhom.documents.canvas.kinds import NeedKind
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.value import Positioning, Proposition
from forwhom.documents.phrases import language_of
from forwhom.documents.results import (
    AnsweredNeed,
    PositioningPart,
    PositioningPiece,
    PositioningStatement,
)
from forwhom.documents.results.fits import PartName, Strength
from forwhom.languages.catalog import SOURCE, language, later, spoken_as, tr
from forwhom.wording import lowered

_STRENGTH: tuple[Strength, ...] = ("none", "unknown", "partial", "full")
#: How a need is said when it is not a job, with the words of the canvas as they are.
_WHO: dict[NeedKind, str] = {
    "job": later("who say “{statement}”"),
    "want": later("who want “{statement}”"),
    "fear": later("who fear “{statement}”"),
    "pain": later("who suffer from “{statement}”"),
    "gain": later("who hope for “{statement}”"),
    "outcome": later("who want to “{statement}”"),
}
#: The statement in another language than English, whose words we do not bend.
_FRAME = later(
    "For {target}, {need}, {product} is: {category}. What that brings: {benefit}. Unlike "
    "{alternative}: {difference}."
)


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
    if known or spoken_as(canvas.language) != language_of(canvas.language):
        return name
    return tr("{name} by {ours}", name=name, ours=ours)


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
    statement = re.sub(r"^to\s+", "", _plain(need.statement), flags=re.IGNORECASE)
    job = job_of_others(statement, language) if need.kind == "job" else None
    if job is not None:
        return f"who need to {job}"
    return tr(_WHO[need.kind], statement=statement)


def _pieces(canvas: Canvas, parts: Sequence[PositioningPart]) -> list[PositioningPiece]:
    text = {part.part: part.text for part in parts}
    frame = _english(canvas, text) if language() == SOURCE else _translated(text)
    pieces = []
    for before, one in frame:
        pieces.append(PositioningPiece(text=before, missing=False))
        if one is not None:
            said = text[one] or f"[{tr(POSITIONING[one])}]"
            pieces.append(PositioningPiece(text=said, missing=not text[one]))
    return pieces


#: Words of ours, and the part that follows them.
_Framed = list[tuple[str, PartName | None]]


def _translated(text: dict[PartName, str]) -> _Framed:
    """Return the frame in the language that is spoken, which leaves every part as it is."""
    known: dict[str, PartName] = {name: name for name in text}
    return [
        (before, None if name is None else known[name])
        for before, name, _, _ in Formatter().parse(tr(_FRAME))
    ]


def _english(canvas: Canvas, text: dict[PartName, str]) -> _Framed:
    """Return the frame in English; in an English canvas its parts are bent to fit it."""
    english = language_of(canvas.language) == SOURCE
    if english:
        names = (*canvas.names.ours, *canvas.names.brands, *canvas.names.features)
        lower: tuple[PartName, ...] = ("target", "category", "benefit", "difference")
        for part in lower:
            if not text[part].startswith(names) and not _PEOPLES.match(text[part]):
                text[part] = lowered(text[part])
        if not text["benefit"].startswith(names):
            text["benefit"] = _as_clause(text["benefit"])
        text["difference"] = _as_sentence(text["difference"])
        if re.search(r"\b(who|that|which)\b", text["target"]):
            text["need"] = re.sub(r"^who ", "and ", text["need"])
    article = _article(text["category"] or "category") if english else ""
    return [
        ("For ", "target"),
        (" " if text["need"] else " who need ", "need"),
        (", ", "product"),
        (f" is {article}", "category"),
        (" that ", "benefit"),
        (". Unlike ", "alternative"),
        (", ", "difference"),
        (".", None),
    ]


def _as_clause(benefit: str) -> str:
    """Return a benefit as it stands after 'that': with a verb, or as what it means."""
    said = re.sub(r"^(?:that|which)\s+", "", benefit)
    return said if not said or _begins_with_verb(said) else f"means {said}"


def _as_sentence(difference: str) -> str:
    """Return a difference as a sentence of its own."""
    first = difference.split(" ", 1)[0]
    if first in ("no", "nothing"):
        return f"there is {difference}"
    return f"it {difference}" if difference and _begins_with_verb(difference) else difference


def _begins_with_verb(text: str) -> bool:
    """Whether a text begins with a verb of the third person, or with an adverb before one."""
    words = re.findall(r"[\w'’-]+", text.lower())
    at = 1 if len(words) > 1 and (words[0].endswith("ly") or words[0] in _ADVERBS) else 0
    word = words[at] if words else ""
    after = words[at + 1] if len(words) > at + 1 else ""
    # "shows every child", and not "lessons of an hour": a plural noun has no object.
    is_noun = after in ("of", "that", "who", "are", "is", "and") or word.endswith(("ss", "us"))
    return word in _HELPING or (word.endswith("s") and len(word) > 3 and not is_noun)


#: Peoples keep their capital: "For Kenyan farmers who ...".
_PEOPLES = re.compile(
    r"\w+(?:ian|ean|ish|ese|can|yan|man|eli|aqi)s?\b|(?:French|Dutch|Swiss|Greek|Arab|Czech|Thai)\b"
)
#: Verbs that need no ending, and adverbs that stand before a verb.
_HELPING = {"can", "will", "may", "is", "has", "does", "never", "cannot", "lets", "makes"}
_ADVERBS = {"only", "never", "always", "also", "just", "really", "even", "not"}
#: What is counted by no article: "is software for closing".
_UNCOUNTED = {
    "software", "equipment", "advice", "insurance", "training", "furniture", "hardware", "help",
    "support", "care", "housing", "consulting", "information", "music", "coaching", "catering",
}  # fmt: skip


def _article(category: str) -> str:
    """Return the article that the category needs, by its first sound."""
    word = category.lower()
    if word.split(" ", 1)[0] in ("a", "an", "the"):
        return ""
    head = re.split(r"\s+(?:for|of|that|to|with|in|on)\b", word)[0].rsplit(" ", 1)[-1]
    if head in _UNCOUNTED:
        return ""
    silent = word.startswith(("hour", "honest", "heir", "honor"))
    spoken = word.startswith(("uni", "use", "usa", "eu", "one"))
    return "an " if silent or (word[:1] in "aeiou" and not spoken) else "a "
