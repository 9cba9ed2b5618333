"""Files that a canvas names: a canvas from elsewhere may not reach for those of its reader."""

import os
from pathlib import Path

from forwhom.errors import DocumentError

#: An environment variable with folders, besides that of the canvas, whose files it may name.
ALLOWED = "FORWHOM_ALLOW"

#: A longer name is not said whole.
_MOST_SHOWN = 200


def check_inside(name: str, folder: Path, where: str) -> None:
    """Refuse a file that lies, through links too, outside of the folder of the canvas."""
    home = folder.resolve()
    allowed = [Path(one).resolve() for one in os.environ.get(ALLOWED, "").split(os.pathsep) if one]
    try:
        meant = (home / name).resolve()
        meant.exists()  # an error where no file can have this name
    except (OSError, RuntimeError, ValueError):  # a link without an end, a name with a zero in it
        meant = Path(os.devnull)
    if any(meant.is_relative_to(one) for one in (home, *allowed)):
        return
    name = name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}…"
    raise DocumentError(
        f"{where}: {name!r} lies outside of the folder of the canvas.",
        "Put the file into that folder. If you trust the canvas, set the environment variable "
        f"{ALLOWED} to the folder that it may read from.",
    )
