"""What is worked out once is given to all who ask for the same, and to nobody else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from forwhom.web.server.keeping import Kept


def test_who_asks_while_it_is_made_waits_for_it() -> None:
    kept, made, go = Kept[int](4), list[int](), threading.Event()

    def make() -> int:
        made.append(1)
        go.wait()
        return 7

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(kept.get, "key", make) for _ in range(8)]
        go.set()
        assert [one.result() for one in asked] == [7] * 8
    assert made == [1]


def test_the_oldest_go_and_what_went_wrong_is_tried_again() -> None:
    kept, made = Kept[str](2), list[str]()

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, lambda key=key: make(key)) == key
    assert made == ["a", "b", "c", "b"]  # "a" was asked for between, so "b" was the oldest
    with pytest.raises(ZeroDivisionError):
        kept.get("wrong", lambda: 1 // 0)
    assert kept.get("wrong", lambda: "right") == "right"
