from collections.abc import Sequence

from forwhom.documents.results.funding import Cliff, Quarter, said_quarter
from forwhom.funders.forecast import Forecast
from forwhom.funders.quarters import quarter_name, quarter_of
from forwhom.funders.settlement import Exchange
from forwhom.languages.catalog import tr
from forwhom.wording import money, percent

#: Known money below this part of the past year is a cliff.
CLIFF = 0.5
#: So many quarters in a row with too little are a cliff, whatever comes after them.
GAP = 4


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
    run = _first_gap([(n, known >= CLIFF * reference) for n, known in ahead])
    falls = run[0] if run else None
    known = quarter_name(max(planned)) if planned else ""
    return Cliff(
        quarters=quarters,
        reference=round(reference, 2),
        falls=quarter_name(falls) if falls is not None and reference > 0 else "",
        last=known,
        statement=_statement(reference, quarters, run, known, exchange.currency),
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
    reference: float, quarters: Sequence[Quarter], run: Sequence[int], last: str, currency: str
) -> str:
    if not last:
        return tr("No money is planned, budgeted or promised for any day after today.")
    if reference <= 0:
        return tr(
            "Money is known until {last}. Nothing was reported as spent in the year before today, "
            "so there is no level to compare it with.",
            last=said_quarter(last),
        )
    there = {one.quarter: one for one in quarters}
    gap = [there[quarter_name(number)] for number in run]
    most = max(one.planned for one in gap)
    forever = gap[-1] is quarters[-1]
    how = tr("nothing is known any more") if forever else tr("nothing is known")
    if gap[0].planned:
        how = tr("only {part} of that is known", part=percent(gap[0].planned / reference))
    elif most:
        how = tr("at most {part} of that is known", part=percent(most / reference))
    brought = tr(
        "The past year brought {amount} a quarter.", amount=money(reference, currency, exact=True)
    )
    begin, end = said_quarter(gap[0].quarter), said_quarter(gap[-1].quarter)
    last = said_quarter(last)
    since = (
        tr("From {quarter} on, {how}; the last known money is in {last}.",
           quarter=begin, how=how, last=last)
        if forever
        else tr("From {quarter} to {end}, {how}; the last known money is in {last}.",
                quarter=begin, end=end, how=how, last=last)
    )  # fmt: skip
    return f"{brought} {since}"


def _first_gap(ahead: Sequence[tuple[int, bool]]) -> list[int]:
    """Return the first quarters in a row with too little: to the end, or for a year.

    Money that comes once a year leaves three quarters empty; a lump after a longer gap does not
    fill the gap.
    """
    run: list[int] = []
    for number, enough in ahead:
        if not enough:
            run.append(number)
        elif len(run) >= GAP:
            return run
        else:
            run = []
    return run
