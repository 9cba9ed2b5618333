"""Speed and memory of `forwhom funding` on a large IATI file.

Run it with ``python benchmarks/funding.py [MEGABYTES]``. Activities as a publisher writes
them, with titles, descriptions, places, documents and results around the money, are written to a
file in a temporary folder until it is as large as asked for. One organization reports; it works
with 200 others, with few of them most of the time. Reading means every activity as plain values;
the whole is from the file to the answer. Seconds are those of the processor, on one core; memory is
the highest resident size above what was resident before.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import measuring
from forwhom.funders.iati import read_activities
from forwhom.pipeline.funding import funding

TODAY = "2026-11-25"
SECTORS = ("12220", "12250", "11220", "15110", "14030", "31120", "72010", "99810")
COUNTRIES = ("KE", "UG", "TZ", "ET", "MW", "NP", "BD", "YE", "SN", "ML")
RATES = {"EUR": 1.08, "GBP": 1.27}
TEXT = (
    "The activity strengthens primary care in rural districts: it trains health workers, equips "
    "clinics, and supports the ministry in planning, budgeting and supervision. "
)


def write(path: Path, megabytes: float, seed: int = 1) -> int:
    """Write activities until the file is as large as asked for, and return their number."""
    rng, size, number = random.Random(seed), 0, 0
    with path.open("w", encoding="utf-8") as file:
        size += file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n'
        )
        while size < megabytes * 1e6:
            number += 1
            size += file.write(activity(number, rng))
        file.write("</iati-activities>\n")
    return number


def organization(tag: str, number: int, more: str = "") -> str:
    """Return an element that names an organization."""
    kind = (10, 21, 22, 40, 60, 80)[number % 6]
    return (
        f'<{tag} ref="XM-DAC-{40000 + number}" type="{kind}" {more}>\n'
        f'    <narrative xml:lang="en">Organization of Public Health {number}</narrative>\n   '
        f"</{tag}>\n   "
    )


def partner(rng: random.Random) -> int:
    """Return one of the partners; a quarter of them get most."""
    return 1 + min(int(rng.paretovariate(0.5)), 200)


def activity(number: int, rng: random.Random) -> str:
    """Return one activity, with as much around its money as in public files."""
    sectors, countries = rng.sample(SECTORS, 2), rng.sample(COUNTRIES, rng.randint(1, 3))
    parts = [
        f'<iati-activity default-currency="{rng.choice(("USD", "EUR", "GBP"))}" '
        f'humanitarian="{number % 5 // 4}" hierarchy="1" xml:lang="en" '
        'last-updated-datetime="2026-10-01T00:00:00Z">\n   '
        f"<iati-identifier>XM-DAC-40000-{number}</iati-identifier>\n   ",
        organization("reporting-org", 0),
        f"<title>\n    <narrative>Health of district {number}</narrative>\n   </title>\n   ",
        *(f'<description type="{kind}">\n    <narrative>{TEXT * rng.randint(1, 4)}</narrative>\n   '
          "</description>\n   " for kind in (1, 2)),
        *(organization("participating-org", partner(rng), f'role="{role}"')
          for role in (1, 2, 4)),
        '<activity-status code="2"/>\n   <activity-date iso-date="2024-01-01" type="1"/>\n   '
        f'<activity-date iso-date="{rng.randint(2025, 2028)}-12-31" type="3"/>\n   ',
        *(f'<recipient-country code="{code}" percentage="{100 / len(countries):.2f}"/>\n   '
          for code in countries),
        *locations(rng),
        *(f'<sector vocabulary="1" code="{code}" percentage="{share}"/>\n   '
          for code, share in zip(sectors, (60, 40), strict=True)),
        '<collaboration-type code="1"/>\n   <default-flow-type code="10"/>\n   '
        '<default-finance-type code="110"/>\n   <default-aid-type code="C01"/>\n   ',
        *periods(rng),
        *(transaction(rng) for _ in range(rng.randint(0, 5))),
        *documents(rng),
        *results(rng),
        "</iati-activity>\n",
    ]  # fmt: skip
    return "".join(parts)


def locations(rng: random.Random) -> Iterator[str]:
    """Yield where the activity takes place."""
    for _ in range(rng.randint(0, 2)):
        yield (
            '<location>\n    <location-reach code="1"/>\n    <name>\n     <narrative>District '
            f'{rng.randrange(999)}</narrative>\n    </name>\n    <point srsName="http://www.opengis.'
            f'net/def/crs/EPSG/0/4326">\n     <pos>{rng.uniform(-30, 30):.5f} '
            f"{rng.uniform(-30, 40):.5f}</pos>\n    </point>\n   </location>\n   "
        )


def periods(rng: random.Random) -> Iterator[str]:
    """Yield budgets and planned disbursements."""
    for tag in ("budget", "planned-disbursement"):
        for year in range(2025, rng.randint(2026, 2028)):
            yield (
                f'<{tag} type="1">\n    <period-start iso-date="{year}-01-01"/>\n    '
                f'<period-end iso-date="{year}-12-31"/>\n    <value value-date="{year}-01-01">'
                f"{rng.randrange(10**6)}</value>\n   </{tag}>\n   "
            )


def transaction(rng: random.Random) -> str:
    """Return one transaction."""
    day = f"202{rng.randint(4, 6)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    receiver = organization("receiver-org", partner(rng)) if rng.random() < 0.8 else ""
    return (
        f'<transaction>\n    <transaction-type code="{rng.choice((1, 2, 3, 3, 3, 4))}"/>\n    '
        f'<transaction-date iso-date="{day}"/>\n    <value value-date="{day}">'
        f"{rng.randrange(10**7) / 100}</value>\n    <description>\n     <narrative>Payment of an "
        f"instalment</narrative>\n    </description>\n    {receiver}"
        '<disbursement-channel code="1"/>\n   </transaction>\n   '
    )


def documents(rng: random.Random) -> Iterator[str]:
    """Yield links to documents."""
    for _ in range(rng.randint(1, 3)):
        yield (
            '<document-link format="application/pdf" url="https://example.org/documents/'
            f'{rng.randrange(10**9)}.pdf">\n    <title>\n     <narrative>Report of the year'
            '</narrative>\n    </title>\n    <category code="A08"/>\n    <language code="en"/>\n   '
            "</document-link>\n   "
        )


def results(rng: random.Random) -> Iterator[str]:
    """Yield results with indicators."""
    for _ in range(rng.randint(0, 3)):
        periods = "".join(
            f'<period>\n      <period-start iso-date="{year}-01-01"/>\n      <period-end iso-date='
            f'"{year}-12-31"/>\n      <target value="{rng.randrange(999)}"/>\n      <actual value='
            f'"{rng.randrange(999)}"/>\n     </period>\n     '
            for year in (2024, 2025)
        )
        yield (
            '<result type="1" aggregation-status="0">\n    <title>\n     <narrative>Health workers '
            'trained</narrative>\n    </title>\n    <indicator measure="1">\n     <title>\n      '
            f"<narrative>Number of health workers</narrative>\n     </title>\n     {periods}"
            "</indicator>\n   </result>\n   "
        )


def reading(path: Path) -> measuring.Answer:
    """Read every activity."""
    start, transactions = time.process_time(), 0
    for _, one in read_activities([path], since=TODAY):
        transactions += len(one.transactions)
    return {"seconds": time.process_time() - start, "transactions": transactions}


def whole(path: Path) -> measuring.Answer:
    """Go from the file to the answer."""
    start = time.process_time()
    found = funding(path, rates=RATES, currency="USD", today=TODAY)
    return {"seconds": time.process_time() - start, "transactions": found.counted.transactions}


def main(megabytes: float) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "activities.xml"
        write(path, 1)
        whole(path)  # what is imported once is no part of the speed
        number = write(path, megabytes)
        size = path.stat().st_size / 1e6
        print(f"{size:,.0f} MB, {number:,} IATI activities")
        print()
        print("| work | seconds | MB a second | transactions a second | peak memory, MB |")
        print("|---|---:|---:|---:|---:|")
        jobs: dict[str, Callable[[Path], measuring.Answer]] = {"reading": reading, "whole": whole}
        for name, job in jobs.items():
            answer = measuring.measure(lambda job=job: job(path))  # type: ignore[misc]
            print(
                f"| {name} | {answer['seconds']:.1f} | {size / answer['seconds']:.0f} "
                f"| {answer['transactions'] / answer['seconds']:,.0f} | {answer['peak_mb']:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 500.0)
