"""Check status (cek=1): the last message of a reference, or its current text."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.httpget import HttpGet, HttpGetAccount, TextAnswer
from kontrak.providers.httpget.judging import expect_refused, expect_text

_ECHOED = {"product": "product", "dest": "dest", "ref": "refID"}


@clause("HTTPGET-STATUS-TEXT")
def test_a_topups_status_keeps_its_template(account: HttpGetAccount) -> None:
    bought = account.topup()
    _ = bought.reported
    _expect_status_text(bought.settled, bought.paid, "status")


@clause("HTTPGET-STATUS-BILL")
def test_a_bills_status_keeps_its_template(httpget: HttpGet, account: HttpGetAccount) -> None:
    _ = account.purchase(httpget.first_family()).reported
    for bought in account.bills():
        _expect_status_text(bought.settled, bought.paid, "status", "status_bill")


@clause("HTTPGET-STATUS-AGREES")
def test_the_status_repeats_the_purchase(httpget: HttpGet, account: HttpGetAccount) -> None:
    reported = httpget.settings.topup.configured
    found = [account.topup()] if "success" in reported else []
    if not found or any("success" in one.configured for one in httpget.settings.bills.values()):
        found.append(account.purchase(httpget.first_family()))
    found += [account.topup(case) for case in ("other", "other_product") if case in reported]
    found += [one for one in account.bills() if one not in found]
    for bought in found:
        bought.took_its_price()
        # Asked anew, after others: a target may answer with what it was asked before.
        again = httpget.status(bought.paid) if len(found) > 1 else bought.settled
        bought.settled.require_success()
        returned, reported = bought.paid.values, again.values
        with expect(bought.paid, again) as that:
            for name, parameter in _ECHOED.items():
                sent = bought.paid.asked[parameter]
                bare = sent.partition("@")[0]
                that.one_of(name, reported.get(name), dict.fromkeys([sent, bare]), "as bought")
            that.equal("HRG", reported.get("price"), bought.cost, "what it took")
            if "serial" in returned and "serial" in reported:
                that.equal("SN", reported["serial"], returned["serial"], "as in the TRX text")


@clause("HTTPGET-STATUS-FAILED")
@pytest.mark.parametrize("key", ["topup", "bill"])
def test_the_status_of_a_failure_is_no_success(
    httpget: HttpGet, account: HttpGetAccount, key: str
) -> None:
    topup = httpget.settings.topup
    family = topup if key == "topup" else httpget.family_with("failed")
    bought = account.purchase(family, "failed")
    if bought.paid.is_success:
        raise Blocked(f"HTTPGET-{key.upper()}-FAILED")
    if bought.paid.outcome is Outcome.PENDING:
        raise NotOffered("it is in process first", hint="name a number that fails at once")
    with expect(bought.paid, bought.settled) as that:
        returned = repr(bought.settled.text[:160])
        that.that(not bought.settled.is_success, "no text of success", returned)


@pytest.mark.parametrize(
    ("case", "succeeds"),
    [
        cited("HTTPGET-STATUS-SETTLES-SUCCESS", "pending_success", True, id="success"),  # noqa: FBT003 - a row of a table
        cited("HTTPGET-STATUS-SETTLES-FAILED", "pending_failed", False, id="failed"),  # noqa: FBT003 - as above
    ],
)
def test_a_topup_in_process_is_settled(account: HttpGetAccount, case: str, succeeds: bool) -> None:  # noqa: FBT001 - as above
    _ = account.topup().reported
    bought = account.topup(case)
    if bought.paid.is_success and not bought.settled.is_success:
        raise Blocked("HTTPGET-TOPUP-PENDING")
    with expect(bought.paid, bought.status, bought.settled) as that:
        returned = repr(bought.settled.text[:160])
        if succeeds:
            that.that(bought.settled.is_success, "a text of success in the end", returned)
        else:
            kept = bought.settled.outcome is Outcome.FAILED
            that.that(kept, "a text of failure in the end", returned)
            that.equal("money taken, in rupiah", bought.cost, 0)


@clause("HTTPGET-STATUS-UNKNOWN")
def test_an_unused_reference_has_no_status(httpget: HttpGet, account: HttpGetAccount) -> None:
    _ = account.topup().reported
    bought = [account.topup(), *account.bills()]
    expect_refused(
        *(
            httpget.status(one.paid, refID=ref)
            for one in bought
            for ref in (new_ref_id(), one.ref[:-1])
        )
    )


@clause("HTTPGET-STATUS-FREE")
@pytest.mark.parametrize("case", ["success", "failed"])
def test_polling_costs_and_changes_nothing(
    httpget: HttpGet, account: HttpGetAccount, case: str
) -> None:
    bought = account.topup(case)
    mark = account.mark()
    answers = [httpget.status(bought.paid) for _ in range(4)]
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)
        # How a failure is reported is left open: it may report the time.
        reported = {answer.text if answer.is_success else str(answer.outcome) for answer in answers}
        that.that(len(reported) == 1, "the same four times", "; ".join(sorted(reported))[:200])


@clause("HTTPGET-STATUS-FREE")
def test_polling_a_bill_costs_and_changes_nothing(
    httpget: HttpGet, account: HttpGetAccount
) -> None:
    bought = account.bills()
    mark = account.mark()
    answers = [(one, httpget.status(one.paid)) for one in bought for _ in range(2)]
    with expect(*(answer for _, answer in answers)) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)
        for one, answer in answers:
            that.about(answer)
            reported = repr(answer.text[:160])
            kept = answer.text == one.settled.text
            that.that(kept, f"as before: {one.settled.text[:160]!r}", reported)


@clause("HTTPGET-STATUS-OTHER-DEST")
def test_a_status_with_another_dest_reports_no_other_story(
    httpget: HttpGet, account: HttpGetAccount
) -> None:
    _ = account.topup().reported
    paid = account.topup().paid
    dest = httpget.settings.topup.get("other")
    answer = httpget.status(paid, dest=dest)
    with expect(paid, answer) as that:
        reported = answer.values.get("dest")
        wrong = answer.is_success and reported == dest
        that.that(not wrong, f"a refusal, or dest {paid.asked['dest']}", f"dest {reported}")
    story = "reports the transaction" if answer.is_success else "is refused"
    reading("a status asked with another dest", story)


def _expect_status_text(status: TextAnswer, paid: TextAnswer, *names: str) -> None:
    if not status.is_plain:
        raise Blocked("HTTPGET-ACCESS-PLAIN")
    same = status.text == paid.text
    reported = "the last message again" if same else "the template of the status"
    reading("text of a status", reported, warns=same)
    if not same:
        expect_text(status, *names)
