"""Variants of Tokopedia whose customers owe otherwise than the documented ones do."""

from __future__ import annotations

from kontrak.sandbox.changes import Variant
from kontrak.sandbox.tokopedia.interface import Document, Kind
from kontrak.sandbox.tokopedia.making import of, variant, with_bill, with_document
from kontrak.sandbox.tokopedia.other_customers import (
    DISCOUNTED,
    DISCOUNTS,
    LATE,
    PENALTIES,
    PRINCIPALS,
    TOTALS,
    TWO_MONTHS,
    adjusted,
    asked_by_customer_id,
    of_a_member,
    of_two_months,
    with_decimals,
    with_top_up_fee,
)

AMOUNTS = ("base_price", "admin_fee", "sales_price", "partner_fee", "saldo", "price")


def _as_decimals(document: Document) -> None:
    """Whole amounts with a fraction of nothing: 2000.0, which JSON holds equal to 2000."""
    found = document["data"]
    for one in found if isinstance(found, list) else [found]:
        attributes = one["attributes"]
        for name in AMOUNTS:
            if isinstance(attributes.get(name), int):
                attributes[name] = float(attributes[name])


OTHER_CUSTOMERS: tuple[Variant, ...] = (
    variant("late-in-every-entry", "Bills have a penalty that Tagihan and Total Tagihan include.",
            bill_of=with_bill(adjusted(PENALTIES, 12_500, "Rp12.500"), *LATE)),
    variant("late-apart-from-tagihan", "Bills have a penalty that only Total Tagihan includes.",
            bill_of=with_bill(adjusted(PENALTIES, 12_500, "Rp12.500", apart=PRINCIPALS), *LATE)),
    variant("late-apart-from-totals", "Bills have a penalty beside Tagihan and Total Tagihan.",
            bill_of=with_bill(
                adjusted(PENALTIES, 12_500, "Rp12.500", apart=(*PRINCIPALS, *TOTALS)),
                "biznet-home", "pbb-kota-depok")),
    variant("discount-in-every-entry", "Bills have a discount, written with a minus.",
            bill_of=with_bill(adjusted(DISCOUNTS, -5_000, "-Rp5.000", apart=("Jumlah Pokok",)),
                              *DISCOUNTED)),
    variant("discount-apart", "Bills have a discount in brackets that Tagihan leaves out.",
            bill_of=with_bill(adjusted(DISCOUNTS, -5_000, "(Rp5.000)", apart=PRINCIPALS),
                              *DISCOUNTED)),
    variant("pdam-two-months", "Four water companies have the bills of two months.",
            bill_of=with_bill(of_two_months, *TWO_MONTHS)),
    variant("bpjs-of-a-member", "BPJS is asked for with the number of a member of the family.",
            bill_of=with_bill(of_a_member, "bpjs-kesehatan-iuran-1month")),
    variant("pln-by-customer-id", "PLN prepaid is bought with the customer id.",
            bill_of=with_bill(asked_by_customer_id, "pln-prepaid-token-50k-sat-new")),
    variant("wallet-fee", "A wallet of an open amount takes a fee out of it.",
            bill_of=with_bill(with_top_up_fee, "dompet-digital-gopay-open-amount", "topup-dana")),
    variant("amounts-with-cents", "Amounts in lists have two decimals: Rp1.000,00.",
            bill_of=with_bill(with_decimals)),
    variant("amounts-as-decimals", "Amounts are written 2000.0, which is 2000.",
            finish=with_document(_as_decimals, of(
                Kind.INQUIRY, Kind.CHECKOUT, Kind.STATUS, Kind.ACCOUNT, Kind.PRODUCTS))),
)  # fmt: skip
