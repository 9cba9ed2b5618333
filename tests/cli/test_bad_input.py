"""Bad input: a message with what to do, exit code 2, no traceback, nothing half written."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli

from .refusals import HEADER, check, contents, put, table

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
        ("spend", "7, 10", "aaaa"),
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
    ("fewer rows than k", {"customers.csv": table(11)}, "discover customers.csv --k 12", ("12",)),
    (
        "fewer rows than may be told of",
        {"customers.csv": table(9)},
        "discover customers.csv",
        ("9 customers", "--threshold"),
    ),
    ("k zero", {}, "discover customers.csv --k 0", ("k is 0", "at least 1")),
    ("k_max zero", {}, "discover customers.csv --k-max 0", ("k_max is 0", "at least 1")),
    ("k_max negative", {}, "discover customers.csv --k-max -3", ("k_max is -3", "at least 1")),
    ("no starts", {}, "discover customers.csv --starts 0", ("n_starts is 0",)),
    ("negative prior", {}, "discover customers.csv --prior -1", ("prior is -1",)),
    ("too many starts", {}, "discover customers.csv --starts 9999999999", ("n_starts is",)),
    ("prior beyond all data", {}, "discover customers.csv --prior 1e308", ("prior is 1e+308",)),
    ("negative replicates", {}, "discover customers.csv --stability -1", ("stability is -1",)),
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
        ("spend", "row 6", "negative"),
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
    ("value without a segmentation", {}, "value nothere sales.csv", ("nothere",)),
    ("value by no model", {}, "value nothere sales.csv --model magic", ("magic", "bg-bb")),
    ("features of customers", {"t.csv": table(40)}, "features t.csv", ("no events", "discover")),
    ("SQL without a segmentation", {}, "sql nothere --table t", ("nothere",)),
    ("compare nothing", {}, "compare here there", ("here",)),
    (
        "compare what is no members file",
        {"a.csv": "id,x\n1,2\n", "b.csv": "id,x\n1,2\n"},
        "compare a.csv b.csv",
        ("a.csv", "segment"),
    ),
    ("canvas compare nothing", {}, "canvas compare here.yaml there.yaml", ("here.yaml",)),
    (
        "canvas compare with a page over another",
        {"a.yaml": "forwhom: 1\nkind: canvas\n", "a.html": "mine"},
        "canvas compare a.yaml a.yaml -o a.html",
        ("a.html exists already", "--force"),
    ),
    (
        "canvas compare with what is no canvas",
        {"a.yaml": "forwhom: 1\nkind: canvas\n", "b.yaml": "forwhom: 1\nkind: canvas\nneed: []\n"},
        "canvas compare a.yaml b.yaml",
        ("b.yaml:3:1", "needs"),
    ),
    ("plan of nothing", {}, "experiment plan nothere.yaml", ("nothere.yaml",)),
    (
        "plan with a slip",
        {"plan.yaml": "forwhom: 1\nkind: plan\nid: p\nstatment: x\n"},
        "experiment plan plan.yaml",
        ("plan.yaml:4:", "statement"),
    ),
    (
        "unsealed plan",
        {
            "plan.yaml": "forwhom: 1\nkind: plan\nid: p\nstatement: x\neffect: 0.1\n"
            "outcome: {column: visits, kind: share, baseline: 0.1}\narms: {a: 1, b: 1}\n"
        },
        "experiment read plan.yaml customers.csv",
        ("plan.yaml:1:", "not sealed"),
    ),
    ("fairness of nothing", {}, "fairness nothere customers.csv", ("nothere",)),
    ("market of nothing", {}, "market nothere", ("nothere",)),
    ("voices of nothing", {}, "voices nothere reviews.csv --text review", ("nothere",)),
    ("refreshing nothing", {}, "refresh nothere customers.csv", ("nothere",)),
    ("a history that is not there", {}, "history nothere.parquet", ("nothere.parquet",)),
    (
        "a history that is none",
        {"h.parquet": "id,segment\n1,2\n"},
        "history h.parquet",
        ("h.parquet", "cannot be read as a history"),
    ),
    ("runs of nothing", {}, "runs nothere", ("nothere",)),
    ("defending nothing", {}, "defend nothere", ("nothere",)),
    ("defending a study", {"c.yaml": "forwhom: 1\nkind: study\n"}, "defend c.yaml", ("study",)),
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
        ("150 of 300 times in 'when'", "row 1, 3, 5", "'00.0.0000'"),
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
    (
        "a title",
        {"t.csv": "Export\n\na,b,c,d\n1,2,3,4\n"},
        "discover t.csv",
        ("title", "for 1 of 4"),
    ),
]


@pytest.mark.parametrize(
    ("files", "command", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_bad_input(folder, files, command, words):
    for name, text in files.items():
        put(name, text)
    before = contents(folder)
    found = CliRunner().invoke(cli, shlex.split(command))
    check(found, before, folder, words)
