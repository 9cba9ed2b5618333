"""Activities of IATI files, one after the other; what was read is forgotten at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forwhom.errors import DataError, SourceError
from forwhom.funders.iati.activities import Activity, read_activity
from forwhom.funders.iati.opening import WatchedFile, check_prolog
from forwhom.languages.catalog import tr

if TYPE_CHECKING:
    from lxml.etree import XMLSyntaxError, _Element


def is_activity_file(path: Path) -> bool:
    """Return whether a path is an XML file by its name."""
    name = path.name.lower()
    return name.endswith((".xml", ".xml.gz"))


def holds_activities(path: Path) -> bool:
    """Return whether a file is XML: by its name, or by its first sign."""
    if is_activity_file(path):
        return True
    if not path.is_file() or "." in path.name.removesuffix(".gz"):
        return False
    with path.open("rb") as raw:
        return raw.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def activity_files(folder: Path) -> list[Path]:
    """Return the activity files in a folder, and in the folders inside it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and is_activity_file(path))
    files = [path for path in files if not path.name.startswith(".")]
    if not files:
        raise SourceError(
            f"The folder {folder} holds no IATI files.",
            "Expected files that end with .xml or .xml.gz.",
        )
    return files


def read_activities(
    files: Sequence[Path],
    *,
    since: str = "",
    notes: list[str] | None = None,
    told: Callable[[Path, float], None] | None = None,
) -> Iterator[tuple[Path, Activity]]:
    """Yield the activities of IATI 2.0x files, with the file that each stands in."""
    sizes = [path.stat().st_size if path.exists() else 0 for path in files]
    total, before = max(sum(sizes), 1), 0
    for path, size in zip(files, sizes, strict=True):
        tell = _share(told, path, before, total)
        yield from ((path, one) for one in _activities(path, since, notes, tell))
        before += size


def _share(
    told: Callable[[Path, float], None] | None, path: Path, before: int, total: int
) -> Callable[[int], None] | None:
    if told is None:
        return None
    return lambda read: told(path, (before + read) / total)


def _activities(
    path: Path, since: str, notes: list[str] | None, told: Callable[[int], None] | None
) -> Iterator[Activity]:
    from lxml import etree

    file = WatchedFile(path, told)
    found = False
    try:
        check_prolog(file)
        # Entities stay unresolved, nothing is loaded, and the limits of the parser stay in force.
        activities = etree.iterparse(
            file, events=("end",), tag="iati-activity", resolve_entities=False, no_network=True,
            load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        for _, node in activities:
            if not found:
                _check_age(node, path)
                _check_root(node.getroottree().getroot(), path, notes)
                found = True
            yield read_activity(node, since)
            _forget(node)
            file.activity_ended()
        if not found:
            _check_root(activities.root, path, notes)
    except etree.XMLSyntaxError as error:
        raise _broken(error, path) from error
    finally:
        file.close()
    if not found:
        raise DataError(
            f"{path}: the file has no activity.", "Check that the download was complete."
        )


def _check_root(node: _Element, path: Path, notes: list[str] | None) -> None:
    if node.getroottree().docinfo.internalDTD is not None:
        raise SourceError(
            f"{path}:{node.sourceline}: the file declares a document type.",
            "IATI needs none: remove the declaration, if you trust the file.",
        )
    version = (node.get("version") or "").strip()
    if re.fullmatch(r"2\.\d+", version):
        return
    if not version:
        if notes is not None:
            notes.append(tr("{file} says no version of IATI; it was read as 2.03.", file=path.name))
        return
    raise _old(f"version {version[:20]!r}", node, path)


def _check_age(node: _Element, path: Path) -> None:
    """Refuse an activity of version 1, which old files do not say at their beginning."""
    version = (node.get("version") or "").strip()
    if re.fullmatch(r"1\.\d+", version):
        raise _old(f"version {version!r}", node, path)
    for tag, name in (("transaction/transaction-type", "code"), ("participating-org", "role")):
        for one in node.findall(tag):
            written = (one.get(name) or "").strip()
            if written.isalpha():
                raise _old(
                    f"version 1 ({name} {written[:20]!r} of <{one.tag}> is a word)", one, path
                )


def _old(what: str, node: _Element, path: Path) -> DataError:
    return DataError(
        f"{path}:{node.sourceline}: this is IATI {what}.",
        "Expected version 2.01, 2.02 or 2.03. Files of version 1 write names, codes and dates in "
        "another way; ask the publisher for version 2.03, or convert them first.",
    )


def _forget(node: _Element) -> None:
    """Free what stands before an element, so that memory does not grow with the file."""
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]


def _broken(error: XMLSyntaxError, path: Path) -> SourceError:
    line, column = error.position
    problem = " ".join(str(error.msg or "it cannot be parsed").split(", line ")[0].split())
    problem = problem.rstrip(".")
    return SourceError(
        f"{path}:{line}:{column}: this is not sound XML: {problem}.",
        "The file may be cut off or damaged; download it again, or tell its publisher.",
    )
