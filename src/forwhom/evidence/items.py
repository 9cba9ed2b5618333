"""Evidence: everything computed that a claim can cite, by a stable id and a fingerprint."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from forwhom.documents.fitting import Candidate
from forwhom.documents.ids import in_id
from forwhom.documents.privacy import is_small
from forwhom.documents.segmentation import (
    Distinction,
    Evidence,
    Interval,
    Margin,
    Segment,
    Sum,
    TypicalMember,
    typical_text,
)
from forwhom.languages.catalog import later
from forwhom.wording import count, decimal, listed, lowered, number, opened, percent

#: Digits of a number that count as its content; what is beyond them may change in peace.
_DIGITS = 3
#: BIC differences and what they say (Kass and Raftery 1995, doubled log Bayes factors).
_STRENGTH = (
    (10.0, later("very strong evidence")), (6.0, later("strong evidence")),
    (2.0, later("positive evidence")), (0.0, later("weak evidence")),
)  # fmt: skip
_METHODS = {
    "mixture": "mean posterior probability of a finite mixture model",
    "kmeans": "share of customers nearest to the center",
    "rfm": "share of customers in the cells of the grid",
    "rules": "share of customers whom the rule takes first",
}


_REVENUE, _ORDERS = later("revenue"), later("orders")


def collect_evidence(
    segments: Sequence[Segment],
    candidates: Sequence[Candidate] = (),
    *,
    source: str,
    n: int | None = None,
    tried_on: int | None = None,
    method: str = "mixture",
    threshold: int = 10,
    labels: Mapping[str, str] | None = None,
    noun: str = "segment",
    more: Iterable[Evidence] = (),
) -> list[Evidence]:
    """Return items on the number of segments, each size, distinction and certainty, and ``more``.

    ``noun`` is what statements call a segment; its id stays that of a segment. ``tried_on`` are the
    customers that the candidates were fitted to, where these are not all ``n``.
    This is the one place where evidence comes together, so that no two items share an id.
    """
    customers = sum(segment.n for segment in segments) if n is None else n
    items = _number_of_segments(len(segments), candidates, source, tried_on or customers)
    for segment in segments:
        items.append(_size(segment, source, customers, method, noun))
        shown = None if is_small(segment.n, threshold) else segment.n
        items += [_distinction(segment, d, source, shown) for d in segment.distinctions]
        items += _worth(segment, source, shown, labels or {}, noun) if len(segments) > 1 else []
        if method == "mixture" and len(segments) > 1:
            items.append(_certainty(segment, source, shown, noun))
        if segment.typical_member is not None:
            items.append(_typical(segment, segment.typical_member, source, labels or {}))
    return _with_unique_ids([*items, *more])


def _number_of_segments(
    k: int, candidates: Sequence[Candidate], source: str, n: int
) -> list[Evidence]:
    """Return what the BIC of this number says against one segment, or against the next best."""
    tried = {candidate.k: candidate for candidate in candidates if math.isfinite(candidate.bic)}
    others = [c for c in tried.values() if c.k != k]
    if k not in tried or not others:
        return []
    rival = min(others, key=lambda c: (c.bic, c.k)) if k == 1 or 1 not in tried else tried[1]
    difference = rival.bic - tried[k].bic
    chosen, other = count(k, "segment"), count(rival.k, "segment")
    both = f"{decimal(tried[k].bic, 1)} against {decimal(rival.bic, 1)}"
    statement = f"The Bayesian information criterion does not favor {chosen} over {other}: {both}"
    if difference > 0:
        strength = next(word for least, word in _STRENGTH if difference >= least)
        statement = (
            f"The Bayesian information criterion favors {chosen} over {other}: {both} ({strength})"
        )
    return [
        _evidence(
            "segments.number",
            statement,
            difference,
            source=source,
            n=n,
            method=f"BIC of {other} minus BIC of {chosen}",
        )
    ]


def _size(segment: Segment, source: str, n: int, method: str, noun: str) -> Evidence:
    interval = segment.share_interval
    return _evidence(
        f"segment-{segment.id}.size",
        f"{opened(noun)} {segment.id} is {_percent(segment.share)} of the customers "
        f"({_percent(interval.low)} to {_percent(interval.high)})",
        segment.share,
        interval=interval,
        source=source,
        n=n,
        method=_METHODS.get(method, method),
    )


def _distinction(
    segment: Segment, distinction: Distinction, source: str, n: int | None
) -> Evidence:
    kind = "difference of means" if distinction.kind == "d" else "difference of shares"
    return _evidence(
        f"segment-{segment.id}.distinction.{in_id(distinction.variable).lower()}",
        distinction.statement,
        distinction.effect,
        interval=distinction.interval,
        source=source,
        n=n,
        method=f"Cohen's {distinction.kind} against all other customers ({kind})",
    )


def _worth(
    segment: Segment, source: str, n: int | None, labels: Mapping[str, str], noun: str
) -> list[Evidence]:
    """Return what a segment brings of the revenue and of the orders, where that is known."""
    worth = segment.worth
    found = [] if worth is None else [(_REVENUE, worth.revenue), (_ORDERS, worth.orders)]
    left = [] if worth is None or worth.margin is None else [worth.margin]
    return [_left(segment, one, source, n, labels, noun) for one in left] + [
        _brings(segment, what, brought, source, n, labels, noun)
        for what, brought in found
        if brought is not None
    ]


def _brings(
    segment: Segment,
    what: str,
    brought: Sum,
    source: str,
    n: int | None,
    labels: Mapping[str, str],
    noun: str,
) -> Evidence:
    label = lowered(labels.get(brought.variable, brought.variable))
    return _evidence(
        f"segment-{segment.id}.{what}",
        f"{opened(noun)} {segment.id} brings {_percent(brought.share)} of the {what} ({label}; "
        f"{_percent(brought.interval.low)} to {_percent(brought.interval.high)}), with "
        f"{_percent(segment.share)} of the customers",
        brought.share,
        interval=brought.interval,
        source=source,
        n=n,
        method="share of the sum over all customers, interval by the delta method",
    )


def _left(
    segment: Segment,
    one: Margin,
    source: str,
    n: int | None,
    labels: Mapping[str, str],
    noun: str,
) -> Evidence:
    """Return what a customer leaves after costs, and in which segments that is more or less."""
    told = (
        f"A customer of {noun} {segment.id} leaves {number(one.mean, 3)} after costs "
        f"({lowered(labels.get(one.revenue, one.revenue))} less "
        f"{lowered(labels.get(one.cost, one.cost))}; {number(one.interval.low, 3)} to "
        f"{number(one.interval.high, 3)})"
    )
    return _evidence(
        f"segment-{segment.id}.margin",
        "; ".join([told, *_beside(one)]),
        one.mean,
        interval=one.interval,
        source=source,
        n=n,
        method="mean of revenue less cost, interval by the delta method",
    )


def _beside(one: Margin) -> Iterator[str]:
    """Say than in which segments a margin is more or less, and of which nobody can tell."""
    if one.more_than:
        yield f"more than in {listed(list(map(str, one.more_than)))}"
    if one.less_than:
        yield f"less than in {listed(list(map(str, one.less_than)))}"
    if one.unsure:
        yield f"{listed(list(map(str, one.unsure)))}: we cannot tell"


def _certainty(segment: Segment, source: str, n: int | None, noun: str) -> Evidence:
    certainty = segment.certainty
    return _evidence(
        f"segment-{segment.id}.certainty",
        f"Members of {noun} {segment.id} belong to it with a probability of "
        f"{_percent(certainty.mean_probability)} on average; {_percent(certainty.sure)} of them "
        "with at least 80%",
        certainty.mean_probability,
        source=source,
        n=n,
        method=f"mean posterior probability of the most likely {noun}",
    )


def _typical(
    segment: Segment, member: TypicalMember, source: str, labels: Mapping[str, str]
) -> Evidence:
    told = typical_text({labels.get(name, name): v for name, v in member.values.items()})
    id_, n = f"segment-{segment.id}.typical", member.based_on
    method = "medians and modes of near-typical members"
    return Evidence(
        id=id_,
        statement=told,
        value=None,
        n=n,
        method=method,
        source=source,
        # There is no number that could change: the values themselves are the content.
        fingerprint=fingerprint(id_, None, None, n, f"{method}: {told}"),
    )


def _evidence(
    id_: str,
    statement: str,
    value: float,
    *,
    source: str,
    n: int | None,
    method: str,
    interval: Interval | None = None,
) -> Evidence:
    return Evidence(
        id=id_,
        statement=statement,
        value=value,
        interval=interval,
        n=n,
        method=method,
        source=source,
        fingerprint=fingerprint(id_, value, interval, n, method),
    )


def fingerprint(
    id_: str, value: float | None, interval: Interval | None, n: int | None, method: str
) -> str:
    """Return a hash of what an item says, rounded so that the noise of arithmetic does not count.

    Examples
    --------
    >>> fingerprint("a", 0.123401, None, 100, "m") == fingerprint("a", 0.1234, None, 100, "m")
    True
    >>> fingerprint("a", 0.123, None, 100, "m") == fingerprint("a", 0.456, None, 100, "m")
    False
    """
    bounds = [] if interval is None else [interval.low, interval.high, interval.level]
    content = [id_, _rounded(value), [_rounded(b) for b in bounds], _rounded(n), method]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rounded(value: float | None) -> str:
    if value is None:
        return ""
    # A bound that is nothing but noise around zero must be zero.
    clean = 0.0 if abs(value) < 1e-6 else value
    return f"{clean:.{_DIGITS - 1}e}"


def _with_unique_ids(items: list[Evidence]) -> list[Evidence]:
    """Number the ids that two items share, as two variables do once they are written plainly."""
    seen: dict[str, int] = {}
    unique = []
    for item in items:
        seen[item.id] = seen.get(item.id, 0) + 1
        if seen[item.id] == 1:
            unique.append(item)
            continue
        id_ = f"{item.id}-{seen[item.id]}"
        mark = fingerprint(id_, item.value, item.interval, item.n, item.method)
        unique.append(item.model_copy(update={"id": id_, "fingerprint": mark}))
    return unique


def _percent(share: float) -> str:
    return percent(share, decimals=1 if share < 0.1 else 0)
