"""Faults of inquiries: whether they succeed, their fields, and what a payment repeats of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.codes import Reason
from kontrak.sandbox.digiswitch.customers import Customer
from kontrak.sandbox.digiswitch.faults_fields import slug
from kontrak.sandbox.digiswitch.interface import Answer, Kind
from kontrak.sandbox.digiswitch.making import (
    about,
    all_of,
    because_of,
    changed,
    fault,
    inquired,
    paid,
    updated,
    with_answer,
    with_fields,
)
from kontrak.sandbox.digiswitch.service import DigiswitchService
from kontrak.sandbox.digiswitch.transactions import State
from kontrak.sandbox.edits import Edit, Retype, dropped, retyped
from kontrak.sandbox.json_body import Fields


def _refused_inquiry(code: str) -> Wrapper:
    """Wraps ``customer_of``: no customer of this product has a bill."""

    def customer_of(
        _service: object, original: Callable[[str, str], Customer | None], used: str, number: str
    ) -> Customer | None:
        return None if used == code else original(used, number)

    return customer_of


def _reported_of(edit: Edit, code: str | None = None) -> Wrapper:
    """Wraps ``finish``: a payment that succeeds and its status report other fields."""
    return with_fields(edit, None, all_of(because_of(Reason.PAID), about(code)))


def _teaser(answer: Answer) -> Answer:
    return replace(answer, fields=answer.fields | {"price": answer.fields["price"] - 1})


def _dearer_at_payment(
    service: DigiswitchService, original: Callable[[Fields], Answer], fields: Fields
) -> Answer:
    transaction = service.by_ref_id.get(fields["ref_id"])
    if transaction is not None and transaction.state is State.UNPAID:
        dearer = transaction.bill.selling_price + 1
        if transaction.code == "hp":
            transaction.bill = replace(transaction.bill, selling_price=dearer)
    return original(fields)


INQUIRED_FIELDS = (
    "ref_id", "customer_no", "name", "code", "admin", "message", "sn", "balance", "price",
    "selling_price",
)  # fmt: skip
TYPED: dict[str, Retype] = {
    "admin": str,
    "balance": str,
    "price": str,
    "selling_price": str,
    "sn": lambda _: None,
}
NEEDED = frozenset({"price", "balance"})
"""Without these nothing is paid, so one product loses them, not all."""


def _inquiry_fields() -> Iterator[Fault]:
    for name in INQUIRED_FIELDS:
        code = "kirimuang" if name in NEEDED else None
        of = " of kirimuang" if code else ""
        lost = name == "price"
        yield fault(
            f"inquiry-{slug(name)}-missing", "DIGISWITCH-INQ-FIELDS",
            f"In inquiries{of}, {name} is left out.",
            also=("DIGISWITCH-WELLFORMED",) if lost else (),
            because="without a price nothing is bought, and no answer is left" if lost else "",
            finish=inquired(dropped(name), code),
        )  # fmt: skip
        yield fault(
            f"inquiry-{slug(name)}-of-other-type", "DIGISWITCH-INQ-FIELDS",
            f"In inquiries{of}, {name} is of another type.",
            finish=inquired(retyped(name, TYPED.get(name, lambda _: 7)), code),
        )  # fmt: skip


ALIKE = "what other payments take is measured alike"
OTHER_PAYMENTS = (
    "DIGISWITCH-PENDING-MONEY", "DIGISWITCH-PENDING-FINAL-MONEY", "DIGISWITCH-IDEM-PAY-PENDING",
)  # fmt: skip
EVERY_PAYMENT = (*OTHER_PAYMENTS, "DIGISWITCH-IDEM-PAY-RACE")

BOUGHT_CASES = (
    *(f"DIGISWITCH-PENDING-{name}" for name in ("MONEY", "FINAL-MONEY", "SETTLES")),
    *(f"DIGISWITCH-STATUS-{name}" for name in ("FAILED", "PENDING")),
    *(f"DIGISWITCH-IDEM-PAY-{name}" for name in ("FAILED", "PENDING")),
    "DIGISWITCH-PAY-FAILED-FREE", "DIGISWITCH-INQ-AGREES", "DIGISWITCH-INQ-AGREES-DESC",
)  # fmt: skip
"""What is judged on purchases of the first product's test cases."""

FAULTS: tuple[Fault, ...] = (
    *(
        fault(
            f"inquiry-of-{code}-refused", "DIGISWITCH-INQ-SUCCESS",
            f"Every inquiry of {code} is refused.",
            also=also, because="the test cases of this product cannot be bought" if also else "",
            customer_of=_refused_inquiry(code),
        )
        for code, also in (("hp", BOUGHT_CASES), ("kirimuang", ()))
    ),
    *_inquiry_fields(),
    fault(
        "inquiry-other-ref-id", "DIGISWITCH-INQ-ECHO",
        "ref_id of an inquiry is the provider's own.",
        finish=inquired(updated(ref_id="trx-1234554321")),
    ),
    fault(
        "inquiry-ref-id-cut", "DIGISWITCH-INQ-ECHO",
        "ref_id of an inquiry loses its last character.",
        finish=inquired(changed("ref_id", lambda fields: fields["ref_id"][:-1] or "0")),
    ),
    fault(
        "inquiry-other-customer-no", "DIGISWITCH-INQ-ECHO",
        "customer_no of an inquiry is another customer's.",
        finish=inquired(updated(customer_no="530000000009")),
    ),
    fault(
        "inquiry-customer-no-cut", "DIGISWITCH-INQ-ECHO",
        "customer_no of an inquiry loses its last digit.",
        finish=inquired(changed("customer_no", lambda fields: fields["customer_no"][:-1])),
    ),
    fault(
        "payment-other-name", "DIGISWITCH-INQ-AGREES", "A payment answers someone else's name.",
        finish=_reported_of(updated(name="Someone Else")),
    ),
    fault(
        "payment-other-admin", "DIGISWITCH-INQ-AGREES",
        "A payment of hp answers an admin one rupiah above that of the inquiry.",
        finish=_reported_of(changed("admin", lambda fields: fields["admin"] + 1), "hp"),
    ),
    *(
        fault(
            f"pending-other-{slug(name)}", "DIGISWITCH-INQ-AGREES",
            f"A payment in process answers another {name} than its inquiry.",
            finish=with_fields(
                updated(**{name: value}), Kind.PAYMENT, because_of(Reason.PENDING)
            ),
        )
        for name, value in (("name", "Someone Else"), ("selling_price", 4_321))
    ),
    fault(
        "payment-dearer-than-inquired", "DIGISWITCH-INQ-AGREES",
        "An inquiry answers a price one rupiah below what the payment takes.",
        also=EVERY_PAYMENT, because=ALIKE,
        finish=with_answer(_teaser, Kind.INQUIRY, because_of(Reason.INQUIRED)),
    ),
    fault(
        "payment-other-lembar-tagihan", "DIGISWITCH-INQ-AGREES-DESC",
        "A payment of hp counts one bill more than the inquiry.",
        also=("DIGISWITCH-STATUS-AGREES-DESC",), because="its status shows the right number",
        finish=paid(retyped("desc.lembar_tagihan", lambda count: count + 1), "hp"),
    ),
    *(
        fault(
            f"payment-of-{code}-other-{slug(path.rpartition('.')[2])}",
            "DIGISWITCH-INQ-AGREES-DESC",
            f"A payment of {code} has another {path.rpartition('.')[2]} than its inquiry.",
            also=("DIGISWITCH-STATUS-AGREES-DESC",), because="its status shows the right one",
            finish=paid(retyped(path, lambda text: f"{text[:-1]}X"), code),
        )
        for code, path in (
            ("pln", "desc.tarif"), ("pbb", "desc.kecamatan"), ("tv", "desc.detail[].no_ref"),
            ("samsat", "desc.nomor_polisi"),
        )
    ),
    fault(
        "payment-other-base-commission", "DIGISWITCH-INQ-AGREES",
        "A payment of emoney has another base_commission than its inquiry.",
        also=("DIGISWITCH-STATUS-AGREES",), because="its status reports the right one",
        finish=paid(changed("base_commission", lambda _: 300), "emoney"),
    ),
    fault(
        "payment-other-selling-price", "DIGISWITCH-INQ-AGREES",
        "A payment of hp answers a selling_price one rupiah above that of the inquiry.",
        pay=_dearer_at_payment,
    ),
)  # fmt: skip
