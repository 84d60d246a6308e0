"""Request body: sign. A right one is accepted, every other one is refused and nothing happens."""

from collections.abc import Callable

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.conversations import Inquiries
from kontrak.providers.iak.refusal import expect_refused
from kontrak.providers.iak.signing import sign

Break = Callable[[Iak, str], str]

WRONG: dict[str, Break] = {
    "another-digest": lambda _iak, _salt: "0123456789abcdef0123456789abcdef",
    "last-digit": lambda iak, salt: _other_digit(iak.sign(salt), -1),
    "first-digit": lambda iak, salt: _other_digit(iak.sign(salt), 0),
    "middle-digit": lambda iak, salt: _other_digit(iak.sign(salt), 16),
    "cut-short": lambda iak, salt: iak.sign(salt)[:16],
    "longer": lambda iak, salt: iak.sign(salt) + "0",
    "another-key": lambda iak, salt: iak.sign(salt, api_key="not-the-api-key"),
    "without-key": lambda iak, salt: iak.sign(salt, api_key=""),
    "without-username": lambda iak, salt: iak.sign(salt, username=""),
    "without-salt": lambda iak, _salt: iak.sign(""),
    "key-first": lambda iak, salt: iak.sign(salt, username=_key(iak), api_key=_username(iak)),
    "salt-first": lambda iak, salt: iak.sign(_key(iak), username=salt, api_key=_username(iak)),
    "the-salt-itself": lambda _iak, salt: salt,
}


@clause("IAK-SIGN-ACCEPTED")
@pytest.mark.parametrize("zeros", ["", "0", "00"], ids=["any", "one-zero", "two-zeros"])
def test_a_right_sign_is_accepted(iak: Iak, codec: Codec, zeros: str) -> None:
    case = iak.case("one_bill")
    # What makes the inquiry itself fail is seen with a sign that begins with no zero.
    plain = _ref_id(iak, lambda sign: not sign.startswith("0"))
    iak.inquiry(case, codec, ref_id=plain).require_success()
    ref_id = _ref_id(iak, lambda sign: sign.startswith(zeros))
    answer = iak.ask(iak.inquiry_fields(case.number, ref_id), codec)
    with expect(answer) as that:
        that.that(
            answer.is_success,
            "success: the sign is md5(username+api_key+ref_id)"
            + (f" and begins with {zeros}" if zeros else ""),
            f"RC {answer.rc}, HTTP {answer.status}",
        )


@clause("IAK-SIGN-WRONG")
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_sign_is_refused(iak: Iak, inquiries: Inquiries, codec: Codec, wrong: str) -> None:
    fields = _right(iak, inquiries, codec)
    _expect_nothing_happens(
        iak, {**fields, "sign": WRONG[wrong](iak, str(fields["ref_id"]))}, codec
    )


@clause("IAK-SIGN-EMPTY")
def test_an_empty_sign_is_refused(iak: Iak, inquiries: Inquiries, codec: Codec) -> None:
    fields = _right(iak, inquiries, codec)
    _expect_nothing_happens(iak, {**fields, "sign": ""}, codec)


@clause("IAK-SIGN-MISSING")
def test_an_inquiry_without_sign_is_refused(iak: Iak, inquiries: Inquiries, codec: Codec) -> None:
    fields = _right(iak, inquiries, codec)
    del fields["sign"]
    _expect_nothing_happens(iak, fields, codec)


@clause("IAK-SIGN-FOREIGN")
def test_the_sign_of_another_ref_id_is_refused(
    iak: Iak, inquiries: Inquiries, codec: Codec
) -> None:
    fields = _right(iak, inquiries, codec)
    _expect_nothing_happens(iak, {**fields, "sign": iak.sign(new_ref_id())}, codec)


@clause("IAK-SIGN-STALE")
def test_the_sign_of_an_earlier_inquiry_is_refused(
    iak: Iak, inquiries: Inquiries, codec: Codec
) -> None:
    earlier = inquiries.held("one_bill", codec).require_success()
    fields = _right(iak, inquiries, codec)
    _expect_nothing_happens(iak, {**fields, "sign": earlier.sent["sign"]}, codec)


@clause("IAK-SIGN-PAYMENT")
@pytest.mark.parametrize("wrong", [*WRONG, "empty", "of-the-ref-id", "of-another-tr-id"])
def test_a_payment_with_a_wrong_sign_pays_nothing(
    iak: Iak, inquiries: Inquiries, account: IakAccount, codec: Codec, wrong: str
) -> None:
    bill = inquiries.fresh("one_bill", codec).require_success()
    tr_id = str(int(bill.number("tr_id")))
    other = {
        "empty": "",
        "of-the-ref-id": iak.sign(str(bill.sent["ref_id"])),
        "of-another-tr-id": iak.sign(str(int(tr_id) + 1)),
    }
    sign = other[wrong] if wrong in other else WRONG[wrong](iak, tr_id)
    mark = account.mark()
    answer = iak.pay(bill, codec, sign=sign)
    expect_refused(answer)
    with expect(answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


@clause("IAK-SIGN-STATUS")
@pytest.mark.usefixtures("offers_status")
@pytest.mark.parametrize("wrong", [*WRONG, "empty", "of-the-ref-id"])
def test_a_checkstatus_with_a_wrong_sign_is_refused(
    iak: Iak, inquiries: Inquiries, codec: Codec, wrong: str
) -> None:
    bill = inquiries.held("one_bill", codec).require_success()
    ref_id = str(bill.sent["ref_id"])
    other = {"empty": "", "of-the-ref-id": iak.sign(ref_id)}
    sign = other[wrong] if wrong in other else WRONG[wrong](iak, "cs")
    asked = iak.checkstatus(ref_id, codec)
    answer = iak.checkstatus(ref_id, codec, sign=sign)
    with expect(asked, answer) as that:
        reported = "status" in answer.members and answer.rc == asked.rc
        that.that(not reported, "a refusal", f"the status {answer.members.get('status')}")
    expect_refused(answer)


def _ref_id(iak: Iak, wanted: Callable[[str], bool]) -> str:
    """A fresh ref_id whose sign is like that."""
    ref_id = new_ref_id()
    while not wanted(sign(_username(iak), _key(iak), ref_id)):
        ref_id = new_ref_id()
    return ref_id


def _right(iak: Iak, inquiries: Inquiries, codec: Codec) -> dict[str, object]:
    """A right inquiry, once the like of it is known to be accepted."""
    known = inquiries.held("one_bill", codec).require_success()
    return iak.inquiry_fields(str(known.sent["hp"]))


def _expect_nothing_happens(iak: Iak, fields: dict[str, object], codec: Codec) -> None:
    """Refused, and the ref_id is still free: the right request with it is accepted."""
    refused = iak.ask(fields, codec)
    expect_refused(refused)
    right: IakAnswer = iak.ask(iak.inquiry_fields(str(fields["hp"]), str(fields["ref_id"])), codec)
    with expect(refused, right) as that:
        that.that(
            right.is_success,
            "the same inquiry with the right sign is accepted: the refused one left nothing behind",
            f"RC {right.rc}",
        )


def _key(iak: Iak) -> str:
    return iak.settings.api_key


def _username(iak: Iak) -> str:
    return iak.settings.username


def _other_digit(sign: str, place: int) -> str:
    digits = list(sign)
    digits[place] = "1" if digits[place] != "1" else "2"
    return "".join(digits)
