"""What text columns really hold: numbers, dates, yes or no. Used for CSV files and sheets."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb

from forwhom.tables.digits import with_plain_digits
from forwhom.tables.engine import literal, quoted
from forwhom.tables.lexicon import DATE_WORDS, ID_WORDS, NUMBER_WORDS
from forwhom.tables.signs import (
    BLANKS,
    is_booked,
    several_signs,
    sign_note,
    sign_of,
    sign_rows,
    unsigned,
    without_sign,
)
from forwhom.wording import listed, percent

#: Cells that mean "no value". Readers compare whole cells with each, so the list is short.
MISSING = ("", "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "na", "#N/A", "<NA>", ".")

#: How a note ends about a column of which some cells are no numbers or dates like the others.
AS_TEXT = "so the column was read as text."

#: Rows looked at before the whole file is asked.
SAMPLE = 1000

_PLAIN = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?i:inf|infinity)"
_TIME = r"(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:\s*[AaPp][Mm])?)?"
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p")


@dataclass(frozen=True)
class Form:
    """One way in which a column of text can be written."""

    name: str  # the form in words
    #: regular expression that a whole cell matches (the dialect that Python and RE2 share)
    pattern: str
    cast: str  # SQL that turns a cell, written ``{0}``, into the value; null where it cannot
    #: SQL that is true for the plainest cells of this form; much faster than the pattern
    quick: str = ""

    def value(self, cell: str) -> str:
        """Return SQL for the value of a cell."""
        return self.cast.replace("{0}", cell)

    def fits(self, cell: str) -> bool:
        """Return whether a cell is written so."""
        return self._compiled.fullmatch(cell) is not None

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        sign = re.compile(r"\\x\{([0-9a-f]+)\}")
        return re.compile(sign.sub(lambda match: chr(int(match[1], 16)), self.pattern))


def _date(name: str, pattern: str, *formats: str) -> Form:
    every = ", ".join(literal(form + time) for form in formats for time in _TIMES)
    return Form(name, f"{pattern}{_TIME}", f"try_strptime({{0}}, [{every}])")


#: How months begin in German, French, Spanish, Italian, Dutch, Portuguese and Polish, without
#: accents; from January on.
_MONTHS = (
    "jan|ene|gen|sty", "feb|fev|lut", "mar|mrt|maa", "apr|avr|abr|kwi", "mai|may|mag|mei|maj",
    "jun|juin|giu|cze", "jul|juil|lug|lip", "aug|aou|ago|sie", "sep|set|wrz",
    "okt|oct|out|ott|paz", "nov|lis", "dez|dec|dic|gru",
)  # fmt: skip
_LETTER = r"[A-Za-z\x{c0}-\x{17f}]"
_MONTH = " ".join(
    f"WHEN regexp_matches(strip_accents(lower({{0}})), '^[0-9]+[. ]+(de )?({said})') THEN {n}"
    for n, said in enumerate(_MONTHS, 1)
)
_WORDED = Form(
    "date",
    rf"\d{{1,2}}\.? (?:de )?{_LETTER}{{3,12}}\.?,? (?:de )?\d{{4}}"
    r"(?:,? \d{1,2}:\d{2}(?::\d{2})?)?",
    "try_strptime(concat_ws(' ', concat(regexp_extract({0}, '^[0-9]+'), '.', CASE "
    + _MONTH
    + " END, '.', regexp_extract({0}, '[0-9]{4}')), nullif(regexp_extract({0}, '[0-9]+:[0-9:]+'), "
    "'')), ['%d.%m.%Y', '%d.%m.%Y %H:%M', '%d.%m.%Y %H:%M:%S'])",
)
INTEGER = Form(
    "integer",
    r"[-+]?(?:0|[1-9][0-9]{0,18})",
    "TRY_CAST({0} AS BIGINT)",
    "CAST(TRY_CAST({0} AS BIGINT) AS VARCHAR) = trim({0})",
)
NUMBER = Form(
    "number",
    _PLAIN,
    "TRY_CAST({0} AS DOUBLE)",
    # The first character decides whether a leading zero is worth looking for.
    "TRY_CAST({0} AS DOUBLE) IS NOT NULL AND NOT contains({0}, '_') AND CASE WHEN "
    "ascii({0}) IN (43, 45, 48) THEN NOT regexp_full_match({0}, '[-+]?0[0-9]+') ELSE true END",
)
COMMA = Form(
    "decimal comma",
    r"[-+]?(?:[0-9]{1,3}(?:[. '\x{2019}\x{a0}\x{202f}][0-9]{3})+|[0-9]+)?(?:,[0-9]+)?",
    r"TRY_CAST(replace(regexp_replace({0}, '[. ''\x{2019}\x{a0}\x{202f}]', '', 'g'), ',', '.') "
    "AS DOUBLE)",
)
GROUPED = Form(
    "thousands comma",
    # 0,500 is half, not five hundred.
    r"[-+]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|" + _PLAIN,
    "TRY_CAST(replace({0}, ',', '') AS DOUBLE)",
)
SPACED = Form(
    "thousands space or apostrophe",
    r"[-+]?[0-9]{1,3}(?:[ '\x{2019}\x{a0}\x{202f}][0-9]{3})+(?:\.[0-9]+)?|" + _PLAIN,
    r"TRY_CAST(regexp_replace({0}, '[ ''\x{2019}\x{a0}\x{202f}]', '', 'g') AS DOUBLE)",
)
BOOLEAN = Form("boolean", "(?i:true|false)", "(lower({0}) = 'true')")
_ZONE = r"([-+])([0-9]{1,2}):?([0-9]{2})?$"
#: A moment beside "UTC" or "GMT+2", as forms and warehouses write it; plus is east of Greenwich.
_NAMED_ZONE = (
    "TRY_CAST(concat(strftime(coalesce(try_strptime({1}, ['%Y-%m-%d %I:%M:%S %p', "
    "'%Y-%m-%d %I:%M %p']), TRY_CAST({1} AS TIMESTAMP)) - to_minutes(coalesce(TRY_CAST(concat("
    "regexp_extract({0}, '{2}', 1), regexp_extract({0}, '{2}', 2)) AS INTEGER), 0) * 60 + "
    "coalesce(TRY_CAST(concat(regexp_extract({0}, '{2}', 1), regexp_extract({0}, '{2}', 3)) AS "
    "INTEGER), 0)), '%Y-%m-%d %H:%M:%S.%f'), '+00') AS TIMESTAMPTZ)"
).replace("{1}", "replace(regexp_replace({0}, ' *(UTC|GMT).*', ''), '/', '-')")
OFFSET = Form(
    "date with time zone",
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*"
    r"(?:[Zz]|[-+]\d{2}(?::?\d{2})?|(?:[AaPp][Mm] ?)?(?:UTC|GMT)(?:[-+]\d{1,2}(?::?\d{2})?)?)",
    # The engine wants no space before the zone: shops write 13:15:30 +0200.
    "CASE WHEN regexp_matches({0}, 'UTC|GMT') THEN " + _NAMED_ZONE.replace("{2}", _ZONE) + " ELSE "
    "TRY_CAST(regexp_replace({0}, '(\\d)\\s+([-+]\\d)', '\\1\\2') AS TIMESTAMPTZ) END",
)
ISO = Form(
    "date",
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}{_TIME}",
    "TRY_CAST({0} AS TIMESTAMP)",
    "TRY_CAST({0} AS TIMESTAMP) IS NOT NULL AND substr({0}, 5, 1) = '-'",
)
COMPACT = Form("compact date", r"(?:19|20)\d{6}", "try_strptime({0}, '%Y%m%d')")
MONTH_FIRST = _date("month/day/year", r"\d{1,2}/\d{1,2}/\d{4}", "%m/%d/%Y")
DAY_FIRST = _date("day/month/year", r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y")
MONTH_FIRST_SHORT = _date("month/day/year", r"\d{1,2}/\d{1,2}/\d{2}", "%m/%d/%y")
DAY_FIRST_SHORT = _date("day/month/year", r"\d{1,2}/\d{1,2}/\d{2}", "%d/%m/%y")
MONTH_DASHED = _date("month-day-year", r"\d{1,2}-\d{1,2}-\d{4}", "%m-%d-%Y")
DAY_DASHED = _date("day-month-year", r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y")
_OTHER_DATES = (
    _date("date", r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    _date("date", r"\d{4}\.\d{1,2}\.\d{1,2}\.?", "%Y.%m.%d", "%Y.%m.%d."),
    _date("date", r"\d{4}年\d{1,2}月\d{1,2}日", "%Y年%m月%d日"),
    _date("date", r"\d{4}년 ?\d{1,2}월 ?\d{1,2}일", "%Y년 %m월 %d일", "%Y년%m월%d일"),
    _date("date", r"\d{4}\. \d{1,2}\. \d{1,2}\.?", "%Y. %m. %d", "%Y. %m. %d."),
    _date("date", r"\d{1,2}\.\d{1,2}\.\d{4},?", "%d.%m.%Y", "%d.%m.%Y,"),
    _date("date", r"\d{1,2}\.\d{1,2}\.\d{2}", "%d.%m.%y"),
    _date("date", r"\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{4}", "%d-%b-%Y", "%d %b %Y", "%d %B %Y"),
    _date(
        "date",
        r"[A-Za-z]{3,9} \d{1,2}, ?\d{4},?",
        "%b %d, %Y",
        "%B %d, %Y",
        "%b %d, %Y,",
        "%B %d, %Y,",
    ),
    _WORDED,
)
#: Month first, day first, and which it is when nothing tells.
_AMBIGUOUS = (
    (MONTH_FIRST, DAY_FIRST, MONTH_FIRST),
    (MONTH_FIRST_SHORT, DAY_FIRST_SHORT, MONTH_FIRST_SHORT),
    (MONTH_DASHED, DAY_DASHED, DAY_DASHED),
)
#: In the order of preference.
_FORMS = (
    INTEGER, NUMBER, COMMA, GROUPED, SPACED, BOOLEAN, OFFSET, ISO,
    MONTH_FIRST, DAY_FIRST, MONTH_FIRST_SHORT, DAY_FIRST_SHORT, MONTH_DASHED, DAY_DASHED,
    *_OTHER_DATES,
)  # fmt: skip
_DATES = (COMPACT, *_FORMS[_FORMS.index(OFFSET) :])
#: Digits from here on may be more than a whole number holds exactly.
_LONG = 19
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_BLANKS = ", ".join(literal(blank) for blank in BLANKS)


@dataclass(frozen=True)
class _Evidence:
    """How many cells of a column do not match each form, and what else decides."""

    filled: int
    failures: Mapping[Form, int]
    decimal_comma: bool
    clock: bool
    quick: bool
    blanks: int = 0


@dataclass(frozen=True)
class _Look:
    """What the first rows of a column say: forms that nearly all match, and what else decides."""

    forms: tuple[Form, ...]
    sign: str = ""
    pointed: bool = False
    numbers: float = 0.0
    booked: str = ""  # a cell that is less than nothing as books write it
    signs: tuple[str, ...] = ()  # of money, where cells are numbers with different ones


def typed(
    rows: duckdb.DuckDBPyRelation,
) -> tuple[duckdb.DuckDBPyRelation, list[str], dict[str, str]]:
    """Turn columns of text into what they hold, looking at every row.

    The signs, such as €, are those that were taken off numbers, by column.
    """
    rows, digits = with_plain_digits(rows, sample := _clean(rows).limit(SAMPLE).fetchall())
    sample = _clean(rows).limit(SAMPLE).fetchall() if digits else sample
    looks = _looks(_clean(rows), sample)
    signs = {column: look.sign for column, look in looks.items() if look.sign}
    evidence = _gathered(rows, {c: look.forms for c, look in looks.items()}, signs)
    comma_file = any(e.decimal_comma for e in evidence.values())
    month_first = _month_first(evidence)
    notes = digits
    cells = []
    taken = {}
    for column, look in looks.items():
        found = evidence.get(column)
        form = _decide(column, found, comma_file, month_first, notes)
        notes += _notes(rows, column, look, found, form)
        if form is not None and look.sign:
            taken[column] = look.sign
        cells.append(f"{_cast(column, form, found, look.sign)} AS {quoted(column)}")
    return rows.select(", ".join(cells)), notes, taken


def _clean(
    rows: duckdb.DuckDBPyRelation, signs: Mapping[str, str] | None = None
) -> duckdb.DuckDBPyRelation:
    cells = (f"{_trimmed(c, (signs or {}).get(c, ''))} AS {quoted(c)}" for c in rows.columns)
    return rows.select(", ".join(cells))


def _trimmed(column: str, sign: str = "") -> str:
    return f"nullif({unsigned(f'trim({quoted(column)})', sign)}, '')"


def _looks(
    clean: duckdb.DuckDBPyRelation, sample: Sequence[tuple[str | None, ...]]
) -> dict[str, _Look]:
    """Look at the first rows of each column."""
    found = {}
    for index, column in enumerate(clean.columns):
        cells = [cell for row in sample if (cell := row[index]) is not None]
        if not cells and len(sample) == SAMPLE:  # filled only further down
            later = clean.filter(f"{quoted(column)} IS NOT NULL").select(quoted(column))
            cells = [row[0] for row in later.limit(SAMPLE).fetchall()]
        found[column] = _look(column, cells)
    return found


def _look(column: str, cells: list[str]) -> _Look:
    sign = sign_of(cells)
    bare = [without_sign(cell, sign) for cell in cells] if sign else cells
    filled = [cell for cell in bare if cell not in BLANKS]
    counts, tokens = Counter(filled), _tokens(column)
    if _is_long_id(tokens, filled):
        return _Look((INTEGER,))
    forms = (COMPACT, *_FORMS) if tokens & DATE_WORDS else _FORMS
    kept = tuple(form for form in forms if _mostly(form, counts))
    if kept:
        booked = next((cell for cell in cells if is_booked(cell)), "") if sign else ""
        return _Look(kept, sign, NUMBER in kept and _is_pointed(filled), booked=booked)
    plain = sum(NUMBER.fits(cell) for cell in filled)
    return _Look((), numbers=plain / max(len(filled), 1), signs=several_signs(cells))


def _is_long_id(tokens: set[str], cells: Sequence[str]) -> bool:
    """Whether digits are an id that no number holds exactly: 20 of them, as in a card number."""
    long = [cell for cell in cells if len(cell) >= _LONG and cell.isdecimal()]
    alike = {len(cell) for cell in cells} == {len(cell) for cell in long}
    return bool(long) and (alike or bool(tokens & (ID_WORDS | NUMBER_WORDS)))


def _is_pointed(cells: Sequence[str]) -> bool:
    """Whether every point could separate thousands, as in 1.234."""
    pointed = [cell for cell in cells if "." in cell]
    return bool(pointed) and all(
        _THOUSANDS.fullmatch(cell) if "." in cell else len(cell.lstrip("-+")) <= 3 for cell in cells
    )


def _mostly(form: Form, cells: Counter[str]) -> bool:
    missed, allowed = 0, cells.total() // 10
    for cell, n in cells.items():
        missed += 0 if form.fits(cell) else n
        if missed > allowed:
            return False
    return bool(cells)


def _tokens(name: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return set(re.split(r"[^a-z]+", spaced.lower()))


def _gathered(
    rows: duckdb.DuckDBPyRelation,
    plausible: Mapping[str, tuple[Form, ...]],
    signs: Mapping[str, str],
) -> dict[str, _Evidence]:
    """Ask every row: plain numbers and dates by quick questions, the rest by patterns."""
    commas = any(COMMA in forms and NUMBER not in forms for forms in plausible.values())
    quick = {
        column: kept
        for column, forms in plausible.items()
        if (kept := tuple(form for form in forms if form.quick))
        and COMPACT not in forms
        and column not in signs
        and not (commas and COMMA in forms)
    }
    found = _evidence(rows, quick, quick=True) if quick else {}
    again = {column for column in quick if 0 not in found[column].failures.values()}
    slow = {c: f for c, f in plausible.items() if f and (c not in quick or c in again)}
    found |= _evidence(_clean(rows, signs), slow) if slow else {}
    if any(e.decimal_comma for e in found.values()):
        pointed = {c: plausible[c] for c in quick if found[c].failures.get(INTEGER, 1)}
        pointed = {c: f for c, f in pointed.items() if COMMA in f and c not in slow}
        found |= _evidence(_clean(rows), pointed) if pointed else {}
    if not found:
        rows.aggregate(f"count({quoted(rows.columns[0])})").fetchall()  # damage must show now
    return found


def _evidence(
    rows: duckdb.DuckDBPyRelation, asked: Mapping[str, tuple[Form, ...]], *, quick: bool = False
) -> dict[str, _Evidence]:
    """Ask every row, in one pass, about some forms of each column."""
    parts = []
    for column, forms in asked.items():
        cell = quoted(column)
        parts += [f"count({cell})"]
        blank = f"{cell} IN ({_BLANKS})"
        for form in forms:
            fits = form.quick.replace("{0}", cell) if quick else _matches(cell, form)
            # A yes-or-no question has no form for neither.
            fits += "" if quick or form is BOOLEAN else f" OR {blank}"
            parts += [f"count_if({cell} IS NOT NULL AND NOT coalesce({fits}, false))"]
        parts += ["0" if quick else f"count_if({blank})"]
        told = f"regexp_matches({cell}, ',([0-9]{{1,2}}|[0-9]{{4,}})$|[.][0-9]{{3}},')"
        parts += [f"count_if({told})" if COMMA in forms else "0"]
        parts += [f"count_if(contains({cell}, ':'))" if set(forms) & set(_DATES) else "0"]
    (row,) = rows.aggregate(", ".join(parts)).fetchall()
    answer = iter(int(value or 0) for value in row)
    found = {}
    for column, forms in asked.items():
        filled = next(answer)
        failures = {form: next(answer) for form in forms}
        blanks, commas, clocks = next(answer), next(answer), next(answer)
        decimal = commas > 0 and failures.get(COMMA, 1) == 0
        found[column] = _Evidence(filled, failures, decimal, clocks > 0, quick, blanks)
    return found


def _matches(cell: str, form: Form) -> str:
    pattern = f"regexp_full_match({cell}, {literal(form.pattern)})"
    if form in (NUMBER, COMMA, GROUPED, SPACED):
        pattern += f" AND NOT regexp_full_match({cell}, '[-+]?0[0-9]+')"
    return f"({pattern} AND {form.value(cell)} IS NOT NULL)"


def _month_first(evidence: Mapping[str, _Evidence]) -> bool | None:
    """Return which order the unambiguous dates of the file use; ``None`` when none tells."""
    votes = set()
    for column in evidence.values():
        for month, day, _ in _AMBIGUOUS:
            if month in column.failures and day in column.failures and column.filled:
                month_ok, day_ok = column.failures[month] == 0, column.failures[day] == 0
                if month_ok != day_ok:
                    votes.add(month_ok)
    return votes.pop() if len(votes) == 1 else None


def _decide(
    column: str,
    evidence: _Evidence | None,
    comma_file: bool,
    month_first: bool | None,
    notes: list[str],
) -> Form | None:
    if evidence is None or evidence.filled == 0:
        return None
    fitting = [form for form, failed in evidence.failures.items() if failed == 0]
    if not fitting or evidence.blanks == evidence.filled:
        return None
    if COMMA in fitting and INTEGER not in fitting and comma_file:
        # In a file with decimal commas, 1.234 is one thousand two hundred and thirty-four.
        return COMMA
    if COMMA in fitting and GROUPED in fitting and NUMBER not in fitting:
        notes.append(f"{column!r}: commas such as in 1,234 were read as thousands separators.")
        return GROUPED
    for month, day, usual in _AMBIGUOUS:
        if month in fitting and day in fitting:
            if month_first is None:
                # Who writes decimal commas writes the day first.
                read = day if comma_file else usual
                notes.append(
                    f"{column!r}: day and month cannot be told apart (no day is above 12); dates "
                    f"were read as {read.name}. Write them as 2017-12-31 to be sure."
                )
                return read
            return month if month_first else day
    return fitting[0]


def _notes(
    rows: duckdb.DuckDBPyRelation,
    column: str,
    look: _Look,
    evidence: _Evidence | None,
    form: Form | None,
) -> list[str]:
    """Say what else a reader should know about how a column was read."""
    if form is None:
        return _stray(rows, column, look, evidence)
    notes = [note] if look.sign and (note := sign_note(column, look.sign)) else []
    if look.booked:
        how = "(12.50)" if look.booked.startswith("(") else "12.50-"
        notes.append(f"{column!r}: numbers such as {how} were read as negative.")
    if evidence is not None and evidence.blanks:
        notes.append(
            f"{column!r}: {evidence.blanks} cells say that there is no value, such as '-' or "
            "'unknown', and count as missing."
        )
    if form is NUMBER and look.pointed:
        notes.append(
            f"{column!r}: points such as in 1.234 were read as decimal points. If they separate "
            "thousands, write the numbers without them."
        )
    return notes


def _stray(
    rows: duckdb.DuckDBPyRelation, column: str, look: _Look, evidence: _Evidence | None
) -> list[str]:
    """Say why a column that looks like numbers or dates was read as text."""
    where = f"{column!r}: "
    if look.signs:
        return [f"{where}{_several_currencies(rows, column, look.signs)}"]
    if evidence is None or not evidence.filled:
        if look.numbers < 0.5:
            return []
        return [
            f"{where}{percent(look.numbers)} of the first values are numbers and the others are "
            f"not, {AS_TEXT}"
        ]
    form, failed = min(evidence.failures.items(), key=lambda item: item[1])
    if failed == 0 or failed > 0.1 * evidence.filled or form is BOOLEAN:
        return []
    what = "dates" if form in _DATES else "numbers"
    return [
        f"{where}{failed} of {evidence.filled} values are not {what} like the others (row "
        f"{_first_rows(rows, column, form, look.sign)}; row 1 is the first with data), {AS_TEXT}"
    ]


def _several_currencies(rows: duckdb.DuckDBPyRelation, column: str, signs: Sequence[str]) -> str:
    told = [
        f"{cells} in {sign} (row {', '.join(map(str, first))}{', ...' if cells > 3 else ''})"
        for sign, (cells, first) in sign_rows(rows, column, signs).items()
    ]
    return (
        f"amounts in several currencies, {listed(told)}; row 1 is the first with data. They cannot "
        f"be added up, {AS_TEXT} Convert them to one currency, or write the currency in a column "
        "of its own."
    )


def _first_rows(rows: duckdb.DuckDBPyRelation, column: str, form: Form, sign: str) -> str:
    """Return the numbers of the first rows whose cell has not the form."""
    cell = "forwhom_cell"
    numbered = rows.select(f"row_number() OVER () AS forwhom_n, {_trimmed(column, sign)} AS {cell}")
    odd = f"NOT coalesce({_matches(cell, form)} OR {cell} IN ({_BLANKS}), false)"
    found = numbered.filter(f"{cell} IS NOT NULL AND {odd}").select("forwhom_n")
    several = [str(row[0]) for row in found.order("forwhom_n").limit(4).fetchall()]
    return ", ".join(several[:3]) + (", ..." if len(several) > 3 else "")


def _cast(column: str, form: Form | None, evidence: _Evidence | None, sign: str) -> str:
    if form is None or evidence is None:
        return _trimmed(column)
    cast = form.value(quoted(column) if evidence.quick else _trimmed(column, sign))
    if form in _DATES and form is not OFFSET and not evidence.clock:
        return f"CAST({cast} AS DATE)"
    return cast
