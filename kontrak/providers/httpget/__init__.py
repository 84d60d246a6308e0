"""The asking side of the R-ONE HTTP-GET interface (document 001_c00a3ef8cdb59c68.txt)."""

from kontrak.providers.httpget.account import HttpGetAccount, TextPurchase
from kontrak.providers.httpget.answer import TextAnswer
from kontrak.providers.httpget.client import HttpGet
from kontrak.providers.httpget.settings import FAMILIES, Family, Settings

__all__ = [
    "FAMILIES",
    "Family",
    "HttpGet",
    "HttpGetAccount",
    "Settings",
    "TextAnswer",
    "TextPurchase",
]
