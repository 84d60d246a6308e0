"""The asking side of Tokopedia's B2B digital interface (document 002_39248943ca9b132d.txt)."""

from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.client import Tokopedia
from kontrak.providers.tokopedia.settings import Offer, Settings

__all__ = ["Offer", "Settings", "Tokopedia", "TokopediaAnswer"]
