"""tokopedia: both sides know right signatures from wrong ones, by answers that openssl gave."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kontrak.config.paths import FIXTURES, SCHEMAS
from kontrak.errors import ConfigurationError
from kontrak.providers.tokopedia import signing as asking
from kontrak.sandbox.tokopedia import signing as answering

HOME = FIXTURES / "tokopedia"
DATA: dict[str, Any] = tomllib.loads((HOME / "vectors.toml").read_text("utf-8"))
VECTORS: list[dict[str, Any]] = DATA["vector"]
BODY: bytes = DATA["body"].encode()
PUBLIC = (HOME / "keys" / "partner-public.pem").read_text("utf-8")
PRIVATE = (HOME / "keys" / "partner-private.pem").read_text("utf-8")

each_vector = pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])


def test_the_vectors_keep_their_schema() -> None:
    schema = json.loads((SCHEMAS / "tokopedia" / "vectors.json").read_text("utf-8"))

    Draft202012Validator(schema).validate(DATA)
    assert {one["valid"] for one in VECTORS} == {True, False}


@each_vector
def test_the_asking_side_knows_a_right_signature(vector: dict[str, Any]) -> None:
    key = asking.public_key(PUBLIC)

    assert asking.is_signed(BODY, vector["signature"], key) is vector["valid"]
    assert not asking.is_signed(BODY + b" ", vector["signature"], key)


@each_vector
def test_the_asking_side_reports_the_longest_salt(vector: dict[str, Any]) -> None:
    key = asking.public_key(PUBLIC)
    longest = vector["valid"] and vector.get("salt") == 222

    assert asking.is_signed(BODY, vector["signature"], key, longest_salt=True) is longest


@each_vector
def test_the_answering_side_knows_a_right_signature(vector: dict[str, Any]) -> None:
    key = answering.public_key(PUBLIC)

    assert answering.accepts(key, vector["signature"], BODY) is vector["valid"]
    assert not answering.accepts(key, vector["signature"], BODY + b" ")


@pytest.mark.parametrize("salt", ["longest", "digest"])
def test_a_pss_signature_is_verified_by_the_other_side(salt: asking.Salt) -> None:
    made = asking.sign(BODY, asking.private_key(PRIVATE), asking.pss(salt))

    assert answering.accepts(answering.public_key(PUBLIC), made, BODY)


def test_a_pkcs_signature_is_the_one_that_openssl_makes() -> None:
    wanted = next(one["signature"] for one in VECTORS if one["name"] == "pkcs1v15")
    key = asking.private_key(PRIVATE)

    assert asking.sign(BODY, key, asking.padding_named("pkcs1v15")) == wanted


@pytest.mark.parametrize("signature", [None, "", "not base64", "bm8="])
def test_what_is_no_signature_is_refused(signature: str | None) -> None:
    assert not asking.is_signed(BODY, signature, asking.public_key(PUBLIC))


@pytest.mark.parametrize("pem", ["", "-----BEGIN nothing", PUBLIC])
def test_what_is_no_private_key_is_a_configuration_error(pem: str) -> None:
    with pytest.raises(ConfigurationError, match="private_key"):
        asking.private_key(pem)


@pytest.mark.parametrize("pem", ["", "-----BEGIN nothing", PRIVATE])
def test_what_is_no_public_key_is_a_configuration_error(pem: str) -> None:
    with pytest.raises(ConfigurationError, match="provider_key"):
        asking.public_key(pem)
