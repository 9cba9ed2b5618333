from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View

_LOW = ("none", "basic")


@rule("FW307")
def low_literacy_without_messages(view: View) -> Iterator[Finding]:
    """A segment has a low level of digital literacy, and nothing is said at that level.

    ## What it checks

    Segments that are served or may be, whose `digital_literacy` is `none` or `basic`, and that have
    neither `messages` nor `tasks`.

    ## Why it matters

    At the basic level of DigComp people do simple tasks, with guidance as needed. Whoever explains
    the solution as to a colleague loses them, and the text on customer segments of the Principles
    for Digital Development asks for materials and messaging that build their literacy.

    ## Example

    ```yaml
    segments:
      - {id: nurses, name: Nurses, digital_literacy: {level: basic, measured_by: Eight tasks}}
    ```

    ## Better

    ```yaml
    segments:
      - id: nurses
        name: Nurses
        digital_literacy:
          level: basic
          measured_by: Eight tasks
          messages: [You enter the visit once and go home.]
          tasks: [Show one field at a time]
    ```
    """
    for index, segment in enumerate(view.canvas.segments):
        literacy = segment.digital_literacy
        if literacy is None or literacy.level not in _LOW or segment not in view.in_play:
            continue
        if not any(text.strip() for text in (*literacy.messages, *literacy.tasks)):
            yield Finding(
                ("segments", index, "digital_literacy"),
                f"the digital literacy of {segment.id!r} is {literacy.level}, and nobody says how "
                "the solution is explained at that level.",
                "Add 'messages' in their words, and 'tasks' that materials must do to build it.",
            )
