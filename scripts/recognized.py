"""Find in the sources what rooms say in English that know no language, as messages of catalogs.

What they say is told again by being recognized (`forwhom.languages.retelling`): an error, a
finding of the linter, why a column is used. Here each such text becomes a message, with a name in
braces where a value stands. What an ``if`` inside a text chooses makes a message for each choice.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ruamel.yaml import YAML

from forwhom.lint.registry import all_rules

#: Rooms and files whose words are recognized: what a table, a study or a canvas lacks.
HEARD = (
    "choices/", "customers/", "documents/", "errors.py", "evidence/", "features/", "lint/",
    "mixture/", "personas/", "pipeline/canvases", "pipeline/contracts", "pipeline/describing",
    "pipeline/discovery", "pipeline/everybody", "pipeline/few", "pipeline/importing",
    "pipeline/keeping", "pipeline/methods", "pipeline/nextsteps", "pipeline/options",
    "pipeline/period", "pipeline/prospects", "pipeline/purchases", "pipeline/refreshing",
    "pipeline/scoring", "pipeline/valuing", "tables/", "web/", "workspace/",
)  # fmt: skip
#: Lists of words, files that are written, the doors of the library, and what pages do not reach.
UNHEARD = (
    "choices/ballots", "choices/gaps/", "customers/clues", "customers/history",
    "customers/querying", "customers/spreadsheet", "customers/spss", "customers/texting",
    "customers/trials", "documents/again", "documents/answer", "documents/canvas/drafting",
    "documents/canvas/exchange/table/captions", "documents/canvas/seeding",
    "documents/canvas/skeleton", "documents/canvasdefense", "documents/defense",
    "documents/experiment", "documents/fairness", "documents/ledger", "documents/nouns",
    "documents/refresh", "documents/results/", "documents/schemas", "documents/separateness",
    "documents/separation", "documents/slips", "documents/structure", "documents/testcards",
    "documents/value", "documents/verdict", "documents/worth", "evidence/comparison",
    "evidence/covariates", "evidence/outcomes", "evidence/threestep",
    "lint/configuration", "lint/output", "mixture/arrays", "mixture/estimator", "mixture/spark",
    "mixture/sql", "personas/labels", "personas/names", "tables/__init__", "tables/lexicon",
    "tables/ordering", "tables/rules", "tables/scripts", "tables/spark", "web/api",
)  # fmt: skip
#: What is compared with, or caught where it is raised: nobody reads it.
UNSAID = frozenset(
    {
        "CSV Parser state machine reached an invalid state",
        "first to (the )?last",
        "gaussian",
        "report",
        "segmentation",
        "the {part} of {id}",
        "{column}: ever",
        "{label} known",
        "{name} from {first} to {second}",
        "{label} unknown",
        "{labels}: ever",
        "chose {text}",
        "little {short}",
        "never {rest}",
        "open-ended response",
        "the last encoding is read, or refused",
        "there is no swapping of folders here",
    }
)
#: Rooms whose other texts are addresses, styles and formulas: only what they refuse is heard.
REFUSING = ("choices/", "mixture/", "web/", "workspace/")
#: What marks a message in Python and in templates of pages, and which arguments it has.
MARKS = {
    "tr": (1,),
    "later": (1,),
    "tr_in": ((1, "c"), 2),
    "later_in": ((1, "c"), 2),
    "tr_count": (1, 2),
    "tr_counted": (1, 2),
    "tr_few": (1, 2),
    "later_count": (1, 2),
    "later_count_in": ((1, "c"), 2, 3),
    "tr_count_in": ((1, "c"), 2, 3),
}
#: Keywords of calls that hold no words for people who look at a page.
_ASIDE = frozenset({"description", "pattern", "title", "alias", "deprecated", "examples"})
#: More choices within one text than this are not written out.
_MOST_CHOICES = 12
_WORDS = re.compile(r"(?<![\w{.])[a-z]{2,}(?![\w}])")
_CODE = re.compile(
    r"\(\?|\([\w ]+\||\w\|\w"
    r"|\b(SELECT|FROM|WHERE|CAST|OVER|VALUES|INTO|NULL|PRAGMA|ATTACH|ORDER BY|FILTER)\b"
    r"|^\s*[<#]|^--|://|\\[dbws]|\[\w+ \||^tag:|\w=\(\)|\]\[|[a-z]+,[a-z]+->|[a-z]\([{*D]|yyyy"
    r"|^\s*(- )?[a-z]+: \"?\{\w+\}\"?$"
)
_SENTENCES = re.compile(r"(?<=[.?!]) (?=[A-Z\"“])")
#: How many letters of ours stand beside values, so that a text is surely the message.
_LETTERS = 5
#: Values within values are followed this far.
_DEEPEST = 3
#: How many words of ours make a text that is recognized wherever it stands.
_FEWEST = 3


def recognized(name: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each message of a file and its plural, which is empty where it has none."""
    if not name.startswith(HEARD) or name.startswith(UNHEARD):
        return
    seen: set[int] = set(_aside(tree))
    values = _Values(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _counted(node)
        for text, fewest, raised in _texts(node):
            if id(text) in seen or (not raised and name.startswith(REFUSING)):
                continue
            said = [m for m in _messages(text) if _has_words(m, fewest)]
            if said or not isinstance(text, ast.Constant):
                seen.update(id(one) for one in ast.walk(text))
            yield from ((one, "") for one in said)
            if said:
                yield from ((one, "") for one in values.of(text, seen))


class _Values:
    """What the values in texts of a file can be, where that is words: each is a message too."""

    def __init__(self, tree: ast.Module) -> None:
        self._given: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assigned(target, node.value)
            elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
                self._assigned(node.target, node.value)
            elif isinstance(node, ast.FunctionDef):
                returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
                returned += [one.value for one in ast.walk(node) if isinstance(one, ast.Yield)]
                self._given.setdefault(node.name, []).extend(filter(None, returned))

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._given.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple):
            for one in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
                if isinstance(one, ast.Tuple) and len(one.elts) == len(target.elts):
                    for part, given in zip(target.elts, one.elts, strict=True):
                        self._assigned(part, given)

    def of(self, text: ast.expr, seen: set[int], depth: int = 0) -> Iterator[str]:
        """Yield the messages that stand in the places of a text."""
        for place in (n.value for n in ast.walk(text) if isinstance(n, ast.FormattedValue)):
            for given in self._of_value(place):
                if id(given) in seen:
                    continue
                seen.update(id(one) for one in ast.walk(given))
                yield from (one for one in _messages(given) if _has_words(one, 0))
                if depth < _DEEPEST:
                    yield from self.of(given, seen, depth + 1)

    def _of_value(self, value: ast.expr) -> Iterator[ast.expr]:
        """Yield the texts that an expression may be."""
        if _is_text(value):
            yield value
        elif isinstance(value, ast.IfExp):
            yield from (one for part in (value.body, value.orelse) for one in self._of_value(part))
        elif isinstance(value, ast.BoolOp | ast.Dict):
            yield from (one for part in value.values for one in self._of_value(part))
        elif isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name):
            yield from (
                one
                for given in self._given.get(value.value.id, [])
                if isinstance(given, ast.Dict)
                for one in self._of_value(given)
            )
        else:
            name = _called(value) if isinstance(value, ast.Call) else getattr(value, "id", "")
            for given in self._given.pop(name, []):
                yield from self._of_value(given)


def _has_words(message: str, fewest: int) -> bool:
    """Whether a message holds words of ours, and is no code, address or list of words."""
    if message in UNSAID:
        return False
    if not is_telling(message):
        return False  # a text such as "x of y" is anything
    if fewest or " " in message.strip():
        return len(_WORDS.findall(_bare(message))) >= max(fewest, 1) and not _is_code(message)
    return re.fullmatch(r" ?[a-z]{2,}(-[a-z]+)* ?", message) is not None


def is_telling(message: str) -> bool:
    """Whether so much of a message is ours that a text is surely the message."""
    return "{" not in message or sum(c.isalpha() for c in _bare(message)) >= _LETTERS


def _aside(tree: ast.Module) -> Iterator[int]:
    """Yield what is no text for a reader: docstrings, words marked already, lists of words."""
    for node in ast.walk(tree):
        aside: list[ast.AST] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside = [node.value]
        elif isinstance(node, ast.Call):
            called = _called(node)
            if called in MARKS or called in ("count", "few_of"):
                aside = list(node.args)
            elif called in ("split", "splitlines", "compile", "getLogger"):
                aside = [node]
            aside += [one.value for one in node.keywords if one.arg in _ASIDE]
        elif isinstance(node, ast.Subscript | ast.Assert | ast.Compare):
            aside = [node]
        yield from (id(one) for root in aside for one in ast.walk(root))


def _called(node: ast.Call) -> str:
    called = node.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _texts(node: ast.AST) -> Iterator[tuple[ast.expr, int, bool]]:
    """Yield the texts that begin at a node, their fewest words, and whether one is surely said."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        yield from ((one, 1, True) for one in node.exc.args if _is_text(one))
    elif isinstance(node, ast.Call) and _called(node) == "Finding":
        yield from ((one, 1, True) for one in node.args[1:3] if _is_text(one))
    elif isinstance(node, ast.expr) and not isinstance(node, ast.IfExp) and _is_text(node):
        yield node, 1 if isinstance(node, ast.JoinedStr) else _FEWEST, False


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and (_is_text(node.left) or _is_text(node.right))
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) and _is_text(node.orelse)
    return isinstance(node, ast.JoinedStr)


#: A text in parts: words of ours, or what is computed.
Parts = tuple["str | ast.expr", ...]


def _choices(node: ast.expr) -> list[Parts]:
    """Return what a text can be: one for each way through what an ``if`` in it chooses."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [(node.value,)]
    if isinstance(node, ast.FormattedValue):
        return _choices(node.value) if _is_text(node.value) else [(node.value,)]
    if isinstance(node, ast.IfExp) and _is_text(node):
        return [*_choices(node.body), *_choices(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return _product([_choices(one) for one in node.values], node)
    if isinstance(node, ast.BinOp) and _is_text(node):
        return _product([_choices(node.left), _choices(node.right)], node)
    return [(node,)]


def _product(parts: list[list[Parts]], node: ast.expr) -> list[Parts]:
    made: list[Parts] = [()]
    for options in parts:
        if len(made) * len(options) > _MOST_CHOICES:
            options = [(node,)] if len(options) > 1 else options  # noqa: PLW2901
        made = [(*before, *after) for before in made for after in options]
    return made


def _messages(node: ast.expr) -> Iterator[str]:
    """Yield the messages of a text, with a name for each value."""
    for parts in _choices(node):
        names: dict[str, str] = {}
        for one in (part for part in parts if not isinstance(part, str)):
            names.setdefault(ast.unparse(one), _free(_name(one), names.values()))
        yield "".join(
            part.replace("{", "{{").replace("}", "}}")
            if isinstance(part, str)
            else f"{{{names[ast.unparse(part)]}}}"
            for part in parts
        )


def _name(value: ast.expr) -> str:
    """Return a name for a value, from how it is computed."""
    if isinstance(value, ast.Name):
        return value.id.strip("_").lower() or "value"
    if isinstance(value, ast.Attribute):
        return value.attr.strip("_").lower()
    if isinstance(value, ast.Subscript):
        return _name(value.value)
    if isinstance(value, ast.Call):
        called = _called(value)
        if called in ("count", "counted") and len(value.args) > 1:
            return "n"
        if called == "len":
            return "n"
        if called == "join" or called in ("listed", "joined", "beside", "sorted", "str", "repr"):
            return _name(value.args[0]) if value.args else "names"
        if value.args:
            return _name(value.args[0])
        return _name(value.func)
    inner = [one for one in ast.walk(value) if isinstance(one, ast.Name | ast.Attribute)]
    return _name(inner[0]) if inner else "value"


def _free(name: str, taken: Iterable[str]) -> str:
    used = set(taken)
    numbered = (f"{name}{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in used)


def _counted(node: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield what a number of things is called, where `wording.count` or a like is given it."""
    words = [one.value for one in node.args[1:3] if isinstance(one, ast.Constant)]
    if (
        _called(node) not in ("count", "few_of")
        or not words
        or not all(isinstance(w, str) for w in words)
    ):
        return
    one = str(words[0])
    yield f"{{n}} {one}", f"{{n}} {words[1] if len(words) > 1 else one + 's'}"


def _is_code(message: str) -> bool:
    return " " not in message or _CODE.search(message) is not None


def _bare(message: str) -> str:
    return re.sub(r"\{\w+\}", "", message)


def form_of(message: str) -> str:
    """Return a message without the names of its values."""
    return re.sub(r"\{\w+\}", "{}", message)


def of_file(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield each message that a file of Python says to be recognized, and its plural."""
    if name.startswith(HEARD):
        yield from recognized(name, ast.parse(path.read_text(encoding="utf-8")))


def of_layouts(sources: Path) -> Iterator[tuple[str, str]]:
    """Yield what the layout of an export is called, and what it says in words."""
    for path in sorted((sources / "documents" / "layouts").glob("*.yaml")):
        layout = YAML(typ="safe").load(path)
        words = (layout["title"], *layout.get("says", []), *layout.get("unknown", []))
        yield from ((path.relative_to(sources).as_posix(), one) for one in words)


def of_rules() -> Iterator[tuple[str, str]]:
    """Yield in which file a rule of the linter stands, and each sentence of why it matters."""
    for rule in all_rules():
        name = rule.check.__module__.removeprefix("forwhom.").replace(".", "/") + ".py"
        why = " ".join(rule.sections["Why it matters"].split())
        yield from ((name, one) for one in _SENTENCES.split(why))
