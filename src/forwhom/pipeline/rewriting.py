"""Write a segmentation again, and the report beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from forwhom.documents import (
    Segmentation,
    check_output,
    dump_segmentation,
    new_folder,
    read_segmentation,
    segmentation_path,
)
from forwhom.documents.changing import in_turn
from forwhom.report.segmentation import page_language, report_html


def written_again(
    place: str | Path,
    change: Callable[[Segmentation], Segmentation],
    beside: Callable[[Segmentation], Mapping[str, str]] | None = None,
) -> Segmentation:
    """Change a segmentation in its file: the report beside it, if there is one, follows.

    ``beside`` says which other files of the folder follow from what is written, by their names.
    """
    path = segmentation_path(place).resolve()
    report = path.with_name("report.html")
    # Two who change it at once wait for each other, or else one change would be lost.
    with in_turn(path, folder=path.parent.parent) as check:
        changed = change(read_segmentation(path))
        texts = {path.name: dump_segmentation(changed), **(beside(changed) if beside else {})}
        if report.exists():
            texts[report.name] = report_html(changed, language=page_language(report))
        for name in texts:
            check_output(path.with_name(name), overwrite=True)
        check()
        # All files as one: a change is never in one of them only.
        with new_folder(path.parent, overwrite=True) as stage:
            for name, text in texts.items():
                (stage / name).write_bytes(text.encode())
    return changed
