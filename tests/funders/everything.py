"""Money with everything that files of activities and tables may say, and all that is made of it.

Choices of coprime lengths go round, so that almost every two meet, the same on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from forwhom.documents.canvas import parse_canvas
from forwhom.funders.economy import propose_economy
from forwhom.funders.proposals import propose_participants
from forwhom.pipeline.funding import funding
from forwhom.report.funding import flows_csv, funding_html, funding_text, sankey_svg

from .activities import TODAY, giver, organization, receiver, transaction

One = TypeVar("One")

CODES = (3, 4, 1, 2, 3, 11, 7, 3, 12, 8, 3)
AMOUNTS = (1000, 250.55, -40, 3333.33, 90_000, 0, 12.01)
DAYS = ("2025-09-30", "2025-10-01", "2026-02-03", "2026-11-25", "2026-11-26", "2024-01-01", "soon")
GIVERS = ("", giver("Fund", "XX-F"), giver("Ministry"), giver("fund."), giver("Bank", "07"))
RECEIVERS = (
    receiver("Clinic", "KE-1"), "", receiver("School"), receiver("CLINIC"), receiver("Bank", "07"),
    receiver("Agency 1", "xx-agency 1"), receiver("", "55"),
)  # fmt: skip
SECTORS = (
    '<sector code="12220" percentage="60"/><sector code="11220" percentage="40"/>',
    '<sector code="12220" percentage="33,3"/><sector code="14030" percentage="50%"/>',
    '<sector vocabulary="8" code="3.8" percentage="100"/>',
    '<sector vocabulary="2" code="430"/><sector vocabulary="7" code="H" percentage="90"/>',
    '<sector code="12220"/><sector code="15110"/><sector code="12261" percentage="70"/>',
)
PLACES = (
    '<recipient-country code="ke"/>', "",
    '<recipient-country code="UG" percentage="70"/>'
    '<recipient-region code="298" percentage="29.5"/>',
)  # fmt: skip
PARTIES = (
    (), (("Fund", 1), ("Clinic", 4)), (("Ministry", 2), ("School", 4), ("Clinic", 4)),
    (("Council", 3), ("Agency 0", 4), ("X", 9)), (("Bank", 1), ("Hospital", 4)),
)  # fmt: skip
PERIODS = (
    ("2026-11-01", "2026-11-25"), ("2026-11-01", "2026-11-26"), ("2027-01-01", "2027-12-31"),
    ("2028-04-01", "2028-06-30"), ("2027-12-31", "2028-03-31"), ("2026-12-01", ""),
    ("2040-01-01", "2060-12-31"), ("2027-06-30", "2027-06-01"), ("2028-01-01", "2028-03-31"),
)  # fmt: skip
ENDS = ("", "2026-11-25", "2026-11-26", "2027-08-15", "2026-01-01", "2026-11-25")
FORMS = ("110", "421", "", "510", "1", "451", "600")
CHANNELS = ("1", "", "2", "6", "4")


def _planned(tag: str, number: int) -> str:
    start, end = PERIODS[number % len(PERIODS)]
    kind = ' type="2"' if number % 4 == 3 else ' type="1"'
    last = f'<period-end iso-date="{end}"/>' if end else ""
    value = (4000, 0, 777.77, -50, 9000)[number % 5]
    return f'<{tag}{kind}><period-start iso-date="{start}"/>{last}<value>{value}</value></{tag}>'


def _activity(number: int) -> str:
    def of(several: tuple[One, ...], step: int = 0) -> One:
        return several[(number + step) % len(several)]

    paid = "".join(
        transaction(
            of(CODES, 3 * k), of(AMOUNTS, k), of(GIVERS, k), of(RECEIVERS, 2 * k),
            SECTORS[k] if (number + k) % 4 == 0 else "", day=of(DAYS, k),
        )
        for k in range(4)
    )  # fmt: skip
    parties = "".join(
        organization("participating-org", n, "", f"role='{r}'") for n, r in of(PARTIES)
    )
    plans = _planned("planned-disbursement", number) if number % 3 == 0 else ""
    plans += _planned("budget", number + 2) + _planned("budget", number + 4) if number % 2 else ""
    end = f'<activity-date type="{3 + number % 2}" iso-date="{of(ENDS)}"/>' if of(ENDS) else ""
    up = '<related-activity type="1" ref="a-6"/>' if number in (7, 8) else ""
    down = '<related-activity type="2" ref="a-13"/>' if number in (12, 13) else ""
    level = f"hierarchy='{number % 2}'" if number % 7 == 6 else ""
    aid = "humanitarian='1'" if number % 5 == 0 else ""
    reporter = f"Agency {number % 4}"
    kind = ("40", "10", "60", "")[number % 4]
    return (
        f"<iati-activity default-currency='{('USD', 'EUR', 'USD')[number % 3]}' {level} {aid}>"
        f"<iati-identifier>a-{number - (number == 29)}</iati-identifier>"
        f"{organization('reporting-org', reporter, 'XX-' + reporter, f'type={kind!r}')}"
        f"{parties}{end}{of(PLACES)}{of(SECTORS)}<collaboration-type code='{of(CHANNELS)}'/>"
        f"<default-finance-type code='{of(FORMS)}'/>{plans}{paid}{up}{down}</iati-activity>"
    )


FLOWS = """from,to,amount,currency,date,until,sector,country
Fund,Clinic,365,eur,2026-01-01,2026-12-31,Basic health,Kenya
Fund,,35,USD,,,,
Trust,School,900,USD,,2028-12-31,Education,
Trust,Fund,70,USD,2026-11-25,,Clean cooking,UG
,Clinic,20,USD,2027-02-01,2027-01-01,,
"""
CANVAS = """forwhom: 1
kind: canvas
names: {ours: [School]}
segments: [{id: people, name: People}]
participants: [{id: fund, name: Fund, roles: [donor]}]
"""


def _written(name: str, **asked: object) -> Iterator[tuple[str, str]]:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        text = "".join(_activity(number) for number in range(60))
        (place / "a.xml").write_text(f"<iati-activities version='2.03'>{text}</iati-activities>")
        (place / "flows.csv").write_text(FLOWS)
        files = [place / "flows.csv", place / "a.xml"]
        found = funding(files, today=TODAY, **asked)  # type: ignore[arg-type]
    found = found.model_copy(update={"version": ""})
    yield f"{name}.json", json.dumps(found.model_dump(mode="json"), sort_keys=True, indent=1)
    if name == "committed":  # what differs is in the numbers
        return
    yield f"{name}.txt", funding_text(found)
    yield f"{name}.csv", flows_csv(found)
    yield f"{name}.html", funding_html(found)
    for middle, top in (("sector", 3), ("country", 2), ("", 10)):
        yield f"{name}-{middle}.svg", sankey_svg(found, middle=middle, top=top)  # type: ignore[arg-type]
    canvas = parse_canvas(CANVAS)
    yield f"{name}-people.yaml", propose_participants(found, canvas, most=3)[0]
    yield f"{name}-actors.yaml", propose_economy(found, canvas, most=3)[0]


def of_money() -> Iterator[tuple[str, str]]:
    """Everything that is made of the money, each with what it is called."""
    rates = {"EUR": 1.25}
    yield from _written("spent", rates=rates)
    yield from _written("committed", rates=rates, basis="committed")
    yield from _written("asked", rates={"USD": 0.8}, currency="EUR", sector="12", country="Kenya")
