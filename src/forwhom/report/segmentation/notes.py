"""Notes of one kind are one note: twenty variables with the same remark, in one sentence."""

import re
from collections.abc import Sequence

from forwhom.languages.catalog import SOURCE, speaking
from forwhom.languages.retelling import told
from forwhom.wording import between, listed

#: What a note is about: a quoted name, or a column before what is said of it.
_SUBJECT = re.compile(r"'[^']+'|(?<=: )\S+(?= takes no part)")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?%?(?![\w.]*\w)")


def gathered(notes: Sequence[str]) -> tuple[str, ...]:
    """Return notes, those that differ only in their subject and in numbers as one.

    They were noted in English, are joined so, and are told in the language that is spoken.

    Examples
    --------
    >>> gathered(["'q1': 6 rows have no answer.", "A file.", "'q2': 14 rows have no answer."])
    ("'q1' and 'q2': 6 to 14 rows have no answer.", 'A file.')
    """
    kinds: dict[str, list[str]] = {}
    for note in notes:
        about = _SUBJECT.search(note)
        kind = note
        if about is not None:
            before, after = note[: about.start()], note[about.end() :]
            kind = f"{before}\0{_NUMBER.sub('#', after)}"
        kinds.setdefault(kind, []).append(note)
    with speaking(SOURCE):
        found = [_together(list(dict.fromkeys(same))) for same in kinds.values()]
    return tuple(map(told, found))


def _together(notes: Sequence[str]) -> str:
    if len(notes) == 1:
        return notes[0]
    subjects, rests = [], []
    for note in notes:
        about = _SUBJECT.search(note)
        assert about is not None  # notes of one kind have a subject, or are the same
        subjects.append(about[0])
        rests.append(note[about.end() :])
    before = notes[0][: notes[0].index(subjects[0])]
    numbers = iter(zip(*(_NUMBER.findall(rest) for rest in rests), strict=True))
    rest = _NUMBER.sub(lambda _: _range(next(numbers)), rests[0])
    rest = rest.replace(" takes no part", " take no part", 1)
    return f"{before}{listed(list(dict.fromkeys(subjects)))}{rest}"


def _range(numbers: Sequence[str]) -> str:
    ordered = sorted(numbers, key=lambda text: float(text.replace(",", "").rstrip("%")))
    return between(ordered[0], ordered[-1])
