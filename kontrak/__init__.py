"""kontrak: contract and conformance tests for Indonesian biller (PPOB) APIs."""

from importlib.metadata import version

from kontrak.clauses.catalogue import clause

__all__ = ["__version__", "clause"]

__version__ = version("kontrak")
