"""One rule says what an answer to a payment means for the ledger, whoever gave it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from kontrak.clauses.text_template import Template
from kontrak.config.target import load_target
from kontrak.exchange import Exchange, Reply, Request
from kontrak.interface.settling import Reporting, settle_payment
from kontrak.limits.spend_guard import Gate
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.httpget.answer import TextAnswer
from kontrak.providers.httpget.settings import Settings as TextSettings
from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.tokopedia.answer import TokopediaAnswer


@dataclass(slots=True)
class Noted:
    """A gate that notes what it is given."""

    settled: list[tuple[str, int | None]] = field(default_factory=list)
    odd: list[str | None] = field(default_factory=list)
    balances: list[int] = field(default_factory=list)

    def settle(self, _: str, __: str | None, outcome: str, debit: int | None = None) -> None:
        self.settled.append((outcome, debit))

    def undocumented(self, _: str, rc: str | None) -> None:
        self.odd.append(rc)

    def saw_balance(self, rupiah: int, _: str = "") -> None:
        self.balances.append(rupiah)


def exchange(body: bytes, status: int, right: bool) -> Exchange:  # noqa: FBT001 - the test's own
    request = Request("POST", "http://127.0.0.1/", (), b"", "pay", right=right)
    return Exchange(request, Reply(status, "", (), body), 0.0, 0.1)


def texts() -> tuple[Any, Any]:
    target = load_target().provider("httpget", sandbox_url="http://127.0.0.1")
    settings = TextSettings.of(target)
    return settings.templates, {**settings.texts, "failed": Template("TRX IS5 GAGAL.")}


def iak(printed: Any, status: int, right: bool) -> Reporting:  # noqa: FBT001 - as above
    return IakAnswer(exchange(b"", status, right), {"data": printed})


def digiswitch(printed: Any, status: int, right: bool) -> Reporting:  # noqa: FBT001 - as above
    return DigiswitchAnswer(exchange(b"", status, right), {"data": printed})


def rqid(printed: Any, status: int, right: bool) -> Reporting:  # noqa: FBT001 - as above
    return RqidAnswer(exchange(b"", status, right), printed, shape="payment")


def httpget(printed: Any, status: int, right: bool) -> Reporting:  # noqa: FBT001 - as above
    return TextAnswer(
        exchange(str(printed).encode(), status, right), None, None, "trx", {}, "", *texts()
    )


def tokopedia(printed: Any, status: int, right: bool) -> Reporting:  # noqa: FBT001 - as above
    return TokopediaAnswer(exchange(json.dumps(printed).encode(), status, right), printed)


Make = Callable[[Any, int, bool], Reporting]
PAID = "TRX IS5.0812 SUKSES. SN: 1 HRG:5500 REFID:R1"

PAYS: dict[str, tuple[Make, Any, int]] = {
    "iak": (iak, {"response_code": "00", "selling_price": 5, "balance": 0}, 5),
    "digiswitch": (digiswitch, {"rc": "00", "status": "Sukses", "price": 5, "balance": 0}, 5),
    "rqid": (
        rqid,
        {"rc": "00", "status": "success", "data": {"status": 1, "total_price": "5", "saldo": 0}},
        5,
    ),
    "httpget": (httpget, PAID + " Saldo = Rp. 0", 5500),
    "tokopedia": (
        tokopedia,
        {"data": {"attributes": {"status": "Success", "sales_price": 5}}},
        5,
    ),
}
WAITS: dict[str, tuple[Make, Any]] = {
    "iak": (iak, {"response_code": "39"}),
    "digiswitch": (digiswitch, {"rc": "03", "status": "Pending"}),
    "rqid": (rqid, {"rc": "00", "data": {"status": 2}}),
    "httpget": (httpget, "TRX IS5 SEDANG DIPROSES"),
    "tokopedia": (tokopedia, {"data": {"attributes": {"status": "Pending"}}}),
}
FAILS: dict[str, tuple[Make, Any]] = {
    "iak": (iak, {"response_code": "14"}),
    "digiswitch": (digiswitch, {"rc": "02", "status": "Gagal"}),
    "rqid": (rqid, {"rc": "14", "data": {"status": 11}}),
    "httpget": (httpget, "TRX IS5 GAGAL."),
    "tokopedia": (tokopedia, {"errors": [{"code": "P03"}]}),
}
ODD: dict[str, tuple[Make, Any]] = {
    "iak": (iak, {"response_code": "777"}),
    "digiswitch": (digiswitch, {"rc": "777"}),
    "rqid": (rqid, {"rc": "777", "status": "what"}),
    "httpget": (httpget, "something else"),
    "tokopedia": (tokopedia, {"data": {"attributes": {"status": "Maybe"}}}),
}


def noted(make: Make, printed: Any, status: int = 200, *, right: bool = True) -> Noted:
    gate = Noted()
    settle_payment(cast("Gate", gate), "REF", make(printed, status, right))
    return gate


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("key", PAYS)
def test_a_success_is_paid_whatever_was_asked(key: str, right: bool, status: int) -> None:  # noqa: FBT001 - a parameter
    make, printed, debit = PAYS[key]
    gate = noted(make, printed, status, right=right)
    assert gate.settled == [("paid", debit)]
    assert gate.odd == []


@pytest.mark.parametrize("key", [one for one in PAYS if one != "tokopedia"])
def test_a_balance_of_nothing_is_a_balance(key: str) -> None:
    make, printed, _ = PAYS[key]
    assert noted(make, printed).balances == [0]


@pytest.mark.parametrize("key", WAITS)
def test_what_is_in_process_is_pending(key: str) -> None:
    assert noted(*WAITS[key]).settled == [("pending", None)]


@pytest.mark.parametrize("key", FAILS)
def test_a_failure_is_refused_below_http_500_only(key: str) -> None:
    for right in (True, False):
        assert noted(*FAILS[key], right=right).settled == [("refused", None)]
        assert noted(*FAILS[key], 400, right=right).settled == [("refused", None)]
        for status in (500, 502, 503):
            assert noted(*FAILS[key], status, right=right).settled == []
        assert noted(*FAILS[key], right=right).odd == []


@pytest.mark.parametrize("key", ODD)
def test_what_nothing_explains_is_undocumented_of_a_right_payment_alone(key: str) -> None:
    assert len(noted(*ODD[key]).odd) == 1
    assert noted(*ODD[key], right=False).odd == []
    assert noted(*ODD[key], 502, right=False).odd == []
