"""Faults of how the text interface takes wrong requests and repetitions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.faults_text_access import refusal_costs
from kontrak.sandbox.rone.making import charge, fault
from kontrak.sandbox.rone.platform import Partner
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.text_service import BALANCE_PATH, Kind, Line, Parameters, TextService
from kontrak.sandbox.rone.transactions import State, Transaction

Sign = Callable[[Partner, str | None, Parameters], bool]
CarryOut = Callable[[Kind, Parameters, PartnerAccount], Line]
_CHANGED = "changed"
"""The parameter that marks a request whose product was read otherwise."""


def _filled(kind: Kind, **values: str) -> Wrapper:
    """Wraps ``require``: what a request of this kind lacks is filled in."""

    def require(
        _service: object,
        original: Callable[[Kind, Parameters], None],
        asked: Kind,
        parameters: Parameters,
    ) -> None:
        if asked is kind:
            for name, value in values.items():
                parameters.setdefault(name, value)
        original(asked, parameters)

    return require


def _inquired(name: str) -> Wrapper:
    """Wraps ``require``: what a payment lacks is taken from its inquiry."""

    def require(
        service: TextService,
        original: Callable[[Kind, Parameters], None],
        kind: Kind,
        parameters: Parameters,
    ) -> None:
        first = service.platform.main.by_ref.get(parameters.get("refID", ""))
        if kind is Kind.BAYAR and first is not None and name not in parameters:
            parameters[name] = first.code if name == "product" else first.customer
        original(kind, parameters)

    return require


def _filled_empty(
    _service: object,
    original: Callable[[Kind, Parameters], None],
    kind: Kind,
    parameters: Parameters,
) -> None:
    if kind is Kind.TRX and parameters.get("dest") == "":
        parameters["dest"] = "081234567800"
    original(kind, parameters)


def _without_pin(
    _service: object,
    original: Callable[[Partner, str | None], bool],
    partner: Partner,
    pin: str | None,
) -> bool:
    return original(partner, pin) or pin is None


def _last_one_counts(_service: object, _original: object, request: SandboxRequest) -> Parameters:
    return dict(request.query)


def _any_jenis(
    _service: object, original: Callable[[Parameters], Kind], parameters: Parameters
) -> Kind:
    try:
        return original(parameters)
    except Refusal:
        return Kind.TRX


def _read_as(change: Callable[[str], str]) -> Wrapper:
    """Wraps ``read``: another product is read; ``_CHANGED`` marks the request where it differs."""

    def read(
        _service: object, original: Callable[[SandboxRequest], Parameters], request: SandboxRequest
    ) -> Parameters:
        parameters = original(request)
        asked = parameters.get("product", "")
        parameters["product"] = change(asked)
        if parameters["product"] != asked:
            parameters[_CHANGED] = "1"
        return parameters

    return read


def _cleaned(product: str) -> str:
    return "".join(sign for sign in product if sign.isalnum() or sign == "@")


def _cut(product: str) -> str:
    return "IS5" if len(product) > 64 else product


def _returned_alone(rule: Callable[[Parameters], bool]) -> Wrapper:
    """Wraps ``carry_out``: a topup that the rule names is answered as a success, unsold."""

    def carry_out(
        service: TextService,
        original: CarryOut,
        kind: Kind,
        parameters: Parameters,
        account: PartnerAccount,
    ) -> Line:
        if kind is not Kind.TRX or not rule(parameters):
            return original(kind, parameters, account)
        ref, code, customer = (parameters[name] for name in ("refID", "product", "dest"))
        shown = account.opened(ref, code, customer, account.aim(code, customer, part_required=True))
        shown.state, shown.reason, shown.bought_at = State.SUCCESS, Reason.SUCCESS, account.now()
        return service.shown(kind, shown, account)

    return carry_out


_RETURNED_OF_CHANGED = _returned_alone(lambda parameters: _CHANGED in parameters)


def _refused_when(rule: Callable[[str], bool]) -> Wrapper:
    """Wraps ``perform``: a query for whose undecoded text the rule holds is refused."""

    def perform(
        _service: object, original: Callable[[SandboxRequest], Line], request: SandboxRequest
    ) -> Line:
        if rule(request.raw_query):
            raise Refusal(Reason.FORMAT)
        return original(request)

    return perform


def _crashes(rule: Callable[[SandboxRequest], bool]) -> Wrapper:
    """Wraps ``answer``: such a request is answered with HTTP 500."""

    def answer(
        _service: object,
        original: Callable[[SandboxRequest], SandboxResponse],
        request: SandboxRequest,
    ) -> SandboxResponse:
        if rule(request):
            return SandboxResponse(500, (("Content-Type", "text/plain"),), b"Server Error")
        return original(request)

    return answer


def _part_optional(
    _account: PartnerAccount,
    original: Callable[..., object],
    code: str,
    customer: str,
    *,
    part_required: bool,
) -> object:
    del part_required
    return original(code, customer, part_required=False)


def _any_dest(
    _service: object,
    _original: object,
    ref: str,
    _code: str,
    customer: str,
    account: PartnerAccount,
) -> Transaction:
    return replace(account.find(ref), customer=customer)


def _reported_anyway(
    _service: object,
    original: Callable[..., Transaction],
    ref: str,
    code: str,
    customer: str,
    account: PartnerAccount,
) -> Transaction:
    try:
        return original(ref, code, customer, account)
    except Refusal:
        if ref in account.by_ref:
            raise
        aim = account.aim(code, customer, part_required=False)
        transaction = account.opened(ref, code, customer, aim)
        transaction.state, transaction.bought_at = State.SUCCESS, account.now()
        return transaction


def _costs(kind: Kind, rupiah: int) -> Wrapper:
    """Wraps ``carry_out``: every request of this kind costs so much."""

    def carry_out(
        _service: object,
        original: CarryOut,
        asked: Kind,
        parameters: Parameters,
        account: PartnerAccount,
    ) -> Line:
        line = original(asked, parameters, account)
        if asked is kind:
            charge(account, rupiah)
        return line

    return carry_out


FAULTS: tuple[Fault, ...] = (
    fault("httpget-request-unknown-product", "HTTPGET-REQ-UNKNOWN-PRODUCT",
          "An unknown product is taken for IS5.", account_aim=acts.any_product("IS5")),
    fault("httpget-request-unknown-product-charged", "HTTPGET-REQ-UNKNOWN-PRODUCT",
          "A request for an unknown product is refused, but costs one rupiah.",
          refused=refusal_costs(Reason.UNKNOWN_PRODUCT, 1)),
    fault("httpget-request-no-dest", "HTTPGET-REQ-MISSING",
          "A topup without dest goes to the partner's own number.",
          require=_filled(Kind.TRX, dest="081234567800")),
    fault("httpget-request-no-ref", "HTTPGET-REQ-MISSING",
          "A topup without refID gets a reference of its own.",
          require=_filled(Kind.TRX, refID="AUTO1")),
    fault("httpget-request-no-product", "HTTPGET-REQ-MISSING",
          "A topup without product buys IS5.", require=_filled(Kind.TRX, product="IS5")),
    fault("httpget-request-no-pin", "HTTPGET-REQ-MISSING", "A request without pin is let in.",
          also=("HTTPGET-REQ-MISSING-BILL", "HTTPGET-ACCESS-BALANCE", "HTTPGET-ACCESS-STATUS"),
          because="a payment, the balance and a status need the pin, too",
          accepts_pin=_without_pin),
    fault("httpget-request-no-dest-of-bill", "HTTPGET-REQ-MISSING-BILL",
          "A payment without dest pays the inquired bill.", require=_inquired("dest")),
    fault("httpget-request-no-product-of-bill", "HTTPGET-REQ-MISSING-BILL",
          "A payment without product pays the inquired bill.", require=_inquired("product")),
    fault("httpget-request-empty-dest", "HTTPGET-REQ-EMPTY",
          "A topup with an empty dest goes to the partner's own number.", require=_filled_empty),
    fault("httpget-request-repeated", "HTTPGET-REQ-REPEATED",
          "Of a parameter given twice the last one counts.", read=_last_one_counts),
    fault("httpget-request-repeated-charged", "HTTPGET-REQ-REPEATED-MONEY",
          "A request with a parameter given twice is refused, but costs one rupiah.",
          refused=refusal_costs(Reason.REPEATED, 1)),
    fault("httpget-request-any-jenis", "HTTPGET-REQ-JENIS-MONEY",
          "A jenis other than 5 and 6 buys.", kind_of=_any_jenis),
    fault("httpget-request-jenis-accepted", "HTTPGET-REQ-JENIS",
          "A topup with another jenis than 5 and 6 is answered as a success; nothing is sold.",
          kind_of=_any_jenis, carry_out=_returned_alone(lambda parameters: "jenis" in parameters)),
    fault("httpget-request-cleaned", "HTTPGET-REQ-ENCODED-MONEY",
          "Quotes, markup and control characters are dropped from product.",
          read=_read_as(_cleaned)),
    fault("httpget-request-cleaned-accepted", "HTTPGET-REQ-ENCODED",
          "A topup with quotes or markup in product is answered as a success; nothing is sold.",
          read=_read_as(_cleaned), carry_out=_RETURNED_OF_CHANGED),
    fault("httpget-request-long-product", "HTTPGET-REQ-LONG-MONEY",
          "A product that is too long is taken for IS5.", read=_read_as(_cut)),
    fault("httpget-request-long-product-accepted", "HTTPGET-REQ-LONG",
          "A topup of a product that is too long is answered as a success; nothing is sold.",
          read=_read_as(_cut), carry_out=_RETURNED_OF_CHANGED),
    fault("httpget-request-crashes-on-quote", "HTTPGET-REQ-SERVER-ERROR",
          "A quote in product is answered with HTTP 500.",
          answer=_crashes(lambda request: any(
              sign in (request.parameter("product") or "") for sign in "'\""))),
    fault("httpget-request-crashes-on-length", "HTTPGET-REQ-SERVER-ERROR",
          "A product of more than a thousand characters is answered with HTTP 500.",
          answer=_crashes(lambda request: len(request.parameter("product") or "") > 1000)),
    fault("httpget-request-crashes-on-nothing", "HTTPGET-REQ-SERVER-ERROR",
          "A topup without product is answered with HTTP 500.",
          answer=_crashes(lambda request: (
              request.path.rstrip("/") != BALANCE_PATH and not request.parameter("product")))),
    fault("httpget-request-at-optional", "HTTPGET-BILL-AT-MISSING",
          "A family that needs an @ part is served without it.", account_aim=_part_optional),
    fault("httpget-bill-at-encoded", "HTTPGET-BILL-AT-ENCODED", "%40 is not understood.",
          perform=_refused_when(lambda query: "%40" in query)),
    fault("httpget-request-encoded-letters", "HTTPGET-REQ-SAME-ENCODED",
          "Percent-encoded letters and digits are not understood.",
          perform=_refused_when(lambda query: (
              re.search("%3[0-9]|%[46][1-9A-Fa-f]|%[57][0-9Aa]", query) is not None))),
    fault("httpget-bill-inquiry-costs", "HTTPGET-BILL-INQUIRY-FREE",
          "Every inquiry costs a hundred rupiah.",
          also=("HTTPGET-ACCESS-PIN", "HTTPGET-ACCESS-PASSWORD", "HTTPGET-ACCESS-MEMBER",
                "HTTPGET-ACCESS-FOREIGN", "HTTPGET-ACCESS-PLAIN-ONLY"),
          because="what a stranger pays was inquired before",
          carry_out=_costs(Kind.CEK, 100)),
    fault("httpget-status-unknown-well", "HTTPGET-STATUS-UNKNOWN",
          "The status of an unknown refID is the STATUS text.", asked_about=_reported_anyway),
    fault("httpget-status-costs", "HTTPGET-STATUS-FREE", "Every status costs a hundred rupiah.",
          also=("HTTPGET-STATUS-SETTLES-FAILED", "HTTPGET-BOTH-DEBIT", "HTTPGET-BOTH-MUTATION"),
          because="they ask for the status between two balances",
          carry_out=_costs(Kind.STATUS, 100)),
    fault("httpget-status-any-dest", "HTTPGET-STATUS-OTHER-DEST",
          "A status asked with another dest names that dest.", asked_about=_any_dest),
)  # fmt: skip
