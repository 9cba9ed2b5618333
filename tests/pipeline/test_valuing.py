"""From purchases to the value of segments, with the check on time held back."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

import forwhom as fw
from forwhom.documents import Segmentation
from forwhom.errors import DataError, OptionError
from forwhom.pipeline.valuing import Valued, formed_by_purchases

pytestmark = pytest.mark.usefixtures("swift")

BEGIN = date(2024, 1, 1)
#: What would form segments by purchases.
OF_PURCHASES = (
    "recency", "orders_per_week", "average_order_value", "trend", "lines_per_order",
    "weekend_share",
)  # fmt: skip


def purchases(n: int, days: int, seed: int = 1) -> pa.Table:
    """Draw customers of whom every other one buys four times as often; a third are never back."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[object]] = {"customer": [], "day": [], "amount": []}
    for who in range(n):
        day, rate = float(rng.integers(0, days // 3)), (0.012, 0.05)[who % 2]
        leaves = rng.random() * 0.12
        while day < days:
            rows["customer"].append(f"c{who:03d}")
            rows["day"].append(BEGIN + timedelta(days=int(day)))
            rows["amount"].append(round(float(rng.gamma(6, 5)), 2))
            if rng.random() < leaves:
                break
            day += 1 + rng.exponential(1 / rate)
    return pa.table(rows)


def people(n: int) -> pa.Table:
    """Return what customers say they need, by which they are told apart."""
    rng, often = np.random.default_rng(3), np.arange(n) % 2 == 1
    yes = {f"need_{i}": rng.random(n) < np.where(often, 0.85, 0.15) for i in range(5)}
    return pa.table({"customer": [f"c{i:03d}" for i in range(n)], **yes})


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return {"people": people(240), "purchases": purchases(240, 360)}


@pytest.fixture(scope="module")
def segmentation(tables: dict[str, pa.Table]) -> Segmentation:
    study = fw.Study.model_validate(
        {
            "forwhom": 1,
            "customers": {"table": "people", "id": "customer"},
            "events": [{"table": "purchases", "customer": "customer", "time": "day",
                        "amount": "amount", "currency": "EUR", "time_unit": "week"}],
            "variables": {name: {"use": "descriptor"} for name in OF_PURCHASES},
        }
    )  # fmt: skip
    return fw.discover(tables, study=study, k=2, n_starts=5, stability=0).segmentation


@pytest.fixture(scope="module")
def valued(segmentation: Segmentation, tables: dict[str, pa.Table]) -> Valued:
    return fw.value_segments(segmentation, tables, months=3, discount=0.1, margin=0.5, at_least=1.0)


def test_segments_of_needs_are_valued_each_and_checked(valued: Valued) -> None:
    assert not formed_by_purchases(valued.segmentation)
    assert [one.segment for one in valued.prospects] == [1, 2]
    means = sorted(one.purchases.value for one in valued.prospects)
    assert 1.4 * means[0] < means[1]
    for one in valued.prospects:
        assert one.purchases.low < one.purchases.value < one.purchases.high
        assert one.value is not None
        assert one.substantial == pytest.approx(1)
    assert valued.unit == "week"
    assert valued.horizon.t == pytest.approx(3 * 30.4375 / 7)
    assert (1 + valued.horizon.discount) ** (365.25 / 7) == pytest.approx(1.1)
    assert valued.money == "EUR"


def test_the_check_is_on_the_last_third_of_the_time(valued: Valued) -> None:
    assert valued.unchecked == ""
    assert 15 <= valued.held_back <= 18
    for one in valued.checked:
        assert one.predicted == pytest.approx(one.actual.value, rel=0.35)
        assert one.predicted_value is not None
    assert {item.id for item in valued.evidence} == {
        f"segment-{k}.{what}-ahead" for k in (1, 2) for what in ("purchases", "value")
    }
    told = valued.as_dict()
    assert set(told) == set(vars(valued)) - {"segmentation", "value"}
    assert told["prospects"][0]["purchases"]["value"] == valued.prospects[0].purchases.value


def test_discovery_says_the_same_of_the_next_year_and_checks_it(
    segmentation: Segmentation, tables: dict[str, pa.Table]
) -> None:
    told, asked = segmentation.value, fw.value_segments(segmentation, tables)
    assert told is not None
    assert (told.unit, told.money, told.one_fit, told.unknown) == ("week", "EUR", False, "")
    for one, same in zip(told.segments, asked.prospects, strict=True):
        # Customers are placed by the model as it is written, which is rounded.
        assert one.purchases.value == pytest.approx(same.purchases.value, rel=0.02)
        assert one.substantial == pytest.approx(1, abs=0.01)
    assert told.held_back == pytest.approx(asked.held_back, abs=0.01)
    assert abs(told.off or 0.0) < 0.25
    ids = [item.id for item in segmentation.evidence if item.id.endswith("value-ahead")]
    assert ids == ["segment-1.value-ahead", "segment-2.value-ahead"]
    matter = fw.defense_of(segmentation).questions[3]
    assert (matter.state, matter.evidence) == ("yes", ids)


def test_the_time_held_back_may_be_named(
    segmentation: Segmentation, tables: dict[str, pa.Table]
) -> None:
    found = fw.value_segments(segmentation, tables, holdout_from=BEGIN + timedelta(days=330))
    assert 4 <= found.held_back <= 5
    for day in (BEGIN - timedelta(days=1), BEGIN + timedelta(days=800)):
        with pytest.raises(OptionError, match="Give a day between them"):
            fw.value_segments(segmentation, tables, holdout_from=day)


def test_segments_of_purchases_are_valued_by_one_fit(tables: dict[str, pa.Table]) -> None:
    found = fw.discover(tables["purchases"], method="kmeans", k=2).segmentation
    assert formed_by_purchases(found)
    valued = fw.value_segments(found, tables["purchases"], months=24)
    assert all("one fit" in item.method for item in valued.evidence)
    assert any("longer than the time that was observed" in note for note in valued.notes)


def test_purchases_without_repeats_are_said_and_so_is_a_time_too_short(
    segmentation: Segmentation, tables: dict[str, pa.Table]
) -> None:
    once = tables["purchases"].group_by("customer").aggregate([("day", "min"), ("amount", "max")])
    once = once.rename_columns(["customer", "day", "amount"])
    given = {"people": tables["people"], "purchases": once}
    with pytest.raises(DataError, match="Nobody bought again"):
        fw.value_segments(segmentation, given)
    bought_once = {"people": given["people"], "purchases": once}
    study = fw.Study.model_validate(segmentation.study)
    found = fw.discover(bought_once, study=study, k=2, n_starts=2, stability=0).segmentation
    assert found.value is not None
    assert found.value.unknown.startswith("Nobody bought again")
    assert found.value.segments == []
    early = fw.value_segments(segmentation, tables, cutoff=BEGIN + timedelta(days=35))
    assert early.checked == []
    assert early.unchecked == "There is too little time to hold any back."


def test_bad_input(segmentation: Segmentation, tables: dict[str, pa.Table]) -> None:
    with pytest.raises(DataError, match="no purchases among the tables"):
        fw.value_segments(segmentation, {"people": tables["people"]})
    for option in ({"months": 0}, {"discount": -0.1}, {"margin": 30}, {"at_least": -1}):
        [name] = option
        with pytest.raises(OptionError, match=f"{name} is"):
            fw.value_segments(segmentation, tables, **option)


@pytest.mark.parametrize("model", ["bg-nbd", "bg-bb"])
def test_one_customer_who_pays_far_more_comes_back_from_no_number(
    segmentation: Segmentation, tables: dict[str, pa.Table], model: str
) -> None:
    """A mean times its customers, less what the others may bring, was the money of the one."""
    amounts = np.asarray(tables["purchases"]["amount"]).copy()
    days = np.asarray(tables["purchases"]["day"])
    last = int(
        np.argmax(np.where(days < np.datetime64(BEGIN + timedelta(days=320)), days, days[0]))
    )
    told = []
    for paid in (20_000.0, 200_000.0):
        amounts[last] = paid
        at = tables["purchases"].column_names.index("amount")
        bought = tables["purchases"].set_column(at, "amount", pa.array(amounts))
        period = None if model == "bg-nbd" else "month"
        found = fw.value_segments(
            segmentation, tables | {"purchases": bought}, model=model, period=period
        )
        assert any("count as the next ones do" in note for note in found.notes)
        values = [amount for one in found.prospects for amount in (one.value, one.total)]
        values += [one.actual_value for one in found.checked]
        told.append([end for one in values if one for end in (one.low, one.value, one.high)])
    assert len(told[0]) >= 12
    assert told[0] == pytest.approx(told[1], rel=0.01)


def test_what_few_came_back_for_is_not_told(
    segmentation: Segmentation, tables: dict[str, pa.Table]
) -> None:
    bought = tables["purchases"]
    who = np.array([int(name[1:]) for name in bought["customer"].to_pylist()])
    late = np.asarray(bought["day"]) >= np.datetime64(BEGIN + timedelta(days=230))
    for few, segments in ((9, 1), (40, 2)):
        some = bought.filter(pa.array((who % 2 == 1) | ~late | (who < 2 * few)))
        found = fw.value_segments(
            segmentation, tables | {"purchases": some}, holdout_from=BEGIN + timedelta(days=230)
        )
        assert len(found.prospects) == 2
        assert len(found.checked) == len(found.value.checked) == segments
