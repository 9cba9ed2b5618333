"""Bad input: a message with what to do, exit code 2, no traceback, nothing half written."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli

HEADER = "customer_id,visits,spend,channel\n"


def row(i: int, visits: object = None, spend: object = None, channel: str | None = None) -> str:
    often = i % 3 == 0
    values = (
        f"{i:05d}",
        (8 + i % 7 if often else i % 5) if visits is None else visits,
        (50 + i % 17 * 3.5 if often else 5 + i % 11 * 0.7) if spend is None else spend,
        ("online" if i % 4 else "store") if channel is None else channel,
    )
    return ",".join(map(str, values)) + "\n"


def table(n: int = 60, **changed: Callable[[int], object]) -> str:
    return HEADER + "".join(
        row(i, **{name: value(i) for name, value in changed.items()}) for i in range(n)
    )


def put(name: str, text: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


STUDY = "forwhom: 1\ncustomers: {table: customers.csv, id: customer_id}\n"
EVENTS = "forwhom: 1\nevents:\n  - {table: sales.csv, customer: who, time: when, amount: paid%s}\n"


def variables(*lines: str) -> str:
    return STUDY + "variables:\n" + "".join(f"  {line}\n" for line in lines)


def sales(when: Callable[[int], str] = lambda i: f"2024-0{1 + i % 9}-{1 + i % 28:02d}") -> str:
    lines = (f"{i % 40},{when(i)},{1 + i % 13}.5\n" for i in range(300))
    return "who,when,paid\n" + "".join(lines)


def truncated_parquet() -> bytes:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = io.BytesIO()
    pq.write_table(pa.table({"customer_id": list(range(500)), "visits": list(range(500))}), whole)
    return whole.getvalue()[:-40]


#: What it is, the files, the command, and words that the message must hold.
CASES: list[tuple[str, dict[str, str | bytes], str, tuple[str, ...]]] = [
    ("missing file", {}, "discover nothere.csv", ("nothere.csv",)),
    ("nearest file", {}, "discover customer.csv", ("customers.csv",)),
    ("folder without tables", {"empty/readme.md": "hello"}, "discover empty", ("empty",)),
    ("empty file", {"t.csv": ""}, "discover t.csv", ("t.csv", "empty")),
    ("header only", {"t.csv": HEADER}, "discover t.csv", ("t.csv", "no rows")),
    (
        "duplicate column names",
        {"t.csv": "id,visits,visits\n1,2,3\n2,3,4\n"},
        "discover t.csv",
        ("visits", "same name"),
    ),
    (
        "id column missing",
        {"study.yaml": STUDY.replace("customer_id", "customer_idd")},
        "discover study.yaml",
        ("study.yaml:2:", "customer_idd", "Did you mean 'customer_id'"),
    ),
    (
        "id null",
        {"customers.csv": table().replace("00003", "").replace("00004", ""), "study.yaml": STUDY},
        "discover study.yaml",
        ("2 of 60 rows", "customer_id"),
    ),
    (
        "id not unique",
        {"customers.csv": table().replace("00003", "00004"), "study.yaml": STUDY},
        "discover study.yaml",
        ("not unique", "events"),
    ),
    (
        "variable missing",
        {"study.yaml": variables("vists: {use: active}")},
        "discover study.yaml",
        ("study.yaml:4:3", "vists", "Did you mean 'visits'"),
    ),
    (
        "text in a number",
        {
            "customers.csv": table(spend=lambda i: "lots" if i in (6, 9) else None),
            "study.yaml": variables("spend: {measure: positive, use: active}"),
        },
        "discover study.yaml",
        ("spend", "7, 10", "lots"),
    ),
    (
        "constant active variable",
        {
            "customers.csv": table(visits=lambda _: 4),
            "study.yaml": variables("visits: {measure: count, use: active}"),
        },
        "discover study.yaml",
        ("visits", "same value"),
    ),
    (
        "active variable without values",
        {
            "customers.csv": table(visits=lambda _: ""),
            "study.yaml": variables("visits: {measure: count, use: active}"),
        },
        "discover study.yaml",
        ("visits", "no values"),
    ),
    (
        "every row identical",
        {"t.csv": "visits,spend\n" + "3,4.5\n" * 50},
        "discover t.csv",
        ("no variable can form segments", "differences"),
    ),
    ("fewer rows than k", {"customers.csv": table(9)}, "discover customers.csv --k 12", ("12",)),
    ("k zero", {}, "discover customers.csv --k 0", ("k is 0", "at least 1")),
    ("k_max zero", {}, "discover customers.csv --k-max 0", ("k_max is 0", "at least 1")),
    ("k_max negative", {}, "discover customers.csv --k-max -3", ("k_max is -3", "at least 1")),
    ("no starts", {}, "discover customers.csv --starts 0", ("n_starts is 0",)),
    ("negative prior", {}, "discover customers.csv --prior -1", ("prior is -1",)),
    ("too many starts", {}, "discover customers.csv --starts 9999999999", ("n_starts is",)),
    ("prior beyond all data", {}, "discover customers.csv --prior 1e308", ("prior is 1e+308",)),
    ("negative seed", {}, "discover customers.csv --seed -1", ("seed is -1", "at least 0")),
    ("k is no number", {}, "discover customers.csv --k few", ("few", "integer")),
    ("unknown method", {}, "discover customers.csv --method magic", ("magic", "kmeans")),
    ("k-means without k", {}, "discover customers.csv --method kmeans", ("--k",)),
    ("RFM without purchases", {}, "discover customers.csv --method rfm", ("recency",)),
    (
        "infinity",
        {
            "customers.csv": table(spend=lambda i: "inf" if i == 5 else None),
            "study.yaml": variables("spend: {measure: continuous, use: active}"),
        },
        "discover study.yaml",
        ("spend", "infinity"),
    ),
    (
        "negative in a positive variable",
        {
            "customers.csv": table(spend=lambda i: -2.5 if i == 5 else None),
            "study.yaml": variables("spend: {measure: positive, use: active}"),
        },
        "discover study.yaml",
        ("spend", "row 6", "negative", "-2.5"),
    ),
    (
        "negative in a count",
        {
            "customers.csv": table(visits=lambda i: -2 if i == 5 else None),
            "study.yaml": variables("visits: {measure: count, use: active}"),
        },
        "discover study.yaml",
        ("visits", "negative"),
    ),
    (
        "negative weights",
        {
            "customers.csv": table(spend=lambda i: -1 if i == 5 else None),
            "study.yaml": variables("spend: {use: weight}"),
        },
        "discover study.yaml",
        ("spend", "negative"),
    ),
    (
        "dates that cannot be read",
        {"sales.csv": sales(lambda i: "soon" if i % 2 else "later"), "study.yaml": EVENTS % ""},
        "discover study.yaml",
        ("sales.csv", "300 with a time that cannot be read", "YYYY-MM-DD"),
    ),
    (
        "cut-off before the first event",
        {"sales.csv": sales(), "study.yaml": EVENTS % ", cutoff: 2020-01-01"},
        "discover study.yaml",
        ("2020-01-01",),
    ),
    (
        "cut-off option before the first event",
        {"sales.csv": sales(), "study.yaml": EVENTS % ""},
        "discover study.yaml --cutoff 2020-01-01",
        ("2020-01-01",),
    ),
    ("cut-off is no date", {}, "discover customers.csv --cutoff tomorrow", ("tomorrow",)),
    (
        "truncated Parquet",
        {"t.parquet": truncated_parquet()},
        "discover t.parquet",
        ("t.parquet",),
    ),
    (
        "not YAML",
        {"study.yaml": "forwhom: 1\ncustomers: {table: [\n"},
        "discover study.yaml",
        ("study.yaml:",),
    ),
    (
        "unknown key",
        {"study.yaml": "forwhom: 1\ncustomers: {tabel: customers.csv}\n"},
        "discover study.yaml",
        ("study.yaml:2:13", "tabel", "table"),
    ),
    ("missing study", {}, "discover nothere.yaml", ("nothere.yaml",)),
    (
        "two studies",
        {"a.yaml": STUDY, "b.yaml": STUDY},
        "discover a.yaml b.yaml",
        ("several studies",),
    ),
    (
        "a table that the study has not",
        {
            "study.yaml": STUDY + "tables: [{table: more.csv, id: customer_id}]\n",
            "other.csv": "a\n1\n",
        },
        "discover study.yaml other.csv",
        ("other.csv", "more.csv"),
    ),
    ("missing rules", {}, "discover customers.csv --rules rules.yaml", ("rules.yaml",)),
    (
        "a rule that is no condition",
        {"rules.yaml": "rules: [{name: Big, when: spnd > 3}]\n"},
        "discover customers.csv --rules rules.yaml",
        ("Big", "Did you mean 'spend'"),
    ),
    (
        "rules of another shape",
        {"rules.yaml": "rules: [{name: Big, if: spend > 3}]\n"},
        "discover customers.csv --rules rules.yaml",
        ("rules.yaml:1:", "when"),
    ),
    (
        "output under a file",
        {"file": "x"},
        "discover customers.csv -o file/run",
        ("file", "folder"),
    ),
    ("output is a file", {"file": "x"}, "discover customers.csv -o file", ("file", "folder")),
    (
        "output holds other files",
        {"out/notes.txt": "mine"},
        "discover customers.csv -o out",
        ("already holds files", "notes.txt"),
    ),
    (
        "output holds other files, forced",
        {"out/notes.txt": "mine"},
        "discover customers.csv -o out --force",
        ("no earlier run", "another folder"),
    ),
    ("profile of nothing", {}, "profile nothere.csv", ("nothere.csv",)),
    ("study of nothing", {}, "study nothere.csv -o s.yaml", ("nothere.csv",)),
    (
        "study over a file",
        {"s.yaml": STUDY},
        "study customers.csv -o s.yaml",
        ("s.yaml exists already", "--force"),
    ),
    ("show nothing", {}, "show nothere", ("nothere", "forwhom discover")),
    ("show a folder without a run", {"out/a.txt": "x"}, "show out", ("segmentation.json",)),
    (
        "a segmentation cut off",
        {"segmentation.json": '{"forwhom": 1, "kind": "segm'},
        "show segmentation.json",
        ("segmentation.json:1:", "ends too early"),
    ),
    (
        "a study instead of a segmentation",
        {"segmentation.json": '{"forwhom": 1, "customers": {"table": "t.csv"}}'},
        "report segmentation.json",
        ("segmentation.json:1:",),
    ),
    ("score without a segmentation", {}, "score nothere customers.csv", ("nothere",)),
    ("SQL without a segmentation", {}, "sql nothere --table t", ("nothere",)),
    ("compare nothing", {}, "compare here there", ("here",)),
    (
        "compare what is no members file",
        {"a.csv": "id,x\n1,2\n", "b.csv": "id,x\n1,2\n"},
        "compare a.csv b.csv",
        ("a.csv", "segment"),
    ),
    ("an unknown option", {}, "discover customers.csv --segments 3", ("--segments",)),
    ("one customer", {"t.csv": table(1)}, "discover t.csv", ("only one customer",)),
    ("nothing but ids", {"t.csv": "id\n1\n2\n3\n"}, "discover t.csv", ("nothing but ids",)),
    (
        "purchases without a time",
        {
            "t.csv": sales()
            .replace(",when,", ",note,")
            .replace("who", "customer_id")
            .replace("-", "~")
        },
        "discover t.csv",
        ("not unique", "events"),
    ),
    (
        "dates in two orders",
        {
            "sales.csv": sales(
                lambda i: f"{13 + i % 9}/05/2024" if i % 2 else f"05/{13 + i % 9}/2024"
            ),
            "study.yaml": EVENTS % "",
        },
        "discover study.yaml",
        ("150 can only be day-first", "YYYY-MM-DD"),
    ),
    (
        "dates written in two ways",
        {
            "sales.csv": sales(lambda i: f"2024-01-{10 + i % 20}" if i % 2 else "20.1.2024"),
            "study.yaml": EVENTS % "",
        },
        "discover study.yaml",
        ("150 of 300 times in 'when'", "row 1, 3, 5", "'20.1.2024'"),
    ),
    (
        "days as numbers of a spreadsheet",
        {"sales.csv": sales(lambda i: str(45000 + i)), "study.yaml": EVENTS % ""},
        "discover study.yaml",
        ("'when' holds numbers, from 45000 to 45299",),
    ),
    (
        "customers of another table",
        {
            "sales.csv": sales(),
            "study.yaml": STUDY + "events:\n  - {table: sales.csv, customer: who, time: when}\n",
        },
        "discover study.yaml",
        ("none of the customers in sales.csv", "leading zeros"),
    ),
    (
        "one weight above all",
        {
            "customers.csv": table(spend=lambda i: 10**9 if i == 5 else 1),
            "study.yaml": variables("spend: {use: weight}"),
        },
        "discover study.yaml",
        ("spend", "one customer counts for more"),
    ),
    ("a cut-off without events", {}, "discover customers.csv --cutoff 2024-01-01", ("no events",)),
    ("too many segments", {}, "discover customers.csv --k 9999", ("at most 1,000",)),
    (
        "fewer different customers than k",
        {"t.csv": "a,b\n" + "1,2\n2,1\n" * 30},
        "discover t.csv --k 3",
        ("2 different customers",),
    ),
    ("a picture", {"t.csv": b"\x89PNG\r\n\x1a\n\0\0"}, "discover t.csv", ("picture",)),
    ("an empty archive", {"t.xlsx": b"PK\x05\x06" + bytes(18)}, "discover t.xlsx", ("t.xlsx",)),
    ("a title", {"t.csv": "Export\n\n" + table()}, "discover t.csv", ("title", "for 1 of 4")),
]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def check(found, before: dict[str, bytes], folder: Path, words: tuple[str, ...]) -> None:
    assert found.exit_code == 2, found.output
    assert found.stdout == ""
    message = found.stderr[found.stderr.index("error: ") :]
    # Several mistakes come with what to do on a line each.
    assert "\nhint: " in message or message.count("\n") > 1, "a message says what to do"
    assert "Traceback" not in found.stderr
    missing = [word for word in words if word not in message]
    assert not missing, message
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("files", "command", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_bad_input(folder, files, command, words):
    for name, text in files.items():
        put(name, text)
    before = contents(folder)
    found = CliRunner().invoke(cli, shlex.split(command))
    check(found, before, folder, words)


@pytest.fixture(scope="module")
def segments(tmp_path_factory) -> Path:
    """A folder of results."""
    place = tmp_path_factory.mktemp("run")
    (place / "customers.csv").write_text(table())
    done = CliRunner().invoke(
        cli, ["discover", str(place / "customers.csv"), "-o", str(place / "segments"), "--k", "2"]
    )
    assert done.exit_code == 0, done.stderr
    return place / "segments"


@pytest.mark.parametrize(
    ("files", "command", "words"),
    [
        ({}, "discover customers.csv -o {run}", ("already holds files", "--force")),
        ({}, "show {run} --segment 7", ("no segment 7", "1 to 2")),
        ({}, "sql {run} --table t --dialect klingon", ("klingon",)),
        ({"new.csv": ""}, "score {run} new.csv", ("new.csv", "empty")),
        ({"new.csv": "a,b\n1,2\n"}, "score {run} new.csv", ("new.csv", "visits")),
        ({}, "score {run} customers.csv -o scored.xlsx", (".xlsx", ".parquet")),
        ({"s.csv": "x"}, "score {run} customers.csv -o s.csv", ("s.csv", "--force")),
        ({}, "score {run} customers.csv -o no/such.csv", ("no/such.csv",)),
        ({"report.html": "x"}, "report {run}", ("report.html", "--force")),
        ({"m.csv": "customer_id,segment\nx,1\n"}, "compare {run} m.csv", ("in common",)),
    ],
)
def test_bad_input_after_a_run(folder, segments, files, command, words):
    for name, text in files.items():
        put(name, text)
    before, kept = contents(folder), contents(segments)
    found = CliRunner().invoke(cli, shlex.split(command.format(run=segments)))
    check(found, before, folder, words)
    assert contents(segments) == kept


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere"
)
def test_a_folder_without_permission(folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o555)
    found = CliRunner().invoke(cli, ["discover", "customers.csv", "-o", "closed/run"])
    check(found, contents(folder), folder, ("closed", "permission"))


def test_an_unseen_level_is_said_and_counts_as_missing(folder, segments):
    put("new.csv", table(40, channel=lambda i: "fax" if i < 7 else None))
    found = CliRunner().invoke(cli, ["score", str(segments), "new.csv", "-o", "scored.csv"])
    assert found.exit_code == 0
    assert "'fax'" in found.stdout
    assert "7 rows" in found.stdout


def test_fewer_customers_than_parameters_is_a_warning(folder):
    put("few.csv", table(12))
    found = CliRunner().invoke(cli, ["discover", "few.csv", "--k", "3"])
    assert found.exit_code == 0, found.stderr
    assert "fewer customers (12) than parameters" in " ".join(found.stdout.split())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["show {run}", "show {run} --json", "profile customers.csv"])
def test_a_full_disk_is_no_mistake_of_forwhom(folder, segments, command):
    program = [sys.executable, "-m", "forwhom.cli.main"]
    arguments = shlex.split(command.format(run=segments))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            program + arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2, done.stderr
    assert "No space left" in done.stderr
    assert "hint: " in done.stderr


def test_a_link_that_leads_to_itself_is_no_place(folder, segments):
    Path("loop.csv").symlink_to("loop.csv")
    found = CliRunner().invoke(cli, ["score", str(segments), "customers.csv", "-o", "loop.csv"])
    assert found.exit_code == 2
    assert "loop.csv" in found.stderr


def test_notes_are_shown_with_the_answer(folder):
    put("t.csv", table(channel=lambda i: "-" if i == 5 else "1,234".replace(",", ".")))
    found = CliRunner().invoke(cli, ["discover", "t.csv", "--k", "2"])
    assert found.exit_code == 0, found.stderr
    assert "decimal points" in found.stdout
    assert "there is no value" in " ".join(found.stdout.split())


def test_nan_is_missing(folder):
    put("t.csv", table(spend=lambda i: "NaN" if i == 5 else None))
    found = CliRunner().invoke(cli, ["discover", "t.csv", "--k", "2", "--json"])
    assert found.exit_code == 0, found.stderr


#: Ctrl-C exactly when the fit begins, however fast or busy the machine is.
STOPPED = """
import os, signal
from forwhom.cli import main, progress

def stop(self, what, fraction):
    if "segments" in what:
        os.kill(os.getpid(), signal.SIGINT)

progress._Lines.__call__ = stop
main.main()
"""


def test_ctrl_c_in_the_middle_leaves_nothing(folder):
    put("big.csv", table(300))
    program = [sys.executable, "-c", STOPPED, "discover", "big.csv", "-o", "out"]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    stdout, stderr = done.stdout, done.stderr
    assert done.returncode == 130, stderr
    assert stdout == ""
    assert stderr.splitlines()[-1] == "stopped, nothing written"
    assert "Traceback" not in stderr
    assert sorted(p.name for p in folder.iterdir()) == ["big.csv", "customers.csv"]
