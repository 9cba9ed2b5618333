"""What an address that leads nowhere says, and what one that only watches is told."""

from __future__ import annotations

import pytest
from tests.web.conftest import Client, Team


@pytest.mark.parametrize(
    ("language", "nothing", "not_this"),
    [
        ("en", "There is nothing here.", "This cannot be done at this address."),
        ("de", "Hier ist nichts.", "Das geht unter dieser Adresse nicht."),
    ],
)
def test_a_wrong_address_is_told_in_words(
    client: Client, team: Team, language: str, nothing: str, not_this: str
) -> None:
    speaks = {"accept-language": language}
    answer = client.get("/nonsense", headers=speaks)
    assert (answer.status_code, nothing in answer.text) == (404, True)
    answer = client.put(f"/w/{team.place}", headers=speaks)
    assert (answer.status_code, not_this in answer.text) == (405, True)
    assert "GET" in answer.headers["allow"]


def test_who_watches_whether_it_is_there_is_answered(client: Client, team: Team) -> None:
    assert client.head(team.path).status_code == 200
    assert client.head(f"{team.path}/nothing").status_code == 404
