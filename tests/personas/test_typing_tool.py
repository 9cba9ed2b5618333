"""The typing tool finds the variables that matter, and is honest about how well they do."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.errors import DataError
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.information import Information
from forwhom.personas.typing_tool import build_typing_tool, typing_tool_of

K = 3


def simulate(n: int, strengths: list[float], seed: int = 0):
    """Return log densities of normal variables, whose segment means lie this far apart."""
    rng = np.random.default_rng(seed)
    segment = rng.integers(0, K, n)
    densities = []
    for j, strength in enumerate(strengths):
        means = strength * rng.permutation(K)
        x = rng.normal(means[segment])
        densities.append(((f"x{j}",), -0.5 * (x[:, None] - means) ** 2))
    full = sum(d for _, d in densities).argmax(axis=1)
    return densities, full


def test_the_telling_variables_are_asked_first_and_noise_is_not() -> None:
    densities, full = simulate(4000, [0.0, 3.0, 0.1, 0.0, 2.0, 0.0])
    tool = build_typing_tool(densities, np.log(np.ones(K) / K), full)
    assert [s.variable for s in tool.steps[:2]] == ["x1", "x4"]
    assert tool.recommended in (1, 2)
    assert tool.steps[-1].accuracy > 0.98
    assert tool.majority == pytest.approx(1 / K, abs=0.05)


def test_the_accuracy_holds_for_new_customers() -> None:
    densities, full = simulate(4000, [1.2] * 6)
    tool = build_typing_tool(densities, np.log(np.ones(K) / K), full)
    fresh, truth = simulate(4000, [1.2] * 6, seed=0)
    chosen = [s.variable for s in tool.steps[:3]]
    scores = sum(d for (name,), d in fresh if name in chosen)
    accuracy = (scores.argmax(axis=1) == truth).mean()
    assert tool.steps[2].accuracy == pytest.approx(accuracy, abs=0.03)
    accuracies = [s.accuracy for s in tool.steps]
    assert accuracies[-1] > accuracies[0]
    assert accuracies[tool.recommended - 1] >= min(0.9, max(accuracies) - 0.02)


def test_one_segment_needs_no_questions() -> None:
    tool = build_typing_tool([(("x",), np.zeros((50, 1)))], np.zeros(1), np.zeros(50, dtype=int))
    assert (tool.steps, tool.recommended, tool.majority) == ([], 0, 1.0)


def test_a_segment_that_everybody_is_in_needs_no_questions() -> None:
    densities, _ = simulate(200, [1.0])
    tool = build_typing_tool(densities, np.log([0.98, 0.01, 0.01]), np.zeros(200, dtype=int))
    assert (tool.recommended, tool.majority) == (0, 1.0)


def test_variables_of_a_block_are_asked_together() -> None:
    densities, full = simulate(1000, [2.0, 0.5])
    block = [(("a", "b", "c"), densities[0][1]), densities[1]]
    tool = build_typing_tool(block, np.log(np.ones(K) / K), full)
    assert [s.variable for s in tool.steps[:3]] == ["a", "b", "c"]
    assert tool.steps[0].accuracy == tool.steps[1].accuracy == tool.majority
    assert tool.steps[2].accuracy > 0.7
    assert tool.recommended >= 3


def test_no_more_than_twelve_questions() -> None:
    densities, full = simulate(500, [0.4] * 20)
    tool = build_typing_tool(densities, np.log(np.ones(K) / K), full)
    assert len(tool.steps) == 12
    assert len({s.variable for s in tool.steps}) == 12


def test_rows_may_come_in_any_order_and_weights_count() -> None:
    densities, full = simulate(800, [1.5, 1.0, 0.5])
    order = np.random.default_rng(1).permutation(800)
    shuffled = [(names, d[order]) for names, d in densities]
    weights = np.random.default_rng(2).uniform(0.5, 2, 800)
    prior = np.log(np.ones(K) / K)
    one = build_typing_tool(densities, prior, full, weights)
    assert build_typing_tool(shuffled, prior, full[order], weights[order]) == one
    only_first = np.where(full == 0, 1.0, 0.0)
    assert build_typing_tool(densities, prior, full, only_first).majority == 1.0


def test_many_customers_are_sampled_and_the_seed_decides_which() -> None:
    densities, full = simulate(45_000, [1.5, 1.0, 0.5])
    prior = np.log(np.ones(K) / K)
    first, again, other = (build_typing_tool(densities, prior, full, seed=s) for s in (1, 1, 2))
    assert first == again
    assert first != other
    assert first.steps[0].accuracy == pytest.approx(other.steps[0].accuracy, abs=0.03)


def test_values_that_a_segment_gives_no_chance_are_no_trouble() -> None:
    full = np.repeat([0, 1], 50)
    never = np.where(np.eye(2)[full] > 0, 0.0, -np.inf)
    never[:5] = -np.inf
    tool = build_typing_tool(
        [(("x",), never), (("y",), np.zeros((100, 2)))], np.log([0.5, 0.5]), full
    )
    assert tool.steps[0].variable == "x"
    assert tool.steps[0].accuracy > 0.9


def test_customers_of_no_segment_do_not_count() -> None:
    densities, full = simulate(400, [2.0])
    nobody = np.full(400, -1)
    prior = np.log(np.ones(K) / K)
    assert build_typing_tool(densities, prior, nobody).steps == []
    part = np.where(np.arange(400) < 100, -1, full)
    assert build_typing_tool(densities, prior, part).steps


def test_densities_of_another_shape_are_refused() -> None:
    with pytest.raises(DataError, match="log densities of x, y have the shape"):
        build_typing_tool([(("x", "y"), np.zeros((5, 2)))], np.zeros(3), np.zeros(5, dtype=int))


def test_how_many_are_in_the_right_segment_is_what_the_truth_says() -> None:
    claimed, true, same = [], [], []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        z = rng.random(500) < 0.4
        # Four numbers, each of which tells little.
        values = rng.normal(np.where(z, 1.1, 0.0), 1.0, (4, 500))
        columns = [Column(f"x{j}", row.copy()) for j, row in enumerate(values)]
        design = build_design(columns, dict.fromkeys([c.name for c in columns], "continuous"))
        fitted = fit_mixture(design, 2, FitOptions(n_starts=5))
        by_name = {column.name: column for column in columns}
        tool = typing_tool_of(
            fitted.document(by_name),
            by_name,
            fitted.responsibilities(),
            learned=Information(fitted, prior=1.0),
        )
        assert tool is not None
        hits = np.mean(fitted.labels() == z)
        true.append(max(hits, 1 - hits))
        claimed.append(tool.right_by_all)
        same.append(tool.steps[-1].accuracy)
        assert tool.steps[0].right < tool.steps[0].accuracy
        assert tool.steps[-1].right == tool.right_by_all
    assert min(same) == 1.0
    assert np.mean(claimed) == pytest.approx(np.mean(true), abs=0.03)
    assert np.mean(true) < 0.93


def test_without_a_mixture_nothing_says_how_often_a_placement_is_right() -> None:
    telling = np.where(np.arange(2) == np.repeat([0, 1], 50)[:, None], -0.1, -3.0)
    tool = build_typing_tool([(("taste",), telling)], np.log([0.5, 0.5]), np.repeat([0, 1], 50))
    assert tool.right_by_all is None
    assert [step.right for step in tool.steps] == [None]
