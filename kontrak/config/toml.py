"""Reading TOML that users write: what is wrong with the file in one line."""

from __future__ import annotations

import tomllib
from typing import Any

from kontrak.errors import ConfigurationError

_MARKS = {
    b"\xef\xbb\xbf": "begins with a byte order mark",
    b"\xff\xfe": "is UTF-16",
    b"\xfe\xff": "is UTF-16",
}
_SAVE = "save it as UTF-8 without a byte order mark; editors call that UTF-8, Notepad too"


def read_toml(content: bytes, file: str) -> dict[str, Any]:
    """The tables of a file's content; ``file`` is its name. Raises ``ConfigurationError``."""
    for mark, words in _MARKS.items():
        if content.startswith(mark):
            raise ConfigurationError(f"{file} {words}", hint=_SAVE)
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{file} is not UTF-8 at line {line}", hint=_SAVE) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{file} is not TOML: {error}", hint="fix the TOML syntax on that line"
        ) from error
