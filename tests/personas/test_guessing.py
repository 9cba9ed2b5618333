"""What questions gain over guessing has an interval that knows what is not known."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.documents.segmentation import Interval, TypingTool
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.information import Information
from forwhom.mixture.replicates import Refits, refit, replicate
from forwhom.personas.guessing import Judged, again, interval_of_gain
from forwhom.personas.typing_tool import build_typing_tool, typing_tool_of

PLACED = np.array([0, 0, 1, 1, 2, 0, 0, 2])
TRUTH = np.array([0, 0, 1, 0, 2, 1, 0, 0])


def test_what_is_gained_is_what_the_largest_misses_less_what_it_had() -> None:
    judged = Judged(PLACED, 0, np.ones(8))
    # Two right ones that the largest misses, two of the largest that are placed elsewhere.
    assert judged.among(np.eye(3)[TRUTH]) == 0.0
    heavy = Judged(PLACED, 0, np.array([1.0, 1, 2, 1, 2, 1, 1, 1]))
    assert heavy.among(np.eye(3)[TRUTH]) == pytest.approx(2 / 10)
    # By hand: mean of squares 4/8, of eight, and half an observation more for each cell.
    assert judged.error_of_rules(TRUTH, 3) == pytest.approx(np.sqrt(4 / 8 / 8 + 1 / 100))


def test_who_is_never_placed_elsewhere_gains_nothing_but_few_customers_do_not_show_it() -> None:
    def interval(n: int) -> Interval:
        judged = Judged(np.zeros(n, dtype=np.intp), 0, np.ones(n))
        return interval_of_gain(0.0, judged.error_of_rules(np.arange(n) % 2, 2))

    assert interval(20).high == pytest.approx(1.96 / 22, abs=1e-4)
    assert interval(2000).high < 0.002


def test_paired_proportions_are_held_by_the_interval_as_often_as_it_says() -> None:
    held = 0
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        truth = (rng.random(200) < 0.25).astype(np.intp)
        placed = np.where(rng.random(200) < 0.9, truth, 1 - truth)
        judged = Judged(placed, 0, np.ones(200))
        within = interval_of_gain(judged.among(np.eye(2)[truth]), judged.error_of_rules(truth, 2))
        held += within.low <= 0.25 * 0.9 - 0.75 * 0.1 <= within.high
    assert held / 1000 == pytest.approx(0.95, abs=0.02)


def test_replicates_count_by_the_segments_that_they_resemble() -> None:
    found = np.array([0, 0, 0, 1, 1, 2])
    cold = np.array([[2, 2, 2, 0, 0, 1], [2, 2, 2, 0, 2, 1]])
    refits = Refits(6, np.ones(6), np.arange(6), found, cold, cold)
    judged = Judged(found, 0, np.ones(6))
    # Others by name are the same; then one of the second segment is in the first.
    assert again(judged, refits, 3) == pytest.approx([3 / 6, 5 / 6 - 4 / 6])


def test_the_interval_reaches_as_far_as_replicates_do() -> None:
    alone = interval_of_gain(0.2, 0.05)
    assert (alone.low, alone.high) == pytest.approx((0.102, 0.298), abs=1e-4)
    spread = interval_of_gain(0.2, 0.05, np.linspace(-0.1, 0.1, 41))
    assert (spread.low, spread.high) == pytest.approx((-0.095, 0.298), abs=1e-4)
    assert interval_of_gain(0.99, 0.5).high == 1.0


def tool(apart: float, seed: int, *, replicated: bool = True) -> TypingTool:
    """Three segments of 300 customers whose kinds are so far apart in four numbers."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, 300, p=(0.5, 0.3, 0.2))
    columns = [Column(f"x{j}", rng.normal(apart * ((kind + j) % 3))) for j in range(4)]
    design = build_design(columns, dict.fromkeys([c.name for c in columns], "continuous"))
    options = FitOptions(n_starts=5, seed=seed)
    fit, by_name = fit_mixture(design, 3, options), {c.name: c for c in columns}
    refits = refit(fit, replicate(design, 20, seed), options) if replicated else None
    found = typing_tool_of(
        fit.document(by_name), by_name, fit.responsibilities(),
        learned=Information(fit, prior=1.0), refits=refits, seed=seed,
    )  # fmt: skip
    assert found is not None
    return found


def test_what_tells_nothing_is_never_said_to_place_better_and_what_tells_much_is() -> None:
    nothing, much = ([tool(apart, seed) for seed in range(8)] for apart in (0.0, 2.5))
    assert max(one.gain_interval.low for one in nothing if one.gain_interval) < 0.02
    assert min(one.gain_interval.low for one in much if one.gain_interval) > 0.2
    assert all(one.gain_interval for one in nothing + much)


def test_where_nobody_looked_whether_segments_are_found_again_there_is_no_interval() -> None:
    known, unknown = tool(2.5, 1), tool(2.5, 1, replicated=False)
    assert unknown.gain_interval is None
    assert unknown.gain == known.gain
    assert known.gain == pytest.approx(0.4, abs=0.1)


def test_where_rules_say_who_belongs_where_the_sample_alone_decides() -> None:
    truth = np.repeat([0, 1], [60, 40])
    telling = np.where(np.arange(2) == truth[:, None], -0.1, -3.0)
    found = build_typing_tool([(("taste",), telling)], np.log([0.5, 0.5]), truth)
    assert found.gain == pytest.approx(0.4, abs=0.1)
    assert found.gain_interval is not None
    assert found.gain_interval.low > 0.2
