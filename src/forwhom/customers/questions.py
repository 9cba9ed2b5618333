"""Questions that are not columns: one scale for several, who was asked, and "none of these"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from forwhom.customers.choices import stem_of
from forwhom.customers.keys import FEW_OF_TOOL
from forwhom.customers.placement import Placement, View
from forwhom.documents.study import StudyVariable
from forwhom.tables import VariableProfile, collect
from forwhom.tables.columns import shortened
from forwhom.tables.ordering import level_name
from forwhom.wording import count, listed, opened, percent

#: So many neighbors on one scale are rows of one question.
_FEWEST_ROWS = 3
#: A question that leads to another one has few answers; each side has so many people.
_MOST_ANSWERS, _FEWEST = 12, 10
#: Shorter, what labels begin with is no question.
_TELLING = 6
#: Of those who were not asked, this share at most has a value; of those who were, this share least.
_NOBODY, _MOSTLY = 0.01, 0.8
#: So many people show who was asked.
_LOOKED_AT = 20_000
#: Answers that say that no other one was chosen.
_NONE = re.compile(
    r"(?i)\b(?:none|nothing)(?: of (?:these|the above|them))?$|\b(?:keine?s?|nichts)(?: davon| der "
    r"genannten)?$|\baucune?(?: de ces .*| des .*)?$|\bning[uú]n[oa]?(?: de .*)?$|\bnessun[oa]?"
    r"(?: di .*)?$|\bnenhum(?:a)?(?: d.*)?$|\bgeen(?: van .*)?$|\b[zż]adn[ae](?: z .*)?$"
)


@dataclass(frozen=True)
class Grid:
    """One question with a row for each of several things, all answered on one scale."""

    asked: str  # the question
    rows: Mapping[str, str]  # column -> its label
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """A question that was asked only of those who gave certain answers to an earlier one."""

    column: str
    gate: str  # the earlier question
    answers: tuple[str, ...]  # the answers that lead here
    unasked: int  # rows of those who were not asked
    answered: float  # share of those who were that have a value


def with_found_questions(placement: Placement) -> None:
    """Find grids, routing and "none of these" in every table of people."""
    if placement.customers is not None:
        placement.customers = _with_questions(placement.customers)
    placement.tables = [_with_questions(view) for view in placement.tables]


def _with_questions(view: View) -> View:
    said: dict[str, StudyVariable] = {}
    reasons: dict[str, str] = {}
    grids, routes = list(grids_in(view.profile.columns)), list(_routes(view))
    for grid in grids:
        for column, label in grid.rows.items():
            levels = list(grid.levels)
            said[column] = StudyVariable(question=grid.asked, label=label, levels=levels)
    for route in routes:
        known = said.get(route.column, StudyVariable())
        asked = {route.gate: list(route.answers)}
        said[route.column] = known.model_copy(update={"asked": asked})
        reasons[route.column] = f"{opened(why_asked(route))}."
    for column in _nones(view):
        said[column] = said.get(column, StudyVariable()).model_copy(update={"use": "descriptor"})
        reasons[column] = "It follows from the other answers, so it forms no segments."
    remarks = [*told_grids(grids), *_told_routes(routes), *_told_nones(list(_nones(view)))]
    return replace(view, questions=said, reasons=reasons, remarks=tuple(remarks))


def _joined(question: str, about: str) -> str:
    return f"{question} {about}" if question.endswith("?") else f"{question}: {about}"


def grids_in(columns: Sequence[VariableProfile]) -> Iterator[Grid]:
    """Yield neighbors of one question that are answered on one scale."""
    for (stem, _), several in groupby(columns, key=lambda c: (stem_of(c), c.measure == "ordinal")):
        rows = list(several)
        scale = max((c.levels for c in rows), key=len)
        if not stem or len(rows) < _FEWEST_ROWS or len(scale) < 2:
            continue
        if all(len(c.levels) > 1 and _is_part(c.levels, scale) for c in rows):
            asked, labels = _labels(rows, stem)
            if len(set(labels.values())) == len(labels):
                yield Grid(asked, labels, scale)


def _labels(rows: Sequence[VariableProfile], stem: str) -> tuple[str, dict[str, str]]:
    """Return the question of several columns, and their labels.

    Where labels have no sign between question and row, the words that all begin with are the
    question, and labels stay as they are.
    """
    if any(c.called and not c.called.startswith(stem) for c in rows):
        words = [c.label.split() for c in rows]
        alike = list(takewhile(lambda both: len(set(both)) == 1, zip(*words, strict=False)))
        shared = " ".join(both[0] for both in alike)
        labels = {c.name: c.label for c in rows}
        return (shared if len(shared) >= _TELLING else stem.strip(" -–:>")), labels
    asked = stem.strip(" -–:>")
    return asked, {c.name: _joined(asked, _about(c, stem)) for c in rows}


def _is_part(levels: Sequence[str], scale: Sequence[str]) -> bool:
    """Whether levels are those of a scale, some of which nobody chose."""
    rest = iter(scale)
    return all(level in rest for level in levels)


def _about(column: VariableProfile, stem: str) -> str:
    said = column.called if column.called.startswith(stem) else column.name
    return said.removeprefix(stem).strip(" -–:_/.[]>") or said


def _routes(view: View) -> Iterator[Route]:
    """Find who was asked what: a question that nobody answered after certain earlier answers."""
    columns = [c for c in view.profile.columns if _is_question(c, view)]
    rows = view.profile.rows
    targets = [c for c in columns if _FEWEST <= c.n <= rows - _FEWEST]
    if not targets or not _is_survey(view):
        return
    table = collect(replace(view.table, frame=view.table.frame.select(
        *(nw.col(c.name) for c in columns)).head(_LOOKED_AT)))  # fmt: skip
    filled = np.array([table[c.name].is_valid().to_numpy() for c in targets], dtype=np.float32).T
    gates = {}
    for column in columns:
        if 2 <= column.distinct <= _MOST_ANSWERS:
            gates[column.name] = _answered_after(table[column.name].to_pylist(), filled)
    order = [c.name for c in columns]
    for position, column in enumerate(targets):
        before = [name for name in order[: order.index(column.name)] if name in gates]
        found = [_route(column.name, name, *gates[name], position) for name in before]
        best = max(filter(None, found), key=lambda r: (round(r.answered, 2), before.index(r.gate)),
                   default=None)  # fmt: skip
        if best is not None:
            yield best


def _is_question(column: VariableProfile, view: View) -> bool:
    return column.name != view.id and not column.of_tool and column.personal is None


def _is_survey(view: View) -> bool:
    """Whether a table holds answers: a tool took them, or most columns are questions."""
    of_tool = sum(column.of_tool for column in view.profile.columns)
    responses = view.layout is not None and view.layout.rows == "responses"
    return responses or of_tool >= FEW_OF_TOOL or 2 * len(view.table.labels) >= len(
        view.profile.columns
    )  # fmt: skip


def _answered_after(
    answers: Sequence[object], filled: NDArray[np.float32]
) -> tuple[list[str], NDArray[np.float32], NDArray[np.float32]]:
    """Return the answers of a question, its people by answer, and how many then have a value."""
    said = ["" if one is None else level_name(one) for one in answers]
    levels, codes = np.unique(said, return_inverse=True)
    chosen = (codes[:, None] == np.arange(len(levels))).astype(np.float32)
    return levels.tolist(), chosen.sum(axis=0), chosen.T @ filled


def _route(
    column: str,
    gate: str,
    levels: Sequence[str],
    people: NDArray[np.float32],
    answered: NDArray[np.float32],
    position: int,
) -> Route | None:
    share = answered[:, position] / np.maximum(people, 1)
    skipped = share <= _NOBODY
    # What fewer people said is nobody's business; they count as not asked.
    often = people >= _FEWEST
    asked = [level for level, no, n in zip(levels, skipped, often, strict=True)
             if level and n and not no]  # fmt: skip
    here, out = people[~skipped].sum(), people[skipped].sum()
    # Blanks alone do not tell who was not asked: the same people may have left out both.
    no_blanks = np.array([bool(level) for level in levels])
    if not asked or here < _FEWEST or people[skipped & no_blanks].sum() < _FEWEST:
        return None
    rate = float(answered[~skipped, position].sum() / here)
    blank = levels[0] == "" and not skipped[0] and bool(often[0])
    if rate < _MOSTLY or blank:
        return None
    return Route(column, gate, tuple(asked), int(out), rate)


def _nones(view: View) -> Iterator[str]:
    """Yield answers of a question with several that say that no other one was chosen."""
    labels = view.table.labels
    for one in view.sets:
        names = one.columns or [f"{one.column}: {option}" for option in one.options]
        for name, said in zip(names, one.columns or one.options, strict=True):
            if _NONE.search(labels.get(name, said).strip(" .)]")) or _NONE.search(said):
                yield name


def told_grids(grids: Sequence[Grid]) -> Iterator[str]:
    """Say which columns are one question with several rows."""
    for grid in grids:
        names = list(grid.rows)
        scale = f"“{shortened(grid.levels[0])}” to “{shortened(grid.levels[-1])}”"
        yield (
            f"{names[0]} to {names[-1]} are one question, “{grid.asked}”, of "
            f"{count(len(names), 'row')} on one scale, {scale}."
        )


def _told_routes(routes: Sequence[Route]) -> Iterator[str]:
    asked: dict[str, list[str]] = {}
    for route in routes:
        asked.setdefault(why_asked(route), []).append(route.column)
    yield from (f"{listed(names)}: {why}. Not asked is not missing." for why, names in
                asked.items())  # fmt: skip


def _told_nones(names: Sequence[str]) -> Iterator[str]:
    if names:
        says = "says" if len(names) == 1 else "say"
        yield f"{listed(names)} {says} that no other answer was chosen, and forms no segments."


def why_asked(route: Route) -> str:
    """Return who was asked, and how that shows."""
    answers = listed([f"“{shortened(one)}”" for one in route.answers], last="or")
    others = count(route.unasked, "other has no value", "others have no value")
    return (
        f"asked only where {route.gate} is {answers}: the {others}, and "
        f"{percent(route.answered)} of those do"
    )
