"""How often verdicts on experiments are wrong, how often intervals hold, and what sizes can tell.

Customers are drawn with known effects, planned with ``plan_experiment`` and read with the functions
behind ``read_experiment``. ``benchmarks/experiments.py --replicates 2000 --write
docs/experiments.md`` puts the tables into the page.
"""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.results.experiment import ExperimentReading
from forwhom.evidence.allocation import Trial, allocation_of, unequal
from forwhom.evidence.experiments import read_arms
from forwhom.pipeline.experiments import plan_experiment
from run import put

Floats = NDArray[np.float64]

DAY = date(2026, 1, 1)
SIZES = (100, 400, 1600)
BEGIN, END = "<!-- rates: begin -->\n", "<!-- rates: end -->"
#: What is measured, what the control arm has, and the threshold.
KINDS: dict[str, dict[str, Any]] = {
    "share": {"outcome": {"kind": "share", "baseline": 0.12}, "threshold": 0.02},
    "count": {"outcome": {"kind": "count", "baseline": 2.0}, "threshold": 0.2},
    "money": {"outcome": {"kind": "money", "baseline": 30.0, "deviation": 45.0}, "threshold": 3.0},
}


def main() -> None:
    """Draw, and print or write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=2000)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    options = parser.parse_args()
    lines: list[str] = []
    for table in (wrong_verdicts, coverage, power, mismatch):
        made = table(options.replicates)
        print("\n".join(made), flush=True)
        lines += [*made, ""]
    put(options.write, lines[:-1], BEGIN, END)


def planned(
    kind: str, segments: int, effect: float, customers: int | None = None, **more: Any
) -> ExperimentPlan:
    """Return a sealed plan; ``customers`` in each segment, or as many as it needs."""
    told = KINDS[kind]
    size = {} if customers is None else {"customers": customers}
    data: dict[str, Any] = {
        "forwhom": 1, "kind": "plan", "id": "e", "statement": "It helps", "effect": effect,
        "outcome": {"column": "x"} | told["outcome"], "arms": {"control": 1, "other": 1},
        "threshold": told["threshold"],
        "segments": [{"id": f"s{k}"} | size for k in range(segments)],
    }  # fmt: skip
    return plan_experiment(ExperimentPlan(**data | more), today=DAY).plan


def drawn(kind: str, effects: Sequence[float], n: Sequence[int], rng: np.random.Generator) -> Trial:
    """Draw n customers of each segment, in two equal arms, in an order by chance."""
    segment = np.repeat(np.arange(len(effects)), n)
    treated = np.concatenate([np.arange(one) % 2 == 1 for one in n])
    level = KINDS[kind]["outcome"]["baseline"] + np.where(treated, np.array(effects)[segment], 0.0)
    if kind == "share":
        outcome = (rng.random(len(segment)) < level).astype(np.float64)
    elif kind == "count":
        outcome = rng.poisson(level * rng.gamma(2, 0.5, len(segment))).astype(np.float64)
    else:  # nothing for half of them, and a long tail
        spends = rng.random(len(segment)) < 0.5
        outcome = np.where(spends, 2 * level * rng.lognormal(-0.32, 0.8, len(segment)), 0.0)
    order = rng.permutation(len(segment))
    day = DAY.toordinal() + np.arange(len(segment)) * 200 // len(segment)
    return Trial(outcome[order], treated[order], segment[order], day)


def read(plan: ExperimentPlan, trial: Trial) -> ExperimentReading:
    return read_arms(plan, trial, threshold=1)


def wrong_verdicts(replicates: int) -> list[str]:
    """At exactly the threshold, both verdicts are wrong."""
    lines = [
        "| at the threshold | customers per arm | supported | refuted | supported in any of 3 |",
        "|---|---|---|---|---|",
    ]
    for kind, looks in (("share", 1), ("share", 4), ("count", 1), ("money", 1)):
        gap = KINDS[kind]["threshold"]
        for size in SIZES:
            rng = np.random.default_rng([size, looks, len(kind)])
            plan = planned(kind, 0, 3 * gap, looks=looks, overall={"customers": 2 * size})
            many = replicates * (2 if looks > 1 else 6)
            one = [read(plan, drawn(kind, [gap], [2 * size], rng)).overall for _ in range(many)]
            three = planned(kind, 3, 3 * gap, 2 * size, looks=looks)
            anywhere = 0
            for _ in range(replicates):
                found = read(three, drawn(kind, [gap] * 3, [2 * size] * 3, rng))
                anywhere += any(s.verdict == "supported" for s in found.segments)
            said = f"{kind}, {looks} looks" if looks > 1 else kind
            verdicts = [effect.verdict for effect in one]
            shares = [verdicts.count(v) / many for v in ("supported", "refuted")]
            told = " | ".join(f"{share:.1%}" for share in (*shares, anywhere / replicates))
            lines.append(f"| {said} | {size:,} | {told} |")
    return lines


#: Names of true effects of segments, in standard errors, and how many segments there are.
SPREADS: dict[str, float] = {
    "the same": 0.0, "1 standard error apart": 1.0, "3 standard errors apart": 3.0,
}  # fmt: skip


def coverage(replicates: int) -> list[str]:
    """How often intervals hold the true effect of a segment, and how far off numbers are."""
    lines = [
        "| true effects | segments | its own interval | pooled interval | width, pooled to own | "
        "error, pooled to own |",
        "|---|---|---|---|---|---|",
    ]
    cases = [(name, k) for name in (*SPREADS, "one odd one out") for k in (2, 3, 8)]
    for name, k in cases:
        rng = np.random.default_rng([k, len(name)])
        size = 400
        error = float(np.sqrt(2 * 0.5 * 0.5 / size))
        plan = planned("share", k, 0.2, 2 * size)
        outcome = plan.outcome.model_copy(update={"baseline": 0.5})
        plan = plan.model_copy(update={"outcome": outcome})
        held = np.zeros(2)
        errors, widths = np.zeros(2), np.zeros(2)
        for _ in range(max(replicates * 2 // k, 1)):
            truth = SPREADS.get(name, 0.0) * error * rng.normal(size=k)
            if name == "one odd one out":
                truth[0] = 4 * error
            truth = np.clip(truth, -0.4, 0.4)
            found = read(plan, _halves(truth, size, rng))
            for one, true in zip(found.segments, truth, strict=True):
                assert one.interval is not None
                assert one.pooled_interval is not None
                assert one.difference is not None
                assert one.pooled is not None
                both = (one.interval, one.pooled_interval)
                held += [i.low <= true <= i.high for i in both]
                widths += [i.high - i.low for i in both]
                errors += [(x - true) ** 2 for x in (one.difference, one.pooled)]
        held /= max(replicates * 2 // k, 1) * k
        told = f"{held[0]:.1%} | {held[1]:.1%} | {widths[1] / widths[0]:.2f} | "
        lines.append(f"| {name} | {k} | {told}{np.sqrt(errors[1] / errors[0]):.2f} |")
    return lines


def _halves(effects: Floats, size: int, rng: np.random.Generator) -> Trial:
    """Draw shares around a half."""
    k = len(effects)
    segment, treated = np.repeat(np.arange(k), 2 * size), np.tile([False, True], k * size)
    chance = 0.5 + np.where(treated, effects[segment] / 2, -effects[segment] / 2)
    outcome = (rng.random(len(segment)) < chance).astype(np.float64)
    return Trial(outcome, treated, segment)


def power(replicates: int) -> list[str]:
    """How often the planned effect is found with the planned customers."""
    lines = [
        "| planned for 80% | effect | looks | customers per arm | found |",
        "|---|---|---|---|---|",
    ]
    cases = [("share", 0.10, 1), ("share", 0.06, 1), ("share", 0.06, 4)]
    cases += [("money", 12.0, 1), ("money", 12.0, 4)]
    for kind, effect, looks in cases:
        rng = np.random.default_rng([looks, int(1000 * effect)])
        given = {} if kind == "share" else {"outcome": _money()}
        plan = planned(kind, 0, effect, looks=looks, **given)
        customers = plan.overall.customers or 0
        hits = sum(
            read(plan, drawn(kind, [effect], [customers], rng)).overall.verdict == "supported"
            for _ in range(replicates)
        )
        said = f"{100 * effect:g} points" if kind == "share" else f"{effect:g}"
        lines.append(
            f"| {kind} | {said} | {looks} | {customers // 2:,} | {hits / replicates:.1%} |"
        )
    return lines


def _money() -> dict[str, Any]:
    """Money whose deviation is that of what is drawn, between both arms."""
    rng = np.random.default_rng(1)
    many = drawn("money", [12.0], [400_000], rng)
    spread = [many.outcome[many.treated == arm].var() for arm in (False, True)]
    deviation = float(np.sqrt(np.mean(spread)))
    return {"column": "x", "kind": "money", "baseline": 30.0, "deviation": deviation}


def mismatch(replicates: int) -> list[str]:
    """How often arms that chance made are taken for a fault, and how often a fault is noticed."""
    lines = [
        "| arms | customers | not read |",
        "|---|---|---|",
    ]
    for name, chance in (("by chance", 0.5), ("52 instead of 50 of 100", 0.52)):
        for n in (2_000, 20_000):
            rng = np.random.default_rng([n, int(100 * chance)])
            plan = planned("share", 3, 0.2, n)
            hits = 0
            for _ in range(10 * replicates):
                treated = rng.random(n) < chance
                trial = Trial(np.zeros(n), treated, rng.integers(0, 3, n))
                hits += bool(unequal(plan, allocation_of(plan, trial)))
            lines.append(f"| {name} | {n:,} | {hits / (10 * replicates):.2%} |")
    return lines


if __name__ == "__main__":
    main()
