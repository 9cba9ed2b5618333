"""Sums of IATI money are those that another, much simpler program computes from the same file.

It knows the rules of the docs and nothing of forwhom: it walks the XML with the standard library,
and adds fractions, from which no cent can go missing.
"""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from .activities import TYPE, find, giver, organization, receiver, transaction
from .conftest import Write

#: Disbursements, expenditures, reimbursements, purchases of equity, incoming funds; commitments.
SPENT, COMMITTED = {"1", "3", "4", "7", "8"}, {"2", "11"}
Sums = dict[tuple[str, str], Fraction]


def money(text: str) -> Fraction:
    return Fraction(text.strip().replace(",", ""))


def parts(elements: list[ET.Element]) -> dict[str, Fraction]:
    """The sectors of an element with their shares; what is not said is under the empty code."""
    codes = [e for e in elements if e.get("vocabulary", "1") in ("1", "2")]
    if not codes:
        return {"": Fraction(1)}
    shares = [
        Fraction(e.get("percentage", str(Fraction(100, len(codes)))).rstrip("%").replace(",", "."))
        for e in codes
    ]
    found: dict[str, Fraction] = defaultdict(Fraction)
    for element, share in zip(codes, shares, strict=True):
        found[element.get("code", "")[:3]] += share / 100
    if sum(found.values()) < Fraction(99, 100):
        found[""] = 1 - sum(found.values())
    total = sum(found.values())
    return {code: share / total for code, share in found.items()}


def sums(path: Path, codes: set[str]) -> tuple[Sums, dict[str, Fraction]]:
    """Money by giver and receiver, and by sector."""
    between: dict[str, Sums] = {}
    lines: list[tuple[str, tuple[str, str], Fraction, dict[str, Fraction]]] = []
    children: dict[str, list[str]] = {}
    for activity in ET.parse(path).getroot():
        name = activity.findtext("iati-identifier", "")
        reporter = activity.find("reporting-org")
        assert reporter is not None
        if reporter.get("secondary-reporter") == "1" or name in between:
            continue
        own = between[name] = defaultdict(Fraction)
        links = activity.iterfind("related-activity")
        children[name] = [e.get("ref", "") for e in links if e.get("type") == "2"]
        for element in activity.iterfind("transaction"):
            code = element.find("transaction-type").get("code")  # type: ignore[union-attr]
            if code not in codes:
                continue
            other = "provider-org" if code in ("1", "11") else "receiver-org"
            them = element.findtext(f"{other}/narrative", "?")
            us = reporter.findtext("narrative", "")
            pair = (them, us) if other == "provider-org" else (us, them)
            amount = money(element.findtext("value", "0"))
            if pair[0] != pair[1]:
                own[pair] += amount
                sectors = element.findall("sector")
                if not any(e.get("vocabulary", "1") in ("1", "2") for e in sectors):
                    sectors = activity.findall("sector")
                split = parts(sectors)
                lines.append((name, pair, amount, split))
    dropped = {
        (name, pair)
        for name, below in children.items()
        for pair, amount in between[name].items()
        if (said := sum(between.get(c, {}).get(pair, Fraction()) for c in below))
        and abs(said - amount) <= abs(amount) / 100
    }
    total: Sums = defaultdict(Fraction)
    by_sector: dict[str, Fraction] = defaultdict(Fraction)
    for name, pair, amount, split in lines:
        if (name, pair) not in dropped:
            total[pair] += amount
            for sector, share in split.items():
                by_sector[sector] += amount * share
    return {k: v for k, v in total.items() if v}, {k: v for k, v in by_sector.items() if v}


def written(name: str, reporter: str, *inside: str, sectors: str, **attributes: str) -> str:
    more = f"secondary-reporter='{attributes.pop('secondary')}'" if attributes else ""
    return (
        f'<iati-activity default-currency="USD"><iati-identifier>{name}</iati-identifier>'
        f"{organization('reporting-org', reporter, 'XX-' + reporter, f'{TYPE} {more}')}"
        f'<recipient-country code="KE"/>{sectors}{"".join(inside)}</iati-activity>'
    )


SECTORS = (
    '<sector code="12220" percentage="60"/><sector code="11220" percentage="40"/>',
    '<sector code="12220" percentage="33,3"/><sector code="14030" percentage="66,7"/>',
    '<sector code="12220" percentage="80%"/><sector code="11220" percentage="20%"/>',
    '<sector code="43010"/>',
    '<sector vocabulary="8" code="3.8" percentage="100"/>',
    '<sector vocabulary="1" code="72010"/><sector vocabulary="7" code="H-1" percentage="100"/>',
    '<sector code="12220" percentage="50"/>',
)


@pytest.fixture
def programme(write: Write) -> Path:
    """Two hundred transactions: refunds, relatives, repeats, far days, and money of one's own."""
    draw = random.Random(7)
    made = []
    for number in range(40):
        reporter, paid = f"Fund {number % 5}", []
        for _ in range(5):
            cents = draw.choice([1, 1, 1, -1]) * draw.randrange(1, 10**8)
            day = draw.choice(["2026-03-01", "2024-12-31", "2062-02-01"])
            to = draw.choice([f"Clinic {draw.randrange(6)}", reporter])
            code = draw.choice([1, 2, 3, 3, 4, 11, 12])
            side = giver(f"Donor {draw.randrange(3)}") if code in (1, 11) else receiver(to)
            one = transaction(code, cents / 100, side, day=day)
            if draw.random() < 0.3:
                one = one.replace(f"<value>{cents / 100}", f"<value>{cents / 100:,.2f}")
            if draw.random() < 0.2:
                one = one.replace("</transaction>", f"{draw.choice(SECTORS)}</transaction>")
            paid.append(one)
        made.append(written(f"a-{number}", reporter, *paid, sectors=SECTORS[number % len(SECTORS)]))
    links = "".join(f'<related-activity ref="c-{n}" type="2"/>' for n in (1, 2))
    whole = transaction(3, 1000, receiver("School"))
    made.append(written("p", "Fund 0", whole, links, sectors=SECTORS[3]))
    for n, amount in ((1, 700), (2, 300)):
        up = '<related-activity ref="p" type="1"/>'
        part = transaction(3, amount, receiver("School"))
        made.append(written(f"c-{n}", "Fund 0", part, up, sectors=SECTORS[0]))
    made.append(written("a-3", "Fund 3", whole, sectors=SECTORS[0]))  # there already
    made.append(written("s", "Paper", whole, sectors=SECTORS[0], secondary="1"))
    return write(*made)


@pytest.mark.parametrize(("basis", "codes"), [("spent", SPENT), ("committed", COMMITTED)])
def test_another_program_computes_the_same(programme: Path, basis: str, codes: set[str]) -> None:
    between, by_sector = sums(programme, codes)
    found = find(programme, basis=basis)
    names = {one.id: one.name for one in found.organizations} | {"": "?"}
    flows: dict[tuple[str, str], float] = defaultdict(float)
    for flow in found.flows:
        flows[names[flow.giver], names[flow.receiver]] += flow.amount
    assert {pair: round(amount, 2) for pair, amount in flows.items() if round(amount, 2)} == {
        pair: float(amount) for pair, amount in between.items()
    }
    assert found.total == float(sum(between.values()))
    # The parts of an amount are whole cents, so each may round by one.
    told = {part.code: part.amount for part in found.by_sector}
    assert told.keys() == by_sector.keys()
    assert all(abs(told[code] - amount) < 2 for code, amount in by_sector.items())
    assert round(sum(told.values()), 2) == found.total
