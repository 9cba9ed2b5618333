"""Numbers that stand for many, cards on boards, names and places, right at each border."""

from __future__ import annotations

from typing import Any

import pytest

from forwhom.documents.canvas.exchange.boards.geometry import (
    board_of_json_canvas,
    board_of_miro,
    is_json_canvas,
    is_miro,
)
from forwhom.documents.jsonfile import _place, _step
from forwhom.documents.names import Names
from forwhom.documents.privacy import coarse_count, cut_between, is_small, rounded_within
from forwhom.documents.yamlfile import parse_yaml
from forwhom.errors import DataError


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (9, True), (10, False)])
def test_a_cell_of_some_but_too_few_is_small(count: int, small: bool) -> None:
    assert is_small(count, 10) is small


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (137.42, 130.0, 140.0, 140.0),
        (137.42, 130.0, 139.9, 137.0),
        (137.42, 100.0, 139.9, 100.0),
        (137.42, 137.1, 137.4, 137.4),
        (0.0, -1.0, 1.0, 0.0),
        (-137.42, -140.0, -130.0, -140.0),
        (float("inf"), 0.0, 1.0, float("inf")),
        (1 / 3, 1 / 3, 1 / 3, 1 / 3),
    ],
)
def test_as_few_digits_as_stay_within(value: float, low: float, high: float, told: float) -> None:
    assert rounded_within(value, low, high) == told


@pytest.mark.parametrize(
    ("cut", "low", "high", "many_low", "many_high", "told"),
    [
        (1.4, 1.0, 2.0, False, False, 1.4),
        (1.4, 1.0, 2.0, True, True, 1.4),
        (1.44, 1.0, 4.0, False, False, 1.4),  # 1 itself is somebody's value
        (1.5, 1.0, 4.0, True, False, 2.0),
        (1.5, 1.0, 4.0, False, True, 3.0),
        (1.5, 1.0, 2.0, True, False, 1.1),
        (1.5, 1.0, 2.0, False, True, 1.9),
        (1.4, 1.0, float("inf"), True, False, 1.4),
        (1.0, 1.0, 1.0, True, False, 1.0),
    ],
)
def test_a_cut_between_two_values_tells_of_neither(
    cut: float, low: float, high: float, many_low: bool, many_high: bool, told: float
) -> None:
    assert cut_between(cut, low, high, many_low, many_high) == told


@pytest.mark.parametrize(
    ("count", "total", "told"),
    [
        (0, 100, 0), (4, 100, 0), (5, 100, 10), (14, 100, 10), (15, 100, 20), (50, 100, 50),
        (86, 100, 90), (85, 100, 80), (96, 100, 100), (95, 100, 90), (100, 100, 100), (3, 7, 0),
        (5, 10, 10), (4, 7, 7),
    ],
)  # fmt: skip
def test_counts_and_what_is_left_are_multiples(count: int, total: int, told: int) -> None:
    assert coarse_count(count, total, 10) == told
    assert coarse_count(count, total, 1) == count


def card(text: str, x: float, y: float, wide: float = 10, high: float = 10, **more: Any) -> Any:
    return {"type": "text", "text": text, "x": x, "y": y, "width": wide, "height": high, **more}


def under(*nodes: Any, **more: Any) -> dict[str, str]:
    board = board_of_json_canvas({"nodes": [*nodes], **more})
    return {one.text: one.heading for one in board.stickies}


GROUP = {"type": "group", "label": "Channels", "x": 0, "y": 0, "width": 100, "height": 100}


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [(45, 45, True), (-5, 45, True), (95, 45, True), (45, -5, True), (45, 95, True),
     (-5.5, 45, False), (95.5, 45, False), (45, -5.5, False), (45, 95.5, False)],
)  # fmt: skip
def test_a_card_is_in_the_group_that_holds_its_middle(x: float, y: float, inside: bool) -> None:
    parked = {**GROUP, "label": "Parking lot"}
    assert under(parked, card("Shop", x, y)) == {"Shop": "Parking lot" if inside else ""}


def test_a_card_is_in_the_smallest_group_and_no_group_is_in_itself() -> None:
    inner = {**GROUP, "label": "Customer segments", "x": 40, "y": 40, "width": 20, "height": 20}
    assert under(GROUP, inner, card("Shop", 45, 45)) == {"Shop": "Customer segments"}
    assert under(inner, GROUP, card("Shop", 70, 70)) == {"Shop": "Channels"}
    large = card("Shop", -10, -10, 120, 120)
    assert under(GROUP, large) == {"Shop": ""}


def test_a_card_is_under_the_nearest_heading_above_it() -> None:
    left, right = card("Channels", 0, 0), card("Customer segments", 100, 0)
    assert under(left, right, card("Shop", 0, 30), card("Bakers", 100, 30)) == {
        "Shop": "Channels", "Bakers": "Customer segments",
    }  # fmt: skip
    assert under(left, card("Shop", 0, -1)) == {"Shop": ""}
    assert under(left, card("Shop", 0, 0.5)) == {"Shop": "Channels"}
    # Beside counts four times as much as below.
    assert under(left, card("Customer segments", 30, 50), card("Shop", 0, 80)) == {
        "Shop": "Channels"
    }
    assert under(left, card("Customer segments", 20, 50), card("Shop", 0, 120)) == {
        "Shop": "Customer segments"
    }


def test_within_a_group_of_no_block_no_heading_outside_counts() -> None:
    parked = {**GROUP, "label": "Parking lot", "y": 50}
    assert under(card("Channels", 0, 0), parked, card("Shop", 45, 90)) == {"Shop": "Parking lot"}


def test_what_is_no_card_is_left_out_and_arrows_are_counted() -> None:
    nodes = [card(" ", 0, 0), "x", {**card("", 0, 0), "type": "link", "url": "https://a.example"}]
    assert list(under(*nodes)) == ["https://a.example"]
    assert board_of_json_canvas({"nodes": [], "edges": [1, 2]}).lost == ["2 arrows between cards"]
    assert board_of_json_canvas({"nodes": [], "edges": [1]}).lost == ["1 arrow between cards"]
    assert board_of_json_canvas({"nodes": [], "edges": []}).lost == []
    assert is_json_canvas({"nodes": []})
    assert not is_json_canvas({"nodes": {}})
    assert not is_json_canvas({"nodes": [], "forwhom": 1})
    odd = card("Shop", True, float("nan"), "wide", None)  # type: ignore[arg-type]
    assert under(odd) == {"Shop": ""}


def miro(kind: str, text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    box = {"position": {"x": x, "y": y}, "geometry": {"width": 10, "height": 10}}
    return {"id": text, "type": kind, "data": {"content": text}, **box, **more}


def test_miro_counts_from_the_middle_and_within_a_frame_from_its_corner() -> None:
    frame = miro("frame", "Parking lot", 500, 500, id="f")
    frame["geometry"] = {"width": 100, "height": 60}
    inside = miro("sticky_note", "<p>Shop</p>", 50, 30, parent={"id": "f"})
    corner = miro("sticky_note", "Fair", 549, 529)
    outside = miro("sticky_note", "Van", 50, 30)
    board = board_of_miro({"data": [frame, inside, corner, outside], "name": "B"})
    assert {one.text: one.heading for one in board.stickies} == {
        "Shop": "Parking lot", "Fair": "Parking lot", "Van": "",
    }  # fmt: skip
    assert (board.title, board.lost) == ("B", [])


def test_what_miro_has_without_text_is_counted() -> None:
    items = [miro("connector", "", 0, 0), miro("connector", "why", 0, 0), miro("image", "", 0, 0),
             {**miro("frame", "", 0, 0), "id": "f"}, miro("sticky_note", "Shop", 0, 0)]  # fmt: skip
    board = board_of_miro(items)
    assert board.lost == ["2 items without text"]
    assert [one.text for one in board.stickies] == ["Shop"]
    assert is_miro(items)
    assert is_miro({"items": items})
    assert not is_miro({"items": [{"id": 1}]})
    assert not is_miro({"other": items})


@pytest.mark.parametrize(
    ("step", "found"),
    [("a", (2, 7)), ("b", (10, 15)), ("c", (22, 28)), ("d", None), (0, None)],
)
def test_where_a_key_of_json_stands(step: str | int, found: tuple[int, int] | None) -> None:
    assert _step('{ "a" :1, "b": [1, 2],"c" : {}}', 0, step) == found


def test_where_an_item_of_json_stands() -> None:
    text = '[ 1 , {"a": [2]},3]'
    assert [_step(text, 0, i) for i in range(4)] == [(2, 2), (6, 6), (17, 17), None]
    assert _step("12", 0, 0) is None
    assert _step("[]", 0, 0) is None
    assert [_place("f", "ab\ncd", at) for at in (0, 1, 3, 4)] == [
        "f:1:1",
        "f:1:2",
        "f:2:1",
        "f:2:2",
    ]


def test_what_a_name_means() -> None:
    names = Names("segment", "here", {"a": "Early", "b": "Late", "c": "late", "late": "Other"})
    assert names.meant("a") == ["a"]
    assert names.meant("EARLY") == ["a"]
    assert names.meant("late") == ["late"]
    assert names.meant("Late") == ["b", "c", "late"]
    assert names.meant("x") == []
    assert names.find("early") == "a"
    with pytest.raises(DataError, match="'Late' may be each of 3 segments here: 'b', 'c', 'late'"):
        names.find("Late")
    with pytest.raises(DataError, match=r"there is no segment 'xyz' here.*Expected one of: a, b"):
        names.find("xyz")
    long = "x" * 41
    with pytest.raises(DataError, match=rf"there is no segment '{'x' * 37}\.\.\.' here"):
        names.find(long)
    with pytest.raises(DataError, match=f"there is no segment '{'x' * 40}' here"):
        names.find(long[:40])


def test_which_keys_are_written_in_braces() -> None:
    text = parse_yaml("a: {b: 1}\nc:\n  d: 1\ne: [1]\nf: 2\n", "x")
    told = [("a",), ("c",), ("e",), ("f",), ("g",), ("a", "b"), ()]
    assert [text.in_braces(one) for one in told] == [True, *[False] * 6]
