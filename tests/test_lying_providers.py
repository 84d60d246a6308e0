"""What a run may lose to a provider that lies about money: its limit, and one payment at most.

Every row lets a client buy one bill after another until it is refused, through a server that
changes what an honest sandbox answers. What was really taken is read from the sandbox itself.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kontrak.asking.run import Run
from kontrak.config.target import load_target
from kontrak.errors import KontrakError, SpendingRefused
from kontrak.judging.expect import Blocked
from kontrak.limits.kill_switch import Switch
from kontrak.limits.ledger import Entry
from kontrak.providers.iak.client import Iak
from kontrak.sandbox import Sandbox
from tests.iak_partner import Partner
from tests.live import live_target, lying
from tests.rawserver import raw_server

LIMIT = 1_000_000
PRICE, TAKEN = 302_500, 301_900
"""What the inquiry of the bill announces, and what paying it takes, in rupiah."""

Change = Callable[[dict[str, Any]], None]
Lie = Callable[[bytes, bytes], tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Bought:
    """What came of buying: what was really taken, the ledger's sum, and why it stopped."""

    taken: int
    spent: int
    why: str | None
    rows: tuple[Entry, ...]


def of(kind: str, change: Change) -> Lie:
    """Change the members of the answers to one command; check-balance is called ``balance``."""

    def changed(request: bytes, body: bytes) -> tuple[int, bytes]:
        named = b"check-balance" in request if kind == "balance" else kind.encode() in request
        if not named or not body.startswith(b"{"):
            return 200, body
        document = json.loads(body)
        change(document["data"])
        return 200, json.dumps(document).encode()

    return changed


def both(
    *changes: Lie,
) -> Lie:
    def changed(request: bytes, body: bytes) -> tuple[int, bytes]:
        status = 200
        for change in changes:
            status, body = change(request, body)
        return status, body

    return changed


def setting(**members: object) -> Change:
    return lambda data: data.update(members)


def refused(data: dict[str, Any]) -> None:
    """The payment is answered as one that failed; the sandbox has taken the money."""
    data.clear()
    data.update(response_code="14", message="INCORRECT DESTINATION NUMBER")


def cheap(data: dict[str, Any]) -> None:
    data.update({name: 1 for name in ("price", "selling_price") if name in data})


REFUSED = of("pay-pasca", refused)
STUCK = of("balance", setting(balance=500_000_000))


def buy(
    folder: Path,
    change: Lie,
    *,
    balance: bool = True,
    faults: tuple[str, ...] = (),
    looking: bool = False,
) -> Bought:
    """Buy until it is refused, 30 times at most; ``looking``: with a look at the balance each."""
    with Sandbox(faults=faults) as sandbox, raw_server(lying(sandbox.url, change)) as server:
        before = _balance(sandbox)
        target = live_target(folder, server.url(""), spend=LIMIT, balance=balance)
        run = Run("run", load_target(target), folder / "out")
        with contextlib.closing(run):
            _buy(Iak(run.wire("iak")), looking=looking and balance)
            why, spent = Switch(run.ledger, "run").why, run.ledger.spent("run")
            rows = run.ledger.entries()
        return Bought(before - _balance(sandbox), spent, why, rows)


def _buy(iak: Iak, *, looking: bool) -> None:
    for _ in range(30):
        try:
            bill = iak.inquiry(iak.case("one_bill"))
            iak.pay(bill)
            if looking:
                iak.check_balance()
        except (SpendingRefused, Blocked):
            return


def _balance(sandbox: Sandbox) -> int:
    return int(Partner(sandbox).balance())


def as_it_is(_: bytes, body: bytes) -> tuple[int, bytes]:
    return 200, body


def as_html(request: bytes, body: bytes) -> tuple[int, bytes]:
    return 200, b"<html>" if b"pay-pasca" in request else body


def failing(request: bytes, body: bytes) -> tuple[int, bytes]:
    """A failure's code under HTTP 500."""
    if b"pay-pasca" not in request:
        return 200, body
    return 500, of("pay-pasca", refused)(request, body)[1]


ROWS: dict[str, tuple[Lie, dict[str, Any], int]] = {
    "honest": (as_it_is, {}, 3),
    "inquiry says price 1": (of("inq-pasca", setting(price=1)), {}, 4),
    "every answer says price 1": (
        both(of("inq-pasca", cheap), of("pay-pasca", cheap)),
        {"looking": True},
        1,
    ),
    "the same without check-balance": (
        both(of("inq-pasca", cheap), of("pay-pasca", cheap)),
        {"balance": False},
        2,
    ),
    "inquiry says -302,500": (of("inq-pasca", setting(price=-PRICE)), {}, 0),
    "inquiry says 10^14": (of("inq-pasca", setting(price=10**14)), {}, 0),
    "inquiry says 10^30": (of("inq-pasca", setting(price=10**30)), {}, 0),
    "inquiry says 1e10000000 in digits": (of("inq-pasca", setting(price="1e10000000")), {}, 0),
    "payment says selling_price 10^30": (of("pay-pasca", setting(selling_price=10**30)), {}, 3),
    "payment says selling_price 5,000,000": (
        of("pay-pasca", setting(selling_price=5_000_000)),
        {},
        1,
    ),
    "payment says selling_price -5,000,000": (
        of("pay-pasca", setting(selling_price=-5_000_000)),
        {},
        3,
    ),
    "refused but taken": (REFUSED, {"looking": True}, 1),
    "refused but taken, no one looks": (REFUSED, {}, 3),
    "refused but taken, without check-balance": (REFUSED, {"balance": False}, 3),
    "refused but taken, and the balance lies": (both(REFUSED, STUCK), {"looking": True}, 3),
    "refused under HTTP 500 but taken": (failing, {}, 3),
    "a payment takes twice": (
        as_it_is,
        {"looking": True, "faults": ("iak-payment-takes-twice",)},
        4,
    ),
    "a payment is answered with HTML": (as_html, {}, 1),
}
"""The change, how it is bought, and how many payments may have been taken at most."""


@pytest.mark.parametrize("name", ROWS)
def test_no_lie_costs_more_than_the_limit(tmp_path: Path, name: str) -> None:
    change, options, most = ROWS[name]
    bought = buy(tmp_path, change, **options)
    assert bought.taken <= most * TAKEN
    assert bought.taken < LIMIT + TAKEN
    assert len(bought.rows) < 30


def test_what_is_refused_counts_until_a_balance_explains_it(tmp_path: Path) -> None:
    bought = buy(tmp_path, REFUSED, balance=False)
    assert bought.spent == 3 * PRICE
    assert bought.why is not None
    assert f"{3 * PRICE} of them refused and not proven to have taken nothing" in bought.why


def test_a_failure_under_http_500_leaves_it_unknown(tmp_path: Path) -> None:
    bought = buy(tmp_path, failing)
    assert {one.state.value for one in bought.rows} == {"answered"}


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Iak, Run]]:
    with Sandbox() as sandbox:
        target = live_target(tmp_path, sandbox.url, spend=LIMIT)
        run = Run("run", load_target(target), tmp_path / "out")
        with contextlib.closing(run):
            yield Iak(run.wire("iak")), run


def test_an_honest_refusal_is_released_by_a_look(live: tuple[Iak, Run]) -> None:
    """Nine wrong payments are declared at three times the limit, and none of them stops the run."""
    iak, run = live
    iak.pay(iak.inquiry(iak.case("one_bill")))
    for _ in range(9):
        bill = iak.inquiry(iak.case("one_bill"))
        with contextlib.suppress(KontrakError):
            iak.pay(bill, sign="0" * 32)
    iak.check_balance()
    assert run.ledger.spent("run") == PRICE
    assert Switch(run.ledger, "run").why is None
    assert len(run.ledger.entries()) == 10


def test_a_wrong_payment_throws_no_switch_by_its_refusal(tmp_path: Path) -> None:
    odd = of("pay-pasca", lambda data: (data.clear(), data.update(response_code="777"))[0])  # type: ignore[func-returns-value]  # a lambda of two steps
    with Sandbox() as sandbox, raw_server(lying(sandbox.url, odd)) as server:
        target = live_target(tmp_path, server.url(""), spend=LIMIT)
        run = Run("run", load_target(target), tmp_path / "out")
        with contextlib.closing(run):
            iak = Iak(run.wire("iak"))
            iak.pay(iak.inquiry(iak.case("one_bill")), sign="0" * 32)
            assert Switch(run.ledger, "run").why is None
            iak.pay(iak.inquiry(iak.case("one_bill")))
            assert "RC 777" in (Switch(run.ledger, "run").why or "")
