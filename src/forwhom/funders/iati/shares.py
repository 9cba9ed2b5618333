from functools import lru_cache

#: Codes and weights that sum to 1; an empty code is unknown.
Shares = tuple[tuple[str, float], ...]

#: Everything belongs to nobody knows what.
UNKNOWN: Shares = (("", 1.0),)

#: Percentages that sum to 100 within this many points are rounded, not incomplete.
_ROUNDING = 1.0


@lru_cache(maxsize=4096)
def shares_of(written: tuple[tuple[str, str | None], ...]) -> Shares:
    """Return weights that sum to 1, from codes and percentages as they are written.

    Equal codes are joined. Percentages beyond 100 in sum are scaled down; where they sum to less
    than 99, the rest has the empty code, because nobody said where it belongs. Without any
    percentage the codes share equally.
    """
    numbers = [_percentage(text) for _, text in written]
    total = sum(n for n in numbers if n is not None)
    gaps = sum(n is None for n in numbers)
    if gaps:
        rest = max(100.0 - total, 0.0) if total else 100.0
        numbers = [rest / gaps if n is None else n for n in numbers]
        total = sum(n for n in numbers if n is not None)
    weights: dict[str, float] = {}
    for (code, _), number in zip(written, numbers, strict=True):
        if number:
            weights[code] = weights.get(code, 0.0) + number
    if not weights:
        return UNKNOWN
    if total < 100.0 - _ROUNDING:
        weights[""] = weights.get("", 0.0) + 100.0 - total
        total = 100.0
    return tuple((code, round(weight / total, 12)) for code, weight in weights.items())


def _percentage(text: str | None) -> float | None:
    """Return a percentage, also as "80%" and "66,6"; ``None`` where there is no usable number."""
    written = "" if text is None else text.strip().rstrip("% ").replace(",", ".")
    try:
        number = float(written or -1.0)
    except ValueError:
        return None
    return number if 0.0 <= number <= 1e6 else None


def is_odd(text: str | None) -> bool:
    """Return whether a percentage is written that cannot be used."""
    return bool(text and text.strip()) and _percentage(text) is None
