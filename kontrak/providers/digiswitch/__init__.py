"""The asking side of Digiswitch's postpaid payment (document 003_9b3f16432d5cddec.txt)."""

from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.client import Digiswitch, Order
from kontrak.providers.digiswitch.settings import CASES, PRODUCTS, Product, Settings

__all__ = [
    "CASES",
    "PRODUCTS",
    "Digiswitch",
    "DigiswitchAnswer",
    "Order",
    "Product",
    "Settings",
]
