"""Balance (check-balance), where the target names its address."""

import pytest

from kontrak.clauses.catalogue import clause, find
from kontrak.http.body import Answer
from kontrak.judging.expect import Blocked, expect, judge_place, note
from kontrak.providers.iak import Iak
from kontrak.providers.iak.account import IakAccount


@pytest.fixture
def balance(iak: Iak) -> Answer:
    """The answer of check-balance."""
    return iak.check_balance()


@clause("IAK-BALANCE-SHAPE")
def test_check_balance_has_its_shape(balance: Answer) -> None:
    judge_place(balance, find("IAK-BALANCE-SHAPE"))


@clause("IAK-BALANCE-SUCCESS")
def test_check_balance_says_success(balance: Answer) -> None:
    document = balance.document if isinstance(balance.document, dict) else {}
    data = document.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("rc"), str):
        raise Blocked("IAK-BALANCE-SHAPE")
    with expect(balance) as that:
        that.equal("rc", data["rc"], "00")
        that.equal("HTTP status", balance.status, 200)


@clause("IAK-BALANCE-MEDIA-TYPE")
def test_check_balance_says_what_it_is(balance: Answer) -> None:
    with expect(balance) as that:
        that.one_of("Content-Type", balance.media_type, ("application/json",))


@clause("IAK-BALANCE-SIGN")
@pytest.mark.parametrize("salt", ["", "cs", "BL"])
def test_a_wrong_sign_reports_no_balance(iak: Iak, balance: Answer, salt: str) -> None:
    refused = iak.check_balance(sign=iak.sign(salt))
    data = refused.document.get("data", {}) if isinstance(refused.document, dict) else {}
    data = data if isinstance(data, dict) else {}
    with expect(balance, refused) as that:
        that.that(data.get("rc") != "00", "a refusal", f"rc {data.get('rc')}")
        that.that("balance" not in data, "no balance", f"balance = {data.get('balance')}")
    if refused.status >= 500:
        note(f"refused with HTTP {refused.status}")


@clause("IAK-BALANCE-PAYMENT")
@pytest.mark.usefixtures("balance")
def test_check_balance_agrees_with_the_payment(iak: Iak, account: IakAccount) -> None:
    bill = iak.inquiry(iak.case("one_bill")).require_success()
    paid = iak.pay(bill)
    if paid.malformed is not None or not paid.is_success:
        raise Blocked("IAK-PAY-SUCCESS")
    with expect(paid) as that:
        that.equal(
            "balance in the payment", paid.number("balance"), account.mark(), "check-balance"
        )
