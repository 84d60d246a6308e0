"""Faults of how the text interface takes wrong requests and repetitions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.acts import (
    charged,
    charged_and_said,
    in_state,
    other_customer,
    repeat,
)
from kontrak.sandbox.rone.desk import Desk
from kontrak.sandbox.rone.faults_money import bills, failed, freed, on_duplicate, was_freed
from kontrak.sandbox.rone.faults_text_access import refusal_costs
from kontrak.sandbox.rone.making import charge, fault
from kontrak.sandbox.rone.platform import Partner
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.text_service import BALANCE_PATH, Kind, Line, Parameters, TextService
from kontrak.sandbox.rone.transactions import State, Transaction

Sign = Callable[[Partner, str | None, Parameters], bool]
CarryOut = Callable[[Kind, Parameters, Desk], Line]


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


def _cleaned(
    _service: object, original: Callable[[SandboxRequest], Parameters], request: SandboxRequest
) -> Parameters:
    """Wraps ``read``: what is no letter and no digit is dropped from the product."""
    parameters = original(request)
    product = parameters.get("product", "")
    parameters["product"] = "".join(sign for sign in product if sign.isalnum() or sign == "@")
    return parameters


def _cut(
    _service: object, original: Callable[[SandboxRequest], Parameters], request: SandboxRequest
) -> Parameters:
    """Wraps ``read``: a product that is too long is taken for IS5."""
    parameters = original(request)
    if len(parameters.get("product", "")) > 64:
        parameters["product"] = "IS5"
    return parameters


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
    _desk: Desk, original: Callable[..., object], code: str, customer: str, *, part_required: bool
) -> object:
    del part_required
    return original(code, customer, part_required=False)


def _any_dest(
    _service: object,
    _original: object,
    ref: str,
    _code: str,
    customer: str,
    desk: Desk,
) -> Transaction:
    return replace(desk.find(ref), customer=customer)


def _told_anyway(
    _service: object,
    original: Callable[..., Transaction],
    ref: str,
    code: str,
    customer: str,
    desk: Desk,
) -> Transaction:
    try:
        return original(ref, code, customer, desk)
    except Refusal:
        if ref in desk.by_ref:
            raise
        aim = desk.aim(code, customer, part_required=False)
        transaction = desk.opened(ref, code, customer, aim)
        transaction.state, transaction.bought_at = State.SUCCESS, desk.now()
        return transaction


def _costs(kind: Kind, rupiah: int) -> Wrapper:
    """Wraps ``carry_out``: every request of this kind costs so much."""

    def carry_out(
        _service: object, original: CarryOut, asked: Kind, parameters: Parameters, desk: Desk
    ) -> Line:
        line = original(asked, parameters, desk)
        if asked is kind:
            charge(desk, rupiah)
        return line

    return carry_out


def _expired_pays(
    desk: Desk, original: Callable[[Transaction], bool], transaction: Transaction
) -> bool:
    """Wraps ``is_expired``: paying long after the inquiry takes the bill twice."""
    if original(transaction):
        acts.take_again(desk, transaction)
    return False


def _dearer_when_late(
    desk: Desk, original: Callable[[Transaction], int], transaction: Transaction
) -> int:
    """Wraps ``cost_of``: a bill costs more once something else was bought after its inquiry."""
    asked = transaction.inquired_at
    later = [one.bought_at for one in desk.by_ref.values() if one is not transaction]
    late = asked is not None and any(moment and moment > asked for moment in later)
    return original(transaction) + (1 if late else 0)


def _pays_as_asked(
    service: TextService, original: CarryOut, kind: Kind, parameters: Parameters, desk: Desk
) -> Line:
    """Wraps ``carry_out``: a repeated topup is answered as if it were new."""
    try:
        return original(kind, parameters, desk)
    except Refusal as refusal:
        if refusal.reason is not Reason.DUPLICATE or kind is not Kind.TRX:
            raise
        first = desk.by_ref[parameters["refID"]]
        code, customer = parameters["product"], parameters["dest"]
        shown = desk.opened(first.ref, code, customer, desk.aim(code, customer, part_required=True))
        shown.state, shown.bought_at = State.SUCCESS, desk.now()
        return service.shown(kind, shown, desk)


REQUESTS = (
    fault("httpget-request-unknown-product", "HTTPGET-REQ-UNKNOWN-PRODUCT",
          "An unknown product is taken for IS5.", desk_aim=acts.any_product("IS5")),
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
    fault("httpget-request-any-jenis", "HTTPGET-REQ-JENIS",
          "A jenis other than 5 and 6 buys.", kind_of=_any_jenis),
    fault("httpget-request-cleaned", "HTTPGET-REQ-ENCODED",
          "Quotes, markup and control characters are dropped from product.", read=_cleaned),
    fault("httpget-request-long-product", "HTTPGET-REQ-LONG",
          "A product that is too long is taken for IS5.", read=_cut),
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
          "A family that needs an @ part is served without it.", desk_aim=_part_optional),
    fault("httpget-bill-at-encoded", "HTTPGET-BILL-AT-ENCODED", "%40 is not understood.",
          perform=_refused_when(lambda query: "%40" in query)),
    fault("httpget-request-encoded-letters", "HTTPGET-REQ-SAME-ENCODED",
          "Percent-encoded letters and digits are not understood.",
          perform=_refused_when(lambda query: (
              re.search("%3[0-9]|%[46][1-9A-Fa-f]|%[57][0-9Aa]", query) is not None))),
    fault("httpget-bill-inquiry-costs", "HTTPGET-BILL-INQUIRY-FREE",
          "Every inquiry costs a hundred rupiah.", carry_out=_costs(Kind.CEK, 100)),
    fault("httpget-status-unknown-well", "HTTPGET-STATUS-UNKNOWN",
          "The status of an unknown refID is the STATUS text.", asked_about=_told_anyway),
    fault("httpget-status-costs", "HTTPGET-STATUS-FREE", "Every status costs a hundred rupiah.",
          also=("HTTPGET-STATUS-SETTLES-FAILED", "HTTPGET-BOTH-DEBIT", "HTTPGET-BOTH-MUTATION"),
          because="they ask for the status between two balances",
          carry_out=_costs(Kind.STATUS, 100)),
    fault("httpget-status-any-dest", "HTTPGET-STATUS-OTHER-DEST",
          "A status asked with another dest names that dest.", asked_about=_any_dest),
)  # fmt: skip

REPEATED = (
    fault("httpget-repeat-charged", "HTTPGET-IDEM-DUPLICATE",
          "A topup under a used refID is refused, but takes the money.",
          also=("HTTPGET-IDEM-RACE", "HTTPGET-BOTH-REF-TEXT", "HTTPGET-BOTH-REF-JSON",
                "HTTPGET-MONEY-ONCE"),
          because="at the same instant and through JSON the reference is a used one, too",
          desk_top_up=repeat(charged, in_state(State.SUCCESS))),
    fault("httpget-repeat-other-dest-charged", "HTTPGET-IDEM-DUPLICATE",
          "A topup under a used refID for another dest takes the money.",
          also=("HTTPGET-IDEM-PENDING", "HTTPGET-IDEM-FAILED", "HTTPGET-IDEM-RACE",
                "HTTPGET-MONEY-ONCE"),
          because="whatever has become of the first, its reference is used",
          desk_top_up=repeat(charged, other_customer)),
    fault("httpget-repeat-said-as-new", "HTTPGET-IDEM-DUPLICATE-TEXT",
          "A topup under a used refID is answered as if it were new.", carry_out=_pays_as_asked),
    fault("httpget-repeat-race", "HTTPGET-IDEM-RACE",
          "Topups under one refID at the same instant both take the money.",
          desk_top_up=acts.racing),
    fault("httpget-repeat-pending", "HTTPGET-IDEM-PENDING",
          "A topup under the refID of one in process takes the money.",
          desk_top_up=repeat(charged, in_state(State.PENDING))),
    fault("httpget-repeat-failed", "HTTPGET-IDEM-FAILED",
          "A topup under the refID of a failed one takes the money.",
          desk_top_up=repeat(charged, in_state(State.FAILED))),
    fault("httpget-repeat-pay", "HTTPGET-IDEM-PAY-TWICE",
          "Paying a bill again succeeds and takes the money.",
          also=("HTTPGET-IDEM-PAY-RACE", "HTTPGET-MONEY-ONCE"),
          because="at the same instant it is paid again, too",
          desk_pay=repeat(charged_and_said, in_state(State.SUCCESS), bills)),
    fault("httpget-repeat-pay-other-dest", "HTTPGET-IDEM-PAY-TWICE",
          "Paying a bill again for another dest takes the money.",
          also=("HTTPGET-IDEM-PAY-PENDING", "HTTPGET-IDEM-PAY-FAILED", "HTTPGET-IDEM-PAY-RACE"),
          because="whatever has become of the first payment, it is paid again",
          desk_pay=repeat(charged, other_customer, bills)),
    fault("httpget-repeat-pay-race", "HTTPGET-IDEM-PAY-RACE",
          "Two payments of one bill at the same instant both take the money.",
          desk_pay=acts.racing),
    fault("httpget-repeat-pay-pending", "HTTPGET-IDEM-PAY-PENDING",
          "Paying again while the first payment is in process takes the money.",
          desk_pay=repeat(charged, in_state(State.PENDING), bills)),
    fault("httpget-repeat-pay-failed", "HTTPGET-IDEM-PAY-FAILED",
          "Paying again after the payment failed takes the money.",
          desk_pay=repeat(charged, in_state(State.FAILED), bills)),
    fault("httpget-repeat-pay-expired", "HTTPGET-IDEM-PAY-EXPIRED",
          "Paying long after the inquiry takes the bill twice.", desk_is_expired=_expired_pays),
)  # fmt: skip

AT_LARGE = (
    fault("httpget-money-payment-after-topup", "HTTPGET-MONEY-BALANCE",
          "A bill inquired before a topup costs one rupiah more than it said.",
          desk_cost_of=_dearer_when_late),
    fault("httpget-money-inquiry-frees", "HTTPGET-MONEY-ONCE",
          "After an inquiry was refused for its used refID, a topup under it takes the money.",
          desk_inquire=on_duplicate(freed), desk_top_up=repeat(charged, was_freed)),
    fault("httpget-money-refused-inquiry", "HTTPGET-MONEY-REFUSED",
          "An inquiry under a used refID is refused, but costs one rupiah.",
          desk_inquire=on_duplicate(lambda desk, _first, _aim: charge(desk, 1))),
    fault("httpget-money-inquiry-fails-purchase", "HTTPGET-MONEY-FINAL",
          "An inquiry under the refID of a success is refused, and the success has failed then.",
          desk_inquire=on_duplicate(failed)),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*REQUESTS, *REPEATED, *AT_LARGE)
