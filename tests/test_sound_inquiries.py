"""Inquiries sent field by field: a 5xx in answer to a right one is trouble, to a wrong one not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kontrak.asking.run import Run
from kontrak.config.target import load_target
from kontrak.errors import OutOfOrder
from kontrak.interface.session import Wire
from kontrak.providers.digiswitch import Digiswitch
from kontrak.providers.iak import Iak
from tests.sick import SickSandbox, json_error, target_of

SAMSAT = "9658548523568701, 0212502110170100"


@pytest.fixture
def sick(tmp_path: Path) -> Iterator[Callable[[str], Wire]]:
    """The wire to a provider that answers everything with HTTP 500 since its probe passed."""
    runs = []
    with SickSandbox(json_error(500), 1) as sandbox:

        def wire(provider: str) -> Wire:
            run = Run("run", load_target(target_of(provider, sandbox.url, tmp_path)), tmp_path)
            runs.append(run)
            found = run.wire(provider)
            found.trouble.admitted = True
            return found

        yield wire
        for run in runs:
            run.close()


@pytest.fixture
def digiswitch(sick: Callable[[str], Wire]) -> Digiswitch:
    return Digiswitch(sick("digiswitch"))


@pytest.fixture
def iak(sick: Callable[[str], Wire]) -> Iak:
    return Iak(sick("iak"))


def with_ref_id(client: Any, ref_id: str) -> dict[str, object]:
    return {"ref_id": ref_id, "sign": client.sign(ref_id)}


@pytest.mark.parametrize(
    ("key", "number", "more"),
    [
        ("pln", "530000000001", {}),
        ("pln", "530000000001", {"testing": True}),
        ("samsat", SAMSAT, {}),
    ],
    ids=["as-the-document-has-it", "testing", "a-blank-after-the-comma"],
)
def test_a_500_to_a_right_inquiry_of_digiswitch_is_trouble(
    digiswitch: Digiswitch, key: str, number: str, more: dict[str, object]
) -> None:
    product = digiswitch.product(key)
    fields = {**digiswitch.fields("inq-pasca", product, number), **more}
    with pytest.raises(OutOfOrder, match="HTTP 500"):
        digiswitch.ask(fields, product)
    with pytest.raises(OutOfOrder, match="HTTP 500"):
        digiswitch.ask_body(
            json.dumps(dict(reversed(fields.items()))).encode(),
            product,
            asked=fields,
            content_type="application/json; charset=utf-8",
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda client: with_ref_id(client, ""),
        lambda _: {"customer_no": 530000000001},
        lambda _: {"customer_no": "530000000099"},
        lambda _: {"code": "kontraknosuchcode"},
        lambda _: {"testing": "ya"},
        lambda _: {"sign": "0" * 32},
        lambda _: {"command": "no-such-command"},
    ],
    ids=["no-ref-id", "a-number", "unknown-number", "code", "testing", "sign", "command"],
)
def test_a_500_to_a_wrong_request_of_digiswitch_is_judged(
    digiswitch: Digiswitch, change: Callable[[Digiswitch], dict[str, object]]
) -> None:
    product = digiswitch.product("pln")
    right = digiswitch.fields("inq-pasca", product, "530000000001")
    assert digiswitch.ask({**right, **change(digiswitch)}, product).status == 500


def test_a_500_to_a_body_without_fields_is_judged(digiswitch: Digiswitch) -> None:
    assert digiswitch.ask_body(b'{"command":', digiswitch.product("pln")).status == 500


def test_a_500_to_a_right_inquiry_of_iak_is_trouble(iak: Iak) -> None:
    with pytest.raises(OutOfOrder, match="HTTP 500"):
        iak.ask(iak.inquiry_fields(iak.case("one_bill").number))


@pytest.mark.parametrize("mark", ["-", " ", "é"])
def test_a_500_to_a_ref_id_out_of_form_is_judged(iak: Iak, mark: str) -> None:
    fields = iak.inquiry_fields(iak.case("one_bill").number, f"A1B2{mark}C3D4")
    assert iak.ask(fields).status == 500
