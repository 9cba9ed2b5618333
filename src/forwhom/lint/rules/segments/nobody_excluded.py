from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW203", "note")
def nobody_excluded(view: View) -> Iterator[Finding]:
    """The canvas leaves nobody out.

    ## What it checks

    A canvas with segments that has neither `not_for` nor a segment with the status `ignore` or
    `not-a-customer`.

    ## Why it matters

    Which segments to serve and which to ignore is a conscious decision, and the second half is the
    one that hurts. The text on customer segments of CANVAS-13 asks for those who are not suitable
    as customers; that of Product Acuity Consulting for the segments to ignore.

    ## Example

    ```yaml
    segments:
      - {id: parents, name: Parents who want their kids to handle money}
    ```

    ## Better

    ```yaml
    segments:
      - {id: parents, name: Parents who want their kids to handle money}
    not_for: [Schools that need lessons for a whole class]
    ```
    """
    left_out = any(s.status in ("ignore", "not-a-customer") for s in view.canvas.segments)
    if view.canvas.segments and not view.canvas.not_for and not left_out:
        yield Finding(
            ("segments",),
            "nobody is left out: no segment is ignored, and 'not_for' is empty.",
            "Say who is not a customer, in 'not_for' or as a segment with the status 'ignore'.",
        )
