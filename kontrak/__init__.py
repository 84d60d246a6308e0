"""kontrak: contract and conformance tests for Indonesian biller (PPOB) APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kontrak.clauses.catalogue import clause

    __version__: str

__all__ = ["__version__", "clause"]


def __getattr__(name: str) -> object:
    """Import what is asked for: ``kontrak --version`` needs neither pytest nor clauses."""
    if name == "clause":
        from kontrak.clauses.catalogue import clause  # noqa: PLC0415 - as above

        return clause
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - as above

        return version("kontrak")
    raise AttributeError(f"module 'kontrak' has no attribute {name!r}")
