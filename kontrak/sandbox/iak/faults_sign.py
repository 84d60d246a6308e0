"""Faults of the signature check, and of what a refused request leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.iak.codec import Fields
from kontrak.sandbox.iak.codes import Refusal
from kontrak.sandbox.iak.making import fault
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.signs import (
    Original,
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


def _taking_ref_id(condition: Callable[[str | None], bool]) -> Wrapper:
    """Wraps ``accepts_sign``: a refused inquiry with such a sign uses up its ref_id."""

    def accepts(
        service: IakService,
        original: Original,
        command: str,
        salt: str,
        sign: str | None,
        all_: Fields,
    ) -> bool:
        accepted = original(command, salt, sign, all_)
        if command == "inq-pasca" and not accepted and condition(sign):
            with service.lock:
                service.used_ref_ids.add(salt)
        return accepted

    return accepts


def _of_parts(wanted: str, *names: str) -> Wrapper:
    """Wraps ``accepts_sign``: a command's sign may be the digest of these parts instead."""

    def accepts(
        service: IakService,
        original: Original,
        command: str,
        salt: str,
        sign: str | None,
        all_: Fields,
    ) -> bool:
        parts = {"username": service.username, "key": service.api_key, "salt": salt}
        text = "".join(parts[name] for name in names)
        digest = md5(text.encode(), usedforsecurity=False).hexdigest()
        return original(command, salt, sign, all_) or (command == wanted and sign == digest)

    return accepts


def _paying_anyway(
    service: IakService,
    original: Callable[[str, str, Fields], None],
    command: str,
    salt: str,
    fields: Fields,
) -> None:
    try:
        original(command, salt, fields)
    except Refusal:
        if command == "pay-pasca" and salt in service.by_tr_id:
            service.settle_payment(service.by_tr_id[salt])
        raise


FAULTS: tuple[Fault, ...] = (
    fault(
        "sign-without-leading-zeros", "IAK-SIGN-ACCEPTED",
        "A sign that begins with two zeros is refused: zeros are dropped first.",
        accepts_sign=refusing("inq-pasca", lambda _service, _salt, sign: sign.startswith("00")),
    ),
    fault(
        "sign-without-leading-zero", "IAK-SIGN-ACCEPTED",
        "A sign that begins with a zero is refused: zeros are dropped first.",
        accepts_sign=refusing("inq-pasca", lambda _service, _salt, sign: sign.startswith("0")),
    ),
    fault(
        "sign-half-compared", "IAK-SIGN-WRONG",
        "Only the first sixteen digits of the sign are compared.",
        accepts_sign=accepting("inq-pasca", first_half),
    ),
    fault(
        "sign-other-half-compared", "IAK-SIGN-WRONG",
        "Only the last sixteen digits of the sign are compared.",
        accepts_sign=accepting("inq-pasca", last_half),
    ),
    fault(
        "sign-nearly-right", "IAK-SIGN-WRONG",
        "A sign with some wrong digits is accepted.",
        accepts_sign=accepting("inq-pasca", near),
    ),
    fault(
        "sign-any-digest", "IAK-SIGN-WRONG", "Any 32 hexadecimal digits are accepted as a sign.",
        also=("IAK-SIGN-FOREIGN", "IAK-SIGN-STALE"),
        because="every sign of another request is such a sign",
        accepts_sign=accepting("inq-pasca", hexadecimal),
    ),
    fault(
        "sign-wrong-uses-ref-id", "IAK-SIGN-WRONG",
        "An inquiry refused for a wrong sign uses up its ref_id.",
        also=("IAK-SIGN-FOREIGN", "IAK-SIGN-STALE"),
        because="every sign of another request is a wrong one",
        accepts_sign=_taking_ref_id(bool),
    ),
    fault(
        "sign-empty-accepted", "IAK-SIGN-EMPTY", "An empty sign is accepted.",
        accepts_sign=unneeded("inq-pasca", ""),
    ),
    fault(
        "sign-empty-uses-ref-id", "IAK-SIGN-EMPTY",
        "An inquiry refused for an empty sign uses up its ref_id.",
        accepts_sign=_taking_ref_id(lambda sign: sign == ""),
    ),
    fault(
        "sign-missing-accepted", "IAK-SIGN-MISSING", "A request without sign is accepted.",
        accepts_sign=unneeded("inq-pasca", None),
    ),
    fault(
        "sign-missing-uses-ref-id", "IAK-SIGN-MISSING",
        "An inquiry refused for a missing sign uses up its ref_id.",
        accepts_sign=_taking_ref_id(lambda sign: sign is None),
    ),
    fault(
        "sign-foreign-accepted", "IAK-SIGN-FOREIGN",
        "A digest that may be the sign of a ref_id not seen yet is accepted.",
        also=("IAK-SIGN-WRONG",),
        because="such a digest cannot be distinguished from another wrong one",
        accepts_sign=accepting("inq-pasca", of_no_one_known),
    ),
    fault(
        "sign-stale-accepted", "IAK-SIGN-STALE",
        "The sign of every earlier inquiry stays valid.",
        accepts_sign=accepting("inq-pasca", of_earlier),
    ),
    *(
        fault(
            f"sign-{word}", clause, f"A sign of {command} may be the md5 of {' + '.join(parts)}.",
            accepts_sign=_of_parts(command, *parts),
        )
        for word, clause, command, parts in (
            ("of-key-and-ref-id", "IAK-SIGN-WRONG", "inq-pasca", ("key", "salt")),
            ("of-username-and-key", "IAK-SIGN-WRONG", "inq-pasca", ("username", "key")),
            ("key-first", "IAK-SIGN-WRONG", "inq-pasca", ("key", "username", "salt")),
            ("payment-key-first", "IAK-SIGN-PAYMENT", "pay-pasca", ("key", "username", "salt")),
            ("payment-salt-first", "IAK-SIGN-PAYMENT", "pay-pasca", ("salt", "username", "key")),
        )
    ),
    fault(
        "sign-payment-unchecked", "IAK-SIGN-PAYMENT", "The sign of a payment is not checked.",
        accepts_sign=accepting("pay-pasca", anything),
    ),
    fault(
        "sign-payment-any-digest", "IAK-SIGN-PAYMENT",
        "Any 32 hexadecimal digits are accepted as the sign of a payment.",
        accepts_sign=accepting("pay-pasca", hexadecimal),
    ),
    fault(
        "sign-payment-wrong-pays", "IAK-SIGN-PAYMENT",
        "A payment refused for its sign is carried out all the same.",
        also=("IAK-GEN-PAYMENT",), because="another username's payment is refused for its sign",
        authenticate=_paying_anyway,
    ),
    fault(
        "sign-status-unchecked", "IAK-SIGN-STATUS", "The sign of a checkstatus is not checked.",
        accepts_sign=accepting("checkstatus", anything),
    ),
    fault(
        "sign-status-any-digest", "IAK-SIGN-STATUS",
        "Any 32 hexadecimal digits are accepted as the sign of a checkstatus.",
        accepts_sign=accepting("checkstatus", hexadecimal),
    ),
    fault(
        "sign-balance-unchecked", "IAK-BALANCE-SIGN", "The sign of a check-balance is not checked.",
        accepts_sign=accepting("bl", anything),
    ),
    fault(
        "sign-balance-any-digest", "IAK-BALANCE-SIGN",
        "Any 32 hexadecimal digits are accepted as the sign of a check-balance.",
        accepts_sign=accepting("bl", hexadecimal),
    ),
)  # fmt: skip
