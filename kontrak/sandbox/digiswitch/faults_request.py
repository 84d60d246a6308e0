"""Faults in what a request may be: fields that are not asked for, values that are not checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import md5

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.codes import Reason, Refusal
from kontrak.sandbox.digiswitch.customers import SUCCESS, Customer
from kontrak.sandbox.digiswitch.faults_fields import slug
from kontrak.sandbox.digiswitch.faults_sign import meant, paying_anyway
from kontrak.sandbox.digiswitch.interface import MANDATORY, Answer, Kind
from kontrak.sandbox.digiswitch.making import because_of, fault, with_answer
from kontrak.sandbox.digiswitch.service import DigiswitchService
from kontrak.sandbox.digiswitch.transactions import Transaction
from kontrak.sandbox.json_body import Fields

Lacks = Callable[[Fields, str], bool]
Complete = Callable[[Fields], Fields]


def _right(service: DigiswitchService, fields: Fields) -> dict[str, str]:
    """A right value for every field but the sign: those of the payment that may be meant."""
    found = meant(service, fields)
    return {
        "command": "inq-pasca" if found is None else "pay-pasca",
        "username": service.username,
        "code": "pln" if found is None else found.code,
        "customer_no": "530000000001" if found is None else found.customer_no,
        "ref_id": f"AUTO{service.inquiries}" if found is None else found.ref_id,
    }


def _filled(names: tuple[str, ...], lacks: Lacks) -> Wrapper:
    """Wraps ``complete``: a right value for those fields that the request lacks."""

    def complete(service: DigiswitchService, original: Complete, fields: Fields) -> Fields:
        fields = dict(original(fields))
        right = _right(service, fields)
        for name in names:
            if not lacks(fields, name):
                continue
            if name in right:
                fields[name] = right[name]
            if name in {"sign", "ref_id", "username"}:
                fields["sign"] = service.sign(str(fields.get("ref_id")))
        return fields

    return complete


def _mandatory() -> Iterator[Fault]:
    for name in MANDATORY:
        if name == "sign":
            continue  # its faults are those of signatures
        clause = f"DIGISWITCH-REQ-{slug(name).upper()}-MANDATORY"
        yield fault(
            f"request-without-{slug(name)}", clause,
            f"A request without {name} is completed and carried out.",
            complete=_filled((name,), lambda fields, field: field not in fields),
        )  # fmt: skip
        yield fault(
            f"request-with-empty-{slug(name)}", clause,
            f"A request with an empty {name} is completed and carried out.",
            complete=_filled((name,), lambda fields, field: fields.get(field) == ""),
        )  # fmt: skip


def _replaced(name: str, pattern: str) -> Wrapper:
    """Wraps ``complete``: a wrong value of this form is taken for the right one."""

    def wrong(fields: Fields, field: str) -> bool:
        value = fields.get(field)
        return isinstance(value, str) and re.fullmatch(pattern, value) is not None

    return _filled((name,), wrong)


def _signed_by_anybody(
    service: DigiswitchService,
    original: Callable[[str, str, str | None, Fields], bool],
    command: str,
    salt: str,
    sign: str | None,
    fields: Fields,
) -> bool:
    theirs = f"{fields['username']}{service.api_key}{salt}".encode()
    return (
        original(command, salt, sign, fields)
        or sign == md5(theirs, usedforsecurity=False).hexdigest()
    )


def _without_testing(service: DigiswitchService, original: Complete, fields: Fields) -> Fields:
    fields = original(fields)
    if "testing" in fields and service.knows_username(fields.get("username", "")):
        raise Refusal(Reason.TYPE)
    return fields


def _http(status: int) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, status=status)


TEXTS_TOO = "generated texts include plain words"
OTHER_COMMAND = r"(?!(?:inq|pay|status)-pasca$)[A-Za-z0-9 _-]{1,40}"
OTHER_CODE = (
    r"(?!(?:pln|pdam|hp|internet|bpjs|multifinance|pbb|pgas|tv|plnnontaglis|emoney|samsat"
    r"|kirimuang)$)[A-Za-z0-9._-]{1,40}"
)

VALUES = (
    fault(
        "request-any-command", "DIGISWITCH-REQ-COMMAND-VALUE",
        "A command that does not exist is taken for a payment.",
        complete=_replaced("command", OTHER_COMMAND),
    ),
    fault(
        "request-any-username", "DIGISWITCH-REQ-USERNAME-VALUE",
        "Every username has an account: this one.",
        also=("DIGISWITCH-GEN-TEXT", "DIGISWITCH-GEN-PAYMENT"), because=TEXTS_TOO,
        knows_username=lambda _service, _original, name: bool(re.fullmatch(r"[\w-]{1,40}", name)),
        accepts_sign=_signed_by_anybody,
    ),
    fault(
        "request-unknown-username-pays-anyway", "DIGISWITCH-REQ-USERNAME-VALUE",
        "A payment of an unregistered username is refused and carried out all the same.",
        also=("DIGISWITCH-GEN-PAYMENT",), because="other usernames are drawn there",
        perform=paying_anyway(Reason.USERNAME),
    ),
    fault(
        "request-any-code", "DIGISWITCH-REQ-CODE-VALUE",
        "Every word is taken for the product code of the bill.",
        complete=_replaced("code", OTHER_CODE),
    ),
    fault(
        "request-unknown-code-pays-anyway", "DIGISWITCH-REQ-CODE-VALUE",
        "A payment with an unknown product code is refused and carried out all the same.",
        also=("DIGISWITCH-GEN-PAYMENT",), because=TEXTS_TOO,
        perform=paying_anyway(Reason.UNKNOWN_CODE),
    ),
    fault(
        "request-testing-refused", "DIGISWITCH-REQ-TESTING", "A request with testing is refused.",
        complete=_without_testing,
    ),
    *(
        fault(
            f"request-answered-with-{status}", "DIGISWITCH-REQ-PATH",
            f"A payment that succeeds is answered with HTTP {status}.",
            finish=with_answer(_http(status), Kind.PAYMENT, because_of(Reason.PAID)),
        )
        for status in (400, 422)
    ),
    fault(
        "request-inquiry-answered-with-500", "DIGISWITCH-REQ-PATH",
        "An inquiry that succeeds is answered with HTTP 500.",
        finish=with_answer(_http(500), Kind.INQUIRY, because_of(Reason.INQUIRED)),
    ),
)  # fmt: skip


# Generated requests


def _not_text(fields: Fields, name: str) -> bool:
    value = fields.get(name, "")
    return value is None or isinstance(value, bool | list | dict)


def _numbers_as_text(_service: object, original: Complete, fields: Fields) -> Fields:
    return {
        name: str(value) if type(value) is int else value
        for name, value in original(fields).items()
    }


def _any_number(pattern: str) -> Wrapper:
    """Wraps ``customer_of``: texts of this form are a customer with one bill."""

    def customer_of(
        _service: object,
        original: Callable[[str, str], Customer | None],
        code: str,
        customer_no: str,
    ) -> Customer | None:
        found = original(code, customer_no)
        strange = code != "samsat" and re.fullmatch(pattern, customer_no, re.DOTALL)
        return SUCCESS if found is None and strange else found

    return customer_of


def _rescued(_service: object, original: Callable[[bytes], Fields], body: bytes) -> Fields:
    try:
        return original(body)
    except Refusal:
        pairs = re.findall(
            r"""["']?(\w+)["']?\s*:\s*["']?([\w,-]+)""", body.decode("utf-8", "replace")
        )
        if not pairs:
            raise
        return dict(pairs)


def _refusing(unwanted: bytes) -> Wrapper:
    """Wraps ``read``: bodies with these bytes are refused."""

    def read(_service: object, original: Callable[[bytes], Fields], body: bytes) -> Fields:
        if unwanted in body:
            raise Refusal(Reason.MALFORMED)
        return original(body)

    return read


def _in_order(_service: object, original: Complete, fields: Fields) -> Fields:
    if next(iter(fields), "command") != "command":
        raise Refusal(Reason.MALFORMED)
    return original(fields)


def _matching(same: Callable[[Transaction, Fields], bool]) -> Wrapper:
    """Wraps ``same``: more requests are taken to be about the transaction."""

    def wrapped(
        _service: object,
        original: Callable[[Transaction, Fields], bool],
        transaction: Transaction,
        fields: Fields,
    ) -> bool:
        return original(transaction, fields) or (
            fields["command"] == "pay-pasca" and same(transaction, fields)
        )

    return wrapped


PAYMENTS_TOO = "generated payments have such fields as well"

GENERATED = (
    fault(
        "request-of-any-type", "DIGISWITCH-GEN-TYPE",
        "A field that is null, a truth value, an array or an object is taken for the right value.",
        also=("DIGISWITCH-GEN-PAYMENT",), because=PAYMENTS_TOO,
        complete=_filled(MANDATORY, _not_text),
    ),
    fault(
        "request-null-is-right", "DIGISWITCH-GEN-TYPE",
        "A field that is null is taken for the right value.",
        also=("DIGISWITCH-GEN-PAYMENT",), because=PAYMENTS_TOO,
        complete=_filled(MANDATORY, lambda fields, name: name in fields and fields[name] is None),
    ),
    fault(
        "request-numbers-are-text", "DIGISWITCH-GEN-NUMBER",
        "A field sent as a JSON number is read as its digits.",
        complete=_numbers_as_text,
    ),
    fault(
        "request-testing-of-any-type", "DIGISWITCH-GEN-TESTING",
        "A testing that is no truth value is passed over.",
        complete=lambda _service, original, fields: {
            name: value for name, value in original(fields).items() if name != "testing"
        },
    ),
    fault(
        "request-customer-no-of-any-text", "DIGISWITCH-GEN-TEXT",
        "A customer number that is not made of digits is answered with someone's bill.",
        customer_of=_any_number(r".*[^0-9].*"),
    ),
    fault(
        "request-customer-no-of-any-length", "DIGISWITCH-GEN-TEXT",
        "A customer number of more than twenty characters is answered with someone's bill.",
        customer_of=_any_number(r".{21,}"),
    ),
    fault(
        "request-json-repaired", "DIGISWITCH-GEN-JSON",
        "Malformed JSON is repaired and carried out.",
        also=("DIGISWITCH-GEN-PAYMENT-BODY", "DIGISWITCH-GEN-STATUS"), because=PAYMENTS_TOO,
        read=_rescued,
    ),
    fault(
        "request-order-matters", "DIGISWITCH-GEN-VALID",
        "A request whose first field is not command is refused.",
        complete=_in_order,
    ),
    fault(
        "request-escapes-unknown", "DIGISWITCH-GEN-VALID", "JSON with \\u escapes is refused.",
        read=_refusing(b"\\u"),
    ),
    fault(
        "request-compact-unknown", "DIGISWITCH-GEN-VALID", "JSON without blanks is refused.",
        read=_refusing(b'":"'),
    ),
    fault(
        "request-ref-id-with-hyphen-refused", "DIGISWITCH-GEN-VALID",
        "A ref_id with a hyphen, as the document's own, is refused.",
        accepts_ref_id=lambda _service, original, ref_id: original(ref_id) and "-" not in ref_id,
    ),
    fault(
        "request-ref-id-in-small-letters-refused", "DIGISWITCH-GEN-VALID",
        "A ref_id in small letters is refused.",
        accepts_ref_id=lambda _service, original, ref_id: (
            original(ref_id) and not ref_id.islower()
        ),
    ),
    fault(
        "request-payment-of-any-type", "DIGISWITCH-GEN-PAYMENT",
        "In a payment, a field that is no string is taken for the right value.",
        complete=_filled(
            MANDATORY,
            lambda fields, name: fields.get("command") == "pay-pasca" and _not_text(fields, name),
        ),
    ),
    fault(
        "request-payment-of-wrong-type-pays-anyway", "DIGISWITCH-GEN-PAYMENT",
        "A payment refused for the type of a field is carried out all the same.",
        perform=paying_anyway(Reason.TYPE),
    ),
    fault(
        "request-payment-of-any-customer", "DIGISWITCH-IDEM-OTHER-CUSTOMER",
        "A payment pays the bill of its ref_id, whatever its customer_no says.",
        also=("DIGISWITCH-SAMSAT-CUSTOMER-NO",),
        because="no customer_no of a payment is refused any more",
        same=_matching(lambda transaction, fields: transaction.code == fields["code"]),
    ),
    fault(
        "request-other-customer-pays-anyway", "DIGISWITCH-SAMSAT-CUSTOMER-NO",
        "A payment with another customer_no is refused and carried out all the same.",
        also=("DIGISWITCH-GEN-PAYMENT",), because=PAYMENTS_TOO,
        perform=paying_anyway(Reason.DUPLICATE),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*_mandatory(), *VALUES, *GENERATED)
