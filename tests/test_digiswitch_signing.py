"""digiswitch: the signature, against vectors made by another program."""

from __future__ import annotations

import tomllib

import pytest

from kontrak.config.paths import FIXTURES
from kontrak.providers.digiswitch.signing import sign

VECTORS = tomllib.loads((FIXTURES / "digiswitch" / "vectors.toml").read_text("utf-8"))["vector"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["ref_id"])
def test_the_sign_is_that_of_the_vector(vector: dict[str, str]) -> None:
    made = sign(vector["username"], vector["api_key"], vector["ref_id"])

    assert made == vector["sign"]


def test_one_more_character_anywhere_makes_another_sign() -> None:
    signs = {sign("user", "key", "ref"), sign("userx", "key", "ref"), sign("user", "key", "refx")}

    assert len(signs) == 3
