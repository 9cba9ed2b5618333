"""YAML of people who write it for the first time: the message says what to type."""

from __future__ import annotations

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.errors import DocumentError


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("channels:\n  - text: Web\n", "Put it below 'blocks:', two spaces in, if 'channels' is a"),
        ("segments:\n  id: a\n  name: A\n", "Put '- ' before the first key below 'segments'"),
        ("segments:\n  - id: a\n    name: A\n    bases: behavioral\n", "Write [behavioral]."),
        ("blocks:\n  channels: School news\n", "Write '- School news' below it."),
        ("blocks:\n  channels:\n    - School news\n", "Write '- text: School news' for a note."),
        ("segmentss: []\n", "Did you mean 'segments'?"),
    ],
)
def test_a_slip_of_form_is_told_with_what_to_type(text: str, advice: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_canvas(f"forwhom: 1\nkind: canvas\n{text}")
    assert advice in str(caught.value.advice)
