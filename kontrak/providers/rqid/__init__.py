"""The asking side of the R-ONE JSON interface (document 000_225173fa548c7a0b.txt)."""

from kontrak.providers.rqid.account import Purchase, RqidAccount
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.rqid.settings import Settings

__all__ = ["Purchase", "Rqid", "RqidAccount", "RqidAnswer", "Settings"]
