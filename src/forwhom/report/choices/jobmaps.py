"""Maps of jobs: eight steps in two rows with the needs at each, and everything in a table."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from forwhom.documents.canvas.keynames import STEPS
from forwhom.documents.canvas.kinds import JobStep
from forwhom.documents.results.jobmaps import JobMap, JobMaps, MappedNeed
from forwhom.languages.catalog import later, tr
from forwhom.report.choices.marks import LINE
from forwhom.report.choices.picture import Drawing
from forwhom.report.choices.terms import ANSWERED, STRENGTHS
from forwhom.report.drawing.lettering import rough_width, wrapped
from forwhom.report.drawing.palette import accent
from forwhom.report.drawing.svg import circle, element, rect, stacked
from forwhom.report.needkinds import JOBS, KINDS
from forwhom.report.outline import Line, Section, Table, Theirs, around
from forwhom.wording import beside, joined, lowered, opened, score

#: What each step asks, in the words of who has the job.
_ASKS: dict[JobStep, str] = {
    "define": later("What do I want, and how?"),
    "locate": later("What do I need, and where is it?"),
    "prepare": later("What must be ready first?"),
    "confirm": later("Can I begin?"),
    "execute": later("Do it."),
    "monitor": later("Is it going well?"),
    "modify": later("What must I change?"),
    "conclude": later("How do I end it?"),
}
_STEP, _GAP, _IN_ROW = 244, 14, 4
_WIDTH = _IN_ROW * _STEP + (_IN_ROW - 1) * _GAP
_POINT, _HEAD, _INSET = 12, 46, 12


def job_map_sections(found: JobMaps) -> Iterator[Section]:
    """Yield each map with its picture and its table, and the jobs without one."""
    for index, one in enumerate(found.maps, 1):
        related = [Theirs(need.statement) for need in one.related]
        yield Section(
            name=Theirs(one.main.statement),
            sentences=tuple(one.sentences),
            opens=index == 1,
            picture=job_map_drawing(one, f"map-{index}"),
            pictured=tr("Map of the job"),
            items=tuple(around(tr("Related job: {job}"), job=job) for job in related),
            table=_table(one),
        )
    if found.unmapped:
        texts = [Theirs(need.statement) for need in found.unmapped]
        yield Section(
            name=tr("Jobs without a map"),
            sentences=(tr("No other need belongs to these jobs: say 'of' and 'step' of some."),),
            table=Table(
                label=tr("Jobs without a map"),
                headings=(tr("Job"), tr("Importance"), tr("Answered")),
                words=(tr("Answered"),),
                rows=tuple(
                    (text, score(need.importance), tr(STRENGTHS[need.strength]))
                    for text, need in zip(texts, found.unmapped, strict=True)
                ),
                ranks=("",) * len(texts),
                briefly=tuple(need.statement for need in found.unmapped),
            ),
        )


def _table(one: JobMap) -> Table:
    rows = [(tr(STEPS[step.step]), need) for step in one.steps for need in step.needs]
    rows += [(tr("Related"), need) for need in one.related]
    rows += [(tr("The whole job"), need) for need in one.whole]
    rows.insert(0, (tr("Main job"), one.main))
    return Table.of(
        rows,
        [
            (tr("Need"), lambda row: Theirs(row[1].statement)),
            (tr("Where"), lambda row: row[0]),
            (tr("Kind"), lambda row: _kind(row[1])),
            (tr("Form"), lambda row: _form(row[1])),
            (tr("Importance"), lambda row: score(row[1].importance)),
            (tr("Satisfaction"), lambda row: score(row[1].satisfaction)),
            (tr("Answered"), lambda row: tr(STRENGTHS[row[1].strength])),
            (tr("By"), lambda row: _by(row[1])),
        ],
        label=tr("Needs of the job"),
        folded=tr("All needs of it as a table"),
        words=(tr("Where"), tr("Kind"), tr("Form"), tr("Answered"), tr("By")),
        ranks=("",) * len(rows),
        briefly=tuple(f"{where}: {need.statement} ({_state(need)})" for where, need in rows),
    )


def _kind(need: MappedNeed) -> str:
    said = JOBS[need.job] if need.kind == "job" and need.job else KINDS[need.kind]
    return opened(tr(said))


def _form(need: MappedNeed) -> Line:
    """The parts of a statement; what is not there is said."""
    if need.form is None:
        return "–"
    names = (tr("verb"), tr("object"), tr("circumstances"))
    if need.kind == "outcome":
        names = (tr("direction"), tr("measure"), tr("of what"))
    parts = (need.form.verb, need.form.object, need.form.circumstances)
    said: list[str] = []
    for name, part in zip(names, parts, strict=True):
        said += [
            beside(("", "")) if said else "",
            f"{name}: ",
            Theirs(part) if part else tr("not said"),
        ]
    return tuple(said)


def _by(need: MappedNeed) -> Line:
    said: list[str] = []
    for name in need.answered_by:
        said += [beside(("", "")) if said else "", Theirs(name)]
    return tuple(said) or "–"


def _state(need: MappedNeed) -> str:
    rated = []
    if need.importance is not None:
        rated.append(tr("importance {score}", score=score(need.importance)))
    if need.satisfaction is not None:
        rated.append(tr("met today {score}", score=score(need.satisfaction)))
    return joined([*rated, tr(ANSWERED[need.strength])])


@dataclass(frozen=True)
class _Box:
    """A need in its box, with its lines."""

    need: MappedNeed
    texts: list[str]
    states: list[str]

    @property
    def height(self) -> int:
        return 14 + 14 + LINE * len(self.texts) + 15 * len(self.states)


def job_map_drawing(found: JobMap, name: str) -> Drawing:
    """Return a map: steps as arrows in two rows, needs below each, the whole job beside them."""
    parts = list(_heading(found))
    top = 24 + 20 * len(wrapped(found.main.statement, _WIDTH - 60, 16, 2)) + 22
    for first in range(0, len(found.steps), _IN_ROW):
        row = found.steps[first : first + _IN_ROW]
        bottom = top
        for column, step in enumerate(row):
            x = column * (_STEP + _GAP)
            parts += _arrow(step.step, first + column + 1, x, top)
            y = top + _HEAD + 8
            if not step.needs:
                y = _nothing(parts, x, y)
            for box in map(_boxed, step.needs):
                parts += _drawn(box, x, y, _STEP)
                y += box.height + 6
            bottom = max(bottom, y)
        top = bottom + 16
    top = _beside(parts, found, top)
    parts += _legend(top + 10)
    title = tr("Map of a job")
    return Drawing(name, title, _described(found), _WIDTH, top + 34, tuple(parts))


def _heading(found: JobMap) -> Iterator[Markup]:
    x = 0
    for number in found.numbers:
        yield circle(10 + x, 14, 10, class_=f"solid color-{accent(number)}")
        yield element("text", str(number), x=10 + x, y=18, class_="on-solid")
        x += 24
    names = " · ".join(found.segments) or tr("No segment has it")
    (line,) = wrapped(names, _WIDTH - x - 10, 13, 1)
    yield element("text", line, x=x + 2, y=18, class_="faint")
    rows = wrapped(found.main.statement, _WIDTH - 60, 16, 2)
    yield from stacked(rows, 0, 46, 20, class_="heading")


def _arrow(step: JobStep, number: int, x: int, y: int) -> Iterator[Markup]:
    """A step as an arrow to the next, with what it asks."""
    right = x + _STEP
    points = [
        (x, y), (right - _POINT, y), (right, y + _HEAD / 2), (right - _POINT, y + _HEAD),
        (x, y + _HEAD), (x + (_POINT if number % _IN_ROW != 1 else 0), y + _HEAD / 2),
    ]  # fmt: skip
    corners = " ".join(f"{px:g},{py:g}" for px, py in points)
    yield element("polygon", points=corners, class_="track")
    yield element("text", f"{number} {tr(STEPS[step])}", x=x + 22, y=y + 20, class_="strong")
    yield element("text", tr(_ASKS[step]), x=x + 22, y=y + 36, class_="faint")


def _nothing(parts: list[Markup], x: int, y: int) -> int:
    silent = tr("Nobody has said what happens here.")
    rows = wrapped(silent, _STEP - 2 * _INSET, 12, 2)
    height = 18 + 15 * len(rows)
    parts.append(rect(x, y, _STEP, height, rx=4, class_="box-open"))
    parts += stacked(rows, x + _INSET, y + 21, 15, class_="open")
    return y + height + 6


def _boxed(need: MappedNeed, width: int = _STEP) -> _Box:
    inner = width - 2 * _INSET - 4
    return _Box(need, wrapped(need.statement, inner, 13, 6), wrapped(_state(need), inner, 12, 3))


def _drawn(box: _Box, x: int, y: int, width: int) -> Iterator[Markup]:
    need = box.need
    open_ = need.strength == "none"
    yield rect(x, y, width, box.height, rx=4, class_="box-open" if open_ else "box")
    yield rect(x, y, 5, box.height, class_=f"edge-{need.strength}")
    yield element("text", _kind(need), x=x + _INSET + 4, y=y + 18, class_="faint")
    yield from stacked(box.texts, x + _INSET + 4, y + 18 + LINE, LINE)
    below = y + 18 + LINE + LINE * len(box.texts) - 1
    yield from stacked(box.states, x + _INSET + 4, below, 15, class_="open" if open_ else "faint")


def _beside(parts: list[Markup], found: JobMap, top: int) -> int:
    """What belongs to the job at no step: outcomes and fears of the whole, related jobs."""
    wide = (_WIDTH - _GAP) // 2
    columns = ((tr("Of the job as a whole"), found.whole), (tr("Related jobs"), found.related))
    if not any(needs for _, needs in columns):
        return top
    bottom = top
    for column, (title, needs) in enumerate(columns):
        x, y = column * (wide + _GAP), top + 14
        parts.append(element("text", title, x=x, y=y, class_="strong"))
        y += 10
        if not needs:
            parts.append(element("text", tr("None is named."), x=x, y=y + 12, class_="faint"))
            y += 22
        for need in needs:
            box = _boxed(need, wide)
            parts += _drawn(box, x, y, wide)
            y += box.height + 6
        bottom = max(bottom, y)
    return bottom + 8


def _legend(y: int) -> Iterator[Markup]:
    x = 0.0
    for strength, said in ANSWERED.items():
        text = tr(said)
        yield rect(x, y, 5, 14, class_=f"edge-{strength}")
        yield element("text", text, x=x + 12, y=y + 12, class_="faint")
        x += 40 + rough_width(text, 13)


def _described(found: JobMap) -> str:
    silent = tr("nothing said")
    said = []
    for step in found.steps:
        needs = beside(need.statement for need in step.needs) or silent
        said.append(f"{lowered(tr(STEPS[step.step]))}: {needs}")
    return f"{found.main.statement}. {'. '.join(said)}."
