"""BG/NBD, Gamma-Gamma and BG/BB beside the package ``lifetimes``: the same likelihood, how fast.

Customers are drawn from BG/NBD with the parameters of CDNOW, in days. With ``--cdnow`` and
``--donors``, files of the R package BTYD (frequency, recency, T in columns 2 to 4; donors and how
many of them) are fitted, too. The peer runs in a Python of its own, if one is named that has it:

    .venv/bin/python benchmarks/lifetimes.py --customers 1000000 --peer /tmp/peer/bin/python
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.lifetimes.buying import PurchaseLikelihood
from forwhom.lifetimes.rows import collapse

Floats = NDArray[np.float64]

CDNOW = (0.243, 4.414 * 7, 0.793, 2.426)  # alpha in days
_PEER = """
import sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from lifetimes import BetaGeoFitter
x, t, T = np.load(sys.argv[1])
start = time.perf_counter()
model = BetaGeoFitter().fit(x, t, T)
took = time.perf_counter() - start
p = model.params_
print(took, *p[["r", "alpha", "a", "b"]])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--peer", type=Path, help="a Python that has the package lifetimes")
    parser.add_argument("--cdnow", type=Path)
    parser.add_argument("--spend", type=Path)
    parser.add_argument("--donors", type=Path)
    asked = parser.parse_args()
    measure(drawn(asked.customers, CDNOW, seed=1), asked.peer)
    if asked.cdnow:
        published(asked.cdnow, asked.spend, asked.donors)


def drawn(n: int, parameters: tuple[float, ...], seed: int, days: int = 273) -> Floats:
    """Draw frequency, recency and T, in whole days, of customers who begin in the first third."""
    r, alpha, a, b = parameters
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    T = days - rng.integers(0, days // 3, n).astype(np.float64)
    x, last, now = np.zeros(n), np.zeros(n), np.zeros(n)
    there = np.arange(n)
    while len(there):
        now[there] += 1 + np.floor(rng.exponential(1 / np.maximum(rate[there], 1e-12)))
        there = there[now[there] < T[there]]
        x[there] += 1
        last[there] = now[there]
        there = there[rng.random(len(there)) >= leave[there]]
    return np.stack([x, last, T])


def measure(histories: Floats, peer: Path | None) -> None:
    import forwhom as fw

    n = histories.shape[1]
    fw.BetaGeoModel().fit(*histories[:, :1000])  # what is compiled is not timed
    start = time.perf_counter()
    model = fw.BetaGeoModel().fit(*histories)
    took = time.perf_counter() - start
    ours = (model.r_, model.alpha_, model.a_, model.b_)
    told = " ".join(f"{value:.4f}" for value in ours)
    print(f"{n:,} customers: forwhom {took:.2f} s, LL {model.log_likelihood_:.3f}, {told}")
    if peer is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "histories.npy"
        np.save(file, histories)
        done = subprocess.run(
            [peer, "-c", _PEER, file], capture_output=True, text=True, check=True
        )  # fmt: skip
    seconds, *theirs = map(float, done.stdout.split())
    # The peer counts time in a unit of its own: its parameters are judged by one likelihood.
    value = PurchaseLikelihood(collapse(tuple(histories)))(np.array(theirs)).value
    told = " ".join(f"{value:.4f}" for value in theirs)
    print(f"{n:,} customers: lifetimes {seconds:.2f} s, LL {value:.3f}, {told}")
    print(
        f"{seconds / took:.1f} times as fast; log-likelihood {model.log_likelihood_ - value:+.4f}"
    )


def published(cdnow: Path, spend: Path | None, donors: Path | None) -> None:
    import forwhom as fw

    x, t, T, *_ = _columns(cdnow, 1)
    model = fw.BetaGeoModel().fit(x, t, T)
    print(f"CDNOW, BG/NBD: {_told(model)} (published: .243 4.414 .793 2.426; LL -9582.4)")
    ahead = model.conditional_expected_purchases(39, [2], [30.43], [38.86])[0]
    print(f"  E[Y(39) | 2, 30.43, 38.86] = {ahead:.4f} (published: 1.226)")
    if spend is not None:
        money = fw.GammaGammaModel().fit(x, _columns(spend, 1)[0])
        print(f"CDNOW, Gamma-Gamma: {_told(money)} (published: 6.25 3.74 15.44)")
    if donors is not None:
        x, t, n, many = _columns(donors, 0)
        gifts = fw.BetaGeoBetaBinomModel().fit(x, t, n, many)
        print(f"Donors, BG/BB: {_told(gifts)} (published: 1.204 .750 .657 2.783; LL -33225.6)")


def _told(model: object) -> str:
    names: tuple[str, ...] = model.names  # type: ignore[attr-defined]
    values = " ".join(f"{getattr(model, name + '_'):.4f}" for name in names)
    return f"{values}; LL {model.log_likelihood_:.3f}"  # type: ignore[attr-defined]


def _columns(path: Path, first: int) -> Floats:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) for cell in row[first:]] for row in rows]).T


if __name__ == "__main__":
    sys.exit(main())
