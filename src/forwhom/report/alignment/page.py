from forwhom.documents.results.alignment import AlignmentResult
from forwhom.languages.catalog import speaking, tr
from forwhom.report.alignment.heat import heat_map
from forwhom.report.alignment.summary import summarize_alignment
from forwhom.report.alignment.terms import CLASSES
from forwhom.report.filling import direction, filled


def alignment_html(result: AlignmentResult) -> str:
    """Return the alignment as one HTML page.

    The page loads nothing: no script at all, the style is inside, and its content security
    policy forbids everything else. The same alignment gives the same page.
    """
    with speaking(result.language):
        summary = summarize_alignment(result)
        return filled(
            "alignment/page.html.jinja",
            "alignment/page.css",
            summary=summary,
            picture=heat_map(summary),
            classes=[(tr(name), tr(meaning)) for name, meaning in CLASSES.values()],
            version=result.version,
            direction=direction(result.language),
        )
