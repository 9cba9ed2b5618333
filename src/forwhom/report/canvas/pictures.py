"""Pictures of a persona: those that people gave, and shares drawn from evidence, never a face."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from forwhom.documents.canvas import Canvas, CanvasEvidence, cited
from forwhom.documents.canvas.personas import Image, Persona
from forwhom.documents.canvas.pictures import lies_in_a_folder, read_picture
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import tr, whole
from forwhom.report.drawing.palette import accent_name, colors
from forwhom.report.drawing.svg import SPACE, circle, element, rect, text_alternative
from forwhom.wording import joined, percent, percent_between

#: Figures of a pictogram, and the distance from one to the next.
_FIGURES, _STEP, _HIGH = 10, 22, 44
#: As many shares are drawn; more would be a table.
_MOST = 3
#: Width and height of the frames of photos on paper.
_FRAMES = {"image": (46, 52), "world": (60, 34)}
_MEDIA = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Picture:
    """A picture with its text alternative, what it says below, and whose it is."""

    kind: str
    content: bytes
    alt: str
    caption: str
    of: str  # 'image', 'world' or 'share'

    def framed(self) -> bytes:
        """Return it as a drawing that fills its frame, for the typesetter."""
        if self.kind == "svg":
            return self.content
        wide, high = _FRAMES[self.of]
        photo = element(
            "image", href=self.uri, width=wide, height=high, preserveAspectRatio="xMidYMid slice"
        )
        size = f"0 0 {wide} {high}"
        made = element("svg", photo, xmlns=SPACE, width=wide, height=high, viewBox=size)
        return made.encode()

    @property
    def drawing(self) -> Markup:
        """A drawing of ours as a part of a page."""
        # Made by our own elements, which escape every text.
        return Markup(self.content.decode())

    @property
    def uri(self) -> str:
        """A photo as a part of a page, which then loads nothing."""
        return f"data:{_MEDIA[self.kind]};base64,{base64.b64encode(self.content).decode()}"


def pictures_of(canvas: Canvas, persona: Persona, index: int, number: int) -> tuple[Picture, ...]:
    """Return the pictures of a persona: given ones that can be read, then drawn shares.

    A canvas that was made in memory lies in no folder, so that nothing can be read for it.
    """
    given = list(_given(canvas, persona, index)) if lies_in_a_folder(canvas) else []
    drawn = (
        _pictogram(f"share-{index + 1}-{n}", one)
        for n, one in enumerate(_shares(canvas, persona, number), 1)
    )
    return (*given, *list(drawn)[:_MOST])


def _given(canvas: Canvas, persona: Persona, index: int) -> Iterator[Picture]:
    named: list[tuple[str, Image, Location]] = []
    if persona.image is not None:
        named.append(("image", persona.image, ("personas", index, "image")))
    for n, image in enumerate(persona.world):
        named.append(("world", image, ("personas", index, "world", n)))
    for of, image, place in named:
        kind, content = read_picture(canvas, image, place)
        yield Picture(kind, content, image.alt or image.file, credit(image), of)


def credit(image: Image) -> str:
    """Return whose a picture is and what allows to show it; what nobody said is said."""
    return joined([image.source or tr("Source not said"), image.license or tr("license not said")])


@dataclass(frozen=True)
class _Share:
    """A share that is known, what it is of, and how it is said."""

    share: float
    figures: int
    said: str
    source: str
    color: str


def _shares(canvas: Canvas, persona: Persona, number: int) -> Iterator[_Share]:
    """Yield how large the segment is, and the counts that claims of the persona cite."""
    color = colors()[accent_name(number)]
    size = next(one for one in canvas.segments if one.id == persona.segment).size
    if size is not None and size.share is not None:
        between = ""
        if size.low is not None and size.high is not None:
            between = f" ({percent_between(size.low, size.high)})"
        share = f"{percent(size.share)}{between}"
        said = tr("{share} of all are in this segment", share=share)
        yield _Share(size.share, _FIGURES, said, size.source, color)
    known = {one.id: one for one in canvas.evidence}
    citations = [c for _, _, claim in persona.said() for c in claim.evidence]
    citations += [c for one in persona.design_relevant for c in one.evidence] + persona.evidence
    for name in dict.fromkeys(cited(citation)[0] for citation in citations):
        evidence = known.get(name)
        if evidence is not None and evidence.count is not None and evidence.n:
            yield _counted(evidence, evidence.count, evidence.n, color)


def _counted(evidence: CanvasEvidence, count: int, n: int, color: str) -> _Share:
    figures = min(n, _FIGURES)
    counted = tr("{n} of {all}", n=whole(count), all=whole(n))
    said = f"{counted}: {evidence.statement}"
    return _Share(min(count / n, 1.0), figures, said, evidence.source, color)


def _pictogram(name: str, one: _Share) -> Picture:
    """Return a row of figures of which a share is filled: all of few people, ten for many."""
    filled = one.share * one.figures
    parts: list[Markup] = []
    for index in range(one.figures):
        part = min(max(filled - index, 0.0), 1.0)
        parts.append(_figure(index, colors()["line"]))
        if part:
            entire = math.isclose(part, 1.0)
            clip = None if entire else f"{name}-part"
            parts += [*([] if entire else [_clip(index, part, f"{name}-part")]),
                      _figure(index, one.color, clip)]  # fmt: skip
    drawn_from = tr("Drawn from: {source}", source=one.source or tr("evidence"))
    titles, labels = text_alternative(one.said, drawn_from, (f"{name}-t", f"{name}-d"))
    width = one.figures * _STEP
    made = element(
        "svg", *titles, *parts, xmlns=SPACE, width=width, height=_HIGH,
        viewBox=f"0 0 {width} {_HIGH}", role="img", **labels,
    )  # fmt: skip
    return Picture("svg", made.encode(), one.said, one.said, "share")


def _clip(index: int, part: float, name: str) -> Markup:
    return element("clipPath", rect(index * _STEP + 3, 0, (_STEP - 6) * part, _HIGH), id=name)


def _figure(index: int, color: str, clip: str | None = None) -> Markup:
    """A head and a body, without any feature; what a share ends in is cut there."""
    middle = index * _STEP + _STEP / 2
    return element(
        "g", circle(middle, 8, 6, fill=color),
        rect(middle - 8, 17, 16, 26, rx=7, fill=color), clip_path=f"url(#{clip})" if clip else None,
    )  # fmt: skip
