"""How often what is said of lifetimes and of the value of segments holds, on simulated customers.

First parameters of BG/NBD with their 95 % intervals. Then, for customers of a shop (BG/NBD), donors
who are seen for six years and predicted for three (BG/BB) and contracts of up to six years (shifted
beta-geometric): intervals of what a customer of two segments will do and bring and of what all of a
segment bring, and how often it is wrong that a segment brings enough, or does not. Then the error
of predictions for segments that were told apart by needs, and for segments formed by purchases:
with one fit for all, with fits of their own, and partly pooled.

    .venv/bin/python benchmarks/value.py --replicates 400
    .venv/bin/python benchmarks/value.py --replicates 600 --only bg-bb --customers 500
"""

import argparse
import os
import sys
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom import BetaGeoModel
from forwhom.documents.value import SURE
from forwhom.evidence.value import outlooks
from forwhom.lifetimes import BG_BB, BG_NBD, SBG, Coming, Histories, Horizon
from forwhom.statistics.effects import Z95
from forwhom.statistics.membership import Membership

Floats = NDArray[np.float64]

ALL = (0.5, 6.0, 0.9, 3.0)
OFTEN = (1.2, 6.0, 0.9, 3.0)
AHEAD = Horizon(26.0)


#: Of what a segment brings on average: amounts that are asked for.
ASKED = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--only", choices=[one.name for one in MODELS])
    parser.add_argument("--customers", type=int, nargs="+", default=[500, 2_000])
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    for model in MODELS:
        for n in asked.customers:
            if asked.only in (None, model.name):
                ahead(model, asked.replicates, n)
    if asked.only is None:
        for n in asked.customers:
            of_parameters(asked.replicates, n)
        segments(asked.replicates)


#: Chances to come and to leave of both segments, as beta distributions.
DONORS = (((1.2, 0.75), (0.66, 2.8)), ((1.2, 2.5), (0.66, 2.8)))
MEMBERS = ((0.7, 2.5), (1.3, 1.6))
SEEN, YEARS = 6, 3


def ahead(model: Coming, replicates: int, n: int) -> None:
    """Print how often intervals of two segments hold, and how often a verdict is wrong."""
    draw, horizon = MODELS[model]
    many, segment = np.arange(1_500_000) % 3 == 0, np.arange(n) % 3 == 0
    _, later, paid = draw(many, np.random.default_rng(0))
    often, worth = ([x[many == k].mean() for k in (False, True)] for x in (later, paid))
    member = Membership.of(np.eye(2)[segment.astype(np.intp)])
    held, brings = [], []
    for seed in range(replicates):
        histories, _, paid = draw(segment, np.random.default_rng(100_000 + seed))
        found, _ = outlooks(
            histories, member, horizon, pooled=False, at_least=1.0, seed=seed, model=model
        )
        for k, one in enumerate(found):
            assert one.value is not None
            assert one.total is not None
            truths = often[k], worth[k], paid[segment == bool(k)].sum()
            told = one.purchases, one.value, one.total
            held.append([e.low <= t <= e.high for e, t in zip(told, truths, strict=True)])
        # What there is to bring, and what is told of it, for every amount that may be asked for.
        error = np.log(one.total.high / one.total.value) / Z95
        brings.append([truths[2], one.total.value, error])
    print(f"{model.label}, {n} customers, {replicates} replicates")
    for what, share in zip(("of a customer", "money", "all"), np.mean(held, axis=0), strict=True):
        print(f"  {what} {share:.1%} ± {np.sqrt(share * (1 - share) / len(held)):.1%}")
    average = worth[1] * segment.sum()
    for part in ASKED:
        print(f"  asked for {part} of the average: {verdicts(np.array(brings), part * average)}")


def verdicts(brings: Floats, asked: float) -> str:
    """Say how often a segment surely brings as much as is asked for, or does not, and is wrong."""
    brought, told, error = brings.T
    chance = ndtr(np.log(told / asked) / error)
    yes, no, enough = chance >= SURE, chance <= 1 - SURE, brought >= asked
    return (
        f"enough in {enough.mean():.1%}; yes {yes.mean():.1%}, wrongly {(yes & ~enough).mean():.1%}"
        f"; no {no.mean():.1%}, wrongly {(no & enough).mean():.1%}"
    )


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


def shop(
    often: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Histories, Floats, Floats]:  # fmt: skip
    """Draw customers of two segments, and what they buy and pay afterwards."""
    return drawn(np.array([ALL, OFTEN]).T[:, often.astype(np.intp)], rng)


#: Models, how their customers are drawn, and how far is looked ahead.
MODELS = {
    BG_NBD: (shop, AHEAD),
    BG_BB: (donors, Horizon(float(YEARS))),
    SBG: (contracts, Horizon(float(YEARS))),
}


def of_parameters(replicates: int, n: int) -> None:
    """Print how often intervals of r, alpha, a and b hold."""
    held = np.zeros(4)
    for seed in range(replicates):
        rng = np.random.default_rng(seed + 1)
        alone, _, _ = drawn(np.repeat(np.array(ALL)[:, None], n, axis=1), rng)
        model = BetaGeoModel().fit(alone.frequency, alone.recency, alone.T)
        held += [
            low <= true <= high
            for true, (low, high) in zip(ALL, model.intervals_.values(), strict=True)
        ]
    rates = " ".join(f"{share:.1%}" for share in held / replicates)
    print(f"{n} customers, {replicates} replicates: r alpha a b {rates}")


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
