"""Write a segmentation again, and the report beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forwhom.documents import Segmentation


def written_again(
    segmentation: Path, change: Callable[[Segmentation], Segmentation]
) -> Segmentation:  # fmt: skip
    """Change a segmentation in its file; the report beside it, if there is one, follows."""
    from forwhom.documents import (
        check_output,
        dump_segmentation,
        new_folder,
        read_segmentation,
        segmentation_path,
    )
    from forwhom.documents.changing import in_turn
    from forwhom.report.segmentation import report_html

    path = segmentation_path(segmentation).resolve()
    report = path.with_name("report.html")
    # Two who change it at once wait for each other, or else one change would be lost.
    with in_turn(path, folder=path.parent.parent) as check:
        changed = change(read_segmentation(path))
        texts = {path: dump_segmentation(changed)}
        if report.exists():
            texts[report] = report_html(changed)
        for file in texts:
            check_output(file, overwrite=True)
        check()
        # Both files as one: a change is never in one of them only.
        with new_folder(path.parent, overwrite=True) as stage:
            for file, text in texts.items():
                (stage / file.name).write_bytes(text.encode())
    return changed
