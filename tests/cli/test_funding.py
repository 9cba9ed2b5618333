"""`forwhom funding`: what it prints, what it writes, and what it says of bad input."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forwhom.cli.main import cli
from forwhom.documents.canvas import read_canvas

FLOWS = (
    "from,to,amount,currency,date,until,sector,country\n"
    "Harbor Fund,Clinic Network,300,USD,2026-01-01,2026-12-31,Health,Kenya\n"
    "=cmd(),,100,USD,2026-01-01,2027-06-30,122,KE\n"
)
ACTIVITIES = """<iati-activities version="2.03"><iati-activity default-currency="EUR">
<iati-identifier>A-1</iati-identifier>
<reporting-org ref="XX-1" type="60"><narrative>Harbor Fund</narrative></reporting-org>
<recipient-country code="KE"/><sector code="12220"/>
<transaction><transaction-type code="3"/><transaction-date iso-date="2026-02-01"/>
<value>100</value><receiver-org><narrative>Clinic Network</narrative></receiver-org></transaction>
</iati-activity></iati-activities>"""
DAY = ("--today", "2026-11-25")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "flows.csv").write_text(FLOWS)
    (tmp_path / "activities.xml").write_text(ACTIVITIES)
    (tmp_path / "canvas.yaml").write_text("forwhom: 1\nkind: canvas\ntitle: Ours  # for now\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORWHOM_TRACEBACK", raising=False)
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["funding", *args])


def good(*args: str) -> Result:
    found = run(*args, *DAY)
    assert found.exit_code == 0, found.stderr
    return found


def test_the_answer_in_the_terminal() -> None:
    said = good("flows.csv").stdout
    assert said.startswith("USD 400 in flows: 2 givers, 1 receiver\n25% has a receiver that is not")
    assert "300  Harbor Fund → Clinic Network" in said
    assert "100  =cmd() → Receiver not named" in said
    assert "HHI 6,250 of 10,000" in said
    assert "2027-Q2  spent              0  planned           16.7; 1 source ends" in said
    assert said.endswith("the last known money is in 2027-Q2.\n")


def test_json_for_machines() -> None:
    found = json.loads(good("flows.csv", "--json").stdout)
    assert (found["total"], found["currency"], found["today"]) == (400, "USD", "2026-11-25")
    assert found["concentration"][0]["hhi"] == 6250
    proposed = json.loads(good("flows.csv", "--json", "--propose", "canvas.yaml").stdout)
    assert [one["id"] for one in proposed["proposed"]] == ["harbor-fund", "cmd", "clinic-network"]


def test_several_files_in_one_currency(place: Path) -> None:
    (place / "more.xml.gz").write_bytes(gzip.compress(ACTIVITIES.replace("A-1", "A-2").encode()))
    found = good("flows.csv", "activities.xml", "more.xml.gz", "--rate", "eur=1.5", "--json")
    said = json.loads(found.stdout)
    assert said["total"] == 700
    assert said["rates"] == {"EUR": 1.5}
    assert said["sources"] == ["flows.csv", "activities.xml", "more.xml.gz"]
    assert "reading more.xml.gz" in found.stderr or "reading activities.xml" in found.stderr
    assert good("flows.csv", "activities.xml", "--rate", "EUR=1.5", "-q").stderr == ""


def test_page_drawing_and_table_are_written(place: Path) -> None:
    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "html": b"<!DOC"}
    starts |= {"csv": b"from_id,", "json": b"{"}
    for suffix, start in starts.items():
        out = f"f.{suffix}"
        said = good("flows.csv", "-o", out, "--middle", "sector", "--top", "1").stdout
        assert said.startswith("USD 400 in flows")
        assert said.endswith(f"Wrote {out}\n")
        assert (place / out).read_bytes().startswith(start)
    assert json.loads((place / "f.json").read_text())["total"] == 400
    page = (place / "f.html").read_text()
    assert "Receiver not named" in page
    assert "What for" in page
    rows = (place / "f.csv").read_text().splitlines()
    assert rows[1] == (
        "Harbor Fund,Harbor Fund,Clinic Network,Clinic Network,120,Health,KE,Kenya,300.00,USD"
    )
    assert rows[2] == "'=cmd(),'=cmd(),,,122,Basic health,KE,Kenya,100.00,USD"
    before = page
    again = run("flows.csv", "--sector", "122", "-o", "f.html", *DAY)
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert (place / "f.html").read_text() == before
    good("flows.csv", "--sector", "122", "-o", "f.html", "--force")
    assert (place / "f.html").read_text() != before


def test_participants_are_added_to_the_canvas_that_is_named(place: Path) -> None:
    said = good("flows.csv", "--propose", "canvas.yaml").stdout
    assert "Added to canvas.yaml; look at each, nobody has confirmed them:" in said
    assert "title: Ours  # for now\n" in (place / "canvas.yaml").read_text()
    canvas = read_canvas(place / "canvas.yaml")
    assert [(one.name, one.roles) for one in canvas.participants] == [
        ("Harbor Fund", ["donor"]), ("=cmd()", ["donor"]), ("Clinic Network", ["purchaser"]),
    ]  # fmt: skip
    assert [one.segments for one in canvas.participants] == [[], [], []]
    assert "They name no segment, so they take part in the purchase of every one" in said
    assert "has every participant" in good("flows.csv", "--propose", str(place)).stdout


def test_participants_take_part_where_a_person_says_and_we_are_none(place: Path) -> None:
    (place / "canvas.yaml").write_text(
        "forwhom: 1\nkind: canvas\nnames: {ours: [clinic NETWORK]}\n"
        "segments: [{id: nurses, name: Nurses}, {id: towns, name: Towns}]\n"
    )
    where = ("--propose", "canvas.yaml", "--segment", "nurses", "--segment", "nurses")
    said = good("flows.csv", *where, "--json").stdout
    proposed = json.loads(said)["proposed"]
    assert [(one["id"], one["segments"]) for one in proposed] == [
        ("harbor-fund", ["nurses"]), ("cmd", ["nurses"]),
    ]  # fmt: skip
    canvas = read_canvas(place / "canvas.yaml")
    assert [one.segments for one in canvas.participants] == [["nurses"], ["nurses"]]
    assert "no segment" not in good("flows.csv", *where).stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("activities.xml", "flows.csv"), "there is no rate to USD for EUR"),
        (("flows.csv", "--rate", "EUR"), "--rate 'EUR' cannot be read"),
        (("flows.csv", "--rate", "EUR=much"), "cannot be read"),
        (("flows.csv", "--rate", "EUR=0"), "The rate of EUR is 0"),
        (("flows.csv", "--currency", "dollars"), "'dollars' is not a currency"),
        (("flows.csv", "--country", "Kenia"), "Did you mean 'Kenya'?"),
        (("flows.csv", "--today", "soon"), "'soon' is not a day"),
        (("flows.csv", "-o", "nowhere/f.svg"), "there is no folder"),
        (("flows.csv", "-o", "f.doc"), "f.doc ends with '.doc', which is no form for this"),
        (("flows.csv", "-o", "flows"), "Let it end with .html, .svg, .png, .pdf, .csv or .json."),
        (("flows.csv", "--svg", "f.svg"), "No such option"),
        (("flows.csv", "--csv", "f.csv"), "No such option"),
        (("flows.csv", "--segment", "s"), "Add --propose CANVAS"),
        (("flows.csv", "--propose", "canvas.yaml", "--segment", "s"), "has no segment 's'"),
        (("flows.csv", "--propose", "none.yaml"), "There is no file none.yaml"),
        (("canvas.yaml",), "There is no money here"),
        (("none.xml",), "There is no file none.xml"),
        (("old.xml",), "old.xml:1: this is IATI version '1.05'"),
        (("dtd.xml",), "dtd.xml:1:1: the file declares a document type"),
        (("broken.xml",), "broken.xml:6:91: this is not sound XML"),
        (("cut.xml.gz",), "ends too early"),
        ((), "Missing argument"),
    ],
)
def test_bad_input_is_said_and_nothing_is_written(
    place: Path, args: tuple[str, ...], said: str
) -> None:
    (place / "old.xml").write_text(ACTIVITIES.replace("2.03", "1.05"))
    (place / "dtd.xml").write_text(f'<!DOCTYPE x [<!ENTITY a "b">]>{ACTIVITIES}')
    (place / "broken.xml").write_text(ACTIVITIES.replace("</value>", ""))
    (place / "cut.xml.gz").write_bytes(gzip.compress(ACTIVITIES.encode())[:-30])
    before = sorted(p.name for p in place.iterdir())
    found = run(*args) if "-o" in args else run(*args, "-o", "out.csv")
    assert found.exit_code == 2
    assert said in found.stderr
    assert "Traceback" not in found.output
    assert sorted(p.name for p in place.iterdir()) == before


def test_the_help_of_the_command_loads_nothing_heavy() -> None:
    heavy = ["numpy", "pydantic", "lxml", "jinja2", "rich", "duckdb"]
    code = (
        "import sys\nfrom forwhom.cli.main import cli\n"
        "cli(['funding', '--help'], standalone_mode=False)\n"
        f"print('loaded:', sorted(set({heavy!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded: []"
