"""Faults of who is let in through JSON: keys, mmid and signatures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import charge, fault, with_answer
from kontrak.sandbox.rone.platform import Partner
from kontrak.sandbox.rone.reasons import Reason, Refusal

Accepts = Callable[[Partner, SandboxRequest, Fields], bool]
Key = Callable[[Partner, str | None], bool]
Perform = Callable[[SandboxRequest], Answer]


def _key_too(rule: Callable[[JsonService, str | None], bool]) -> Wrapper:
    """Wraps ``accepts_key``: a key for which the rule holds is accepted as well."""

    def accepts(service: JsonService, original: Key, partner: Partner, key: str | None) -> bool:
        return original(partner, key) or rule(service, key)

    return accepts


def _known(service: JsonService, key: str | None) -> bool:
    return any(key == partner.api_key for partner in service.partners)


def _endpoint_without_key(operation: str) -> Wrapper:
    """Wraps ``accepts``: one endpoint lets everybody in who sends some key."""

    def accepts(
        _service: object,
        original: Accepts,
        partner: Partner,
        request: SandboxRequest,
        fields: Fields,
    ) -> bool:
        open_to_all = request.path.endswith(operation) and bool(request.header("rqid"))
        return original(partner, request, fields) or open_to_all

    return accepts


def _named_too(rule: Callable[[object], bool]) -> Wrapper:
    """Wraps ``partner_named``: an mmid for which the rule holds is the first partner's."""

    def named(
        service: JsonService, original: Callable[[object], Partner | None], mmid: object
    ) -> Partner | None:
        return original(mmid) or (service.partners[0] if rule(mmid) else None)

    return named


def _plain_too(
    _service: object, original: Accepts, partner: Partner, request: SandboxRequest, fields: Fields
) -> bool:
    plain = partner.signs and request.header("rqid") == partner.api_key
    return original(partner, request, fields) or plain


def _after_refusal(act: Callable[[JsonService, SandboxRequest], None]) -> Wrapper:
    """Wraps ``perform``: something happens although the key is refused."""

    def perform(service: JsonService, original: Perform, request: SandboxRequest) -> Answer:
        try:
            return original(request)
        except Refusal as refusal:
            if refusal.reason is Reason.CREDENTIALS and request.path.endswith("/topup"):
                act(service, request)
            raise

    return perform


def _buys(service: JsonService, request: SandboxRequest) -> None:
    fields = service.read(request.body)
    service.carry_out(Kind.TOPUP, fields, service.partners[0].account)


def _charges(service: JsonService, _request: SandboxRequest) -> None:
    charge(service.partners[0].account, 1)


def _takes_ref(service: JsonService, request: SandboxRequest) -> None:
    fields, account = service.read(request.body), service.partners[0].account
    code, customer = str(fields.get("product_code")), str(fields.get("customer_id"))
    aim = account.aim(code, customer, part_required=False)
    ref = str(fields.get("ref_1"))
    account.by_ref.setdefault(ref, account.opened(ref, code, customer, aim))


def _reporting(service: JsonService, original: Perform, request: SandboxRequest) -> Answer:
    try:
        return original(request)
    except Refusal as refusal:
        kind, _ref = service.route(request)
        if refusal.reason is not Reason.CREDENTIALS or kind is not Kind.BALANCE:
            raise
        whole = service.refused(refusal.reason)
        data = {"saldo": service.partners[0].account.balance()}
        return replace(whole, document={**whole.document, "data": data})


def _sign_too(rule: Callable[[str | None], bool]) -> Wrapper:
    """Wraps ``accepts_sign``: a sign for which the rule holds is accepted as well."""

    def accepts(
        _service: object,
        original: Callable[[Partner, str | None, Fields], bool],
        partner: Partner,
        given: str | None,
        fields: Fields,
    ) -> bool:
        return original(partner, given, fields) or rule(given)

    return accepts


def _padded_sign(
    _service: object,
    original: Callable[[Partner, str | None, Fields], bool],
    partner: Partner,
    given: str | None,
    fields: Fields,
) -> bool:
    return given is not None and given.endswith("=") and original(partner, given[:-1], fields)


def _body(change: Callable[[bytes], bytes], kind: Kind) -> Wrapper:
    """Wraps ``written``: another body of the answers of this kind."""

    def written(
        _service: object, original: Callable[[Answer], SandboxResponse], answer: Answer
    ) -> SandboxResponse:
        response = original(answer)
        return replace(response, body=change(response.body)) if answer.kind is kind else response

    return written


def _status(status: int, *kinds: Kind) -> Wrapper:
    return with_answer(lambda answer: replace(answer, http_status=status), *kinds)


FAULTS: tuple[Fault, ...] = (
    fault("rqid-access-created", "RQID-ACCESS-ANSWERED",
          "Categories are answered with HTTP 201.",
          finish=_status(201, Kind.CATEGORIES)),
    fault("rqid-access-repeated-name", "RQID-ACCESS-WELLFORMED",
          "The object of categories has status twice.",
          written=_body(lambda body: b'{"status": "success", ' + body[1:], Kind.CATEGORIES)),
    fault("rqid-access-trailing-text", "RQID-ACCESS-WELLFORMED",
          "A comment follows the object of the balance.",
          written=_body(lambda body: body + b"<!-- 0.1 s -->", Kind.BALANCE)),
    fault("rqid-access-any-key", "RQID-ACCESS-WRONG",
          "Any rqid that is no partner's is let in.",
          also=("RQID-ACCESS-NOTHING-HAPPENS",),
          because="what is let in is carried out",
          accepts_key=_key_too(lambda service, key: bool(key) and not _known(service, key))),
    fault("rqid-access-balance-open", "RQID-ACCESS-WRONG",
          "The balance is returned to everyone who sends some rqid.",
          also=("RQID-ACCESS-FOREIGN", "RQID-ACCESS-PLAIN-ONLY"),
          because="the key of another partner is some rqid, too",
          accepts=_endpoint_without_key("/balance")),
    fault("rqid-access-refusal-reports", "RQID-ACCESS-WRONG",
          "The refusal of a wrong rqid reports the balance.",
          also=("RQID-ACCESS-MISSING", "RQID-ACCESS-EMPTY", "RQID-ACCESS-FOREIGN",
                "RQID-ACCESS-MMID-MISSING", "RQID-ACCESS-MMID-UNKNOWN",
                "RQID-ACCESS-PLAIN-ONLY", "RQID-SIGN-WRONG", "RQID-SIGN-MISSING"),
          because="every refusal of the balance reports it",
          perform=_reporting),
    fault("rqid-access-no-key", "RQID-ACCESS-MISSING",
          "A request without rqid is let in.",
          accepts_key=_key_too(lambda _service, key: key is None)),
    fault("rqid-access-empty-key", "RQID-ACCESS-EMPTY",
          "A request with an empty rqid is let in.",
          accepts_key=_key_too(lambda _service, key: key == "")),
    fault("rqid-access-foreign-key", "RQID-ACCESS-FOREIGN",
          "The rqid of any partner opens the balance of the mmid.",
          accepts_key=_key_too(_known)),
    fault("rqid-access-no-mmid", "RQID-ACCESS-MMID-MISSING",
          "A request without mmid is let in.",
          partner_named=_named_too(lambda mmid: mmid is None)),
    fault("rqid-access-any-mmid", "RQID-ACCESS-MMID-UNKNOWN",
          "A request with an unknown mmid is let in.",
          partner_named=_named_too(bool)),
    fault("rqid-access-signer-plain", "RQID-ACCESS-PLAIN-ONLY",
          "A partner that signs is let in with its rqid alone.",
          also=("RQID-SIGN-MISSING",),
          because="a request with an rqid has no sign",
          accepts=_plain_too),
    fault("rqid-access-refused-but-bought", "RQID-ACCESS-NOTHING-HAPPENS",
          "A topup with a wrong rqid is refused and yet carried out.",
          perform=_after_refusal(_buys)),
    fault("rqid-access-refused-but-charged", "RQID-ACCESS-NOTHING-HAPPENS",
          "A topup with a wrong rqid costs one rupiah.",
          perform=_after_refusal(_charges)),
    fault("rqid-access-refused-takes-ref", "RQID-ACCESS-NOTHING-HAPPENS",
          "A topup with a wrong rqid uses up its ref_1.",
          perform=_after_refusal(_takes_ref)),
    fault("rqid-access-body-500", "RQID-ACCESS-BODY",
          "A body that is no JSON object is answered with HTTP 500.",
          http_status=lambda _service, original, reason: (
              500 if reason is Reason.MALFORMED else original(reason))),
    fault("rqid-sign-padded", "RQID-SIGN-ACCEPTED",
          "The sign is accepted with padding only.",
          accepts_sign=_padded_sign),
    fault("rqid-sign-any", "RQID-SIGN-WRONG",
          "Any sign is accepted.",
          also=("RQID-SIGN-FOREIGN",),
          because="the sign of another request is some sign, too",
          accepts_sign=_sign_too(bool)),
    fault("rqid-sign-none", "RQID-SIGN-MISSING",
          "A partner that signs is let in without sign.",
          also=("RQID-ACCESS-PLAIN-ONLY", "RQID-ACCESS-FOREIGN"),
          because="a request with an rqid, its own or another's, has no sign",
          accepts_sign=_sign_too(lambda given: given is None)),
    fault("rqid-sign-form-alone", "RQID-SIGN-FOREIGN",
          "Of a sign its length and alphabet are looked at alone.",
          also=("RQID-SIGN-WRONG",), because="a wrong sign has that length and alphabet, too",
          accepts_sign=_sign_too(lambda given: (
              given is not None and re.fullmatch(r"[A-Za-z0-9_-]{27}", given) is not None))),
)  # fmt: skip
