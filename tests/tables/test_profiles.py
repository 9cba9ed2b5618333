"""What a profile shows tells of no single row; who has the table alone may ask for all of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli
from forwhom.tables import open_table, profile_table
from forwhom.tables.profile import TableProfile, missing_words
from forwhom.tables.summaries import counted_statistics


@pytest.fixture(scope="module")
def profile() -> TableProfile:
    """A hundred customers, one of whom has what nobody else has."""
    rng = np.random.default_rng(1)
    spend = np.round(rng.lognormal(3, 0.5, 100), 2)
    spend[3], spend[4] = 99817.54, 0.17
    since = [date(2021, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 700, 100)]
    since[5], since[6] = date(1987, 3, 17), date(2031, 11, 23)
    school = rng.choice(["primary school", "secondary school", "bachelor"], 100).tolist()
    school[7] = "doctorate"
    happy = rng.integers(2, 6, 100).tolist()
    happy[8], happy[9] = None, 1
    rows = {"spend": spend, "since": since, "education": school, "satisfaction": happy}
    return profile_table(open_table(pa.table(rows), name="shop"))


PLANTED = ("99817", "99,817", "99,818", "0.17", "1987", "2031", "doctorate")


def test_a_profile_shows_nobody_alone(profile: TableProfile) -> None:
    told = profile._repr_html_() + str(asdict(profile.for_others())) + repr(profile)
    for planted in PLANTED:
        assert planted not in told
    assert repr(profile).startswith("shop: 100 rows, 4 columns\nspend (number: ")
    happy = profile["satisfaction"]
    assert "from 1 to 5" in happy.why
    assert "few or none chose 1;" in happy.why
    assert missing_words(happy) == "few"
    assert profile.for_others()["satisfaction"].missing == 0.0
    assert profile["since"].usual == ("2021-04", "2022-10")


def test_who_alone_reads_it_gets_extremes(profile: TableProfile) -> None:
    shown = {column.name: column.briefly for column in profile.exact().columns}
    assert "99,818" in shown["spend"]
    assert shown["since"] == "1987-03-17 to 2031-11-23"


def test_the_command_shows_extremes_only_where_asked(tmp_path) -> None:
    values = [float(v) for v in range(50)] + [7331.0]
    text = "spend\n" + "\n".join(map(str, values)) + "\n"
    (tmp_path / "t.csv").write_text(text)

    def run(*options: str) -> str:
        found = CliRunner().invoke(cli, ["profile", str(tmp_path / "t.csv"), *options])
        assert found.exit_code == 0, found.stderr
        return found.stdout

    for options in ((), ("--json",)):
        assert "7331" not in run(*options).replace(",", "")
        assert "7331" in run(*options, "--exact").replace(",", "")
    column = json.loads(run("--json"))["columns"][0]
    assert (column["minimum"], column["maximum"]) == (9.0, 40.0)
    assert column["mean"] is None


@pytest.mark.parametrize("n", [20, 50, 300])
def test_what_is_usual_stands_for_ten_rows_at_either_end(n: int) -> None:
    values = np.sort(np.random.default_rng(n).normal(50, 20, n))
    found = counted_statistics(values, np.ones(n, dtype=np.int64))
    assert found.usual is not None
    for end, rank in zip(found.usual, (10, n - 10), strict=True):
        assert abs(int(np.searchsorted(values, end)) - rank) <= 6
        assert end not in values
    assert counted_statistics(values[:19], np.ones(19, dtype=np.int64)).usual is None
