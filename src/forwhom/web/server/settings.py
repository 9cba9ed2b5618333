"""What can be set, and what it is when nobody sets it."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

#: Names under which this machine alone can be reached.
_HERE = ("localhost", "127.0.0.1", "::1")
#: Hosts that stand for every address of this machine; no other machine finds it under them.
_EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Settings:
    """How the web app runs."""

    #: Path of a file (SQLite), or ``postgresql://…``.
    database: str
    #: Where files lie that documents name, and tables that were uploaded.
    folder: Path
    host: str = "127.0.0.1"
    port: int = 8321
    #: Names under which browsers may ask for it; empty: those of this machine.
    names: tuple[str, ...] = ()
    #: Whether a proxy before it speaks HTTPS: cookies go that way alone then.
    https: bool = False
    #: Largest upload, in bytes.
    most_bytes: int = 200_000_000
    #: Where accounts of the organization are (OpenID Connect); empty: nowhere. They come from the
    #: environment: a secret on a command line is read by everybody on the machine.
    issuer: str = ""
    client: str = ""
    client_secret: str = field(default="", repr=False)
    #: How long the next piece of a body may take to come, in seconds.
    patience: float = 30.0
    #: Most files in one upload.
    most_files: int = 20
    #: Largest table that is looked at: rows, and cells in all.
    most_rows: int = 5_000_000
    most_cells: int = 100_000_000
    #: Most bytes that a workbook, an archive or a compressed file may take unpacked.
    most_unpacked: int = 4_000_000_000
    #: How long a job may take, in seconds, and how much memory, in bytes.
    most_seconds: int = 3600
    most_memory: int = 8_000_000_000
    #: How many jobs this server works on at once; the others wait.
    jobs_at_once: int = 1
    #: After how many days rows of people are deleted by themselves; 0: never.
    keep_days: int = 30
    #: Folders whose files people may name instead of bringing them; none: nobody may.
    readable: tuple[Path, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches it: it listens here, and no proxy stands before it."""
        if self.https or self.names:
            return False
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def known_names(self) -> tuple[str, ...]:
        """Names that a browser may ask for, without the port; empty: any."""
        if self.names:
            return self.names
        return _HERE if self.is_local else ()

    @property
    def address(self) -> str:
        """Where a browser finds the server."""
        host = self.names[0] if self.names else self.host
        if host in _EVERYWHERE:
            host = _in_the_network()
        if ":" in host:
            host = f"[{host}]"
        return f"https://{host}" if self.https else f"http://{host}:{self.port}"

    def address_for_others(self, asked: str) -> str:
        """Return where others find the server that a browser found at an address."""
        mine = urlsplit(asked).hostname in (*_HERE, *_EVERYWHERE)
        return self.address if mine and not self.is_local else asked.rstrip("/")


def _in_the_network() -> str:
    """Return the address of this machine in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:  # no network
            return _HERE[1]
        return str(probe.getsockname()[0])
