"""Who funds whom: each amount once, in one currency, and what is said about it."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.canvas.economy import FundingFlow
from forwhom.documents.results.funding import DIRECT, UNKNOWN_GIVER, UNKNOWN_RECEIVER, Funding
from forwhom.errors import DataError, OptionError, SourceError, SourceMissing
from forwhom.funders import Ledger, Scope, funding_of
from forwhom.funders.concentration import hhi
from forwhom.funders.iati.shares import shares_of
from forwhom.funders.quarters import ordinal, spread

from .activities import TODAY, activity, find, giver, organization, receiver, transaction
from .conftest import Write


def amounts(found: Funding) -> dict[tuple[str, str], float]:
    sums: dict[tuple[str, str], float] = {}
    for flow in found.flows:
        key = (flow.giver, flow.receiver)
        sums[key] = sums.get(key, 0) + flow.amount
    return sums


def test_who_is_not_named_on_its_own_side_is_the_reporter(write: Write) -> None:
    found = find(
        write(
            activity("Donor", transaction(3, 100, receiver("Clinic"))),
            activity("Clinic Two", transaction(1, 30, giver("Fund"))),
        )
    )
    assert amounts(found) == {("XX-Donor", "Clinic"): 100, ("Fund", "XX-Clinic Two"): 30}
    assert found.total == 130


def test_unknown_and_direct_are_nodes_of_their_own(write: Write) -> None:
    found = find(
        write(
            activity(
                "Donor", transaction(3, 60), transaction(4, 30), transaction(1, 10),
                transaction(4, 5, receiver("Donor", "XX-Donor")),
            )
        )
    )  # fmt: skip
    assert amounts(found) == {
        ("XX-Donor", UNKNOWN_RECEIVER): 60,
        ("XX-Donor", DIRECT): 35,
        (UNKNOWN_GIVER, "XX-Donor"): 10,
    }
    assert found.unknown_receiver_share == pytest.approx(60 / 105)
    assert found.direct_share == pytest.approx(35 / 105)


def test_the_only_implementing_organization_stands_in_and_is_said(write: Write) -> None:
    one = organization("participating-org", "Clinic", "", 'role="4"')
    two = organization("participating-org", "Hospital", "", 'role="4"')
    own = organization("participating-org", "Donor", "XX-Donor", 'role="4"')
    found = find(write(activity("Donor", one, transaction(3, 100))))
    assert amounts(found) == {("XX-Donor", "Clinic"): 100}
    assert any(
        note.startswith("1 transaction without a giver or a receiver") for note in found.notes
    )
    for others in (one + two, own):
        found = find(write(activity("Donor", others, transaction(3, 100))))
        assert amounts(found) == {("XX-Donor", UNKNOWN_RECEIVER): 100}
    found = find(write(activity("Donor", one, transaction(3, 100, giver("Clinic")))))
    assert amounts(found) == {("Clinic", UNKNOWN_RECEIVER): 100}


def test_money_reported_by_both_sides_counts_once(write: Write) -> None:
    both = [
        activity("Donor", transaction(3, 100, receiver("Agency", "XX-Agency")), sector="112"),
        activity("Agency", transaction(1, 80, giver("Donor", "xx-donor"))),
    ]
    found = find(write(*both))
    assert found.total == 100
    assert {flow.sector for flow in found.flows} == {"112"}
    assert any("1 pair of organizations" in note and "USD 80" in note for note in found.notes)
    larger = find(
        write(both[0], activity("Agency", transaction(1, 120, giver("Donor", "XX-Donor"))))
    )
    assert larger.total == 120
    assert {flow.sector for flow in larger.flows} == {"122"}


def test_money_to_nobody_may_be_what_receivers_report(write: Write) -> None:
    found = find(
        write(
            activity("Donor", transaction(3, 100)),
            activity("Agency", transaction(1, 80, giver("Donor", "XX-Donor"))),
        )
    )
    assert found.total == 180
    assert any("Up to USD 80 may be counted twice" in note for note in found.notes)


def test_the_same_activity_secondary_reports_and_own_transfers_do_not_count(write: Write) -> None:
    once = activity("Donor", transaction(3, 100, receiver("Clinic")))
    secondary = activity("Other", transaction(3, 50, receiver("Clinic"))).replace(
        "type='40'", "type='40' secondary-reporter='1'"
    )
    inside = activity("Donor", transaction(3, 7, receiver("Donor", "XX-Donor")))
    found = find(write(once, once, secondary, inside))
    assert amounts(found) == {("XX-Donor", "Clinic"): 100}
    assert found.counted.left_out == {
        "transactions of activities by a secondary reporter": 1,
        "transactions of activities that are there twice": 1,
    }
    assert any("USD 7 stayed inside one organization" in note for note in found.notes)


def test_other_transaction_types_are_left_out_and_said(write: Write) -> None:
    found = find(
        write(
            activity(
                "Donor", transaction(3, 1, receiver("Clinic")), transaction(6, 5),
                transaction(3, 1).replace("<value>1", "<value>one"),
                transaction(12, 9), transaction(13, 9), transaction(99, 4),
            )
        )
    )  # fmt: skip
    assert found.total == 1
    assert found.counted.left_out == {
        "loan repayments": 1, "no readable amount": 1, "pledges": 2,
        "unknown transaction types": 1,
    }  # fmt: skip
    assert (found.counted.activities, found.counted.transactions, found.counted.used) == (1, 6, 1)


def test_spent_and_committed_are_two_answers(write: Write) -> None:
    path = write(activity("Donor", transaction(2, 500, receiver("Clinic"))))
    with pytest.raises(DataError, match="--basis committed"):
        find(path)
    assert find(path, basis="committed").total == 500


def test_one_amount_that_outweighs_all_others_is_pointed_out(write: Write) -> None:
    many = [activity("A", transaction(3, 10, receiver(f"R{i}"))) for i in range(10)]
    assert not any("mistake of writing" in note for note in find(write(*many)).notes)
    wrong = activity("B", transaction(3, 10**9, receiver("Clinic")))
    (note,) = [note for note in find(write(*many, wrong)).notes if "mistake" in note]
    assert "(USD 1,000,000,000, B to Clinic)" in note


def test_names_and_references_of_one_organization_are_one(write: Write) -> None:
    found = find(
        write(
            activity("Donor", transaction(3, 1, receiver("Red Cross", "CH-1"))),
            activity("Donor", transaction(3, 2, receiver("RED CROSS."))),
            activity("Donor", transaction(3, 4, receiver("Red Cross", "00004"))),
            activity("Donor", transaction(3, 8, receiver("Blue Cross", "00004"))),
            activity("Donor", transaction(3, 16, receiver("Croix Rouge", "ch-1"))),
        )
    )
    assert amounts(found) == {("XX-Donor", "CH-1"): 23, ("XX-Donor", "Blue Cross"): 8}
    assert found.name("CH-1") == "Red Cross"


def test_an_organization_cannot_pass_for_the_unknown(write: Write) -> None:
    found = find(write(activity("Donor", transaction(3, 9, receiver(UNKNOWN_RECEIVER)))))
    assert found.unknown_receiver_share == 0
    assert amounts(found) == {("XX-Donor", "'?receiver"): 9}


def test_a_rate_that_is_missing_is_named(write: Write) -> None:
    path = write(
        activity("A", transaction(3, 100, receiver("Clinic")), currency="EUR"),
        activity("B", transaction(3, 10, receiver("Clinic")), currency="GBP"),
        activity("C", transaction(3, 1, receiver("Clinic"))),
    )
    with pytest.raises(DataError) as caught:
        find(path, rates={"EUR": 1.5})
    assert "EUR, GBP and USD" in caught.value.problem
    assert caught.value.problem.endswith("for GBP.")
    assert "--rate GBP=…" in caught.value.advice
    found = find(path, rates={"eur": 1.5, "GBP": 2, "XXX": 9})
    assert (found.total, found.currency, found.rates) == (171, "USD", {"EUR": 1.5, "GBP": 2})
    one = find(write(activity("A", transaction(3, 1, receiver("B")), currency="EUR")))
    assert one.currency == "EUR"


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), float("nan")])
def test_a_rate_is_above_zero(write: Write, rate: float) -> None:
    path = write(activity("A", transaction(3, 1, receiver("B"))))
    with pytest.raises(OptionError, match="EUR"):
        find(path, rates={"EUR": rate})
    with pytest.raises(OptionError, match="'dollars'"):
        find(path, currency="dollars")
    with pytest.raises(OptionError, match="is not a day"):
        find(path, today="tomorrow")


def test_amounts_divide_by_sector_and_country_and_sum_exactly(write: Write) -> None:
    text = activity("Donor", transaction(3, 100, receiver("Clinic"))).replace(
        '<sector code="12220"/>',
        '<sector code="12220" percentage="33.3"/><sector code="11220" percentage="33.3"/>'
        '<sector code="15110" percentage="33.4"/>',
    )
    text = text.replace('<recipient-country code="KE"/>', '<recipient-country code="KE" '
        'percentage="50"/><recipient-country code="UG" percentage="20"/>')  # fmt: skip
    found = find(write(text))
    assert sum(round(flow.amount * 100) for flow in found.flows) == 10000
    assert {part.code: round(part.amount, 1) for part in found.by_country} == {
        "KE": 50, "UG": 20, "": 30,
    }  # fmt: skip
    assert [part.name for part in found.by_country] == ["Kenya", "Not said", "Uganda"]


def test_a_transaction_says_its_sector_or_its_place_alone(write: Write) -> None:
    own = ('<recipient-country code="UG"/>', '<sector code="11220"/>')
    parts = [transaction(3, 10, receiver("Clinic"), one) for one in own]
    found = find(write(activity("Donor", *parts)))
    assert {(f.sector, f.country): f.amount for f in found.flows} == {
        ("122", "UG"): 10, ("112", "KE"): 10,
    }  # fmt: skip


def test_a_choice_keeps_what_is_asked_for(write: Write) -> None:
    path = write(
        activity("A", transaction(3, 1, receiver("R"))),
        activity("B", transaction(3, 2, receiver("R")), sector="11220"),
        activity("C", transaction(3, 4, receiver("R")), country="UG"),
    )
    assert find(path, sector="health").total == 5
    assert find(path, sector="12", country="Kenya").total == 1
    assert find(path, country=["UG", "kenya"]).total == 7
    assert find(path, sector="12", country="KE").countries == ["KE"]
    with pytest.raises(DataError) as caught:
        find(path, country="Ugandа")
    assert "Did you mean 'Uganda'?" in caught.value.advice
    with pytest.raises(DataError, match="for these sectors in these countries"):
        find(path, sector="education", country="UG")


def test_concentration_is_the_sum_of_squared_shares(write: Write) -> None:
    parts = [activity(name, transaction(3, n, receiver("R"))) for name, n in (("A", 60), ("B", 40))]
    found = find(write(*parts, activity("R", transaction(1, 100))))
    givers = found.concentration[0]
    assert (givers.hhi, givers.level, givers.largest) == (5200, "high", "XX-A")
    assert givers.equal == pytest.approx(10_000 / 5200, abs=0.01)
    assert givers.named_share == 0.5
    assert found.by_sector[0].hhi == 5200


@settings(max_examples=50)
@given(st.dictionaries(st.text(max_size=3), st.integers(-5, 10**9), max_size=8))
def test_hhi_stays_between_equal_and_all(sums: dict[str, int]) -> None:
    positive = [cents for cents in sums.values() if cents > 0]
    index = hhi(sums)
    if not positive:
        assert index is None
    else:
        assert index is not None
        assert 10_000 / len(positive) - 1e-3 <= index <= 10_000 + 1e-3


def test_passed_on_money_is_said(write: Write) -> None:
    found = find(
        write(
            activity("Donor", transaction(3, 100, receiver("Agency", "XX-Agency"))),
            activity("Agency", transaction(3, 70, receiver("Clinic"))),
        )
    )
    assert (found.total, found.passed_on) == (170, 70)


def test_roles_come_from_participants_and_money(write: Write) -> None:
    roles = "".join(
        organization("participating-org", name, "", f'role="{role}"')
        for name, role in (("Fund", 1), ("Ministry", 2), ("Council", 3), ("Clinic", 4), ("X", 9))
    )
    found = find(write(activity("Donor", roles, transaction(3, 100, receiver("Clinic")))))
    shown = {(r.organization, r.role, r.activities, r.amount) for r in found.roles}
    assert shown == {
        ("Fund", "donor", 1, 0), ("XX-Donor", "donor", 0, 100),
        ("Ministry", "decision-maker", 1, 0),
        ("Council", "decision-maker", 1, 0), ("Clinic", "purchaser", 1, 100),
    }  # fmt: skip
    assert {(r.sector, r.country) for r in found.roles} == {("122", "KE")}
    [role] = find(write(activity("Donor", transaction(3, 0.01, receiver("Clinic"))))).roles
    assert (role.organization, role.amount) == ("XX-Donor", 0.01)


def test_whoever_receives_money_in_a_table_is_a_purchaser() -> None:
    ledger = Ledger("spent", Scope(), TODAY)
    ledger.add_flow(FundingFlow.model_validate({"from": "", "to": "Clinic", "amount": 1}))
    [role] = funding_of(ledger, sources=[], today=TODAY).roles
    assert (role.organization, role.role) == ("Clinic", "purchaser")


def plan(tag: str, start: str, end: str, amount: float, more: str = "") -> str:
    return (
        f'<{tag} {more}><period-start iso-date="{start}"/><period-end iso-date="{end}"/>'
        f"<value>{amount}</value></{tag}>"
    )


def test_the_cliff_shows_where_known_money_ends(write: Write) -> None:
    spent = transaction(3, 400, receiver("Clinic"), day="2026-02-01")
    planned = plan("planned-disbursement", "2027-01-01", "2027-06-30", 181)
    budget = plan("budget", "2027-01-01", "2030-12-31", 99999)
    found = find(write(activity("Donor", spent, planned, budget)))
    by = {one.quarter: one for one in found.cliff.quarters}
    assert list(by) == [
        "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3",
    ]  # fmt: skip
    assert (by["2026-Q1"].spent, by["2027-Q1"].planned, by["2027-Q2"].planned) == (400, 90, 91)
    assert found.cliff.reference == 100
    assert (found.cliff.falls, found.cliff.last) == ("2027-Q3", "2027-Q2")
    assert by["2027-Q2"].ending == 1
    assert "From 2027-Q3 on, nothing is known any more" in found.cliff.statement


def test_budgets_and_promises_stand_in_where_nothing_is_planned(write: Write) -> None:
    original = plan("budget", "2027-01-01", "2027-03-31", 10, 'type="1"')
    revised = plan("budget", "2027-01-01", "2027-03-31", 90, 'type="2"')
    paid = transaction(3, 100, receiver("R"))
    found = find(write(activity("A", paid, original, revised)))
    assert {q.quarter: q.planned for q in found.cliff.quarters if q.planned} == {"2027-Q1": 90}
    end = '<activity-date iso-date="2026-12-31" type="3"/>'
    promised = transaction(2, 160, receiver("R"))
    found = find(write(activity("A", paid, promised, end)))
    assert {q.quarter: q.planned for q in found.cliff.quarters if q.planned} == {"2026-Q4": 60}
    found = find(write(activity("A", paid, promised)))
    assert found.cliff.last == ""
    assert found.cliff.without_days == 1


def test_only_the_chosen_part_of_a_plan_counts(write: Write) -> None:
    planned = plan("planned-disbursement", "2027-01-01", "2027-03-31", 90)
    text = activity("A", transaction(3, 100, receiver("R")), planned).replace(
        '<sector code="12220"/>',
        '<sector code="12220" percentage="20"/><sector code="11220" percentage="80"/>',
    )
    found = find(write(text), sector="health")
    quarters = found.cliff.quarters
    assert {q.quarter: q.planned for q in quarters if q.planned} == {"2027-Q1": 18}
    assert {q.quarter: q.spent for q in quarters if q.spent} == {"2026-Q1": 20}
    # What ends is 18 in the 126 days from today on, as money of a quarter.
    assert {q.quarter: q.ends for q in quarters if q.ends} == {"2027-Q1": 13.04}


@settings(max_examples=60)
@given(
    st.integers(-(10**12), 10**12), st.integers(0, 2000), st.integers(0, 3000), st.integers(0, 4000)
)
def test_a_period_is_spread_without_loss(cents: int, start: int, days: int, cut: int) -> None:
    first = ordinal("2020-01-01")
    assert first is not None
    begin, end, day = first + start, first + start + days, first + cut
    before = list(spread(cents, begin, end, 0, day))
    after = list(spread(cents, begin, end, day + 1, 10**6))
    assert sum(part for _, part in before + after) == cents


def test_flows_of_tables_and_canvases_work_the_same(tmp_path: Path) -> None:
    table = tmp_path / "flows.csv"
    table.write_text(
        "from,to,amount,currency,date,until,sector,country\n"
        "Fund,Clinic,365,USD,2026-01-01,2026-12-31,Basic health,Kenya\n"
        "Fund,,35,USD,,,,\n"
    )
    canvas = tmp_path / "canvas.yaml"
    canvas.write_text(
        "forwhom: 1\nkind: canvas\nfunding:\n"
        "  - {from: Fund, to: Clinic, amount: 365, date: 2026-01-01, until: 2026-12-31,"
        " sector: Basic health, country: Kenya}\n  - {from: Fund, amount: 35}\n"
    )
    one, other = find(table), find(canvas)
    left_out = {"sources"}
    assert one.model_dump(exclude=left_out) == other.model_dump(exclude=left_out)
    assert {(f.sector, f.country) for f in one.flows} == {("122", "KE"), ("", "")}
    by = {q.quarter: (q.spent, q.planned, q.ending) for q in one.cliff.quarters}
    assert by["2026-Q4"] == (56, 36, 1)
    assert one.cliff.without_days == 1
    assert {(r.organization, r.role, r.activities) for r in one.roles} == {
        ("Fund", "donor", 0),
        ("Clinic", "purchaser", 0),
    }


def test_rates_of_a_canvas_are_used_unless_others_are_given() -> None:
    canvas = parse_canvas(
        "forwhom: 1\nkind: canvas\nfunding_rates: {EUR: 2}\nfunding:\n"
        "  - {from: A, to: B, amount: 10, currency: EUR}\n  - {from: A, to: C, amount: 1}\n"
    )
    assert find(canvas).total == 21
    assert find(canvas, rates={"EUR": 3}).total == 31


def test_a_folder_is_read_and_an_empty_one_is_said(tmp_path: Path, write: Write) -> None:
    with pytest.raises(SourceError, match="holds no IATI files"):
        find(tmp_path)
    (tmp_path / "notes.txt").write_text("no activities")
    (tmp_path / "old.xml").mkdir()
    write(activity("A", transaction(3, 1, receiver("B"))), name="one.xml")
    write(activity("A", transaction(3, 2, receiver("B"))), name="two.xml")
    found = find(tmp_path)
    assert (found.total, found.sources) == (3, ["one.xml", "two.xml"])
    with pytest.raises(SourceMissing):
        find(tmp_path / "none.csv")
    for one, what in ((None, "None"), ([tmp_path, 7], "a value of the type 'int'")):
        with pytest.raises(OptionError, match=f"was expected, and this is {what}"):
            find(one)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"), st.sampled_from(["", "A", "B", "X", "Y"]), st.integers(0, 10**7)
        ),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_the_total_is_the_sum_in_any_order(flows, random) -> None:
    def answer(rows):
        ledger = Ledger("spent", Scope(), TODAY)
        for start, end, cents in rows:
            ledger.add_flow(
                FundingFlow.model_validate({"from": start, "to": end, "amount": cents / 100})
            )
        return funding_of(ledger, sources=["x"], today=TODAY)

    expected = sum(cents for start, end, cents in flows if start != end)
    if not expected:
        return
    found = answer(flows)
    assert round(found.total * 100) == expected
    assert round(sum(flow.amount for flow in found.flows) * 100) == expected
    shuffled = list(flows)
    random.shuffle(shuffled)
    assert answer(shuffled) == found


percentages = st.lists(
    st.tuples(st.sampled_from(["KE", "UG", "TZ", "SO"]), st.integers(1, 10_000).map(str)),
    min_size=1, max_size=30,
)  # fmt: skip


#: Three thirds of twelve digits are not quite 1: a thousand cents of such an amount.
THIRDS = [("KE", "50"), ("UG", "50"), ("TZ", "50")]


@settings(max_examples=60)
@given(st.integers(-(10**15), 10**15), percentages, percentages)
@example(10**15, THIRDS, [("KE", "100")])
def test_the_parts_of_a_divided_amount_sum_to_it_exactly(cents, sectors, places) -> None:
    ledger = Ledger("spent", Scope(), TODAY)
    sectors, places = shares_of(tuple(sectors)), shares_of(tuple(places))
    group = (0, 1, "giver", "USD", ("", "", ""))
    assert ledger.enter(group, cents, ledger.scope.division(sectors, places)) == cents
    parts = ledger.groups[group]
    assert sum(parts.values()) == cents
    weights = {(s, p): a * b for s, a in sectors for p, b in places}
    assert parts.keys() == weights.keys()
    # Half a cent of rounding at each end of a part; weights have twelve digits, and the last cell
    # takes what all of them leave.
    allowed = 1 + len(weights) * 1e-12 * abs(cents)
    assert all(abs(parts[cell] - cents * weight) <= allowed for cell, weight in weights.items())
