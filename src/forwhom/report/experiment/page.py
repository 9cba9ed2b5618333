from __future__ import annotations

from forwhom.documents.results.experiment import (
    VERDICTS,
    Differing,
    Effect,
    ExperimentReading,
    Look,
)
from forwhom.languages.catalog import speaking, tr, whole
from forwhom.report.experiment.forest import forest
from forwhom.report.filling import direction, filled, marked
from forwhom.wording import apart, decimal, number, opened, percent, percent_between


def experiment_html(found: ExperimentReading) -> str:
    """Return what an experiment shows as one HTML page that loads nothing."""
    with speaking(found.language):
        return filled(
            "experiment/page.html.jinja",
            "experiment/page.css",
            found=found,
            short=marked(tr("No verdict.") if found.blocked else found.short),
            sentences=[
                marked(one)
                for one in ([opened(found.blocked)] if found.blocked else found.sentences)
            ],
            direction=direction(found.language),
            picture="" if found.blocked else forest(found),
            heads=(tr("Segment"), *found.arms, tr("Difference"), tr("By itself"),
                   tr("Of all at once"), tr("Pooled"), tr("Pooled interval"), "p", tr("Verdict")),
            rows=[tuple(map(marked, _row(found, one))) for one in found.effects],
            looks=[tuple(map(marked, _look(found, one))) for one in found.looks],
            settings=[(name, marked(said)) for name, said in _settings(found)],
            version=found.version,
        )  # fmt: skip


def _look(found: ExperimentReading, one: Look) -> tuple[str, ...]:
    return (
        f"{one.day} ({percent(one.fraction)})", whole(one.customers),
        found.outcome.difference(one.difference),
        found.outcome.between(one.interval.low, one.interval.high),
    )  # fmt: skip


def _row(found: ExperimentReading, one: Effect) -> tuple[str, ...]:
    outcome = found.outcome
    levels = ("–", "–") if one.levels is None else tuple(map(outcome.level, one.levels))
    arms = tuple(
        level if one.customers is None else tr("{level} of {n}", level=level, n=whole(n))
        for level, n in zip(levels, one.customers or (0, 0), strict=True)
    )
    intervals = [
        "–" if i is None else outcome.between(i.low, i.high)
        for i in (one.interval, one.sure, one.pooled_interval)
    ]
    return (
        one.label, *arms, outcome.difference(one.difference), intervals[0], intervals[1],
        outcome.difference(one.pooled), intervals[2], number(one.p, 2), tr(VERDICTS[one.verdict]),
    )  # fmt: skip


def _settings(found: ExperimentReading) -> list[tuple[str, str]]:
    """Return what a reader checks: the plan, the arms, whether segments differ."""
    control, treated = found.allocation.customers
    told = [
        (tr("Hypothesis"), found.statement),
        (tr("Asked for"), found.asked),
        (
            tr("Plan"),
            tr(
                "{plan}, sealed on {day} as {mark}",
                plan=apart(found.plan),
                day=found.sealed,
                mark=found.fingerprint,
            ),
        ),
        (tr("Chance of a wrong verdict"), percent(found.alpha)),
        (
            tr("Customers"),
            tr(
                "{n} {control}, {more} {treated}; so uneven a split, or a more uneven one, comes "
                "by chance with p = {p}",
                n=whole(control),
                control=apart(found.arms[0]),
                more=whole(treated),
                treated=apart(found.arms[1]),
                p=number(found.allocation.p, 2),
            ),
        ),
    ]
    if found.differing is not None:
        told.append((tr("Between segments"), _between_segments(found.differing)))
    return told


def _between_segments(one: Differing) -> str:
    return tr(
        "Q = {q} with {degrees}, p = {p}; I² = {share} ({between})",
        q=apart(decimal(one.q, 1)), degrees=apart(one.degrees), p=apart(number(one.p, 2)),
        share=percent(one.i2),
        between=percent_between(one.i2_interval.low, one.i2_interval.high),
    )  # fmt: skip
