"""Requests that are wrong: refused, nothing charged, no server error."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.clauses.response_codes import Outcome
from kontrak.judging.expect import expect
from kontrak.providers.httpget import HttpGet, HttpGetAccount
from kontrak.providers.httpget.client import fully
from kontrak.providers.httpget.judging import expect_refused
from kontrak.providers.httpget.wrong import Wrong

SITUATIONS = [
    cited("HTTPGET-REQ-UNKNOWN-PRODUCT", "unknown product"),
    cited("HTTPGET-REQ-MISSING", "missing"),
    cited("HTTPGET-REQ-MISSING-BILL", "missing in payment"),
    cited("HTTPGET-REQ-EMPTY", "empty"),
    cited("HTTPGET-REQ-REPEATED", "repeated"),
    cited("HTTPGET-REQ-JENIS", "jenis"),
    cited("HTTPGET-REQ-ENCODED", "odd"),
    cited("HTTPGET-REQ-LONG", "long"),
]
INFERRED = ("repeated", "jenis", "odd", "long")
"""Situations whose refusal is only inferred: their money has clauses of its own."""
MONEY = [
    cited("HTTPGET-REQ-JENIS-MONEY", "jenis"),
    cited("HTTPGET-REQ-ENCODED-MONEY", "odd"),
    cited("HTTPGET-REQ-LONG-MONEY", "long"),
]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_wrong_request_is_refused(wrong: Wrong, situation: str) -> None:
    tried = wrong.tried(situation)
    expect_refused(*tried.answers)
    if situation not in INFERRED:
        with expect(*tried.answers) as that:
            that.equal("money taken, in rupiah", tried.spent, 0)


@pytest.mark.parametrize("situation", MONEY)
def test_a_wrong_request_costs_nothing(wrong: Wrong, situation: str) -> None:
    tried = wrong.tried(situation)
    with expect(*tried.answers) as that:
        that.equal("money taken, in rupiah", tried.spent, 0)


@clause("HTTPGET-REQ-REPEATED-MONEY")
def test_a_repeated_parameter_costs_what_it_sells(account: HttpGetAccount, wrong: Wrong) -> None:
    price = account.topup().took_its_price()
    tried = wrong.tried("repeated")
    # Which of two values counts is left open: some servers take the first, some the last.
    sold = [answer for answer in tried.answers if answer.outcome is not Outcome.FAILED]
    with expect(*tried.answers) as that:
        because = f"{len(sold)} sold for {price} each"
        that.equal("money taken, in rupiah", tried.spent, len(sold) * price, because)


@clause("HTTPGET-REQ-SERVER-ERROR")
def test_no_wrong_request_is_a_server_error(wrong: Wrong) -> None:
    answers = wrong.all_answers()
    with expect(*answers) as that:
        for answer in that.each(answers):
            summary = answer.exchange.request.summary
            that.that(answer.status < 500, f"{summary}: below HTTP 500", f"HTTP {answer.status}")


@clause("HTTPGET-REQ-SAME-ENCODED")
def test_a_topup_may_be_percent_encoded(
    httpget: HttpGet, account: HttpGetAccount, wrong: Wrong
) -> None:
    _ = account.topup().reported
    pairs = wrong.right()
    answer = httpget.ask("trx", pairs, spend=httpget.spend(pairs), write=fully)
    with expect(answer) as that:
        kept = answer.outcome is not Outcome.FAILED
        that.that(kept, "the TRX text, at once or in the end", repr(answer.text[:160]))
