"""Faults that generated requests find: values read too generously, filters that keep everything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.making import fault

Read = Callable[[Fields, str], str]


def _reads(field: str, is_wrong: Callable[[Any], bool], value: str) -> Wrapper:
    """Wraps ``text``: a wrong value of this field is read as ``value``."""

    def text(_service: object, original: Read, fields: Fields, name: str) -> str:
        if name == field and is_wrong(fields.get(name)):
            return value
        return original(fields, name)

    return text


def _topup_without(field: str, value: str) -> Wrapper:
    """Wraps ``trade``: a topup with null in this field is one for ``value``."""

    def trade(
        _service: object,
        original: Callable[[Kind, Fields, PartnerAccount], Answer],
        asked: Kind,
        fields: Fields,
        account: PartnerAccount,
    ) -> Answer:
        if asked is Kind.TOPUP and field in fields and fields[field] is None:
            fields = {**fields, field: value}
        return original(asked, fields, account)

    return trade


def _keeps_unknown(name: str, known: re.Pattern[str]) -> Wrapper:
    """Wraps ``keeps_product`` and ``keeps_purchase``: an unknown value keeps everything."""

    def keeps(
        _service: object, original: Callable[..., bool], asked: str, wanted: str, one: Any
    ) -> bool:
        unknown = asked == name and not known.fullmatch(wanted)
        return unknown or original(asked, wanted, one)

    return keeps


def _is_odd(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and not re.fullmatch(r"[A-Za-z0-9_.-]*", value)


_NO_ZZ = re.compile(r"(?!ZZ).*")

FAULTS: tuple[Fault, ...] = (
    fault("rqid-generated-list-product", "RQID-GEN-TYPE",
          "A list in place of a product_code is read as IS5.",
          text=_reads("product_code", lambda one: isinstance(one, list), "IS5"),
          also=("RQID-GEN-TOPUP",), because="a topup reads it alike"),
    fault("rqid-generated-true-ref", "RQID-GEN-TYPE", "true is taken for a ref_1.",
          text=_reads("ref_1", lambda one: one is True, "TRUE-REFERENCE")),
    fault("rqid-generated-odd-product", "RQID-GEN-TEXT",
          "A product_code with other characters is read as IS5.",
          text=_reads("product_code", _is_odd, "IS5")),
    fault("rqid-generated-null-customer", "RQID-GEN-TOPUP",
          "A topup with null as customer_id goes to the partner's own number.",
          trade=_topup_without("customer_id", "081234567800")),
    fault("rqid-generated-null-product", "RQID-GEN-TOPUP",
          "A topup with null as product_code buys IS5.",
          trade=_topup_without("product_code", "IS5")),
    fault("rqid-generated-operator-all", "RQID-GEN-PRODUCTS",
          "An unknown operator brings every product.",
          keeps_product=_keeps_unknown("operator", _NO_ZZ)),
    fault("rqid-generated-type-all", "RQID-GEN-PRODUCTS", "An unknown type brings every product.",
          keeps_product=_keeps_unknown("type", _NO_ZZ)),
    fault("rqid-generated-customer-all", "RQID-GEN-HISTORY",
          "An unknown customer_id brings every transaction.",
          keeps_purchase=_keeps_unknown("customer_id", _NO_ZZ)),
    fault("rqid-generated-reference-all", "RQID-GEN-HISTORY-REF",
          "An unknown trx_no_mitra brings every transaction.",
          keeps_purchase=_keeps_unknown("trx_no_mitra", _NO_ZZ)),
)  # fmt: skip
