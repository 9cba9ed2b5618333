"""Odd input that is taken: what was made of it is said."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli

from .refusals import check, contents, put, table

pytestmark = pytest.mark.usefixtures("swift")


def test_an_unseen_level_is_said_and_counts_as_missing(folder, segments):
    put("new.csv", table(40, channel=lambda i: "fax" if i < 12 else None))
    found = CliRunner().invoke(cli, ["score", str(segments), "new.csv", "-o", "scored.csv"])
    assert found.exit_code == 0
    assert "'fax'" in found.stdout
    assert "12 rows" in found.stdout


def test_fewer_customers_than_parameters_is_a_warning(folder):
    put("few.csv", table(12))
    found = CliRunner().invoke(cli, ["discover", "few.csv", "--k", "3", "--threshold", "1"])
    assert found.exit_code == 0, found.stderr
    assert "fewer customers (12) than parameters" in " ".join(found.stdout.split())


def test_notes_are_shown_with_the_answer(folder):
    put("t.csv", table(channel=lambda i: "-" if i == 5 else "1,234".replace(",", ".")))
    found = CliRunner().invoke(cli, ["discover", "t.csv", "--k", "2"])
    assert found.exit_code == 0, found.stderr
    assert "decimal points" in found.stdout
    assert "there is no value" in " ".join(found.stdout.split())


def test_nan_is_missing(folder):
    put("t.csv", table(spend=lambda i: "NaN" if i == 5 else None))
    found = CliRunner().invoke(cli, ["discover", "t.csv", "--k=2", "--json", "--threshold=1"])
    assert found.exit_code == 0, found.stderr
    profiles = [
        one
        for segment in json.loads(found.stdout)["segments"]
        for one in segment["profile"]
        if one["variable"] == "spend"
    ]
    assert sum(one["n"] for one in profiles) == 59
    assert max(one["missing"] for one in profiles) > 0


def test_levels_written_otherwise_are_the_same_levels(folder, segments):
    def placed(name, **changed):
        put(name, table(40, **changed))
        found = CliRunner().invoke(cli, ["score", str(segments), name, "-o", f"{name}.out.csv"])
        assert found.exit_code == 0, found.stderr
        assert "is not known" not in found.stdout
        return (folder / f"{name}.out.csv").read_text()

    shouted = placed("b.csv", channel=lambda i: " ONLINE" if i % 4 else "Store ")
    assert placed("a.csv") == shouted


def test_a_column_without_any_known_level_is_refused(folder, segments):
    put("new.csv", table(40, channel=lambda i: 1 + i % 2))
    before = contents(folder)
    found = CliRunner().invoke(cli, ["score", str(segments), "new.csv", "-o", "scored.csv"])
    words = ("'channel'", "none of the 40 answers", "'1' and '2'", "'online'", "leave it out")
    check(found, before, folder, words)


def test_one_customer_may_have_a_new_level(folder, segments):
    put("new.csv", table(1, channel=lambda i: "fax"))
    found = CliRunner().invoke(cli, ["score", str(segments), "new.csv", "-o", "scored.csv"])
    assert found.exit_code == 0
    assert "fewer than 10 rows hold a level that is not known" in found.stdout
    assert "fax" not in found.stdout
