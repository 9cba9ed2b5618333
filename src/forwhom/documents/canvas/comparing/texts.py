"""Values of a canvas as people read them, and in which words two texts differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from forwhom.documents.base import Document
from forwhom.documents.canvas.economy import Actor, FundingFeature, FundingFlow
from forwhom.documents.canvas.fieldnames import field_name, value_name
from forwhom.documents.canvas.keynames import topic_name
from forwhom.documents.canvas.kinds import Citation, Day, Id, Language, cited
from forwhom.documents.canvas.model import Canvas, CanvasEvidence, Note
from forwhom.documents.canvas.people import (
    CanvasSegment,
    Claim,
    Influence,
    Participant,
    SegmentSize,
)
from forwhom.documents.canvas.personas import DesignParameter, Image, Persona
from forwhom.documents.canvas.ratings import Rating, Strategy
from forwhom.documents.canvas.references import items
from forwhom.documents.canvas.separateness import MeasuredPair, PaidAspect
from forwhom.documents.canvas.sides import Exchange
from forwhom.documents.canvas.strategy import (
    Change,
    Competitor,
    CurvePoint,
    DecisionCriterion,
    Hypothesis,
    Judge,
    Kpi,
    Question,
    ValueCurve,
)
from forwhom.documents.canvas.value import Fit, Need, Offer, Proposition, Quote
from forwhom.languages.catalog import percent_sign, spelled, tr, whole
from forwhom.wording import beside, joined, listed, quoted

#: By what an item is known: what its name is, or its text, or what it is between.
CALLED: Mapping[type[Document], tuple[str, ...]] = {
    Actor: ("name",),
    CanvasEvidence: ("statement",),
    CanvasSegment: ("name",),
    Change: ("date", "what", "item"),
    Claim: ("text",),
    Competitor: ("name",),
    CurvePoint: ("criterion",),
    DecisionCriterion: ("name",),
    DesignParameter: ("text",),
    Exchange: ("giver", "receiver"),
    Fit: ("need",),
    FundingFeature: ("feature",),
    FundingFlow: ("giver", "receiver"),
    Hypothesis: ("statement",),
    Image: ("file",),
    Influence: ("on",),
    Judge: ("id",),
    Kpi: ("name",),
    MeasuredPair: ("segments",),
    Need: ("statement",),
    Note: ("text",),
    Offer: ("text",),
    PaidAspect: ("aspect",),
    Participant: ("name",),
    Persona: ("name",),
    Proposition: ("name",),
    Question: ("text",),
    Quote: ("text",),
    Rating: ("rater", "mode", "segment", "item", "round"),
    Strategy: ("action", "item"),
    ValueCurve: ("segment",),
}
#: What has no id and is a text that somebody may reword.
REWORDED = (Claim, CurvePoint, DesignParameter, Image, Note, PaidAspect, Quote)
#: What the texts of a field are.
Nature = Literal["citation", "name", "plain", "prose", "topic", "word"]
#: Fields that name an item or a topic, though any text may stand there.
_NAMING = frozenset({"segment", "segments", "sponsor", "item", "instead", "giver", "receiver"})
_TOPICS = frozenset({"block"})
_SHARES = frozenset({"share", "low", "high"})
#: Signs of a name in a sentence, and of a piece of a text that changed.
LONGEST_NAME, LONGEST_TEXT = 60, 200
#: Signs of a whole part in a sentence; it is told in full beside it.
LONGEST_PART = 400
#: A text of so few words is told as a whole, and one in which more pieces changed.
_FEW_WORDS, _MOST_PIECES = 6, 3
#: Words between two changes of a text that are told as one.
_BETWEEN = 2


class Texts:
    """Says values: ids by what they are names of, words of ours in the language, texts quoted."""

    def __init__(self, before: Canvas, after: Canvas) -> None:
        self._names = {item.id: item.text for c in (before, after) for item in items(c)}

    def named(self, one: str) -> str:
        """Return what an id is the name of, quoted."""
        return quoted(self._names.get(one) or one, LONGEST_NAME)

    def called(self, item: Document) -> str:
        """Return by what an item is known, quoted."""
        fields = CALLED[type(item)]
        said = [(name, getattr(item, name)) for name in fields if name != "rater"]
        if isinstance(item, Strategy):
            said = [(name, value) for name, value in said if value][:1]
        if len(said) == 1 and isinstance(said[0][1], str) and not self._names.get(said[0][1]):
            return quoted(said[0][1], LONGEST_NAME)
        texts = [self.value(type(item), name, value) for name, value in said if value]
        if fields == ("giver", "receiver") and len(texts) == len(fields):
            return tr("{old} → {new}", old=texts[0], new=texts[1])
        return joined(texts)

    def value(self, owner: type[Document], name: str, value: Any) -> str:
        """Return what a field says."""
        if isinstance(value, bool):
            return tr("yes") if value else tr("no")
        if isinstance(value, int | float):
            return _number(owner, name, value)
        if isinstance(value, Document):
            return self.whole(value)
        if isinstance(value, list):
            return listed([self.value(owner, name, one) for one in value], most=None)
        if isinstance(value, dict):
            return beside(f"{self.named(k)} {self.value(owner, name, v)}" for k, v in value.items())
        return self._text(owner, name, value)

    def _text(self, owner: type[Document], name: str, text: str) -> str:
        match nature(owner, name):
            case "citation":
                return self.named(cited(text)[0])
            case "topic":
                return quoted(topic_name(text))
            case "word":
                return value_name(name, text)
            case "name":
                return self.named(text)
            case "plain":
                return text
        return quoted(text, LONGEST_TEXT)

    def value_or_nothing(self, owner: type[Document], name: str, value: Any) -> str:
        """Return what a field says, and nothing where it says nothing."""
        return "" if value in (None, "", [], {}) else self.value(owner, name, value)

    def whole(self, part: Document) -> str:
        """Return all that a part says: by what it is known, then every other field."""
        owner = type(part)
        called = CALLED.get(owner, ())
        texts = [self.called(part)] if called else []
        for name, field in owner.model_fields.items():
            value = getattr(part, name)
            if name not in (*called, "id") and value != field.get_default(
                call_default_factory=True
            ):
                texts.append(f"{field_name(owner, name)} {self.value(owner, name, value)}")
        return beside(texts)


def _number(owner: type[Document], name: str, value: float) -> str:
    if owner is SegmentSize and name in _SHARES:
        return f"{_digits(100 * value)}{percent_sign()}"
    return _digits(value)


def _digits(value: float) -> str:
    """Return a number with all its digits, so that two that differ never read the same."""
    text = f"{value:,.12g}"
    return spelled(text.replace("-", "−", 1) if text[0] == "-" else text)


@cache
def nature(owner: type[Document], name: str) -> Nature:
    """Return what the texts of a field are: ours, names of items, citations, days, or prose."""
    inside = list(_inside(get_type_hints(owner, include_extras=True)[name]))
    for kind, found in ((Citation, "citation"), (Day, "plain"), (Language, "plain"), (Id, "name")):
        if kind in inside:
            return cast("Nature", found if name != "id" else "plain")
    if any(get_origin(one) is Literal for one in inside):
        return "word"
    if name in _TOPICS:
        return "topic"
    return "name" if name in _NAMING else "prose"


def _inside(kind: Any) -> Iterator[Any]:
    yield kind
    for one in get_args(kind):
        yield from _inside(one)


def rewording(old: str, new: str) -> str:
    """Return how a text changed: the words that did, or all of it where most of it did."""
    pieces = list(_changed_words(old.split(), new.split()))
    longest = max(old, new, key=len)
    if not pieces:
        return tr("only spaces or line breaks")
    if len(longest.split()) <= _FEW_WORDS or (
        len(pieces) > _MOST_PIECES and len(longest) <= LONGEST_TEXT
    ):
        return tr("{old} → {new}", old=quoted(old, LONGEST_TEXT), new=quoted(new, LONGEST_TEXT))
    said = [_piece(was, now) for was, now in pieces[:_MOST_PIECES]]
    if len(pieces) > _MOST_PIECES:
        said.append(tr("{n} more", n=whole(len(pieces) - _MOST_PIECES)))
    return beside(said)


def _changed_words(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands in place of what; changes with few words between them are one."""
    spans: list[list[int]] = []
    for tag, *span in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if spans and span[0] - spans[-1][1] <= _BETWEEN:
            spans[-1][1::2] = span[1::2]
        else:
            spans.append(span)
    for i1, i2, j1, j2 in spans:
        yield " ".join(old[i1:i2]), " ".join(new[j1:j2])


def _piece(old: str, new: str) -> str:
    before, after = (quoted(one, LONGEST_TEXT) if one else "" for one in (old, new))
    if before and after:
        return tr("{old} → {new}", old=before, new=after)
    return new_and_gone(after, before)


def new_and_gone(new: str, gone: str) -> str:
    """Return what is new and what is no longer there; one may be nothing, and both an empty one."""
    said = []
    if new or not gone:
        said.append(tr("new: {text}", text=new or quoted("")))
    if gone:
        said.append(tr("no longer: {text}", text=gone))
    return beside(said)


def labelled(label: str, what: str) -> str:
    """Return what is said of a field, after its name where it has one."""
    return tr("{where}: {what}", where=label, what=what) if label else what


def is_prose(owner: type[Document], name: str) -> bool:
    """Return whether a field holds words that people wrote, which may be reworded."""
    return nature(owner, name) == "prose"


def identity(item: Document, renamed: Mapping[str, str]) -> tuple[str | None, Any, str]:
    """Return the id of an item, what it is about, and the text that may be reworded.

    ``renamed`` are ids that are called otherwise in the other canvas. What must have an id is what
    its id says, and nothing else.
    """
    owner = type(item)
    own = getattr(item, "id", None)
    if own is not None and owner.model_fields["id"].is_required():
        return renamed.get(own, own), None, ""
    about = [getattr(item, name) for name in CALLED[owner]]
    known = [[renamed.get(one, one) for one in value] if isinstance(value, list)
             else renamed.get(value, value) for value in about]  # fmt: skip
    prose = str(about[0]) if owner in REWORDED else ""
    return renamed.get(own, own) if own else None, tuple(map(str, known)), prose
