"""RSA signatures with SHA-256 over the raw bytes of a body, in base64.

"PSS or PKCS mode" (tokopedia-web-service-security); the client libraries sign with PSS, most of
them with the longest salt. Vectors: ``fixtures/tokopedia/vectors.toml``.
"""

from __future__ import annotations

import base64
import binascii
from functools import cache
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import (
    MGF1,
    PSS,
    AsymmetricPadding,
    PKCS1v15,
    calculate_max_pss_salt_length,
)
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from kontrak.errors import ConfigurationError

Salt = Literal["longest", "digest", "any"]


def pss(salt: Salt = "longest") -> AsymmetricPadding:
    """PSS with the longest salt, with one as long as the digest, or (to verify) with any."""
    mask = MGF1(SHA256())
    if salt == "any":
        return PSS(mask, PSS.AUTO)
    return PSS(mask, PSS.MAX_LENGTH if salt == "longest" else PSS.DIGEST_LENGTH)


def padding_named(name: str) -> AsymmetricPadding:
    """The padding that a target calls ``pss`` or ``pkcs1v15``."""
    return PKCS1v15() if name == "pkcs1v15" else pss()


@cache  # checking that a key is one takes longer than a hundred requests
def private_key(pem: str) -> rsa.RSAPrivateKey:
    """An RSA private key; ``ConfigurationError`` for anything else."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            "tokopedia.private_key is no private key in PEM",
            hint="an RSA key without passphrase, from -----BEGIN to -----END",
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigurationError("tokopedia.private_key is no RSA key", hint="make an RSA key")
    return key


def public_key(pem: str) -> rsa.RSAPublicKey:
    """An RSA public key; ``ConfigurationError`` for anything else."""
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError as error:
        raise ConfigurationError(
            "tokopedia.provider_key is no public key in PEM",
            hint="the provider's RSA key, from -----BEGIN PUBLIC KEY----- on",
        ) from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise ConfigurationError("tokopedia.provider_key is no RSA key", hint="ask the provider")
    return key


def sign(
    body: bytes,
    key: rsa.RSAPrivateKey,
    padding: AsymmetricPadding | None = None,
    digest: HashAlgorithm | None = None,
) -> str:
    """The signature of a body; PSS with the longest salt and SHA-256 if nothing else is given."""
    made = key.sign(body, padding or pss(), digest or SHA256())
    return base64.b64encode(made).decode("ascii")


def is_signed(
    body: bytes, signature: str | None, key: rsa.RSAPublicKey, *, longest_salt: bool = False
) -> bool:
    """Whether a text is the key owner's signature of these bytes, in either padding.

    ``longest_salt`` admits PSS with that salt only.
    """
    try:
        raw = base64.b64decode(signature or "", validate=True)
    except (binascii.Error, ValueError):
        return False
    # To verify, PSS.MAX_LENGTH would admit any length.
    longest = PSS(MGF1(SHA256()), calculate_max_pss_salt_length(key, SHA256()))
    paddings = (longest,) if longest_salt else (pss("any"), PKCS1v15())
    return any(_verifies(body, raw, key, padding) for padding in paddings)


def _verifies(body: bytes, raw: bytes, key: rsa.RSAPublicKey, padding: AsymmetricPadding) -> bool:
    try:
        key.verify(raw, body, padding, SHA256())
    except InvalidSignature:
        return False
    return True
