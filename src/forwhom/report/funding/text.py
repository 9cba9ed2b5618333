from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from forwhom.documents.results.funding import ROLE_NAMES, Funding, Part, Quarter, said_quarter
from forwhom.languages.catalog import later, speaking_all, tr, tr_count
from forwhom.report.funding.sentences import (
    concentration_text,
    headline,
    leading_roles,
    names_of,
    pairs,
    part_name,
    unknown_text,
)
from forwhom.wording import beside, clean, number, percent

_FEW = 8
_TITLES = {
    "sector": later("Sectors, the largest first:"),
    "country": later("Countries, the largest first:"),
}


def funding_text(found: Funding) -> str:
    """Return the answer as plain text: who funds whom, how concentrated, until when."""
    with speaking_all(found.language):
        return "\n".join(map(clean, _lines(found))) + "\n"


def _lines(found: Funding) -> list[str]:
    lines = [headline(found), *filter(None, [unknown_text(found)]), ""]
    names = names_of(found)
    lines += [*_pairs(found, names)]
    lines += [*_parts("sector", found.by_sector, names)]
    lines += [*_parts("country", found.by_country, names)]
    concentrated = [concentration_text(found, one) for one in found.concentration]
    lines += [*concentrated, ""] if concentrated else []
    lines += [*_roles(found, names), "", tr("Known money by quarter:")]
    lines += _quarters(found.cliff.quarters[:16])
    lines.append(found.cliff.statement)
    if found.notes:
        lines += ["", tr("To know before using this:"), *(f"  - {n}" for n in found.notes)]
    return lines


def _quarters(quarters: Sequence[Quarter]) -> Iterator[str]:
    spent, planned = _lined(q.spent for q in quarters), _lined(q.planned for q in quarters)
    for one, *amounts in zip(quarters, spent, planned, strict=True):
        out = tr("spent {amount}", amount=amounts[0])
        ahead = tr("planned {amount}", amount=amounts[1])
        said = [f"{out}  {ahead}"]
        if one.ending:
            said.append(tr_count("{n} source ends", "{n} sources end", one.ending))
        yield f"  {said_quarter(one.quarter)}  {beside(said)}"


def _lined(amounts: Iterable[float]) -> list[str]:
    """Return amounts in a column, as wide as the longest."""
    said = [*map(number, amounts)]
    width = max([14, *map(len, said)])
    return [f"{one:>{width}}" for one in said]


def _pairs(found: Funding, names: dict[str, str]) -> Iterator[str]:
    if not found.flows:
        return
    yield tr("Who funds whom, the largest first:")
    shown = pairs(found)[:_FEW]
    amounts = _lined(amount for *_, amount in shown)
    for (giver, receiver, _), amount in zip(shown, amounts, strict=True):
        way = tr("{giver} → {receiver}", giver=names[giver], receiver=names[receiver])
        yield f"  {amount}  {way}"
    yield ""


def _parts(
    what: Literal["sector", "country"], parts: Sequence[Part], names: dict[str, str]
) -> Iterator[str]:
    if not parts:
        return
    yield tr(_TITLES[what])
    for part in parts[:_FEW]:
        said, giver = part_name(part, what), names.get(part.largest_giver, "")
        if giver:
            share = percent(part.largest_share)
            said = tr("{said}; {share} from {giver}", said=said, share=share, giver=giver)
        yield f"  {percent(part.share):>6}  {said}"
    if len(parts) > _FEW:
        more = tr_count("and {n} more", "and {n} more", len(parts) - _FEW)
        yield f"          {more}"
    yield ""


def _roles(found: Funding, names: dict[str, str]) -> Iterator[str]:
    yield tr("Roles in the purchase, as the data show them:")
    for role, shown in leading_roles(found, 5).items():
        listed = beside([names[one] for one, *_ in shown]) or tr("nobody is named")
        yield f"  {tr(ROLE_NAMES[role])}: {listed}"
