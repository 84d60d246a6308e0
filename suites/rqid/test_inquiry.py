"""Inquiry (postpaid)."""

import pytest

from kontrak.clauses.amounts import as_number
from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.rqid import Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.endpoints import Endpoints
from kontrak.providers.rqid.judging import expect_echo, expect_label, expect_message
from kontrak.providers.rqid.refusal import expect_refused
from kontrak.pytest_plugin.selection import conversation

PLACES = [cited(one.id, one) for one in of_shape("rqid", "inquiry")]
ECHOES = [
    cited("RQID-INQUIRY-ECHO-REF", "ref_1"),
    cited("RQID-INQUIRY-ECHO-PRODUCT", "product_code"),
    cited("RQID-INQUIRY-ECHO-CUSTOMER", "customer_id"),
]


@conversation
def inquiries(rqid: Rqid) -> dict[str, RqidAnswer]:
    """The inquiries of the numbers that succeed, asked once."""
    reported = rqid.numbers("postpaid")
    names = [name for name in ("success", "other") if name in reported.configured] or [
        reported.get("success")
    ]
    found = {name: rqid.inquiry(reported.get(name)) for name in names}
    if "other_product" in reported.configured and "BPJS" not in reported.get("other_product"):
        found["other_product"] = rqid.inquiry(
            reported.get("success"), product=reported.get("other_product")
        )
    return found


@pytest.fixture
def bills(inquiries: dict[str, RqidAnswer]) -> list[RqidAnswer]:
    """The bills that were found."""
    found = [one for one in inquiries.values() if one.is_success]
    return found or [inquiries["success"].require_success()]


@clause("RQID-INQUIRY-SUCCESS")
def test_a_bill_is_found(inquiries: dict[str, RqidAnswer]) -> None:
    for name, answer in inquiries.items():
        if answer.malformed is not None:
            raise Blocked("RQID-ACCESS-WELLFORMED")
        if name == "other_product":
            continue
        with expect(answer) as that:
            came = f"rc {answer.rc}, HTTP {answer.status}, status {answer.record.get('status')}"
            that.that(answer.is_success and answer.status == 200, "status 1 with HTTP 200", came)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_inquiry(bills: list[RqidAnswer], place: Clause) -> None:
    for bill in bills:
        judge_place(bill, place)


@pytest.mark.parametrize("field", ECHOES)
def test_a_field_repeats_the_inquiry(bills: list[RqidAnswer], field: str) -> None:
    for bill in bills:
        expect_echo(bill, field)


@clause("RQID-INQUIRY-LABEL")
def test_the_label_fits_the_status(bills: list[RqidAnswer]) -> None:
    for bill in bills:
        expect_label(bill)


@clause("RQID-INQUIRY-TOTAL")
def test_total_price_is_price_plus_admin(bills: list[RqidAnswer]) -> None:
    for bill in bills:
        price, admin = bill.number("price"), bill.number("admin")
        with expect(bill) as that:
            because = f"price {price} + admin {admin}"
            that.equal("total_price", bill.number("total_price"), price + admin, because)


@clause("RQID-INQUIRY-DETAIL-AMOUNT")
def test_detail_repeats_the_price(bills: list[RqidAnswer]) -> None:
    for bill in bills:
        detail = bill.record.get("detail")
        if isinstance(detail, dict) and "tagihan" in detail:
            with expect(bill) as that:
                came = bill.whole(detail["tagihan"], "data.detail")
                that.equal("detail.tagihan", came, bill.number("price"), "price")


@clause("RQID-INQUIRY-DETAIL-CUSTOMER")
def test_detail_repeats_the_customer(bills: list[RqidAnswer]) -> None:
    for bill in bills:
        detail = bill.record.get("detail")
        if isinstance(detail, dict) and "no_pelanggan" in detail:
            with expect(bill) as that:
                wanted = bill.sent["customer_id"]
                that.equal("detail.no_pelanggan", detail["no_pelanggan"], wanted, "as sent")


@clause("RQID-INQUIRY-REF2-DISTINCT")
def test_every_inquiry_has_its_ref_2(rqid: Rqid, bills: list[RqidAnswer]) -> None:
    again = rqid.inquiry(str(bills[0].sent["customer_id"])).require_success()
    found = [bill.text("ref_2") for bill in (*bills, again)]
    with expect(*bills, again) as that:
        that.that(len(set(found)) == len(found), "a ref_2 each", ", ".join(found))


@clause("RQID-INQUIRY-MESSAGE")
def test_msg_fits_its_template(bills: list[RqidAnswer]) -> None:
    for bill in bills:
        expect_message(bill, "inquiry")


@clause("RQID-INQUIRY-FREE")
def test_an_inquiry_costs_nothing(rqid: Rqid, account: RqidAccount) -> None:
    reported = rqid.numbers("postpaid").configured
    mark = account.mark()
    names = [name for name in ("success", "failed", "wrong_number") if name in reported]
    answers = [rqid.inquiry(reported[name]) for name in names]
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


@clause("RQID-INQUIRY-WRONG-NUMBER")
def test_a_wrong_number_has_no_bill(rqid: Rqid) -> None:
    answer = rqid.inquiry(rqid.numbers("postpaid").get("wrong_number"))
    expect_refused(answer)
    with expect(answer) as that:
        total = answer.record.get("total_price")
        none = total in (None, "") or as_number(total) == 0
        that.that(none, "no total_price", f"total_price {total}")


@clause("RQID-INQUIRY-UNKNOWN-PRODUCT")
def test_an_unknown_product_has_no_bill(rqid: Rqid, bills: list[RqidAnswer]) -> None:
    product, number = (str(bills[0].sent[name]) for name in ("product_code", "customer_id"))
    expect_refused(
        rqid.inquiry(number, product="KONTRAKNOSUCHCODE"),
        rqid.inquiry(number, product=f"{product}ZQX"),
    )


@clause("RQID-INQUIRY-MANDATORY")
@pytest.mark.parametrize("field", ["product_code", "customer_id", "ref_1"])
def test_an_inquiry_without_a_field_is_refused(endpoints: Endpoints, field: str) -> None:
    endpoints.right("inquiry").require_success()
    expect_refused(*endpoints.without("inquiry", field))
