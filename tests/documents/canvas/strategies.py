"""Arbitrary valid canvases, for property tests."""

from __future__ import annotations

import typing
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.frameworks import framework_names, read_framework

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=30
)
NUMBERS = st.floats(0, 1, allow_nan=False).map(lambda x: round(x, 6))
DAYS = st.dates().map(lambda d: f"{d.year:04d}-{d.month:02d}-{d.day:02d}")
#: Kinds of item in a canvas, and how many there are of each.
COUNTS = st.integers(0, 2)
KINDS = {
    "segments": "s", "participants": "p", "needs": "n", "personas": "r", "propositions": "v",
    "competitors": "c", "hypotheses": "h", "questions": "q", "kpis": "k", "evidence": "e",
    "value_curves": "u",
}  # fmt: skip
#: Fields that name items of one kind.
REFERENCES = {
    "segments": "s", "segment": "s", "need": "n", "item": "n", "items": "n", "vetoes": "p",
    "on": "p", "sponsor": "p", "propositions": "v", "by": "", "supports": "", "about": "s",
    "needs": "n", "of": "", "offer": "", "actors": "",
}  # fmt: skip


class Maker:
    """Draws parts of a canvas whose references lead somewhere."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.counts = {name: draw(COUNTS) for name in KINDS}
        self.counts["segments"] = max(1, self.counts["segments"])
        self.counts["needs"] = max(1, self.counts["needs"])
        self.counts["participants"] = max(1, self.counts["participants"])
        self.offers = 0

    def known(self, letter: str) -> list[str]:
        name = next((n for n, one in KINDS.items() if one == letter), None)
        return [f"{letter}{i}" for i in range(self.counts[name])] if name else []

    def data(self, model: type[BaseModel], **fixed: Any) -> dict[str, Any]:
        """Keys and values of one part; what has a default is sometimes left out."""
        made: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            key = field.alias or name
            if name in fixed:
                made[key] = fixed[name]
            elif field.is_required() or self.draw(st.booleans()):
                made[key] = self.value(name, field.annotation, field.metadata)
        return {k: v for k, v in made.items() if v is not None}

    def value(self, name: str, annotation: Any, metadata: list[Any]) -> Any:
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is typing.Annotated:
            return self.value(name, arguments[0], list(arguments[1:]))
        if origin is typing.Literal:
            return self.draw(st.sampled_from(arguments))
        if origin is list:
            return self.many(name, arguments[0])
        if origin is dict:
            return {self.draw(TEXTS): self.value("", arguments[1], [])}
        if type(None) in arguments:
            return self.value(name, arguments[0], metadata)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self.data(annotation)
        if name in REFERENCES and annotation is str:
            names = self.known(REFERENCES[name])
            return self.draw(st.sampled_from(names)) if names else None
        return self.draw(self.plain(name, annotation))

    def many(self, name: str, inner: Any) -> list[Any]:
        base = typing.get_args(inner)[0] if typing.get_origin(inner) is typing.Annotated else inner
        if name == "evidence" and base is str:
            names = [f"{e}@ab12" for e in self.known("e")] + self.known("e")
            return self.draw(st.lists(st.sampled_from(names), max_size=2)) if names else []
        if name in REFERENCES and base is str:
            names = self.known(REFERENCES[name])
            return self.draw(st.lists(st.sampled_from(names), max_size=2)) if names else []
        if name == "pairs":
            both = ["s0", "s1"]
            return [self.data(base, segments=both)] if self.counts["segments"] > 1 else []
        if name == "exchanges":
            sides = {"giver": "s0", "receiver": "s1"}
            return [self.data(base, **sides)] if self.counts["segments"] > 1 else []
        return [self.value("", inner, []) for _ in range(self.draw(COUNTS))]

    def plain(self, name: str, annotation: Any) -> st.SearchStrategy[Any]:
        if name in {"date", "stated", "changed", "due", "rerate", "created", "updated", "until"}:
            return DAYS
        if name == "currency":
            return st.sampled_from(["USD", "EUR"])
        if name == "id":
            self.offers += 1
            return st.just(f"x{self.offers}")
        if name == "fingerprint":
            return st.sampled_from(["", "ab12"])
        if annotation is str:
            return TEXTS
        if annotation is bool:
            return st.booleans()
        return st.integers(1, 9) if annotation is int else NUMBERS


@st.composite
def canvases(draw: Any) -> Canvas:
    maker = Maker(draw)
    topics = [t for f in framework_names() for t in read_framework(f).topics]
    fixed: dict[str, Any] = {
        "forwhom": 1,
        "kind": "canvas",
        "framework": draw(st.sampled_from(framework_names())),
        "decision": None,
        "history": [],
        "seeded_from": "",
        "language": draw(st.sampled_from(["en", "de", "fr", "ar", "pt-BR", "ja"])),
        "portfolio": draw(st.sampled_from([None, "explore", "exploit"])),
    }
    for name, letter in KINDS.items():
        inner = typing.get_args(Canvas.model_fields[name].annotation)[0]
        extra: dict[str, Any] = {"points": []} if name == "value_curves" else {}
        fixed[name] = [
            maker.data(inner, id=f"{letter}{i}", **extra) for i in range(maker.counts[name])
        ]
    if not fixed["segments"] or draw(st.booleans()):
        fixed["alignment"] = None
    note = typing.get_args(typing.get_args(Canvas.model_fields["blocks"].annotation)[1])[0]
    chosen = draw(st.lists(st.sampled_from(topics), max_size=3, unique=True))
    fixed["blocks"] = {topic: [maker.data(note) for _ in range(draw(COUNTS))] for topic in chosen}
    return Canvas.model_validate(maker.data(Canvas, **fixed))
