"""Read the cells of a workbook in a process of its own, which may only take so much memory.

A workbook of a few kilobytes can ask for terabytes: by a cell far away, by what it packs, by a text
that all cells share. What it asks for shows only when it is read, by code that then ends the whole
program. Run as a script, this takes a path, a sheet (empty: the first) and a limit in bytes, and
writes names of sheets and cells, or what is wrong. It imports nothing of forwhom, to start at once.
"""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

#: What a process needs in any case, and for each byte of a workbook, with room for long columns of
#: one value.
_AT_LEAST, _PER_BYTE = 1 << 30, 64


class WorkbookError(Exception):
    """A workbook cannot be read, in a sentence."""


def cells_of(path: Path, sheet: str | None) -> tuple[list[str], list[list[Any]] | None]:
    """Return the names of the sheets, and the cells of one; None if it is not there."""
    limit = _AT_LEAST + _PER_BYTE * path.stat().st_size
    script = [sys.executable, "-P", __file__, str(path), sheet or "", str(limit)]
    with subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            found: Any = pickle.load(child.stdout) if child.stdout else ""
        except (EOFError, pickle.UnpicklingError, MemoryError):
            found = f"it asks for more than {limit >> 20:,} MB of memory, or is damaged."
        finally:
            child.kill()
    if isinstance(found, str):
        raise WorkbookError(found)
    names, cells = found
    return names, cells


def _limit(memory: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, OSError, ValueError):  # a system that has no such limit
        pass


def _read(path: str, sheet: str) -> object:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if sheet and sheet not in names:
            return names, None
        if not names:
            return "it has no sheet that can be read."
        return names, book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=True)
    except (CalamineError, OSError) as error:
        return str(error).strip().partition("\n")[0] or type(error).__name__


if __name__ == "__main__":
    _limit(int(sys.argv[3]))
    pickle.dump(_read(*sys.argv[1:3]), sys.stdout.buffer, protocol=5)
