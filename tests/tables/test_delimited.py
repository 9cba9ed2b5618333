"""CSV and TSV files as people export them."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forwhom.errors import DataError, SourceError
from forwhom.tables import collect, delimited, kinds, open_table, row_count


def read(folder: Path, content: str | bytes, name: str = "rows.csv") -> dict[str, list[object]]:
    return collect(opened(folder, content, name)).to_pydict()


def opened(folder: Path, content: str | bytes, name: str = "rows.csv"):  # type: ignore[no-untyped-def]
    data = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(data)
    return open_table(folder / name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_are_recognized(tmp_path: Path, encoding: str) -> None:
    rows = read(tmp_path, "name,city\nJosé,Zürich\nÆgir,Tromsø\n".encode(encoding))
    assert rows == {"name": ["José", "Ægir"], "city": ["Zürich", "Tromsø"]}


def test_windows_quotes_and_euro_signs(tmp_path: Path) -> None:
    table = opened(tmp_path, "a,b\n\u201cyes\u201d,\u20ac uro\n".encode("cp1252"))
    assert collect(table).to_pydict() == {"a": ["\u201cyes\u201d"], "b": ["\u20ac uro"]}
    assert "Windows-1252" in table.notes[0]


def test_compressed_files_of_any_encoding(tmp_path: Path) -> None:
    content = gzip.compress("a;b\nä;1,5\n".encode("latin-1"))
    assert read(tmp_path, content, "rows.csv.gz") == {"a": ["ä"], "b": [1.5]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognized(tmp_path: Path, delimiter: str) -> None:
    lines = [["a", "b", "c"], ["1", "x y", "2.5"], ["2", '"p, q; r|s"', "3.5"]]
    content = "\n".join(delimiter.join(line) for line in lines)
    rows = read(tmp_path, content)
    assert rows == {"a": [1, 2], "b": ["x y", "p, q; r|s"], "c": [2.5, 3.5]}


def test_tabs_and_told_separators(tmp_path: Path) -> None:
    assert read(tmp_path, "a\tb\n1,2\t3\n", "rows.tsv") == {"a": [1.2], "b": [3]}
    assert read(tmp_path, "sep=;\na;b\n1;2\n") == {"a": [1], "b": [2]}


def test_quoted_ids_with_leading_zeros_stay_text(tmp_path: Path) -> None:
    rows = read(tmp_path, 'id,plain,n\n"00418683",007,0\n"10418684",008,0.5\n')
    assert rows == {"id": ["00418683", "10418684"], "plain": ["007", "008"], "n": [0.0, 0.5]}


def test_one_leading_zero_far_down_is_enough(tmp_path: Path) -> None:
    numbers = [*(str(10_000 + i) for i in range(3000)), "00042"]
    rows = read(tmp_path, "id,n\n" + "".join(f"{n},1\n" for n in numbers))
    assert rows["id"][-1] == "00042"


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1.234,56", "-7,5"], [1234.56, -7.5]),
        (["1 234,5", "12"], [1234.5, 12.0]),
        (["1,234.56", "12"], [1234.56, 12.0]),
        (["1.5", "2e3"], [1.5, 2000.0]),
        (["1'234,5", "0,25"], [1234.5, 0.25]),
        (["12", "-3"], [12, -3]),
        (["12345678901234567890", "1"], [12345678901234567890.0, 1.0]),
        (["1'234.50", "2\u2019000", "7.25"], [1234.5, 2000.0, 7.25]),
        (["$1,234.50", "-$7", "$ 3.20"], [1234.5, -7.0, 3.2]),
        (["1.234,50 €", "-7,00 €", "12,00"], [1234.5, -7.0, 12.0]),
        (["EUR 1.234,50", "EUR 7,25"], [1234.5, 7.25]),
        (["12%", "7.5 %", "-3%"], [12.0, 7.5, -3.0]),
        (["'12", "'7"], [12, 7]),
    ],
)
def test_numbers_in_the_usual_forms(tmp_path: Path, cells: list[str], values: list[float]) -> None:
    content = "name;n\n" + "".join(f"x;{cell}\n" for cell in cells)
    assert read(tmp_path, content)["n"] == pytest.approx(values)


def test_decimal_commas_decide_for_the_whole_file(tmp_path: Path) -> None:
    rows = read(tmp_path, "price;sales\n1,5;1.234\n2,25;56.789\n")
    assert rows == {"price": [1.5, 2.25], "sales": [1234.0, 56789.0]}
    table = opened(tmp_path, 'a,b\n1,"1,234"\n2,"5,678"\n', "grouped.csv")
    assert collect(table).to_pydict()["b"] == [1234.0, 5678.0]
    assert "thousands" in table.notes[0]


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (["2017-12-31", "2018-01-02"], date(2017, 12, 31)),
        (["12/31/2017", "1/2/2018"], date(2017, 12, 31)),
        (["31/12/2017", "02/01/2018"], date(2017, 12, 31)),
        (["31.12.2017", "2.1.2018"], date(2017, 12, 31)),
        (["31-12-2017", "02-01-2018"], date(2017, 12, 31)),
        (["12-31-2017", "02-01-2018"], date(2017, 12, 31)),
        (["2017/12/31", "2018/01/02"], date(2017, 12, 31)),
        (["31-Dec-2017", "02-Jan-2018"], date(2017, 12, 31)),
        (["Dec 31, 2017", "Jan 2, 2018"], date(2017, 12, 31)),
        (["20171231", "20180102"], date(2017, 12, 31)),
        (["2017-12-31T04:01:30", "2018-01-02T00:00:00"], datetime(2017, 12, 31, 4, 1, 30)),
        (["2017-12-31 04:01", "2018-01-02 10:00"], datetime(2017, 12, 31, 4, 1)),
        (["12/31/17 4:01", "1/2/18 14:10"], datetime(2017, 12, 31, 4, 1)),
        (["12/31/2017 4:01:05 PM", "1/2/2018 12:00:00 AM"], datetime(2017, 12, 31, 16, 1, 5)),
        (["31.12.2017 04:01", "02.01.2018 23:59"], datetime(2017, 12, 31, 4, 1)),
    ],
)
def test_dates_in_the_usual_forms(tmp_path: Path, cells: list[str], value: object) -> None:
    content = "n;date\n" + "".join(f'1;"{cell}"\n' for cell in cells)
    table = opened(tmp_path, content)
    assert collect(table).to_pydict()["date"][0] == value
    assert table.notes == ()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-03-12 10:31:07 UTC", datetime(2025, 3, 12, 10, 31, 7)),
        ("2025-03-12 10:31:07.250 UTC", datetime(2025, 3, 12, 10, 31, 7, 250_000)),
        ("2025/03/12 10:31:07 AM GMT+2", datetime(2025, 3, 12, 8, 31, 7)),
        ("2025/03/12 10:31:07 PM GMT-5", datetime(2025, 3, 13, 3, 31, 7)),
        ("2025/3/2 1:02:03 PM UTC+5:30", datetime(2025, 3, 2, 7, 32, 3)),
        ("2025-03-12 12:05 AM GMT", datetime(2025, 3, 12, 0, 5)),
        ("2025-03-12 13:15:30 +0200", datetime(2025, 3, 12, 11, 15, 30)),
    ],
)
def test_a_zone_may_be_named_beside_a_moment(
    tmp_path: Path, written: str, moment: datetime
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("who,when\n" + "".join(f"{i},{written}\n" for i in range(30)))
    table = open_table(path)
    (when,) = {row["when"] for row in collect(table).to_pylist()}
    assert when.astimezone(UTC).replace(tzinfo=None) == moment


def test_dates_with_a_time_zone_are_moments(tmp_path: Path) -> None:
    rows = read(tmp_path, "at,n\n2017-12-31T23:00:00Z,1\n2018-01-01T01:00:00+02:00,1\n")
    assert rows["at"][0] == rows["at"][1]


def test_ambiguous_day_and_month_are_said(tmp_path: Path) -> None:
    table = opened(tmp_path, "when,n\n5/10/18 4:01,1\n5/11/18 6:30,2\n")
    assert collect(table).to_pydict()["when"][0] == datetime(2018, 5, 10, 4, 1)
    assert "day and month cannot be told apart" in table.notes[0]
    assert "'when'" in table.notes[0]


def test_with_decimal_commas_the_day_comes_first(tmp_path: Path) -> None:
    text = "d;x\n" + "\n".join(f"0{1 + i % 9}/03/2025;{i},5" for i in range(20))
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    table = open_table(tmp_path / "a.csv")
    assert {day.month for day in collect(table)["d"].to_pylist()} == {3}
    assert "dates were read as day/month/year" in table.notes[0]


def test_dashes_are_day_first_and_said(tmp_path: Path) -> None:
    table = opened(tmp_path, "when,n\n05-10-2018,1\n06-11-2018,2\n")
    assert collect(table).to_pydict()["when"][0] == date(2018, 10, 5)
    assert "read as day-month-year" in table.notes[0]


def test_spaces_around_cells(tmp_path: Path) -> None:
    rows = read(tmp_path, "n, x, day, t\n 1 , 2.5 , 2018-01-02 , a b \n2, 3 ,2018-01-03,c\n")
    days = [date(2018, 1, 2), date(2018, 1, 3)]
    assert rows == {"n": [1, 2], "x": [2.5, 3.0], "day": days, "t": ["a b", "c"]}


def test_a_decimal_comma_far_down_is_found(tmp_path: Path) -> None:
    content = "a;b\n" + "1;1.234\n" * 3000 + "1,5;2.345\n"
    table = opened(tmp_path, content)
    assert collect(table).to_pydict()["a"][-1] == 1.5
    assert collect(table).to_pydict()["b"][-1] == 2345.0


def test_another_date_settles_day_and_month(tmp_path: Path) -> None:
    table = opened(tmp_path, "start,end\n05/10/2018,25/10/2018\n06/11/2018,07/12/2018\n")
    assert collect(table).to_pydict()["start"][0] == date(2018, 10, 5)
    assert table.notes == ()


def test_missing_values_are_recognized(tmp_path: Path) -> None:
    words = ["NA", "", "NULL", "n/a", "NaN", "#N/A", '""', "null", "N/A", "."]
    rows = read(tmp_path, "n,t\n1,x\n" + "".join(f"{w},{w}\n" for w in words))
    assert rows == {"n": [1] + [None] * 10, "t": ["x"] + [None] * 10}
    assert read(tmp_path, "a, b\n1, NA\n2, 3\n", "spaced.csv") == {"a": [1, 2], "b": [None, 3]}


@pytest.mark.parametrize("blank", ["-", "?", "None", "n.a.", "#DIV/0!", "unknown"])
def test_words_for_no_value_among_numbers(tmp_path: Path, blank: str) -> None:
    content = "n,day,t\n" + f"1.5,2024-01-05,x\n{blank},{blank},{blank}\n" * 3
    table = opened(tmp_path, content)
    rows = collect(table).to_pydict()
    assert rows["n"] == [1.5, None] * 3
    assert rows["day"] == [date(2024, 1, 5), None] * 3
    assert rows["t"] == ["x", blank] * 3  # there it may be a level
    assert len([note for note in table.notes if "3 cells say that there is no value" in note]) == 2


def test_no_value_is_no_answer_to_yes_or_no(tmp_path: Path) -> None:
    rows = read(tmp_path, "a,b\ntrue,1\n-,1\nfalse,1\n")
    assert rows["a"] == ["true", "-", "false"]


@pytest.mark.parametrize("minus", "\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d")
def test_every_minus_is_a_minus(tmp_path: Path, minus: str) -> None:
    text = f"a;b;c;d\n{minus}3;{minus}$5;{minus} 1,5;2{minus}3\n4;$6;7;4{minus}5\n"
    table = opened(tmp_path, text)
    rows = collect(table).to_pylist()
    assert rows[0] == {"a": -3, "b": -5, "c": -1.5, "d": f"2{minus}3"}
    assert not any("'a'" in note for note in table.notes)


def test_a_comma_after_a_zero_is_no_sign_of_thousands(tmp_path: Path) -> None:
    table = opened(tmp_path, "share;n\n0,500;1\n0,250;2\n1,125;3\n")
    assert collect(table)["share"].to_pylist() == [0.5, 0.25, 1.125]


def test_percent_signs_on_some_cells_only_leave_text(tmp_path: Path) -> None:
    content = "x\n" + "12%\n" * 20 + "0.12\n"
    table = opened(tmp_path, content)
    assert collect(table)["x"].to_pylist()[-1] == "0.12"
    assert "row 21" in table.notes[0]


def test_ids_longer_than_whole_numbers_hold_stay_apart(tmp_path: Path) -> None:
    ids = [f"{9_400_000_000_000_000_000 + i}" for i in range(40)]
    assert read(tmp_path, "card,n\n" + "".join(f"{i},1\n" for i in ids))["card"] == ids
    fitting = [10**18 + i for i in range(40)]
    rows = read(tmp_path, "card,n\n" + "".join(f"{i},1\n" for i in fitting))
    assert rows["card"] == fitting


def test_points_that_may_separate_thousands_are_said(tmp_path: Path) -> None:
    table = opened(tmp_path, "a;b\n1.234;0.5\n2.500;1.125\n999;7.125\n")
    assert collect(table)["a"].to_pylist() == [1.234, 2.5, 999.0]
    assert [note for note in table.notes if "decimal points" in note] == list(table.notes[:1])
    assert table.notes[0].startswith("'a'")


def test_a_column_half_of_numbers_is_said(tmp_path: Path) -> None:
    table = opened(tmp_path, "a\n" + "5\nabout 5\n7\n" * 10)
    assert table.notes == (
        "'a': 67% of the first values are numbers and the others are not, so the column was read "
        "as text.",
    )


def test_true_and_false(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\nTRUE,yes\nfalse,no\n") == {
        "a": [True, False],
        "b": ["yes", "no"],
    }


def test_stray_text_in_numbers_is_said(tmp_path: Path) -> None:
    content = "n,m\n" + "".join(f"{i},1\n" for i in range(50)) + "about 7,1\n"
    table = opened(tmp_path, content)
    assert kinds(table)["n"] == "text"
    assert table.notes == (
        "'n': 1 of 51 values are not numbers like the others (row 51; row 1 is the first with "
        "data), so the column was read as text.",
    )


def test_stray_text_after_the_first_rows_is_found(tmp_path: Path) -> None:
    content = "n,m\n" + "".join(f"{i},{i}\n" for i in range(5000)) + "late,1\n"
    table = opened(tmp_path, content)
    assert kinds(table) == {"n": "text", "m": "number"}


def test_a_column_filled_only_further_down(tmp_path: Path) -> None:
    content = "n,m\n" + ",1\n" * 3000 + "2.5,1\n"
    assert kinds(opened(tmp_path, content)) == {"n": "number", "m": "number"}


def test_unnamed_columns_get_names(tmp_path: Path) -> None:
    assert read(tmp_path, ",age,\n1,30,x\n2,31,y\n") == {
        "row": [1, 2],
        "age": [30, 31],
        "column_3": ["x", "y"],
    }


def test_quoted_line_breaks_and_doubled_quotes(tmp_path: Path) -> None:
    rows = read(tmp_path, 'a,"b\nc"\n1,"two\nlines"\n2,"say ""hi"""\n')
    assert rows == {"a": [1, 2], "b c": ["two\nlines", 'say "hi"']}


def test_folders_and_globs_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,n\n1,1.5\n")
    (tmp_path / "b.csv").write_text("n;id\n2,5;2\n")
    (tmp_path / "notes.md").write_text("no table")
    for source in (tmp_path, str(tmp_path / "*.csv")):
        rows = collect(open_table(source)).to_pydict()
        assert sorted(rows["id"]) == [1, 2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,b\n", "no rows"),
        ("a,b", "no rows"),
        ("a,b,a\n1,2,3\n", "same name: 'a'"),
        ("Age,age\n1,2\n", "capitals make no difference"),
        ("1.5,2.5\n3.5,4.5\n", "first row holds numbers"),
    ],
)
def test_useless_files_are_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        opened(tmp_path, content)
    assert caught.value.advice


def test_uneven_lines_name_the_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"rows.csv, line 3: more than 2 cells"):
        opened(tmp_path, "a,b\n1,2\n1,2,3\n1,2\n")


def test_uneven_lines_far_down_are_found_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="line 50002: 1 cells"):
        opened(tmp_path, "a,b\n" + "1,2\n" * 50_000 + "1\n")


def test_an_open_quote_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="line"):
        opened(tmp_path, 'a,b\n1,"2\n3,4\n')


def test_a_damaged_archive_is_an_error(tmp_path: Path) -> None:
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 20_000)
    with pytest.raises(SourceError, match=r"damaged|cannot be read"):
        opened(tmp_path, whole[:-30], "rows.csv.gz")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "is a picture"),
        (b"%PDF-1.4\n1 0 obj\n", "is a PDF document"),
        (b"PK\x03\x04\0\0", "Excel file"),
        (b"\xef\xbb\xbf<!DOCTYPE HTML>\n<html><head>", "is a web page"),
        (b'[\n  {"id": 1, "visits": 3}]', "is a JSON document"),
        (b"id,visits\n1,\0\0\n", "not a text file"),
    ],
)
def test_other_kinds_of_files_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        opened(tmp_path, content)
    assert caught.value.advice


def test_content_counts_not_the_ending(tmp_path: Path) -> None:
    compressed = gzip.compress(b"a,b\n1,2\n")
    assert read(tmp_path, compressed, "one.csv") == {"a": [1], "b": [2]}
    assert read(tmp_path, "a,b\n1,2\n", "two.csv.gz") == {"a": [1], "b": [2]}


def test_utf16_that_is_cut_off_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="ends within a character"):
        opened(tmp_path, "a,b\n1,2\n".encode("utf-16")[:-1])


def test_lines_that_end_differently_are_read(tmp_path: Path) -> None:
    content = 'a,b\n1,"x\r\ny"\n' + "2,z\r\n" * 3
    table = opened(tmp_path, content)
    assert collect(table)["b"].to_pylist() == ["x\ny", "z", "z", "z"]
    assert "do not all end alike" in table.notes[0]


@pytest.mark.parametrize(
    "above",
    ["Export of May\n\n", "Export of May,,,\n,,,\n", "# made by a shop\n",
     'Shop\n"Export\nof May",2024-05-31\n\n'],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_rows_above_the_names_are_left_out_and_said(
    tmp_path: Path, above: str, delimiter: str
) -> None:
    rows = "id,visits,spend,city\n" + "1,2,3.5,Rome\n2,3,4.5,Oslo\n" * 3
    table = opened(tmp_path, (above + rows).replace(",", delimiter))
    assert collect(table).to_pydict() == {
        "id": [1, 2] * 3, "visits": [2, 3] * 3, "spend": [3.5, 4.5] * 3,
        "city": ["Rome", "Oslo"] * 3,
    }  # fmt: skip
    assert any("above the names of the columns and" in note for note in table.notes)


@pytest.mark.parametrize(
    "content",
    ["Export of May\n\nid,visits,spend,city\n1,2,3.5,Rome\n",
     "Export\n" + "Rome,Oslo,Bern,Wien\nParis,Nice,Lyon,Metz\n" * 3],
)  # fmt: skip
def test_a_title_above_what_may_be_no_names_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError, match="for 1 of 4 columns"):
        opened(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('"a,b\n1,2\n3,4\n', "no column names can be read"),
        ("x" * 300_000, "first line is longer"),
        ("a,b\n1," + "x" * 3_000_000 + "\n", "line 2: the line is too long"),
    ],
)
def test_lines_without_an_end(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        opened(tmp_path, content)
    assert caught.value.advice


texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=("Cc", "Cs")),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts.map(str.strip).filter(bool), min_size=1, max_size=8))
def test_text_survives(tmp_path: Path, cells: list[str]) -> None:
    content = "key,text\n" + "".join(
        f'x,"k{cell.replace(chr(34), chr(34) * 2)}"\n' for cell in cells
    )
    assert read(tmp_path, content)["text"] == ["k" + cell for cell in cells]


@pytest.mark.parametrize(
    "content", ["\n\na,b\n1,x\n", "a,b\r\n1,x\r\n", "a,b\r1,x\r", "a,b\n1,x\n\n\n"]
)
def test_blank_lines_and_line_ends(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == {"a": [1], "b": ["x"]}


def test_an_open_quote_before_much_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"quote"):
        opened(tmp_path, 'a,b\n1,"2\n' + "3,4\n" * 60_000)


def test_one_column(tmp_path: Path) -> None:
    assert read(tmp_path, "visits\n3\n1\n") == {"visits": [3, 1]}


def test_a_late_letter_of_another_encoding(tmp_path: Path) -> None:
    content = b"a,b\n" + b"x,1\n" * 400_000 + "Zürich,2\n".encode("latin-1")
    assert read(tmp_path, content)["a"][-1] == "Zürich"


def test_a_file_too_large_to_be_held_as_text_is_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = b"Rome;1,5;31.12.2024\r\n" * 60_000
    content = b"city;spend;day\r\n" + rows + "Zürich;-;1.1.2025\n".encode("latin-1") + rows[:2100]
    held = opened(tmp_path, content)
    monkeypatch.setattr(delimited, "_HELD", 0)
    scanned = opened(tmp_path, content)
    assert "rows.csv was read as Windows-1252." in held.notes
    assert held.notes == scanned.notes
    assert kinds(held) == kinds(scanned) == {"city": "text", "spend": "number", "day": "date"}
    assert collect(held).equals(collect(scanned))


def test_a_file_that_takes_far_more_room_unpacked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "visits.csv.gz"
    place.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 200_000))
    assert row_count(open_table(place)) == 200_000
    monkeypatch.setattr("forwhom.tables.archives._ALWAYS", 100_000)
    with pytest.raises(SourceError, match=r"visits\.csv\.gz takes more than"):
        open_table(place)
