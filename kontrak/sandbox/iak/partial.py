"""Payments of four bills at most: what IAK's payment page says of PLN, and ways to get it wrong."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.changes import Wrapper
from kontrak.sandbox.iak.bills import with_months
from kontrak.sandbox.iak.codec import Fields
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Answer, Kind
from kontrak.sandbox.iak.making import because_of, several, with_fields
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import Transaction

MOST = 4


def reporting_four(change: Callable[[Fields], object] | None = None) -> Wrapper:
    """Wraps ``finish``, beside ``first_four``: answers about four paid bills say what is left.

    ``change`` is done to these answers.
    """

    def edit(fields: Fields) -> None:
        fields["desc"]["lembar_tagihan_sisa"] = MOST
        if change is not None:
            change(fields)

    return with_fields(edit, None, None, _of_several)


def first_four(
    _service: IakService, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    """Wraps ``first_payment``: of more bills, the first four are paid."""
    bill = transaction.bill
    if len(bill.months) > MOST:
        transaction.bill = with_months(bill, bill.months[:MOST])
    return original(transaction)


def _of_several(answer: Answer) -> bool:
    paid = because_of(Reason.PAID)(answer)
    return paid and answer.kind in {Kind.PAYMENT, Kind.STATUS} and several(answer)
