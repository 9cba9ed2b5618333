"""What two versions of a canvas differ in as an outline: a section for each part of the canvas."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.comparing import CanvasComparison, Difference
from forwhom.documents.canvas.fieldnames import field_name
from forwhom.languages.catalog import later_count, tr, tr_count
from forwhom.report.outline import Outline, Section, Table
from forwhom.wording import joined, opened, tr_counted

_HAPPENED = {
    "added": later_count("{n} new", "{n} new"),
    "removed": later_count("{n} gone", "{n} gone"),
    "changed": later_count("{n} changed", "{n} changed"),
    "moved": later_count("{n} moved", "{n} moved"),
    "reordered": later_count("{n} in another order", "{n} in another order"),
}
#: Fields of the canvas that are one value each, and its own: they are one section.
_ITSELF = ""


def outline_of(found: CanvasComparison) -> Outline:
    """Return what two versions of a canvas differ in."""
    return Outline(
        title=found.title,
        headline=tr("What changed between two versions"),
        language=found.language,
        sections=(Section(sentences=(summary(found.differences),), opens=True), *_parts(found)),
        notes=(),
        foot=tr("Made by forwhom. This page loads nothing from elsewhere."),
    )


def summary(differences: Sequence[Difference]) -> str:
    """Return in a sentence how much differs."""
    if not differences:
        return tr("Both versions say the same.")
    counts = [
        tr_count(*said, n)
        for kind, said in _HAPPENED.items()
        if (n := sum(one.kind == kind for one in differences))
    ]
    return tr_counted(
        "{n} difference: {kinds}.", "{n} differences: {kinds}.", len(differences),
        kinds=joined(counts),
    )  # fmt: skip


def _parts(found: CanvasComparison) -> Iterator[Section]:
    itself = [one for one in found.differences if _part(one) == _ITSELF]
    rest = [one for one in found.differences if _part(one) != _ITSELF]
    if itself:
        yield _section(tr("The canvas itself"), itself)
    for part, some in groupby(rest, _part):
        yield _section(opened(field_name(Canvas, part)), list(some))


def _part(one: Difference) -> str:
    """Return the part of the canvas that a difference is in, where it holds more than one value."""
    part = str(one.path[0]) if one.path else _ITSELF
    value = getattr(Canvas.model_construct(forwhom=1, kind="canvas"), part, None) if part else None
    return part if isinstance(value, list | dict) or part in ("alignment", "decision") else _ITSELF


def _section(name: str, some: Sequence[Difference]) -> Section:
    return Section(
        name=name,
        sentences=tuple(opened(one.sentence) for one in some),
        table=_in_full([one for one in some if one.kind != "reordered" and _longer(one)]),
    )


def _longer(one: Difference) -> bool:
    """Whether a sentence does not hold all that was said before and after."""
    return bool(one.path) and any(text not in one.sentence for text in (one.before, one.after))


def _in_full(some: Sequence[Difference]) -> Table | None:
    if not some:
        return None
    return Table.of(
        some,
        [
            (tr("What changed"), lambda one: opened(one.sentence)),
            (tr("Before"), lambda one: one.before or "–"),
            (tr("After"), lambda one: one.after or "–"),
        ],
        label=tr("All that was said before and after"),
        folded=tr("All that was said before and after"),
        words=(tr("Before"), tr("After")),
    )
