"""What the options of discovering may be."""

from __future__ import annotations

from typing import get_args

from forwhom.documents.base import Numbers
from forwhom.documents.fitting import CRITERIA
from forwhom.errors import OptionError, nearest
from forwhom.mixture.shape import Covariance
from forwhom.pipeline.methods import Method

#: More starts need more memory than a person means to spend.
MOST_STARTS = 100_000
#: More replicates than this say nothing that these do not.
MOST_REPLICATES = 1000
#: Fewer customers than this choose a number of segments by chance.
FEWEST_SAMPLED = 1000
#: More segments than this nobody tells apart.
MOST_SEGMENTS = 1000
#: More prior customers than this leave nothing to the data, and no digits to compute with.
LARGEST_PRIOR = 1e9


def check_options(
    *,
    k: int | None,
    k_max: int,
    method: str,
    criterion: str,
    covariance: str,
    numbers: str,
    n_starts: int | None,
    prior: float,
    stability: int | None,
    sample: int | None,
    seed: int,
    threshold: int,
) -> None:
    """Refuse an option that has no usable value, and say which it could have."""
    counts = {"k": k, "k_max": k_max, "n_starts": n_starts, "threshold": threshold}
    for name, count in counts.items():
        if count is not None and count < 1:
            raise OptionError(f"{name} is {count}.", "Give a whole number of at least 1.")
    if k is not None and k > MOST_SEGMENTS:
        raise OptionError(f"k is {k}.", f"Give at most {MOST_SEGMENTS:,}.")
    if n_starts is not None and n_starts > MOST_STARTS:
        raise OptionError(f"n_starts is {n_starts}.", f"Give at most {MOST_STARTS}.")
    if not 0 <= prior <= LARGEST_PRIOR:
        advice = f"Give 0 (maximum likelihood) to {LARGEST_PRIOR:,.0f}, such as 1."
        raise OptionError(f"prior is {prior}.", advice)
    if stability is not None and not 0 <= stability <= MOST_REPLICATES:
        advice = f"Give 0 (none) to {MOST_REPLICATES:,}, such as 100."
        raise OptionError(f"stability is {stability}.", advice)
    if sample is not None and 0 != sample < FEWEST_SAMPLED:
        advice = f"Give 0 (all of them), or at least {FEWEST_SAMPLED:,}, such as 20,000."
        raise OptionError(f"sample is {sample}.", advice)
    if seed < 0:
        raise OptionError(f"seed is {seed}.", "Give a whole number of at least 0.")
    known = {
        "method": (method, get_args(Method)),
        "criterion": (criterion, CRITERIA),
        "covariance": (covariance, get_args(Covariance)),
        "numbers": (numbers, get_args(Numbers)),
    }
    for name, (value, choices) in known.items():
        if value not in choices:
            advice = nearest(value, choices) or f"Choose one of: {', '.join(choices)}."
            raise OptionError(f"there is no {name} {value!r}.", advice)
