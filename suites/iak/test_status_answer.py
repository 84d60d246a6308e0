"""Transaction status (checkstatus): what its answer says, beside the payment it is about."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount, Purchase
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.conversations import PAYABLE
from kontrak.providers.iak.story import (
    AMOUNTS,
    TEXTS,
    bills_of,
    expect_same,
    expect_same_bills,
    has,
    pays_all,
    require_echo,
    returned,
)

PAID = ("one_bill", "eight_bills")
IDENTITY = ("tr_id", "code", "hp", "tr_name", "desc.tarif", "desc.daya")
WHOLE = ("period", *AMOUNTS, "desc.lembar_tagihan")
# tr_id and message have clauses of their own.
MANDATORY = (
    "code", "datetime", "hp", "tr_name", "period", *AMOUNTS, "balance", "ref_id",
)  # fmt: skip
# The provider's examples leave out datetime while a payment is in process.
EXAMPLES = tuple(place for place in MANDATORY if place != "datetime")
DESC: dict[type, str] = {dict: "an object", str: "an empty string", list: "an empty array"}
"""How checkstatus may write desc where there is nothing to describe."""
JSON_AND_XML = ("tr_id", *TEXTS, *AMOUNTS, "ref_id", "balance", "datetime", "desc.daya")

pytestmark = pytest.mark.usefixtures("offers_status")


@pytest.fixture(params=PAID)
def purchase(request: pytest.FixtureRequest, iak: Iak, account: IakAccount) -> Purchase:
    """A purchase in JSON whose payment succeeded."""
    found = account.purchase(iak.case(str(request.param)))
    found.paid.require_success()
    return found


@pytest.fixture(params=PAYABLE)
def any_purchase(request: pytest.FixtureRequest, iak: Iak, account: IakAccount) -> Purchase:
    """A purchase in JSON, whatever became of its payment."""
    return account.purchase(iak.case(str(request.param)))


@clause("IAK-STATUS-AGREES")
def test_checkstatus_repeats_the_payment(purchase: Purchase) -> None:
    paid, asked = purchase.paid, _read(purchase.status)
    _expect_about(purchase, asked)
    with expect(paid, asked) as that:
        expect_same(that, asked, paid, (*WHOLE, "noref"), "as paid")
        if bills_of(asked) and bills_of(paid):
            that.equal("number of bills", len(bills_of(asked)), len(bills_of(paid)), "as paid")
        expect_same_bills(that, asked, paid, "as paid")
        left, before = (returned(one, "desc.lembar_tagihan_sisa") or 0 for one in (asked, paid))
        if has(asked, "desc.lembar_tagihan_sisa"):
            that.equal("desc.lembar_tagihan_sisa", left, before, "as paid")


@clause("IAK-STATUS-AGREES")
def test_checkstatus_before_the_payment_repeats_the_inquiry(any_purchase: Purchase) -> None:
    asked = _read(any_purchase.unpaid)
    _expect_about(any_purchase, asked)
    with expect(any_purchase.bill, asked) as that:
        if pays_all(asked):
            expect_same(that, asked, any_purchase.bill, WHOLE, "as inquired")
        expect_same_bills(that, asked, any_purchase.bill, "as inquired")


@clause("IAK-STATUS-AGREES")
def test_checkstatus_after_any_payment_is_about_it(any_purchase: Purchase) -> None:
    _expect_about(any_purchase, _read(any_purchase.status))


@clause("IAK-STATUS-COMPLETE")
def test_checkstatus_of_a_paid_bill_is_complete(purchase: Purchase) -> None:
    asked = _read(purchase.status)
    with expect(asked) as that:
        for place in MANDATORY:
            that.that(has(asked, place), place, "none")
        that.that(bool(bills_of(asked)), "desc.tagihan.detail with the bills", "none")


@clause("IAK-STATUS-EXAMPLES")
def test_checkstatus_of_other_bills_is_complete(any_purchase: Purchase) -> None:
    for asked in (_read(any_purchase.unpaid), _read(any_purchase.status)):
        if asked.is_success:
            continue
        with expect(asked) as that:
            for place in EXAMPLES:
                that.that(has(asked, place), place, "none")
            that.that("desc" in asked.members, "desc", "none")
        reported = DESC.get(type(asked.members.get("desc")), "none")
        reading("desc of what is not paid", reported, warns=reported == DESC[list])


@clause("IAK-STATUS-REPEATS")
def test_checkstatus_repeats_moment_and_reference(purchase: Purchase) -> None:
    paid, asked = purchase.paid, _read(purchase.status)
    pairs = zip(bills_of(paid), bills_of(asked), strict=False)
    with expect(paid, asked) as that:
        # That noref and the count of bills left are the same is IAK-STATUS-AGREES.
        for name in ("datetime", "noref", "desc.lembar_tagihan_sisa"):
            that.that(has(asked, name) or not has(paid, name), f"{name}, as paid", "none")
        expect_same(that, asked, paid, ("datetime",), "as paid")
        for place, (one, other) in enumerate(pairs):
            for name in ("meter_awal", "meter_akhir"):
                kept = not one.get(name) or bool(other.get(name))
                that.that(kept, f"detail[{place}].{name}, as paid", "none")


@clause("IAK-STATUS-BALANCE")
def test_checkstatus_says_the_balance_that_is_left(purchase: Purchase) -> None:
    paid, asked = purchase.paid, _read(purchase.status)
    left, reported = returned(paid, "balance"), returned(asked, "balance")
    if left is None:
        raise Blocked("IAK-PAY-BALANCE")
    with expect(paid, asked) as that:
        if reported is not None:
            that.equal("balance", reported, left, "as after the payment just before")


@clause("IAK-STATUS-HTTP")
def test_checkstatus_is_answered_with_http_200(any_purchase: Purchase) -> None:
    for asked in (_read(any_purchase.unpaid), _read(any_purchase.status)):
        with expect(asked) as that:
            that.equal("HTTP status", asked.status, 200)


@clause("IAK-STATUS-XML")
@pytest.mark.parametrize("name", PAID)
def test_xml_reports_the_same_status(iak: Iak, account: IakAccount, name: str) -> None:
    iak.require(codec="xml")
    purchase = account.purchase(iak.case(name))
    ref_id = str(purchase.bill.sent["ref_id"])
    in_json, in_xml = _read(iak.checkstatus(ref_id)), iak.checkstatus(ref_id, "xml")
    with expect(in_json, in_xml) as that:
        that.that(in_xml.malformed is None, "well-formed XML", str(in_xml.malformed))
        status = in_json.value("status")
        if status not in (0, 1, 2, 3):
            raise Blocked("IAK-STATUS-VALUE")
        that.equal("status in XML", in_xml.members.get("status"), str(status), "as in JSON")
        that.equal("response_code in XML", in_xml.rc, in_json.rc, "as in JSON")
        for place in JSON_AND_XML:
            that.that(has(in_xml, place) or not has(in_json, place), f"{place} in XML", "none")
        expect_same(that, in_xml, in_json, (*JSON_AND_XML, "desc.lembar_tagihan"), "as in JSON")
        counted = len(bills_of(in_json))
        that.equal("number of bills in XML", len(bills_of(in_xml)), counted, "as in JSON")
        expect_same_bills(that, in_xml, in_json, "as in JSON")


ORDER: tuple[Codec, ...] = ("json", "xml", "json")


@clause("IAK-STATUS-XML")
@pytest.mark.parametrize("name", ["payment_failed", "payment_error", "payment_pending"])
def test_xml_reports_what_is_not_paid(iak: Iak, account: IakAccount, name: str) -> None:
    iak.require(codec="xml")
    pending = name == "payment_pending"
    bought = (account.fresh_purchase if pending else account.purchase)(iak.case(name))
    ref_id = str(bought.bill.sent["ref_id"])
    before, in_xml, after = (iak.checkstatus(ref_id, one) for one in ORDER)
    if _read(before).value("status") != _read(after).value("status"):
        pytest.skip("it ended while it was asked for")
    with expect(before, in_xml) as that:
        status = str(before.value("status"))
        that.equal("status in XML", in_xml.members.get("status"), status, "as in JSON")
        that.equal("response_code in XML", in_xml.rc, before.rc, "as in JSON")


@clause("IAK-STATUS-XML")
def test_xml_reports_a_bill_that_is_not_paid(iak: Iak) -> None:
    iak.require(codec="xml")
    bill = iak.inquiry(iak.case("one_bill")).require_success()
    ref_id = str(bill.sent["ref_id"])
    in_json, in_xml = _read(iak.checkstatus(ref_id)), iak.checkstatus(ref_id, "xml")
    with expect(in_json, in_xml) as that:
        status = str(in_json.value("status"))
        that.equal("status in XML", in_xml.members.get("status"), status, "as in JSON")
        that.equal("response_code in XML", in_xml.rc, in_json.rc, "as in JSON")


@pytest.mark.parametrize(
    ("codec", "types"),
    [
        cited("IAK-STATUS-MEDIA-TYPE", "json", ("application/json",), id="json"),
        cited("IAK-STATUS-MEDIA-TYPE", "xml", ("application/xml", "text/xml"), id="xml"),
    ],
)
def test_checkstatus_says_what_it_is(
    iak: Iak, account: IakAccount, codec: Codec, types: tuple[str, ...]
) -> None:
    iak.require(codec=codec)
    purchase = account.purchase(iak.case("one_bill"), codec)
    for asked in (_read(purchase.unpaid), _read(purchase.status)):
        with expect(asked) as that:
            that.one_of("Content-Type", asked.media_type, types)


def _expect_about(purchase: Purchase, asked: IakAnswer) -> None:
    """The answer is about this purchase and no other one."""
    require_echo(purchase.bill)
    with expect(purchase.bill, asked) as that:
        expect_same(that, asked, purchase.bill, IDENTITY, "as inquired")
        ref_id = returned(asked, "ref_id")
        if ref_id is not None:
            that.equal("ref_id", ref_id, purchase.bill.sent["ref_id"], "as asked")


def _read(answer: IakAnswer | None) -> IakAnswer:
    """An answer of checkstatus that can be read."""
    if answer is None:
        raise Blocked("IAK-STATUS-SUCCESS")
    return answer.require_readable()
