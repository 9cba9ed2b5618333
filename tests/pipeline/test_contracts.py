"""`value` by periods and by contracts: from dates to what segments bring, and what is refused."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

import forwhom as fw
from forwhom.documents import Segmentation
from forwhom.errors import DataError, OptionError
from forwhom.pipeline.contracts import anniversaries, histories_of_contracts
from forwhom.pipeline.known import begin_of, earlier

pytestmark = pytest.mark.usefixtures("swift")

YEARS = 6


def members(n: int = 300) -> pa.Table:
    """Draw yearly contracts from 2016 on; who says yes to the questions leaves later."""
    rng = np.random.default_rng(5)
    loyal = np.arange(n) % 2 == 1
    start = np.datetime64("2016-01-01") + rng.integers(0, 3 * 365, n)
    leave = np.where(loyal, rng.beta(0.5, 4.0, n), rng.beta(1.5, 1.5, n))
    years = rng.geometric(np.clip(leave, 1e-6, 1))
    begin = [one.item() for one in start]
    end = [
        None if one.year + y > 2021 else date(one.year + int(y), one.month, min(one.day, 28))
        for one, y in zip(begin, years, strict=True)
    ]
    end = [day if day is None or day < date(2022, 1, 1) else None for day in end]
    yes = {f"need_{i}": rng.random(n) < np.where(loyal, 0.9, 0.1) for i in range(5)}
    fee = np.where(loyal, 40.0, 20.0)
    who = [f"m{i:03d}" for i in range(n)]
    return pa.table({"member": who, "since": begin, "until": end, "fee": fee, **yes})


def study(**variables: dict[str, str]) -> fw.Study:
    ignored = {name: {"use": "ignore"} for name in ("since", "until")}
    return fw.Study.model_validate({
        "forwhom": 1, "customers": {"table": "data", "id": "member"},
        "variables": ignored | {"fee": {"use": "descriptor", "unit": "EUR"}} | variables,
    })  # fmt: skip


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return members()


@pytest.fixture(scope="module")
def segmentation(table: pa.Table) -> Segmentation:
    return fw.discover({"data": table}, study=study(), k=2, n_starts=5, stability=0).segmentation


CONTRACT = {"model": "sbg", "period": "year", "start": "since", "end": "until"}


def test_contracts_are_valued_by_segment_and_checked(
    segmentation: Segmentation, table: pa.Table
) -> None:
    valued = fw.value_segments(
        segmentation, table, **CONTRACT, price="fee", months=36, discount=0.1,
        cutoff=date(2022, 1, 1),
    )  # fmt: skip
    assert (valued.model, valued.unit, valued.money, valued.horizon.t) == (
        "sbg", "year", "EUR", 3.0,
    )  # fmt: skip
    loyal = max(valued.prospects, key=lambda one: one.purchases.value)
    other = min(valued.prospects, key=lambda one: one.purchases.value)
    assert loyal.purchases.low > other.purchases.high
    assert loyal.alive > 0.6 > other.alive
    assert loyal.value is not None
    assert loyal.value.value < 40 * loyal.purchases.value < 40 * 3
    assert valued.unchecked == ""
    assert valued.held_back == 1.0
    for one in valued.checked:
        assert one.predicted == pytest.approx(one.actual.value, abs=0.3)
    assert {item.id.rpartition(".")[2] for item in valued.evidence} == {
        "renewals-ahead", "value-ahead",
    }  # fmt: skip
    first = valued.evidence[0]
    assert "is expected to renew" in first.statement
    assert "times in the next 3 years" in first.statement
    assert first.statement.endswith("have a contract")
    assert first.method.startswith("Shifted beta-geometric, fits partly pooled")
    assert any("told as of 2022-01-01" in note for note in valued.notes)


def test_what_was_found_is_kept_for_the_report(segmentation: Segmentation, table: pa.Table) -> None:
    valued = fw.value_segments(
        segmentation, table, **CONTRACT, price="fee", margin=0.5, at_least=2_000.0,
        cutoff=date(2022, 1, 1),
    )  # fmt: skip
    kept = valued.kept()
    assert kept.value is not None
    assert (kept.value.model, kept.value.at_least, kept.value.asked) == ("sbg", 2_000.0, True)
    again = fw.Segmentation.model_validate_json(kept.model_dump_json())
    page = fw.report_html(again)
    assert "What a customer is expected to renew and to bring in the next year" in page
    assert "after a margin of 50%" in page
    assert "Renewals of a customer" in page
    assert "Have a contract" in page
    twice = valued.kept().model_copy(update={"value": None})
    assert len({item.id for item in twice.evidence}) == len(twice.evidence)
    matter = fw.defense_of(kept).questions[3]
    assert "2,000 EUR" in matter.why or "cannot be relied on" in matter.why


def test_without_a_price_there_are_renewals_and_no_money(
    segmentation: Segmentation, table: pa.Table
) -> None:
    valued = fw.value_segments(segmentation, table, **CONTRACT, cutoff=date(2022, 1, 1))
    assert all(one.value is None for one in valued.prospects)
    assert all(item.id.endswith("renewals-ahead") for item in valued.evidence)


def test_segments_formed_by_the_contract_itself_get_one_fit(table: pa.Table) -> None:
    days = [one.toordinal() - date(2015, 1, 1).toordinal() for one in table["since"].to_pylist()]
    named = table.drop_columns(["since"]).append_column("since", pa.array(days, pa.int64()))
    asked = study(since={"use": "active", "measure": "count"})
    found = fw.discover({"data": named}, study=asked, k=2, n_starts=2, stability=0).segmentation
    valued = fw.value_segments(found, named.set_column(
        named.column_names.index("since"), "since",
        pa.array([20_160_000 + 101 + d % 28 for d in days], pa.int64()),
    ), **CONTRACT, cutoff=date(2022, 1, 1))  # fmt: skip
    assert all("one fit" in item.method for item in valued.evidence)


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"start": None}, OptionError, "--start and --end"),
        ({"period": None}, OptionError, "--period"),
        ({"period": "decade"}, OptionError, "day, week, month or year"),
        ({"model": "magic"}, OptionError, "no model 'magic'"),
        ({"model": "bg-bb"}, OptionError, "--model sbg"),
        ({"months": 3.0}, OptionError, "less than a year"),
        ({"end": "untill"}, DataError, "until"),
        ({"start": "until", "end": "since"}, DataError, "before it began"),
        ({"start": "member"}, DataError, "cannot be read|no value|could not"),
        ({"cutoff": date(2015, 1, 1)}, DataError, "no contract began before 2015-01-01"),
        ({"price": "need_9"}, DataError, "no column 'need_9'"),
    ],
)
def test_bad_input(
    segmentation: Segmentation, table: pa.Table, changed: dict[str, object],
    error: type[Exception], says: str,
) -> None:  # fmt: skip
    asked: dict[str, object] = {**CONTRACT, "cutoff": date(2022, 1, 1), **changed}
    with pytest.raises(error, match=says):
        fw.value_segments(segmentation, table, **asked)  # type: ignore[arg-type]


def test_nobody_left_and_days_that_nobody_can_read(
    segmentation: Segmentation, table: pa.Table
) -> None:
    where = table.column_names.index("until")
    stay = table.set_column(where, "until", pa.nulls(len(table), pa.date32()))
    with pytest.raises(DataError, match="No contract ended"):
        fw.value_segments(segmentation, stay, **CONTRACT)
    text = [str(day or "") for day in table["until"].to_pylist()]
    odd = table.set_column(where, "until", pa.array(["soon", *text[1:]]))
    with pytest.raises(DataError, match="'until' cannot be read"):
        fw.value_segments(segmentation, odd, **CONTRACT)
    plain = table.set_column(where, "until", pa.array(text))
    same = fw.value_segments(segmentation, plain, **CONTRACT, cutoff=date(2022, 1, 1))
    dated = fw.value_segments(segmentation, table, **CONTRACT, cutoff=date(2022, 1, 1))
    assert same.prospects == dated.prospects
    ahead = table.set_column(where, "until", pa.array([date(2090, 1, 1)] * len(table)))
    with pytest.raises(DataError, match="'--cutoff'"):
        fw.value_segments(segmentation, ahead, **CONTRACT)


@pytest.mark.parametrize(
    ("period", "until", "passed"),
    [
        ("year", "2021-03-15", 0), ("year", "2021-03-16", 1), ("year", "2020-06-01", 0),
        ("month", "2020-04-15", 0), ("month", "2020-04-16", 1), ("month", "2021-03-16", 12),
        ("week", "2020-03-22", 0), ("week", "2020-03-23", 1), ("day", "2020-03-17", 1),
        ("year", "2020-03-01", 0),
    ],
)  # fmt: skip
def test_anniversaries_by_hand(period: str, until: str, passed: int) -> None:
    [found] = anniversaries(
        np.array(["2020-03-15"], "M8[D]"),
        np.array([until], "M8[D]"),
        period,  # type: ignore[arg-type]
    )
    assert found == passed


def test_a_month_without_that_day_is_over_on_its_last() -> None:
    start = np.array(["2021-01-31"] * 2, "M8[D]")
    until = np.array(["2021-02-28", "2021-03-01"], "M8[D]")
    np.testing.assert_array_equal(anniversaries(start, until, "month"), [0, 1])


def test_who_ended_on_the_day_of_a_renewal_or_before_made_none() -> None:
    start = np.array(["2019-01-01"] * 4, "M8[D]")
    end = np.array(["2019-07-01", "2020-01-01", "2020-01-02", "NaT"], "M8[D]")
    told = histories_of_contracts(start, end, np.datetime64("2022-01-01"), "year")
    np.testing.assert_array_equal(told.frequency, [0, 0, 1, 2])
    np.testing.assert_array_equal(told.T, [1, 1, 2, 2])


def donors(n: int = 400) -> pa.Table:
    """Draw gifts of six years, at most one a year, the last year up to May."""
    rng = np.random.default_rng(8)
    rows: dict[str, list[object]] = {"who": [], "day": [], "gift": []}
    for i in range(n):
        often, leave = rng.beta(1.2, 1 + i % 2 * 2), rng.beta(0.7, 3.0)
        year = 2010
        while year < 2010 + YEARS and (year == 2010 or rng.random() > leave):
            if year == 2010 or rng.random() < often:
                last = 5 if year == 2009 + YEARS else 12
                day = date(year, int(rng.integers(1, last + 1)), int(rng.integers(1, 28)))
                rows["who"].append(f"d{i:03d}")
                rows["day"].append(day)
                rows["gift"].append(round(float(rng.gamma(6, 5)), 2))
            year += 1
    return pa.table(rows)


def test_donors_are_valued_by_whole_years(table: pa.Table) -> None:
    gifts = donors()
    asked = fw.Study.model_validate({
        "forwhom": 1,
        "events": [{"table": "data", "customer": "who", "time": "day", "amount": "gift"}],
    })  # fmt: skip
    found = fw.discover({"data": gifts}, study=asked, method="kmeans", k=2).segmentation
    valued = fw.value_segments(found, gifts, model="bg-bb", period="year", months=24)
    assert (valued.unit, valued.horizon.t) == ("year", 2.0)
    assert any("The year from 2015-01-01 was not over on 2015-0" in n for n in valued.notes)
    assert "in the next 2 years, once in a year at most" in valued.evidence[0].statement
    assert valued.evidence[0].method.startswith("BG/BB, one fit")
    assert all(0 <= one.purchases.value <= 2 for one in valued.prospects)
    assert valued.held_back == 1.0
    assert sum(one.n for one in valued.prospects) == 400
    whole = fw.value_segments(
        found, gifts, model="bg-bb", period="year", months=24, cutoff=date(2016, 1, 1)
    )
    assert not any("was not over" in note for note in whole.notes)
    earlier_on = fw.value_segments(
        found, gifts, model="bg-bb", period="year", months=24, holdout_from=date(2013, 3, 1)
    )
    assert earlier_on.held_back == 1.0
    with pytest.raises(OptionError, match="too many"):
        fw.value_segments(found, gifts, model="bg-bb", period="day")


def test_periods_of_the_calendar() -> None:
    from datetime import datetime

    moment = datetime(2024, 3, 31, 15)
    assert begin_of(moment, "week") == datetime(2024, 3, 25)
    assert begin_of(moment, "month") == datetime(2024, 3, 1)
    assert begin_of(moment, "year") == datetime(2024, 1, 1)
    assert begin_of(moment, "day") == datetime(2024, 3, 31)
    assert earlier(moment, 1, "month") == datetime(2024, 2, 29, 15)
    assert earlier(moment, 2, "year") == datetime(2022, 3, 31, 15)
    assert earlier(moment, 2, "week") == datetime(2024, 3, 17, 15)
