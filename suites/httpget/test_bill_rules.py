"""Pay bill: what holds for every family. What was paid is read from the balance."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.httpget import Family, HttpGet, HttpGetAccount, TextAnswer, TextPurchase
from kontrak.providers.httpget.client import clause_prefix, escaped
from kontrak.providers.httpget.judging import (
    expect_echo,
    expect_refused,
    expect_refused_for_free,
    expect_reported,
    expect_text,
    expect_total,
)
from kontrak.providers.rqid.waiting import wait_until

ECHOES = [
    cited("HTTPGET-BILL-ECHO-PRODUCT", "product", "product"),
    cited("HTTPGET-BILL-ECHO-DEST", "dest", "dest"),
]
FIFTEEN_MINUTES = 15 * 60
MARGIN = 20
"""Seconds before and after the end of an inquiry at which it is paid."""
OTHER_PARTS = {"credit_card": "300000", "bpjs_kesehatan": "2"}


@pytest.fixture
def bought(httpget: HttpGet, account: HttpGetAccount) -> list[TextPurchase]:
    """A paid bill of every family that the target offers and that could be paid."""
    found = []
    for family in httpget.settings.bills.values():
        try:
            found.append(account.purchase(family))
        except Blocked:
            continue  # judged by its own clause
    done = [one for one in found if one.is_success]
    if not done:
        raise Blocked(f"{clause_prefix(httpget.first_family())}-BAYAR")
    return done


@pytest.fixture
def texts(bought: list[TextPurchase]) -> list[TextAnswer]:
    """Every CEK and BAYAR text of success."""
    return [
        one
        for each in bought
        for one in (each.bill, each.paid)
        if one is not None and one.is_success
    ]


@pytest.mark.parametrize(("name", "parameter"), ECHOES)
def test_the_texts_repeat_a_parameter(texts: list[TextAnswer], name: str, parameter: str) -> None:
    for answer in texts:
        expect_echo(answer, name, parameter)


@clause("HTTPGET-BILL-ECHO-REF")
def test_the_payment_names_its_reference(texts: list[TextAnswer]) -> None:
    for answer in texts:
        if answer.command == "bayar":
            expect_echo(answer, "ref", "refID")


@clause("HTTPGET-BILL-TEXT")
def test_the_texts_keep_their_templates(texts: list[TextAnswer]) -> None:
    for answer in texts:
        expect_text(answer, answer.command)


@clause("HTTPGET-BILL-TOTAL")
def test_hrg_is_tagihan_plus_admin(bought: list[TextPurchase]) -> None:
    for each in bought:
        bill, paid = _bill(each), each.reported
        amount, admin = bill.value("bill"), bill.value("admin")
        with expect(bill, paid) as that:
            because = f"TAGIHAN {amount} + ADMIN {admin}"
            that.equal("HRG", paid.value("price"), amount + admin, because)
        expect_total(bill, amount + admin, because)
        expect_total(paid, amount + admin, because)


@clause("HTTPGET-BILL-DEBIT")
def test_a_payment_costs_its_hrg(bought: list[TextPurchase]) -> None:
    for each in bought:
        paid = each.reported
        with expect(paid) as that:
            that.equal("money taken, in rupiah", each.cost, paid.value("price"), "HRG")


@clause("HTTPGET-BILL-INQUIRY-FREE")
def test_an_inquiry_costs_nothing(httpget: HttpGet, account: HttpGetAccount) -> None:
    mark = account.mark()
    answers = [httpget.inquiry(family) for family in httpget.settings.bills.values()]
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


@clause("HTTPGET-BILL-FRESH-REF")
def test_a_payment_without_inquiry_is_refused(httpget: HttpGet, account: HttpGetAccount) -> None:
    family = httpget.first_family()
    bill = httpget.inquiry(family).require_success()
    mark = account.mark()
    expect_refused_for_free(account, mark, httpget.pay(family, bill, refID=new_ref_id()))


@clause("HTTPGET-BILL-WRONG-NUMBER")
def test_a_wrong_number_has_no_bill(httpget: HttpGet) -> None:
    expect_refused(httpget.inquiry(httpget.family_with("wrong_number"), "wrong_number"))


@clause("HTTPGET-BILL-FAILED")
def test_a_failed_payment_is_no_success(httpget: HttpGet, account: HttpGetAccount) -> None:
    each = account.purchase(httpget.family_with("failed"), "failed")
    # What a later status says of it has a clause of its own.
    end = each.settled if each.paid.outcome is Outcome.PENDING else each.paid
    with expect(each.paid, end) as that:
        that.that(not end.is_success, "no text of success", repr(end.text[:160]))
        that.equal("money taken, in rupiah", each.cost, 0)


@clause("HTTPGET-BILL-PENDING")
@pytest.mark.parametrize("case", ["pending_success", "pending_failed"])
def test_a_payment_in_process_is_no_success(
    httpget: HttpGet, account: HttpGetAccount, case: str
) -> None:
    each = account.purchase(httpget.family_with(case), case)
    if each.paid.is_success and each.status.is_success and each.settled.is_success:
        raise NotOffered(
            "this target has no pending payments",
            hint="configure a customer number whose payment stays pending",
        )
    with expect(each.paid, each.settled) as that:
        that.that(not each.paid.is_success, "no text of success", repr(each.paid.text[:160]))


@clause("HTTPGET-BILL-FAILED-TEXT")
@pytest.mark.parametrize(("case", "text"), [("failed", "failed"), ("pending_success", "pending")])
def test_the_text_is_the_one_reported(
    httpget: HttpGet, account: HttpGetAccount, case: str, text: str
) -> None:
    family = httpget.family_with(case)
    _ = account.purchase(family).reported
    each = account.purchase(family, case)
    if text not in httpget.settings.texts:
        raise NotOffered(
            f"the target file has no text for it; received was {each.paid.text[:120]!r}",
            hint=f"give it in the target: [httpget.texts] {text} = ...",
        )
    if each.paid.is_success:
        raise NotOffered(f"{case} ends in success at once", hint="name another number")
    expect_reported(each.paid, text)


@clause("HTTPGET-BILL-CARD-AMOUNT")
def test_a_card_is_paid_as_much_as_asked(httpget: HttpGet) -> None:
    family = httpget.family("credit_card")
    for amount in (family.get("part"), OTHER_PARTS["credit_card"]):
        bill = httpget.inquiry(family, part=amount).require_success()
        with expect(bill) as that:
            that.equal("TAGIHAN", str(bill.value("bill")), amount, "the amount after the @")


@clause("HTTPGET-BILL-AT-MISSING")
def test_a_family_needs_its_part(httpget: HttpGet) -> None:
    expect_refused(*(httpget.inquiry(family, part="") for family in _with_part(httpget)))


@clause("HTTPGET-BILL-AT-ENCODED")
def test_the_at_sign_may_be_encoded(httpget: HttpGet) -> None:
    for family in _with_part(httpget):
        plain = httpget.inquiry(family).require_success()
        pairs = httpget.pairs(family.product(), family.dest(), new_ref_id(), jenis="5")
        answer = httpget.inquire(family, pairs, write=escaped)
        with expect(plain, answer) as that:
            that.that(answer.is_success, "the CEK text", repr(answer.text[:160]))


@clause("HTTPGET-BILL-OTHER-CUSTOMER")
def test_another_customers_bill_is_not_paid(httpget: HttpGet, account: HttpGetAccount) -> None:
    family = httpget.family_with("other")
    _expect_own_bill_only(httpget, account, family, dest=family.dest("other"))


@clause("HTTPGET-BILL-OTHER-PRODUCT")
def test_another_product_is_not_paid(httpget: HttpGet, account: HttpGetAccount) -> None:
    bills = httpget.settings.bills
    families = [
        family
        for family in bills.values()
        if family.side == "none" and "success" in family.configured
    ]
    if len(families) > 1:
        other = families[1].product()
        _expect_own_bill_only(httpget, account, families[0], product=other)
    for key, part in OTHER_PARTS.items():
        if key in bills:
            family = bills[key]
            side = "product" if family.side == "product" else "dest"
            value = family.product(part=part) if side == "product" else family.dest(part=part)
            _expect_own_bill_only(httpget, account, family, **{side: value})


@clause("HTTPGET-BILL-EXPIRY")
def test_an_old_inquiry_cannot_be_paid(httpget: HttpGet, account: HttpGetAccount) -> None:
    family = httpget.first_family()
    account.purchase(family).took_its_price()
    bill = httpget.inquiry(family).require_success()
    httpget.advance_clock(FIFTEEN_MINUTES + MARGIN)
    mark = account.mark()
    expect_refused_for_free(account, mark, httpget.pay(family, bill, right=False))


@clause("HTTPGET-BILL-EXPIRY")
def test_after_real_waiting_an_old_inquiry_cannot_be_paid(
    httpget: HttpGet, account: HttpGetAccount, early_bills: list[TextAnswer]
) -> None:
    bill = early_bills[1]
    wait_until(bill, FIFTEEN_MINUTES + MARGIN)
    mark = account.mark()
    paid = httpget.pay(httpget.first_family(), bill, right=False)
    expect_refused_for_free(account, mark, paid)


@clause("HTTPGET-BILL-EXPIRY-BEFORE")
def test_a_young_inquiry_can_be_paid(httpget: HttpGet, account: HttpGetAccount) -> None:
    family = httpget.first_family()
    account.purchase(family).took_its_price()
    bill = httpget.inquiry(family).require_success()
    httpget.advance_clock(FIFTEEN_MINUTES - MARGIN)
    _expect_paid(httpget, family, bill)


@clause("HTTPGET-BILL-EXPIRY-BEFORE")
def test_after_real_waiting_a_young_inquiry_can_be_paid(
    httpget: HttpGet, account: HttpGetAccount, early_bills: list[TextAnswer]
) -> None:
    bill = early_bills[0]
    wait_until(bill, FIFTEEN_MINUTES - MARGIN, at_most=FIFTEEN_MINUTES - 2)
    account.mark()
    _expect_paid(httpget, httpget.first_family(), bill)


def _expect_paid(httpget: HttpGet, family: Family, bill: TextAnswer) -> None:
    answer = httpget.pay(family, bill)
    if answer.outcome is Outcome.PENDING:
        httpget.settled(answer)
    with expect(bill, answer) as that:
        kept = answer.outcome is not Outcome.FAILED
        that.that(kept, f"paid {MARGIN} s before the end", repr(answer.text[:160]))


def _expect_own_bill_only(
    httpget: HttpGet, account: HttpGetAccount, family: Family, **change: str
) -> None:
    """Refused, or the inquired bill is paid after all."""
    account.purchase(family).took_its_price()
    bill = httpget.inquiry(family).require_success()
    total = bill.value("bill") + bill.value("admin")
    mark = account.mark()
    answer = httpget.pay(family, bill, right=False, **change)
    spent = account.spent_since(mark)
    with expect(bill, answer) as that:
        if answer.is_success:
            that.equal("money taken, in rupiah", spent, total, "the inquired bill")
            for name, value in change.items():
                own = bill.asked[name]
                that.that(answer.values.get(name) != value, f"{name} {own}", f"{name} {value}")
        else:
            that.equal("money taken, in rupiah", spent, 0, "refused")


def _with_part(httpget: HttpGet) -> list[Family]:
    found = [family for family in httpget.settings.bills.values() if family.side != "none"]
    if not found:
        raise NotOffered("the target offers no family with an @ part", hint="see [httpget.bills]")
    return found


def _bill(each: TextPurchase) -> TextAnswer:
    if each.bill is None:
        raise Blocked("HTTPGET-BILL-TEXT")
    return each.bill
