"""Every request that may move money passes the gate: what reaches a server, counted at its door."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kontrak.asking.run import Run
from kontrak.config.paths import TARGETS
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target
from kontrak.limits.ledger import Ledger
from kontrak.providers.digiswitch.client import Digiswitch
from kontrak.providers.httpget.client import HttpGet
from kontrak.providers.iak.client import Iak
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.tokopedia.client import Tokopedia
from kontrak.providers.tokopedia.documents import order_document
from kontrak.sandbox import Sandbox, SandboxRequest
from kontrak.sandbox.http import SandboxResponse
from tests.live import rehearsal
from tests.runs import Ended, kontrak

# What each provider's own tests send that buys; the rest of its suite only reads.
BUYING = {
    "tokopedia": "test_checkout or test_signature or test_token or test_idempotency or test_inquiry"
    " or test_generated_requests or test_errors",
}


class Door(Sandbox):
    """A sandbox that notes at its door what may take money, by provider."""

    def __init__(self) -> None:
        super().__init__()
        self.paying: Counter[str] = Counter()
        self.asked = 0

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """Answer as ever."""
        self.asked += 1
        key = pays(request)
        if key is not None:
            self.paying[key] += 1
        return super().answer(request)


def pays(request: SandboxRequest) -> str | None:
    """The provider whose interface may take money for a request, read from its bytes alone."""
    path, body = request.path.rstrip("/"), request.body.lower()
    if b"pay-pasca" in body:
        return "iak" if path.endswith("/bill/check") else "digiswitch"
    if path.endswith(("/v1/api/topup", "/v1/api/payment", "/V1/api/topup", "/V1/api/payment")):
        return "rqid"
    if path == "/V1/http-get":
        query = parse_qs(request.raw_query)
        reads = query.get("jenis") == ["5"] or query.get("cek") == ["1"]
        return None if reads else "httpget"
    if path == "/api/v2/order" or (path.startswith("/api/v2/") and _is_order(request.body)):
        return "tokopedia"
    return None


def _is_order(body: bytes) -> bool:
    try:
        data = json.loads(body)["data"]
        return bool(data["type"] == "order")
    except (ValueError, KeyError, TypeError):
        return False


def a_run(folder: Path, key: str, *arguments: str) -> tuple[Door, Ended]:
    with Door() as door:
        target = rehearsal(folder, door.url, token=door.token)
        selected = ("-k", BUYING[key]) if key in BUYING else ()
        output = folder / "out"
        ended = kontrak(
            "run", "-p", key, "--no-html", f"--target={target}", f"--output={output}",
            "--seed=1", *arguments, *selected, output=output,
        )  # fmt: skip
    return door, ended


@pytest.mark.parametrize("key", PROVIDERS)
def test_every_paying_request_has_a_row(tmp_path: Path, key: str) -> None:
    door, ended = a_run(tmp_path, key)
    assert ended.code == 0, ended.printed
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        rows = Counter(one.provider for one in ledger.entries())
    assert door.paying[key] > 10
    # Some are sent commands that only resemble a payment's; they are recorded all the same.
    resemble = key in ("digiswitch", "iak")
    assert rows[key] >= door.paying[key] if resemble else rows == door.paying


@pytest.mark.parametrize("key", PROVIDERS)
def test_smoke_sends_nothing_that_pays(tmp_path: Path, key: str) -> None:
    door, ended = a_run(tmp_path, key, "--profile=smoke")
    assert ended.code == 0, ended.printed
    assert door.paying == {}
    assert door.asked > 10


def test_a_live_target_without_limits_is_sent_nothing_that_pays(tmp_path: Path) -> None:
    with Door() as door:
        target = rehearsal(tmp_path, door.url, token=door.token)
        text = target.read_text(encoding="utf-8").replace('kind = "sandbox"', 'kind = "live"')
        target.write_text(text, encoding="utf-8")
        output = tmp_path / "out"
        kontrak(
            "run", "-p", "iak", "-p", "httpget", "--no-html", f"--target={target}",
            f"--output={output}", "-k", "test_payment or test_requests", output=output,
        )  # fmt: skip
    assert door.asked > 10
    assert door.paying == {}


# A client that forgets to declare what a payment may cost.


@pytest.fixture
def run(tmp_path: Path) -> Iterator[tuple[Door, Run]]:
    with Door() as door:
        run = Run("run", load_target(TARGETS / "embedded.toml"), tmp_path, door.url)
        with closing(run):
            yield door, run


def test_an_undeclared_payment_is_not_sent(run: tuple[Door, Run]) -> None:
    door, state = run
    iak, digiswitch = Iak(state.wire("iak")), Digiswitch(state.wire("digiswitch"))
    rqid, httpget = Rqid(state.wire("rqid")), HttpGet(state.wire("httpget"))
    tokopedia = Tokopedia(state.wire("tokopedia"))
    offer = next(iter(tokopedia.settings.offers.values()))
    document = order_document(offer, "id", 1)
    attempts = (
        lambda: iak.ask({"commands": "pay-pasca"}),
        lambda: iak.ask_body(b"<mp><commands>PAY-PASCA", "xml"),
        lambda: digiswitch.ask({"command": "pay-pasca"}, digiswitch.usual),
        lambda: rqid.ask("topup", {}),
        lambda: rqid.ask_body("payment", b"{", headers=()),
        lambda: httpget.ask("trx", httpget.pairs("IS5", "08", "R", qty="1")),
        lambda: httpget.ask("cek", httpget.pairs("IS5", "08", "R", jenis="7")),
        lambda: tokopedia.post("/v2/order", b"{", {}),
        lambda: tokopedia.post("/v2/inquiry", json.dumps(document).encode(), document),
        lambda: tokopedia.get("/v2/order/", "other method"),
    )
    for attempt in attempts:
        with pytest.raises(ValueError, match="declares no Spend"):
            attempt()
    assert door.paying == {}


def test_the_door_knows_addresses_of_its_own() -> None:
    url = urlsplit("/V1/http-get?memberID=M&jenis=6&pin=1")
    asked = SandboxRequest("GET", url.path, (), (), b"", url.query)
    assert pays(asked) == "httpget"
