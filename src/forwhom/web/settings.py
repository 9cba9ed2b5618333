"""What can be set, and what it is when nobody sets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

#: Names under which this machine alone can be reached.
_HERE = ("localhost", "127.0.0.1", "::1")


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
