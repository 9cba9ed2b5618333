from pathlib import Path

from forwhom.cli import options, terminal


@options.command(
    "forwhom report segments/segmentation.json -o report.html",
    "forwhom report segments -o for-the-board.html --force",
    "forwhom report segments -o report.pptx",
    "forwhom report segments --language de -o bericht.pdf",
)
@options.segmentation
@options.output(
    "A page (.html, one file without network), for print (.pdf), slides (.pptx), text (.md) or a "
    "table (.csv).",
    default="report.html",
)
@options.language_of_report
@options.force
def report(
    segmentation: Path, output: Path, language: str | None, force: bool, as_json: bool
) -> None:
    """Write the report of a segmentation again, such as after editing names of segments."""
    from forwhom.documents import read_segmentation
    from forwhom.report.segmentation import FORMS, write_report

    options.check_place(output, force, *FORMS)
    found = read_segmentation(segmentation)
    write_report(found, output, language=language, overwrite=force)
    terminal.tell({"report": str(output)}, f"Wrote {output}", as_json=as_json)
