"""Where the project's data lives: suites, schemas and fixtures stand beside the package."""

from __future__ import annotations

from pathlib import Path

from kontrak.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent.parent
SUITES = ROOT / "suites"
SCHEMAS = ROOT / "schemas"
FIXTURES = ROOT / "fixtures"
TARGETS = FIXTURES / "targets"
REPORTS = ROOT / "reports"


def require_checkout() -> None:
    """Raise ``ConfigurationError`` when kontrak was installed without its suites."""
    if not (SUITES.is_dir() and SCHEMAS.is_dir()):
        raise ConfigurationError(
            f"no suites/ and schemas/ beside the package in {ROOT.name}/",
            hint="install kontrak from a clone of the repository: pip install -e .",
        )
