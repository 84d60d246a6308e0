"""Response codes: rc, status and message of every answer agree and are documented."""

from functools import partial

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.clauses.shapes import shape
from kontrak.judging.expect import Blocked, expect, judge_place, look, note, reading
from kontrak.providers.digiswitch import Digiswitch, DigiswitchAnswer, Order, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount
from kontrak.providers.digiswitch.answer import STATUSES
from kontrak.providers.digiswitch.conversations import report_transport, reported
from kontrak.providers.digiswitch.inquiries import Inquiries

CAPITAL, SMALL = "a capital first, as in the tables", "small, as in the prose"
PLACES = [cited(one.id, one) for one in of_shape("digiswitch", "unpaid")]
SITUATIONS = {
    "wrong sign": {"sign": "0123456789abcdef0123456789abcdef"},
    "unknown username": {"username": "kontrak-no-such-user"},
    "unknown code": {"code": "kontraknosuchcode"},
}
CODES = [
    cited("DIGISWITCH-RC-SIGN", "wrong sign", "41"),
    cited("DIGISWITCH-RC-USERNAME", "unknown username", "42"),
    cited("DIGISWITCH-RC-CODE", "unknown code", "43"),
    cited("DIGISWITCH-RC-PAYLOAD", "malformed body", "40"),
]


@pytest.fixture
def answers(
    account: DigiswitchAccount, inquiries: Inquiries, product: Product, pending_payments: None
) -> list[DigiswitchAnswer]:
    """Every answer about a transaction of a product."""
    del pending_payments
    return reported(account, inquiries, product)


@pytest.fixture
def unpaid(answers: list[DigiswitchAnswer]) -> list[DigiswitchAnswer]:
    """Those of them that are about a failed or pending transaction; of status-pasca none."""
    found = [
        one
        for one in answers
        if one.outcome is not Outcome.SUCCESS and one.sent["command"] != "status-pasca"
    ]
    if not found:
        pytest.skip("no transaction of this product failed or was pending")
    return found


@pytest.fixture(params=[*SITUATIONS, "malformed body"])
def refusals(
    request: pytest.FixtureRequest, digiswitch: Digiswitch, orders: list[Order]
) -> list[DigiswitchAnswer]:
    """Every kind of refusal before a transaction, of every product."""
    return _refused(digiswitch, orders, str(request.param))


@clause("DIGISWITCH-RC-STATUS")
def test_rc_agrees_with_status(answers: list[DigiswitchAnswer]) -> None:
    with expect(*answers) as that:
        for one in that.each(answers):
            if one.rc is not None and one.stated is not None:
                kept = (one.rc == "00") == (one.stated is Outcome.SUCCESS)
                that.that(kept, "rc 00 with status Sukses and with no other", one.returned)


@clause("DIGISWITCH-STATUS-LETTERS")
@pytest.mark.usefixtures("pending_payments")
def test_status_is_written_in_one_way(
    digiswitch: Digiswitch, account: DigiswitchAccount, inquiries: Inquiries
) -> None:
    products = digiswitch.settings.products.values()
    known = [one for each in products for one in _reported(account, inquiries, each)]
    written: dict[str, DigiswitchAnswer] = {}
    for one in known:
        status = one.members.get("status")
        # Any other word is judged by the clause of its place.
        if isinstance(status, str) and status.lower() in STATUSES:
            written.setdefault(SMALL if status.islower() else CAPITAL, one)
    if not written:
        raise Blocked("DIGISWITCH-FIELD-STATUS")
    with expect(*written.values()) as that:
        came = " and ".join(str(one.members["status"]) for one in written.values())
        that.that(len(written) == 1, "status with a capital letter everywhere or nowhere", came)
    (letters,) = written
    reading("letters of status", letters, warns=letters == SMALL)


def _reported(
    account: DigiswitchAccount, inquiries: Inquiries, product: Product
) -> list[DigiswitchAnswer]:
    try:
        return reported(account, inquiries, product)
    except Blocked:
        return []


@clause("DIGISWITCH-RC-MESSAGE")
def test_message_agrees_with_status(answers: list[DigiswitchAnswer]) -> None:
    with expect(*answers) as that:
        for one in that.each(answers):
            if one.worded is not None and one.outcome is not None:
                kept = one.outcome is one.worded
                returned = one.members.get("message")
                that.that(kept, f"a message of a {one.outcome} transaction", str(returned))


@clause("DIGISWITCH-RC-TABLE")
def test_rc_stands_in_the_table(answers: list[DigiswitchAnswer]) -> None:
    table = response_codes("digiswitch")
    with expect(*answers) as that:
        for one in that.each(answers):
            if one.rc is None:
                continue
            known = table.get(one.rc)
            that.that(known is not None, "an rc of the family's table", f"rc {one.rc}")
            if known is not None and one.stated is not None:
                kept = known.outcome is one.stated
                that.that(kept, f"status of a {known.outcome} transaction", one.returned)


@pytest.mark.parametrize("place", PLACES)
def test_an_unpaid_answer_has_its_fields(unpaid: list[DigiswitchAnswer], place: Clause) -> None:
    for one in unpaid:
        if one.sent["command"] == "pay-pasca":
            judge_place(one, place)
        else:
            _judge_failed_inquiry(one, place)


@clause("DIGISWITCH-UNPAID-ECHO")
def test_an_unpaid_answer_repeats_the_request(unpaid: list[DigiswitchAnswer]) -> None:
    with expect(*unpaid) as that:
        for one in that.each(unpaid):
            for field in ("ref_id", "customer_no"):
                if field in one.members:
                    that.equal(field, one.members[field], one.sent[field], "as sent")
            is_payment = one.sent["command"] == "pay-pasca"
            if is_payment and "code" in one.members:
                that.equal("code", one.members["code"], one.sent["code"], "as sent")


@clause("DIGISWITCH-REFUSAL-ENVELOPE")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_refusal_stands_inside_data(
    digiswitch: Digiswitch, orders: list[Order], situation: str
) -> None:
    answers = _refused(digiswitch, orders, situation)
    look(*answers)
    for answer in answers:
        if "json" in answer.media_type and answer.exchange.reply.body.strip():
            with expect(answer) as that:
                readable = answer.malformed is None
                that.that(readable, "JSON, as its Content-Type says", str(answer.malformed))
    found = [one for one in answers if isinstance(one.document, dict)]
    if not found:
        pytest.skip(f"the refusal is no JSON object: {answers[0].returned}")
    with expect(*found) as that:
        for answer in that.each(found):
            inside = isinstance(answer.document.get("data"), dict)
            names = ", ".join(answer.document) or "nothing"
            that.that(inside, "an object data around the members", f"members {names}")


@clause("DIGISWITCH-RC-REFUSAL")
def test_a_refusal_has_code_and_message(refusals: list[DigiswitchAnswer]) -> None:
    with expect(*refusals) as that:
        for refusal in that.each(refusals):
            that.that(refusal.malformed is None, "well-formed JSON", str(refusal.malformed))
            for one in shape("digiswitch", "refusal").violations(refusal.document):
                that.that(kept=False, expected=f"{one.at}: {one.expected}", came=one.received)
    for refusal in refusals:
        if refusal.stated not in (Outcome.FAILED, None):
            note(f"a refusal with {refusal.returned}")
        report_transport(refusal, "a refusal")


@clause("DIGISWITCH-REFUSAL-ECHO")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_refusal_repeats_the_request(
    digiswitch: Digiswitch, orders: list[Order], situation: str
) -> None:
    refused = _not_accepted(_refused(digiswitch, orders, situation))
    with expect(*refused) as that:
        # It need not repeat anything: what is empty is not repeated.
        for answer in that.each(refused):
            for field in ("ref_id", "customer_no"):
                if answer.members.get(field):
                    that.equal(field, answer.members[field], answer.sent[field], "as sent")
    for answer in refused:
        code = answer.members.get("code")
        if code:
            same = code == answer.sent["code"]
            reported = "the code of the request" if same else "another code"
            reading("code of a refusal", reported, warns=not same)


@pytest.mark.parametrize(("situation", "code"), CODES)
def test_a_situation_has_its_rc(
    digiswitch: Digiswitch, orders: list[Order], situation: str, code: str
) -> None:
    refused = _not_accepted(_refused(digiswitch, orders, situation))
    if any(answer.rc is None for answer in refused):
        raise Blocked("DIGISWITCH-RC-REFUSAL")
    with expect(*refused) as that:
        for answer in that.each(refused):
            that.equal("rc", answer.rc, code)


def _not_accepted(answers: list[DigiswitchAnswer]) -> list[DigiswitchAnswer]:
    found = [one for one in answers if one.outcome is not Outcome.SUCCESS]
    if not found:
        pytest.skip("accepted: the clause that requires a refusal fails")
    return found


def _judge_failed_inquiry(answer: DigiswitchAnswer, place: Clause) -> None:
    """No page shows one, so that it repeats the request and says a status is not required."""
    look(answer)
    wrong = shape("digiswitch", "refusal").violations(answer.document)
    of_status = [one for one in wrong if one.at == "data.status"]
    mine = (
        of_status if place.at == "data.status" else [one for one in wrong if one not in of_status]
    )
    with expect(answer) as that:
        for one in mine:
            that.that(kept=False, expected=f"{one.at}: {one.expected}", came=one.received)


def _refused(digiswitch: Digiswitch, orders: list[Order], situation: str) -> list[DigiswitchAnswer]:
    """The answers to an inquiry of every product that is wrong in this way."""
    digiswitch.require("inq-pasca")
    return digiswitch.side_by_side([partial(_ask, digiswitch, one, situation) for one in orders])


def _ask(digiswitch: Digiswitch, order: Order, situation: str) -> DigiswitchAnswer:
    if situation == "malformed body":
        return digiswitch.ask_body(b'{"command": "inq-pasca",', order.product, summary="a cut body")
    fields = digiswitch.fields("inq-pasca", order.product, order.number)
    fields |= SITUATIONS[situation]
    if situation == "unknown username":
        username = str(fields["username"])
        fields["sign"] = digiswitch.sign(str(fields["ref_id"]), username=username)
    return digiswitch.ask(fields, order.product)
