"""YAML of people who write it for the first time: the message says what to type."""

from __future__ import annotations

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.errors import DocumentError

HEAD = "forwhom: 1\nkind: canvas\n"
#: What stands there, where the message points (line and column), what it finds, what to type.
SLIPS = {
    "a block at the top": (
        "channels:\n  - text: Web\n", "3:1", "no key 'channels'",
        "put it below 'blocks:', two spaces in, as 'channels:'.",
    ),
    "a block at the top, in words": (
        "Key Partners: A bank\n", "3:1", "no key 'Key Partners'",
        "as 'key_partners:', and each of its notes as '- text: …'.",
    ),
    "a block in German": (
        "blocks:\n  Kanäle:\n    - text: Web\n", "4:3", "no topic 'Kanäle'", "write 'channels:'.",
    ),
    "a block by its heading": (
        "blocks:\n  Key Partnerships: []\n", "4:3", "no topic 'Key Part", "write 'key_partners:'.",
    ),
    "blocks with a dash": (
        "blocks:\n  - channels: Web\n", "3:1", "'blocks' is a list",
        "Take the '- ' before the keys below 'blocks' away.",
    ),
    "no dash": (
        "segments:\n  id: a\n  name: A\n", "3:1", "'segments' is keys and values",
        "Put '- ' before the first key below 'segments', and two spaces before the others.",
    ),
    "a dash before each key": (
        "segments:\n  - id: a\n  - name: A\n", "5:5", "'- ' before 'name' begins another item",
        "Write two spaces for it, so that 'name' stands below 'id'.",
    ),
    "facts as keys": (
        "segments: [{id: a, name: A}]\n"
        "personas:\n  - id: p\n    name: P\n    segment: a\n    demographics: {age: 40}\n",
        "8:5", "'personas[1].demographics' is keys", "Write '- text: \"age: 40\"' for 'age: 40'.",
    ),
    "a picture without a key": (
        "segments: [{id: a, name: A}]\n"
        "personas:\n  - id: p\n    name: P\n    segment: a\n    world: [room.jpg]\n",
        "8:13", "is 'room.jpg'", "Write '- file: room.jpg'.",
    ),
    "the name of a language": (
        "language: English\n", "3:1", "'language' is 'English'", "Write en.",
    ),
    "ids as keys": (
        "segments:\n  parents:\n    name: Parents\n", "3:1", "'segments' is keys and values",
        "Write '- id: parents' for 'parents:', and its keys below 'id'.",
    ),
    "a word for a list": (
        "segments:\n  - id: a\n    name: A\n    bases: behavioral\n", "6:5", "'behavioral'",
        "Write [behavioral].",
    ),
    "words for a list": (
        "segments: [{id: a, name: A}, {id: b, name: B}]\n"
        "needs:\n  - id: n\n    statement: S\n    segments: a, b\n", "7:5", "'a, b'",
        "Write [a, b].",
    ),
    "a text for a block": (
        "blocks:\n  channels: School news\n", "4:3", "'School news'",
        "Write '- text: School news' below it.",
    ),
    "no 'text:'": (
        "blocks:\n  channels:\n    - School news\n", "5:7", "'School news'",
        "Write '- text: School news'.",
    ),
    "only a name": (
        "segments:\n  - Busy parents\n", "4:5", "'Busy parents'",
        "Write '- {id: busy-parents, name: Busy parents}'.",
    ),
    "no space after the dash": (
        "blocks:\n  channels:\n    -Web\n    -Shop\n", "4:3", "'-Web -Shop'",
        "Begin each with '- ', a space after the sign: '- text: Web'.",
    ),
    "bullets": (
        "blocks:\n  channels:\n    • Web\n    • Shop\n", "4:3", "'• Web • Shop'",
        "Begin each with '- ', a space after the sign: '- text: Web'.",
    ),
    "stars": (
        "blocks:\n  channels:\n    * Web\n    * Shop\n", "5:5", "an item begins with '- '",
        "Write: - text: Web",
    ),
    "a comma in braces": (
        "blocks:\n  channels:\n    - {text: Web, shops, phone}\n", "5:8", "ends at the comma",
        'In { }, a text with a comma needs quotes. Write: text: "Web, shops, phone"',
    ),
    "a decimal comma in braces": (
        "needs:\n  - {id: n, statement: S, importance: 7,5}\n", "4:27", "ends at the comma",
        "Write the number with a point: importance: 7.5",
    ),
    "a decimal comma": (
        "needs:\n  - id: n\n    statement: S\n    importance: 7,5\n", "6:5", "'7,5'", "Write 7.5.",
    ),
    "a mark out of ten": (
        "needs:\n  - {id: n, statement: S, importance: 8/10}\n", "4:27", "'8/10'", "Write 8.",
    ),
    "percent": (
        "segments:\n  - {id: a, name: A, size: {share: 40%}}\n", "4:29", "'40%'", "Write 0.4.",
    ),
    "percent without its sign": (
        "segments:\n  - {id: a, name: A, size: {share: 40}}\n", "4:29", "'40'",
        "Write 0.4 for 40 %.",
    ),
    "thousands with a point": (
        "segments:\n  - {id: a, name: A, size: {customers: 1.200}}\n", "4:29", "is '1.200'",
        "Write 1200.",
    ),
    "round thousands with a point": (
        "segments:\n  - {id: a, name: A, size: {customers: 2.000}}\n", "4:29",
        "is 2.000, which is 2 to YAML",
        "Write 2000 if thousands are meant.",
    ),
    "thousands with a comma": (
        "segments:\n  - id: a\n    name: A\n    size:\n      customers: 1,200\n", "7:7", "'1,200'",
        "Write 1200.",
    ),
    "a German yes": (
        "participants: [{id: p, name: P, veto: ja}]\n", "3:33", "'ja'",
        "Write true.",
    ),
    "a French no": (
        "participants: [{id: p, name: P, veto: non}]\n", "3:33", "'non'", "Write false.",
    ),
    "a capital yes": (
        "participants: [{id: p, name: P, veto: Yes}]\n", "3:33", "'Yes'", "Write true.",
    ),
    "a German day": ("created: 27.11.2026\n", "3:1", "'27.11.2026'", "Write 2026-11-27."),
    "an American day": ("created: 11/27/2026\n", "3:1", "'11/27/2026'", "Write 2026-11-27."),
    "a day in words": ("created: 3 mars 2026\n", "3:1", "'3 mars 2026'", "Write 2026-03-03."),
    "half a day": ("created: 2026-11\n", "3:1", "'2026-11'", "a day such as 2026-11-25."),
    "a day of two readings": ("created: 03/04/2026\n", "3:1", "'03/04/2026'", "2026-11-25."),
    "a colon in a text": (
        "segments:\n  - id: a\n    name: Parents: the busy ones\n", "5:11", "needs quotes",
        'Write: name: "Parents: the busy ones"',
    ),
    "a colon in braces": (
        "segments:\n  - {id: a, name: Parents: busy}\n", "4:19", "': ' or ' #' needs quotes",
        'Write: - {id: a, name: "Parents: busy"}',
    ),
    "no space after the colon": (
        "segments:\n  - id: a\n    name:A\n", "5:10", "no space after the ':'", "Write: name: A",
    ),
    "another colon": ("title：Plan\n", "3:6", "'：' stands where a ':'", "Write: title: Plan"),
    "quotes in quotes": (
        'segments:\n  - id: a\n    name: "The "busy" ones"\n', "5:11", "quotes inside its quotes",
        "Write: name: 'The \"busy\" ones'",
    ),
    "an apostrophe in quotes": (
        "title: 'The parent's day'\n", "3:8", "quotes inside its quotes",
        "Write: title: \"The parent's day\"",
    ),
    "a text where an id belongs": (
        "alignment:\n  items: [Sessions at home]\n", "4:11",
        "is 'Sessions at home'", "Write sessions-at-home.",
    ),
    "a sign first in braces": (
        "segments:\n  - {id: a, name: @home, status: serve}\n", "4:19", "begins with '@'",
        'Write: - {id: a, name: "@home", status: serve}',
    ),
    "a star first in braces": (
        "segments:\n  - {id: a, name: *best* customers}\n", "4:19", "begins with '*'",
        'Write: - {id: a, name: "*best* customers"}',
    ),
    "a sign first": ("title: @home\n", "3:8", "begins with '@'", 'Write: title: "@home"'),
    "a bracket first": ("title: [New] plan\n", "3:8", "begins with '['", 'title: "[New] plan"'),
    "more than": (
        "segments:\n  - id: a\n    name: > 50 years\n", "5:11", "begins with '>'",
        'Write: name: "> 50 years"',
    ),
    "a hash first": (
        "blocks:\n  channels:\n    - text: #1 in town\n", "5:7", "is empty",
        'What follows a \'#\' is a comment. Write: text: "#1 in town"',
    ),
    "a bracket left open": (
        "segments: [{id: a, name: A}\nneeds: []\n", "3:28", "the bracket [ is not closed",
        "Write: segments: [{id: a, name: A}]",
    ),
    "one space too many": (
        "segments:\n  - id: a\n     name: A\n", "5:5", "begins after 5 spaces",
        "Begin it after 4, as line 4 does, if they belong together.",
    ),
    "one space too few": (
        "segments:\n  - id: a\n    name: A\n - id: b\n   name: B\n", "6:2", "after 1 space",
        "Begin it after 2, as line 4 does, if they belong together.",
    ),
    "out of its item": (
        "segments:\n- id: a\nname: A\n", "5:1", "too far left to belong to 'segments[1]'",
        "Begin the line in column 3, below the key after '- '.",
    ),
    "a tab": (
        "segments:\n\t- id: a\n", "4:1", "a tab is used as indentation",
        "Use two spaces for each tab.",
    ),
    "another space": (
        "segments:\n\u00a0\u00a0- id: a\n", "4:1", "another kind (U+00A0)",
        "Delete the spaces before the key, and type them anew.",
    ),
    "text of two lines": (
        "summary: A long text\nthat goes on\ntitle: P\n", "4:1", "begins too far left",
        "Put it at the end of line 3, or begin this line with 4 spaces.",
    ),
    "a key of one": ("segment: []\n", "3:1", "no key 'segment'", "Did you mean 'segments'?"),
    "a key in German": ("Zielgruppen: []\n", "3:1", "'Zielgruppen'", "Write 'segments:'."),
    "a key with a slip": ("segmentss: []\n", "3:1", "'segmentss'", "Did you mean 'segments'?"),
    "a title for a name": (
        "segments:\n  - id: a\n    title: A\n", "5:5", "'name' is missing",
        "Write 'name:' for 'title:'.",
    ),
    "an id with a space": (
        "segments:\n  - {id: Busy parents, name: A}\n", "4:6", "'Busy parents'",
        "Write busy-parents.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", list(SLIPS))
def test_a_slip_is_told_with_its_place_and_what_to_type(slip: str) -> None:
    text, place, found, advice = SLIPS[slip]
    with pytest.raises(DocumentError) as caught:
        parse_canvas(HEAD + text)
    told = str(caught.value)
    assert told.startswith(f"canvas:{place}: "), told
    assert "\n" not in told, told
    assert found in caught.value.problem, told
    assert caught.value.advice.endswith(advice), told


@pytest.mark.parametrize(
    "text",
    [
        "segments:\n  - id: a\n    name: A\n    claims:\n    size:\n    description:\n",
        "needs:\n  - {id: n, statement: S, quotes: , evidence: }\n",
        "needs:\nblocks:\n  channels:\n",
        "propositions:\n  - id: p\n    name: P\n    fit:\n    statement:\n",
        "alignment:\n  ratings:\n  strategies:\n",
    ],
)
def test_an_empty_key_waits_to_be_filled(text: str) -> None:
    canvas = parse_canvas(HEAD + text)
    assert all(not segment.claims for segment in canvas.segments)
    assert all(not need.evidence for need in canvas.needs)
    assert all(p.statement is None and not p.fit for p in canvas.propositions)


@pytest.mark.parametrize(
    "text", ["segments: [{id: a, name: }]\n", "blocks: {channels: [{text: }]}\n"]
)
def test_an_empty_key_that_is_needed_is_told(text: str) -> None:
    with pytest.raises(DocumentError, match=r"is empty\. Expected text"):
        parse_canvas(HEAD + text)
