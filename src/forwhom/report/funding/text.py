from collections.abc import Iterator, Sequence

from forwhom.documents.results.funding import Funding, Part
from forwhom.report.funding.sentences import (
    concentration_text,
    headline,
    leading_roles,
    names_of,
    pairs,
    unknown_text,
)
from forwhom.wording import clean, count, number, percent

_FEW = 8


def funding_text(found: Funding) -> str:
    """Return the answer as plain text: who funds whom, how concentrated, until when."""
    lines = [headline(found), *filter(None, [unknown_text(found)]), ""]
    names = names_of(found)
    lines += [*_pairs(found, names)]
    lines += [*_parts("Sectors", found.by_sector, names)]
    lines += [*_parts("Countries", found.by_country, names)]
    concentrated = [concentration_text(found, one) for one in found.concentration]
    lines += [*concentrated, ""] if concentrated else []
    lines += [*_roles(found, names), "", "Known money by quarter:"]
    for one in found.cliff.quarters[:16]:
        ends = f"; {count(one.ending, 'source ends', 'sources end')}" if one.ending else ""
        lines.append(
            f"  {one.quarter}  spent {number(one.spent):>14}  "
            f"planned {number(one.planned):>14}{ends}"
        )
    lines.append(found.cliff.statement)
    if found.notes:
        lines += ["", "To know before using this:", *(f"  - {clean(n)}" for n in found.notes)]
    return "\n".join(lines) + "\n"


def _pairs(found: Funding, names: dict[str, str]) -> Iterator[str]:
    if not found.flows:
        return
    yield "Who funds whom, the largest first:"
    for giver, receiver, amount in pairs(found)[:_FEW]:
        yield f"  {number(amount):>14}  {names[giver]} → {names[receiver]}"
    yield ""


def _parts(title: str, parts: Sequence[Part], names: dict[str, str]) -> Iterator[str]:
    if not parts:
        return
    yield f"{title}, the largest first:"
    for part in parts[:_FEW]:
        giver = names.get(part.largest_giver, "")
        largest = f"; {percent(part.largest_share)} from {giver}" if giver else ""
        yield f"  {percent(part.share):>6}  {clean(part.name)}{largest}"
    if len(parts) > _FEW:
        yield f"          and {len(parts) - _FEW} more"
    yield ""


def _roles(found: Funding, names: dict[str, str]) -> Iterator[str]:
    yield "Roles in the purchase, as the data show them:"
    for role, shown in leading_roles(found, 5).items():
        listed = "; ".join(names[one] for one, *_ in shown) or "nobody is named"
        yield f"  {role}: {listed}"
