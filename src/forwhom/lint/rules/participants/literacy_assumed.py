from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW305")
def literacy_assumed(view: View) -> Iterator[Finding]:
    """A level of digital literacy is assumed, not measured.

    ## What it checks

    Segments whose `digital_literacy` has a level and neither `measured_by` nor evidence, also where
    `assumed_from` says what it is assumed from. The level `unknown` is honest and is not found.

    ## Why it matters

    Levels are higher or lower than one expects, also among senior managers. The text on customer
    segments of the Principles for Digital Development asks not to assume them, and to make
    materials that build them.

    ## Example

    ```yaml
    segments:
      - {id: nurses, name: Nurses in village clinics, digital_literacy: {level: basic}}
    ```

    ## Better

    ```yaml
    segments:
      - id: nurses
        name: Nurses in village clinics
        digital_literacy: {level: basic, measured_by: 8 tasks for 20 nurses, date: "2026-02-01"}
    ```
    """
    for index, segment in enumerate(view.canvas.segments):
        literacy = segment.digital_literacy
        if literacy is None or literacy.level == "unknown":
            continue
        if not literacy.measured_by.strip() and not literacy.evidence:
            yield Finding(
                ("segments", index, "digital_literacy"),
                f"the digital literacy of {segment.id!r} is said to be {literacy.level}, and "
                f"nobody measured it{_assumed(literacy.assumed_from)}.",
                "Say how it was measured in 'measured_by', or say 'level: unknown'.",
            )


def _assumed(source: str) -> str:
    return f": it is assumed from {brief(source)}" if source.strip() else ""
