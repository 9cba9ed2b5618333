from collections.abc import Iterator

from forwhom.documents.canvas.people import CanvasSegment
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW208")
def segment_without_revenue(view: View) -> Iterator[Finding]:
    """A segment is served, and nobody says who pays for it.

    ## What it checks

    Segments with the status `serve`: that they say `revenue: pays`, name a `sponsor`, say openly
    `revenue: none`, or that a note of the topic `revenue_streams` is for them. A note that names
    nobody is for all.

    ## Why it matters

    Some segments bring no revenue and are needed all the same, such as those who search while
    others advertise. That is sound when somebody is named who pays for them. Sources: the texts on
    customer segments of Product Acuity Consulting (who brings no revenue) and of the aid sector
    (buyer, user and target impact).

    ## Example

    ```yaml
    segments:
      - {id: readers, name: Readers, status: serve, revenue: sponsored}
    ```

    ## Better

    ```yaml
    segments:
      - {id: readers, name: Readers, status: serve, revenue: sponsored, sponsor: shops}
      - {id: shops, name: Shops that advertise, status: serve, revenue: pays}
    ```
    """
    reached = view.reached("revenue_streams")
    for index, segment in view.served:
        problem = _problem(segment, reached)
        if problem:
            yield Finding(
                ("segments", index, "revenue"),
                f"the segment {segment.id!r} is served, and {problem}.",
                "Say 'revenue: pays', name the 'sponsor', or say 'revenue: none' openly.",
            )


def _problem(segment: CanvasSegment, reached: set[str]) -> str:
    if segment.revenue == "sponsored" and segment.sponsor is None:
        return "nobody is named who pays for it"
    if segment.revenue is None and segment.sponsor is None and segment.id not in reached:
        return "nobody says who pays for it"
    return ""
