"""Funding flows of a table, as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.errors import DataError, ForwhomError
from forwhom.funders.flows import read_flows

from .activities import find


def written(folder: Path, text: str) -> Path:
    path = folder / "flows.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_flows_of_a_table(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "From,To,Amount,Currency,Date,Until,Other\n"
        "Fund,Clinic,300,eur,2026-01-01,2026-12-31,x\n"
        "Fund,,5.5,USD,,2027-01-01,y\n",
    )
    first, second = read_flows(path)
    assert (first.giver, first.receiver, first.amount, first.currency) == (
        "Fund", "Clinic", 300, "EUR",
    )  # fmt: skip
    assert (first.date, first.until) == ("2026-01-01", "2026-12-31")
    assert (second.receiver, second.date, second.until) == ("", None, "2027-01-01")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from,amount\na,1\n", "no column 'to'"),
        ("from,to,amount\na,b,much\n", "row 1: amount is 'much'"),
        ("from,to,amount,currency\na,b,1,dollars\n", "row 1: currency is 'dollars'"),
        ("from,to,amount,until\na,b,1,soon\n", "row 1: until is 'soon'"),
    ],
)
def test_a_cell_that_cannot_be_used_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ForwhomError) as caught:
        read_flows(written(tmp_path, text))
    assert said in caught.value.problem
    assert caught.value.advice


def test_amounts_and_days_are_read_as_people_type_them(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "until;TO; From;Amount ;Currency\n31.12.2026;Clinic;Fund;1.234,50;eur\n1.2.2027;;12;7;\n",
    )
    first, second = read_flows(path)
    assert (first.giver, first.amount, first.currency, first.until) == (
        "Fund", 1234.5, "EUR", "2026-12-31",
    )  # fmt: skip
    assert (second.giver, second.amount, second.currency) == ("12", 7, "USD")


def test_every_mistake_is_said_and_what_was_assumed(tmp_path: Path) -> None:
    path = written(tmp_path, "from,to,amount,currency\na,b,,eur\nc,d,−5,Euros\n")
    with pytest.raises(DataError) as caught:
        read_flows(path)
    for said in (
        "2 rows cannot be used",
        "row 1: amount is empty",
        "row 2: currency is 'Euros'. Expected three letters of ISO 4217",
    ):
        assert said in str(caught.value)  # fmt: skip
    notes: list[str] = []
    text = "from,to,amount,earmarked,decided_by,modality\na,b,5,Yes,c,project\na,b,6,no,,\n"
    first, second = read_flows(written(tmp_path, text), notes=notes)
    assert (first.earmarked, first.decided_by, second.earmarked) == (
        "earmarked",
        "c",
        "unearmarked",
    )
    said = find(written(tmp_path, text)).notes[0]
    assert said.startswith("flows.csv: not read: the column 'modality'; flows have from, to")
    path = written(tmp_path, 'from,to,amount\na,b,"1,500"\n')
    assert read_flows(path, notes=notes)[0].amount == 1500
    assert notes == [
        "flows.csv: 'amount': commas such as in 1,234 were read as thousands separators."
    ]
