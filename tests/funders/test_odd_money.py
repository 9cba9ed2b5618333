"""Money that is paid back, said twice by relatives, badly written, or not there yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.canvas.economy import FundingFlow
from forwhom.documents.results.funding import Funding
from forwhom.errors import DataError
from forwhom.funders import Ledger, Scope, funding_of
from forwhom.report.funding import flows_csv, funding_html, funding_text

from .activities import TODAY, activity, find, giver, receiver, transaction
from .conftest import Write


def amounts(found: Funding) -> dict[tuple[str, str], float]:
    return {(flow.giver, flow.receiver): flow.amount for flow in found.flows}


def flow(amount: float, one: str = "A", other: str = "B", **more: str) -> FundingFlow:
    return FundingFlow.model_validate({"from": one, "to": other, "amount": amount} | more)


def test_what_is_paid_back_is_taken_off_and_shares_stay_shares(write: Write) -> None:
    found = find(
        write(
            activity("Fund", transaction(3, 1000, receiver("Clinic A"))),
            activity("Fund", transaction(3, -400, receiver("Clinic B")), sector="11220"),
        )
    )
    assert amounts(found) == {("XX-Fund", "Clinic A"): 1000, ("XX-Fund", "Clinic B"): -400}
    assert found.total == 600
    assert [(p.code, p.share) for p in found.by_sector] == [("122", 1.0), ("112", 0.0)]
    assert found.notes == [
        "USD 400 more came back than went out, where that is so between two organizations for a "
        "sector and a place; it is taken off the sums, and shares are of what was given."
    ]
    assert all(one.largest_share <= 1 and one.named_share <= 1 for one in found.concentration)


def test_no_share_of_what_is_left_is_more_than_all(write: Write) -> None:
    found = find(
        write(activity("Fund", transaction(3, 100), transaction(3, -50, receiver("Clinic"))))
    )
    [part] = found.by_sector
    assert (part.amount, part.unknown_share) == (50, 1.0)


def test_what_comes_back_from_nobody_known_is_counted_once(write: Write) -> None:
    found = find(
        write(
            activity("Fund", transaction(3, -400)),
            activity("Clinic", transaction(1, 300, giver("Fund", "XX-Fund"))),
        )
    )
    assert not any("counted twice" in note for note in found.notes)


def test_both_reports_of_a_refund_are_one(write: Write) -> None:
    found = find(
        write(
            activity(
                "Fund",
                '<activity-date type="3" iso-date="2027-12-31"/>',
                transaction(3, -500, receiver("Clinic", "XX-Clinic")),
            ),
            activity("Clinic", transaction(1, -400, giver("Fund", "XX-Fund"))),
        )
    )
    assert amounts(found) == {("XX-Fund", "XX-Clinic"): -500}
    assert found.cliff.last == ""  # what is paid back is no promise of more


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("cd"), st.integers(-900, 900)),
        min_size=1,
        max_size=8,
    )
)
def test_signed_money_adds_up_and_no_share_leaves_its_range(rows) -> None:
    ledger = Ledger("spent", Scope(), TODAY)
    for one, other, amount in rows:
        ledger.add_flow(flow(amount, one, other))
    try:
        found = funding_of(ledger, sources=[], today=TODAY)
    except DataError:
        assert sum(amount for *_, amount in rows) == 0
        return
    assert found.total == sum(amount for *_, amount in rows)
    shares = [p.share for p in (*found.by_sector, *found.by_country)]
    shares += [c.named_share for c in found.concentration]
    shares += [found.unknown_receiver_share, found.direct_share]
    assert all(0 <= share <= 1 for share in shares)


def test_the_answer_reads_its_own_export(write: Write, tmp_path: Path) -> None:
    sectors = ('<sector code="12220"/>', '<sector code="11220"/>')
    paid = transaction(3, 1000, sectors[0], receiver("Clinic"))
    back = transaction(3, -400, sectors[1], receiver("Clinic"))
    found = find(write(activity("Fund", paid, back)))
    place = tmp_path / "out.csv"
    place.write_text(flows_csv(found))
    again = find(place)
    assert again.total == found.total == 600
    assert (
        [p.amount for p in again.by_sector] == [p.amount for p in found.by_sector] == [1000, -400]
    )


def family(*parts: str, name: str, parent: str = "", children: tuple[str, ...] = ()) -> str:
    """An activity of a programme, with its relatives."""
    links = f'<related-activity ref="{parent}" type="1"/>' if parent else ""
    links += "".join(f'<related-activity ref="{one}" type="2"/>' for one in children)
    made = activity("Fund", '<activity-date type="3" iso-date="2027-12-31"/>', *parts, links)
    made = made.replace("<iati-activity ", f'<iati-activity hierarchy="{2 - (name == "p")}" ')
    before, _, after = made.partition("<iati-identifier>")
    return f"{before}<iati-identifier>{name}{after[after.index('<') :]}"


def budget(amount: int) -> str:
    return (
        '<budget><period-start iso-date="2027-01-01"/><period-end iso-date="2027-12-31"/>'
        f"<value>{amount}</value></budget>"
    )


@pytest.mark.parametrize("linked", ["both", "down", "up"])
@pytest.mark.parametrize("last", [400, 396])
def test_parent_and_children_report_the_same_money_once(
    write: Write, linked: str, last: int
) -> None:
    to = receiver("Clinic")
    children = () if linked == "up" else ("c1", "c2")
    parent = "" if linked == "down" else "p"
    paid = transaction(3, 100, to)
    found = find(
        write(
            family(transaction(2, 600, to), budget(600), name="c1", parent=parent),
            family(transaction(2, 1000, to), paid, budget(1000), name="p", children=children),
            family(transaction(2, last, to), budget(last), name="c2", parent=parent),
        ),
        basis="committed",
    )
    assert found.total == 600 + last
    assert sum(one.planned for one in found.cliff.quarters) == pytest.approx(600 + last)
    assert sum(one.spent for one in found.cliff.quarters) == 100
    assert any("report the same money, which is counted once" in note for note in found.notes)


def test_as_much_money_to_different_organizations_may_be_counted_twice(write: Write) -> None:
    found = find(
        write(
            family(transaction(3, 1000, receiver("Agency")), name="p", children=("c", "d")),
            family(transaction(3, 700, receiver("Clinic")), name="c"),
            family(transaction(3, 300, receiver("School")), name="d"),
        )
    )
    assert found.total == 2000
    assert [note for note in found.notes if "counted" in note] == [
        "1 activity and the activities below report as much money, to different organizations: it "
        "may be counted twice."
    ]


def test_budgets_that_are_over_are_named_where_there_is_nothing_else(write: Write) -> None:
    over = budget(400).replace("2027", "2024")
    path = write(
        activity("Fund", over),
        activity("Fund", over.replace("2024-12", "2025-06").replace("06-31", "06-30")),
    )
    with pytest.raises(DataError, match="the budgets and plans end by 2025-06-30") as caught:
        find(path)
    assert "--today" in caught.value.advice
    assert find(path, today="2024-05-01").cliff.last == "2025-Q2"


def test_different_money_of_parent_and_children_is_counted_and_said(write: Write) -> None:
    to = receiver("Clinic")
    found = find(
        write(
            family(transaction(3, 1000, to), name="p", children=("c",)),
            family(transaction(3, 300, to), name="c", parent="p"),
            family(transaction(3, 50, receiver("School")), name="d", parent="p"),
        )
    )
    assert found.total == 1350
    (note,) = (note for note in found.notes if "below it" in note)
    assert note.startswith("1 time, an activity and those below it report different money")


def test_what_cannot_be_used_as_written_is_read_or_said(write: Write) -> None:
    two = '<sector code="12220" percentage="80%"/><sector code="11220" percentage="20,0"/>'
    odd = '<sector code="12220" percentage="most"/>'
    other = '<sector vocabulary="8" code="3.8" percentage="100"/>'
    found = find(
        write(
            activity("Fund", transaction(3, 100, two, receiver("A"))),
            activity("Fund", transaction(3, 100, odd, receiver("A"))),
            activity("Fund", transaction(3, 100, receiver("A"), day="2062-02-01")),
            activity("Fund", transaction(3, 100, receiver("A"), day="soon")),
            activity("Fund", transaction(3, 50, receiver("A"))).replace(
                '<sector code="12220"/>', other
            ),
        )
    )
    assert {p.code: p.amount for p in found.by_sector} == {"122": 380, "112": 20, "": 50}
    (note,) = (note for note in found.notes if note.startswith("Read with care"))
    for said in (
        "activities with percentages that are no numbers (1)",
        "transactions after today, which are in the sums (1)",
        "transactions without a usable day (1)",
        "activities with sectors in another vocabulary alone (they count as not said) (1)",
    ):
        assert said in note


def test_why_there_is_no_money_is_said(write: Write) -> None:
    old = activity("Fund", transaction(3, 1, receiver("A"))).replace('code="3"', 'code="D"')
    with pytest.raises(DataError, match=r"this is IATI version 1 \(code 'D'"):
        find(write(old))
    versioned = activity("Fund", transaction(3, 1, receiver("A")))
    with pytest.raises(DataError, match=r"this is IATI version '1\.03'"):
        find(write(versioned.replace("<iati-activity ", '<iati-activity version="1.03" ')))
    with pytest.raises(DataError, match=r"\(USD 1,234,567\) stays inside one organization"):
        find(write(activity("Fund", transaction(3, 1_234_567, receiver("Fund", "XX-Fund")))))
    with pytest.raises(DataError, match=r"Left out: pledges \(1\)"):
        find(write(activity("Fund", transaction(12, 5, receiver("A")))))


def test_budgets_alone_say_until_when(write: Write) -> None:
    planned = (
        '<planned-disbursement><period-start iso-date="2028-01-01"/>'
        '<period-end iso-date="2028-12-31"/><value>250</value></planned-disbursement>'
    )
    found = find(write(activity("Fund", budget(500), planned)))
    assert (found.total, found.flows) == (0, [])
    assert found.cliff.last == "2028-Q4"
    assert sum(one.planned for one in found.cliff.quarters) == pytest.approx(750)
    assert found.notes[0].startswith("Nothing here is spent yet")
    assert "Money is known until 2028-Q4" in funding_html(found)
    told = funding_text(found)
    assert told.startswith("No money is spent yet, so nobody is a giver or receiver\n\nRoles")
    assert "the largest first" not in told


@pytest.mark.parametrize(("quarters", "falls"), [(3, ""), (4, "2027-Q1"), (8, "2027-Q1")])
def test_a_lump_after_a_long_gap_does_not_hide_the_cliff(quarters: int, falls: str) -> None:
    ledger = Ledger("spent", Scope(), "2026-12-31")
    last = 2027 * 4 + quarters
    start, end = f"{last // 4}-{last % 4 * 3 + 1:02}-01", f"{last // 4}-{last % 4 * 3 + 3:02}-28"
    ledger.add_flow(flow(400_000, date="2026-01-01", until="2026-12-31"))
    ledger.add_flow(flow(400_000, date=start, until=end))
    cliff = funding_of(ledger, sources=[], today="2026-12-31").cliff
    assert cliff.falls == (falls or f"{(last + 1) // 4}-Q{(last + 1) % 4 + 1}")
    if falls:
        until = f"{(last - 1) // 4}-Q{(last - 1) % 4 + 1}"
        assert f"From 2027-Q1 to {until}, nothing is known; the last known" in cliff.statement
