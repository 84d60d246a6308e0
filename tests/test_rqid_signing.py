"""Known answers for the signatures of R-ONE."""

import tomllib
from pathlib import Path

import pytest

from kontrak.errors import ConfigurationError
from kontrak.providers.httpget.settings import SIGNATURE_STRING as HTTPGET_STRING
from kontrak.providers.rqid.settings import SIGNATURE_STRING as RQID_STRING
from kontrak.providers.rqid.signing import sign

VECTORS = tomllib.loads(
    (Path(__file__).parent.parent / "fixtures" / "rqid" / "vectors.toml").read_text("utf-8")
)["signature"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["sign"])
def test_a_known_answer_is_reproduced(vector: dict[str, str]) -> None:
    fields = {
        key: value for key, value in vector.items() if key not in ("source", "template", "sign")
    }
    assert sign(vector["template"], **fields) == vector["sign"]


def test_both_interfaces_sign_the_same_string() -> None:
    vector = next(one for one in VECTORS if one["template"].startswith("R-ONE"))
    asked = {name: vector[name] for name in ("mmid", "product_code", "customer_id", "ref_1")}
    secret = {name: vector[name] for name in ("pin", "api_key")}
    assert sign(RQID_STRING, **asked, **secret) == vector["sign"]
    by_text = sign(
        HTTPGET_STRING,
        memberID=vector["mmid"],
        product=vector["product_code"],
        dest=vector["customer_id"],
        refID=vector["ref_1"],
        pin=vector["pin"],
        password=vector["api_key"],
    )
    assert by_text == vector["sign"]


def test_an_unknown_field_of_the_string_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        sign("R-ONE|{nothing}", mmid="x")
    assert "mmid" in caught.value.hint
