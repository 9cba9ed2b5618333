"""What to type where a text is no YAML: the smallest change of a line after which it is read."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

#: Longer texts are not read again and again for the sake of a hint.
_LONGEST = 50_000
_KEY_AND_VALUE = re.compile(r"(?P<key>\s*(?:-\s+)*[^\s:#{}\[\]\"'][^:{}\[\]]*:\s+)(?P<value>\S.*)")
_ITEM = re.compile(r"(?P<key>\s*-\s+)(?P<value>\S.*)")
_BULLET = re.compile(r"(\s*)[•·▪◦*–—]\s*(?=\S)")
#: A text in braces that holds a colon of its own.
_IN_BRACES = re.compile(r"(?<=[{,\s])([\w-]+: )([^,{}\[\]\"']*(?:: | #)[^,{}\[\]\"']*)")


#: A text in braces that begins with a sign of YAML.
_SIGN_IN_BRACES = re.compile(r"(?<=[{,\s])([\w-]+: )([*&!@`%|>][^,{}\[\]\"']*)")


@dataclass(frozen=True)
class Repair:
    """One line that would be read: which, from which column on it changed, and why."""

    line: int  # from 0
    column: int  # from 0
    problem: str
    advice: str


def repair(
    text: str, suspects: Sequence[int], first_mistake: Callable[[str], int | None]
) -> Repair | None:
    """Return the first change of a suspect line after which the text is read beyond it.

    ``first_mistake`` returns the line at which a text stops being YAML; None: it is all YAML.
    """
    lines = text.split("\n")
    if len(text) > _LONGEST:
        return None
    asked = [n for n in dict.fromkeys(suspects) if 0 <= n < len(lines) and lines[n].strip()]
    for candidates in (_with_signs, _closed, _in_quotes, _indented, _continued):
        for line in asked:
            old = lines[line].rstrip("\r")
            for fresh, problem, advice in candidates(lines, line):
                changed = [*lines[:line], fresh, *lines[line + 1 :]]
                stops = first_mistake("\n".join(changed))
                if stops is None or stops > max(suspects):
                    same = sum(1 for _ in _common(old, fresh))
                    told = advice or f"Write: {_shown(fresh)}"
                    return Repair(line, min(same, len(old.rstrip())), problem, told)
    return None


def _common(one: str, other: str) -> Iterator[None]:
    for a, b in zip(one, other, strict=False):
        if a != b:
            return
        yield


#: A line as it could be, what was wrong, and what to do; nothing: to write it so.
_Candidates = Iterator[tuple[str, str, str]]


def _with_signs(lines: Sequence[str], line: int) -> _Candidates:
    old = lines[line].rstrip("\r")
    no_space = re.fullmatch(r"(\s*(?:-\s+)?[\w-]+):([^\s/].*)", old)
    if no_space:
        yield f"{no_space[1]}: {no_space[2]}", "there is no space after the ':'", ""
    for sign in "：=":
        found = re.fullmatch(rf"(\s*(?:-\s+)?[\w-]+)\s*{sign}\s*(.*)", old)
        if found:
            fresh = f"{found[1]}: {found[2]}".rstrip()
            yield fresh, f"{sign!r} stands where a ':' is needed", ""
    if re.match(r"\s*-[^\s-]", old):
        yield old.replace("-", "- ", 1), "there is no space after the '-'", ""
    bullet = _BULLET.match(old)
    if bullet:
        rest = old[bullet.end() :]
        item = rest if re.match(r"[\w-]+:(\s|$)", rest) else f"text: {rest}"
        yield f"{bullet[1]}- {item}", "an item begins with '- '", ""


def _in_quotes(lines: Sequence[str], line: int) -> _Candidates:
    old = lines[line].rstrip("\r")
    inside = _IN_BRACES.sub(lambda match: match[1] + quoted(match[2].rstrip()), old)
    if inside != old:
        yield inside, "a text that holds ': ' or ' #' needs quotes", ""
    signs = _SIGN_IN_BRACES.sub(lambda match: match[1] + quoted(match[2].rstrip()), old)
    if signs != old:
        found = _SIGN_IN_BRACES.search(old)
        yield signs, _why_quotes(found[2] if found else old), ""
    for pattern in (_KEY_AND_VALUE, _ITEM):
        found = pattern.fullmatch(old)
        if found:
            fresh = found["key"] + quoted(found["value"].rstrip())
            yield fresh, _why_quotes(found["value"]), ""


def _why_quotes(value: str) -> str:
    if value[0] in "\"'":
        return "the text has quotes inside its quotes"
    if value[0] in "*&!@`%|>?-[]{},":
        return f"a text that begins with {value[0]!r} needs quotes"
    return "a text that holds ': ' needs quotes" if ": " in value else "this text needs quotes"


def quoted(text: str) -> str:
    """Return a text in quotes, as YAML reads it; quotes around it are made anew."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _indented(lines: Sequence[str], line: int) -> _Candidates:
    """Yield the line as it would be in the columns in which lines above begin."""
    old, columns = lines[line], dict[int, int]()
    now = _indent(old)
    for above in range(line - 1, max(line - 40, -1), -1):
        if lines[above].strip() and not lines[above].lstrip().startswith("#"):
            dash = re.match(r"\s*(?:-\s+)+", lines[above])
            columns.setdefault(_indent(lines[above]), above)
            if dash:
                columns.setdefault(dash.end(), above)
    for column in sorted(columns, key=lambda column: (abs(column - now), column))[:6]:
        if column != now:
            with_line = f"line {columns[column] + 1}"
            spaces = "1 space" if now == 1 else f"{now} spaces"
            yield (
                " " * column + old.strip(),
                f"this line begins after {spaces}, which fits no line above it",
                f"Begin it after {column}, as {with_line} does, if they belong together.",
            )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _closed(lines: Sequence[str], line: int) -> _Candidates:
    old = lines[line].rstrip()
    for opens, closes in ("[]", "{}", '""', "''"):
        many = old.count(opens) - old.count(closes) if opens != closes else old.count(opens) % 2
        if many == 1:
            name = "quote" if opens == closes else "bracket"
            yield old + closes, f"the {name} {opens} is not closed", ""


def _continued(lines: Sequence[str], line: int) -> _Candidates:
    """Yield the line as the rest of the text above it."""
    old = lines[line].strip()
    above = next((i for i in range(line - 1, -1, -1) if lines[i].strip()), None)
    if above is None or ":" in old:
        return
    spaces = _indent(lines[above]) + 4
    yield (
        " " * spaces + old,
        f"the text of line {above + 1} goes on here, but begins too far left",
        f"Put it at the end of line {above + 1}, or begin this line with {spaces} spaces.",
    )


def _shown(line: str) -> str:
    text = line.strip()
    return text if len(text) <= 100 else f"{text[:99]}…"
