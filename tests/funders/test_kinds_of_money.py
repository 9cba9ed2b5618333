"""How money is given, as IATI, tables and canvases say it: earmarked or not, for how long."""

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.results.funding import Funding
from forwhom.errors import DataError
from forwhom.funders.economy import propose_economy
from forwhom.funders.iati.codes import earmarking_of, term_of

from .activities import activity, find, receiver, transaction
from .conftest import Write


def shares(found: Funding, by: str) -> dict[str, float]:
    return {
        part.code: round(part.share, 3)
        for kind in found.kinds
        if kind.by == by
        for part in kind.parts
    }


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([("1", "A02")], "unearmarked"),
        ([("1", "B01")], "unearmarked"),
        ([("1", "B031")], "softly earmarked"),
        ([("1", "B04")], "softly earmarked"),
        ([("1", "c01")], "earmarked"),
        ([("1", "D02")], "earmarked"),
        ([("1", "F01")], ""),
        ([("2", "4")], "earmarked"),
        ([("3", "c")], "unearmarked"),
        ([("3", "D")], "softly earmarked"),
        ([("3", "H")], "earmarked"),
        # What speaks of earmarking alone counts first; what is on no list says nothing.
        ([("1", "C01"), ("2", "1")], "unearmarked"),
        ([("1", "B01"), ("2", "9")], "unearmarked"),
        ([("4", "1")], ""),
        ([], ""),
    ],
)
def test_codes_say_how_far_money_is_earmarked(codes: list[tuple[str, str]], said: str) -> None:
    assert earmarking_of(codes) == said


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2025-01-01", "2025-12-31", "short-term"),
        ("2025-01-01", "2026-02-05", "short-term"),
        ("2025-01-01", "2026-02-06", "long-term"),
        ("2025-01-01", "", ""),
        ("", "2025-01-01", ""),
        ("2025-01-02", "2025-01-01", ""),
    ],
)
def test_more_than_a_budget_year_is_long(start: str, end: str, said: str) -> None:
    assert term_of(start, end) == said


def dated(kind: int, day: str) -> str:
    return f'<activity-date type="{kind}" iso-date="{day}"/>'


def test_a_transaction_says_it_before_its_activity(write: Write) -> None:
    source = write(
        activity(
            "Fund",
            '<default-aid-type code="C01"/>',
            dated(1, "2024-01-01"),
            dated(2, "2026-01-01"),
            dated(3, "2026-06-30"),
            transaction(3, 300, receiver("Clinic")),
            transaction(3, 100, '<aid-type code="B01" vocabulary="1"/>', receiver("Clinic")),
            # Cash and vouchers say nothing of earmarking: the activity does.
            transaction(3, 100, '<aid-type code="1" vocabulary="4"/>', receiver("Clinic")),
        ),
        activity(
            "Fund",
            dated(2, "2020-01-01"),
            dated(4, "2026-01-01"),
            transaction(3, 500, receiver("School")),
        ),
    )
    found = find(source)
    assert shares(found, "earmarking") == {"earmarked": 0.4, "unearmarked": 0.1, "": 0.5}
    # The actual start counts before the planned one.
    assert shares(found, "term") == {"short-term": 0.5, "long-term": 0.5}


def test_tables_and_canvases_say_it_in_words(tmp_path: Path) -> None:
    table = tmp_path / "flows.csv"
    table.write_text(
        "from,to,amount,instrument,Earmarked,term,route\n"
        "Fund,Clinic,300,grant,softly earmarked,Long,multilateral\n"
        "State,Clinic,100,,,,\n",
        encoding="utf-8",
    )
    found = find(table)
    canvas = tmp_path / "canvas.yaml"
    canvas.write_text(
        "forwhom: 1\nkind: canvas\nfunding:\n"
        "  - {from: Fund, to: Clinic, amount: 300, instrument: grant,"
        " earmarked: softly-earmarked, term: long, route: multilateral}\n"
        "  - {from: State, to: Clinic, amount: 100}\n",
        encoding="utf-8",
    )
    for one in (found, find(canvas)):
        assert shares(one, "earmarking") == {"softly earmarked": 0.75, "": 0.25}
        assert shares(one, "term") == {"long-term": 0.75, "": 0.25}
        assert shares(one, "channel") == {"multilateral": 0.75, "": 0.25}
        assert shares(one, "form") == {"grant": 0.75, "": 0.25}
    text, added = propose_economy(found, canvas)
    assert {"money-by-earmarking", "money-by-term"} <= set(added)
    features = {one.id: one.feature for one in parse_canvas(text, canvas).funding_features}
    assert features["money-by-earmarking"] == "75% of the money is softly earmarked"
    assert features["money-by-term"] == "75% of the money is long-term"


def test_another_word_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    table = tmp_path / "flows.csv"
    table.write_text("from,to,amount,term\nFund,Clinic,300,forever\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"term is 'forever'.*short or long"):
        find(table)
