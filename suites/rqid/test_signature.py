"""API JSON, the signed variant: header sign in place of rqid, for a partner that signs."""

from collections.abc import Callable

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.exchange import Headers
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.rqid import Rqid, RqidAnswer
from kontrak.providers.rqid.refusal import expect_reported_nothing

WRONG: dict[str, Callable[[str], str]] = {
    "another-digest": lambda _sign: "AAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "other-case": str.swapcase,
    "cut-short": lambda sign: sign[:-1],
    "longer": lambda sign: f"{sign}A",
    "empty": lambda _sign: "",
}


@pytest.fixture
def signing(rqid: Rqid) -> Rqid:
    """The partner that signs."""
    return rqid if rqid.partner.signs else rqid.other()


@clause("RQID-SIGN-ACCEPTED")
def test_a_right_sign_is_answered(rqid: Rqid, signing: Rqid) -> None:
    answers = [_ask(signing)]
    if signing is not rqid and not answers[0].says_success:
        # What is refused to the partner without signature as well has a clause of its own.
        rqid.price(_product(rqid)).require_success()
    if "balance" in signing.settings.operations:
        # Not asked as a right request: a 401 here judges the sign, the partner's key was accepted.
        answers.append(signing.ask("balance", signing.fields()))
    with expect(*answers) as that:
        for answer in that.each(answers):
            that.that(answer.says_success, "success", f"rc {answer.rc}, HTTP {answer.status}")


@clause("RQID-SIGN-WRONG")
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_sign_is_refused(signing: Rqid, wrong: str) -> None:
    (name, right), *_ = signing.headers(signing.fields(product_code=_product(signing)))
    expect_reported_nothing(_ask(signing, ((name, WRONG[wrong](right)),)))


@clause("RQID-SIGN-MISSING")
def test_a_request_without_sign_is_refused(signing: Rqid) -> None:
    expect_reported_nothing(_ask(signing, ()))


@clause("RQID-SIGN-FOREIGN")
def test_the_sign_of_another_request_is_refused(signing: Rqid) -> None:
    if not _ask(signing).says_success:
        raise Blocked("RQID-SIGN-ACCEPTED")
    other = signing.headers(signing.fields(product_code="ANOTHERPRODUCT"))
    expect_reported_nothing(_ask(signing, other))


def _ask(signing: Rqid, headers: Headers | None = None) -> RqidAnswer:
    fields = signing.fields(product_code=_product(signing))
    return signing.ask("price", fields, headers=headers)


def _product(rqid: Rqid) -> str:
    return rqid.numbers("prepaid").get("product")
