from __future__ import annotations

from forwhom.documents.results.experiment import Effect, ExperimentReading
from forwhom.report.experiment.forest import forest
from forwhom.report.filling import filled
from forwhom.wording import decimal, number, percent, percent_between


def experiment_html(found: ExperimentReading) -> str:
    """Return what an experiment shows as one HTML page that loads nothing."""
    return filled(
        "experiment/page.html.jinja",
        "experiment/page.css",
        found=found,
        picture="" if found.blocked else forest(found),
        heads=("Segment", *found.arms, "Difference", "By itself", "Of all at once", "Pooled",
               "Pooled interval", "p", "Verdict"),
        rows=[_row(found, one) for one in found.effects],
        looks=[
            (f"{one.day} ({percent(one.fraction)})", f"{one.customers:,}",
             found.outcome.difference(one.difference),
             found.outcome.between(one.interval.low, one.interval.high))
            for one in found.looks
        ],
        settings=_settings(found),
        version=found.version,
    )  # fmt: skip


def _row(found: ExperimentReading, one: Effect) -> tuple[str, ...]:
    outcome = found.outcome
    levels = ("–", "–") if one.levels is None else tuple(map(outcome.level, one.levels))
    arms = tuple(
        level if one.customers is None else f"{level} of {n:,}"
        for level, n in zip(levels, one.customers or (0, 0), strict=True)
    )
    intervals = [
        "–" if i is None else outcome.between(i.low, i.high)
        for i in (one.interval, one.sure, one.pooled_interval)
    ]
    return (
        one.label, *arms, outcome.difference(one.difference), intervals[0], intervals[1],
        outcome.difference(one.pooled), intervals[2], number(one.p, 2), one.verdict,
    )  # fmt: skip


def _settings(found: ExperimentReading) -> list[tuple[str, str]]:
    """Return what a reader checks: the plan, the arms, whether segments differ."""
    control, treated = found.allocation.customers
    told = [
        ("Hypothesis", found.statement),
        ("Asked for", found.asked),
        ("Plan", f"{found.plan}, sealed on {found.sealed} as {found.fingerprint}"),
        ("Chance of a wrong verdict", percent(found.alpha)),
        (
            "Customers",
            f"{control:,} {found.arms[0]}, {treated:,} {found.arms[1]}; such parts or odder ones "
            f"come by chance with p = {number(found.allocation.p, 2)}",
        ),
    ]
    if found.differing is not None:
        one = found.differing
        between = percent_between(one.i2_interval.low, one.i2_interval.high)
        told.append(
            (
                "Between segments",
                f"Q = {decimal(one.q, 1)} with {one.degrees}, p = "
                f"{number(one.p, 2)}; I² = {percent(one.i2)} ({between})",
            )
        )
    return told
