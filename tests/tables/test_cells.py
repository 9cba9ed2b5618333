"""What cells say: signs, spellings, several answers, codes; on and beside each bound."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forwhom.documents.study import ChoiceSet
from forwhom.tables import collect, open_table
from forwhom.tables.choices import levels_of, options_in, with_choices
from forwhom.tables.missing import codes_for_no_answer
from forwhom.tables.signs import several_signs, sign_note, sign_of, without_sign
from forwhom.tables.spellings import spellings


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


def options(levels: list[str], separator: str) -> list[str]:
    return options_in(dict.fromkeys(levels, 9), separator)


def test_answers_in_one_cell_occur_in_several_combinations() -> None:
    levels = ["tea", "tea;milk", "milk;rum", "rum"]
    assert options(levels, ";") == ["milk", "rum", "tea"]
    assert options(["tea", "milk"], ";") == []
    assert options(["tea;"], ";") == []  # only one answer
    assert options(["tea;milk", "rum;gin"], ";") == []  # no answer occurs twice
    assert options(["tea;tea", "tea;milk", "milk"], ";") == []
    assert options(["1,5", "2,5", "1,2"], ",") == []
    assert options(["1;5", "2;5", "1;2"], ";") == ["1", "2", "5"]
    long = "x" * 90
    assert options([f"{long};a", f"{long}", "a"], ";") == ["a", long]
    assert options([f"{long}x;a", f"{long}x", "a"], ";") == []
    forty = [f"o{i}" for i in range(40)]
    assert len(options([";".join(forty), *forty], ";")) == 40
    assert options([";".join([*forty, "more"]), *forty, "more"], ";") == []
    # Four of five answers occur again: enough.
    assert len(options(["a;b;c;d;e", "a", "b", "c", "d"], ";")) == 5
    assert options(["a;b;c;d;e", "a", "b", "c"], ";") == []


def test_each_answer_becomes_a_yes_or_no() -> None:
    table = open_table(pd.DataFrame({"q": ["tea; milk", "tea", None], "x": [1, 2, 3]}))
    assert levels_of(table, "q") == {"tea": 1, "tea; milk": 1}
    made = with_choices(table, [ChoiceSet(column="q", separator=";", options=["tea", "milk"])])
    assert collect(made).to_pydict() == {
        "x": [1, 2, 3], "q: tea": [True, True, None], "q: milk": [True, False, None],
    }  # fmt: skip
    assert made.labels == {"q: tea": "q: tea", "q: milk": "q: milk"}
    several = open_table(pd.DataFrame({"a": ["A", None, None], "b": ["no", "B", None]}))
    made = with_choices(several, [ChoiceSet(columns=["a", "b"])])
    assert collect(made).to_pydict() == {"a": [True, False, None], "b": [False, True, None]}


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
