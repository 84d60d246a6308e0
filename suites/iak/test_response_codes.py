"""Response codes: every answer's RC is documented and fits HTTP status, body and situation."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.clauses.shapes import shape
from kontrak.judging.expect import Blocked, expect, note, reading
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.conversations import PAYABLE, REFUSED, Inquiries
from kontrak.providers.iak.refusal import as_documented
from kontrak.providers.iak.refusals import SITUATIONS, Refusals, refused_by

# Situations whose refusal may come without an RC, as HTTP 400 with error_details.
WITHOUT_CODE = ("malformed body", "missing field")

CODES = [
    cited("IAK-RC-SIGN", "wrong sign", ["100"]),
    cited("IAK-RC-COMMAND", "unknown command", ["101"]),
    cited("IAK-RC-CODE", "unknown code", ["20"]),
    cited("IAK-RC-REF-ID", "ref_id with a dash", ["03"]),
    cited("IAK-RC-DUPLICATE", "ref_id used before", ["11"]),
    cited("IAK-RC-MALFORMED", "malformed body", ["107"]),
]


@pytest.fixture(params=[*REFUSED, *SITUATIONS])
def refusal(
    request: pytest.FixtureRequest, inquiries: Inquiries, refusals: Refusals, codec: Codec
) -> IakAnswer:
    """Every kind of refusal, in every encoding."""
    name = str(request.param)
    held = inquiries.held if name in REFUSED else refusals.held
    return _require_refused(held(name, codec), name)


@clause("IAK-RC-TABLE")
def test_the_rc_of_a_refusal_is_documented(refusal: IakAnswer) -> None:
    _expect_documented(refusal)


@pytest.fixture(params=["payment_failed", "payment_error"])
def failed_payment(
    request: pytest.FixtureRequest, iak: Iak, account: IakAccount, codec: Codec
) -> IakAnswer:
    """A payment that fails as its test case says, in every encoding."""
    name = str(request.param)
    paid = account.purchase(iak.case(name), codec).paid
    if paid.malformed is None and paid.outcome is not None and paid.outcome is not Outcome.FAILED:
        raise Blocked(f"IAK-CASE-{name.upper().replace('_', '-')}")
    return paid


@pytest.mark.parametrize(
    "judge",
    [
        cited("IAK-RC-FAILURE-SHAPE", "shape"),
        cited("IAK-RC-HTTP", "http"),
        cited("IAK-RC-MEDIA-TYPE", "type"),
    ],
)
def test_a_failed_payment_is_such_a_refusal(failed_payment: IakAnswer, judge: str) -> None:
    {"shape": _expect_shape, "http": _expect_http, "type": _expect_media_type}[judge](
        failed_payment
    )


@clause("IAK-RC-TABLE")
@pytest.mark.parametrize("name", PAYABLE)
def test_the_rc_of_a_bill_is_documented(inquiries: Inquiries, name: str, codec: Codec) -> None:
    answer = inquiries.held(name, codec).require_success()
    if answer.rc is None:
        raise Blocked(f"IAK-{codec.upper()}-RESPONSE-CODE")
    _expect_documented(answer)


@clause("IAK-RC-FAILURE-SHAPE")
def test_a_refusal_has_code_and_message(refusal: IakAnswer) -> None:
    _expect_shape(refusal)


def _expect_shape(refusal: IakAnswer) -> None:
    document, place = as_documented(refusal)
    violations = shape("iak", f"failure-{refusal.codec}").violations(document)
    without = refusal.status == 400 and not refusal.members
    place = "HTTP 400 without response_code" if without else place
    reading("what says that a request is refused", place, warns=place != "response_code")
    if without:
        # The provider's page: HTTP 400 says what is wrong in error_details instead.
        violations = ()
    with expect(refusal) as that:
        for one in violations:
            if not one.at.startswith("meta"):
                that.that(kept=False, expected=f"{one.at}: {one.expected}", came=one.received)
    whole = refusal.document if isinstance(refusal.document, dict) else {}
    if refusal.codec == "json" and not isinstance(whole.get("meta"), list):
        note("a refusal without an array meta")


@clause("IAK-RC-NO-BILL")
@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_inquiry_carries_no_bill(inquiries: Inquiries, name: str, codec: Codec) -> None:
    answer = inquiries.held(name, codec)
    with expect(answer) as that:
        contradicts = answer.outcome is Outcome.FAILED and answer.carries_bill
        price = answer.members.get("price")
        that.that(not contradicts, "no bill beside a failed RC", f"RC {answer.rc}, price {price}")


@clause("IAK-RC-HTTP")
def test_a_refusal_comes_with_http_200_or_400(refusal: IakAnswer) -> None:
    _expect_http(refusal)


def _expect_http(refusal: IakAnswer) -> None:
    with expect(refusal) as that:
        # Of what is not called failed, another clause says whether it may be.
        kept = refusal.status in (200, 400) or refusal.outcome is not Outcome.FAILED
        that.that(kept, "HTTP 200 or 400", f"HTTP {refusal.status} with RC {refusal.rc}")
    reading("HTTP status of a refusal", f"HTTP {refusal.status}")


@clause("IAK-RC-MEDIA-TYPE")
def test_a_refusal_says_what_it_is(refusal: IakAnswer) -> None:
    _expect_media_type(refusal)


def _expect_media_type(refusal: IakAnswer) -> None:
    json = refusal.codec == "json"
    with expect(refusal) as that:
        types = ("application/json",) if json else ("application/xml", "text/xml")
        that.one_of("Content-Type", refusal.media_type, types)


@clause("IAK-RC-ECHO")
def test_a_refusal_reports_no_other_ref_id(refusal: IakAnswer) -> None:
    reported, sent = refusal.members.get("ref_id"), refusal.sent.get("ref_id")
    with expect(refusal) as that:
        if reported and sent:
            that.equal("ref_id", reported, sent, "as sent, where a refusal has it")


@pytest.mark.parametrize(("situation", "codes"), CODES)
def test_a_situation_has_its_rc(
    refusals: Refusals, situation: str, codes: list[str], codec: Codec
) -> None:
    answer = _require_refused(refusals.held(situation, codec), situation)
    _expect_code(answer, codes, may_lack=situation in WITHOUT_CODE)


@clause("IAK-RC-TR-ID")
def test_an_unknown_tr_id_has_its_rc(unknown_payment: IakAnswer) -> None:
    _expect_code(_require_refused(unknown_payment, "unknown payment"), ["06"], may_lack=False)


@pytest.fixture
def unknown_payment(iak: Iak, refusals: Refusals, codec: Codec) -> IakAnswer:
    """The payment of a tr_id that no inquiry gave."""
    iak.require(operation="pay-pasca")
    return refusals.unknown_payment(codec)


def _require_refused(answer: IakAnswer, situation: str) -> IakAnswer:
    """The answer, or ``Blocked`` where it cannot be read or is no refusal at all."""
    if answer.malformed is not None and answer.status != 400:
        raise Blocked(f"IAK-{answer.codec.upper()}-WELLFORMED")
    if answer.outcome is Outcome.SUCCESS:
        raise Blocked(refused_by(situation, answer.codec))
    return answer


def _expect_documented(answer: IakAnswer) -> None:
    if answer.rc is None and answer.status != 400:
        raise Blocked("IAK-RC-FAILURE-SHAPE")
    with expect(answer) as that:
        known = answer.rc is None or answer.rc in response_codes("iak")
        that.that(known, "a response_code of the provider's table", f"response_code {answer.rc}")


def _expect_code(answer: IakAnswer, codes: list[str], *, may_lack: bool) -> None:
    without = answer.rc is None and answer.status == 400 and may_lack
    if without:
        reading("what says that a request is refused", "HTTP 400 without response_code", warns=True)
    elif answer.rc is None:
        raise Blocked("IAK-RC-FAILURE-SHAPE")
    with expect(answer) as that:
        if not without:
            that.one_of("response_code", answer.rc, codes)
