"""The summary of a run: a few lines, fit for a chat message."""

from __future__ import annotations

from kontrak.clauses.catalogue import clauses
from kontrak.drift.changes import Change, Kind
from kontrak.drift.chat_summary import LONGEST, digest
from kontrak.masking.masker import Masker
from kontrak.reporting.results import Results, TestRecord
from tests.drifting import ABOUT, PRICE, results

GONE = Change("iak", Kind.GONE, "data.price", "inq-pasca json", fails=True)


def test_it_says_verdict_counts_and_what_failed() -> None:
    text = digest(results("failed"), [GONE], Masker())
    assert text.splitlines() == [
        "kontrak: staging DEVIATES from its document (exit 1)",
        "2026-11-25 01:17 UTC, profile full, seed 1",
        "iak: 1 failed",
        f"failed: {PRICE}",
        "since the baseline: 1 gone",
    ]


def test_an_inconclusive_run_accuses_no_one() -> None:
    text = digest(results("broken"), None, Masker())
    assert "INCONCLUSIVE: look at the network" in text
    assert "DEVIATES" not in text
    assert "baseline" not in text


def test_it_stays_short_whatever_happened() -> None:
    ids = [one for key in ("iak", "rqid", "tokopedia") for one in clauses(key)]
    records = [
        TestRecord(one, one, "failed" if number % 2 else "broken") for number, one in enumerate(ids)
    ]
    about = {**ABOUT, "target": {**ABOUT["target"], "name": "n" * 2_000}}
    made = Results(about=about, planned={one: one for one in ids}, records=records).to_json()
    text = digest(made, [GONE] * 500, Masker(), more="m" * 3_000)
    assert len(text) == LONGEST
    assert text.endswith(" ...\n")


def test_a_secret_is_masked() -> None:
    made = results(target={**ABOUT["target"], "name": "canarysecret"})
    assert "canarysecret" not in digest(made, None, Masker(["canarysecret"]))


def test_our_own_numbers_are_not_masked() -> None:
    made = results(seed=2_778_848_065)
    assert "seed 2778848065" in digest(made, None, Masker(["7788"]))
