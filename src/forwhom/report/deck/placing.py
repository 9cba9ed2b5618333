"""Where everything stands on slides: what has no room goes on to a further one, nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forwhom.languages.catalog import tr
from forwhom.report.deck.boards import PlacedBox, placed_board
from forwhom.report.deck.measures import (
    BOTTOM,
    COVER_TITLE,
    COVER_UNDER,
    GUTTER,
    INNER,
    LOOKS,
    MARGIN,
    SCALES,
    TITLE_HEIGHT,
    TITLE_LEADING,
    TITLE_SIZES,
    TOP,
    Lettering,
    rejoined,
    rows_of,
    rows_of_paragraph,
)
from forwhom.report.deck.pages import Bars, Board, Break, Deck, Grid, Page, Part, Points, Text
from forwhom.report.deck.tables import PlacedGrid, Table, tables_of

#: Heights of a bar, of what stands around bars, and of a plot.
_BAR, _AROUND, _PLOT = 34.0, 26.0, 380.0
_LEAST_PLOT = 220.0
#: A board that has less room stands on a slide of its own.
_LEAST_BOARD = 330.0


@dataclass(frozen=True)
class PlacedText:
    """Paragraphs below each other, with how each looks."""

    x: float
    y: float
    width: float
    height: float
    texts: tuple[tuple[Text, Lettering], ...]


@dataclass(frozen=True)
class PlacedChart:
    """A chart with its place."""

    x: float
    y: float
    width: float
    height: float
    chart: Bars | Points


Placed = PlacedText | PlacedChart | PlacedGrid | PlacedBox


@dataclass(frozen=True)
class Slide:
    """A title that fits at its size, and everything under it."""

    title: str
    size: float
    placed: tuple[Placed, ...]


@dataclass(frozen=True)
class Cover:
    """The title slide: the title at its size, and what stands under it."""

    title: str
    size: float
    texts: tuple[tuple[Text, Lettering], ...]


def cover(deck: Deck) -> Cover:
    """Return the title slide; what has no room on it stands on the next one."""
    title, size = _title(deck.title, sizes=(36.0, *TITLE_SIZES), height=COVER_TITLE)
    scale, room = _on_cover(deck)
    texts = tuple((text, LOOKS[text.look].scaled(scale)) for text in deck.under[:room])
    return Cover(title, size, texts)


def _on_cover(deck: Deck) -> tuple[float, int]:
    """Return how large what stands under the title can be, and how much of it has room."""
    for scale in SCALES:
        used, room = 0.0, 0
        for text in deck.under:
            letters = LOOKS[text.look].scaled(scale)
            used += letters.before + letters.leading * len(rows_of_paragraph(text, INNER, letters))
            room += used <= COVER_UNDER
        if room == len(deck.under):
            break
    return scale, room


def slides_of(deck: Deck) -> Iterator[Slide]:
    """Yield the slides of all pages, each title once."""
    told: dict[str, int] = {_title(deck.title)[0]: 1}
    left = deck.under[_on_cover(deck)[1] :]
    for page in (*([Page(deck.title, left)] if left else []), *deck.pages):
        known = _title(page.title)[0]
        told[known] = told.get(known, 0) + 1
        yield from _slides(page, "{}" if told[known] == 1 else f"{{}} ({told[known]})")


def _slides(page: Page, around: str) -> Iterator[Slide]:
    """Yield the slides of a page; ``around`` is what stands around its title."""
    title, size = _title(page.title, around)
    shortened = title != around.replace("{}", page.title)
    made = _placed(page.columns, ((Text(page.title, "strong"),) if shortened else ()) + page.parts)
    for number, placed in enumerate(made, 1):
        if len(made) > 1:
            of = tr("{title} ({number} of {all})", title=around, number=number, all=len(made))
            title, size = _title(page.title, of)
        yield Slide(title, size, tuple(placed))


def _placed(columns: int, parts: tuple[Part, ...]) -> list[list[Placed]]:
    """Return what stands on each slide: as large as it can be where one slide is enough."""
    flowing = tuple(part for part in parts if not isinstance(part, Break))
    ways = (parts,) if flowing == parts else (parts, flowing)

    def whole(scale: float) -> list[list[Placed]] | None:
        for some in ways:
            flow = _Flow(columns, scale)
            made = flow.placed(some)
            if len(made) == 1 and not flow.parted:
                return made
        return None

    smallest = whole(SCALES[-1])
    if smallest is None:
        return _Flow(columns, 1.0).placed(parts)
    return next((made for s in SCALES[:-1] if (made := whole(s))), smallest)


def _title(
    text: str,
    around: str = "{}",
    sizes: tuple[float, ...] = TITLE_SIZES,
    height: float = TITLE_HEIGHT,
) -> tuple[str, float]:
    """Return a title and the size at which it fits; where none does, it is shortened."""
    for size in sizes:
        if _title_fits(around.replace("{}", text), size, height):
            return around.replace("{}", text), size
    words, size = text.split(), sizes[-1]
    while len(words) > 1 and not _title_fits(
        around.replace("{}", f"{' '.join(words)} …"), size, height
    ):
        words.pop()
    kept = " ".join(words)
    while not _title_fits(around.replace("{}", f"{kept} …"), size, height):
        kept = kept[: len(kept) * 3 // 4]
    return around.replace("{}", f"{kept} …"), size


def _title_fits(text: str, size: float, height: float) -> bool:
    letters = Lettering(size, TITLE_LEADING * size, 0, bold=True)
    return len(rows_of(text, INNER, letters)) * letters.leading <= height


class _Flow:
    """Parts of a page, one below the other, column by column and slide by slide."""

    def __init__(self, columns: int, scale: float) -> None:
        self._scale = scale
        self._width = (INNER - GUTTER * (columns - 1)) / columns
        self._columns = columns
        self._made: list[list[Placed]] = [[]]
        self._column = 0
        self._y = TOP
        #: Whether a table is so wide that it stands in parts.
        self.parted = False
        self._waiting: list[tuple[Text, Lettering]] = []

    def placed(self, parts: Sequence[Part]) -> list[list[Placed]]:
        """Return what stands on each slide."""
        for index, part in enumerate(parts):
            following = parts[index + 1] if index + 1 < len(parts) else None
            if isinstance(part, Text):
                self._paragraphs(part, following)
            else:
                self._write()
                self._whole(part)
        self._write()
        return [placed for placed in self._made if placed] or [[]]

    def _whole(self, part: Grid | Bars | Points | Board | Break) -> None:
        match part:
            case Grid():
                tables = list(tables_of(part, self._width, self._scale))
                self.parted = self.parted or len(tables) > 1
                for table in tables:
                    self._table(table)
            case Bars():
                height = min(_BAR * len(part.names) + _AROUND, BOTTOM - TOP)
                self._chart(part, height)
            case Points():
                left = BOTTOM - self._y - 8
                self._chart(part, min(_PLOT, left) if left >= _LEAST_PLOT else _PLOT)
            case Board():
                self._board(part)
            case Break():
                if not self._empty:
                    self._on()

    @property
    def _x(self) -> float:
        return MARGIN + self._column * (self._width + GUTTER)

    @property
    def _empty(self) -> bool:
        return self._y == TOP and not self._waiting

    def _on(self) -> None:
        """Go on at the top of the next column, or of the next slide."""
        self._write()
        self._column += 1
        self._y = TOP
        if self._column == self._columns:
            self._column = 0
            self._made.append([])

    def _paragraphs(self, text: Text, following: Part | None) -> None:
        lines = text.text.splitlines() or [""]
        for index, line in enumerate(lines):
            last = index == len(lines) - 1
            own = replace(text, text=line, marks=text.marks if last else ())
            if own.whole.strip():
                self._paragraph(own, following if last else None)

    def _paragraph(self, text: Text, following: Part | None) -> None:
        letters = LOOKS[text.look].scaled(self._scale)
        rows = rows_of_paragraph(text, self._width, letters)
        before = 0.0 if self._empty else letters.before
        height = before + len(rows) * letters.leading
        kept = self._kept_with(following) if text.look in ("heading", "strong") else 0.0
        if self._y + height + kept > BOTTOM and not self._empty:
            room = int((BOTTOM - self._y - before) // letters.leading)
            if room >= 3 and len(rows) - room >= 2 and not kept:
                self._add(replace(text, text=rejoined(rows[:room]), marks=()), letters, room)
                rows = rows[room:]
                text = replace(text, text=rejoined(rows), marks=())
            self._on()
        most = int((BOTTOM - TOP) // letters.leading)
        while len(rows) > most:
            self._add(replace(text, text=rejoined(rows[:most]), marks=()), letters, most)
            rows = rows[most:]
            text = replace(text, text=rejoined(rows), marks=())
            self._on()
        self._add(text, letters, len(rows))

    def _kept_with(self, following: Part | None) -> float:
        """Return what must have room under a heading, so that it does not stand alone."""
        match following:
            case Text():
                letters = LOOKS[following.look].scaled(self._scale)
                rows = rows_of_paragraph(following, self._width, letters)
                # Of a long paragraph, the first lines may stand there and the others elsewhere.
                return letters.before + (3 if len(rows) > 4 else len(rows)) * letters.leading
            case Grid():
                return 60.0
            case Bars() | Points():
                return _LEAST_PLOT
            case _:
                return 0.0

    def _add(self, text: Text, letters: Lettering, rows: int) -> None:
        before = 0.0 if self._empty else letters.before
        self._waiting.append((text, replace(letters, before=before)))
        self._y += before + rows * letters.leading

    def _write(self) -> None:
        """Let paragraphs that follow each other stand in one frame."""
        if not self._waiting:
            return
        texts = tuple(self._waiting)
        self._waiting = []
        height = sum(
            one.before + one.leading * len(rows_of_paragraph(text, self._width, one))
            for text, one in texts
        )
        start = self._y - height
        self._made[-1].append(PlacedText(self._x, start, self._width, height, texts))

    def _gap(self, size: float) -> None:
        if not self._empty:
            self._y += size

    def _table(self, table: Table) -> None:
        self._gap(10.0)
        while table.rows:
            if not self._empty and self._y + table.least > BOTTOM:
                self._on()
            now, table = table.parted(BOTTOM - self._y)
            self._made[-1].append(now.at(self._x, self._y))
            self._y += now.height
            if table.rows:
                self._on()
        self._y += 6.0

    def _chart(self, chart: Bars | Points, height: float) -> None:
        self._gap(8.0)
        if not self._empty and self._y + height > BOTTOM:
            self._on()
        height = min(height, BOTTOM - self._y)
        self._made[-1].append(PlacedChart(self._x, self._y, self._width, height, chart))
        self._y += height

    def _board(self, board: Board) -> None:
        self._gap(8.0)
        if BOTTOM - self._y < _LEAST_BOARD:
            self._on()
        boxes, left = placed_board(board, self._y)
        self._made[-1] += boxes
        self._y = BOTTOM
        for name, texts in left:
            heading = Text(tr("{block} (continued)", block=name), "heading")
            for index, part in enumerate((heading, *texts)):
                self._paragraphs(part, texts[0] if not index else None)
