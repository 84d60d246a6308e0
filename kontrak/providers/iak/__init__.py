"""The asking side of IAK's postpaid interface (document 004_aa804b5916536fc5.txt)."""

from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.iak.client import Iak
from kontrak.providers.iak.settings import Case, Settings

__all__ = ["Case", "Iak", "IakAnswer", "Settings"]
