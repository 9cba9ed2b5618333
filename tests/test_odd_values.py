"""Whatever a function of the library is given by mistake, it says so in words."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

import forwhom as fw
from forwhom.errors import ForwhomError


def needed(function: Callable[..., Any]) -> tuple[int, list[str]]:
    """Return how many values a function needs, and the names of those that need one."""
    every = inspect.signature(function).parameters.values()
    wanted = [one for one in every if one.default is one.empty and "VAR" not in one.kind.name]
    named = [one.name for one in wanted if one.kind is one.KEYWORD_ONLY]
    return len(wanted) - len(named), named


FUNCTIONS = {
    name: needed(getattr(fw, name))
    for name in sorted(fw.__all__)
    if callable(getattr(fw, name)) and not inspect.isclass(getattr(fw, name))
}


@pytest.mark.parametrize("value", [None, 5, [], b"x", object()], ids=lambda value: repr(value)[:7])
@pytest.mark.parametrize("name", [name for name, wanted in FUNCTIONS.items() if any(wanted)])
def test_a_value_of_another_kind_is_refused_in_words(name: str, value: object) -> None:
    count, named = FUNCTIONS[name]
    with suppress(ForwhomError):
        getattr(fw, name)(*[value] * count, **dict.fromkeys(named, value))
