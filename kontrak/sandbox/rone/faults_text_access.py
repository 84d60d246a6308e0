"""Faults of who is let in through text: memberID, pin, password and signatures."""

from __future__ import annotations

import string
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.making import charge, fault
from kontrak.sandbox.rone.platform import Partner
from kontrak.sandbox.rone.reasons import Reason
from kontrak.sandbox.rone.text_service import BALANCE_PATH, Kind, Line, Parameters, TextService

Sign = Callable[[Partner, str | None, Parameters], bool]
CarryOut = Callable[[Kind, Parameters, PartnerAccount], Line]


def _wrong(given: str | None, right: str) -> bool:
    return bool(given) and given != right


def _pin_too(
    _service: object, original: Callable[..., bool], partner: Partner, pin: str | None
) -> bool:
    return original(partner, pin) or _wrong(pin, partner.pin)


def _password_too(
    _service: object, original: Callable[..., bool], partner: Partner, password: str | None
) -> bool:
    return original(partner, password) or _wrong(password, partner.api_key)


def _any_member(
    service: TextService, original: Callable[[str | None], Partner | None], member: str | None
) -> Partner | None:
    return original(member) or (service.partners[0] if member else None)


def _foreign(
    service: TextService,
    original: Callable[[Partner, Parameters], bool],
    partner: Partner,
    parameters: Parameters,
) -> bool:
    given = (parameters.get("pin"), parameters.get("password"))
    known = [(one.pin, one.api_key) for one in service.partners if one is not partner]
    return original(partner, parameters) or (not partner.signs and given in known)


def _open_path(wanted: Callable[[SandboxRequest], bool]) -> Wrapper:
    """Wraps ``perform``: for these requests the first partner's keys are filled in."""

    def perform(
        service: TextService, original: Callable[[SandboxRequest], Line], request: SandboxRequest
    ) -> Line:
        if not wanted(request):
            return original(request)
        first = service.partners[0]
        own = {"memberID": first.mmid, "pin": first.pin, "password": first.api_key}
        rest = tuple((name, value) for name, value in request.query if name not in own)
        return original(_with_query(request, (*rest, *own.items())))

    return perform


def _pin_not_at_payment(
    service: TextService, original: Callable[[SandboxRequest], Line], request: SandboxRequest
) -> Line:
    if request.parameter("jenis") != "6" or not request.parameter("pin"):
        return original(request)
    right = service.partners[0].pin
    query = tuple((name, right if name == "pin" else value) for name, value in request.query)
    return original(_with_query(request, query))


def _with_query(request: SandboxRequest, query: tuple[tuple[str, str], ...]) -> SandboxRequest:
    return SandboxRequest(request.method, request.path, query, request.headers, request.body)


def _is_status(request: SandboxRequest) -> bool:
    return request.parameter("cek") == "1" and request.parameter("sign") is None


def _is_balance(request: SandboxRequest) -> bool:
    return request.path.rstrip("/") == BALANCE_PATH and request.parameter("sign") is None


def _plain_too(
    _service: object,
    original: Callable[[Partner, Parameters], bool],
    partner: Partner,
    parameters: Parameters,
) -> bool:
    given = (parameters.get("pin"), parameters.get("password"))
    return original(partner, parameters) or given == (partner.pin, partner.api_key)


def _sign_too(rule: Callable[[str | None], bool]) -> Wrapper:
    """Wraps ``accepts_sign``: a sign for which the rule holds is accepted as well."""

    def accepts(
        _service: object, original: Sign, partner: Partner, given: str | None, asked: Parameters
    ) -> bool:
        return original(partner, given, asked) or rule(given)

    return accepts


def _sign_but_last(name: str) -> Wrapper:
    """Wraps ``accepts_sign``: the last sign of a parameter may be any other."""

    def accepts(
        _service: object, original: Sign, partner: Partner, given: str | None, asked: Parameters
    ) -> bool:
        stem = asked.get(name, "")[:-1]
        last = string.digits + string.ascii_letters
        near = ({**asked, name: stem + one} for one in last)
        return any(original(partner, given, one) for one in (asked, *near))

    return accepts


def refusal_costs(reason: Reason, rupiah: int) -> Wrapper:
    """Wraps ``refused``: a refusal for this reason costs money."""

    def refused(
        service: TextService, original: Callable[..., Line], given: Reason, *rest: object
    ) -> Line:
        if given is reason:
            charge(service.platform.main, rupiah)
        return original(given, *rest)

    return refused


_SAME_KEYS = "the balance and a status are asked with the same keys"

FAULTS: tuple[Fault, ...] = (
    fault("httpget-access-any-pin", "HTTPGET-ACCESS-PIN", "Any pin is accepted.",
          also=("HTTPGET-ACCESS-BALANCE", "HTTPGET-ACCESS-STATUS"), because=_SAME_KEYS,
          accepts_pin=_pin_too),
    fault("httpget-access-pin-not-at-payment", "HTTPGET-ACCESS-PIN",
          "A payment (jenis 6) is accepted with any pin.", perform=_pin_not_at_payment),
    fault("httpget-access-pin-charged", "HTTPGET-ACCESS-PIN",
          "A request that is refused for its pin costs one rupiah.",
          also=("HTTPGET-ACCESS-PASSWORD", "HTTPGET-ACCESS-MEMBER", "HTTPGET-ACCESS-FOREIGN",
                "HTTPGET-ACCESS-PLAIN-ONLY", "HTTPGET-REQ-MISSING", "HTTPGET-REQ-MISSING-BILL",
                "HTTPGET-REQ-EMPTY"),
          because="every refusal for credentials costs one rupiah",
          refused=refusal_costs(Reason.CREDENTIALS, 1)),
    fault("httpget-access-any-password", "HTTPGET-ACCESS-PASSWORD", "Any password is accepted.",
          also=("HTTPGET-ACCESS-BALANCE", "HTTPGET-ACCESS-STATUS"), because=_SAME_KEYS,
          accepts_password=_password_too),
    fault("httpget-access-any-member", "HTTPGET-ACCESS-MEMBER",
          "An unknown memberID is taken for the first partner.",
          also=("HTTPGET-ACCESS-BALANCE", "HTTPGET-ACCESS-STATUS"), because=_SAME_KEYS,
          partner_named=_any_member),
    fault("httpget-access-foreign", "HTTPGET-ACCESS-FOREIGN",
          "Pin and password of any partner open the balance of memberID.", accepts=_foreign),
    fault("httpget-access-balance-open", "HTTPGET-ACCESS-BALANCE",
          "The balance is returned to everybody.", perform=_open_path(_is_balance)),
    fault("httpget-access-status-open", "HTTPGET-ACCESS-STATUS",
          "A status is returned to everybody.", perform=_open_path(_is_status)),
    fault("httpget-access-signer-plain", "HTTPGET-ACCESS-PLAIN-ONLY",
          "A partner that signs is let in with pin and password.",
          also=("HTTPGET-SIGN-MISSING",),
          because="a request with pin and password has no sign",
          accepts=_plain_too),
    fault("httpget-sign-refused", "HTTPGET-SIGN-ACCEPTED", "Every sign is refused.",
          accepts_sign=lambda _service, _original, *_arguments: False),
    fault("httpget-sign-any", "HTTPGET-SIGN-WRONG", "Any sign is accepted.",
          also=("HTTPGET-SIGN-FOREIGN",),
          because="the sign of another request is some sign, too",
          accepts_sign=_sign_too(bool)),
    fault("httpget-sign-none", "HTTPGET-SIGN-MISSING",
          "A partner that signs is let in without sign.",
          also=("HTTPGET-ACCESS-PLAIN-ONLY", "HTTPGET-ACCESS-FOREIGN"),
          because="a request with pin and password has no sign, whoever's they are",
          accepts_sign=_sign_too(lambda given: given is None)),
    fault("httpget-sign-any-dest", "HTTPGET-SIGN-FOREIGN",
          "The sign does not cover the last sign of dest.", accepts_sign=_sign_but_last("dest")),
    fault("httpget-sign-any-ref", "HTTPGET-SIGN-FOREIGN",
          "The sign does not cover the last sign of refID.", accepts_sign=_sign_but_last("refID")),
    fault("httpget-sign-any-product", "HTTPGET-SIGN-FOREIGN",
          "The sign does not cover the last sign of product.",
          accepts_sign=_sign_but_last("product")),
)  # fmt: skip
