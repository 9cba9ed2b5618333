from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief

#: About what a sticky note holds.
_MOST = 160


@rule("FW1302", "note")
def long_note(view: View) -> Iterator[Finding]:
    """A note is too long to be read at a glance.

    ## What it checks

    Notes in blocks whose `text` has more than 160 characters.

    ## Why it matters

    A canvas shows a whole model at once. Long notes hide each other, on the wall as in a drawing;
    what is more belongs into `detail`, for those who ask.

    ## Example

    ```yaml
    blocks:
      channels:
        - text: >-
            We go to parents' evenings at schools, where a teacher introduces us, show a game of ten
            minutes and hand out a card with a code, which leads to a page where parents can order.
    ```

    ## Better

    ```yaml
    blocks:
      channels:
        - text: Parents' evenings at schools
          detail: A teacher introduces us; we show a game of ten minutes and hand out a card.
    ```
    """
    for topic, index, note in view.canvas.notes():
        if len(note.text) > _MOST:
            yield Finding(
                ("blocks", topic, index, "text"),
                f"the note {brief(note.text, 40)} has {len(note.text)} characters.",
                f"Say it in {_MOST} or fewer, and put the rest into 'detail'.",
            )
