"""Every variable in every segment: standardized differences, and the table of values."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from forwhom.documents.base import Use, is_number
from forwhom.documents.segmentation import (
    LevelShare,
    NumberSummary,
    Segmentation,
    Variable,
    VariableProfile,
)
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.languages.units import unit_alone
from forwhom.wording import apart, beside, is_spoken, percent, quantity, quantity_range

#: A nominal variable can have hundreds of levels; the most common ones carry the story.
SHOWN_LEVELS = 20
#: From here on a difference is marked in the table: medium, by Cohen's bounds.
MARKED = 0.5

_GROUPS: tuple[tuple[Use, str, str], ...] = (
    ("active", later("Variables that formed the segments"), later("Active")),
    ("descriptor", later("Variables that only describe the segments"), later("Descriptor")),
    (
        "protected",
        later("Protected attributes: audited, never used to form segments"),
        later("Protected"),
    ),
)

_SHARE = re.compile(r"\b(share|shares|proportion|fraction)\b", re.IGNORECASE)

#: The profiles of one variable, one per segment; ``None`` where a segment has none.
Profiles = Sequence[VariableProfile | None]


@dataclass(frozen=True)
class Contrast:
    """How far each segment is from the sample on one variable, in standard deviations."""

    variable: str
    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Cell:
    """One value in the table of profiles."""

    value: str
    detail: str = ""
    mark: str = ""
    withheld: bool = False


@dataclass(frozen=True)
class Row:
    """One number, or one level of a variable: the sample, then each segment."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Block:
    """One variable with its rows."""

    label: str
    note: str
    rows: tuple[Row, ...]
    question: str = ""  # of which it is one row, with its neighbors


@dataclass(frozen=True)
class Group:
    """The variables with the same use."""

    title: str
    kind: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ProfileTables:
    """The table of all profiles, and whether anything in it is hidden."""

    groups: tuple[Group, ...]
    hidden: bool
    threshold: int


def contrasts(segmentation: Segmentation) -> tuple[Contrast, ...]:
    """Return the active variables' standardized differences, most separating first."""
    found = []
    for variable in segmentation.variables:
        if variable.use == "active":
            contrast = _contrast(variable, _profiles(segmentation, variable.name))
            if contrast is not None:
                found.append(contrast)
    return tuple(sorted(found, key=_spread, reverse=True))


def profile_tables(segmentation: Segmentation) -> ProfileTables:
    """Return the profile of every variable, active or not, in every segment."""
    groups = []
    for use, title, kind in _GROUPS:
        blocks = tuple(
            _block(variable, _profiles(segmentation, variable.name))
            for variable in segmentation.variables
            if variable.use == use
        )
        shown = tuple(b for b in blocks if b.rows)
        if shown:
            groups.append(Group(tr(title), tr(kind), shown))
    hidden = any(
        cell.withheld
        for group in groups
        for block in group.blocks
        for row in block.rows
        for cell in row.cells
    )
    return ProfileTables(tuple(groups), hidden, segmentation.threshold)


def _profiles(segmentation: Segmentation, variable: str) -> list[VariableProfile | None]:
    return [
        next((p for p in segment.profile if p.variable == variable), None)
        for segment in segmentation.segments
    ]


def _spread(contrast: Contrast) -> float:
    known = [v for v in contrast.values if v is not None]
    return max(known) - min(known) if known else 0.0


def _contrast(variable: Variable, profiles: Profiles) -> Contrast | None:
    if is_number(variable.measure):
        values = [_number_difference(p) for p in profiles]
        label = variable.label
    elif variable.measure == "ordinal":
        values = [_rank_difference(p) for p in profiles]
        label = variable.label
    else:
        level, values = _telling_level(variable, profiles)
        label = variable.label if level is None else f"{variable.label}: {level}"
    if all(v is None for v in values):
        return None
    return Contrast(variable.name, label, tuple(values))


def _number_difference(profile: VariableProfile | None) -> float | None:
    if profile is None or profile.n is None or profile.inside is None or profile.sample is None:
        return None
    spread = profile.sample.sd
    return (profile.inside.mean - profile.sample.mean) / spread if spread > 0 else None


def _rank_difference(profile: VariableProfile | None) -> float | None:
    """Return the difference of mean ranks in standard deviations, from the levels shown."""
    if profile is None or profile.n is None:
        return None
    shown = [
        (rank, share.inside, share.sample)
        for rank, share in enumerate(profile.levels)
        if share.inside is not None and share.sample is not None
    ]
    inside, sample = sum(s[1] for s in shown), sum(s[2] for s in shown)
    if inside <= 0 or sample <= 0:
        return None
    mean_inside = sum(rank * share for rank, share, _ in shown) / inside
    mean_sample = sum(rank * share for rank, _, share in shown) / sample
    variance = sum(share * (rank - mean_sample) ** 2 for rank, _, share in shown) / sample
    return (mean_inside - mean_sample) / math.sqrt(variance) if variance > 0 else None


def _telling_level(variable: Variable, profiles: Profiles) -> tuple[str | None, list[float | None]]:
    """Return the level on which the segments differ most, with Cohen's h against the sample."""
    names = [share.level for p in profiles if p is not None for share in p.levels]
    levels = variable.levels or list(dict.fromkeys(names))
    best: tuple[float, str | None, list[float | None]] = (-1.0, None, [None] * len(profiles))
    # Of a binary variable the last level is the "yes"; equal spreads keep the one seen first.
    for level in reversed(levels) if variable.measure == "binary" else levels:
        values = [_share_difference(p, level) for p in profiles]
        spread = _spread(Contrast("", "", tuple(values)))
        if any(v is not None for v in values) and spread > best[0] + 1e-9:
            best = (spread, level, values)
    return best[1], best[2]


def _share_difference(profile: VariableProfile | None, level: str) -> float | None:
    if profile is None or profile.n is None:
        return None
    share = next((s for s in profile.levels if s.level == level), None)
    if share is None or share.inside is None or share.sample is None:
        return None
    return _cohens_h(share.inside, share.sample)


def _cohens_h(first: float, second: float) -> float:
    inside, sample = (math.asin(math.sqrt(min(max(p, 0.0), 1.0))) for p in (first, second))
    return 2 * inside - 2 * sample


def _block(variable: Variable, profiles: Profiles) -> Block:
    numeric = is_number(variable.measure)
    rows = (_number_rows if numeric else _level_rows)(variable, profiles)
    notes = []
    if numeric and variable.unit and is_spoken(variable.unit):
        notes.append(tr("in {unit}", unit=apart(unit_alone(variable.unit))))
    if variable.asked:
        notes.append(f"{apart(variable.asked)} ({percent(1 - variable.unasked)})")
    if variable.missing > 0:
        notes.append(tr("{part} missing", part=percent(variable.missing)))
    about = variable.label.removeprefix(variable.question) if variable.question else ""
    label = about.strip(" :")
    return Block(label or variable.label, beside(notes), rows, variable.question)


def _number_rows(variable: Variable, profiles: Profiles) -> tuple[Row, ...]:
    sample = next((p.sample for p in profiles if p is not None and p.sample is not None), None)
    if sample is None and all(p is None or p.inside is None for p in profiles):
        return ()
    unit = _unit_in_cells(variable, sample)
    cells = [Cell("–") if sample is None else _number_cell(sample, unit, None)]
    for profile in profiles:
        if profile is None:
            cells.append(Cell("–"))
        elif profile.n is None or profile.inside is None:
            cells.append(_withheld())
        else:
            cells.append(_number_cell(profile.inside, unit, _number_difference(profile)))
    return (Row("", tuple(cells)),)


def _unit_in_cells(variable: Variable, sample: NumberSummary | None) -> str | None:
    # A unit that is a word stands once, beside the label. A share may not say that it is one.
    if is_spoken(variable.unit):
        return None
    called = _SHARE.search(f"{variable.name} {variable.label}".replace("_", " "))
    if variable.unit is None and called and sample is not None:
        within = sample.q10 >= 0 and 0 <= sample.mean <= 1 and sample.q90 <= 1
        return "share" if within else None
    return variable.unit


def _number_cell(summary: NumberSummary, unit: str | None, difference: float | None) -> Cell:
    return Cell(
        quantity(summary.mean, unit),
        quantity_range(summary.q25, summary.q75, unit),
        _mark(difference),
    )


def _level_rows(variable: Variable, profiles: Profiles) -> tuple[Row, ...]:
    sample: dict[str, float | None] = {}
    for profile in profiles:
        for share in profile.levels if profile is not None else ():
            sample.setdefault(share.level, share.sample)
    levels = list(sample)
    if len(levels) > SHOWN_LEVELS and variable.measure != "ordinal":
        levels = sorted(levels, key=lambda level: -(sample[level] or 0.0))[:SHOWN_LEVELS]
    rows = []
    for level in levels:
        known = sample[level]
        cells = [_withheld() if known is None else Cell(percent(known))]
        cells += [_level_cell(profile, level) for profile in profiles]
        rows.append(Row(level, tuple(cells)))
    if len(sample) > len(levels):
        rows.append(_rarer(len(sample) - len(levels)))
    return tuple(rows)


def _level_cell(profile: VariableProfile | None, level: str) -> Cell:
    if profile is None:
        return Cell("–")
    share: LevelShare | None = next((s for s in profile.levels if s.level == level), None)
    if profile.n is None or (share is not None and share.inside is None):
        return _withheld()
    if share is None:
        return Cell("–")
    return Cell(percent(share.inside), mark=_mark(_share_difference(profile, level)))


def withheld() -> str:
    """Return what stands where too few customers are behind a number, or it gives one away."""
    return tr("withheld")


def _withheld() -> Cell:
    return Cell(withheld(), withheld=True)


def _rarer(n: int) -> Row:
    return Row(tr_count("{n} rarer level, not shown", "{n} rarer levels, not shown", n), ())


def _mark(difference: float | None) -> str:
    if difference is None or abs(difference) < MARKED:
        return ""
    return "▲" if difference > 0 else "▼"
