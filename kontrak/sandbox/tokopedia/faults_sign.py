"""Faults of signatures: right ones refused, wrong ones accepted, and the provider's own."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import (
    MGF1,
    PSS,
    AsymmetricPadding,
    PKCS1v15,
)
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, SHA512, HashAlgorithm

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.tokopedia.interface import Answer
from kontrak.sandbox.tokopedia.making import fault
from kontrak.sandbox.tokopedia.service import TokopediaService
from kontrak.sandbox.tokopedia.signing import signed

Accepts = Callable[[str | None, bytes], bool]

OTHER_HASHES = (SHA1(), SHA384(), SHA512())  # noqa: S303 - the faults themselves
# To verify with PSS.MAX_LENGTH takes any salt; the number takes that one alone.
LONGEST_OF_2048 = 2048 // 8 - 32 - 2
LONGEST, SHORT = PSS.MAX_LENGTH, PSS.DIGEST_LENGTH


def _verified(
    service: TokopediaService,
    signature: str | None,
    body: bytes,
    padding: AsymmetricPadding,
    algorithm: HashAlgorithm,
) -> bool:
    try:
        raw = base64.b64decode(signature or "", validate=True)
        service.partner_key.verify(raw, body, padding, algorithm)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _only(*paddings: AsymmetricPadding) -> Wrapper:
    """Wraps ``accepts_signature``: signatures with these paddings alone."""

    def accepts_signature(
        service: TokopediaService, _original: Accepts, signature: str | None, body: bytes
    ) -> bool:
        return any(_verified(service, signature, body, one, SHA256()) for one in paddings)

    return accepts_signature


def _also(right: Callable[[TokopediaService, str | None, bytes], bool]) -> Wrapper:
    """Wraps ``accepts_signature``: signatures like these as well."""

    def accepts_signature(
        service: TokopediaService, original: Accepts, signature: str | None, body: bytes
    ) -> bool:
        return original(signature, body) or right(service, signature, body)

    return accepts_signature


def _rewritten(_service: object, original: Accepts, signature: str | None, body: bytes) -> bool:
    try:
        document = json.loads(body)
    except ValueError:
        return original(signature, body)
    return original(signature, json.dumps(document).encode())


def _decodes(signature: str | None) -> bool:
    try:
        return len(base64.b64decode(signature or "", validate=True)) == 256
    except (binascii.Error, ValueError):
        return False


def _other_hash(service: TokopediaService, signature: str | None, body: bytes) -> bool:
    return any(
        _verified(service, signature, body, padding, algorithm)
        for algorithm in OTHER_HASHES
        for padding in (PSS(MGF1(algorithm), PSS.AUTO), PKCS1v15())
    )


def _remembered() -> Wrapper:
    """Wraps ``accepts_signature``: one that was right for an earlier body is right again."""
    known: set[tuple[int, str]] = set()

    def accepts_signature(
        service: TokopediaService, original: Accepts, signature: str | None, body: bytes
    ) -> bool:
        if signature and original(signature, body):
            known.add((id(service), signature))
        return (id(service), signature) in known

    return accepts_signature


Sign = Callable[[Answer, bytes], str | None]


def _signing(signature: Callable[[TokopediaService, Answer, bytes], str | None]) -> Wrapper:
    """Wraps ``sign``."""

    def sign(service: TokopediaService, _original: Sign, answer: Answer, body: bytes) -> str | None:
        return signature(service, answer, body)

    return sign


def _of_a_rewritten_body(service: TokopediaService, _answer: Answer, body: bytes) -> str:
    return signed(service.own_key, json.dumps(json.loads(body), indent=1).encode())


PADDINGS = (
    fault(
        "sign-longest-salt-refused", "SIGN-PSS",
        "PSS signatures with the longest salt are refused.",
        also=(
            "CHECKOUT-ACCEPTED", "CHECKOUT-EMPTY-OPTIONS", "ERROR-UNKNOWN-PRODUCT", "SIGN-RAW",
        ),
        because="these checkouts have such a signature",
        accepts_signature=_only(PSS(MGF1(SHA256()), SHORT), PKCS1v15()),
    ),
    fault(
        "sign-short-salt-refused", "SIGN-PSS-SHORT",
        "PSS signatures with a salt of 32 bytes are refused.",
        accepts_signature=_only(PSS(MGF1(SHA256()), LONGEST_OF_2048), PKCS1v15()),
    ),
    fault(
        "sign-pkcs-refused", "SIGN-PKCS", "PKCS#1 v1.5 signatures are refused.",
        accepts_signature=_only(PSS(MGF1(SHA256()), PSS.AUTO)),
    ),
    fault(
        "sign-over-rewritten-body", "SIGN-RAW",
        "The signature is compared with the document as this provider would write it.",
        accepts_signature=_rewritten,
    ),
)  # fmt: skip

WRONG = (
    fault(
        "sign-missing-accepted", "SIGN-MISSING", "A checkout without a signature is accepted.",
        accepts_signature=_also(lambda _service, signature, _body: signature is None),
    ),
    fault(
        "sign-empty-accepted", "SIGN-MISSING", "A checkout with an empty signature is accepted.",
        accepts_signature=_also(lambda _service, signature, _body: signature == ""),
    ),
    fault(
        "sign-garbage-accepted", "SIGN-WRONG", "A signature that is no base64 is accepted.",
        accepts_signature=_also(
            lambda _service, signature, _body: bool(signature) and not _decodes(signature)
        ),
    ),
    fault(
        "sign-unchecked", "SIGN-WRONG", "Any signature of the right length is accepted.",
        also=("SIGN-FOREIGN-KEY", "SIGN-OTHER-BODY", "SIGN-OTHER-HASH"),
        because="such a signature has the right length",
        accepts_signature=_also(lambda _service, signature, _body: _decodes(signature)),
    ),
    fault(
        "sign-without-key", "SIGN-FOREIGN-KEY",
        "Any signature is accepted that neither the partner nor SHA-256's neighbours explain.",
        also=("SIGN-WRONG", "SIGN-OTHER-BODY"), because="neither is a signature of the partner",
        accepts_signature=_also(
            lambda service, signature, body: _decodes(signature)
            and not _other_hash(service, signature, body)
        ),
    ),
    fault(
        "sign-other-hash-accepted", "SIGN-OTHER-HASH",
        "A signature over another hash than SHA-256 is accepted.",
        accepts_signature=_also(_other_hash),
    ),
    fault(
        "sign-replayed", "SIGN-OTHER-BODY",
        "A signature that was right once is right for every body.",
        accepts_signature=_remembered(),
    ),
)  # fmt: skip

OWN = (
    fault(
        "sign-answer-missing", "SIGN-ANSWER", "Order details are not signed.",
        sign=_signing(lambda _service, _answer, _body: None),
    ),
    fault(
        "sign-answer-empty", "SIGN-ANSWER", "The signature of order details is empty.",
        sign=_signing(lambda _service, _answer, _body: ""),
    ),
    fault(
        "sign-answer-of-another-body", "SIGN-ANSWER",
        "Order details are signed before they are written in their last form.",
        sign=_signing(_of_a_rewritten_body),
    ),
    fault(
        "sign-answer-sha-1", "SIGN-ANSWER", "Order details are signed with SHA-1.",
        sign=_signing(
            lambda service, _answer, body: base64.b64encode(
                service.own_key.sign(body, PSS(MGF1(OTHER_HASHES[0]), LONGEST), OTHER_HASHES[0])
            ).decode()
        ),
    ),
    fault(
        "sign-answer-short-salt", "SIGN-ANSWER-SALT",
        "Order details are signed with a salt of 32 bytes.",
        sign=_signing(lambda service, _answer, body: signed(service.own_key, body, 32)),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*PADDINGS, *WRONG, *OWN)
