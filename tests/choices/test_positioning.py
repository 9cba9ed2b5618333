"""Positioning statements, read aloud: each is a sentence that somebody could say."""

from __future__ import annotations

import pytest

from forwhom.choices.questions import assess_fit
from forwhom.documents.canvas import parse_canvas

#: Ours, segment, proposition, need, target market, category, benefit, alternative, difference.
READ = [
    (("Penny Path", "Parents", "Penny Path account", "handle money well with my kids", "",
      "allowance app", "teaches kids by doing", "cash", "shows where the money goes"),
     "For parents who need to handle money well with their kids, Penny Path account is an "
     "allowance app that teaches kids by doing. Unlike cash, it shows where the money goes."),
    (("Ledgerly", "Small firms", "Close faster", "Close the books by the fifth",
      "Accounting firms that close monthly", "software for closing", "Cuts closing to two days",
      "spreadsheets", "it checks every entry"),
     "For accounting firms that close monthly and need to close the books by the fifth, Close "
     "faster by Ledgerly is software for closing that cuts closing to two days. Unlike "
     "spreadsheets, it checks every entry."),
    (("", "Busy parents", "Meal box", "Get dinner on the table", "", "Meal kit",
      "Saves an hour each evening", "ordering in", "Costs half"),
     "For busy parents who need to get dinner on the table, Meal box is a meal kit that saves an "
     "hour each evening. Unlike ordering in, it costs half."),
    (("Uber", "Riders", "Ride on demand", "Get across town", "People who live downtown",
      "A ride service", "picks you up in minutes", "taxis", "the price is known before"),
     "For people who live downtown and need to get across town, Ride on demand by Uber is a ride "
     "service that picks you up in minutes. Unlike taxis, the price is known before."),
    (("AidLink", "Clinics", "AidLink stock", "I never know when medicine runs out",
      "Kenyan clinics", "inventory tool", "No empty shelves", "paper lists", "Works offline"),
     "For Kenyan clinics who say “I never know when medicine runs out”, AidLink stock is an "
     "inventory tool that means no empty shelves. Unlike paper lists, it works offline."),
    (("Acme", "Nurses", "Acme Pager", "Sleep between calls", "", "pager",
      "that only rings when needed", "the phone", "learns which calls matter"),
     "For nurses who need to sleep between calls, Acme Pager is a pager that only rings when "
     "needed. Unlike the phone, it learns which calls matter."),
    (("Solaris", "Farmers", "Pump", "Water my fields", "Smallholders with two hectares.",
      "solar pump", "water at any hour", "diesel pumps", "no fuel to buy"),
     "For smallholders with two hectares who need to water their fields, Pump by Solaris is a "
     "solar pump that means water at any hour. Unlike diesel pumps, there is no fuel to buy."),
    (("Tally", "Freelancers", "Tally", "to be paid on time", "", "invoicing app",
      "Reminds clients", "chasing by e-mail", "asks politely, and never forgets"),
     "For freelancers who need to be paid on time, Tally is an invoicing app that reminds clients. "
     "Unlike chasing by e-mail, it asks politely, and never forgets."),
    (("Orbit", "IT teams", "Orbit boards", "see who works on what", "", "hourly planner",
      "can be read at a glance", "stand-ups", "Nothing to fill in"),
     "For IT teams who need to see who works on what, Orbit boards is an hourly planner that can "
     "be read at a glance. Unlike stand-ups, there is nothing to fill in."),
    (("", "Schools", "Lab box", "Teach science with one teacher", "", "science training",
      "lessons of 20 minutes", "textbooks", "lessons that need no lab"),
     "For schools who need to teach science with one teacher, Lab box is science training that "
     "means lessons of 20 minutes. Unlike textbooks, lessons that need no lab."),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "said"), READ, ids=[parts[2] for parts, _ in READ])
def test_a_statement_reads_well(parts: tuple[str, ...], said: str) -> None:
    ours, segment, name, need, market, category, benefit, alternative, difference = parts
    canvas = parse_canvas(f"""forwhom: 1
kind: canvas
names: {{ours: [{ours}]}}
segments: [{{id: a, name: {segment}}}]
needs: [{{id: n, statement: {need}, segments: [a]}}]
propositions:
  - id: p
    name: {name}
    segments: [a]
    target_market: {market}
    fit: [{{need: n, strength: full}}]
    positioning:
      category: {category}
      benefit: {benefit}
      alternative: {alternative}
      difference: {difference}
""")
    assert assess_fit(canvas).fits[0].positioning.text == said


def test_another_language_leaves_every_part_as_it_was_written() -> None:
    canvas = parse_canvas("""forwhom: 1
kind: canvas
language: de
segments: [{id: a, name: Familien}]
needs: [{id: n, statement: Zeit gewinnen, segments: [a]}]
propositions:
  - {id: p, name: Kochbox, segments: [a], fit: [{need: n, strength: full}],
     positioning: {category: Lieferdienst, benefit: Spart Zeit, alternative: Bestellen}}
""")
    pieces = assess_fit(canvas).fits[0].positioning.pieces
    known = {piece.text.casefold() for piece in pieces if not piece.missing}
    written = ("Familien", "Kochbox", "Lieferdienst", "Spart Zeit", "Bestellen")
    assert {text.casefold() for text in written} <= known
    assert sum(piece.missing for piece in pieces) == 1  # nothing is said of the difference
