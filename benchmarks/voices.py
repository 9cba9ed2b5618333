"""What segments say: how often verdicts are wrong, how much is found, and how fast texts are read.

    .venv/bin/python benchmarks/voices.py --replicates 400 --write docs/voices.md
    .venv/bin/python benchmarks/voices.py --weighted 200 --write docs/voices.md
    .venv/bin/python benchmarks/voices.py --speed --write docs/voices.md

Texts for the speed are made of words with the frequencies of language (Zipf). The peer is what
scikit-learn offers: CountVectorizer with words, pairs and triples, and chi2.
"""

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.evidence.themes import themes_of
from forwhom.evidence.voices import Apart, sets_apart
from forwhom.texts import spoken, tokens_of, words_of
from run import put

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SIZES = (300, 1000, 5000)
PRIOR = np.array([0.5, 0.3, 0.2])
STATEMENTS, DEVIATION = 300, 0.8
DEVIATIONS = (0.0, 0.5, 1.0)


def draw(
    rng: np.random.Generator, n: int, part: float, far: float
) -> tuple[Ints, Ints, Floats, Floats]:
    """Draw who makes which statement; return also chances of segments and true ratios."""
    z = rng.choice(3, n, p=PRIOR)
    chances = np.eye(3)[z]
    if far:
        seen = far * np.eye(3)[z] + rng.normal(size=(n, 3))
        log = -0.5 * ((seen[:, None] - far * np.eye(3)) ** 2).sum(axis=2) + np.log(PRIOR)
        chances = np.exp(log - log.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
    share = np.exp(rng.uniform(np.log(max(12 / n, 0.004)), np.log(0.2), STATEMENTS))
    effect = np.zeros((STATEMENTS, 3))
    differs = np.flatnonzero(rng.random(STATEMENTS) < part)
    effect[differs, rng.integers(0, 3, len(differs))] = rng.normal(0, DEVIATION, len(differs))
    rates = np.minimum(share[:, None] * np.exp(effect), 0.9)
    statement, customer = np.nonzero(rng.random((STATEMENTS, n)) < rates[:, z])
    others = [
        np.average(np.delete(rates, k, 1), axis=1, weights=np.delete(PRIOR, k)) for k in range(3)
    ]
    return statement, customer, chances, rates / np.stack(others, axis=1)


def plain_holds(found: Apart, truth: Floats, sizes: Floats, told: NDArray[np.bool_]) -> Floats:
    """Whether plain intervals of what is told hold: counts by assignment, nothing corrected."""
    rest, beside = found.counts.sum(axis=1, keepdims=True) - found.counts, sizes.sum() - sizes
    log = np.log((found.counts + 0.5) / (sizes + 0.5)) - np.log((rest + 0.5) / (beside + 0.5))
    error = np.sqrt(1 / (found.counts + 0.5) + 1 / (rest + 0.5) - 1 / sizes - 1 / beside)
    return (np.abs(log - np.log(truth)) <= 1.96 * error)[told]


def rates(replicates: int) -> Iterator[str]:
    yield "| customers | differ | overlap | any | false | coverage | plain coverage | found |"
    yield "|---:|---:|---|---:|---:|---:|---:|---:|"
    for far in (0.0, 2.5):
        for part in (0.0, 0.2):
            for n in SIZES:
                sums = np.zeros(8)
                for seed in range(replicates):
                    rng = np.random.default_rng([n, seed])
                    statement, customer, chances, truth = draw(rng, n, part, far)
                    found = sets_apart(statement, customer, STATEMENTS, chances)
                    told = found.told
                    false = (told & (truth <= 1 + 1e-9)).sum() / max(told.sum(), 1)
                    # What fewer than ten others say is told as less than it is.
                    shown = told & (found.counts.sum(axis=1, keepdims=True) - found.counts >= 10)
                    inside = ((found.low <= truth) & (truth <= found.high))[shown]
                    sizes = np.bincount(chances.argmax(axis=1), minlength=3).astype(float)
                    plain = plain_holds(found, truth, sizes, shown)
                    large = (truth >= 1.5) & (found.counts.sum(axis=1, keepdims=True) >= 10)
                    sums += [told.any(), false, inside.sum(), plain.sum(), shown.sum(),
                             (told & large).sum(), large.sum(), 1]  # fmt: skip
                any_, false, inside, plain, shown, hit, large, _ = sums
                cells = [
                    f"{any_ / replicates:.1%}" if part == 0 else "",
                    f"{false / replicates:.1%}" if part else "",
                ]
                cells += (
                    [f"{inside / shown:.1%}", f"{plain / shown:.1%}", f"{hit / large:.0%}"]
                    if part
                    else [""] * 3
                )
                yield f"| {n:,} | {part:.0%} | {'yes' if far else 'no'} | {' | '.join(cells)} |"


def weighted(replicates: int) -> Iterator[str]:
    yield (
        "| customers | weights (log-normal, deviation) | any, where nothing differs | false | "
        "coverage |"
    )
    yield "|---:|---:|---:|---:|---:|"
    for n in SIZES:
        for deviation in DEVIATIONS:
            any_, false, inside, held, every = 0, 0.0, 0, [], 0
            for seed in range(replicates):
                weights = np.random.default_rng([seed, n]).lognormal(0, deviation, n)
                for part in (0.0, 0.2):
                    rng = np.random.default_rng([n, seed])
                    statement, customer, chances, truth = draw(rng, n, part, 0.0)
                    found = sets_apart(statement, customer, STATEMENTS, chances, weights)
                    if not part:
                        any_ += int(found.told.any())
                        continue
                    false += (found.told & (truth <= 1 + 1e-9)).sum() / max(found.told.sum(), 1)
                    few = found.counts.sum(axis=1, keepdims=True) - found.counts < 10
                    shown = found.told & ~few
                    right = ((found.low <= truth) & (truth <= found.high))[shown]
                    inside, every = inside + int(right.sum()), every + len(right)
                    held.append((right.sum(), len(right)))
            share = inside / every
            # Statements of one draw have customers in common: the error is that of draws.
            error = np.sqrt(sum((right - share * of) ** 2 for right, of in held)) / every
            yield (
                f"| {n:,} | {deviation:g} | {any_ / replicates:.1%} | {false / replicates:.1%} | "
                f"{share:.1%} ± {error:.1%} |"
            )


def speed(n: int) -> Iterator[str]:
    """Read short texts, make phrases and themes, compare eight segments; then the peer."""
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghilmnoprstuvw"))
    names = ["".join(rng.choice(letters, rng.integers(3, 10))) for _ in range(20_000)]
    small = words_of("en").stop[:120]
    shares = 1 / np.arange(1, len(names) + 1) ** 1.05
    lengths = rng.integers(6, 22, n)
    picked = rng.choice(len(names), int(lengths.sum()), p=shares / shares.sum())
    silent = rng.random(len(picked)) < 0.45
    words = [small[i % 120] if s else names[i] for i, s in zip(picked, silent, strict=True)]
    ends = lengths.cumsum()
    texts = [" ".join(words[a:b]) + "." for a, b in zip(ends - lengths, ends, strict=True)]
    chances = np.eye(8)[rng.integers(0, 8, n)]
    steps = {}
    begun = now = time.perf_counter()
    tokens = tokens_of(texts)
    now, steps["taking texts apart"] = time.perf_counter(), time.perf_counter() - now
    heard = spoken(tokens, np.arange(n), words_of("en"), 10)
    now, steps["phrases"] = time.perf_counter(), time.perf_counter() - now
    themes = themes_of(heard.phrase, heard.customer, heard.counts)
    now, steps["themes"] = time.perf_counter(), time.perf_counter() - now
    sets_apart(heard.phrase, heard.customer, len(heard.phrases), chances)
    steps["comparing 8 segments"] = time.perf_counter() - now
    whole = time.perf_counter() - begun
    yield (
        f"{n:,} texts of {lengths.mean():.0f} words: {whole:.1f} s on two cores, "
        f"{len(heard.phrases):,} phrases and {len(themes)} themes ("
        + ", ".join(f"{name} {took:.1f} s" for name, took in steps.items()) + ")."
    )  # fmt: skip
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.feature_selection import chi2

    begun = time.perf_counter()
    counted = CountVectorizer(ngram_range=(1, 3), min_df=10, binary=True).fit_transform(texts)
    chi2(counted, chances.argmax(axis=1))
    took = time.perf_counter() - begun
    yield (
        f"scikit-learn's CountVectorizer (one to three words, in ten texts or more) and chi2: "
        f"{took:.1f} s, without names, denials, tones, themes and intervals."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=0)
    parser.add_argument("--weighted", type=int, default=0)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    parts = []
    if options.replicates:
        lines = [*rates(options.replicates), "", f"{options.replicates:,} draws for each line."]
        parts.append(("voices", lines))
    if options.weighted:
        lines = [*weighted(options.weighted), "", f"{options.weighted:,} draws for each line."]
        parts.append(("weights", lines))
    if options.speed:
        parts.append(("speed", list(speed(options.texts))))
    for name, lines in parts:
        print("\n".join(lines))
        marks = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
        put(options.write, lines, *marks)


if __name__ == "__main__":
    main()
