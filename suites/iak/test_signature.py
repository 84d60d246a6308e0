"""Request body: sign. A right one is accepted, every other one is refused and nothing happens."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kontrak.asking.conversation import asks
from kontrak.clauses.catalogue import clause
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.codec import CODECS, Codec
from kontrak.providers.iak.conversations import Inquiries
from kontrak.providers.iak.purse import Purse
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request with a wrong sign, and the right one sent after it."""

    refused: IakAnswer
    right: IakAnswer


@asks(codec=CODECS, zeros={"any": "", "one-zero": "0", "two-zeros": "00"})
def right_sign(iak: Iak, codec: Codec, zeros: str) -> IakAnswer:
    """An inquiry whose right sign begins with some zeros."""
    iak.require(codec=codec)
    case = iak.case("one_bill")
    # What makes the inquiry itself fail is seen with a sign that begins with no zero.
    plain = _ref_id(iak, lambda sign: not sign.startswith("0"))
    iak.inquiry(case, codec, ref_id=plain).require_success()
    ref_id = _ref_id(iak, lambda sign: sign.startswith(zeros))
    return iak.ask(iak.inquiry_fields(case.number, ref_id), codec)


@clause("IAK-SIGN-ACCEPTED")
def test_a_right_sign_is_accepted(right_sign: IakAnswer) -> None:
    with expect(right_sign) as that:
        wanted = "success: the sign is md5(username+api_key+ref_id)"
        that.that(right_sign.is_success, wanted, f"RC {right_sign.rc}, HTTP {right_sign.status}")


@asks(codec=CODECS, wrong=WRONG)
def wrong_sign(iak: Iak, inquiries: Inquiries, codec: Codec, wrong: Break) -> Refusal:
    """An inquiry with a wrong sign."""
    fields = _right(iak, inquiries, codec)
    return _refusal(iak, {**fields, "sign": wrong(iak, str(fields["ref_id"]))}, codec)


@clause("IAK-SIGN-WRONG")
def test_a_wrong_sign_is_refused(wrong_sign: Refusal) -> None:
    expect_nothing_happened(wrong_sign)


@asks(codec=CODECS)
def empty_sign(iak: Iak, inquiries: Inquiries, codec: Codec) -> Refusal:
    """An inquiry with an empty sign."""
    return _refusal(iak, {**_right(iak, inquiries, codec), "sign": ""}, codec)


@clause("IAK-SIGN-EMPTY")
def test_an_empty_sign_is_refused(empty_sign: Refusal) -> None:
    expect_nothing_happened(empty_sign)


@asks(codec=CODECS)
def missing_sign(iak: Iak, inquiries: Inquiries, codec: Codec) -> Refusal:
    """An inquiry without sign."""
    fields = _right(iak, inquiries, codec)
    del fields["sign"]
    return _refusal(iak, fields, codec)


@clause("IAK-SIGN-MISSING")
def test_an_inquiry_without_sign_is_refused(missing_sign: Refusal) -> None:
    expect_nothing_happened(missing_sign)


@asks(codec=CODECS)
def foreign_sign(iak: Iak, inquiries: Inquiries, codec: Codec) -> Refusal:
    """An inquiry with the sign of another ref_id."""
    return _refusal(iak, {**_right(iak, inquiries, codec), "sign": iak.sign(new_ref_id())}, codec)


@clause("IAK-SIGN-FOREIGN")
def test_the_sign_of_another_ref_id_is_refused(foreign_sign: Refusal) -> None:
    expect_nothing_happened(foreign_sign)


@asks(codec=CODECS)
def stale_sign(iak: Iak, inquiries: Inquiries, codec: Codec) -> Refusal:
    """An inquiry with the sign of an earlier one."""
    earlier = inquiries.held("one_bill", codec).require_success()
    return _refusal(iak, {**_right(iak, inquiries, codec), "sign": earlier.sent["sign"]}, codec)


@clause("IAK-SIGN-STALE")
def test_the_sign_of_an_earlier_inquiry_is_refused(stale_sign: Refusal) -> None:
    expect_nothing_happened(stale_sign)


@clause("IAK-SIGN-PAYMENT")
@pytest.mark.parametrize("wrong", [*WRONG, "empty", "of-the-ref-id", "of-another-tr-id"])
def test_a_payment_with_a_wrong_sign_pays_nothing(
    iak: Iak, inquiries: Inquiries, purse: Purse, codec: Codec, wrong: str
) -> None:
    bill = inquiries.fresh("one_bill", codec).require_success()
    tr_id = str(int(bill.number("tr_id")))
    other = {
        "empty": "",
        "of-the-ref-id": iak.sign(str(bill.sent["ref_id"])),
        "of-another-tr-id": iak.sign(str(int(tr_id) + 1)),
    }
    sign = other[wrong] if wrong in other else WRONG[wrong](iak, tr_id)
    mark = purse.mark()
    answer = iak.pay(bill, codec, sign=sign)
    expect_refused(answer)
    with expect(answer) as that:
        that.equal("money taken, in rupiah", purse.spent_since(mark), 0)


STATUS_SIGNS: dict[str, Break] = {
    **WRONG,
    "empty": lambda _iak, _ref_id: "",
    "of-the-ref-id": lambda iak, ref_id: iak.sign(ref_id),
}


@asks(codec=CODECS, wrong=STATUS_SIGNS)
def wrong_status_sign(
    iak: Iak, inquiries: Inquiries, codec: Codec, wrong: Break
) -> tuple[IakAnswer, IakAnswer]:
    """A checkstatus with the right sign, then one with a wrong sign."""
    iak.require(operation="checkstatus")
    bill = inquiries.held("one_bill", codec).require_success()
    ref_id = str(bill.sent["ref_id"])
    salt = ref_id if wrong is STATUS_SIGNS["of-the-ref-id"] else "cs"
    asked = iak.checkstatus(ref_id, codec)
    return asked, iak.checkstatus(ref_id, codec, sign=wrong(iak, salt))


@clause("IAK-SIGN-STATUS")
def test_a_checkstatus_with_a_wrong_sign_is_refused(
    wrong_status_sign: tuple[IakAnswer, IakAnswer],
) -> None:
    asked, answer = wrong_status_sign
    with expect(asked, answer) as that:
        reported = "status" in answer.members and answer.rc == asked.rc
        that.that(not reported, "a refusal", f"the status {answer.members.get('status')}")
    expect_refused(answer)


def _right(iak: Iak, inquiries: Inquiries, codec: Codec) -> dict[str, object]:
    """A right inquiry, once the like of it is known to be accepted."""
    iak.require(codec=codec)
    known = inquiries.held("one_bill", codec).require_success()
    return iak.inquiry_fields(str(known.sent["hp"]))


def _refusal(iak: Iak, fields: dict[str, object], codec: Codec) -> Refusal:
    """A wrong inquiry, then the right one under the same ref_id."""
    refused = iak.ask(fields, codec)
    right = iak.ask(iak.inquiry_fields(str(fields["hp"]), str(fields["ref_id"])), codec)
    return Refusal(refused, right)


def expect_nothing_happened(held: Refusal) -> None:
    """Refused, and the ref_id is still free: the right request with it is accepted."""
    expect_refused(held.refused)
    with expect(held.refused, held.right) as that:
        that.that(
            held.right.is_success,
            "the same inquiry with the right sign is accepted: the refused one left nothing behind",
            f"RC {held.right.rc}",
        )


def _ref_id(iak: Iak, wanted: Callable[[str], bool]) -> str:
    """A fresh ref_id whose sign is like that."""
    ref_id = new_ref_id()
    while not wanted(sign(_username(iak), _key(iak), ref_id)):
        ref_id = new_ref_id()
    return ref_id


def _key(iak: Iak) -> str:
    return iak.settings.api_key


def _username(iak: Iak) -> str:
    return iak.settings.username


def _other_digit(sign: str, place: int) -> str:
    digits = list(sign)
    digits[place] = "1" if digits[place] != "1" else "2"
    return "".join(digits)
