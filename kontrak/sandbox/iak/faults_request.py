"""Faults in what a request may be: fields that are not asked for, values that are not checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import md5

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.iak.bills import CODE, Scenario
from kontrak.sandbox.iak.codec import Fields
from kontrak.sandbox.iak.making import fault
from kontrak.sandbox.iak.service import IakService

TEXTS_TOO = "generated texts include plain words and numbers"
OTHER_COMMANDS = ("pay-pasca", "checkstatus")


def _defaults(service: IakService) -> dict[str, str]:
    """A right value for every field but the sign."""
    return {
        "commands": "inq-pasca",
        "username": service.username,
        "code": CODE,
        "hp": "530000000001",
        "ref_id": f"AUTO{service.inquiries}",
    }


def _filled(names: tuple[str, ...], lacks: Callable[[Fields, str], bool]) -> Wrapper:
    """Wraps ``complete``: a right value for those fields that the request lacks."""

    def complete(
        service: IakService, original: Callable[[Fields], Fields], fields: Fields
    ) -> Fields:
        fields = dict(original(fields))
        if fields.get("commands") in OTHER_COMMANDS:
            return fields
        right = _defaults(service)
        filled = {name for name in names if lacks(fields, name)}
        fields.update({name: right.get(name, "") for name in filled})
        # The sign was made over what the request lacked.
        if filled & {"username", "ref_id", "sign"}:
            fields["sign"] = service.sign(str(fields.get("ref_id")))
        return fields

    return complete


def _mandatory() -> Iterator[Fault]:
    for name in ("commands", "username", "code", "hp", "ref_id"):
        slug = name.replace("_", "-")
        yield fault(
            f"request-without-{slug}",
            f"IAK-REQ-{slug.upper()}-MANDATORY",
            f"A request without {name} is completed and carried out.",
            complete=_filled((name,), lambda fields, field: field not in fields),
        )
        yield fault(
            f"request-with-empty-{slug}",
            f"IAK-REQ-{slug.upper()}-MANDATORY",
            f"A request with an empty {name} is completed and carried out.",
            complete=_filled((name,), lambda fields, field: fields.get(field) == ""),
        )


def _of_form(pattern: str) -> Callable[[Fields, str], bool]:
    """Whether a field is text of this form."""

    def matches(fields: Fields, name: str) -> bool:
        value = fields.get(name)
        return isinstance(value, str) and re.fullmatch(pattern, value) is not None

    return matches


def _signed_by_anybody(
    service: IakService,
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


def _ref_ids(pattern: str) -> Wrapper:
    """Wraps ``accepts_ref_id``: ref_ids of this form as well."""

    def accepts(_service: object, original: Callable[[str], bool], ref_id: str) -> bool:
        return original(ref_id) or re.fullmatch(pattern, ref_id) is not None

    return accepts


REF_ID_TOO = "one rule says which characters a ref_id has"

VALUES = (
    fault(
        "request-any-command", "IAK-REQ-COMMANDS-VALUE",
        "A command that does not exist is taken for an inquiry.",
        also=("IAK-GEN-TEXT",), because=TEXTS_TOO,
        complete=_filled(("commands",), _of_form(r"[A-Za-z0-9 _-]{1,40}")),
    ),
    fault(
        "request-any-username", "IAK-REQ-USERNAME-VALUE",
        "Every username has an account: this one.",
        also=("IAK-GEN-TEXT", "IAK-GEN-PAYMENT", "IAK-GEN-STATUS"), because=TEXTS_TOO,
        knows_username=lambda _service, _original, name: bool(re.fullmatch(r"\w{1,40}", name)),
        accepts_sign=_signed_by_anybody,
    ),
    fault(
        "request-any-code", "IAK-REQ-CODE-VALUE",
        "Every word is taken for the product code.",
        also=("IAK-GEN-TEXT",), because=TEXTS_TOO,
        sells=lambda _service, _original, code: re.fullmatch(r"[A-Za-z0-9._-]+", code) is not None,
    ),
    fault(
        "request-ref-id-with-marks", "IAK-REQ-REF-ID-FORMAT",
        "A ref_id may have hyphens, spaces and other marks of ASCII.",
        also=("IAK-GEN-REF-ID",), because=REF_ID_TOO,
        accepts_ref_id=_ref_ids(r"[\x20-\x7e]{1,64}"),
    ),
    fault(
        "request-ref-id-with-control", "IAK-GEN-REF-ID",
        "A ref_id may have any character outside ASCII's visible ones.",
        accepts_ref_id=_ref_ids(r"(?:[A-Za-z0-9]|[^\x20-\x7e])+"),
    ),
)  # fmt: skip


def _not_text(fields: Fields, name: str) -> bool:
    value = fields.get(name, "")
    return value is None or isinstance(value, bool | list | dict)


def _numbers_as_text(
    _service: object, original: Callable[[Fields], Fields], fields: Fields
) -> Fields:
    return {
        name: str(value) if type(value) is int else value
        for name, value in original(fields).items()
    }


def _any_hp(pattern: str) -> Wrapper:
    """Wraps ``scenario_of``: texts of this form are the customer with one bill."""

    def scenario_of(_service: object, original: Callable[[str], Scenario], hp: str) -> Scenario:
        return Scenario.ONE_BILL if re.fullmatch(pattern, hp, re.DOTALL) else original(hp)

    return scenario_of


ALL_FIELDS = ("commands", "username", "code", "hp", "ref_id", "sign")

TYPES = (
    fault(
        "request-of-any-type", "IAK-GEN-TYPE",
        "A field that is null, a truth value, an array or an object is taken for the right value.",
        complete=_filled(ALL_FIELDS, _not_text),
    ),
    fault(
        "request-null-is-right", "IAK-GEN-TYPE",
        "A field that is null is taken for the right value.",
        complete=_filled(
            ALL_FIELDS, lambda fields, name: name in fields and fields[name] is None
        ),
    ),
    fault(
        "request-numbers-are-text", "IAK-GEN-NUMBER",
        "A field sent as a JSON number is read as its digits.",
        complete=_numbers_as_text,
    ),
    fault(
        "request-hp-of-any-text", "IAK-GEN-TEXT",
        "A customer number that is not made of digits is answered with someone's bill.",
        scenario_of=_any_hp(r".*[^0-9].*"),
    ),
    fault(
        "request-hp-of-any-length", "IAK-GEN-TEXT",
        "A customer number of more than twenty characters is answered with someone's bill.",
        scenario_of=_any_hp(r".{21,}"),
    ),
    fault(
        "request-code-of-any-text", "IAK-GEN-TEXT",
        "A product code with characters that no product code has is taken for the right one.",
        sells=lambda _service, original, code: (
            original(code) or re.search(r"[^A-Za-z0-9._-]", code) is not None
        ),
    ),
)  # fmt: skip


FAULTS: tuple[Fault, ...] = (*_mandatory(), *VALUES, *TYPES)
