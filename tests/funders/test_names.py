"""Codes and names of sectors, places and organizations; days and quarters."""

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.documents.aid.names import place_code, place_name, sector_code, sector_name
from forwhom.funders.concentration import hhi
from forwhom.funders.division import Scope
from forwhom.funders.iati.codes import form_of
from forwhom.funders.iati.reading import holds_activities, is_activity_file
from forwhom.funders.organizations import Organization, Organizations, plain
from forwhom.funders.proposals import identity_of
from forwhom.funders.quarters import ordinal, quarter_name, quarter_of, spread


@pytest.mark.parametrize(
    ("rule", "word", "said"),
    [
        (sector_name, "122", "Basic health"),
        (sector_name, "999", "999"),
        (sector_name, "Clean cooking", "Clean cooking"),
        (sector_code, "12220", "122"),
        (sector_code, "basic health", "122"),
        (sector_code, "Clean cooking", "Clean cooking"),
        (place_name, "KE", "Kenya"),
        (place_name, "298", "Africa, no country said"),
        (place_code, "kenya", "KE"),
        (place_code, "ke", "KE"),
        (place_code, "Somaliland", "Somaliland"),
        (form_of, "110", "grant"),
        (form_of, "421", "loan"),
        (form_of, "453", "loan"),
        (form_of, "510", "equity"),
        (form_of, "600", "other"),
        (form_of, "", ""),
        (
            plain,
            "  Médecins sans  Frontières (MSF).",
            "médecins sans frontières msf",
        ),
        (identity_of, "Хлеб всем", "хлеб-всем"),
        (identity_of, "(…)", "organization"),
        (identity_of, "Médecins Sans Frontières (MSF)", "medecins-sans-frontieres-msf"),
    ],
)
def test_codes_and_names(rule, word: str, said: str) -> None:
    assert rule(word) == said


def test_an_organization_without_name_and_reference_has_no_number() -> None:
    known = Organizations()
    assert known.number(Organization("", "Red Cross", "")) == 0
    assert known.number(Organization("", "", "21")) is None


def test_files_of_activities_and_what_a_scope_keeps(tmp_path: Path) -> None:
    assert is_activity_file(Path("kenya.xml.gz"))
    for name, holds in (("kenya", True), ("kenya.txt", False), ("Kenya.XML", True)):
        (tmp_path / name).write_text("\ufeff \n<iati-activities/>", encoding="utf-8")
        assert holds_activities(tmp_path / name) == holds
    assert not holds_activities(tmp_path)
    assert not is_activity_file(Path("flows.csv.gz"))
    scope = Scope("12", ["Kenya"])
    assert scope.keeps("122", "KE")
    assert not scope.keeps("122", "UG")
    assert not scope.keeps("111", "KE")


def test_days_and_quarters() -> None:
    assert ordinal("1970-01-02") - ordinal("1970-01-01") == 1
    assert ordinal("2021-02-31") is None
    assert quarter_name(quarter_of(ordinal("2026-11-25"))) == "2026-Q4"
    begin, end = ordinal("2026-01-01"), ordinal("2026-04-01")
    parts = [(quarter_name(q), cents) for q, cents in spread(9100, begin, end, begin, 10**6)]
    assert parts == [("2026-Q1", 9000), ("2026-Q2", 100)]


def test_concentration() -> None:
    assert (hhi({"a": 50, "b": 50}), hhi({"a": 70}), hhi({})) == (5000.0, 10000.0, None)
    assert hhi({"a": 1, "b": 2}) == 5555.5556
