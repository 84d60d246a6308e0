"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_whole(content: bytes, place: Path) -> None:
    """Put ``content`` at ``place``; whoever reads it sees the old file or the new one.

    Raises ``OSError`` with the old file, if any, untouched.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    scratch = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        scratch.write_bytes(content)
        scratch.replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise
