"""Whatever a person gives: an answer, or an error of forwhom, never a raw one of a library."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forwhom as fw
from forwhom.errors import ForwhomError

NAMES = (
    "spend",
    "id",
    'a"b',
    "it's",
    "a.b",
    "",
    "é",
    "x" * 300,
    "*",
    "a\nb",
    "date",
    "A",
    "a",
    "%s",
)

#: Columns of n rows of every kind that frames hold, also of those that nobody can use.
COLUMNS: dict[str, Callable[[int], object]] = {
    "numbers": lambda n: np.linspace(-3.0, 9.5, n),
    "whole": lambda n: np.arange(n) % 5,
    "words": lambda n: np.array(["a", "b", "c"])[np.arange(n) % 3],
    "nothing": lambda n: np.full(n, None, dtype=object),
    "infinite": lambda n: np.full(n, np.inf),
    "huge": lambda n: 1e300 * np.linspace(-1.0, 1.0, n),
    "days": lambda n: [date(2020, 1, 1) + timedelta(days=i) for i in range(n)],
    "zoned": lambda n: pd.date_range("2020-01-01", periods=n, tz="Europe/Berlin"),
    "decimals": lambda n: [decimal.Decimal(i) / 3 for i in range(n)],
    "lists": lambda n: [[1, 2]] * n,
    "records": lambda n: [{"a": 1}] * n,
    "complex": lambda n: np.linspace(0, 1, n) + 1j,
    "escapes": lambda n: ["\x00\x1b[31m" if i % 2 else "=cmd()" for i in range(n)],
    "ordered": lambda n: pd.Categorical(["x", "y"] * (n // 2) + ["x"] * (n % 2), ordered=True),
    "nullable": lambda n: pd.array(np.arange(n) % 3, dtype="Int8"),
    "bytes": lambda n: [b"ab\xff"] * n,
    "mixed": lambda n: [1 if i % 3 else "a" for i in range(n)],
    "spans": lambda n: [pd.Timedelta(days=i) for i in range(n)],
    "clocks": lambda n: [time(1, i % 60) for i in range(n)],
    "beyond": lambda n: [2**70 if i % 2 else 1 for i in range(n)],
    "written days": lambda n: ["2024-01-01" if i % 2 else "31.12.2024" for i in range(n)],
}
KINDS = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "arrow": pa.Table.from_pandas,
}
QUICK = {"n_starts": 1, "stability": 0}
ASKED: dict[str, Callable[[object], object]] = {
    "profile": lambda frame: fw.profile_table(fw.open_table(frame)),
    "draft": lambda frame: fw.draft_study(frame).text,
    "mixture": lambda frame: fw.discover(frame, k=1, threshold=1, **QUICK),
    "k-means": lambda frame: fw.discover(frame, k=2, method="kmeans"),
    "grid": lambda frame: fw.discover(frame, method="rfm"),
    "features": fw.features_table,
    "fit": lambda frame: fw.LatentSegments(n_segments=1, n_starts=1).fit(frame),
}


@st.composite
def frames(draw: st.DrawFn) -> object:
    """Frames of few rows, with names and values that nobody would give them."""
    n = draw(st.sampled_from([0, 1, 2, 12, 40]))
    several = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(list(COLUMNS))), max_size=4)
    )
    parts = [pd.Series(COLUMNS[kind](n)) for _, kind in several]
    frame = pd.concat(parts, axis=1) if parts else pd.DataFrame(index=range(n))
    frame.columns = [name for name, _ in several]
    try:
        return KINDS[draw(st.sampled_from(list(KINDS)))](frame)
    except Exception:  # such a frame does not exist there
        return frame


@given(frames(), st.sampled_from(list(ASKED)))
@settings(max_examples=60, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_a_strange_frame_is_answered_or_refused(frame: object, asked: str) -> None:
    with suppress(ForwhomError):
        ASKED[asked](frame)


SIGNS = (
    b'"', b"\n", b"\r", b",", b";", b"\x00", b"\xff", b"[", b"{", b"&a ", b"*a", b"- ", b": ",
    b"NaN",
    b"!!python/object:os.system ", b"1e999", b"99999999999999999999", b"\xef\xbb\xbf",
)  # fmt: skip
#: Where in the file, how many bytes are gone, and what is there instead.
DAMAGE = st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from((b"", *SIGNS)))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One sound file of each kind that is read."""
    place = tmp_path_factory.mktemp("files")
    rows = pd.DataFrame({"customer": [f"c{i}" for i in range(30)], "spend": np.linspace(1, 90, 30)})
    rows.to_csv(place / "t.csv", index=False)
    rows.to_parquet(place / "t.parquet")
    rows.to_excel(place / "t.xlsx", index=False)
    (place / "study.yaml").write_text(fw.draft_study(rows.copy()).text)
    found = fw.discover(rows, k=1, **QUICK).segmentation
    fw.write_segmentation(found, place / "segmentation.json")
    (place / "canvas.yaml").write_text(fw.seed_canvas(found).text)
    fw.export_canvas(place / "canvas.yaml", place / "flat.csv")
    return {path.name: path.read_bytes() for path in place.iterdir()}


def judged(path: Path) -> None:
    canvas = fw.read_canvas(path)
    fw.lint_canvas(canvas)
    fw.draw_canvas(canvas)


READ: dict[str, Callable[[Path], object]] = {
    "t.csv": lambda path: fw.profile_table(fw.open_table(path)),
    "t.parquet": lambda path: fw.profile_table(fw.open_table(path)),
    "t.xlsx": lambda path: fw.profile_table(fw.open_table(path)),
    "study.yaml": fw.read_study,
    "segmentation.json": lambda path: fw.summary_text(fw.read_segmentation(path)),
    "canvas.yaml": judged,
    "flat.csv": fw.import_canvas,
}


@given(st.sampled_from(list(READ)), st.lists(DAMAGE, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_a_damaged_file_is_read_or_refused(
    files: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    damage: list[tuple[float, int, bytes]],
) -> None:
    content = bytearray(files[name])
    for where, gone, put in damage:
        at = int(where * len(content))
        content[at : at + gone] = put
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(content)
    with suppress(ForwhomError):
        READ[name](path)
