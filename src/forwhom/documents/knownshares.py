"""Known shares of groups, such as those of a census, read from a YAML file.

::

    margins:
      gender: {female: 0.51, male: 0.49}
      region: {North: 30%, South: 70%}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from forwhom.documents.yamlfile import Location, YamlText, parse_yaml, read_text
from forwhom.errors import DocumentError, nearest

#: How far shares may be from one whole, since those of a census are rounded.
ROUNDED = 0.02
_SHAPE = (
    "Expected 'margins:' with an attribute in each line, such as gender: {female: 51%, male: 49%}."
)


def read_margins(
    path: str | Path, known: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Read known shares; ``known`` are the groups of each attribute that the data have.

    The shares of each attribute are those of one whole: they add up to 1, or to 100 %.
    """
    source = parse_yaml(read_text(path, "known shares (YAML)"), str(path))
    margins = source.data.get("margins") if isinstance(source.data, dict) else None
    if not isinstance(margins, dict) or not margins:
        raise DocumentError(f"{source.place(())}: there are no margins.", _SHAPE)
    found = {}
    for attribute, groups in margins.items():
        at: Location = ("margins", attribute)
        if attribute not in known:
            raise DocumentError(
                f"{source.place(at)}: there is no protected attribute {attribute!r} in the data.",
                nearest(str(attribute), known) or f"There are: {', '.join(known) or 'none'}.",
            )
        if not isinstance(groups, dict) or len(groups) < 2:
            raise DocumentError(f"{source.place(at)}: two groups or more are expected.", _SHAPE)
        shares = {str(g): _share(v, source, (*at, g)) for g, v in groups.items()}
        _check(shares, known[attribute], source, at)
        total = sum(shares.values())
        found[str(attribute)] = {group: share / total for group, share in shares.items()}
    return found


def _share(value: object, source: YamlText, at: Location) -> float:
    text = str(value).strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if isinstance(value, bool) or not 0 <= share <= 100:
        raise DocumentError(
            f"{source.place(at)}: {text!r} is no share.", "Expected 0 to 1, or a percentage: 51%."
        )
    return share


def _check(
    shares: Mapping[str, float], groups: Sequence[str], source: YamlText, at: Location
) -> None:
    unknown = next((g for g in shares if g not in groups), None)
    if unknown is not None:
        raise DocumentError(
            f"{source.place((*at, unknown))}: the data have no group {unknown!r} of enough people.",
            nearest(unknown, groups) or f"There are: {', '.join(groups)}.",
        )
    left = [g for g in groups if g not in shares]
    if left:
        raise DocumentError(
            f"{source.place(at)}: the group {left[0]!r} of the data has no known share.",
            "Give one for every group of the data.",
        )
    total = sum(shares.values())
    if not (abs(total - 1) <= ROUNDED or abs(total - 100) <= 100 * ROUNDED):
        raise DocumentError(
            f"{source.place(at)}: the shares add up to {total:g}.", "Expected 1, or 100%."
        )
