"""Reference ids and repetition: nothing happens twice, whatever the reply says."""

from decimal import Decimal
from itertools import dropwhile

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.clauses.response_codes import Outcome
from kontrak.interface.concurrency import together
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.iak import Iak
from kontrak.providers.iak.account import IakAccount
from kontrak.providers.iak.codec import CODECS, Codec
from kontrak.providers.iak.conversations import Inquiries
from kontrak.providers.iak.refusal import expect_refused

ROUNDS = range(3)


@clause("IAK-IDEM-REF-REUSED")
@pytest.mark.parametrize("first", CODECS)
def test_a_ref_id_is_accepted_once(
    iak: Iak, inquiries: Inquiries, first: Codec, codec: Codec
) -> None:
    iak.require(codec=first)
    used = inquiries.held("one_bill", first).require_success()
    expect_refused(
        iak.ask(iak.inquiry_fields(str(used.sent["hp"]), str(used.sent["ref_id"])), codec)
    )


@clause("IAK-IDEM-REF-REUSED")
def test_a_ref_id_stays_used_after_its_payment(iak: Iak, account: IakAccount, codec: Codec) -> None:
    case = iak.case("one_bill")
    paid = account.purchase(case).paid.require_success()
    ref_id = str(account.purchase(case).bill.sent["ref_id"])
    again = iak.ask(iak.inquiry_fields(case.number, ref_id), codec)
    with expect(paid, again) as that:
        that.that(not again.is_success, "a refusal: the ref_id was paid under", f"RC {again.rc}")


@clause("IAK-IDEM-REF-OTHER")
@pytest.mark.usefixtures("account")
def test_a_ref_id_stays_with_its_first_customer(iak: Iak) -> None:
    first = iak.inquiry(iak.case("one_bill")).require_success()
    other = iak.case("eight_bills")
    again = iak.ask(iak.inquiry_fields(other.number, str(first.sent["ref_id"])))
    expect_refused(again)
    paid = iak.pay(first)
    with expect(first, again, paid) as that:
        that.that(paid.is_success, "the first bill is still payable", f"RC {paid.rc}")
        if paid.is_success:
            that.equal("hp of the payment", paid.text("hp"), first.sent["hp"], "as inquired")


@clause("IAK-IDEM-REF-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_one_of_two_inquiries_at_once_is_refused(
    iak: Iak, inquiries: Inquiries, codec: Codec, _round: int
) -> None:
    number = str(inquiries.held("one_bill", codec).require_success().sent["hp"])
    fields = iak.inquiry_fields(number, new_ref_id())
    answers = together([lambda: iak.ask(fields, codec)] * 2)
    accepted = [answer for answer in answers if answer.is_success]
    with expect(*answers) as that:
        that.that(len(accepted) <= 1, "at most one of the two accepted", "both accepted")
    if not accepted:
        reading("two inquiries with one ref_id at once", "both are refused", warns=True)


@clause("IAK-IDEM-INQUIRY-FREE")
def test_an_inquiry_costs_nothing(iak: Iak, account: IakAccount, codec: Codec) -> None:
    mark = account.mark()
    answers = [
        iak.inquiry(iak.case(name), codec) for name in ("one_bill", "eight_bills", "wrong_number")
    ]
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), Decimal(0))


@clause("IAK-IDEM-PAY-TWICE")
@pytest.mark.parametrize("first", CODECS)
def test_paying_twice_costs_once(iak: Iak, account: IakAccount, first: Codec, codec: Codec) -> None:
    iak.require(codec=first)
    purchase = account.purchase(iak.case("one_bill"), first)
    if not purchase.paid.is_success:
        raise Blocked("IAK-PAY-XML" if first == "xml" else "IAK-PAY-SUCCESS")
    mark = account.mark()
    again = iak.pay(purchase.bill, codec)
    with expect(purchase.paid, again) as that:
        that.equal("money taken by the second payment", account.spent_since(mark), Decimal(0))


@clause("IAK-IDEM-PAY-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_two_payments_at_once_cost_once(iak: Iak, account: IakAccount, _round: int) -> None:
    bill = iak.inquiry(iak.case("one_bill")).require_success()
    mark = account.mark()
    answers = together([lambda: iak.pay(bill)] * 2)
    spent, price = account.spent_since(mark), bill.number("selling_price")
    with expect(bill, *answers) as that:
        that.that(spent in (price, 0), f"{price} rupiah taken once", f"{spent} rupiah taken")
    if spent == 0:
        reading("two payments at once", "none takes the money", warns=True)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        cited("IAK-IDEM-PAY-PENDING", "payment_pending", Outcome.PENDING),
        cited("IAK-IDEM-PAY-FAILED", "payment_failed", Outcome.FAILED),
    ],
)
def test_paying_again_what_is_not_paid_costs_nothing_more(
    iak: Iak, account: IakAccount, name: str, outcome: Outcome
) -> None:
    # Bought anew: time may have been moved on since, and then nothing is pending any more.
    purchase = account.fresh_purchase(iak.case(name))
    if purchase.paid.outcome is not outcome:
        raise Blocked(f"IAK-CASE-{name.upper().replace('_', '-')}")
    mark = account.mark()
    again = iak.pay(purchase.bill)
    with expect(purchase.paid, again) as that:
        that.equal("money taken by the second payment", account.spent_since(mark), Decimal(0))


@clause("IAK-IDEM-STATUS")
@pytest.mark.usefixtures("offers_status")
@pytest.mark.parametrize("name", ["one_bill", "payment_failed", "payment_pending"])
def test_checkstatus_changes_nothing(iak: Iak, account: IakAccount, name: str) -> None:
    ref_id = str(account.purchase(iak.case(name)).bill.sent["ref_id"])
    mark = account.mark()
    answers = [iak.checkstatus(ref_id) for _ in range(3)]
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), Decimal(0))
        returned = [(answer.members.get("status"), answer.rc) for answer in answers]
        # Where time goes by itself, a payment in process may end meanwhile.
        process = answers[0].outcome is Outcome.PENDING and not iak.moves_clock
        reported = (
            list(dropwhile(lambda one: one == returned[0], returned)) if process else returned
        )
        kept = len(set(reported)) <= 1
        that.that(kept, "the same status and RC three times", str(returned))
