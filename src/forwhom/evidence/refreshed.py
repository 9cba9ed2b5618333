"""A refresh as evidence: what was found of a later period, to be cited by id and fingerprint."""

from __future__ import annotations

from forwhom.documents.ids import in_id
from forwhom.documents.refresh import Move, Range, Refresh
from forwhom.documents.segmentation import Evidence, Interval, Segmentation
from forwhom.evidence.items import fingerprint
from forwhom.wording import between, opened, percent

#: What the ids of these items begin with, or end with after a segment's number.
_BEGIN, _SIZE, _MOVED = "refresh.", ".size-now", ".moved."


def with_refresh(found: Segmentation, told: Refresh, evidence: list[Evidence]) -> Segmentation:
    """Return a segmentation with a refresh in the place of an earlier one."""
    kept = [one for one in found.evidence if not _of_refresh(one.id)]
    return found.model_copy(update={"refreshed": told, "evidence": [*kept, *evidence]})


def _of_refresh(id_: str) -> bool:
    return id_.startswith(_BEGIN) or id_.endswith(_SIZE) or _MOVED in id_


def refresh_evidence(told: Refresh) -> list[Evidence]:
    """Return the verdict, sizes, moves and composition as evidence."""
    source = told.sources[0].fingerprint if told.sources else ""
    verdict = _item(
        "refresh.verdict", told.headline, round(told.alarm, 4), None, told,
        "smallest of all p values by Šidák's method, of segments that are as they were",
        told.verdict,
    )  # fmt: skip
    items = [verdict, *_sizes(told), *_composition(told), *_moves(told)]
    return [item.model_copy(update={"source": source}) for item in items]


def _sizes(told: Refresh) -> list[Evidence]:
    return [
        _item(
            f"segment-{one.segment}{_SIZE}",
            f"{told.noun.capitalize()} {one.segment} is {percent(one.now.value)} of the customers "
            f"as of {told.day} ({between(percent(one.now.low), percent(one.now.high))}), and was "
            f"{percent(one.before.value)}",
            one.now.value, _interval(one.now), told,
            "maximum likelihood of the shares, with the segments as they were",
        )
        for one in told.sizes
    ]  # fmt: skip


def _composition(told: Refresh) -> list[Evidence]:
    psi = "population stability index less its expectation where nothing changed"
    items = [
        _item(
            f"refresh.composition.{in_id(one.variable)}" if one.variable else "refresh.sizes",
            one.said(told.noun), one.psi.value, _interval(one.psi), told, psi, one.verdict,
        )
        for one in [*([told.shift] if told.shift else []), *told.shifts]
    ]  # fmt: skip
    if told.unfit is None or told.unfit.few:
        return items
    now = told.unfit.now
    said = f"{percent(now.value)} of the customers fit no {told.noun} as of {told.day}"
    how = "share under the threshold of the frozen model"
    return [*items, _item("refresh.unfit", said, now.value, _interval(now), told, how)]


def _moves(told: Refresh) -> list[Evidence]:
    return [
        _item(
            f"segment-{one.segment}{_MOVED}{in_id(one.variable)}",
            _moved(told, one),
            one.effect, Interval(low=one.low, high=one.high), told,
            f"difference of means or shares with the frozen model ({one.kind})",
        )
        for one in told.moves
        if one.moved
    ]  # fmt: skip


def _moved(told: Refresh, one: Move) -> str:
    noun = opened(told.noun)
    if one.words:
        return f"{noun} {one.segment} moved in {one.label}, {one.words}"
    return f"{noun} {one.segment} moved in {one.label}"


def _interval(one: Range) -> Interval:
    return Interval(low=one.low, high=one.high)


def _item(
    id_: str,
    statement: str,
    value: float,
    interval: Interval | None,
    told: Refresh,
    method: str,
    verdict: str = "",
) -> Evidence:
    return Evidence(
        id=id_, statement=statement, value=value, interval=interval, n=told.n, method=method,
        source="", verdict=verdict,
        fingerprint=fingerprint(id_, value, interval, told.n, method),
    )  # fmt: skip
