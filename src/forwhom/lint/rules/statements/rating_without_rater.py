from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief
from forwhom.wording import listed


@rule("FW107")
def rating_without_rater(view: View) -> Iterator[Finding]:
    """Importance or satisfaction is given, and nobody says by whom.

    ## What it checks

    Needs with `importance` or `satisfaction` that have neither `rated_by` nor evidence.

    ## Why it matters

    An 8 from forty customers and an 8 from a meeting look the same. Teams that rate for their
    customers see their own product as more important than customers do. Source: Ulwick, "What
    Customers Want" (2005): customers rate, not the team.

    ## Example

    ```yaml
    needs:
      - {id: find, statement: Find freelancers, importance: 8, satisfaction: 4}
    ```

    ## Better

    ```yaml
    needs:
      - {id: find, statement: Find freelancers, importance: 8, satisfaction: 4, rated_by: 40 users}
    ```
    """
    for index, need in enumerate(view.canvas.needs):
        given = [n for n in ("importance", "satisfaction") if getattr(need, n) is not None]
        if given and not need.rated_by.strip() and not need.evidence:
            yield Finding(
                ("needs", index, given[0]),
                f"nobody says who gave {listed(given)} of {brief(need.statement)}.",
                "Add 'rated_by': the team, or how many respondents.",
            )
