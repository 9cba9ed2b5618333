from collections.abc import Iterator

from forwhom.documents.standings import standings
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW901")
def misalignment_without_strategy(view: View) -> Iterator[Finding]:
    """Segments are misaligned on a need, and no strategy says what will be done.

    ## What it checks

    Ratings in the canvas and in `alignment.file`, as `forwhom align` reads them: the median of
    each segment in its last round, of members alone where two of them rated. A need is misaligned
    when one segment wants it and another does not, or when they are far apart. It weighs conflict
    or gap, times importance, times the power of the opposed segment; those who are to benefit
    (target impact) count fully, whatever their power. From the threshold `medium` on, a strategy
    that is not dropped must say what will be done.

    ## Why it matters

    Unresolved misalignment between buyer, user and target impact harms adoption and the
    sustainability of the model. Source: the texts on buyer, user and target impact segments of the
    Principles for Digital Development: develop a strategy for the critical ones.

    ## Example

    ```yaml
    segments: [{id: donor, name: Donor}, {id: pupils, name: Pupils}]
    needs: [{id: faces, statement: See characters that look like us}]
    alignment:
      ratings:
        - {rater: r1, segment: donor, item: faces, value: -4}
        - {rater: r1, segment: pupils, item: faces, value: 5}
    ```

    ## Better

    ```yaml
    segments: [{id: donor, name: Donor}, {id: pupils, name: Pupils}]
    needs: [{id: faces, statement: See characters that look like us}]
    alignment:
      ratings:
        - {rater: r1, segment: donor, item: faces, value: -4}
        - {rater: r1, segment: pupils, item: faces, value: 5}
      strategies:
        - {id: s1, item: faces, action: Show pupils' results, owner: Ada, due: "2026-09-01"}
    ```
    """
    for standing in standings(view.canvas, view.ratings):
        if not standing.pressing or standing.answered:
            continue
        said = standing.medians
        wants, opposed = max(said, key=said.__getitem__), standing.risks.heavier.segment
        there = ", ".join(repr(strategy.id) for strategy in standing.strategies)
        yield Finding(
            ("alignment",),
            f"{wants!r} ({said[wants]:+g}) and {opposed!r} ({said[opposed]:+g}) are "
            f"misaligned on {brief(standing.need.statement)} (severity {standing.level}), and "
            + (f"the strategy {there} says nothing yet." if there else "there is no strategy."),
            "Say what will be done under 'alignment: strategies:', with an owner and a date.",
        )
