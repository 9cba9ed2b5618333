"""What is read out of cells and names by hand, on and beside each bound."""

from __future__ import annotations

import json
import math
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from forwhom.documents.base import Measure
from forwhom.documents.models import Rule
from forwhom.documents.study import ChoiceSet
from forwhom.errors import DataError, OptionError, SourceError, SourceMissing
from forwhom.tables import archives, collect, open_table
from forwhom.tables.bands import band_ranks
from forwhom.tables.business import meaning_of
from forwhom.tables.choices import levels_of, options_in, with_choices
from forwhom.tables.columns import Column
from forwhom.tables.indexes import index_columns
from forwhom.tables.missing import codes_for_no_answer
from forwhom.tables.often import often_ranks
from forwhom.tables.rows import count_duplicates
from forwhom.tables.rules import evaluate_rules
from forwhom.tables.signs import several_signs, sign_note, sign_of, without_sign
from forwhom.tables.spellings import spellings
from forwhom.tables.summaries import Summary, counted_statistics, name_words
from forwhom.tables.textual import _is_long_id, _is_pointed
from forwhom.tables.times import (
    END_OF_MOMENTS,
    FIRST_MOMENT,
    day_number_of,
    local_moment,
    next_midnight,
    zone_of,
)
from forwhom.tables.toolmarks import is_duration, tool_columns
from forwhom.tables.weights import (
    counting_weights,
    effective_size,
    is_counting,
    sampling_weights,
)
from forwhom.tables.wide import lacks, numbers_of, others, unpivoted

# --- signs


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["$ 1", "$ 2", "3", "4"], "$"),
        (["$ 1", "2", "3"], ""),  # fewer than half have it
        (["US$ 1", "US$ 2"], "US$"),
        (["$1"] * 9 + ["word"], "$"),
        (["$1"] * 8 + ["word"], ""),  # more than a tenth are no numbers
        (["1%"] * 9 + ["2"], "%"),
        (["1%"] * 8 + ["2"], ""),  # every percentage has its sign
        (["'1", "'2"], "'"),
        (["'1", "2"], ""),
        (["1'000", "2'000"], ""),
        (["−1", "2"], "−"),
        (["-1", "2"], ""),
        (["$1", "-", "", "n.a."], "$"),
        ([], ""),
    ],
)
def test_the_sign_that_nearly_all_cells_carry(cells: list[str], sign: str) -> None:
    filled = [cell for cell in cells if cell]
    assert sign_of(filled) == sign


def test_signs_of_several_currencies_are_no_numbers() -> None:
    assert several_signs(["$1", "€2", "€3"]) == ("€", "$")
    assert several_signs(["$1", "$2", "3"]) == ()
    assert several_signs(["$1", "€ x"]) == ()
    assert several_signs(["-", "US$1", "$2"]) == ("US$", "$")
    assert without_sign("−3 %", "%") == "-3"
    assert without_sign("−3", "−") == "-3"
    assert sign_note("x", "−") == ""
    assert sign_note("x", "%") == "'x': percent signs were taken off, so 12% is 12."
    assert sign_note("x", "€") == "'x': € was taken off, so that its cells are numbers."


# --- summaries


def test_statistics_of_counted_values_are_those_of_a_table() -> None:
    values = np.array([3.0, -1.0, 0.0, 2.5, np.inf])
    counts = np.array([2, 1, 3, 4, 9])
    told = np.repeat(values[:4], counts[:4])
    found = counted_statistics(values, counts)
    assert (found.minimum, found.maximum) == (-1.0, 3.0)
    assert found.mean == pytest.approx(told.mean())
    assert found.sd == pytest.approx(told.std(ddof=1))
    for q, value in found.quantiles.items():
        assert value == pytest.approx(np.quantile(told, q))
    assert (found.zeros, found.negatives, found.whole) == (0.3, 1, False)
    assert found.usual is None
    none = counted_statistics(np.array([np.nan]), np.array([3]))
    assert math.isnan(none.mean)
    assert (none.zeros, none.negatives, none.whole, none.quantiles) == (0.0, 0, False, {})
    one = counted_statistics(np.array([4.0]), np.array([1]))
    assert (one.sd, one.whole, one.quantiles[0.9]) == (0.0, True, 4.0)


def test_what_is_usual_is_reached_by_ten_at_either_end() -> None:
    values = np.arange(1.0, 41.0) + 0.123
    found = counted_statistics(values, np.ones(40, dtype=int)).usual
    assert found == (10.0, 30.0)
    assert counted_statistics(values[:20], np.ones(20, dtype=int)).usual == (10.0, 10.0)
    assert counted_statistics(values[:19], np.ones(19, dtype=int)).usual is None
    two = counted_statistics(np.array([5.0, 7.0]), np.array([15, 15])).usual
    assert two == (5.0, 7.0)


def test_a_summary_knows_its_rare_levels_and_its_ends() -> None:
    some = Summary("Größe inCM", "text", 30, 30, 3, counts={"a": 11, "b": 10, "c": 9})
    assert some.tokens == ("grosse", "in", "cm")
    assert some.rare == {"c"}
    assert some.complete
    assert not Summary("x", "text", 30, 30, 4, counts={"a": 11}).complete
    assert (some.low, some.high, some.zeros, some.negatives, some.whole) == (
        0.0,
        0.0,
        0.0,
        0,
        False,
    )
    ends = Summary("x", "number", 2, 2, 2, minimum=-3, maximum=7.5)
    assert (ends.low, ends.high) == (-3.0, 7.5)
    assert name_words("HTMLPage2Öl_ß") == ("html", "page", "ol", "ss")


# --- bands and how often


@pytest.mark.parametrize(
    ("levels", "bands"),
    [
        (["under 18", "18 to 24", "25+"], [(-math.inf, 18), (18, 24), (25, math.inf)]),
        (["0-5k", "5-10k"], [(0, 5e3), (5e3, 10e3)]),
        (["1000-5k", "5k-1m"], [(1000, 5e3), (5e3, 1e6)]),
        (["999-5k", "6k-7k"], None),  # 999 thousand is beyond 5 thousand
        (["(25, 30]", "[31;40)"], [(25, 30), (31, 40)]),
        (["none", "1-2"], [(0, 0), (1, 2)]),
        (["1-3", "2-4"], None),  # they overlap
        (["1-3", "3-4"], [(1, 3), (3, 4)]),
        (["3-1", "4-5"], None),
        (["1", "2"], None),  # bare numbers
        (["1", "2-3"], [(1, 1), (2, 3)]),
        (["1.000-1.999", "2.000-2.999"], [(1000, 1999), (2000, 2999)]),
        (["1,5-2,5", "3-4"], [(1.5, 2.5), (3, 4)]),
        (["low", "1-2"], None),
    ],
)
def test_bands_are_ranked_by_their_ends(
    levels: list[str], bands: list[tuple[float, float]] | None
) -> None:
    assert band_ranks(levels) == bands


def test_how_often_is_ranked_by_times_a_year() -> None:
    found = often_ranks(["hourly", "daily", "every two weeks", "every three months", "every year"])
    assert found is not None
    assert [round(rate, 2) for rate, _ in found] == [8766.0, 365.25, 26.09, 4.0, 1.0]
    found = often_ranks(
        ["never", "seldom", "once a month", "twice a month", "more than once a week"]
    )
    assert found is not None
    assert [(round(rate, 3), sign) for rate, sign in found] == [
        (0.0, 0), (0.001, 0), (12.0, 0), (24.0, 0), (52.18, 1),
    ]  # fmt: skip
    ranges = often_ranks(["1-2 times a week", "3 times a week or more", "less than once a month"])
    assert ranges is not None
    assert [(round(rate, 2), sign) for rate, sign in ranges] == [(78.27, 0), (156.54, 1), (12, -1)]
    assert often_ranks(["never", "once a month"]) is None  # one period is none
    assert often_ranks(["blue", "once a month", "once a week"]) is None


# --- spellings


def test_levels_are_found_however_engines_write_them() -> None:
    numbers = spellings(("1", "2.5", "10000000"))
    told = {"01": 0, "1.0": 0, " 1 ": 0, "2.50": 1, "1e+07": 2, "1.0e+07": 2, "1.0E7": 2, "3": -1}
    assert {text: numbers.code(text) for text in told} == told
    assert spellings(("9999999",)).code("1e+07") == -1
    apart = spellings(("a", "A"))
    assert (apart.tidy, apart.code("a"), apart.code("A"), apart.code(" a")) == (False, 0, 1, -1)
    kept = spellings(("1", "01"))
    assert (kept.tidy, kept.numeric, kept.code("1.0")) == (True, False, -1)
    words = spellings(("Bonn", "Ulm"))
    assert (words.numeric, words.code(" BONN"), words.code("bonn.")) == (False, 0, -1)
    yes = spellings(("yes", "no"))
    assert [yes.code(t) for t in ("TRUE", "f", "ja", "0", "1.00", "maybe")] == [0, 1, 0, 1, 0, -1]
    day = spellings(("2024-05-01", "2024-05-02"))
    assert day.code("2024-05-01 00:00:00.000000+00:00") == 0
    assert day.code("2024-05-02T00:00:00Z") == 1
    assert day.code("2024-05-01 10:00:00") == -1
    half = spellings(("0.5", "-0.25"))
    assert [half.code(t) for t in (".5", "0.50", "-.25", "-0.250")] == [0, 0, 1, 1]


# --- several answers


def test_answers_in_one_cell_occur_in_several_combinations() -> None:
    levels = ["tea", "tea;milk", "milk;rum", "rum"]
    assert options_in(levels, ";") == ["milk", "rum", "tea"]
    assert options_in(["tea", "milk"], ";") == []
    assert options_in(["tea;"], ";") == []  # only one answer
    assert options_in(["tea;milk", "rum;gin"], ";") == []  # no answer occurs twice
    assert options_in(["tea;tea", "tea;milk", "milk"], ";") == []
    assert options_in(["1,5", "2,5", "1,2"], ",") == []
    assert options_in(["1;5", "2;5", "1;2"], ";") == ["1", "2", "5"]
    long = "x" * 90
    assert options_in([f"{long};a", f"{long}", "a"], ";") == ["a", long]
    assert options_in([f"{long}x;a", f"{long}x", "a"], ";") == []
    forty = [f"o{i}" for i in range(40)]
    assert len(options_in([";".join(forty), *forty], ";")) == 40
    assert options_in([";".join([*forty, "more"]), *forty, "more"], ";") == []
    # Four of five answers occur again: enough.
    assert len(options_in(["a;b;c;d;e", "a", "b", "c", "d"], ";")) == 5
    assert options_in(["a;b;c;d;e", "a", "b", "c"], ";") == []


def test_each_answer_becomes_a_yes_or_no() -> None:
    table = open_table(pd.DataFrame({"q": ["tea; milk", "tea", None], "x": [1, 2, 3]}))
    assert levels_of(table, "q") == ["tea", "tea; milk"]
    made = with_choices(table, [ChoiceSet(column="q", separator=";", options=["tea", "milk"])])
    assert collect(made).to_pydict() == {
        "x": [1, 2, 3], "q: tea": [True, True, None], "q: milk": [True, False, None],
    }  # fmt: skip
    assert made.labels == {"q: tea": "q: tea", "q: milk": "q: milk"}
    several = open_table(pd.DataFrame({"a": ["A", None, None], "b": ["no", "B", None]}))
    made = with_choices(several, [ChoiceSet(columns=["a", "b"])])
    assert collect(made).to_pydict() == {"a": [True, False, None], "b": [False, True, None]}


# --- wide tables


def test_wide_tables_become_one_row_for_each_answer() -> None:
    table = open_table(
        pd.DataFrame({"Who": ["a", "b"], "X (now)": [1.0, 2.5], "Y (now)": [3.0, None]})
    )
    assert lacks(table, "item")
    assert not lacks(table, "WHO")
    assert others(table, "who") == ["X (now)", "Y (now)"]
    assert numbers_of(table, table.columns) == ["X (now)", "Y (now)"]
    long = unpivoted(
        table,
        "item",
        {"X": {"now": "X (now)"}, "Y": {"now": "Y (now)", "then": "Y (now)"}},
        ["who"],
    )
    assert collect(long).to_pydict() == {
        "Who": ["a", "a", "b", "b"], "item": ["X", "Y", "X", "Y"],
        "now": ["1", "3", "2.5", None], "then": [None, "3", None, None],
    }  # fmt: skip


# --- indexes, archives, rules, rows


def test_saved_indexes_are_known_by_their_names() -> None:
    assert index_columns(["", "Unnamed: 0.1", "a", "row"]) == ("", "Unnamed: 0.1")
    assert index_columns(["a", "__index_level_0__"]) == ("__index_level_0__",)
    schema = pa.schema(
        [("k", pa.int64())], {b"pandas": json.dumps({"index_columns": ["k", "z", {}]})}
    )
    assert index_columns(["a", "k"], schema) == ("k",)
    broken = pa.schema([("k", pa.int64())], {b"pandas": b"{"})
    assert index_columns(["a", "k"], broken) == ()
    assert index_columns(["a", "k"], pa.schema([("k", pa.int64())])) == ()
    assert index_columns(["a", "k"], object()) == ()


def packed(place: Path, **files: str) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return place


def test_archives_hold_tables_without_what_systems_put_beside(tmp_path: Path) -> None:
    two = packed(tmp_path / "two.zip", b_csv="x\n1\n", d__a_csv="x\n2\n", notes_md="", c_zip="")
    assert archives.tables_in(two) == ["b.csv", "d/a.csv"]
    assert archives.inner_archives(two) == ["c.zip"]
    with pytest.raises(SourceError, match="holds 2 tables"):
        archives.unpacked(two, None)
    with pytest.raises(SourceMissing, match=r"holds no table 'z\.csv'"):
        archives.unpacked(two, "z.csv")
    assert archives.unpacked(two, "d/a.csv").read_text() == "x\n2\n"
    none = packed(tmp_path / "none.zip", c_zip="")
    with pytest.raises(SourceError, match=r"It holds another archive, c\.zip"):
        archives.unpacked(none, None)
    empty = packed(tmp_path / "empty.zip")
    with pytest.raises(SourceError, match="Give an archive with CSV or Excel files"):
        archives.unpacked(empty, None)
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.writestr("../a.csv", "x")
    with pytest.raises(SourceError, match=r"names files outside of itself, such as '\.\./a\.csv'"):
        archives.tables_in(tmp_path / "out.zip")
    (tmp_path / "bad.zip").write_bytes(b"PK and no more")
    with pytest.raises(SourceError, match="cannot be unpacked"):
        archives.tables_in(tmp_path / "bad.zip")


def test_archives_that_unpack_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_ALWAYS", 1_000)
    monkeypatch.setattr(archives, "MOST_TIMES", 1)
    monkeypatch.setattr(archives, "_BLOCK", 100)
    fine = packed(tmp_path / "fine.zip", a_csv="x" * 1_000)
    assert archives.unpacked(fine, None).stat().st_size == 1_000
    bomb = packed(tmp_path / "bomb.zip", a_csv="x" * 1_001)
    with pytest.raises(SourceError, match=r"a\.csv takes more than 0 MB unpacked"):
        archives.unpacked(bomb, None)
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    many = packed(tmp_path / "many.zip", a_csv="", b_csv="", c_csv="")
    with pytest.raises(SourceError, match="holds 3 files"):
        archives.tables_in(many)


def test_the_first_rule_that_holds_takes_a_row() -> None:
    columns = {
        "x": Column("x", np.array([1.0, 5.0, np.nan, 9.0])),
        "l": Column("l", np.array([0, 1, -1, 0], np.int32), ("a", "b")),
    }
    rules = [Rule(name="big", when="x > 4"), Rule(name="a", when="l = 'a'")]
    assert evaluate_rules(columns, rules).tolist() == [1, 0, 2, 0]
    assert evaluate_rules(columns, []).tolist() == [0] * 4
    for when, message in (
        ("x + 1", "gives a double, not yes or no"), ("y > 1", "is wrong"), ("x >", "is wrong"),
        ("unnest([true, false])", "gives 8 answers for 4 rows"),
    ):  # fmt: skip
        with pytest.raises(OptionError, match=message):
            evaluate_rules(columns, [Rule(name="r", when=when)])


def test_rows_that_repeat_another_are_counted() -> None:
    frame = pd.DataFrame({"a": [1, 1, 2, 1], "b": ["x", "x", "x", None]})
    assert count_duplicates(open_table(frame)) == 1


# --- weights


def test_weights_count_customers_or_are_scaled_to_what_they_say() -> None:
    whole, parts = np.array([2.0, 0.0, 3.0]), np.array([0.5, 1.5])
    assert is_counting(whole)
    assert not is_counting(parts)
    assert counting_weights(whole) is whole
    assert effective_size(parts) == pytest.approx(4 / 2.5)
    assert sampling_weights(parts).sum() == pytest.approx(4 / 2.5)
    assert counting_weights(parts) == pytest.approx(parts * (4 / 2.5) / 2)
    assert counting_weights(7 * parts) == pytest.approx(counting_weights(parts))


# --- tools


def test_three_headings_of_tools_make_a_table_one_of_responses() -> None:
    assert tool_columns(["ResponseId", "Start Date", "Status", "q1"]) == {
        "ResponseId", "Start Date", "Status",
    }  # fmt: skip
    assert tool_columns(["ResponseId", "Status", "q1"]) == frozenset()
    assert tool_columns(["Start Date", "End Date", "Status"]) == frozenset()
    assert tool_columns(["IP Address", "q1"]) == {"IP Address"}
    assert tool_columns(["q1_First Click", "q1_Last Click", "q1_Page Submit"]) == {
        "q1_First Click", "q1_Last Click", "q1_Page Submit",
    }  # fmt: skip
    for name, timed in (
        ("Duration (in seconds)", True), ("time taken", True), ("total time", True),
        ("completion time", True), ("time", False), ("total", False), ("taken", False),
    ):  # fmt: skip
        assert is_duration(name) == timed


def test_a_column_of_money_in_two_names_is_refused() -> None:
    with pytest.raises(DataError, match="several columns have the same name"):
        open_table(pd.DataFrame([[1, 2]], columns=["a", "A"]))


# --- codes for no answer

CODES = (
    *(-1, -2, -3, -7, -8, -9, -66, -77, -88, -97, -98, -99, -777, -888, -999, -9999, -99999),
    *(8, 9, 66, 77, 88, 96, 97, 98, 99, 777, 888, 997, 998, 999, 9998, 9999, 99999, 999999),
    9999999,
)


def codes_among(values: dict[float, int], *, codes: bool = False) -> list[float]:
    numbers = np.array(list(values), dtype=float)
    counts = np.array(list(values.values()), dtype=np.int64)
    return list(codes_for_no_answer(numbers, counts, codes=codes))


def spread(low: int, high: int, rows: int = 20) -> dict[float, int]:
    return dict.fromkeys(map(float, range(low, high + 1)), rows)


@pytest.mark.parametrize("code", CODES)
def test_numbers_that_programs_write_for_no_answer(code: int) -> None:
    assert codes_among({**spread(1, 5), code: 20}) == [code]
    assert codes_among({**spread(1, 5), code + 0.5: 20}) == []
    assert codes_among({**spread(1, 5), code: 20}, codes=True) == ([code] if code < 0 else [])


@pytest.mark.parametrize(
    ("values", "found"),
    [
        # Three rows, and half a percent of them, are the least.
        ({**spread(1, 5), -9: 2}, []),
        ({**spread(1, 5), -9: 3}, [-9]),
        ({**spread(1, 5, 200), -9: 5}, []),
        ({**spread(1, 5, 199), -9: 5}, [-9]),
        ({**spread(1, 5, 200), 99: 5}, []),
        ({**spread(1, 5, 199), 99: 5}, [99]),
        # At most three beside each other, and two other numbers.
        ({**spread(1, 5), -99: 9, -98: 9, -97: 9}, [-99, -98, -97]),
        ({**spread(1, 5), -99: 9, -98: 9, -97: 9, -88: 9}, []),
        ({**spread(1, 5), 97: 9, 98: 9, 99: 9}, [97, 98, 99]),
        ({1: 9, -9: 9}, []),
        ({1: 9, 2: 9, -9: 9}, [-9]),
        ({1: 9, 2: 9, 99: 9, -9: 9}, [-9, 99]),
        # Beside zero, a scale may go on under it.
        ({**spread(0, 3), -1: 9}, []),
        ({**spread(0, 4), -1: 9}, [-1]),
        ({**spread(0, 3), -7: 9}, [-7]),
        ({**spread(-2, 3), -9: 9}, []),
        # A nine may be the tail of a count.
        ({**spread(1, 7, 30), 9: 30}, [9]),
        ({**spread(1, 7, 60), 9: 4}, []),
        ({**spread(1, 7, 60), 9: 61}, [9]),
        ({**spread(1, 8, 30), 9: 31}, []),
        # Beyond a scale, it stands apart by a quarter of the range.
        ({**spread(1, 10), 66: 9}, [66]),
        ({**spread(1, 61), 77: 20}, [77]),
        ({**spread(1, 62), 77: 20}, []),
        ({1.5: 9, 2.5: 9, 9.0: 9}, []),
        ({1.5: 9, 2.5: 9, 66.0: 9}, [66]),
    ],
)
def test_codes_stand_apart_from_the_others(values: dict[float, int], found: list[float]) -> None:
    assert codes_among(values) == found


# --- the business, times, texts


@pytest.mark.parametrize(
    ("words", "measure", "role", "criterion", "why"),
    [
        ("total spend", "positive", "revenue", "profitability",
         "'spend' makes it revenue and speaks to profitability"),
        ("sales channel", "nominal", "channel", "channel",
         "'channel' makes it a channel and speaks to channel"),
        ("sales channel", "count", None, "channel", "'channel' speaks to channel"),
        ("churned", "binary", "outcome", "relationship",
         "'churned' makes it an outcome and speaks to relationship"),
        ("churned", "count", None, "relationship", "'churned' speaks to relationship"),
        ("visits", "count", "frequency", "relationship",
         "'visits' makes it frequency and speaks to relationship"),
        ("price sensitivity", "ordinal", None, "price", "'price' speaks to price"),
        ("delivery channel", "nominal", None, "channel", "'channel' speaks to channel"),
        ("x", "count", None, None, ""),
    ],
)  # fmt: skip
def test_what_a_name_says_of_the_business(
    words: str, measure: Measure, role: str | None, criterion: str | None, why: str
) -> None:
    found = meaning_of(words.split(), measure)
    assert (found.role, found.criterion, found.why) == (role, criterion, why)


def test_days_are_counted_from_a_monday() -> None:
    assert day_number_of(date(1900, 1, 1)) == 0
    assert day_number_of(datetime(1900, 1, 8, 23)) == 7
    assert (datetime(1900, 1, 2), datetime(2100, 1, 1)) == (FIRST_MOMENT, END_OF_MOMENTS)
    assert next_midnight(datetime(2024, 5, 1)) == datetime(2024, 5, 1)
    assert next_midnight(datetime(2024, 5, 1, 0, 0, 1)) == datetime(2024, 5, 2)
    assert local_moment(date(2024, 5, 1), "Europe/Berlin") == datetime(2024, 5, 1)
    assert local_moment(datetime(2024, 5, 1, 9), "Europe/Berlin") == datetime(2024, 5, 1, 9)
    aware = datetime(2024, 5, 1, 9, tzinfo=UTC)
    assert local_moment(aware, "Europe/Berlin") == datetime(2024, 5, 1, 11)
    with pytest.raises(OptionError, match="'Mars/Olympus' is not known"):
        zone_of("Mars/Olympus")


def test_points_may_separate_thousands_where_all_could() -> None:
    assert _is_pointed(["1.234", "999", "-12"])
    assert not _is_pointed(["1.234", "1000"])
    assert not _is_pointed(["1.23", "999"])
    assert not _is_pointed(["999", "12"])
    assert _is_long_id({"x"}, ["1" * 20, "2" * 20])
    assert not _is_long_id({"x"}, ["1" * 20, "12"])
    assert _is_long_id({"id"}, ["1" * 20, "12"])
    assert not _is_long_id({"id"}, ["12", "13"])
