"""Participants of a canvas, proposed from who funds whom."""

from pathlib import Path

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.errors import OptionError
from forwhom.funders.proposals import _placed, propose_participants

from .activities import activity, find, organization, receiver, transaction
from .conftest import Write


def test_participants_are_proposed_with_evidence_and_only_once(
    tmp_path: Path, write: Write
) -> None:
    roles = organization("participating-org", "Ministry: of Health", "", 'role="2"')
    found = find(write(activity("Donor", roles, transaction(3, 100, receiver("Clinic")))))
    path = tmp_path / "canvas.yaml"
    path.write_text(
        "forwhom: 1\nkind: canvas  # ours\nsegments: [{id: donor, name: Donors}]\n"
        "participants:\n  - {id: c, name: clinic, roles: [user]}  # we know them\n"
    )
    text, proposed = propose_participants(found, path)
    assert [(one.id, one.roles) for one in proposed] == [
        ("donor-2", ["donor"]), ("ministry-of-health", ["decision-maker"]),
    ]  # fmt: skip
    assert "# ours" in text
    assert "# we know them" in text
    canvas = parse_canvas(text, path)
    assert canvas.participants[1].evidence[0].startswith("funding-donor-2@")
    assert canvas.evidence[0].value == 100
    assert "gave USD 100, most of it for Basic health in Kenya" in canvas.evidence[0].statement
    path.write_text(text)
    assert propose_participants(found, path) == (text, [])


def test_our_own_organization_is_no_participant_and_takes_nobodys_place(
    tmp_path: Path, write: Write
) -> None:
    found = find(write(activity("Donor", transaction(3, 100, receiver("Clinic (us)")))))
    path = tmp_path / "canvas.yaml"
    path.write_text(
        "forwhom: 1\nkind: canvas\nnames: {ours: [DONOR]}\nsegments: [{id: s, name: S}]\n"
    )
    _, proposed = propose_participants(found, path, segments=["s"])
    assert "donor" not in {one.id for one in proposed}
    assert all(one.segments == ["s"] for one in proposed)
    both = [activity(who, transaction(3, 100, receiver("R"))) for who in ("Donor", "Fund")]
    _, [other] = propose_participants(find(write(*both)), path, most=1)
    assert (other.id, other.roles) == ("fund", ["donor"])
    with pytest.raises(OptionError, match="no segment 't'"):
        propose_participants(found, path, segments=["t"])


@pytest.mark.parametrize(
    ("money", "sector", "country", "said"),
    [
        (True, "health", "KE", "gave, most of it for health in Kenya"),
        (True, "health", "", "gave, most of it for health"),
        (False, "", "KE", "gave, most often for Kenya"),
        (True, "", "", "gave"),
    ],
)
def test_where_most_of_it_is_for(money: bool, sector: str, country: str, said: str) -> None:
    assert _placed("gave", money, sector, country) == said
