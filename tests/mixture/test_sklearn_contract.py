"""The estimator keeps scikit-learn's contract."""

from __future__ import annotations

from sklearn.utils.estimator_checks import parametrize_with_checks

from forwhom.mixture.estimator import LatentSegments

#: Checks that a mixture cannot pass, each with its reason.
EXCUSED: dict[str, str] = {}


def excused(_estimator):
    return EXCUSED


@parametrize_with_checks([LatentSegments(2, n_starts=10)], expected_failed_checks=excused)
def test_scikit_learn_contract(estimator, check):
    check(estimator)
