"""Payment (pay-pasca): what its answer says, beside the inquiry that it pays."""

from datetime import UTC, datetime, timedelta

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount, Purchase
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.story import (
    AMOUNTS,
    TEXTS,
    bills_of,
    expect_same,
    expect_same_bills,
    has,
    pays_all,
    require_echo,
    require_sums,
    returned,
)

PAID = ("one_bill", "eight_bills")
IDENTITY = ("tr_id", "code", "hp", "tr_name", "desc.tarif", "desc.daya")
WHOLE = ("period", *AMOUNTS, "desc.lembar_tagihan")
MANDATORY = (
    "tr_id", "datetime", *TEXTS, *AMOUNTS, "ref_id", "message", "balance",
    "desc.daya", "desc.lembar_tagihan",
)  # fmt: skip
A_MONTH = timedelta(days=31)


@pytest.fixture(params=PAID)
def purchase(request: pytest.FixtureRequest, iak: Iak, account: IakAccount) -> Purchase:
    """A purchase in JSON whose payment succeeded."""
    found = account.purchase(iak.case(str(request.param)))
    found.paid.require_success()
    return found


@clause("IAK-PAY-AGREES")
def test_a_payment_repeats_its_inquiry(purchase: Purchase) -> None:
    _expect_repeated(purchase.bill, purchase.paid)


@clause("IAK-PAY-AGREES")
def test_a_payment_in_process_repeats_its_inquiry(iak: Iak, account: IakAccount) -> None:
    found = account.purchase(iak.case("payment_pending"))
    found.paid.require_readable()
    _expect_repeated(found.bill, found.paid)


@clause("IAK-PAY-AGREES")
def test_the_inquiry_of_the_tr_id_is_paid_and_no_other(iak: Iak, account: IakAccount) -> None:
    case = iak.case("one_bill")
    first, second = (iak.inquiry(case).require_success() for _ in range(2))
    asks = "checkstatus" in iak.settings.operations
    before = iak.checkstatus(str(second.sent["ref_id"])) if asks else second
    mark = account.mark()
    paid = iak.pay(first).require_success()
    spent = account.spent_since(mark)
    _expect_repeated(first, paid)
    untouched = iak.checkstatus(str(second.sent["ref_id"])) if asks else second
    with expect(first, second, paid, untouched) as that:
        that.equal("money taken, in rupiah", spent, first.number("selling_price"), "one bill")
        status, was = (one.members.get("status") for one in (untouched, before))
        that.equal("status of the other inquiry", status, was, "it was not paid")


@clause("IAK-PAY-XML")
@pytest.mark.parametrize("name", PAID)
def test_a_payment_in_xml_has_its_fields(iak: Iak, account: IakAccount, name: str) -> None:
    iak.require(codec="xml")
    found = account.purchase(iak.case(name), "xml")
    with expect(found.bill, found.paid) as that:
        came = found.paid.malformed or f"RC {found.paid.rc}, HTTP {found.paid.status}"
        that.that(found.paid.is_success and found.paid.status == 200, "mp with RC 00", came)
        for place in MANDATORY:
            that.that(has(found.paid, place), f"{place} in XML", "none")
        that.that(bool(bills_of(found.paid)), "a detail element per bill", "none")


@clause("IAK-PAY-AGREES")
@pytest.mark.parametrize("name", PAID)
def test_a_payment_in_xml_agrees_with_its_inquiry(iak: Iak, account: IakAccount, name: str) -> None:
    iak.require(codec="xml")
    found = account.purchase(iak.case(name), "xml")
    _expect_repeated(found.bill, found.paid.require_success())


@clause("IAK-PAY-SUMS")
def test_a_payments_own_amounts_add_up(purchase: Purchase) -> None:
    require_sums(purchase.bill)
    paid = purchase.paid
    nominal, admin, price = (paid.number(name) for name in ("nominal", "admin", "price"))
    parts = zip(
        *(paid.bill_numbers(name) for name in ("total", "nilai_tagihan", "admin", "denda")),
        strict=True,
    )
    with expect(paid) as that:
        that.equal("price", price, nominal + admin, f"nominal {nominal} + admin {admin}")
        that.that(paid.number("selling_price") <= price, "selling_price <= price", "more")
        for place, (total, amount, fee, fine) in enumerate(parts):
            because = f"nilai_tagihan {amount} + admin {fee} + denda {fine}"
            that.equal(f"detail[{place}].total", total, amount + fee + fine, because)


@clause("IAK-PAY-REMAINS")
def test_a_payment_counts_what_is_paid_and_what_remains(purchase: Purchase) -> None:
    paid, inquired = purchase.paid, len(purchase.bill.bills())
    if purchase.bill.number("desc.lembar_tagihan") != inquired:
        raise Blocked("IAK-BILLS-COUNT")
    here, left = len(paid.bills()), returned(paid, "desc.lembar_tagihan_sisa")
    with expect(purchase.bill, paid) as that:
        counts = dict.fromkeys([here, inquired])
        that.one_of("desc.lembar_tagihan", paid.number("desc.lembar_tagihan"), counts, "bills")
        if left is not None:
            that.equal("desc.lembar_tagihan_sisa", left, inquired - here, "inquired, not paid")


@clause("IAK-PAY-METERS")
def test_a_payment_reports_meters_and_bills_left(purchase: Purchase) -> None:
    paid = purchase.paid
    with expect(paid) as that:
        that.that(has(paid, "desc.lembar_tagihan_sisa"), "desc.lembar_tagihan_sisa", "none")
        for place, bill in enumerate(paid.bills()):
            for name in ("meter_awal", "meter_akhir"):
                that.that(bool(bill.get(name)), f"detail[{place}].{name}", "none")


@clause("IAK-PAY-MOMENT")
def test_a_payment_happens_now(purchase: Purchase) -> None:
    paid = purchase.paid
    try:
        reported = datetime.strptime(paid.text("datetime"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise Blocked("IAK-PAY-DATETIME") from error
    now = datetime.fromtimestamp(paid.exchange.started_at, UTC)
    with expect(paid) as that:
        # No page names the time zone, and the clock of a test environment may have been moved.
        kept = abs(reported - now) < A_MONTH
        that.that(kept, f"a datetime near {now:%Y%m%d%H%M%S}", paid.text("datetime"))


@pytest.mark.parametrize(
    ("codec", "types"),
    [
        cited("IAK-PAY-MEDIA-TYPE", "json", ("application/json",), id="json"),
        cited("IAK-PAY-MEDIA-TYPE", "xml", ("application/xml", "text/xml"), id="xml"),
    ],
)
def test_a_payment_says_what_it_is(
    iak: Iak, account: IakAccount, codec: Codec, types: tuple[str, ...]
) -> None:
    iak.require(codec=codec)
    paid = account.purchase(iak.case("one_bill"), codec).paid.require_success()
    with expect(paid) as that:
        that.one_of("Content-Type", paid.media_type, types)


def _expect_repeated(bill: IakAnswer, paid: IakAnswer) -> None:
    require_echo(bill)
    with expect(bill, paid) as that:
        expect_same(that, paid, bill, IDENTITY, "as inquired")
        ref_id = returned(paid, "ref_id")
        if ref_id is not None:
            that.equal("ref_id", ref_id, bill.sent["ref_id"], "as inquired")
        if pays_all(paid):
            expect_same(that, paid, bill, WHOLE, "as inquired")
            if bills_of(paid):
                that.equal("number of bills", len(bills_of(paid)), len(bill.bills()), "as inquired")
        expect_same_bills(that, paid, bill, "as inquired")
