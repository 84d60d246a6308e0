"""HTTP-GET, the signed variant: sign in place of pin and password, for a partner that signs."""

from collections.abc import Callable

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.httpget import HttpGet, TextAnswer
from kontrak.providers.httpget.client import Pairs
from kontrak.providers.httpget.judging import expect_refused
from kontrak.providers.httpget.wrong import changed, without

WRONG: dict[str, Callable[[str], str]] = {
    "another-digest": lambda _sign: "AAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "other-case": str.swapcase,
    "cut-short": lambda sign: sign[:-1],
    "longer": lambda sign: f"{sign}A",
    "empty": lambda _sign: "",
}


@pytest.fixture
def signing(httpget: HttpGet) -> HttpGet:
    """The partner that signs."""
    return httpget if httpget.partner.signs else httpget.other()


@clause("HTTPGET-SIGN-ACCEPTED")
def test_a_right_sign_is_accepted(httpget: HttpGet, signing: HttpGet) -> None:
    for key in ("pln_postpaid", "bpjs_kesehatan", "property_tax"):
        if key in signing.settings.bills:
            family = signing.family(key)
            answer = signing.inquiry(family)
            if not answer.is_success and httpget is not signing:
                httpget.inquiry(family).require_success()
            with expect(answer) as that:
                that.that(answer.is_success, "the CEK text", repr(answer.text[:120]))


@clause("HTTPGET-SIGN-WRONG")
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_sign_is_refused(signing: HttpGet, wrong: str) -> None:
    before = _saldo(signing)
    answers = []
    for command, pairs in (*(("cek", one) for one in _bills(signing)), ("trx", _topup(signing))):
        sent = changed(pairs, sign=WRONG[wrong](dict(pairs)["sign"]))
        spend = signing.spend(sent) if command == "trx" else None
        answers.append(signing.ask(command, sent, spend=spend))
    expect_refused(*answers, stranger=True)
    _expect_free(signing, before, *answers)


@clause("HTTPGET-SIGN-MISSING")
def test_a_request_without_sign_is_refused(signing: HttpGet) -> None:
    before = _saldo(signing)
    topup = without(_topup(signing), "sign")
    bought = signing.ask("trx", topup, spend=signing.spend(topup))
    bills = [signing.ask("cek", without(one, "sign")) for one in _bills(signing)]
    expect_refused(*bills, bought, stranger=True)
    _expect_free(signing, before, *bills, bought)


@clause("HTTPGET-SIGN-FOREIGN")
@pytest.mark.parametrize("name", ["product", "dest", "refID"])
def test_the_sign_of_another_request_is_refused(signing: HttpGet, name: str) -> None:
    accepted = signing.ask("cek", _bill(signing))
    if not accepted.is_success:
        raise Blocked("HTTPGET-SIGN-ACCEPTED")
    pairs = _bill(signing)
    right = dict(pairs)
    foreign = {**right, name: _next(right[name])}
    made = dict(signing.pairs(foreign["product"], foreign["dest"], foreign["refID"]))["sign"]
    expect_refused(signing.ask("cek", changed(pairs, sign=made)))


def _bill(signing: HttpGet) -> Pairs:
    family = signing.first_family()
    return signing.pairs(family.product(), family.dest(), new_ref_id(), jenis="5")


def _bills(signing: HttpGet) -> list[Pairs]:
    """A right inquiry of every bill family."""
    return [
        signing.pairs(one.product(), one.dest(), new_ref_id(), jenis="5")
        for one in signing.families()
    ]


def _topup(signing: HttpGet) -> Pairs:
    topup = signing.settings.topup
    return signing.pairs(topup.get("product"), topup.get("success"), new_ref_id(), qty="1")


def _next(value: str) -> str:
    """The value with another last sign."""
    return value[:-1] + ("0" if value[-1] != "0" else "1")


def _saldo(signing: HttpGet) -> int | None:
    """The signing partner's balance; None where it cannot be read, or asking costs something."""
    first, second = signing.balance().saldo, signing.balance().saldo
    return second if first == second else None


def _expect_free(signing: HttpGet, before: int | None, *answers: TextAnswer) -> None:
    """Nothing has left the signing partner's balance, where its balance can be read.

    What is signed where there is no product, dest and refID is not public.
    """
    if before is not None:
        with expect(*answers) as that:
            that.equal("saldo", signing.balance().saldo, before, "as before")
