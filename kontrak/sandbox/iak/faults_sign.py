"""Faults of the signature check, and of what a refused request leaves behind."""

from __future__ import annotations

import re
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.iak.codec import Fields
from kontrak.sandbox.iak.codes import Refusal
from kontrak.sandbox.iak.making import fault
from kontrak.sandbox.iak.service import IakService

Original = Callable[[str, str, str | None, Fields], bool]
Rule = Callable[[IakService, str, str], bool]


def _accepting(command: str, rule: Rule) -> Wrapper:
    """Wraps ``accepts_sign``: for this command, signs are accepted by ``rule`` as well.

    ``rule`` gets the service, the salt and the sign, which is "" if there is none.
    """

    def accepts(
        service: IakService,
        original: Original,
        used: str,
        salt: str,
        sign: str | None,
        all_: Fields,
    ) -> bool:
        if original(used, salt, sign, all_):
            return True
        return used == command and rule(service, salt, sign or "")

    return accepts


def _hex(sign: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{32}", sign) is not None


def _near(service: IakService, salt: str, sign: str) -> bool:
    """Whether the sign is the right one but for a few digits."""
    same = sum(a == b for a, b in zip(service.sign(salt), sign, strict=False))
    return len(sign) == 32 and same >= 16


def _of_earlier(service: IakService, _salt: str, sign: str) -> bool:
    return any(sign == service.sign(ref_id) for ref_id in list(service.by_ref_id))


def _of_nobody_known(service: IakService, salt: str, sign: str) -> bool:
    # A sign of zeros, or one close to the right one, is nobody's.
    made_up = len(set(sign)) < 8 or _near(service, salt, sign)
    return _hex(sign) and not made_up and not _of_earlier(service, salt, sign)


def _any_hex(_service: IakService, _salt: str, sign: str) -> bool:
    return _hex(sign)


def _absent(value: str | None) -> Wrapper:
    """Wraps ``accepts_sign``: an inquiry needs no sign if it is absent (None) or empty."""

    def accepts(
        _service: object,
        original: Original,
        command: str,
        salt: str,
        sign: str | None,
        all_: Fields,
    ) -> bool:
        return (command == "inq-pasca" and sign == value) or original(command, salt, sign, all_)

    return accepts


def _refusing(wrong: Rule) -> Wrapper:
    """Wraps ``accepts_sign``: the right sign is refused where ``wrong`` holds."""

    def accepts(
        service: IakService,
        original: Original,
        command: str,
        salt: str,
        sign: str | None,
        all_: Fields,
    ) -> bool:
        if command == "inq-pasca" and wrong(service, salt, sign or ""):
            return False
        return original(command, salt, sign, all_)

    return accepts


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
        also=("IAK-GEN-VALID",), because="a generated ref_id may have such a sign",
        accepts_sign=_refusing(lambda _service, _salt, sign: sign.startswith("00")),
    ),
    fault(
        "sign-without-leading-zero", "IAK-SIGN-ACCEPTED",
        "A sign that begins with a zero is refused: zeros are dropped first.",
        also=("IAK-GEN-VALID",), because="a generated ref_id may have such a sign",
        accepts_sign=_refusing(lambda _service, _salt, sign: sign.startswith("0")),
    ),
    fault(
        "sign-half-compared", "IAK-SIGN-WRONG",
        "Only the first sixteen digits of the sign are compared.",
        accepts_sign=_accepting(
            "inq-pasca", lambda service, salt, sign: sign[:16] == service.sign(salt)[:16]
        ),
    ),
    fault(
        "sign-other-half-compared", "IAK-SIGN-WRONG",
        "Only the last sixteen digits of the sign are compared.",
        accepts_sign=_accepting(
            "inq-pasca", lambda service, salt, sign: sign[-16:] == service.sign(salt)[-16:]
        ),
    ),
    fault(
        "sign-nearly-right", "IAK-SIGN-WRONG",
        "A sign with some wrong digits is accepted.",
        accepts_sign=_accepting("inq-pasca", _near),
    ),
    fault(
        "sign-any-digest", "IAK-SIGN-WRONG", "Any 32 hexadecimal digits are accepted as a sign.",
        also=("IAK-SIGN-FOREIGN", "IAK-SIGN-STALE"),
        because="every sign of another request is such a sign",
        accepts_sign=_accepting("inq-pasca", _any_hex),
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
        accepts_sign=_absent(""),
    ),
    fault(
        "sign-empty-uses-ref-id", "IAK-SIGN-EMPTY",
        "An inquiry refused for an empty sign uses up its ref_id.",
        accepts_sign=_taking_ref_id(lambda sign: sign == ""),
    ),
    fault(
        "sign-missing-accepted", "IAK-SIGN-MISSING", "A request without sign is accepted.",
        accepts_sign=_absent(None),
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
        because="such a digest cannot be told from another wrong one",
        accepts_sign=_accepting("inq-pasca", _of_nobody_known),
    ),
    fault(
        "sign-stale-accepted", "IAK-SIGN-STALE",
        "The sign of every earlier inquiry stays valid.",
        accepts_sign=_accepting("inq-pasca", _of_earlier),
    ),
    fault(
        "sign-payment-unchecked", "IAK-SIGN-PAYMENT", "The sign of a payment is not checked.",
        accepts_sign=_accepting("pay-pasca", lambda _service, _salt, _sign: True),
    ),
    fault(
        "sign-payment-any-digest", "IAK-SIGN-PAYMENT",
        "Any 32 hexadecimal digits are accepted as the sign of a payment.",
        accepts_sign=_accepting("pay-pasca", _any_hex),
    ),
    fault(
        "sign-payment-wrong-pays", "IAK-SIGN-PAYMENT",
        "A payment refused for its sign is carried out all the same.",
        authenticate=_paying_anyway,
    ),
    fault(
        "sign-status-unchecked", "IAK-SIGN-STATUS", "The sign of a checkstatus is not checked.",
        accepts_sign=_accepting("checkstatus", lambda _service, _salt, _sign: True),
    ),
    fault(
        "sign-status-any-digest", "IAK-SIGN-STATUS",
        "Any 32 hexadecimal digits are accepted as the sign of a checkstatus.",
        accepts_sign=_accepting("checkstatus", _any_hex),
    ),
    fault(
        "sign-balance-unchecked", "IAK-BALANCE-SIGN", "The sign of a check-balance is not checked.",
        accepts_sign=_accepting("bl", lambda _service, _salt, _sign: True),
    ),
    fault(
        "sign-balance-any-digest", "IAK-BALANCE-SIGN",
        "Any 32 hexadecimal digits are accepted as the sign of a check-balance.",
        accepts_sign=_accepting("bl", _any_hex),
    ),
)  # fmt: skip
