"""Bills: what one customer owes for one product, with all its details."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kontrak.sandbox.tokopedia.catalogue import Attributes, Entries, Entry, Product
from kontrak.sandbox.tokopedia.money import amount_of, written_like

Fields = Sequence[Mapping[str, str]] | None
"""The additional fields of a request, as sent."""

ECHOED = ("zone_id", "period")
"""The additional fields that the documented lists show again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an inquiry or a checkout asks for; ``amount`` is None where it names none."""

    product: Product
    code: str
    client_number: str
    fields: Fields
    amount: int | None


@dataclass(frozen=True, slots=True)
class Bill:
    """What is owed, in rupiah, and the lines to display; ``masked_name`` is the inquiry's."""

    asked: Asked
    base_price: int
    admin_fee: int
    partner_fee: int
    masked_name: str
    name: str
    meter_id: str
    serial_number: str
    voucher_code: str
    inquiry_result: Entries
    fulfillment_result: Entries

    @property
    def sales_price(self) -> int:
        """What is paid."""
        return self.base_price + self.admin_fee


def bill_for(asked: Asked) -> Bill:
    """The documented bill of the product, for this customer and amount."""
    product = asked.product
    order, inquiry = product.order, product.inquiry or {}
    returned = _saying(asked)
    bill = Bill(
        asked=asked,
        base_price=inquiry.get("base_price", order["sales_price"]),
        admin_fee=inquiry.get("admin_fee", 0),
        partner_fee=order["partner_fee"],
        masked_name=inquiry.get("client_name", ""),
        name=order["client_name"],
        meter_id=returned(inquiry.get("meter_id", "")),
        serial_number=returned(order["serial_number"]),
        voucher_code=returned(order["voucher_code"]),
        inquiry_result=_returned(product, "inquiry", product.inquiry_result, returned),
        fulfillment_result=_returned(product, "order", product.fulfillment_result, returned),
    )
    if product.open_amount and asked.amount:
        return repriced(bill, asked.amount)
    return bill


def own_codes(bill: Bill, earlier: int) -> Bill:
    """The bill with a voucher or token of its own, after so many earlier orders of its product.

    The first order has the documented ones. What is paid for a customer keeps its reference.
    """
    if bill.asked.product.inquiry is not None and not bill.meter_id:
        return bill
    texts = {one: _later(one, earlier) for one in (bill.serial_number, bill.voucher_code) if one}
    return replace(
        bill,
        serial_number=texts.get(bill.serial_number, ""),
        voucher_code=texts.get(bill.voucher_code, ""),
        fulfillment_result=tuple(
            replace(entry, value=texts.get(entry.value or "", entry.value))
            for entry in bill.fulfillment_result
        ),
    )


def _later(code: str, count: int) -> str:
    """A code of the same letters and digits, another one for every count."""
    found = []
    for sign in reversed(code):
        first, base = ("0", 10) if sign.isdigit() else ("A" if sign.isupper() else "a", 26)
        if sign.isascii() and sign.isalnum():
            found.append(chr(ord(first) + (ord(sign) - ord(first) + count) % base))
            count //= base
        else:
            found.append(sign)
    return "".join(reversed(found))


def _saying(asked: Asked) -> Callable[[str], str]:
    """How a documented text reads for this customer: number and fields are the asked ones."""
    request = asked.product.request
    texts = {request["client_number"]: asked.client_number}
    for field in request.get("fields") or ():
        given = [one["value"] for one in asked.fields or () if one["name"] == field["name"]]
        if given and field["name"] in ECHOED:
            texts[field["value"]] = given[0]
            both = f"{request['client_number']}_{field['value']}"
            texts[both] = f"{asked.client_number}_{given[0]}"
    return lambda text: texts.get(text, text) if text else text


def _returned(
    product: Product, message: str, entries: Entries, returned: Callable[[str], str]
) -> Entries:
    # A plate may read like the customer number; it stays the one that the inquiry masks.
    kept = product.tied("carried-nomor-polisi", message)
    return tuple(
        entry
        if place in kept or entry.value is None
        else replace(entry, value=returned(entry.value))
        for place, entry in enumerate(entries)
    )


def repriced(bill: Bill, base_price: int) -> Bill:
    """The bill with another base price, and the entries that show it or the price."""
    more = base_price - bill.base_price
    old = {bill.base_price, bill.sales_price}

    def changed(entry: Entry) -> Entry:
        rupiah = amount_of(entry.value)
        if rupiah not in old or rupiah is None or entry.value is None:
            return entry
        return replace(entry, value=written_like(entry.value, rupiah + more))

    return replace(
        bill,
        base_price=base_price,
        inquiry_result=tuple(map(changed, bill.inquiry_result)),
        fulfillment_result=tuple(map(changed, bill.fulfillment_result)),
    )


def without_penalty(bill: Bill) -> Bill:
    """The bill without the entries that are absent when they do not apply."""
    optional = bill.asked.product.optional
    cut = sum(amount_of(bill.inquiry_result[place].value) or 0 for place in optional["inquiry"])
    less = repriced(bill, bill.base_price - cut)
    return replace(
        less,
        inquiry_result=_blanked(less.inquiry_result, optional["inquiry"]),
        fulfillment_result=_blanked(less.fulfillment_result, optional["order"]),
    )


def _blanked(entries: Entries, places: frozenset[int]) -> Entries:
    return tuple(
        replace(entry, value=None) if place in places else entry
        for place, entry in enumerate(entries)
    )


def listed(entries: Entries) -> list[dict[str, str]]:
    """The lines as they are sent."""
    return [{"name": one.name, "value": one.value} for one in entries if one.value is not None]


def inquiry_attributes(bill: Bill) -> Attributes:
    """The attributes of the answer to an inquiry, in the document's order."""
    return {
        "admin_fee": bill.admin_fee,
        "base_price": bill.base_price,
        "client_name": bill.masked_name,
        "client_number": bill.asked.client_number,
        "fields": bill.asked.fields or None,
        "inquiry_result": listed(bill.inquiry_result),
        "meter_id": bill.meter_id,
        "product_code": bill.asked.code,
        "sales_price": bill.sales_price,
    }
