"""A way to write IATI files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(*activities: str, name: str = "a.xml") -> Path:
        path = tmp_path / name
        path.write_text(f"<iati-activities version='2.03'>{''.join(activities)}</iati-activities>")
        return path

    return made
