"""Boards as rows of cells: one row a sticky note, or headings with their notes below them."""

from collections.abc import Sequence

from forwhom.documents.canvas.exchange.boards.lines import board_of_lines
from forwhom.documents.canvas.exchange.boards.placing import Board, Sticky
from forwhom.documents.headings import topic_of

Rows = Sequence[Sequence[str]]

#: Headings of a column with what a sticky note says, the surest first.
_TEXTS = (
    "text", "note", "notes", "sticky", "sticky note", "content", "contents", "plain text", "card",
    "idea", "item", "title", "name", "notiz", "inhalt", "zettel", "texte", "contenu", "texto",
    "contenido", "nota", "description",
)  # fmt: skip
#: A heading stands among the first rows.
_TOP = 12


def board_of_rows(rows: Rows) -> Board:
    """Read sticky notes from the cells of a table, whatever its shape."""
    cells = [[cell.strip() for cell in row] for row in rows]
    board = _one_a_row(cells) or _below_headings(cells)
    if board is not None:
        return board
    # Lines that stand in cells, with an empty row between sections.
    return board_of_lines("\n".join(", ".join(cell for cell in row if cell) for row in cells))


def _one_a_row(cells: list[list[str]]) -> Board | None:
    """Read a table with a column for the block and one for what the sticky note says."""
    for top, header in enumerate(cells[:_TOP]):
        if sum(topic_of(cell) is not None for cell in header if cell) > 1:
            break
        if sum(bool(cell) for cell in header) < 2:
            continue
        body = [row + [""] * (len(header) - len(row)) for row in cells[top + 1 :] if any(row)]
        block = _column_of_blocks(header, body)
        text = _column_of_texts(header, body, block)
        if block is None or text is None or topic_of(header[block]) is not None:
            continue
        stickies = [
            Sticky(row[text], row[block])
            for row in body
            # A frame or an area is in the table, too, with its name for a text.
            if row[text] and not (not row[block] and topic_of(row[text]))
        ]
        others = [
            f"the column {name!r}"
            for i, name in enumerate(header)
            if name and i not in (block, text) and any(row[i] for row in body)
        ]
        return Board(stickies, lost=others)
    return None


def _column_of_blocks(header: list[str], body: list[list[str]]) -> int | None:
    """The column that holds names of blocks more often than others, and more often than not."""

    def share(column: int) -> float:
        filled = [row[column] for row in body if row[column]]
        return sum(topic_of(cell) is not None for cell in filled) / len(filled) if filled else 0.0

    best = max(range(len(header)), key=share)
    return best if share(best) >= 0.5 else None


def _column_of_texts(header: list[str], body: list[list[str]], block: int | None) -> int | None:
    names = [name.casefold() for name in header]
    for wanted in _TEXTS:
        if wanted in names and names.index(wanted) != block:
            return names.index(wanted)

    def length(column: int) -> int:
        return sum(len(row[column]) for row in body if any(sign.isalpha() for sign in row[column]))

    left = [column for column in range(len(header)) if column != block]
    best = max(left, key=length, default=None)
    return best if best is not None and length(best) else None


def _below_headings(cells: list[list[str]]) -> Board | None:
    """Read headings with their notes below or beside them, as on a board drawn in a spreadsheet."""
    places = {
        (i, j): cell
        for i, row in enumerate(cells)
        for j, cell in enumerate(row)
        if cell and topic_of(cell)
    }
    beside = len({j for _, j in places}) < 2
    alone = sum(not any(cells[i][j + 1 :]) for i, j in places)
    if len(places) < 2 or (beside and alone * 2 > len(places)):
        return None
    stickies: list[Sticky] = []
    title = ""
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            if not cell or (i, j) in places:
                continue
            heading = _heading_of(i, j, places, beside)
            if heading is None and not stickies and not title:
                title = cell
            else:
                stickies += [Sticky(one, heading or "") for one in _notes_in(cell)]
    return Board(stickies, title)


def _heading_of(i: int, j: int, places: dict[tuple[int, int], str], beside: bool) -> str | None:
    if beside:
        left = [at for at in places if at[1] < j and at[0] <= i]
        return places[max(left)] if left else None
    above = [at for at in places if at[1] == j and at[0] < i]
    return places[max(above)] if above else None


def _notes_in(cell: str) -> list[str]:
    """The notes in a cell: bullets in it are notes of their own."""
    lines = [line.strip() for line in cell.splitlines() if line.strip()]
    if len(lines) > 1 and all(line[0] in "-•*·–" for line in lines):
        return [line.lstrip("-•*·– ") for line in lines]
    return [cell]
