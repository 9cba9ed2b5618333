from collections.abc import Sequence

from forwhom.documents.results.funding import Cliff, Quarter
from forwhom.funders.forecast import Forecast
from forwhom.funders.quarters import quarter_name, quarter_of
from forwhom.funders.settlement import Exchange
from forwhom.wording import money, percent

#: Known money below this part of the past year is a cliff.
CLIFF = 0.5


def cliff_of(forecast: Forecast, exchange: Exchange) -> Cliff:
    """Return spent and planned money by quarter, and the quarter from which too little is known."""
    now = quarter_of(forecast.today)
    planned = [quarter for (quarter, _), cents in forecast.planned.items() if cents]
    last = max([now, *planned])
    # One quarter more, where nothing is known any more.
    numbers = range(forecast.first, last + 2)
    quarters = [_quarter(number, forecast, exchange) for number in numbers]
    past = [one for number, one in zip(numbers, quarters, strict=True) if number < now]
    reference = max(sum(one.spent for one in past) / len(past), 0.0)
    ahead = [(n, one.planned) for n, one in zip(numbers, quarters, strict=True) if n > now]
    below = [n for n, known in ahead if known < CLIFF * reference]
    enough = [n for n, known in ahead if known >= CLIFF * reference]
    falls = min((n for n in below if n > max(enough, default=now)), default=None)
    known = quarter_name(max(planned)) if planned else ""
    return Cliff(
        quarters=quarters,
        reference=round(reference, 2),
        falls=quarter_name(falls) if falls is not None and reference > 0 else "",
        last=known,
        statement=_statement(reference, quarters, falls, known, exchange.currency),
        without_days=forecast.without_days,
    )


def _quarter(number: int, forecast: Forecast, exchange: Exchange) -> Quarter:
    def total(sums: dict[tuple[int, str], int]) -> float:
        return sum(exchange.cents(c, code) for (q, code), c in sums.items() if q == number) / 100

    return Quarter(
        quarter=quarter_name(number),
        spent=total(forecast.spent),
        planned=total(forecast.planned),
        ending=forecast.ending[number],
        ends=total(forecast.ends),
    )


def _statement(
    reference: float, quarters: Sequence[Quarter], falls: int | None, last: str, currency: str
) -> str:
    if not last:
        return "No money is planned, budgeted or promised for any day after today."
    if reference <= 0:
        return (
            f"Money is known until {last}. Nothing was reported as spent in the year before today, "
            "so there is no level to compare it with."
        )
    steps = [one.quarter for one in quarters]
    assert falls is not None  # the quarter after the last one has no money
    at = quarters[steps.index(quarter_name(falls))]
    left = percent(at.planned / reference)
    how = f"only {left} of that is known" if at.planned else "nothing is known any more"
    return (
        f"The past year brought {money(reference, currency, exact=True)} a quarter. "
        f"From {at.quarter} on, {how}; the last known money is in {last}."
    )
