"""digiswitch: what a target says takes the place of the defaults, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.config.paths import TARGETS
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError, NotOffered
from kontrak.providers.digiswitch import PRODUCTS, Settings

HEAD = """
name = "a target"
kind = "sandbox"
[digiswitch]
base_url = "http://127.0.0.1:9/"
username = "user"
api_key = "key"
"""


def settings(folder: Path, text: str) -> Settings:
    path = folder / "target.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return Settings.of(load_target(path).provider("digiswitch"))


def test_without_a_table_all_products_are_offered(tmp_path: Path) -> None:
    found = settings(tmp_path, "")

    assert tuple(found.products) == PRODUCTS
    assert found.products["pln"].number("success") == "530000000001"
    assert found.url == "http://127.0.0.1:9/v1/user/api/transaction"
    assert not found.testing


def test_products_that_are_not_listed_are_not_offered(tmp_path: Path) -> None:
    found = settings(tmp_path, "[digiswitch.products]\ntv = true\npln = true\nhp = false\n")

    assert tuple(found.products) == ("pln", "tv")


def test_what_a_product_is_given_takes_the_place_of_its_defaults(tmp_path: Path) -> None:
    table = 'pdam = {code = "pdamsby", success = "77", payment_failed = false}'
    pdam = settings(tmp_path, f"[digiswitch.products]\n{table}\n").products["pdam"]

    assert (pdam.code, pdam.number("success")) == ("pdamsby", "77")
    assert pdam.number("inquiry_failed") == "1013227"
    with pytest.raises(NotOffered):
        pdam.number("payment_failed")


def test_the_endpoint_may_be_anywhere(tmp_path: Path) -> None:
    text = 'transaction_url = "http://127.0.0.1:9/api/trx"\noperations = ["pay-pasca"]\n'
    found = settings(tmp_path, text)

    assert found.url == "http://127.0.0.1:9/api/trx"
    assert found.operations == {"pay-pasca"}


@pytest.mark.parametrize(
    "text",
    [
        'operations = ["inq-pasca"]\n',
        'testing = "yes"\n',
        'payment_ref_id = "new"\n',
        "[digiswitch.products]\npulsa = true\n",
        '[digiswitch.products]\npln = {succes = "1"}\n',
        '[digiswitch.products]\npln = {success = ""}\n',
    ],
)
def test_a_wrong_key_is_a_configuration_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError):
        settings(tmp_path, text)


def test_the_template_is_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGISWITCH_USERNAME", "user")
    monkeypatch.setenv("DIGISWITCH_API_KEY", "secret")
    table = load_target(TARGETS / "digiswitch.toml").provider("digiswitch")

    assert tuple(Settings.of(table).products) == PRODUCTS
    assert set(table.secrets) == {"user", "secret"}
