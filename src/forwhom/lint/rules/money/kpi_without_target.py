from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW1203")
def kpi_without_target(view: View) -> Iterator[Finding]:
    """A KPI has no target.

    ## What it checks

    KPIs whose `target` is empty.

    ## Why it matters

    A number without a target is looked at and leads to nothing. The target says which value would
    change what the team does. Source: KPIs as the thirteenth block of CANVAS-13; Doran, "There's a
    S.M.A.R.T. way to write management's goals" (1981).

    ## Example

    ```yaml
    kpis: [{id: return, name: Families that come back within a month}]
    ```

    ## Better

    ```yaml
    kpis: [{id: return, name: Families that come back within a month, target: at least 40%}]
    ```
    """
    for index, kpi in enumerate(view.canvas.kpis):
        if not kpi.target.strip():
            yield Finding(
                ("kpis", index),
                f"the KPI {kpi.name!r} has no target.",
                "Say which value is good.",
            )
