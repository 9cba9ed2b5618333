from collections.abc import Iterator

from forwhom.documents.canvas.value import TOP
from forwhom.documents.misalignment import class_of, level_of, medians, risks
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW901")
def misalignment_without_strategy(view: View) -> Iterator[Finding]:
    """Segments are badly misaligned on a need, and there is no strategy for it.

    ## What it checks

    Ratings in the canvas itself (not those of `alignment.file`), as `forwhom align` reads them: the
    median of each segment in its last round, of members alone where two of them rated. A need is
    misaligned when one segment wants it and another does not, or when they are far apart; it is bad
    when conflict or gap, times importance, times the power of the opposed segment, reaches the
    threshold `high`; those who are to benefit (target impact) count fully, whatever their power.
    Then a strategy that is not dropped must name it.

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
    alignment = view.canvas.alignment
    if alignment is None:
        return
    limits = alignment.thresholds
    handled = {s.item for s in alignment.strategies if s.status != "dropped"}
    power = {segment.id: segment.power for segment in view.canvas.segments}
    target_impact = {s.id for s in view.canvas.segments if "target-impact" in s.buti}
    for item, cells in medians(alignment.ratings).items():
        rated = not alignment.items or item in alignment.items
        if not rated or item in handled or class_of(cells.values(), limits) != "misaligned":
            continue
        need = view.needs[item]
        importance = None if need.importance is None else need.importance / TOP
        opposed, severity = risks(cells, importance, power, target_impact).heavier
        if level_of(severity, limits) == "high":
            wants = max(cells, key=cells.__getitem__)
            yield Finding(
                ("alignment",),
                f"{wants!r} ({cells[wants]:+g}) and {opposed!r} ({cells[opposed]:+g}) are "
                f"misaligned on {brief(need.statement)}, and there is no strategy for it.",
                "Add one under 'alignment: strategies:', with an owner and a date.",
            )
