"""HTTP-GET (legacy): who is answered, and how answers are written."""

from collections.abc import Callable
from functools import partial

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect
from kontrak.providers.httpget import HttpGet, HttpGetAccount, TextAnswer
from kontrak.providers.httpget.client import Pairs
from kontrak.providers.httpget.judging import expect_refused, expect_refused_for_free
from kontrak.providers.httpget.wrong import Ask, Wrong, changed, payment_of, without

Change = Callable[[HttpGet, Pairs], Pairs]


def _set(name: str, value: Callable[[str], str]) -> Change:
    def change(_httpget: HttpGet, pairs: Pairs) -> Pairs:
        right = dict(pairs)[name]
        wrong = value(right)
        # A key of digits alone has no other case, and any number may be a right pin.
        return changed(pairs, **{name: wrong if wrong != right else f"{right}0"})

    return change


def _keys_of_another(httpget: HttpGet, pairs: Pairs) -> Pairs:
    other = httpget.other().partner
    return changed(pairs, pin=other.pin, password=other.password)


def _name_of_another(httpget: HttpGet, pairs: Pairs) -> Pairs:
    return changed(pairs, memberID=httpget.other().partner.member_id)


def _signing(httpget: HttpGet, pairs: Pairs) -> Pairs:
    return _name_of_another(httpget, _keys_of_another(httpget, pairs))


STRANGERS: dict[str, list[Change]] = {
    "pin": [
        _set("pin", lambda _pin: "000000"),
        _set("pin", lambda pin: pin[:-1]),
        _set("pin", lambda pin: f"{pin}0"),
    ],
    "password": [
        _set("password", lambda _password: "no-such-password"),
        _set("password", lambda password: password[:-1]),
        _set("password", str.swapcase),
    ],
    "memberID": [
        _set("memberID", lambda _member: "NOSUCHMEMBER"),
        _set("memberID", lambda member: f"{member}0"),
    ],
    "foreign": [_keys_of_another, _name_of_another],
    "signing": [_signing],
}
CLAUSES = [
    cited("HTTPGET-ACCESS-PIN", "pin"),
    cited("HTTPGET-ACCESS-PASSWORD", "password"),
    cited("HTTPGET-ACCESS-MEMBER", "memberID"),
    cited("HTTPGET-ACCESS-FOREIGN", "foreign"),
    cited("HTTPGET-ACCESS-PLAIN-ONLY", "signing"),
]


@pytest.fixture
def plain(httpget: HttpGet) -> HttpGet:
    """The client of a partner that is known by pin and password."""
    if httpget.partner.signs:
        raise NotOffered("the target's partner signs", hint="see [httpget] signature")
    return httpget


@pytest.fixture
def right(httpget: HttpGet, account: HttpGetAccount) -> list[TextAnswer]:
    """The texts of right requests of every kind."""
    found = [httpget.balance()]
    if httpget.settings.topup.configured:
        bought = account.topup()
        found += [bought.paid, bought.status]
    families = [one for one in httpget.settings.bills.values() if "success" in one.configured]
    if families and found[0].saldo is not None:
        bill = httpget.inquiry(families[0])
        found.append(bill)
        if bill.is_success:
            found.append(account.purchase(families[0]).paid)
    return found


@pytest.fixture
def texts(
    httpget: HttpGet, account: HttpGetAccount, wrong: Wrong, right: list[TextAnswer]
) -> list[TextAnswer]:
    """The same, and those of a failure and of a refusal."""
    reported = httpget.settings.topup.configured
    failed = [account.topup("failed").paid] if "failed" in reported else []
    return [*right, *failed, *wrong.tried("unknown product").answers[:1]]


@clause("HTTPGET-ACCESS-HTTP")
def test_answers_come_with_http_200(texts: list[TextAnswer]) -> None:
    with expect(*texts) as that:
        for answer in that.each(texts):
            that.equal(f"HTTP status of {answer.exchange.request.summary}", answer.status, 200)


@clause("HTTPGET-ACCESS-PLAIN")
def test_answers_are_plain_text(texts: list[TextAnswer]) -> None:
    with expect(*texts) as that:
        for answer in that.each(texts):
            that.that(answer.is_plain, "plain text in UTF-8", repr(answer.text[:60]))


@clause("HTTPGET-ACCESS-MEDIA-TYPE")
def test_answers_are_sent_as_plain_text(texts: list[TextAnswer]) -> None:
    with expect(*texts) as that:
        for answer in that.each(texts):
            that.equal("Content-Type", answer.media_type, "text/plain")


@pytest.mark.parametrize("name", CLAUSES)
def test_a_stranger_is_refused(
    plain: HttpGet, account: HttpGetAccount, wrong: Wrong, name: str
) -> None:
    _ = account.topup().reported
    bills = [plain.inquiry(family) for family in plain.families()]
    bills[0].require_success()
    mark = account.mark()
    asks = []
    for change in STRANGERS[name]:
        asks.append(wrong.later(change(plain, wrong.right())))
        for bill in bills:
            asks += _asked_by(plain, bill, change)
    answers = plain.buy_side_by_side(asks)
    expect_refused_for_free(account, mark, *answers, stranger=True)


def _asked_by(plain: HttpGet, bill: TextAnswer, change: Change) -> list[Ask]:
    """What a stranger asks: the bill of the same number, and to pay one that was rightly read."""
    inquiry = plain.pairs(bill.asked["product"], bill.asked["dest"], new_ref_id(), jenis="5")
    asks: list[Ask] = [partial(plain.ask, "cek", change(plain, inquiry))]
    if bill.is_success:  # another bill family's is a clause of its own
        pairs, spend = payment_of(plain, bill)
        asks.append(partial(plain.ask, "bayar", change(plain, pairs), spend=spend))
    return asks


@clause("HTTPGET-ACCESS-BALANCE")
@pytest.mark.parametrize("name", ["pin", "password", "memberID"])
def test_a_stranger_is_reported_no_balance(plain: HttpGet, name: str) -> None:
    pairs = plain.who({}, {})
    answers = [plain.ask_balance(change(plain, pairs)) for change in STRANGERS[name]]
    expect_refused(*answers, plain.ask_balance(without(pairs, name)), stranger=True)


@clause("HTTPGET-ACCESS-STATUS")
@pytest.mark.parametrize("name", ["pin", "password", "memberID"])
def test_a_stranger_is_reported_no_status(
    plain: HttpGet, account: HttpGetAccount, name: str
) -> None:
    _ = account.topup().reported
    answers = []
    for bought in [account.topup(), *account.bills()]:
        asked = bought.paid.asked
        pairs = plain.pairs(asked["product"], asked["dest"], asked["refID"], cek="1")
        answers += [plain.ask("status", change(plain, pairs)) for change in STRANGERS[name]]
        answers.append(plain.ask("status", without(pairs, name)))
    expect_refused(*answers, stranger=True)
