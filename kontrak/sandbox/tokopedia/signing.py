"""RSA signatures with SHA-256 over the raw bytes of a body, as base64 text.

Checkouts are accepted with PSS of any salt length and with PKCS#1 v1.5. What the service signs has
the longest salt, the one form that every public client of the provider accepts.
"""

from __future__ import annotations

import base64
import binascii
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from kontrak.errors import ConfigurationError


def public_key(pem: str) -> RSAPublicKey:
    """The RSA public key of a PEM text. Raises ``ConfigurationError`` for anything else."""
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError as error:
        raise ConfigurationError(
            "tokopedia: partner_public_key is no public key in PEM",
            hint="paste the whole text, from -----BEGIN PUBLIC KEY----- on",
        ) from error
    if not isinstance(key, RSAPublicKey):
        raise ConfigurationError(
            "tokopedia: partner_public_key is no RSA key", hint="make one of 2048 bits or more"
        )
    return key


@cache
def private_key(pem: bytes) -> RSAPrivateKey:
    """The RSA private key of a PEM file. Raises ``TypeError`` for another kind."""
    # The check of its primes takes a second and would be of our own test key.
    key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("no RSA key")
    return key


def accepts(key: RSAPublicKey, signature: str | None, body: bytes) -> bool:
    """Whether the text is a signature of these bytes by the owner of the key."""
    try:
        raw = base64.b64decode((signature or "").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return False
    for padding in (PSS(MGF1(SHA256()), PSS.AUTO), PKCS1v15()):
        try:
            key.verify(raw, body, padding, SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def signed(key: RSAPrivateKey, body: bytes, salt_length: int | None = None) -> str:
    """A PSS signature of these bytes; the salt has ``salt_length`` bytes, by default the most."""
    salt = PSS.MAX_LENGTH if salt_length is None else salt_length
    raw = key.sign(body, PSS(MGF1(SHA256()), salt), SHA256())
    return base64.b64encode(raw).decode("ascii")
