"""Variants of Digiswitch's bills: other names, amounts, months and counts."""

from __future__ import annotations

import copy
from dataclasses import replace

from kontrak.sandbox.changes import Variant
from kontrak.sandbox.digiswitch.bills import ADMIN, PRODUCTS, Bill
from kontrak.sandbox.digiswitch.making import inquired, variant, with_bill, with_desc
from kontrak.sandbox.json_body import Fields


def _dearer(bill: Bill) -> Bill:
    """Every bill costs 4,321 rupiah more, in what it says of its details as well."""
    desc = copy.deepcopy(bill.desc)
    count = desc["lembar_tagihan"]
    for detail in desc.get("detail", ()):
        if "nilai_tagihan" in detail:
            detail["nilai_tagihan"] = str(int(detail["nilai_tagihan"]) + 4_321)
    if "biaya_pokok_pkb" in desc:
        desc["biaya_pokok_pkb"] = str(int(desc["biaya_pokok_pkb"]) + 4_321)
    more = 4_321 * count
    return replace(
        bill, desc=desc, price=bill.price + more, selling_price=bill.selling_price + more
    )


def _without_admin(bill: Bill) -> Bill:
    desc = copy.deepcopy(bill.desc)
    for detail in desc.get("detail", ()):
        if "admin" in detail:
            detail["admin"] = "0"
    return replace(
        bill,
        desc=desc,
        admin=0,
        price=bill.price - bill.admin,
        selling_price=bill.selling_price - bill.admin,
    )


def _without_margin(bill: Bill) -> Bill:
    if bill.code == "samsat":
        return replace(bill, selling_price=bill.price)
    return replace(bill, price=bill.selling_price)


def _tnkb(desc: Fields) -> None:
    desc["biaya_tnkb"] = desc.pop("biaya_admin_tnkb")


def _samsat_sold(bill: Bill) -> Bill:
    """The fees and the admin fee are selling_price, as other products have it."""
    return replace(bill, price=bill.price - 500, selling_price=bill.price)


SEVERAL = {
    "pln": ("202308", "202310", "202312"),
    "pdam": ("202308", "202310", "202312"),
    "internet": ("AGS 2023", "OKT 2023", "DES 2023"),
    "bpjs": ("01", "01", "01"),
    "multifinance": ("009", "010", "011"),
    "pgas": ("0823", "1023", "1223"),
    "tv": ("AGU 23", "NOV 23", "DES 23"),
}


def _several(bill: Bill) -> Bill:
    """Three bills of other months where a product has details."""
    if bill.code not in SEVERAL:
        return bill
    product, admin = PRODUCTS[bill.code], ADMIN * 3
    desc = copy.deepcopy(bill.desc)
    desc["lembar_tagihan"] = 3
    desc["detail"] = [desc["detail"][0] | {"periode": periode} for periode in SEVERAL[bill.code]]
    selling = product.selling(desc, admin, 0)
    price = selling - product.margin * 3
    return replace(bill, desc=desc, admin=admin, price=price, selling_price=selling)


def _without_meters(desc: Fields) -> None:
    for detail in desc["detail"]:
        detail.update(meter_awal="-", meter_akhir="-")


MONTHS = {"MEI": "Mei", "JUN": "Jun"}


def _mixed_case(desc: Fields) -> None:
    for detail in desc["detail"]:
        detail["periode"] = MONTHS[detail["periode"][:3]] + detail["periode"][3:]


def _english(desc: Fields) -> None:
    for detail in desc["detail"]:
        detail["periode"] = detail["periode"].replace("MEI", "MAY")


def _three_months(desc: Fields) -> None:
    desc["detail"] = [{"periode": "03"}]


def _months_counted(desc: Fields) -> None:
    _three_months(desc)
    desc["lembar_tagihan"] = 3


def _no_fees(desc: Fields) -> None:
    for holder in (desc, *desc.get("detail", ())):
        for name, value in holder.items():
            if value == "0" and name.startswith(("biaya_", "denda")):
                holder[name] = ""


def _corrected(bill: Bill) -> Bill:
    """A bill of pdam whose other costs are below zero, and the sums that follow."""
    desc = copy.deepcopy(bill.desc)
    less = int(desc["detail"][0]["biaya_lain"]) + 1_500
    desc["detail"][0]["biaya_lain"] = "-1500"
    return replace(
        bill, desc=desc, price=bill.price - less, selling_price=bill.selling_price - less
    )


VARIANTS: tuple[Variant, ...] = (
    variant("fees-empty", "A fine or a fee that there is not is empty.",
            bill_of=with_desc(_no_fees)),
    variant("costs-below-zero", "For pdam, biaya_lain is a correction below zero.",
            bill_of=with_bill(_corrected, "pdam")),
    variant("names-empty", "Customers have an empty name.",
            bill_of=with_bill(lambda bill: replace(bill, name=""))),
    variant("pdam-without-tariff", "tarif of pdam is empty.",
            bill_of=with_desc(lambda desc: desc.update(tarif=""), "pdam")),
    variant("bpjs-months-counted", "A bpjs bill of three months has lembar_tagihan 3.",
            bill_of=with_desc(_months_counted, "bpjs")),
    variant("other-prices", "Every bill costs 4,321 rupiah more.", bill_of=with_bill(_dearer)),
    variant("no-admin", "There is no admin fee.", bill_of=with_bill(_without_admin)),
    variant("no-margin", "price is selling_price.", bill_of=with_bill(_without_margin)),
    variant("several-bills", "Every product with details has three bills of other months.",
            bill_of=with_bill(_several)),
    variant("commission-zero", "Every product has a base_commission of 0.",
            bill_of=with_bill(lambda bill: replace(bill, base_commission=0))),
    variant("meters-unknown", "The meters of pdam are a hyphen.",
            bill_of=with_desc(_without_meters, "pdam")),
    variant("inquiry-without-desc", "An inquiry has no desc.",
            finish=inquired(lambda fields: fields.pop("desc"))),
    variant("commission-everywhere", "Every product has a base_commission.",
            bill_of=with_bill(lambda bill: replace(bill, base_commission=700))),
    variant("commission-nowhere", "No product has a base_commission.",
            bill_of=with_bill(lambda bill: replace(bill, base_commission=None))),
    variant("samsat-tnkb", "The plate fee of samsat is called biaya_tnkb, as in the table.",
            bill_of=with_desc(_tnkb, "samsat")),
    variant("samsat-sum-is-selling-price", "The fees of samsat and admin are selling_price.",
            bill_of=with_bill(_samsat_sold, "samsat")),
    variant("periode-mixed-case", "periode of internet is written as Mei 2019.",
            bill_of=with_desc(_mixed_case, "internet")),
    variant("periode-in-english", "periode of internet is written as MAY 2019.",
            bill_of=with_desc(_english, "internet")),
    variant("bpjs-three-months", "A bpjs bill is of three months.",
            bill_of=with_desc(_three_months, "bpjs")),
    variant("hp-two-bills", "An hp customer has two bills.",
            bill_of=with_desc(lambda desc: desc.update(lembar_tagihan=2), "hp")),
    variant("inquiry-with-meters", "Inquiries show the meters as well.",
            without_meters=lambda _service, _original, fields: fields),
    variant("inquiry-code-of-the-provider", "An inquiry answers the provider's own code.",
            finish=inquired(lambda fields: fields.update(code=f"ds{fields['code']}"))),
)  # fmt: skip
