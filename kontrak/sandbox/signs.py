"""Ways in which a service checks a sign badly, for services with ``sign`` and ``accepts_sign``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from kontrak.sandbox.changes import Wrapper
from kontrak.sandbox.json_body import Fields


class Signing(Protocol):
    """A service whose requests are signed over a salt: a ref_id, or what stands for it."""

    @property
    def by_ref_id(self) -> Mapping[str, object]:
        """The transactions so far."""
        ...

    def sign(self, salt: str) -> str:
        """The right sign."""
        ...


Original = Callable[[str, str, str | None, Fields], bool]
"""``accepts_sign(command, salt, sign, fields)``; sign is None if the request has none."""

Rule = Callable[[Signing, str, str], bool]
"""What holds of the service, the salt and the sign, which is "" if there is none."""


def accepting(command: str, rule: Rule) -> Wrapper:
    """Wraps ``accepts_sign``: for this command, signs are accepted by ``rule`` as well."""

    def accepts(
        service: Signing,
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


def refusing(command: str, wrong: Rule) -> Wrapper:
    """Wraps ``accepts_sign``: for this command, the right sign is refused where ``wrong`` holds."""

    def accepts(
        service: Signing,
        original: Original,
        used: str,
        salt: str,
        sign: str | None,
        all_: Fields,
    ) -> bool:
        if used == command and wrong(service, salt, sign or ""):
            return False
        return original(used, salt, sign, all_)

    return accepts


def unneeded(command: str, value: str | None) -> Wrapper:
    """Wraps ``accepts_sign``: the command needs no sign if it is absent (None) or empty ("")."""

    def accepts(
        _service: object,
        original: Original,
        used: str,
        salt: str,
        sign: str | None,
        all_: Fields,
    ) -> bool:
        return (used == command and sign == value) or original(used, salt, sign, all_)

    return accepts


def anything(_service: Signing, _salt: str, _sign: str) -> bool:
    """Every sign."""
    return True


def hexadecimal(_service: Signing, _salt: str, sign: str) -> bool:
    """Every sign of 32 lower-case hexadecimal digits."""
    return re.fullmatch(r"[0-9a-f]{32}", sign) is not None


def first_half(service: Signing, salt: str, sign: str) -> bool:
    """Signs whose first sixteen digits are right."""
    return sign[:16] == service.sign(salt)[:16]


def last_half(service: Signing, salt: str, sign: str) -> bool:
    """Signs whose last sixteen digits are right."""
    return sign[-16:] == service.sign(salt)[-16:]


def near(service: Signing, salt: str, sign: str) -> bool:
    """Signs that are right but for a few digits."""
    same = sum(a == b for a, b in zip(service.sign(salt), sign, strict=False))
    return len(sign) == 32 and same >= 16


def of_earlier(service: Signing, _salt: str, sign: str) -> bool:
    """Signs of transactions there were."""
    return any(sign == service.sign(ref_id) for ref_id in list(service.by_ref_id))


def of_no_one_known(service: Signing, salt: str, sign: str) -> bool:
    """Digests that may be the sign of a ref_id not seen yet."""
    # A sign of zeros, or one close to the right one, belongs to no partner.
    made_up = len(set(sign)) < 8 or near(service, salt, sign)
    return hexadecimal(service, salt, sign) and not made_up and not of_earlier(service, salt, sign)
