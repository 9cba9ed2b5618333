"""What kind of need it is, in words: the same on a board as on the paper of a workshop."""

from forwhom.documents.canvas.value import Need
from forwhom.languages.catalog import later

KINDS = {
    "job": later("job"),
    "want": later("want"),
    "fear": later("fear"),
    "pain": later("pain"),
    "gain": later("gain"),
    "outcome": later("outcome"),
}
JOBS = {
    "functional": later("functional job"),
    "emotional": later("emotional job"),
    "social": later("social job"),
}


def kind_of(need: Need) -> str:
    """Return what kind of need it is, to be translated: of a job also what kind of job."""
    return JOBS[need.job] if need.kind == "job" and need.job else KINDS[need.kind]
