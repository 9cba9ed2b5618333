"""What one customer says about the parameters of every family: scores, influence, information."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.mixture.test_families import EXAMPLES, draw, families, known, with_holes

from forwhom.mixture import Column, FitOptions, FittedMixture, build_design, fit_mixture
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.information import Information
from forwhom.mixture.maximization import mstep
from forwhom.mixture.parameters import Parameters


def beside_answers(name: str, missing: bool) -> tuple[dict[str, Column], dict[str, Any]]:
    """An example with yes-or-no answers beside it that help to tell the segments apart."""
    columns, segments = draw(name, 400, 26)
    columns = with_holes(columns, 27) if missing else columns
    rng = np.random.default_rng(28)
    yes = (rng.random((4, 400)) < np.array([0.25, 0.75])[segments]).astype(np.int32)
    answers = {
        f"answer {j}": Column(f"answer {j}", row, ("no", "yes")) for j, row in enumerate(yes)
    }
    measures: dict[str, Any] = dict.fromkeys(columns, EXAMPLES[name].measure)
    return columns | answers, measures | dict.fromkeys(answers, "binary")


@families
@pytest.mark.parametrize("missing", [False, True])
def test_the_influence_of_a_customer_is_what_a_little_more_of_it_changes(
    name: str, missing: bool
) -> None:
    columns, measures = beside_answers(name, missing)

    design = build_design(
        list(columns.values()), measures, families=EXAMPLES[name].named, collapse=False
    )
    options = FitOptions(n_starts=10, prior=0.0, tol=1e-14)
    begun = fit_mixture(design, 2, options).parameters

    def settled(weights: Any, start: Parameters) -> FittedMixture:
        data = Expectation(replace(design, weights=weights, n=float(weights.sum())))
        runs = run_em(data, start, prior=0.0, tol=1e-16, max_iter=3000)
        return FittedMixture(data, runs.parameters, float(runs.loglik[0]), True, 1, 1.0, 1, False)

    base = settled(np.ones(400), begun)
    information = Information(base)
    value = np.sin(np.arange(400.0))[:, None]  # of a variable that is not in the model
    chances = base.responsibilities()[:, 0]
    mean = float(chances @ value[:, 0] / chances.sum())
    inside = np.hstack(
        [np.full((400, 1), (1 - chances.mean()) / 400), (value - mean) / chances.sum()]
    )
    outside = np.hstack([np.full((400, 1), -chances.mean() / 400), np.zeros((400, 1))])
    found = information.influence(0, inside, outside)
    for customer in (3, 50, 222):
        changes = []
        for sign in (1, -1):
            weights = np.ones(400)
            weights[customer] += sign * 0.02
            more = settled(weights, base.parameters).responsibilities()[:, 0] * weights
            changes.append([more.sum() / weights.sum(), more @ value[:, 0] / more.sum()])
        expected = (np.array(changes[0]) - changes[1]) / 0.04
        # Where a block has holes, the information is the expected one instead of the observed.
        rel = 0.05 if missing and "block" in name else 0.01
        assert found[customer] == pytest.approx(expected, rel=rel, abs=2e-5)


@families
def test_scores_add_up_to_zero_and_vary_as_the_information_says(name: str) -> None:
    columns, segments = draw(name, 20_000, 29)
    fitted = known(name, columns, segments)
    weights = np.eye(2)[segments]
    sums, parameters = fitted.data.sums_of(weights[None]), fitted.parameters
    for _ in range(30):  # an M-step without a closed form goes on where it ended
        parameters = mstep(fitted.data, sums, parameters, 0.0)
    parts = zip(fitted.data.layout.distributions, parameters.parts, strict=True)
    scores = [one for d, arrays in parts for one in d.scored(arrays, weights, 0.0)]
    assert sum(one.n_free for one in scores) == fitted.n_parameters
    for one in scores:
        assert set(one.variables) <= set(columns)
        total, squares = np.zeros(one.n_free), np.zeros((one.n_free, one.n_free))
        information = np.zeros_like(squares)
        for k in range(2):
            free = one.index[k] >= 0
            at = one.index[k][free]
            own = (one.of(k, slice(None)) * weights[:, [k]])[:, free]
            total[at] += own.sum(axis=0)
            squares[np.ix_(at, at)] += own.T @ own
            information[np.ix_(at, at)] += one.information[k][np.ix_(free, free)]
            assert one.total(k, weights[:, [k]])[free, 0] == pytest.approx(
                own.sum(axis=0), abs=1e-6
            )
        scale = np.sqrt(np.diagonal(information))
        assert np.abs(total / scale).max() < 0.02
        assert squares / np.outer(scale, scale) == pytest.approx(
            information / np.outer(scale, scale), abs=0.06
        )
