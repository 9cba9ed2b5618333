"""Download the uv wheel from PyPI and unpack the binary, with Python's standard library alone.

``python3 scripts/download_uv.py VERSION FOLDER`` is the way for a Python without venv and pip. The
checksums are pinned here, so a changed file is refused. Proxies come from the environment.
"""

from __future__ import annotations

import hashlib
import io
import platform
import sys
import urllib.request
import zipfile
from pathlib import Path

FILES = "https://files.pythonhosted.org/packages/"
WHEELS = {
    ("0.13.9", "Linux", "x86_64"): (
        "3d/aa/26d64642d808de4a652579ef950d7cd2d37f080a8babf9c67c6b75fc4c3f/"
        "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("0.13.9", "Linux", "aarch64"): (
        "fe/2f/51a5de367c602592c018a42a23d57fba5f2689fe6c3bf025dcf043b39c61/"
        "uv-0.13.9-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
    ("0.13.9", "Darwin", "arm64"): (
        "f3/a7/a8d7b074798c7fb3b26b37584b8fe2e29df2ccdc24ce7902caab2a53edbf/"
        "uv-0.13.9-py3-none-macosx_11_0_arm64.whl",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}


def main(version: str, folder: str) -> str | None:
    """Put ``uv`` into ``folder``; return what went wrong, or ``None``."""
    wheel = WHEELS.get((version, platform.system(), platform.machine()))
    if wheel is None:
        return f"no pinned uv {version} for {platform.system()} {platform.machine()}"
    path, checksum = wheel
    try:
        with urllib.request.urlopen(FILES + path, timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        return f"{FILES + path}: {error}"
    if hashlib.sha256(content).hexdigest() != checksum:
        return f"{FILES + path}: the checksum is not the pinned one"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        binary = archive.read(f"uv-{version}.data/scripts/uv")
    target = Path(folder) / "uv"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(binary)
    target.chmod(0o755)
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
