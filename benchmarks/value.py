"""How often what is said of lifetimes and of the value of segments holds, on simulated customers.

First parameters of BG/NBD and expected purchases of two segments with their 95 % intervals, and the
chance to bring as much as such segments bring on average. Then the error of predictions for
segments that were told apart by needs, and for segments formed by purchases: with one fit for all,
with fits of their own, and partly pooled. Then the same intervals and chances for donors, seen for
six years and predicted for three (BG/BB), and for contracts of up to six (shifted beta-geometric).

    .venv/bin/python benchmarks/value.py --replicates 400
"""

import argparse
import os
import sys
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.evidence.value import outlooks
from forwhom.lifetimes import BG_BB, SBG, BetaGeoModel, Coming, Histories, Horizon
from forwhom.statistics.membership import Membership

Floats = NDArray[np.float64]

ALL = (0.5, 6.0, 0.9, 3.0)
OFTEN = (1.2, 6.0, 0.9, 3.0)
AHEAD = Horizon(26.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=200)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    for n in (500, 2_000):
        coverage(asked.replicates, n)
    segments(asked.replicates)
    for model in (BG_BB, SBG):
        for n in (500, 2_000):
            in_periods(model, asked.replicates, n)


#: Chances to come and to leave of both segments, as beta distributions.
DONORS = (((1.2, 0.75), (0.66, 2.8)), ((1.2, 2.5), (0.66, 2.8)))
MEMBERS = ((0.7, 2.5), (1.3, 1.6))
SEEN, YEARS = 6, 3


def in_periods(model: Coming, replicates: int, n: int) -> None:
    """Print how often intervals hold of customers who come once a period, or renew."""
    draw = donors if model is BG_BB else contracts
    _, later, paid = draw(np.arange(600_000) % 3 == 0, np.random.default_rng(0))
    first = np.arange(600_000) % 3 == 0
    truth = [later[first == k].mean() for k in (False, True)]
    enough = paid[first].mean() * (np.arange(n) % 3 == 0).sum()
    held, totals, chances, reached = [], [], [], []
    for seed in range(replicates):
        segment = np.arange(n) % 3 == 0
        histories, _, paid = draw(segment, np.random.default_rng(seed + 1))
        member = Membership.of(np.eye(2)[segment.astype(np.intp)])
        found, _ = outlooks(
            histories, member, Horizon(float(YEARS)), pooled=False, at_least=enough, seed=seed,
            model=model,
        )  # fmt: skip
        for k, one in enumerate(found):
            held.append(one.purchases.low <= truth[k] <= one.purchases.high)
            assert one.total is not None
            totals.append(one.total.low <= paid[segment == bool(k)].sum() <= one.total.high)
        chances.append(found[1].substantial)
        reached.append(paid[segment].sum() >= enough)
    print(f"{model.label}, {n} customers, {replicates} replicates: of a customer "
          f"{np.mean(held):.1%}, what all bring {np.mean(totals):.1%}; chance to bring enough "
          f"{np.mean(np.array(chances, float)):.1%} said, {np.mean(reached):.1%} true")  # fmt: skip


def donors(
    often: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Histories, Floats, Floats]:  # fmt: skip
    """Draw six years of donors, and what they give in the next three."""
    n = len(often)
    shapes = np.array(DONORS)[(~often).astype(np.intp)]
    give, leave = rng.beta(*shapes[:, 0].T), np.clip(rng.beta(*shapes[:, 1].T), 1e-12, 1)
    scale = rng.gamma(5, 1 / 20, n)
    gone = rng.geometric(leave)  # leaves before this year
    x, last, money, later, paid = np.zeros((5, n))
    for year in range(1, SEEN + YEARS + 1):
        gives = (year < gone) & (rng.random(n) < give)
        each = rng.gamma(6, 1 / scale) * gives
        if year <= SEEN:
            x, money = x + gives, money + each
            last[gives] = year
        else:
            later, paid = later + gives, paid + each
    spend = np.where(x > 0, money / np.maximum(x, 1), 0)
    return Histories(x, last, np.full(n, float(SEEN)), spend), later, paid


def contracts(
    loyal: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Histories, Floats, Floats]:  # fmt: skip
    """Draw contracts of which one to six renewals were due, and the next three renewals."""
    n = len(loyal)
    leave = rng.beta(*np.array(MEMBERS)[(~loyal).astype(np.intp)].T)
    stays = rng.geometric(np.clip(leave, 1e-12, 1)) - 1.0
    due, price = rng.integers(1, SEEN + 1, n).astype(float), rng.gamma(4, 10, n)
    over = stays < due
    made = np.minimum(stays, due)
    later = np.where(over, 0.0, np.minimum(stays - due, YEARS))
    return Histories(made, made, made + over, price), later, later * price


def drawn(parameters: Floats, rng: np.random.Generator) -> tuple[Histories, Floats, Floats]:
    """Draw 40 weeks of customers with parameters (4, n), and what they buy and pay in 26 more."""
    r, alpha, a, b = parameters
    n = len(r)
    rate, leave, scale = rng.gamma(r) / alpha, rng.beta(a, b), rng.gamma(5, 1 / 20, n)
    x, last, later, money, paid, now = np.zeros((6, n))
    there = np.full(n, True)
    while there.any():
        now = now + rng.exponential(1 / np.maximum(rate, 1e-12))
        there &= now < 40 + AHEAD.t
        early, each = there & (now < 40), rng.gamma(6, 1 / scale)
        x[early] += 1
        money[early] += each[early]
        last[early] = now[early]
        later[there & ~early] += 1
        paid[there & ~early] += each[there & ~early]
        there &= rng.random(n) >= leave
    spend = np.where(x > 0, money / np.maximum(x, 1), 0)
    return Histories(x, last, np.full(n, 40.0), spend), later, paid


def of_two(n: int) -> tuple[Floats, NDArray[np.intp]]:
    segment = (np.arange(n) % 3 == 0).astype(np.intp)
    return np.array([ALL, OFTEN]).T[:, segment], segment


def coverage(replicates: int, n: int) -> None:
    held = np.zeros(4)
    purchases, totals, chances, reached = [], [], [], []
    many, segment = of_two(200_000)
    _, later, paid = drawn(many, np.random.default_rng(0))
    truth = [later[segment == k].mean() for k in range(2)]
    enough = [paid[segment == k].mean() * (np.arange(n) % 3 == 0).sum() for k in range(2)]
    for seed in range(replicates):
        rng = np.random.default_rng(seed + 1)
        alone, _, _ = drawn(np.repeat(np.array(ALL)[:, None], n, axis=1), rng)
        model = BetaGeoModel().fit(alone.frequency, alone.recency, alone.T)
        held += [
            low <= true <= high
            for true, (low, high) in zip(ALL, model.intervals_.values(), strict=True)
        ]
        parameters, segment = of_two(n)
        histories, _, paid = drawn(parameters, rng)
        member = Membership.of(np.eye(2)[segment])
        found, _ = outlooks(histories, member, AHEAD, pooled=False, at_least=enough[1], seed=seed)
        for k, one in enumerate(found):
            purchases.append(one.purchases.low <= truth[k] <= one.purchases.high)
            total = paid[segment == k].sum()
            assert one.total is not None
            totals.append(one.total.low <= total <= one.total.high)
        chances.append(found[1].substantial)
        reached.append(paid[segment == 1].sum() >= enough[1])
    rates = " ".join(f"{share:.1%}" for share in held / replicates)
    print(f"{n} customers, {replicates} replicates: r alpha a b {rates}")
    print(f"  purchases of a customer of a segment {np.mean(purchases):.1%}, what all bring "
          f"{np.mean(totals):.1%}")  # fmt: skip
    print(f"  chance to bring enough: {np.mean(np.array(chances, float)):.1%} said, "
          f"{np.mean(reached):.1%} true")  # fmt: skip


def segments(replicates: int) -> None:
    """Print the root mean square error of predicted means, relative to what happened."""
    for n in (300, 3_000):
        parameters, segment = of_two(n)
        for name, by_purchases in (("needs", False), ("purchases", True)):
            errors: dict[str, list[float]] = {}
            for seed in range(replicates):
                histories, later, _ = drawn(parameters, np.random.default_rng(seed))
                of = (histories.frequency >= 2).astype(np.intp) if by_purchases else segment
                for way in ("one fit", "each its own", "partly pooled"):
                    found = predicted(way, histories, of)
                    errors.setdefault(way, []).extend(
                        found[k] / later[of == k].mean() - 1 for k in range(2)
                    )
            told = "; ".join(
                f"{way} {np.sqrt(np.mean(np.square(e))):.1%}" for way, e in errors.items()
            )
            print(f"{n} customers in segments by {name}, error of predictions: {told}")


def predicted(way: str, histories: Histories, of: NDArray[np.intp]) -> list[float]:
    member = Membership.of(np.eye(2)[of])
    if way != "each its own":
        found, _ = outlooks(histories, member, AHEAD, pooled=way == "one fit")
        return [one.purchases.value for one in found]
    means = []
    for k in range(2):
        own = histories.pick(of == k)
        alone = Membership.of(np.ones((len(own.frequency), 1)))
        try:
            [one], _ = outlooks(own, alone, AHEAD, pooled=True)
            means.append(one.purchases.value)
        except ValueError:  # nobody of them came again
            means.append(0.0)
    return means


if __name__ == "__main__":
    sys.exit(main())
