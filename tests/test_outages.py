"""Outages in the middle of a run, of every provider: inconclusive, named, never a deviation."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from kontrak.clauses.verdict import ExitCode
from kontrak.http.trouble import SILENT, Trouble
from kontrak.reporting.results import Results, TestRecord
from kontrak.sandbox import SandboxRequest
from kontrak.sandbox.http import Framing, SandboxResponse
from tests.runs import Ended, suite
from tests.sick import Sickness, SickSandbox, json_error, page, target_of

PROVIDERS = ("iak", "digiswitch", "tokopedia", "rqid", "httpget")
NARROW = {
    "iak": "test_inquiry_json or test_signature or test_request",
    "digiswitch": "test_inquiry or test_signature or test_echo",
    "tokopedia": "test_inquiry or test_signature or test_service",
    "rqid": "test_price or test_access or test_inquiry",
    "httpget": "test_topup or test_requests or test_balance",
}
SICKNESSES: dict[str, Sickness] = {
    "HTTP 503 with an HTML page": page(503),
    "HTTP 500": json_error(500),
    "HTTP 401": json_error(401),
    "HTTP 302 to another page": page(302, ("Location", "http://127.0.0.1:9/login")),
    "an HTML page with HTTP 200": page(200),
}
EVERY = [
    *((one, what) for one in PROVIDERS for what in list(SICKNESSES)[:2]),
    *(("iak", what) for what in list(SICKNESSES)[2:]),
]


def judged(provider: str, sickness: Sickness, folder: Path, first: int = 8) -> Ended:
    with SickSandbox(sickness, first) as sandbox:
        target = target_of(provider, sandbox.url, folder)
        chosen = ("-p", provider, "--target", str(target), "-k", NARROW[provider])
        return suite(*chosen, output=folder / "reports")


@pytest.mark.parametrize(("provider", "what"), EVERY)
def test_an_outage_in_the_middle_of_a_run_is_inconclusive(
    provider: str, what: str, tmp_path: Path
) -> None:
    ended = judged(provider, SICKNESSES[what], tmp_path)
    assert ended.code == 3, ended.printed
    assert "failed" not in ended.verdicts().values()
    assert f"{provider} was out of order: {what}" in ended.printed
    assert re.search(r"(from|at) \d\d:\d\d:\d\d", ended.printed)
    assert "which passed" not in ended.printed
    assert "Traceback" not in ended.printed
    (outage,) = [one for one in ended.result["trouble"] if one["what"] == what]
    assert outage["count"] >= 1


def rc_instead(code: str) -> Sickness:
    def sick(_request: SandboxRequest, honest: SandboxResponse) -> SandboxResponse:
        body = json.loads(honest.body) if honest.body[:1] == b"{" else {}
        if "data" not in body:
            return honest
        answer = {"response_code": code, "rc": code, "message": "MAINTENANCE", "status": "Gagal"}
        text = json.dumps({"data": answer}).encode()
        return SandboxResponse(200, (("Content-Type", "application/json"),), text)

    return sick


@pytest.mark.parametrize(("provider", "code"), [("iak", "110"), ("digiswitch", "58")])
def test_an_rc_of_maintenance_is_inconclusive(provider: str, code: str, tmp_path: Path) -> None:
    ended = judged(provider, rc_instead(code), tmp_path)
    assert ended.code == 3, ended.printed
    assert f"{provider} was out of order: RC {code}" in ended.printed


def test_a_single_hiccup_breaks_what_needed_it_and_nothing_fails(tmp_path: Path) -> None:
    with SickSandbox(page(503), 12, 13) as sandbox:
        target = target_of("iak", sandbox.url, tmp_path)
        ended = suite("--target", str(target), "-k", NARROW["iak"], output=tmp_path / "reports")
    assert ended.code == 3, ended.printed
    assert "HTTP 503 with an HTML page at" in ended.printed
    words = list(ended.verdicts().values())
    assert "failed" not in words
    assert words.count("passed") > 20


def hang(_request: SandboxRequest, honest: SandboxResponse) -> SandboxResponse:
    return replace(honest, framing=Framing(delay_seconds=30))


def test_a_target_that_hangs_is_asked_three_more_times(tmp_path: Path) -> None:
    with SickSandbox(hang, 8) as sandbox:
        target = target_of("iak", sandbox.url, tmp_path, deadline_seconds=0.3)
        ended = suite("--target", str(target), "-k", NARROW["iak"], output=tmp_path / "reports")
        answered = sandbox.answered
    assert ended.code == 3, ended.printed
    assert "nothing more was asked of iak: 3 requests in a row got no reply" in ended.printed
    assert answered == 7 + SILENT


def test_a_retry_after_beyond_the_limit_ends_the_asking(tmp_path: Path) -> None:
    with SickSandbox(page(429, ("Retry-After", "121")), 8) as sandbox:
        target = target_of("iak", sandbox.url, tmp_path)
        ended = suite("--target", str(target), "-k", NARROW["iak"], output=tmp_path / "reports")
        answered = sandbox.answered
    assert ended.code == 3, ended.printed
    assert "HTTP 429" in ended.printed
    assert answered == 8


def test_what_an_outage_explains_is_no_deviation() -> None:
    doubt = ({"what": "HTTP 500", "at": 1010.0},)
    records = [TestRecord("a", "IAK-AMOUNT-PRICE", "failed", doubt=doubt)]
    results = Results(planned={"a": "IAK-AMOUNT-PRICE"}, records=records)
    assert results.exit_code() is ExitCode.DEVIATES
    results.troubles = (Trouble("iak", "HTTP 500", 9000.0, 9000.0, 1),)
    assert results.exit_code() is ExitCode.DEVIATES
    results.troubles = (Trouble("iak", "HTTP 500", 990.0, 1000.0, 2),)
    assert results.exit_code() is ExitCode.INCONCLUSIVE
