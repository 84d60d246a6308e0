"""Where the project's data lies, and the folders that kontrak writes to.

In a clone of the repository suites, schemas and fixtures lie beside the package; a wheel holds the
same folders in ``kontrak/data``. Nothing is ever written to either.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from kontrak.errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent.parent
_BUILT = _PACKAGE / "data"

ROOT = _BUILT if _BUILT.is_dir() else _PACKAGE.parent
"""The folder that holds the data: the clone, or ``data`` of the installed package."""
SUITES = ROOT / "suites"
SCHEMAS = ROOT / "schemas"
FIXTURES = ROOT / "fixtures"
TARGETS = FIXTURES / "targets"
SUITE_SETTINGS = _PACKAGE / "pytest_plugin" / "pytest.toml"
"""pytest's settings for runs of the suites, whatever the folder one stands in has."""
REPORTS = Path("reports")
"""The folder of results unless one is named: in the working directory."""


def require_data() -> None:
    """Raise ``ConfigurationError`` when kontrak was installed without its suites."""
    if not (SUITES.is_dir() and SCHEMAS.is_dir()):
        raise ConfigurationError(
            f"this installation of kontrak is not complete: no suites/ and schemas/ in {ROOT}",
            hint="install it again: its wheel, or `pip install -e .` in a clone",
        )


def displayed(path: Path) -> str:
    """A path for a message: relative where it lies below the working directory."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@cache
def cache_folder() -> Path:
    """The folder for what can be made again: ``$XDG_CACHE_HOME/kontrak``, ``~/.cache/kontrak``.

    A user without a home has a temporary one, which is removed when the process ends.
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    # A relative value is to be ignored, says the specification of these variables.
    if Path(named).is_absolute():
        return Path(named) / "kontrak"
    try:
        return Path("~/.cache").expanduser() / "kontrak"
    except RuntimeError:
        made = Path(tempfile.mkdtemp(prefix="kontrak-cache-"))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        return made
