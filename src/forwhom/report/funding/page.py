from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from forwhom.documents.base import expect
from forwhom.documents.results.funding import NOT_SAID, Funding, Part, said_quarter
from forwhom.languages.catalog import later, speaking_all, tr, whole
from forwhom.report.filling import direction, filled, marked
from forwhom.report.funding.nodes import Middle
from forwhom.report.funding.quarters import quarters_chart
from forwhom.report.funding.sankey import sankey_svg
from forwhom.report.funding.sentences import (
    PART_NAMES,
    ROLES,
    headline,
    names_of,
    pairs,
    part_name,
    sentences,
)
from forwhom.wording import apart, beside, joined, listed, lowered, money, number, percent

_KINDS = {
    "aim": later("By aim"),
    "channel": later("By channel"),
    "form": later("By form"),
    "earmarking": later("By earmarking"),
    "term": later("By term"),
    "giver": later("By kind of giver"),
}
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
    expect(found, Funding, "Who funds whom", "forwhom.funding")
    with speaking_all(found.language):
        return _page(found, middle, top)


def _page(found: Funding, middle: Middle, top: int) -> str:
    names = names_of(found)
    return filled(
        "funding/page.html.jinja",
        "funding/page.css",
        found=found,
        headline=marked(headline(found)),
        sentences=[*map(marked, sentences(found))],
        notes=[*map(marked, found.notes)],
        shown_until=_until(found),
        pairs=[(names[giver], names[to], number(n)) for giver, to, n in pairs(found)],
        cells=_cells(found),
        sectors=[_part(part, "sector", names) for part in found.by_sector],
        countries=[_part(part, "country", names) for part in found.by_country],
        kinds=[(tr(_KINDS[kind.by]), [_kind(found, part) for part in kind.parts])
               for kind in found.kinds],
        # Both are made of elements in which every text is escaped.
        drawing=Markup(sankey_svg(found, middle=middle, top=top, standalone=False)),
        quarters=quarters_chart(found),
        quarter_rows=[
            (said_quarter(one.quarter), number(one.spent), number(one.planned), whole(one.ending),
             number(one.ends))
            for one in found.cliff.quarters
        ],
        rows=ROWS,
        used=whole(found.counted.used),
        rates=marked(_rates(found)),
        sources=marked(tr("Sources: {files}.", files=_files(found))),
        direction=direction(found.language),
    )  # fmt: skip


def _until(found: Funding) -> str:
    return marked(
        tr(
            "Solid bars were spent up to {today}. Open bars are planned disbursements; where an "
            "activity has none, its budgets; where it has none of those either, what was committed "
            "and not yet spent, until its end.",
            today=apart(found.today),
        )
    )


def _files(found: Funding) -> str:
    return listed([*map(apart, found.sources)], 20)


def _rates(found: Funding) -> str:
    rates = [apart(f"1 {code} = {rate:g} {found.currency}") for code, rate in found.rates.items()]
    return tr("Rates that were given: {rates}.", rates=joined(rates)) if rates else ""


def _kind(found: Funding, part: Part) -> str:
    """Return how much of the money is of a kind."""
    return tr(
        "{share} {kind} ({amount})",
        share=percent(part.share),
        kind=lowered(part_name(part, "")),
        amount=money(part.amount, found.currency),
    )


def _part(part: Part, what: Literal["sector", "country"], names: dict[str, str]) -> tuple[str, ...]:
    """Return a sector or a country as a row of its table."""
    giver = part.largest_giver
    return (
        part_name(part, what),
        number(part.amount),
        percent(part.share),
        names[giver] if giver else "–",
        percent(part.largest_share) if giver else "–",
        number(part.hhi),
        percent(part.unknown_share),
    )


def _cells(found: Funding) -> list[tuple[str, ...]]:
    """Return sector, country and the organizations of each role there, most money first."""
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
            PART_NAMES["sector"](key[0]) if key[0] else tr(NOT_SAID),
            PART_NAMES["country"](key[1]) if key[1] else tr(NOT_SAID),
            *(_listed(cells[key].get(role, [])) for role in ROLES),
        )
        for key in ranked[:ROWS]
    ]


def _listed(names: list[str], most: int = 4) -> str:
    """Return the first names, each on its line, and how many more there are."""
    shown: list[str] = [Markup("<bdi>{}</bdi>").format(name) for name in names[:most]]
    if len(names) > most:
        shown.append(tr("{n} more", n=whole(len(names) - most)))
    return (Markup(beside([""] * 2).strip()) + Markup("<br>")).join(shown) or "–"
