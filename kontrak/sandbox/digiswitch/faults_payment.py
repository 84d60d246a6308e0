"""Faults of payments: whether they succeed, what they repeat, what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.bills import PRODUCTS, Bill
from kontrak.sandbox.digiswitch.codes import Reason, Refusal
from kontrak.sandbox.digiswitch.customers import Scenario
from kontrak.sandbox.digiswitch.faults_inquiry import ALIKE, EVERY_PAYMENT, OTHER_PAYMENTS
from kontrak.sandbox.digiswitch.interface import Answer, Kind
from kontrak.sandbox.digiswitch.making import (
    about,
    all_of,
    because_of,
    changed,
    fault,
    paid,
    updated,
    with_fields,
)
from kontrak.sandbox.digiswitch.service import DigiswitchService
from kontrak.sandbox.digiswitch.transactions import State, Transaction
from kontrak.sandbox.edits import Edit
from kontrak.sandbox.json_body import Fields

Payment = Callable[[Transaction], Reason]


# Whether a payment succeeds


def _failing(code: str) -> Wrapper:
    """Wraps ``first_payment``: no payment of this product succeeds."""

    def first_payment(_service: object, original: Payment, transaction: Transaction) -> Reason:
        if transaction.code == code and transaction.scenario is Scenario.SUCCESS:
            transaction.state = State.FAILED
            return Reason.PAYMENT_FAILED
        return original(transaction)

    return first_payment


def _refusing(code: str) -> Wrapper:
    """Wraps ``find_payable``: payments of this product are refused."""

    def find_payable(
        _service: object, original: Callable[[Fields], Transaction], fields: Fields
    ) -> Transaction:
        transaction = original(fields)
        if transaction.code == code and transaction.scenario is Scenario.SUCCESS:
            raise Refusal(Reason.NOT_INQUIRED)
        return transaction

    return find_payable


def _products() -> Iterator[Fault]:
    for code in PRODUCTS:
        clause = f"DIGISWITCH-{code.upper()}-PAY"
        yield fault(
            f"{code}-payment-fails", clause, f"No payment of {code} succeeds.",
            first_payment=_failing(code),
        )  # fmt: skip
        yield fault(
            f"{code}-payment-refused", clause, f"Every payment of {code} is refused with rc 50.",
            find_payable=_refusing(code),
        )  # fmt: skip


# What is repeated


def _echoed(edit: Edit, code: str | None = None) -> Wrapper:
    """Wraps ``finish``: a payment and its status repeat the request otherwise."""
    return with_fields(edit, None, all_of(because_of(Reason.PAID), about(code)))


ECHO = (
    fault(
        "echo-ref-id-own", "DIGISWITCH-ECHO-REF-ID", "ref_id of a payment is the provider's own.",
        finish=_echoed(changed("ref_id", lambda fields: f"trx-{fields['sn']}")),
    ),
    fault(
        "echo-ref-id-cut", "DIGISWITCH-ECHO-REF-ID",
        "ref_id of a payment loses its last character.",
        finish=_echoed(changed("ref_id", lambda fields: fields["ref_id"][:-1] or "0")),
    ),
    fault(
        "echo-ref-id-in-capitals", "DIGISWITCH-ECHO-REF-ID",
        "ref_id of a payment is answered in the other case.",
        finish=_echoed(changed("ref_id", lambda fields: fields["ref_id"].swapcase())),
    ),
    fault(
        "echo-customer-no-cut", "DIGISWITCH-ECHO-CUSTOMER-NO",
        "customer_no of a payment loses its last digit.",
        finish=_echoed(changed("customer_no", lambda fields: fields["customer_no"][:-1])),
    ),
    fault(
        "echo-customer-no-other", "DIGISWITCH-ECHO-CUSTOMER-NO",
        "customer_no of a payment is another customer's.",
        finish=_echoed(updated(customer_no="530000000009")),
    ),
    fault(
        "echo-customer-no-without-zero", "DIGISWITCH-ECHO-CUSTOMER-NO",
        "customer_no of a gas payment loses its leading zero.",
        finish=_echoed(changed("customer_no", lambda fields: fields["customer_no"][1:]), "pgas"),
    ),
    fault(
        "echo-customer-no-half", "DIGISWITCH-ECHO-CUSTOMER-NO",
        "customer_no of a samsat payment is the payment code alone.",
        finish=_echoed(
            changed("customer_no", lambda fields: fields["customer_no"].partition(",")[0]),
            "samsat",
        ),
    ),
    fault(
        "echo-code-in-capitals", "DIGISWITCH-ECHO-CODE", "code of a payment is in capitals.",
        finish=_echoed(changed("code", lambda fields: fields["code"].upper())),
    ),
    fault(
        "echo-code-of-the-provider", "DIGISWITCH-ECHO-CODE",
        "code of a payment is the provider's own name of the product.",
        finish=_echoed(changed("code", lambda fields: f"ds{fields['code']}")),
    ),
)  # fmt: skip


# Money


def _costing(cost: Callable[[Bill], int], code: str | None = None) -> Wrapper:
    """Wraps ``to_debit``: what payments of this product cost."""

    def to_debit(
        _service: object, original: Callable[[Transaction], int], transaction: Transaction
    ) -> int:
        honest = original(transaction)
        return cost(transaction.bill) if code in {None, transaction.code} else honest

    return to_debit


def _debited_again(
    service: DigiswitchService, original: Callable[[Transaction], None], transaction: Transaction
) -> None:
    original(transaction)
    if transaction.state is State.UNPAID and transaction.scenario is Scenario.SUCCESS:
        service.deposit.debit(f"{transaction.ref_id} again", service.to_debit(transaction))


def _keeping(service: DigiswitchService, original: Payment, transaction: Transaction) -> Reason:
    outcome = original(transaction)
    if transaction.scenario is Scenario.PAYMENT_FAILS:
        service.debit(transaction)
    return outcome


def _refunding_nothing_taken(
    service: DigiswitchService, original: Payment, transaction: Transaction
) -> Reason:
    outcome = original(transaction)
    if transaction.scenario is Scenario.PAYMENT_FAILS:
        service.deposit.debit(transaction.ref_id, -transaction.bill.price)
    return outcome


def _taking_from_yesterday(
    service: DigiswitchService,
    original: Callable[[Transaction], Reason],
    transaction: Transaction,
) -> Reason:
    reason = original(transaction)
    if reason is Reason.EXPIRED:
        service.debit(transaction)
    return reason


def _showing_debit(
    service: DigiswitchService,
    original: Callable[..., Answer],
    kind: Kind,
    reason: Reason,
    transaction: Transaction,
    fields: Fields,
) -> Answer:
    answer = original(kind, reason, transaction, fields)
    if reason is not Reason.PAYMENT_FAILED:
        return answer
    balance = service.deposit.balance - transaction.bill.price
    return replace(answer, fields=answer.fields | {"balance": balance})


MONEY = (
    fault(
        "payment-takes-selling-price", "DIGISWITCH-PAY-DEBIT", "A payment takes selling_price.",
        also=EVERY_PAYMENT, because=ALIKE,
        to_debit=_costing(lambda bill: bill.selling_price),
    ),
    fault(
        "payment-takes-one-more", "DIGISWITCH-PAY-DEBIT", "A payment takes one rupiah too much.",
        also=EVERY_PAYMENT, because=ALIKE,
        to_debit=_costing(lambda bill: bill.price + 1),
    ),
    fault(
        "payment-takes-nothing", "DIGISWITCH-PAY-DEBIT", "A payment takes no money.",
        also=("DIGISWITCH-PENDING-FINAL-MONEY",), because=ALIKE,
        to_debit=_costing(lambda _: 0),
    ),
    fault(
        "payment-takes-admin-too", "DIGISWITCH-PAY-DEBIT",
        "A payment takes the admin fee on top of price.",
        also=EVERY_PAYMENT, because=ALIKE,
        to_debit=_costing(lambda bill: bill.price + bill.admin),
    ),
    fault(
        "payment-of-samsat-takes-selling-price", "DIGISWITCH-PAY-DEBIT",
        "A payment of samsat takes selling_price.",
        also=OTHER_PAYMENTS, because=ALIKE,
        to_debit=_costing(lambda bill: bill.selling_price, "samsat"),
    ),
    fault(
        "payment-takes-twice", "DIGISWITCH-PAY-DEBIT", "A payment takes its money twice at once.",
        also=("DIGISWITCH-IDEM-PAY-RACE",), because=ALIKE,
        debit=_debited_again,
    ),
    fault(
        "payment-balance-before", "DIGISWITCH-PAY-DEBIT",
        "balance of a payment is what it was before.",
        also=("DIGISWITCH-PENDING-MONEY", "DIGISWITCH-STATUS-BALANCE"),
        because="what is left is read from a small payment, and the status reports it",
        finish=paid(changed("balance", lambda fields: fields["balance"] + fields["price"])),
    ),
    fault(
        "payment-balance-off-by-one", "DIGISWITCH-PAY-DEBIT",
        "balance of a payment of tv is one rupiah more than there is.",
        also=("DIGISWITCH-STATUS-BALANCE",), because="the status reports what is left",
        finish=paid(changed("balance", lambda fields: fields["balance"] + 1), "tv"),
    ),
    fault(
        "payment-of-hp-balance-before", "DIGISWITCH-PAY-DEBIT",
        "balance of a payment of hp is what it was before.",
        also=("DIGISWITCH-STATUS-BALANCE",), because="the status reports what is left",
        finish=paid(changed("balance", lambda fields: fields["balance"] + fields["price"]), "hp"),
    ),
    fault(
        "payment-failed-keeps-money", "DIGISWITCH-PAY-FAILED-FREE",
        "A failed payment keeps the money.",
        first_payment=_keeping,
    ),
    fault(
        "payment-failed-gives-money", "DIGISWITCH-PAY-FAILED-FREE",
        "A failed payment gives money back that was never taken.",
        first_payment=_refunding_nothing_taken,
    ),
    fault(
        "payment-failed-shows-debit", "DIGISWITCH-PAY-FAILED-FREE",
        "A failed payment answers a balance without the price that it gives back.",
        reported=_showing_debit,
    ),
    fault(
        "payment-of-yesterday-keeps-money", "DIGISWITCH-PAY-SAME-DAY-FREE",
        "Paying an inquiry of an earlier day is refused, and takes the money.",
        first_payment=_taking_from_yesterday,
    ),
    fault(
        "payment-on-any-day", "DIGISWITCH-PAY-SAME-DAY",
        "An inquiry can be paid on any later day.",
        expired=lambda _service, _original, _transaction: False,
    ),
    fault(
        "payment-on-the-next-day", "DIGISWITCH-PAY-SAME-DAY",
        "An inquiry can be paid for two days.",
        expired=lambda service, _original, transaction: (
            (service.clock.now() - transaction.inquired_at).days >= 2
        ),
    ),
)  # fmt: skip


FAULTS: tuple[Fault, ...] = (*_products(), *ECHO, *MONEY)
