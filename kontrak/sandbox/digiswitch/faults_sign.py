"""Faults of the signature check, and of what a refused request does all the same."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.codes import Reason, Refusal
from kontrak.sandbox.digiswitch.interface import Answer
from kontrak.sandbox.digiswitch.making import fault
from kontrak.sandbox.digiswitch.service import DigiswitchService
from kontrak.sandbox.digiswitch.transactions import State, Transaction
from kontrak.sandbox.json_body import Fields
from kontrak.sandbox.signs import (
    accepting,
    anything,
    first_half,
    hexadecimal,
    last_half,
    near,
    of_earlier,
    of_no_one_known,
    refusing,
    unneeded,
)

PAY, INQUIRE, STATUS = "pay-pasca", "inq-pasca", "status-pasca"


def meant(service: DigiswitchService, fields: Fields) -> Transaction | None:
    """The unpaid transaction that a faulty payment may be about: its own, or else the latest."""
    own = service.by_ref_id.get(str(fields.get("ref_id")))
    if own is not None:
        return own
    known = list(service.by_ref_id.values())
    return next((one for one in reversed(known) if one.state is State.UNPAID), None)


def paying_anyway(*reasons: Reason) -> Wrapper:
    """Wraps ``perform``: a payment refused for these reasons is carried out all the same."""

    def perform(
        service: DigiswitchService, original: Callable[[Fields], Answer], fields: Fields
    ) -> Answer:
        try:
            return original(fields)
        except Refusal as refusal:
            transaction = meant(service, fields)
            if refusal.reason in reasons and transaction and fields.get("command") == PAY:
                service.settle_payment(transaction)
            raise

    return perform


RC_TOO = "a wrong sign that is accepted is not refused with rc 41"


def _of_parts(*names: str) -> Wrapper:
    """Wraps ``accepts_sign``: a payment's sign may be the digest of these parts instead."""

    def accepts(
        service: DigiswitchService,
        original: Callable[[str, str, str | None, Fields], bool],
        command: str,
        salt: str,
        sign: str | None,
        fields: Fields,
    ) -> bool:
        parts = {"username": service.username, "key": service.api_key, "ref_id": salt}
        text = "".join(parts[name] for name in names)
        digest = md5(text.encode(), usedforsecurity=False).hexdigest()
        return original(command, salt, sign, fields) or (command == PAY and sign == digest)

    return accepts


FAULTS: tuple[Fault, ...] = (
    fault(
        "sign-without-leading-zeros", "DIGISWITCH-SIGN-ACCEPTED",
        "A sign that begins with two zeros is refused: zeros are dropped first.",
        accepts_sign=refusing(INQUIRE, lambda _service, _salt, sign: sign.startswith("00")),
    ),
    fault(
        "sign-without-leading-zero", "DIGISWITCH-SIGN-ACCEPTED",
        "A payment's sign that begins with a zero is refused: it is read as a number.",
        accepts_sign=refusing(PAY, lambda _service, _salt, sign: sign.startswith("0")),
    ),
    fault(
        "sign-half-compared", "DIGISWITCH-SIGN-WRONG",
        "Only the first sixteen digits of a payment's sign are compared.",
        accepts_sign=accepting(PAY, first_half),
    ),
    fault(
        "sign-other-half-compared", "DIGISWITCH-SIGN-WRONG",
        "Only the last sixteen digits of a payment's sign are compared.",
        accepts_sign=accepting(PAY, last_half),
    ),
    fault(
        "sign-nearly-right", "DIGISWITCH-SIGN-WRONG",
        "A payment's sign with some wrong digits is accepted.",
        accepts_sign=accepting(PAY, near),
    ),
    fault(
        "sign-any-digest", "DIGISWITCH-SIGN-WRONG",
        "Any 32 hexadecimal digits are accepted as a payment's sign.",
        also=("DIGISWITCH-SIGN-FOREIGN", "DIGISWITCH-SIGN-STALE"),
        because="every sign of another request is such a sign",
        accepts_sign=accepting(PAY, hexadecimal),
    ),
    *(
        fault(
            f"sign-{word}", "DIGISWITCH-SIGN-WRONG",
            f"A payment's sign may be the md5 of {' + '.join(parts)}.",
            accepts_sign=_of_parts(*parts),
        )
        for word, parts in (
            ("of-key-and-ref-id", ("key", "ref_id")),
            ("of-username-and-ref-id", ("username", "ref_id")),
            ("of-username-and-key", ("username", "key")),
            ("key-first", ("key", "username", "ref_id")),
            ("ref-id-first", ("ref_id", "username", "key")),
        )
    ),
    fault(
        "sign-wrong-pays-anyway", "DIGISWITCH-SIGN-WRONG",
        "A payment refused for its sign is carried out all the same.",
        also=("DIGISWITCH-SIGN-FOREIGN", "DIGISWITCH-SIGN-STALE"),
        because="every sign of another request is a wrong one",
        perform=paying_anyway(Reason.SIGN),
    ),
    fault(
        "sign-empty-accepted", "DIGISWITCH-SIGN-EMPTY", "A payment with an empty sign is accepted.",
        accepts_sign=unneeded(PAY, ""),
    ),
    fault(
        "sign-missing-accepted", "DIGISWITCH-SIGN-MISSING", "A payment without sign is accepted.",
        accepts_sign=unneeded(PAY, None),
    ),
    fault(
        "sign-missing-pays-anyway", "DIGISWITCH-SIGN-MISSING",
        "A payment refused for having no sign is carried out all the same.",
        also=("DIGISWITCH-SIGN-EMPTY",), because="an empty sign is no sign",
        perform=paying_anyway(Reason.NO_SIGN),
    ),
    fault(
        "sign-foreign-accepted", "DIGISWITCH-SIGN-FOREIGN",
        "A digest that may be the sign of a ref_id not seen yet is accepted for a payment.",
        also=("DIGISWITCH-SIGN-WRONG",),
        because="such a digest cannot be distinguished from another wrong one",
        accepts_sign=accepting(PAY, of_no_one_known),
    ),
    fault(
        "sign-stale-accepted", "DIGISWITCH-SIGN-STALE",
        "The sign of every earlier transaction stays valid for payments.",
        accepts_sign=accepting(PAY, of_earlier),
    ),
    fault(
        "sign-inquiry-unchecked", "DIGISWITCH-SIGN-INQUIRY",
        "The sign of an inquiry is not checked.",
        accepts_sign=accepting(INQUIRE, anything),
    ),
    fault(
        "sign-inquiry-any-digest", "DIGISWITCH-SIGN-INQUIRY",
        "Any 32 hexadecimal digits are accepted as the sign of an inquiry.",
        accepts_sign=accepting(INQUIRE, hexadecimal),
    ),
    fault(
        "sign-inquiry-half-compared", "DIGISWITCH-SIGN-INQUIRY",
        "Only the first sixteen digits of an inquiry's sign are compared.",
        accepts_sign=accepting(INQUIRE, first_half),
    ),
    fault(
        "sign-inquiry-in-capitals", "DIGISWITCH-SIGN-CAPITALS",
        "The letter case of an inquiry's sign does not matter.",
        accepts_sign=accepting(
            INQUIRE, lambda service, salt, sign: sign.lower() == service.sign(salt)
        ),
    ),
    fault(
        "sign-status-unchecked", "DIGISWITCH-SIGN-STATUS",
        "The sign of a status-pasca is not checked.",
        accepts_sign=accepting(STATUS, anything),
    ),
    fault(
        "sign-status-any-digest", "DIGISWITCH-SIGN-STATUS",
        "Any 32 hexadecimal digits are accepted as the sign of a status-pasca.",
        accepts_sign=accepting(STATUS, hexadecimal),
    ),
)  # fmt: skip
