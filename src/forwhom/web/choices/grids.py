"""Tables that are typed into: each cell is one number or word of a canvas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from starlette.datastructures import FormData

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.fieldnames import value_name
from forwhom.documents.canvas.keynames import STEPS
from forwhom.documents.canvas.kinds import JobStep
from forwhom.documents.canvas.strategy import OURS
from forwhom.documents.canvas.value import Fit, Proposition
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import tr
from forwhom.web.forms import places
from forwhom.web.forms.fields import Field
from forwhom.web.forms.filled import typed
from forwhom.wording import opened
from forwhom.workspace.changes import Change, Insert, Put


@dataclass(frozen=True)
class Cell:
    """One value: where it stands, what it is called, and what can be chosen (else a number)."""

    at: Location
    label: str
    value: Any = None
    options: tuple[tuple[str, str], ...] = ()
    #: What is added to the list at this place, where what the value is of is not there yet.
    new: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name in the form."""
        return "/".join([places.written(self.at), *(str(one) for one in self.new.values())])

    @property
    def shown(self) -> str:
        """Its value as it stands in the form."""
        if self.value is None:
            return ""
        return f"{self.value:g}" if isinstance(self.value, float) else str(self.value)


@dataclass(frozen=True)
class Row:
    """A row of cells: what it is about, and the key path of the form of that."""

    label: str
    at: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """A table that is typed into."""

    id: str
    title: str
    about: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    #: The key path of the form of what the table is about, where it is one thing.
    at: str = ""


def changes_of(grids: Sequence[Grid], form: FormData) -> list[Change]:
    """Return the changes of cells in which something else stands than was shown to who typed."""
    found: list[Change] = []
    added: dict[Location, int] = {}
    for cell in (cell for grid in grids for row in grid.rows for cell in row.cells):
        was = str(form.get(f"was:{cell.name}", cell.shown)).strip()
        if cell.name not in form or str(form[cell.name]).strip() == was:
            continue
        kind = "choice" if cell.options else "number"
        one = Field(cell.name, cell.label, kind)  # type: ignore[arg-type]
        ((_, value),) = typed([one], form)
        if not cell.new:
            found.append(Put(at=cell.at, value=value))
        elif value is not None:
            index = int(cell.at[-1]) + added.get(cell.at, 0)
            added[cell.at] = added.get(cell.at, 0) + 1
            found.append(Insert(at=(*cell.at[:-1], index), value={**cell.new, "strength": value}))
    return found


def opportunity_grids(canvas: Canvas) -> Iterator[Grid]:
    """Yield how much each need matters and how well it is met, as the team sees it."""
    both = {"importance": tr("Importance"), "satisfaction": tr("Satisfaction")}
    rows = tuple(
        Row(need.statement, places.written(("needs", i)), tuple(
            Cell(("needs", i, part), f"{need.statement}: {words}", getattr(need, part))
            for part, words in both.items()
        ))
        for i, need in enumerate(canvas.needs)
    )  # fmt: skip
    note = tr("From 0 to 10.")
    if canvas.need_ratings:
        said = tr("Where respondents rated a need, their numbers count instead.")
        note = f"{note} {said}"
    yield Grid("needs", tr("Your numbers"), tr("Need"), tuple(both.values()), rows, note)


def job_grids(canvas: Canvas) -> Iterator[Grid]:
    """Yield to which job each need belongs, and at which step it comes up."""
    jobs = tuple((n.id, n.statement) for n in canvas.needs if n.kind == "job" and not n.of)
    steps = tuple((one, f"{i} {tr(STEPS[one])}") for i, one in enumerate(get_args(JobStep), 1))
    belongs, step = tr("Belongs to"), tr("Step")
    rows = tuple(
        Row(need.statement, places.written(("needs", i)), (
            Cell(("needs", i, "of"), f"{need.statement}: {belongs}", need.of,
                 tuple(job for job in jobs if job[0] != need.id) or jobs),
            Cell(("needs", i, "step"), f"{need.statement}: {step}", need.step, steps),
        ))
        for i, need in enumerate(canvas.needs)
    )  # fmt: skip
    yield Grid("jobs", tr("Jobs and their steps"), tr("Need"), (belongs, step), rows)


def fit_grids(canvas: Canvas) -> Iterator[Grid]:
    """Yield for each proposition how far it answers each need of those whom it is for."""
    words = tuple(
        (one, opened(value_name("strength", one)))
        for one in get_args(Fit.model_fields["strength"].annotation)
    )
    for place, one in enumerate(canvas.propositions):
        rows = tuple(_fit_rows(canvas, place, one, words))
        yield Grid(
            f"fit-{one.id}", one.name, tr("Need"), (tr("How far it is answered"),), rows,
            at=places.written(("propositions", place)),
        )  # fmt: skip


def _fit_rows(
    canvas: Canvas, place: int, one: Proposition, words: tuple[tuple[str, str], ...]
) -> Iterator[Row]:
    """Yield the needs that a proposition could answer; one that it does not speak of yet is new."""
    known = {fit.need: i for i, fit in enumerate(one.fit)}
    for need in canvas.needs:
        if not (need.id in known or set(need.segments) & set(one.segments)):
            continue
        here: Location = ("propositions", place, "fit")
        label = f"{one.name}, {need.statement}"
        if need.id in known:
            at = (*here, known[need.id])
            strength = one.fit[known[need.id]].strength
            cell = Cell((*at, "strength"), label, strength, words)
        else:
            at = (*here, len(one.fit))
            cell = Cell(at, label, None, words, new={"need": need.id})
        form = at if need.id in known else ("needs", canvas.needs.index(need))
        yield Row(need.statement, places.written(form), (cell,))


def curve_grids(canvas: Canvas) -> Iterator[Grid]:
    """Yield for each value curve how well we and others do on what matters to the segment."""
    names = {s.id: s.name for s in canvas.segments}
    offers = {OURS: tr("Ours"), **{c.id: c.name for c in canvas.competitors}}
    for place, curve in enumerate(canvas.value_curves):
        rows = tuple(
            Row(point.criterion, places.written(("value_curves", place, "points", i)), tuple(
                Cell(("value_curves", place, "points", i, "scores", key),
                     f"{point.criterion}: {name}", point.scores.get(key))
                for key, name in offers.items()
            ))
            for i, point in enumerate(curve.points)
        )  # fmt: skip
        title = names.get(curve.segment, curve.segment)
        note = tr("From 0 (bad) to 10 (excellent).")
        headings = tuple(offers.values())
        at = places.written(("value_curves", place))
        yield Grid(f"curve-{curve.id}", title, tr("What matters to them"), headings, rows, note, at)


def matrix_grids(canvas: Canvas) -> Iterator[Grid]:
    """Yield the scores of segments, and the weights of judges that are no secret."""
    matrix = canvas.decision
    if matrix is None or not matrix.criteria:
        return
    headings = tuple(one.name for one in matrix.criteria)
    rows = tuple(
        Row(segment.name, places.written(("segments", i)), tuple(
            Cell(("decision", "scores", segment.id, one.id), f"{segment.name}: {one.name}",
                 matrix.scores.get(segment.id, {}).get(one.id))
            for one in matrix.criteria
        ))
        for i, segment in enumerate(canvas.segments)
    )  # fmt: skip
    note = tr("From 0 (bad) to 10 (good).")
    yield Grid("scores", tr("Scores of the segments"), tr("Segment"), headings, rows, note)
    judges = tuple(
        Row(judge.id, places.written(("decision", "judges", i)), tuple(
            Cell(("decision", "judges", i, "weights", one.id), f"{judge.id}: {one.name}",
                 judge.weights.get(one.id))
            for one in matrix.criteria
        ))
        for i, judge in enumerate(matrix.judges)
    )  # fmt: skip
    if judges:
        note = tr("Any positive numbers; only how they compare matters.")
        yield Grid("weights", tr("Weights of the judges"), tr("Judge"), headings, judges, note)
