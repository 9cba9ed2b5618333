"""The rules: one file each under ``rules/<group>/``, found by looking there."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from forwhom.errors import OptionError, nearest
from forwhom.lint.diagnostic import Finding, Severity
from forwhom.lint.view import View

Check = Callable[[View], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule of the linter; its documentation is the docstring of its check."""

    code: str  # its code, such as ``FW101``; it never changes
    severity: Severity  # how much its findings matter
    check: Check  # yields what it finds
    words: bool = False  # whether it needs the word lists of the canvas's language
    last: bool = False  # whether it looks at the findings of the other rules

    @property
    def name(self) -> str:
        """Its name, such as ``compound-job``."""
        return self.check.__name__.replace("_", "-")

    @property
    def group(self) -> str:
        """The group that it belongs to, such as ``statements``."""
        return self.check.__module__.split(".")[-2]

    @property
    def series(self) -> str:
        """What the codes of its group begin with, such as ``FW1`` for ``FW101``."""
        return self.code[:-2]

    @property
    def summary(self) -> str:
        """What it finds, in one sentence."""
        return self.documentation.split("\n", 1)[0]

    @property
    def documentation(self) -> str:
        """Its whole documentation, in Markdown."""
        return inspect.getdoc(self.check) or ""

    @cached_property
    def sections(self) -> dict[str, str]:
        """The parts of its documentation, by heading."""
        parts = re.split(r"^## (.*)\n", self.documentation, flags=re.MULTILINE)
        return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def rule(
    code: str, severity: Severity = "warning", *, words: bool = False, last: bool = False
) -> Callable[[Check], Rule]:
    """Make a check a rule: its name is the function's, its documentation the docstring."""
    return lambda check: Rule(code, severity, check, words, last)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return all rules, in the order of their codes."""
    package = importlib.import_module("forwhom.lint.rules")
    found = [
        value
        for module in pkgutil.walk_packages(package.__path__, "forwhom.lint.rules.")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Rule)
    ]
    return tuple(sorted(found, key=lambda one: int(one.code[2:])))


@cache
def groups() -> tuple[str, ...]:
    """Return the names of the groups, in the order of their codes."""
    return tuple(dict.fromkeys(one.group for one in all_rules()))


def find_rules(word: str) -> tuple[Rule, ...]:
    """Return the rules that a code, a name or a group stands for.

    A group also goes by what the codes of its rules begin with: ``FW9`` is ``FW901`` and those
    after it, ``FW10`` is ``FW1001`` and those after it, and never a part of another group.
    """
    wanted = word.strip().lower()
    found = tuple(
        one for one in all_rules()
        if wanted in (one.code.lower(), one.name, one.group, one.series.lower())
    )  # fmt: skip
    if found:
        return found
    near = nearest(
        word, [*groups(), *(one.name for one in all_rules()), *(r.code for r in all_rules())]
    )
    raise OptionError(
        f"there is no rule or group {word!r}.",
        near or "'forwhom lint --list' shows all rules; the groups are: " + ", ".join(groups()),
    )


def chosen(select: Iterable[str], ignore: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules to run: those selected (none: all), without those ignored."""
    wanted = {one.code for word in select for one in find_rules(word)}
    unwanted = {one.code for word in ignore for one in find_rules(word)}
    every = all_rules() if not wanted else (one for one in all_rules() if one.code in wanted)
    return tuple(one for one in every if one.code not in unwanted)
