from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import BUTI, View
from forwhom.wording import listed


@rule("FW301")
def buti_missing(view: View) -> Iterator[Finding]:
    """Buyer, user or target impact is missing.

    ## What it checks

    Canvases that tell buyer, user and target impact apart, because segments say at least two of the
    three in `buti` or because the framework has blocks for them: that each of the three is some
    segment that is not left out. A role of a participant (donor, purchaser, decision-maker for the
    buyer) counts too.

    ## Why it matters

    In aid and public services the one who buys is often not the one who works with it, and neither
    is the one whose life should get better. A model that forgets one of the three is bought and not
    used, or used and not paid for. Source: the texts on buyer, user and target impact segments of
    the Principles for Digital Development.

    ## Example

    ```yaml
    segments:
      - {id: ministry, name: Procurement of the ministry, buti: [buyer]}
      - {id: nurses, name: Nurses in village clinics, buti: [user]}
    ```

    ## Better

    ```yaml
    segments:
      - {id: ministry, name: Procurement of the ministry, buti: [buyer]}
      - {id: nurses, name: Nurses in village clinics, buti: [user]}
      - {id: mothers, name: Patients of those clinics, buti: [target-impact]}
    ```
    """
    if not view.tells_buti_apart or not view.canvas.segments:
        return
    found = {one for segment in view.in_play for one in segment.buti}
    roles = {role for p in view.canvas.participants for role in p.roles}
    if roles & {"buyer", "donor", "purchaser", "decision-maker"}:
        found.add("buyer")
    found |= {one for one in ("user", "target-impact") if one in roles}
    missing = [one.replace("-", " ") for one in BUTI if one not in found]
    if missing:
        yield Finding(
            ("segments",),
            f"no segment is {listed(missing)}.",
            "Add who that is, or say it of a segment in 'buti'; one segment can be two of them.",
        )
