"""Customers with values that one or few of them have, and everything that is written about them."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

N = 600
#: What nobody else has: an amount, a small one, a count, days, levels.
LARGEST, SMALLEST, MOST = 99817.54, 17.13, 7331
PAID, BACK = 88991.37, -77123.45
JOINED, LAST_JOINED = datetime(1987, 3, 17), datetime(2031, 11, 23)
FIRST, LAST = datetime(2019, 3, 7, 4, 5), datetime(2025, 8, 23, 13, 37)
LEVELS = ("onlyAda", "doctorate", "only-ada", "fax-ada", "cust-0005")


def customers() -> pa.Table:
    """Two kinds of customers; few of one kind do as the other does."""
    rng = np.random.default_rng(3)
    often = np.arange(N) < 240
    region = np.where(often, "north", "south").astype(object)
    region[rng.choice(240, 4, replace=False)] = "south"
    region[np.flatnonzero(~often)[:120]] = "east"
    region[5] = "onlyAda"
    plan = np.where(often, "pro", "free").astype(object)
    plan[rng.choice(240, 3, replace=False)] = "free"
    spend = np.round(rng.lognormal(np.where(often, 4.0, 2.5), 0.4) + 20, 2)
    spend[7], spend[8] = LARGEST, SMALLEST
    schools = ["primary school", "secondary school", "bachelor", "master"]
    education = rng.choice(schools, N).astype(object)
    education[11:14] = "doctorate"
    joined = [datetime(2021, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 800, N)]
    joined[20], joined[21] = JOINED, LAST_JOINED
    visits, happy = rng.poisson(np.where(often, 14, 2)), rng.integers(1, 6, N)
    visits[40], happy[30:32] = MOST, 7
    online = rng.random(N) < np.where(often, 0.9, 0.1)
    return pa.table({
        "customer": [f"cust-{i:04d}" for i in range(N)],
        "visits": visits,
        "spend": spend,
        "region": region.astype(str),
        "plan": plan.astype(str),
        "education": education.astype(str),
        "joined": pa.array(joined, pa.timestamp("us")),
        "satisfaction": happy,
        "online": online,
    })  # fmt: skip


def orders() -> pa.Table:
    """Lines of 200 customers, some of which nobody else has."""
    rng = np.random.default_rng(4)
    n = 2000
    who = rng.integers(0, 200, n)
    moments = [datetime(2022, 3, 1) + timedelta(minutes=int(m)) for m in rng.integers(0, 10**6, n)]
    moments[0], moments[1] = FIRST, LAST
    paid = np.round(rng.lognormal(3, 0.5, n) * np.where(who < 80, 3, 1), 2)
    paid[2], paid[9] = PAID, BACK
    kind = rng.choice(["meat", "deli", "bread"], n).astype(object)
    kind[3:6] = "only-ada"
    channel = rng.choice(["shop", "web"], n).astype(object)
    channel[7] = "fax-ada"
    return pa.table({
        "customer": [f"cust-{w:04d}" for w in who],
        "date": pa.array(moments, pa.timestamp("us")),
        "amount": paid,
        "category": kind.astype(str),
        "channel": channel.astype(str),
        "order_id": np.arange(n) // 2,
    })  # fmt: skip


def spellings(value: float) -> set[str]:
    """Return how a number may be written: to four digits or more, scaled, grouped, as a log."""
    size = abs(value)
    scaled = (size, 100 * size, math.log(size), math.log10(size), math.log1p(size), math.sqrt(size))
    found = {f"{one:.{digits}g}" for one in scaled for digits in range(4, 10)}
    found = {f"{float(text):.0f}" if "e" in text else text for text in found}
    for text in (f"{size:.2f}", f"{size:.1f}", f"{size:.0f}", f"{int(size)}"):
        whole, *rest = text.split(".")
        for sign in (",", " ", ".", "'", "\u202f", "\u00a0"):
            found.add(f"{int(whole):,}".replace(",", sign) + "".join(f".{part}" for part in rest))
    return {text for text in found if len(text.replace(".", "").strip("0")) >= 4}


def day_spellings(moment: datetime) -> set[str]:
    """Return how a day may be written, as a number of days and seconds too."""
    forms = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y")
    days = (moment.date() - date(1970, 1, 1)).days
    return {moment.strftime(form) for form in forms} | {str(days), str(86400 * days)}


def planted() -> dict[str, set[str]]:
    """Return all spellings of each planted value."""
    numbers = {str(v): spellings(v) for v in (LARGEST, SMALLEST, MOST, PAID, BACK)}
    days = {str(day): day_spellings(day) for day in (JOINED, LAST_JOINED, FIRST, LAST)}
    months = {f"{day:%Y-%m}": {f"{day:%Y-%m}"} for day in (JOINED, LAST_JOINED, FIRST, LAST)}
    return numbers | days | months | {level: {level, level.lower()} for level in LEVELS}
