"""``python -m kontrak``, and what the command ``kontrak`` starts."""

from __future__ import annotations

import os
import signal
import sys
import threading


def main() -> None:
    """Run the command line. Ctrl-C while the program is being loaded ends it in one line."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _at_once)
    from kontrak.errors import ConfigurationError  # noqa: PLC0415 - as below

    try:
        from kontrak.cli import main as command_line  # noqa: PLC0415 - loading takes a second
    except ConfigurationError as error:
        # No provider is registered, so there is no command line yet that could say so.
        sys.stderr.write(f"error: {error}\n")
        sys.exit(4)

    if signal.getsignal(signal.SIGINT) is _at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command_line()


def _at_once(*_: object) -> None:
    os.write(2, b"interrupted by you\n")
    os._exit(130)


if __name__ == "__main__":
    main()
