"""The commands on good input: what they print, write and return."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli
from forwhom.documents import read_segmentation
from forwhom.documents.studyfile import parse_study

pytestmark = pytest.mark.usefixtures("swift")


def run(*args: str):
    found = CliRunner().invoke(cli, list(args))
    assert found.exit_code == 0, found.stderr
    return found


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def made(tmp_path_factory, request) -> Path:
    """A folder with customers.csv and the segments that were found in them."""
    import random

    place = tmp_path_factory.mktemp("shop")
    rng = random.Random(1)
    lines = ["customer_id,visits,spend,channel"]
    for i in range(200):
        often = rng.random() < 0.4
        visits = rng.randint(8, 14) if often else rng.randint(0, 4)
        spend = round(rng.lognormvariate(4 if often else 2, 0.5), 2)
        channel = "online" if rng.random() < (0.9 if often else 0.2) else "store"
        lines.append(f"{i:05d},{visits},{spend},{channel}")
    (place / "customers.csv").write_text("\n".join(lines) + "\n")
    run(
        "discover", str(place / "customers.csv"), "-o", str(place / "segments"),
        "--k-max", "3", "--starts", "4", "--stability", "0",
    )  # fmt: skip
    return place


@pytest.fixture
def shop(made, monkeypatch, tmp_path) -> Path:
    """The same, with an empty current folder."""
    monkeypatch.chdir(tmp_path)
    return made


def test_profile_says_what_each_column_is_good_for(shop):
    found = run("profile", str(shop / "customers.csv"))
    assert "200 rows, 4 columns" in found.stdout
    assert "identifier" in words(found.stdout)
    assert found.stderr == ""


def test_profile_as_json(shop):
    found = json.loads(run("profile", str(shop / "customers.csv"), "--json").stdout)
    assert found["rows"] == 200
    by_name = {column["name"]: column for column in found["columns"]}
    assert by_name["visits"]["measure"] == "count"
    assert by_name["customer_id"]["use"] == "id"


def test_study_is_printed_or_written(shop, tmp_path):
    source = str(shop / "customers.csv")
    printed = run("study", source, "--quiet").stdout
    assert parse_study(printed).customers.id == "customer_id"
    found = run("study", source, "-o", "study.yaml")
    assert "forwhom discover study.yaml" in found.stdout
    assert parse_study((tmp_path / "study.yaml").read_text()).customers.id == "customer_id"
    as_json = json.loads(run("study", source, "--json", "-q").stdout)
    assert as_json["study"]["customers"]["id"] == "customer_id"


def test_a_drafted_study_gives_the_same_segments_as_the_data(shop, tmp_path):
    run("study", str(shop / "customers.csv"), "-o", "study.yaml")
    run("discover", "study.yaml", "--k-max", "3", "--starts", "4", "--stability", "0")
    drafted = pq.read_table(tmp_path / "segments" / "members.parquet")
    assert drafted.equals(pq.read_table(shop / "segments" / "members.parquet"))


def test_discover_writes_three_files_and_says_what_to_open(shop):
    found = run("discover", str(shop / "customers.csv"), "--k", "2", "--starts", "1")
    assert sorted(p.name for p in Path("segments").iterdir()) == [
        "members.parquet",
        "report.html",
        "segmentation.json",
    ]
    assert "Two clear groups among 200 customers" in found.stdout
    assert "Open segments/report.html" in found.stdout
    assert "%]" in found.stderr


def test_discover_as_json_prints_the_segmentation_alone(shop):
    args = ("discover", str(shop / "customers.csv"), "--k", "2", "--starts", "1", "--json")
    found = run(*args)
    assert json.loads(found.stdout) == json.loads(Path("segments/segmentation.json").read_text())
    assert run(*args, "--force", "--quiet").stderr == ""


def test_discover_replaces_an_earlier_run_only_when_told(shop):
    args = ("discover", str(shop / "customers.csv"), "--method", "kmeans")
    run(*args, "--k", "2")
    run(*args, "--k", "3", "--force")
    assert len(read_segmentation("segments/segmentation.json").segments) == 3


def test_show_tells_the_answer_and_one_segment(shop):
    whole = words(run("show", str(shop / "segments")).stdout)
    assert "Two clear groups among 200 customers" in whole
    assert "To place a new customer" in whole
    one = words(run("show", str(shop / "segments"), "--segment", "2").stdout)
    assert "A typical member" in one
    as_json = json.loads(run("show", str(shop / "segments"), "--segment", "2", "--json").stdout)
    assert as_json["id"] == 2


def test_members_go_to_a_file_for_others_with_the_names_of_the_segments(shop):
    import pyreadstat

    data = str(shop / "customers.csv")
    found = run("discover", data, "-o", "two", "--members", "who.sav", "--k", "2", "--starts", "2",
                "--stability", "0")  # fmt: skip
    assert "Wrote who.sav" in found.stdout
    rows, meta = pyreadstat.read_sav("who.sav", output_format="dict")
    names = {float(s.id): s.name for s in read_segmentation("two").segments}
    assert meta.variable_value_labels["segment"] == names | {0.0: "None of these"}
    kept = pq.read_table("two/members.parquet").to_pydict()
    assert list(rows["customer_id"]) == kept["customer_id"]
    assert list(rows["segment"]) == kept["segment"]
    again = CliRunner().invoke(cli, ["discover", data, "-o", "three", "--members", "who.sav"])
    assert again.exit_code != 0
    assert not Path("three").exists()


def test_score_places_new_customers(shop):
    found = run("score", str(shop / "segments"), str(shop / "customers.csv"), "-o", "scored.csv")
    assert "Wrote scored.csv" in found.stdout
    assert Path("scored.csv").read_text().splitlines()[1].startswith('"00000",')
    as_json = json.loads(
        run("score", str(shop / "segments"), str(shop / "customers.csv"), "--json").stdout
    )
    assert as_json["customers"] == 200
    assert sum(as_json["segments"].values()) == 200


def test_features_are_written_and_said_in_words(shop, sales):
    pq.write_table(sales, "sales.parquet")
    found = run("features", "sales.parquet", "-o", "customers.csv")
    assert "Wrote customers.csv: 200 customers, " in found.stdout
    assert "Time since last purchase" in found.stdout
    rows = Path("customers.csv").read_text().splitlines()
    assert rows[0].startswith('"customer","recency","frequency"')
    assert [row.split(",")[0] for row in rows[1:]] == [str(i) for i in range(200)]
    as_json = json.loads(run("features", "sales.parquet", "-o", "f.parquet", "--json").stdout)
    assert as_json["customers"] == 200
    assert as_json["columns"] == ["customer", *(one["name"] for one in as_json["features"])]
    recency = as_json["features"][0]
    assert recency["unit"] == "days"
    assert recency["use"] == "active"
    assert pq.read_table("f.parquet").column_names == as_json["columns"]


def test_sql_goes_from_purchases_to_segments(shop, sales):
    import duckdb

    pq.write_table(sales, "sales.parquet")
    run("discover", "sales.parquet", "-o", "found", "--k", "2", "--starts", "4", "--stability", "0")
    run("score", "found", "sales.parquet", "-o", "scored.parquet")
    sql = run("sql", "found", "--features", "--table", "shop").stdout
    assert sql.startswith("-- From events to segments, one row per customer")
    with duckdb.connect() as session:
        session.register("shop", sales)
        placed = {row[0]: row[1:] for row in session.sql(sql).fetchall()}
    scored = pq.read_table("scored.parquet")
    expected = zip(*scored.to_pydict().values(), strict=True)
    for who, segment, *numbers in expected:
        assert placed[who][0] == segment
        assert list(placed[who][1:]) == pytest.approx(numbers, rel=1e-9, abs=1e-9)
    named = run("sql", "found", "--features", "--table", "sales=shop", "-o", "s.sql")
    assert named.stdout.strip() == "Wrote s.sql"
    assert Path("s.sql").read_text() == sql


def test_sql_is_printed_or_written(shop):
    printed = run("sql", str(shop / "segments"), "--table", "customers").stdout
    assert printed.lstrip().upper().startswith(("WITH", "SELECT"))
    run("sql", str(shop / "segments"), "--table", "customers", "-o", "score.sql")
    view = run("sql", str(shop / "segments"), "--table", "customers", "--create-view", "who").stdout
    assert view == f'CREATE VIEW "who" AS\n{printed}'
    assert Path("score.sql").read_text() == printed
    as_json = json.loads(run("sql", str(shop / "segments"), "--table", "t", "--json").stdout)
    assert as_json["dialect"] == "duckdb"


def test_a_segment_gets_a_name_of_its_own_and_gives_it_back(shop):
    place = str(shop / "segments")
    before = read_segmentation(place).segments[0].name
    found = run("rename", place, "1", "Our <b>best</b>")
    assert found.stdout == "Segment 1 is called Our <b>best</b> now.\n"
    assert read_segmentation(place).segments[0].name == "Our <b>best</b>"
    assert "Our &lt;b&gt;best&lt;/b&gt;" in (shop / "segments" / "report.html").read_text()
    again = run("rename", place, "1", "", "--json")
    assert json.loads(again.stdout) == {"segment": 1, "name": before}
    missing = CliRunner().invoke(cli, ["rename", place, "99", "x"])
    assert missing.exit_code == 2
    assert "there is no segment 99" in missing.stderr


def test_report_is_written_again(shop):
    found = run("report", str(shop / "segments"), "-o", "again.html")
    assert found.stdout == "Wrote again.html\n"
    assert Path("again.html").read_text() == (shop / "segments" / "report.html").read_text()


def test_what_is_said_of_a_segmentation_speaks_the_language_that_is_asked_for(shop, tmp_path):
    place = tmp_path / "german"
    found = run("discover", str(shop / "customers.csv"), "--k", "2", "--starts", "2", "--stability",
                "0", "--language", "de", "-o", str(place)).stdout  # fmt: skip
    assert "Was es abhebt" in found
    page = place / "report.html"
    assert '<html lang="de" dir="ltr">' in page.read_text(encoding="utf-8")
    run("rename", str(place), "1", "Stammkunden")
    assert '<html lang="de" dir="ltr">' in page.read_text(encoding="utf-8")
    assert "Stammkunden" in page.read_text(encoding="utf-8")
    assert "ما يميزها" in run("show", str(place), "--language", "ar").stdout
    assert "aller Kunden" in run("show", str(place), "--segment", "2", "--language", "de").stdout
    run("report", str(place), "--language", "ar", "-o", str(tmp_path / "again.html"))
    assert '<html lang="ar" dir="rtl">' in (tmp_path / "again.html").read_text(encoding="utf-8")
    refused = CliRunner().invoke(cli, ["report", str(place), "--language", "fr"])
    assert refused.exit_code == 2
    assert "'fr' is not one of 'ar', 'de', 'en'" in refused.stderr


def test_compare_two_runs(shop):
    run("discover", str(shop / "customers.csv"), "--method", "kmeans", "--k", "3", "-o", "other")
    found = run("compare", str(shop / "segments"), "other").stdout
    assert "Adjusted Rand index" in found
    german = run("compare", str(shop / "segments"), "other", "--language", "de").stdout
    assert "Kunden in beiden" in german
    assert "customers" not in german
    as_json = json.loads(run("compare", str(shop / "segments"), "other", "--json").stdout)
    assert as_json["n"] == 200


def test_no_color_in_a_pipe(shop):
    program = [sys.executable, "-m", "forwhom.cli.main", "show", str(shop / "segments")]
    found = subprocess.run(program, capture_output=True, check=True, encoding="utf-8")
    assert "\x1b" not in found.stdout
    assert found.stderr == ""


def test_a_reader_that_has_seen_enough_is_no_error(shop):
    program = f"{shlex.quote(sys.executable)} -m forwhom.cli.main show {shop}/segments"
    script = f"{{ {program}; echo $? >&2; }} | true"
    found = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert found.stderr == "0\n"


def test_a_name_is_never_in_one_file_only(shop, tmp_path, monkeypatch):
    place = shutil.copytree(shop / "segments", tmp_path / "segments")
    before = {file.name: file.read_bytes() for file in place.iterdir()}

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("forwhom.documents.folders._replace", refuse)
        failed = CliRunner().invoke(cli, ["rename", str(place), "1", "Regulars"])
        assert failed.exit_code != 0
        assert "No space left on device" in failed.stderr
    assert {file.name: file.read_bytes() for file in place.iterdir()} == before
    run("rename", str(place), "1", "Regulars")
    for name in ("segmentation.json", "report.html"):
        assert b"Regulars" in (place / name).read_bytes()
