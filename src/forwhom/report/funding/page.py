from __future__ import annotations

import functools

from markupsafe import Markup

from forwhom.documents.results.funding import Funding, Part
from forwhom.report.filling import direction, filled
from forwhom.report.funding.nodes import Middle
from forwhom.report.funding.quarters import quarters_chart
from forwhom.report.funding.sankey import sankey_svg
from forwhom.report.funding.sentences import (
    ROLES,
    headline,
    names_of,
    pairs,
    sentences,
)
from forwhom.wording import money, number, percent

#: Rows of a table; the whole is in the CSV and the JSON.
ROWS = 40


def funding_html(found: Funding, *, middle: Middle = "", top: int = 10) -> str:
    """Return the answer as one HTML page that loads nothing.

    Parameters
    ----------
    found
        Who funds whom.
    middle
        What the drawing shows between givers and receivers.
    top
        Givers and receivers in the drawing.
    """
    names = names_of(found)
    return filled(
        "funding/page.html.jinja",
        "funding/page.css",
        found=found,
        headline=headline(found),
        sentences=sentences(found),
        pairs=[(names[giver], names[to], number(n)) for giver, to, n in pairs(found)],
        cells=_cells(found),
        sectors=[_part(part, names) for part in found.by_sector],
        countries=[_part(part, names) for part in found.by_country],
        # Both are made of elements in which every text is escaped.
        drawing=Markup(sankey_svg(found, middle=middle, top=top, standalone=False)),
        quarters=quarters_chart(found.cliff, found.currency),
        quarter_rows=[
            (one.quarter, number(one.spent), number(one.planned), str(one.ending),
             number(one.ends))
            for one in found.cliff.quarters
        ],
        money=functools.partial(money, currency=found.currency),
        rows=ROWS,
        version=found.version,
        direction=direction(found.language),
    )  # fmt: skip


def _part(part: Part, names: dict[str, str]) -> tuple[str, ...]:
    """Return a sector or a country as a row of its table."""
    giver = part.largest_giver
    return (
        part.name,
        number(part.amount),
        percent(part.share),
        names[giver] if giver else "–",
        percent(part.largest_share) if giver else "–",
        number(part.hhi),
        percent(part.unknown_share),
    )


def _cells(found: Funding) -> list[tuple[str, ...]]:
    """Return sector, country and the organizations of each role there, most money first."""
    sectors = {part.code: part.name for part in found.by_sector}
    countries = {part.code: part.name for part in found.by_country}
    names = names_of(found)
    cells: dict[tuple[str, str], dict[str, list[str]]] = {}
    for shown in found.roles:
        roles = cells.setdefault((shown.sector, shown.country), {})
        roles.setdefault(shown.role, []).append(names.get(shown.organization, shown.organization))
    amounts: dict[tuple[str, str], float] = {}
    for flow in found.flows:
        key = (flow.sector, flow.country)
        amounts[key] = amounts.get(key, 0.0) + flow.amount
    ranked = sorted(cells, key=lambda key: (-amounts.get(key, 0.0), key))
    return [
        (
            sectors.get(key[0], key[0]) or "Not said",
            countries.get(key[1], key[1]) or "Not said",
            *(_listed(cells[key].get(role, [])) for role in ROLES),
        )
        for key in ranked[:ROWS]
    ]


def _listed(names: list[str], most: int = 4) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more or "–"
