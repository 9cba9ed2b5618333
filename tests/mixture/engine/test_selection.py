"""Accelerated EM, the criteria, and the choice of the number of segments."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from forwhom.mixture import (
    Column,
    Design,
    FitOptions,
    Selection,
    build_design,
    fit_from_responsibilities,
    fit_mixture,
    select,
)
from forwhom.mixture.criteria import entropy_r2, information, uncertainty
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitting import Optimum, find_optimum
from forwhom.mixture.parameters import Parameters
from forwhom.mixture.shape import Covariance, Shape

from .customers import QUICK, at_random_responsibilities, design_of, fit, mixed


class TestAcceleration:
    """Accelerated EM never falls and goes at least as far as plain EM."""

    @pytest.mark.parametrize("prior", [0.0, 30.0])
    @pytest.mark.parametrize("covariance", ["diagonal", "full", "tied"])
    def test_objective_never_falls(self, covariance: Covariance, prior: float) -> None:
        design = design_of(mixed(300, 41))
        data = Expectation(design, Shape(covariance))
        options = FitOptions(n_starts=1, prior=prior, max_iter=1, covariance=covariance)
        start = fit_mixture(design, 4, options).parameters
        ends, seen = [], []
        for passes in [*range(1, 17), 60]:
            told: list[tuple[int, float]] = []
            runs = run_em(
                data,
                start,
                prior=prior,
                tol=1e-12,
                max_iter=passes,
                progress=lambda number, value, told=told: told.append((number, value)),
            )
            assert [number for number, _ in told] == list(range(1, len(told) + 1))
            ends.append(float(runs.objective[0]))
            seen.append(max(value for _, value in told))
        assert np.diff(ends).min() >= -1e-9 * abs(ends[-1])
        if prior == 0:  # the objective is the likelihood
            assert ends == pytest.approx(seen, rel=1e-10)

    def test_the_m_step_maximizes_what_the_prior_promises(self) -> None:
        design = design_of(mixed(200, 44), collapse=False)
        data = Expectation(design)
        plain, _ = at_random_responsibilities(mixed(200, 44), 3, 44, prior=40.0)
        objectives = []
        for _ in range(60):
            start = plain.parameters
            runs = run_em(data, start, prior=40.0, tol=1e-12, max_iter=1)
            objectives.append(float(runs.objective[0]))
            plain = fit_from_responsibilities(design, plain.responsibilities(), prior=40.0)
        assert np.diff(objectives).min() > -1e-7

    def test_plain_em_is_not_better(self) -> None:
        columns = mixed(500, 42)
        design = design_of(columns, collapse=False)
        plain, _ = at_random_responsibilities(columns, 3, 42, prior=0.0)
        logs = []
        for _ in range(150):
            plain = fit_from_responsibilities(design, plain.responsibilities(), prior=0.0)
            logs.append(plain.log_likelihood)
        assert np.diff(logs).min() > -1e-8
        ours = fit_mixture(design, 3, FitOptions(n_starts=20, prior=0))
        assert ours.log_likelihood >= logs[-1] - 1e-6

    def test_a_limit_on_passes_is_kept_and_said(self) -> None:
        fitted = fit_mixture(design_of(mixed(400, 43)), 3, replace(QUICK, max_iter=2))
        assert not fitted.converged
        assert not fitted.candidate.converged


class TestCriteria:
    def test_formulas(self) -> None:
        fitted = fit(mixed(300, 51), 3)
        found = fitted.candidate
        ll, p, n = fitted.log_likelihood, fitted.n_parameters, 300
        r = fitted.responsibilities()
        entropy = -(r * np.log(np.maximum(r, 1e-300))).sum()
        assert p == 2 + 3 * 1 + 3 * 2 + (4 + 2) + 3 * 1 + 3 * 2 + 3 * 2 + 3 * 3
        assert found.bic == pytest.approx(-2 * ll + p * math.log(n))
        assert found.aic == pytest.approx(-2 * ll + 2 * p)
        assert found.aic3 == pytest.approx(-2 * ll + 3 * p)
        assert found.caic == pytest.approx(-2 * ll + p * (math.log(n) + 1))
        assert found.sabic == pytest.approx(-2 * ll + p * math.log((n + 2) / 24))
        assert found.icl == pytest.approx(found.bic + 2 * entropy)
        assert found.entropy_r2 == pytest.approx(1 - entropy / (n * math.log(3)))
        assert found.classification_error == pytest.approx(1 - r.max(axis=1).mean())
        assert found.smallest_share == fitted.weights.min()

    @pytest.mark.parametrize(("covariance", "p"), [("full", 3 * 5), ("tied", 3 * 2 + 3)])
    def test_parameters_of_covariance_matrices(self, covariance: str, p: int) -> None:
        columns = {n: c for n, c in mixed(200, 52).items() if n in ("age", "height")}
        options = FitOptions(n_starts=3, covariance=covariance)
        assert fit_mixture(design_of(columns), 3, options).n_parameters == 2 + p

    def test_certain_and_clueless(self) -> None:
        weights = np.array([1.0, 2.0, 3.0])
        entropy, error = uncertainty(np.eye(3), weights)
        assert (entropy, error) == (0.0, 0.0)
        assert entropy_r2(entropy, 6.0, 3) == 1.0
        entropy, error = uncertainty(np.full((3, 3), 1 / 3), weights)
        assert entropy == pytest.approx(6 * math.log(3))
        assert error == pytest.approx(2 / 3)
        assert entropy_r2(entropy, 6.0, 3) == pytest.approx(0.0)
        assert entropy_r2(0.0, 6.0, 1) is None

    def test_information_grows_with_parameters(self) -> None:
        small, large = information(-100.0, 3, 50, 1.0), information(-100.0, 4, 50, 1.0)
        assert all(large[name] > small[name] for name in small)

    def test_best_start_share_is_a_share(self) -> None:
        fitted = fit(mixed(300, 53), 3)
        assert 0 < fitted.best_start_share <= 1
        assert fitted.n_starts >= 1


class TestSelection:
    def test_likelihood_grows_with_segments(self) -> None:
        told: list[tuple[str, float]] = []
        selection = select(
            design_of(mixed(400, 54)),
            range(1, 6),
            FitOptions(n_starts=2, prior=0),
            progress=lambda what, done: told.append((what, done)),
        )
        logs = [c.log_likelihood for c in selection.candidates]
        assert np.diff(logs).min() > -1e-6
        done = [fraction for _, fraction in told]
        assert done == sorted(done)
        assert done[-1] == pytest.approx(1.0)
        assert [c.k for c in selection.candidates] == [1, 2, 3, 4, 5]

    @pytest.mark.parametrize("criterion", ["bic", "aic", "aic3", "caic", "sabic", "icl"])
    def test_the_smallest_criterion_wins(self, criterion: str) -> None:
        selection = select(design_of(mixed(200, 55)), [1, 2, 3], QUICK, criterion=criterion)
        values = {c.k: getattr(c, criterion) for c in selection.candidates}
        assert selection.best.k == min(values, key=values.get)

    def test_segments_are_ordered_by_size(self) -> None:
        for fitted in select(design_of(mixed(300, 56)), [2, 3, 4], QUICK).fits:
            assert (np.diff(fitted.weights) <= 0).all()


def tilts_of(*numbers: np.ndarray) -> Design:
    columns = [Column(f"x{j}", values) for j, values in enumerate(numbers)]
    names = [c.name for c in columns]
    measures = dict.fromkeys(names, "continuous")
    return build_design(columns, measures, families=dict.fromkeys(names, "tilt"))


class TestPastTheBest:
    """Numbers of segments past the best are sought quickly, unless they turn out to be better."""

    @staticmethod
    def watched(
        monkeypatch: pytest.MonkeyPatch, lowered: dict[int, float]
    ) -> list[tuple[int, bool]]:
        """What is sought, and whether quickly; some log-likelihoods are made lower."""
        sought: list[tuple[int, bool]] = []

        def find(design: Design, k: int, *rest: object, quick: bool, **named: object) -> Optimum:
            sought.append((k, quick))
            found = find_optimum(design, k, *rest, quick=quick, **named)  # type: ignore[arg-type]
            return found._replace(loglik=found.loglik - lowered.get(k, 0.0))

        monkeypatch.setattr("forwhom.mixture.selection.find_optimum", find)
        return sought

    def test_they_are_sought_quickly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sought = self.watched(monkeypatch, {k: 1000.0 * k for k in range(2, 6)})
        found = select(design_of(mixed(200, 3)), range(1, 6), QUICK)
        assert found.best.k == 1
        assert sought == [(1, False), (2, False), (3, False), (4, True), (5, True)]

    def test_a_better_one_is_sought_again_thoroughly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sought = self.watched(monkeypatch, {2: 5000.0, 3: 5000.0, 4: -5000.0})
        found = select(design_of(mixed(200, 3)), range(1, 6), QUICK)
        assert found.best.k == 4
        assert sought == [(1, False), (2, False), (3, False), (4, True), (4, False), (5, False)]


class TestOutOfReach:
    """Other starts are tried while one alone found the best, where that could change the choice."""

    @staticmethod
    def chosen(design: Design) -> tuple[list[str], Selection]:
        """What was tried again, and what was found."""
        told: list[str] = []
        options = FitOptions(n_starts=40)
        found = select(design, range(1, 4), options, progress=lambda words, _: told.append(words))
        return [words for words in told if "more start" in words], found

    def test_no_luck_makes_up_for_segments_that_are_none(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rng = np.random.default_rng(4)
        design = tilts_of(*rng.normal(size=(4, 1300)))
        again, found = self.chosen(design)
        monkeypatch.setattr("forwhom.mixture.fitting.FAR", math.inf)
        thorough, same = self.chosen(design)
        assert again == []
        assert thorough
        assert found.best.k == same.best.k == 1
        for one, other in zip(found.candidates, same.candidates, strict=True):
            assert one.bic == pytest.approx(other.bic, abs=10)

    def test_what_might_be_the_best_is_sought_further(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rng = np.random.default_rng(4)
        design = tilts_of(*rng.normal(size=(4, 1300)))
        monkeypatch.setattr(
            "forwhom.mixture.selection.information", lambda *_: {"bic": 0.0}
        )  # parameters cost nothing
        again, _ = self.chosen(design)
        assert again


class TestDegrees:
    """What segments differ in on tilts is chosen together with their number."""

    def test_segments_that_differ_in_their_spread_alone_need_the_second(self) -> None:
        rng = np.random.default_rng(3)
        wide = rng.random(1000) < 0.5
        design = tilts_of(*(rng.normal(0, np.where(wide, 3, 1)) for _ in range(5)))
        best = select(design, range(1, 4), FitOptions(n_starts=20), degrees=(1, 2)).best
        assert (best.k, best.candidate.degree) == (2, 2)
        assert adjusted_rand_score(wide, best.labels()) > 0.65

    def test_the_first_is_enough_where_they_differ_in_where_they_stand(self) -> None:
        rng = np.random.default_rng(4)
        second = rng.random(600) < 0.4
        design = tilts_of(*(rng.normal(3 * second, 1) for _ in range(3)))
        selection = select(design, range(1, 4), FitOptions(n_starts=20), degrees=(1, 2))
        assert [c.k for c in selection.candidates] == [1, 2, 3]
        assert selection.candidates[0].degree is None
        assert (selection.best.k, selection.best.candidate.degree) == (2, 1)

    def test_few_levels_have_no_spread_of_their_own(self) -> None:
        design = tilts_of(np.arange(300) % 3.0, np.arange(300) % 2.0)
        found = select(design, [2], FitOptions(n_starts=5), degrees=(1, 2))
        assert found.candidates[0].degree is None


def test_a_segment_without_customers_is_never_chosen() -> None:
    fits = select(design_of(mixed(200, 7)), [1, 2, 3], FitOptions(n_starts=5)).fits
    shares = np.array([[0.6, 0.4 - 1e-4, 1e-4]])
    empty = replace(
        fits[2],
        log_likelihood=0.0,
        parameters=Parameters(((shares,), *fits[2].parameters.parts[1:])),
    )
    assert Selection((*fits[:2], empty), "bic").best in fits[:2]
    assert Selection((empty,), "bic").best is empty
