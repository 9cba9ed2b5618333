from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW106", "note")
def need_nobody_rated(view: View) -> Iterator[Finding]:
    """Needs are listed that nobody has rated.

    ## What it checks

    Needs without `importance` that stand in no rating of the alignment either; one finding for the
    whole canvas. A canvas that names a file of answers (`need_ratings`, or `alignment.file`) is
    left alone.

    ## Why it matters

    A list of needs says what could matter. Which of them does is what decides about a proposition,
    and the team's guess and the customers' answer differ. Source: Ulwick, "What Customers Want"
    (2005): opportunity is importance and lack of satisfaction, both asked.

    ## Example

    ```yaml
    needs:
      - {id: find, statement: Find freelancers}
    ```

    ## Better

    ```yaml
    needs:
      - {id: find, statement: Find freelancers, importance: 8, satisfaction: 4, rated_by: 40 users}
    ```
    """
    canvas = view.canvas
    if canvas.need_ratings or (canvas.alignment is not None and canvas.alignment.file):
        return
    rated = {r.item for r in canvas.alignment.ratings} if canvas.alignment is not None else set()
    bare = [n for n in canvas.needs if n.importance is None and n.id not in rated]
    if bare:
        several = f"{len(bare)} of {len(canvas.needs)} needs"
        number = "the need" if len(canvas.needs) == 1 else several
        yield Finding(
            ("needs",),
            f"nobody has rated {number}: {listed([n.id for n in bare])}.",
            "Ask how much each matters and how well it is met (0 to 10), or name the file of "
            "answers in 'need_ratings'.",
        )
