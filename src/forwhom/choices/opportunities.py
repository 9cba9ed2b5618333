"""Opportunities: which needs matter and are not met, for everybody and for each segment.

Opportunity is importance + max(importance - satisfaction, 0) of the two means, so that numbers
of respondents and numbers that stand in the canvas mean the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.choices.respondents import (
    Answers,
    Resampled,
    bootstrap_interval,
    opportunity,
    resample,
    top_shares,
)
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.value import Need
from forwhom.documents.privacy import is_small
from forwhom.documents.results import NeedRanking, Opportunities, RankedNeed
from forwhom.documents.results.opportunities import Met, NumbersFrom
from forwhom.documents.segmentation import Interval
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.wording import between, listed, number, percent, quoted, score, score_between

#: Bootstrap samples of respondents.
DRAWS = 2000
#: Numbers of fewer respondents than this are not shown.
THRESHOLD = 10
#: Words that say that the team itself gave the numbers.
_TEAM = re.compile(
    r"\b(team|we|us|our|ours|ourselves|guess\w*|estimat\w*|assum\w*)\b", re.IGNORECASE
)
#: Numbers that differ only beyond this are the same: what is left of the arithmetic.
_DIGITS = 9
#: What is said of needs by what their numbers rest on.
_RESTING = {
    "guess": later("The team’s guess, not an answer of customers: {needs}."),
    "stated": later("Numbers without intervals, as the canvas states them: {needs}."),
    "half": later("Only one of importance and satisfaction is known: {needs}."),
    "nobody": later("Nobody has rated: {needs}."),
    "withheld": later("Withheld, because fewer than {least} respondents rated them: {needs}."),
}
#: Needs from which on "among the three largest" says something.
_ENOUGH_FOR_THREE = 4


@dataclass(frozen=True)
class _Setting:
    canvas: Canvas
    answers: Answers | None
    draws: int
    seed: int


def rank_opportunities(
    canvas: Canvas,
    answers: Answers | None = None,
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Opportunities:
    """Rank the needs of a canvas by opportunity, for everybody and for each segment."""
    setting = _Setting(canvas, answers, draws, seed)
    notes: list[str] = []
    everybody = _ranking(setting, None, tr("Everybody"), canvas.needs, _pooled(setting, notes))
    segments = []
    for segment in canvas.segments:
        shown = None if answers is None else _of_segment(answers, segment.id)
        needs = _needs_of(canvas, segment.id, answers, shown)
        if needs:
            segments.append(_ranking(setting, segment.id, segment.name, needs, shown))
    return Opportunities(
        title=canvas.title,
        language=canvas.language,
        source=answers.source if answers is not None else "",
        seed=seed,
        draws=draws if answers is not None else 0,
        threshold=THRESHOLD,
        everybody=everybody,
        segments=segments,
        notes=notes + _notes(setting, everybody),
    )


def _of_segment(answers: Answers, segment: str) -> NDArray[np.bool_]:
    return answers.complete & answers.members(segment)[:, None]


def _needs_of(
    canvas: Canvas, segment: str, answers: Answers | None, shown: NDArray[np.bool_] | None
) -> list[Need]:
    rated = set()
    if answers is not None and shown is not None:
        rated = {answers.needs[j] for j in np.flatnonzero(shown.any(axis=0)).tolist()}
    return [n for n in canvas.needs if segment in n.segments or n.id in rated]


def _pooled(setting: _Setting, notes: list[str]) -> NDArray[np.bool_] | None:
    """Return which answers count for everybody.

    From the mean of everybody and those of the segments that are shown, the mean of the others
    follows. Where these are too few to be shown, their answers are left out of both.
    """
    answers = setting.answers
    if answers is None:
        return None
    shown = answers.complete
    groups = [answers.members(s) for s in sorted({s for s in answers.segments if s is not None})]
    hidden = np.zeros(shown.shape, dtype=bool)
    for members in groups:
        small = [is_small(int(n), THRESHOLD) for n in shown[members].sum(axis=0)]
        hidden |= members[:, None] & np.array(small, dtype=bool)[None, :]
    hidden |= answers.members(None)[:, None]
    hidden &= shown
    apart = shown & ~hidden
    few = (hidden.sum(axis=0) < THRESHOLD) & hidden.any(axis=0) & apart.any(axis=0)
    if few.any():
        notes.append(
            tr(
                "Answers of segments with too few respondents are not in the numbers for everybody "
                "either, because they would follow from the others ({needs}).",
                needs=tr_count("{n} need", "{n} needs", int(few.sum())),
            )
        )
    return np.where(few[None, :], apart, shown)


def _ranking(
    setting: _Setting,
    segment: str | None,
    name: str,
    needs: Sequence[Need],
    shown: NDArray[np.bool_] | None,
) -> NeedRanking:
    answers = setting.answers
    measured: dict[str, RankedNeed] = {}
    if answers is not None and shown is not None and shown.any():
        found = resample(answers, shown, draws=setting.draws, seed=setting.seed, name=segment or "")
        measured = _measured(needs, answers, found)
    rows = _in_order([measured.get(need.id) or _as_written(need) for need in needs])
    respondents = None if shown is None else int(shown.any(axis=1).sum())
    return NeedRanking(
        segment=segment,
        name=name,
        respondents=None if is_small(respondents or 0, THRESHOLD) else respondents,
        needs=rows,
        sentences=_sentences(rows),
    )


def _as_written(need: Need) -> RankedNeed:
    """Return a need with the numbers that stand in the canvas."""
    known = need.importance is not None and need.satisfaction is not None
    return RankedNeed(
        need=need.id,
        statement=need.statement,
        kind=need.kind,
        job=need.job,
        numbers_from=number_source(need),
        rated_by=need.rated_by,
        importance=need.importance,
        satisfaction=need.satisfaction,
        opportunity=_opportunity(need) if known else None,
    )


def _opportunity(need: Need) -> float | None:
    if need.importance is None or need.satisfaction is None:
        return None
    value = need.importance + max(need.importance - need.satisfaction, 0.0)
    return round(value, _DIGITS)


def number_source(need: Need) -> NumbersFrom:
    """Return from whom the numbers are that stand in the canvas."""
    if need.importance is None and need.satisfaction is None:
        return "nobody"
    return "guess" if not need.rated_by.strip() or _TEAM.search(need.rated_by) else "stated"


def _measured(needs: Sequence[Need], answers: Answers, found: Resampled) -> dict[str, RankedNeed]:
    """Return the needs that respondents rated; too few respondents show no number."""
    column = {need: index for index, need in enumerate(answers.needs)}
    rated = [n for n in needs if n.id in column and found.n[column[n.id]] > 0]
    shown = [n for n in rated if not is_small(int(found.n[column[n.id]]), THRESHOLD)]
    draws = found.opportunity_draws[:, [column[n.id] for n in shown]]
    first = top_shares(draws, 1) if shown else np.zeros(0)
    three = top_shares(draws, 3) if len(shown) >= _ENOUGH_FOR_THREE else None
    rows = {n.id: _as_written(n) for n in rated}
    for index, need in enumerate(shown):
        rows[need.id] = _with_numbers(
            rows[need.id],
            found,
            column[need.id],
            float(first[index]) if len(shown) > 1 else None,
            None if three is None else float(three[index]),
        )
    hidden = {n.id for n in rated} - {n.id for n in shown}
    for name in hidden:
        rows[name] = rows[name].model_copy(
            update={
                "numbers_from": "withheld",
                "importance": None,
                "satisfaction": None,
                "opportunity": None,
                "canvas_opportunity": rows[name].opportunity,
            }
        )
    return rows


def _with_numbers(
    row: RankedNeed, found: Resampled, j: int, first: float | None, three: float | None
) -> RankedNeed:
    n = int(found.n[j])
    gap = bootstrap_interval(found.importance_draws[:, j] - found.satisfaction_draws[:, j], n)
    value = float(opportunity(found.importance[j], found.satisfaction[j]))
    return row.model_copy(
        update={
            "numbers_from": "respondents",
            "rated_by": "",
            "n": n,
            "importance": float(found.importance[j]),
            "satisfaction": float(found.satisfaction[j]),
            "opportunity": round(value, _DIGITS),
            "importance_interval": bootstrap_interval(found.importance_draws[:, j], n),
            "satisfaction_interval": bootstrap_interval(found.satisfaction_draws[:, j], n),
            "opportunity_interval": bootstrap_interval(found.opportunity_draws[:, j], n),
            "gap_interval": gap,
            "met": _met(gap),
            "first": first,
            "top_three": three,
            "canvas_opportunity": row.opportunity,
        }
    )


def _met(gap: Interval) -> Met:
    if gap.low > 0:
        return "underserved"
    return "overserved" if gap.high < 0 else "undecided"


def _in_order(rows: Sequence[RankedNeed]) -> list[RankedNeed]:
    known = [row.opportunity for row in rows if row.opportunity is not None]
    ranked = [
        row
        if row.opportunity is None
        else row.model_copy(update={"rank": 1 + sum(v > row.opportunity for v in known)})
        for row in rows
    ]
    return sorted(ranked, key=lambda row: (row.rank or len(rows) + 1, row.need))


def _sentences(rows: Sequence[RankedNeed]) -> list[str]:
    ranked = [row for row in rows if row.rank is not None]
    if not ranked:
        return [tr("No need has both an importance and a satisfaction that can be shown.")]
    measured = [row for row in ranked if row.numbers_from == "respondents"]
    first = (measured or ranked)[0]
    sentences = [_leader([row for row in measured or ranked if row.rank == first.rank])]
    above = [row for row in ranked if (row.rank or 0) < (first.rank or 0)]
    if above:
        names = listed([f"{quoted(row.statement)} ({score(row.opportunity)})" for row in above])
        sentences.append(
            tr("Higher, but only by numbers that no respondent gave: {needs}.", needs=names)
        )
    for met, said in (
        ("underserved", later("Matters more than it is met, beyond chance: {needs}.")),
        ("overserved", later("Is met better than it matters, beyond chance: {needs}.")),
    ):
        found = [quoted(row.statement) for row in ranked if row.met == met]
        if found:
            sentences.append(tr(said, needs=listed(found)))
    return sentences


def _leader(leaders: Sequence[RankedNeed]) -> str:
    first = leaders[0]
    value = score(first.opportunity)
    if len(leaders) > 1:
        names = listed([quoted(row.statement) for row in leaders])
        return tr(
            "The largest opportunity, {value} of 20, is shared by {needs}.",
            value=value,
            needs=names,
        )
    known = {"need": quoted(first.statement), "value": value}
    interval = first.opportunity_interval
    if interval is None and first.numbers_from == "stated":
        return tr(
            "The largest opportunity is {need}: {value} of 20, by numbers that the canvas states.",
            **known,
        )
    if interval is None:
        return tr(
            "The largest opportunity is {need}: {value} of 20, by the team’s own guess.", **known
        )
    known["value"] = tr(
        "{value} of 20 ({range}, from {respondents})",
        value=value,
        range=score_between(interval.low, interval.high),
        respondents=tr_count("{n} respondent", "{n} respondents", first.n or 0),
    )
    if first.first is None:
        return tr("The largest opportunity by respondents is {need}: {value}.", **known)
    return tr(
        "The largest opportunity by respondents is {need}: {value}; it leads in {share} of "
        "resamples.",
        share=percent(first.first),
        **known,
    )


def _notes(setting: _Setting, everybody: NeedRanking) -> list[str]:
    """Say which numbers are guesses, which are hidden, and which contradict each other."""
    notes = []
    if not setting.canvas.needs:
        notes.append(
            tr(
                "The canvas has no needs yet: add them under 'needs', with importance and "
                "satisfaction from 0 to 10, or name answers of respondents in 'need_ratings'."
            )
        )
    answers = setting.answers
    by: dict[str, list[str]] = {}
    for row in everybody.needs:
        by.setdefault(row.numbers_from, []).append(quoted(row.statement))
    by["half"] = [quoted(r.statement) for r in everybody.needs if _is_half(r)]
    notes += [
        tr(said, needs=listed(by[source]), least=THRESHOLD)
        for source, said in _RESTING.items()
        if by.get(source)
    ]
    scale = setting.canvas.need_scale
    if answers is not None and scale and scale != [0.0, 10.0]:
        ends = between(number(scale[0]), number(scale[1]))
        notes.append(tr("Answers from {ends} were brought to 0 to 10, in equal steps.", ends=ends))
    if answers is not None:
        one = int((np.isnan(answers.importance) != np.isnan(answers.satisfaction)).sum())
        if one:
            notes.append(
                tr_count(
                    "{n} answer with only one of importance and satisfaction does not count.",
                    "{n} answers with only one of importance and satisfaction do not count.",
                    one,
                )
            )
    return notes + [said for row in everybody.needs if (said := _contradiction(row))]


def _is_half(row: RankedNeed) -> bool:
    return row.numbers_from in ("guess", "stated") and row.opportunity is None


def _contradiction(row: RankedNeed) -> str:
    interval, before = row.opportunity_interval, row.canvas_opportunity
    if interval is None or before is None or interval.low <= before <= interval.high:
        return ""
    return tr(
        "The canvas puts the opportunity of {need} at {before}; respondents put it at {value} "
        "({range}).",
        need=quoted(row.statement),
        before=score(before),
        value=score(row.opportunity),
        range=score_between(interval.low, interval.high),
    )
