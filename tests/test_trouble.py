"""Trouble is not a deviation: what an answer's status, page or RC says of the target's state."""

from __future__ import annotations

import pytest

from kontrak.exchange import Exchange, Reply, Request
from kontrak.http.trouble import of_rc, of_status
from kontrak.interface.provider import provider as declared

PAGE = b"\r\n<!DOCTYPE html><html><h1>Service Unavailable</h1></html>"


def answered(
    status: int, body: bytes = b"{}", *, right: bool = True, location: str | None = None
) -> Exchange:
    request = Request("POST", "http://host/api/pay", (), b"", "", right=right)
    headers = (("Location", location),) if location is not None else ()
    return Exchange(request, Reply(status, "", headers, body), 0.0, 0.0)


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("status", [502, 503, 504, 521])
def test_a_gateway_is_trouble_whatever_was_asked(status: int, right: bool) -> None:  # noqa: FBT001 - a parameter
    assert of_status(answered(status, right=right)) == f"HTTP {status}"


@pytest.mark.parametrize("status", [500, 501, 401, 403, 407])
def test_a_refusal_is_trouble_for_a_right_request_only(status: int) -> None:
    assert of_status(answered(status)) == f"HTTP {status}"
    assert of_status(answered(status, right=False)) is None


@pytest.mark.parametrize("status", [200, 400, 404, 405, 409, 422])
def test_other_statuses_are_the_clauses_business(status: int) -> None:
    assert of_status(answered(status)) is None


@pytest.mark.parametrize("right", [True, False])
def test_a_page_in_place_of_an_answer_is_trouble(right: bool) -> None:  # noqa: FBT001 - a parameter
    assert of_status(answered(200, PAGE, right=right)) == "an HTML page with HTTP 200"
    assert of_status(answered(507, PAGE, right=right)) == "HTTP 507 with an HTML page"


def test_the_page_of_a_refused_wrong_request_is_not() -> None:
    for status in (400, 403, 404, 405, 500):
        assert of_status(answered(status, PAGE, right=False)) is None


def test_a_redirect_to_another_page_is_trouble_and_to_the_same_path_is_not() -> None:
    for location in ("/login", "https://sso.example/auth?next=/api/pay"):
        assert of_status(answered(302, location=location, right=False)) == (
            "HTTP 302 to another page"
        )
    assert of_status(answered(301, location="/api/pay/")) is None
    assert of_status(answered(302)) is None


@pytest.mark.parametrize(
    ("provider", "rc"),
    [
        *(("iak", rc) for rc in ("17", "106", "109", "110")),
        *(("digiswitch", rc) for rc in ("44", "58", "66", "83", "85", "86")),
        ("tokopedia", "S00"),
    ],
)
def test_some_codes_mean_trouble(provider: str, rc: str) -> None:
    assert (of_rc(declared(provider).response_codes, rc) or "").startswith(f"RC {rc} (")


def test_a_target_adds_codes() -> None:
    codes = declared("rqid").response_codes
    assert of_rc(codes, "18") is None
    assert of_rc(codes, "18", ["18"]) == "RC 18"
    assert of_rc(declared("iak").response_codes, "14") is None
