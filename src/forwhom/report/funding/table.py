from __future__ import annotations

import csv
import io

from forwhom.documents.base import expect
from forwhom.documents.cells import harmless
from forwhom.documents.results.funding import NODE_NAMES, UNKNOWN_GIVER, UNKNOWN_RECEIVER, Funding
from forwhom.wording import clean

COLUMNS = (
    "from_id", "from", "to_id", "to", "sector_code", "sector", "country_code", "country",
    "amount", "currency",
)  # fmt: skip

_UNNAMED = (UNKNOWN_GIVER, UNKNOWN_RECEIVER)


def flows_csv(found: Funding) -> str:
    """Return the flows as CSV, a row for each giver, receiver, sector and country.

    An organization that is not named has empty cells. Text that a spreadsheet would take for a
    formula begins with an apostrophe.

    Parameters
    ----------
    found
        Who funds whom.
    """
    expect(found, Funding, "Who funds whom", "forwhom.funding")
    sectors = {part.code: part.name for part in found.by_sector}
    countries = {part.code: part.name for part in found.by_country}
    names = {one.id: one.name for one in found.organizations} | NODE_NAMES
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for flow in found.flows:
        cells = (
            *_party(flow.giver, names),
            *_party(flow.receiver, names),
            flow.sector,
            sectors.get(flow.sector, "") if flow.sector else "",
            flow.country,
            countries.get(flow.country, "") if flow.country else "",
        )
        writer.writerow(
            [*(harmless(clean(cell)) for cell in cells), f"{flow.amount:.2f}", found.currency]
        )
    return out.getvalue()


def _party(organization: str, names: dict[str, str]) -> tuple[str, str]:
    if organization in _UNNAMED:
        return "", ""
    identity = "" if organization in NODE_NAMES else organization
    return identity, names.get(organization, organization)
