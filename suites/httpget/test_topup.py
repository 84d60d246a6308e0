"""Topup: without jenis, answered with the TRX text."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.httpget import HttpGet, HttpGetAccount, TextAnswer
from kontrak.providers.httpget.judging import (
    expect_echo,
    expect_reported,
    expect_text,
    expect_total,
)

ECHOES = [
    cited("HTTPGET-TOPUP-ECHO-PRODUCT", "product", "product"),
    cited("HTTPGET-TOPUP-ECHO-DEST", "dest", "dest"),
    cited("HTTPGET-TOPUP-ECHO-REF", "ref", "refID"),
]


@clause("HTTPGET-TOPUP-SUCCESS")
@pytest.mark.parametrize("case", ["success", "other", "other_product"])
def test_a_topup_succeeds(account: HttpGetAccount, case: str) -> None:
    bought = account.topup(case)
    with expect(bought.paid, bought.settled) as that:
        late = bought.paid.outcome is Outcome.PENDING and bought.settled.is_success
        kept = bought.paid.is_success or late
        that.that(kept, "the TRX text, at once or in the end", repr(bought.paid.text[:160]))


@clause("HTTPGET-TOPUP-TEXT")
def test_the_text_keeps_its_template(paid: TextAnswer) -> None:
    expect_text(paid, "trx")


@pytest.mark.parametrize(("name", "parameter"), ECHOES)
def test_the_text_repeats_a_parameter(paid: TextAnswer, name: str, parameter: str) -> None:
    expect_echo(paid, name, parameter)


@clause("HTTPGET-TOPUP-DEBIT")
@pytest.mark.parametrize("case", ["success", "other", "other_product"])
def test_a_topup_costs_its_hrg(account: HttpGetAccount, case: str) -> None:
    bought = account.topup(case)
    with expect(bought.paid, bought.reported) as that:
        that.equal("money taken, in rupiah", bought.cost, bought.price, "HRG")
    expect_total(bought.reported, bought.cost, "what it took")


@clause("HTTPGET-TOPUP-FAILED")
def test_a_failed_topup_is_no_success(account: HttpGetAccount) -> None:
    _expect_no_success(account, "failed")


@clause("HTTPGET-TOPUP-FAILED-FREE")
def test_a_failed_topup_costs_nothing(account: HttpGetAccount) -> None:
    bought = account.topup("failed")
    if bought.paid.is_success:
        raise Blocked("HTTPGET-TOPUP-FAILED")
    with expect(bought.paid) as that:
        that.equal("money taken, in rupiah", bought.cost, 0)


@clause("HTTPGET-TOPUP-WRONG-NUMBER")
def test_a_wrong_number_is_not_charged(account: HttpGetAccount) -> None:
    _expect_no_success(account, "wrong_number")
    bought = account.topup("wrong_number")
    with expect(bought.paid) as that:
        that.equal("money taken, in rupiah", bought.cost, 0)


@clause("HTTPGET-TOPUP-PENDING")
@pytest.mark.parametrize("case", ["pending_success", "pending_failed"])
def test_a_topup_in_process_is_no_success(account: HttpGetAccount, case: str) -> None:
    bought = account.topup(case)
    if bought.settled.is_success and bought.paid.is_success and bought.status.is_success:
        raise NotOffered(
            "this target has no pending payments",
            hint="configure a customer number whose payment stays pending",
        )
    with expect(bought.paid, bought.status) as that:
        that.that(not bought.paid.is_success, "no text of success", repr(bought.paid.text[:160]))


@clause("HTTPGET-TOPUP-FAILED-TEXT")
@pytest.mark.parametrize(("case", "text"), [("failed", "failed"), ("pending_success", "pending")])
def test_the_text_is_the_one_reported(
    httpget: HttpGet, account: HttpGetAccount, case: str, text: str
) -> None:
    _ = account.topup().reported
    bought = account.topup(case)
    if text not in httpget.settings.texts:
        raise NotOffered(
            f"the target file has no text for it; received was {bought.paid.text[:120]!r}",
            hint=f"give it in the target: [httpget.texts] {text} = ...",
        )
    if bought.paid.is_success:
        raise NotOffered(f"{case} ends in success at once", hint="name another number")
    expect_reported(bought.paid, text)


def _expect_no_success(account: HttpGetAccount, case: str) -> None:
    bought = account.topup(case)
    # What a later status says of it has a clause of its own.
    end = bought.settled if bought.paid.outcome is Outcome.PENDING else bought.paid
    with expect(bought.paid, end) as that:
        that.that(not end.is_success, "no text of success", repr(end.text[:160]))
